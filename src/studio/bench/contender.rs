//! Who does a job, and which jobs they can do.

use crate::studio::engines::{BackendChoice, BackendKind};

use super::job::Work;

/// A way of doing a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contender {
    /// All workers of a backend at one picture.
    Backend(BackendChoice),
    /// As many pictures as workers, side by side, each on one core by itself: nothing shared,
    /// nothing to wait for, so the most that so many workers can do on this machine.
    Ceiling { n_workers: usize },
}

impl Contender {
    /// One core, which all others are measured against.
    pub const YARDSTICK: Self = Self::Backend(BackendChoice::new(BackendKind::Single, 1));

    /// The name flags and reports use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Backend(choice) => choice.kind.id(),
            Self::Ceiling { .. } => "ceiling",
        }
    }

    /// At least 1.
    #[must_use]
    pub const fn n_workers(self) -> usize {
        match self {
            Self::Backend(choice) => choice.n_workers,
            Self::Ceiling { n_workers } => n_workers,
        }
    }

    /// `threads, 4 workers`, `4 cores side by side`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Backend(choice) => choice.words(),
            Self::Ceiling { n_workers: 1 } => "one core by itself".to_owned(),
            Self::Ceiling { n_workers } => format!("{n_workers} cores side by side"),
        }
    }

    /// Whether there is anything for all of its workers to do.
    #[must_use]
    pub fn can_do(self, work: &Work) -> bool {
        match self {
            Self::Backend(choice) => self == Self::YARDSTICK || work.is_shared_by(choice.kind),
            Self::Ceiling { .. } => true,
        }
    }
}
