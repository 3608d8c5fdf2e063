//! Which lines are shown, and in which order.

use std::cmp::Ordering;

use crate::telemetry::record::RunKind;

use super::book::Standing;
use super::line::RunLine;

/// A column of the table of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SortKey {
    #[default]
    Started,
    Name,
    Photo,
    Megapixels,
    /// By the recipe's text: runs of one recipe stand together.
    Recipe,
    Backend,
    Transport,
    Workers,
    Tile,
    Wall,
    Cpu,
    Speedup,
    Efficiency,
    CeilingShare,
    BytesMoved,
    Spawn,
    PeakMemory,
    Faults,
}

impl SortKey {
    pub const ALL: [Self; 18] = [
        Self::Started,
        Self::Name,
        Self::Photo,
        Self::Megapixels,
        Self::Recipe,
        Self::Backend,
        Self::Transport,
        Self::Workers,
        Self::Tile,
        Self::Wall,
        Self::Cpu,
        Self::Speedup,
        Self::Efficiency,
        Self::CeilingShare,
        Self::BytesMoved,
        Self::Spawn,
        Self::PeakMemory,
        Self::Faults,
    ];

    fn words(self, line: &RunLine) -> Option<&str> {
        let record = &line.record;
        match self {
            Self::Started => Some(&record.started_at),
            Self::Name => Some(&line.name)
                .filter(|name| !name.is_empty())
                .map(|name| &**name),
            Self::Photo => Some(record.photo.file_name.as_str()),
            Self::Recipe => Some(&record.recipe),
            Self::Backend => Some(&record.backend),
            Self::Transport => record.transport.as_deref(),
            _ => None,
        }
    }

    fn figure(self, line: &RunLine, standing: &Standing) -> Option<f64> {
        let record = &line.record;
        match self {
            Self::Megapixels => Some(record.megapixels()),
            Self::Workers => Some(f64::from(record.n_workers)),
            Self::Tile => Some(record.tile_size.area() as f64),
            Self::Wall => Some(record.wall_ns as f64),
            Self::Cpu => record.cpu_ns.map(|ns| ns as f64),
            Self::Speedup => standing.speedup,
            Self::Efficiency => standing.efficiency,
            Self::CeilingShare => standing.ceiling_share,
            Self::BytesMoved => Some(record.bytes_moved as f64),
            Self::Spawn => Some(record.spawn_ns as f64),
            Self::PeakMemory => record.peak_rss_bytes.map(|bytes| bytes as f64),
            Self::Faults => Some(record.faults.len() as f64),
            _ => None,
        }
    }
}

/// How lines are ordered. What is not known stands last, whichever way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LineOrder {
    pub key: SortKey,
    pub is_descending: bool,
}

impl LineOrder {
    /// Newest first.
    pub const NEWEST_FIRST: Self = Self {
        key: SortKey::Started,
        is_descending: true,
    };

    pub(super) fn sort<'a>(
        self,
        idxs: &mut [usize],
        line_of: impl Fn(usize) -> (&'a RunLine, Standing),
    ) {
        idxs.sort_by_cached_key(|idx| {
            let (line, standing) = line_of(*idx);
            let words = self.key.words(line).map(str::to_lowercase);
            let figure = self.key.figure(line, &standing);
            Rank {
                order: self,
                words,
                figure,
            }
        });
    }
}

/// A line's place by one column.
struct Rank {
    order: LineOrder,
    words: Option<String>,
    figure: Option<f64>,
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let turn = |order: Ordering| {
            if self.order.is_descending {
                order.reverse()
            } else {
                order
            }
        };
        let words = match (&self.words, &other.words) {
            (Some(one), Some(two)) => turn(one.cmp(two)),
            (one, two) => two.is_some().cmp(&one.is_some()),
        };
        words.then_with(|| match (self.figure, other.figure) {
            (Some(one), Some(two)) => turn(one.total_cmp(&two)),
            (one, two) => two.is_some().cmp(&one.is_some()),
        })
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

/// Which lines are shown; the default shows all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineFilter {
    /// Words that must all occur in the line's name, photo, backend, transport, recipe or day.
    pub text: String,
    /// Only runs of this backend, by its name in logs.
    pub backend: Option<String>,
    /// Only runs of this job.
    pub job_key: Option<String>,
    pub kind: Option<RunKind>,
}

impl LineFilter {
    #[must_use]
    pub fn passes(&self, line: &RunLine) -> bool {
        let record = &line.record;
        let is_backend = self.backend.as_ref().is_none_or(|id| *id == record.backend);
        let is_job = self
            .job_key
            .as_ref()
            .is_none_or(|key| *key == record.job_key);
        let is_kind = self.kind.is_none_or(|kind| kind == record.kind);
        is_backend && is_job && is_kind && self.says(line)
    }

    fn says(&self, line: &RunLine) -> bool {
        if self.text.trim().is_empty() {
            return true;
        }
        let record = &line.record;
        let said = [
            line.name.as_str(),
            record.photo.file_name.as_str(),
            &record.backend,
            record.transport.as_deref().unwrap_or_default(),
            &record.recipe,
            line.day(),
        ];
        let said = said.join("\n").to_lowercase();
        let words = self.text.to_lowercase();
        words.split_whitespace().all(|word| said.contains(word))
    }
}
