//! Who competes, as flags say it.

use clap::ValueEnum;

use crate::studio::bench::Contender;
use crate::studio::engines::{BackendChoice, BackendKind, Transport};

/// A kind of contender; with a number of workers it is a [`Contender`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ContenderArg {
    /// One worker thread: the yardstick
    Single,
    /// A pool of threads that share memory
    Threads,
    /// A pool of worker processes that talk over pipes
    Processes,
    /// Threads of which only the holder of one lock computes
    GlobalLock,
    /// As many single runs as workers, side by side: the most that so many workers can do
    Ceiling,
}

impl ContenderArg {
    fn with(self, n_workers: usize) -> Contender {
        let kind = match self {
            Self::Single => BackendKind::Single,
            Self::Threads => BackendKind::Threads,
            Self::Processes => BackendKind::Processes,
            Self::GlobalLock => BackendKind::GlobalLock,
            Self::Ceiling => return Contender::Ceiling { n_workers },
        };
        Contender::Backend(BackendChoice::new(kind, n_workers))
    }
}

/// Processes once for each transport; how pixels travel means nothing to the others.
fn by_transport(contender: Contender, transports: &[Transport]) -> Vec<Contender> {
    match contender {
        Contender::Backend(choice) if choice.kind == BackendKind::Processes => transports
            .iter()
            .map(|transport| Contender::Backend(choice.with_transport(*transport)))
            .collect(),
        other => vec![other],
    }
}

/// Everyone with every number of workers, each once; `single` has but one.
pub(super) fn contenders(
    kinds: &[ContenderArg],
    worker_counts: &[usize],
    transports: &[Transport],
) -> Vec<Contender> {
    let mut contenders = Vec::new();
    for kind in kinds {
        for n_workers in worker_counts {
            for contender in by_transport(kind.with(*n_workers), transports) {
                if !contenders.contains(&contender) {
                    contenders.push(contender);
                }
            }
        }
    }
    contenders
}
