//! One run in one row: what was asked, how it was run, what it cost. Figures that follow from
//! others are functions, so that no two of them can disagree.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::event::{DeathCause, RunOutcome};
use super::ids::{EditId, PassIdx, RunId, TileIdx, WorkerIdx};
use super::timeline::PhaseTimes;
use crate::pixels::geometry::{Rect, Size};

/// Name of the backend every speed-up is measured against.
pub const YARDSTICK: &str = "single";

/// What a run was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// The visible region at screen resolution.
    Preview,
    /// The whole photo into memory.
    #[default]
    Full,
    Bench,
    Export,
}

impl RunKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Full => "full",
            Self::Bench => "bench",
            Self::Export => "export",
        }
    }
}

/// The last part of a path: the only part of a photo's path that a log may hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct FileName(String);

impl FileName {
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default();
        Self(name.to_string_lossy().into_owned())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for FileName {
    fn from(name: String) -> Self {
        Self::of(Path::new(&name))
    }
}

impl From<FileName> for String {
    fn from(name: FileName) -> Self {
        name.0
    }
}

/// What a log says of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PhotoFacts {
    pub file_name: FileName,
    /// Upright.
    pub size: Size,
    /// Bits a sample, as the file had them.
    pub depth_bits: u8,
    /// Name of the colour profile, such as `Display P3`.
    pub profile: String,
    /// Of the file, lower-case hexadecimal SHA-256; empty where not known.
    #[serde(default)]
    pub sha256: String,
    /// What held the process that decoded it: `full`, `partial: without …` or `none: …`; `None`
    /// where it was decoded by the process that opened it.
    #[serde(default)]
    pub sandbox: Option<String>,
}

/// What a step of a pass is, for people: a filter's id, and the edit it came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StepLabel {
    /// `None` for steps of our own, such as conversions.
    pub edit: Option<EditId>,
    pub label: String,
}

/// One pass of the plan, as it was run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PassRecord {
    pub pass: PassIdx,
    pub n_tiles: u32,
    pub wall_ns: u64,
    /// What [`super::event::StepTime::step_idx`] points into.
    pub steps: Vec<StepLabel>,
}

/// A worker was lost and the run went on, or ended over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub at_ns: u64,
    pub worker: WorkerIdx,
    pub pid: Option<u32>,
    pub cause: DeathCause,
    /// The tile it worked on.
    pub tile: Option<(PassIdx, TileIdx)>,
}

/// One run. Times in nanoseconds; `None` where something could not be measured.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RunRecord {
    pub id: RunId,
    /// RFC 3339, UTC, milliseconds.
    pub started_at: String,
    /// The same moment on the clock of the events.
    pub started_ns: u64,
    pub kind: RunKind,
    pub outcome: RunOutcome,
    /// Why it did not come to its end, in words; `None` where it did, or somebody stopped it.
    pub cause: Option<String>,
    /// Such as `threads`.
    pub backend: String,
    /// `pipes` or `shared-memory`; `None` where memory is shared anyway.
    pub transport: Option<String>,
    pub n_workers: u16,
    /// Process ids of the workers when the run began, by worker; empty for threads.
    pub worker_pids: Vec<u32>,
    pub tile_size: Size,
    pub photo: PhotoFacts,
    /// The recipe as its file would read.
    pub recipe: String,
    /// What was computed, in pixels of the scaled whole frame.
    pub region_in_frame: Rect,
    /// Of the frame against the photo at full size; 1 for full runs.
    pub scale: f64,
    /// Such as `memory`, `png 16-bit sRGB`.
    pub output: String,
    /// Lower-case hexadecimal hash of photo, recipe, region, scale and output.
    pub job_key: String,
    /// From the request to the last byte of output in memory, a pool's start included.
    pub wall_ns: u64,
    /// CPU time of all workers.
    pub cpu_ns: Option<u64>,
    /// The part of `wall_ns` that went into starting workers; 0 with a warm pool.
    pub spawn_ns: u64,
    /// Bytes that travelled between processes, both ways.
    pub bytes_moved: u64,
    /// Most memory held in this run, pages shared with others included; worker processes add what
    /// each held at most since it began.
    pub peak_rss_bytes: Option<u64>,
    pub n_tiles: u32,
    pub faults: Vec<Fault>,
    /// Such as `avx2`.
    pub simd_level: String,
    /// Lower-case hexadecimal SHA-256 of the samples computed; `None` where not asked for.
    pub output_sha256: Option<String>,
    pub passes: Vec<PassRecord>,
    /// Events that found the recorder full.
    pub n_lost_events: u64,
    /// How long a worker waits for the one lock before its holder is asked to let go; `None` where
    /// there is no lock.
    pub switch_interval_ns: Option<u64>,
    /// How long each tile first waited for storage, a simulation; 0 for not at all. Part of the job
    /// key.
    pub storage_wait_ns: u64,
    /// Time of all workers together by phase; its total is workers × wall time. `None` where the
    /// tiles were not summed up.
    pub phases: Option<PhaseTimes>,
    /// Wall time a picture of as many single-core runs side by side at this job, as this machine
    /// last did them; `None` where nobody measured that.
    pub ceiling_wall_ns: Option<u64>,
}

impl RunRecord {
    /// Computed pixels, in millions.
    #[must_use]
    pub fn megapixels(&self) -> f64 {
        self.region_in_frame.size().megapixels()
    }

    /// Computed megapixels a second of wall time; `None` for a run that was not done.
    #[must_use]
    pub fn megapixels_per_s(&self) -> Option<f64> {
        self.is_done()
            .then(|| self.megapixels() / seconds(self.wall_ns))
    }

    /// Wall time of the single-core run over this one's; `None` unless both did the same job to
    /// its end and the other is a single-core run.
    #[must_use]
    pub fn speedup(&self, single: &Self) -> Option<f64> {
        let comparable = self.same_job(single) && self.is_done() && single.is_done();
        (comparable && single.backend == YARDSTICK)
            .then(|| single.wall_ns as f64 / self.wall_ns as f64)
    }

    /// Speed-up a worker: 1 where no worker was wasted.
    #[must_use]
    pub fn efficiency(&self, single: &Self) -> Option<f64> {
        let n_workers = f64::from(self.n_workers.max(1));
        self.speedup(single).map(|speedup| speedup / n_workers)
    }

    /// How much of what so many cores can do at best it did: 1 is all there is to have.
    #[must_use]
    pub fn ceiling_share(&self) -> Option<f64> {
        let ceiling_ns = self.ceiling_wall_ns.filter(|_| self.is_done())?;
        Some(ceiling_ns as f64 / self.wall_ns as f64)
    }

    /// Whether both computed the same samples; `None` where that cannot be said.
    #[must_use]
    pub fn identical_output(&self, other: &Self) -> Option<bool> {
        let (ours, theirs) = (self.output_sha256.as_ref()?, other.output_sha256.as_ref()?);
        self.same_job(other).then(|| ours == theirs)
    }

    /// Whether both were asked for the same pixels.
    #[must_use]
    pub fn same_job(&self, other: &Self) -> bool {
        !self.job_key.is_empty() && self.job_key == other.job_key
    }

    /// End of the run on the clock of the events.
    #[must_use]
    pub fn ended_ns(&self) -> u64 {
        self.started_ns.saturating_add(self.wall_ns)
    }

    fn is_done(&self) -> bool {
        self.outcome == RunOutcome::Done && self.wall_ns > 0
    }
}

fn seconds(ns: u64) -> f64 {
    ns as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::super::samples::run;
    use super::*;

    #[test]
    fn speedup_and_efficiency_follow_from_the_two_wall_times() {
        let single = run("single", 1, 8_000_000);
        let threads = run("threads", 4, 2_500_000);
        assert_eq!(threads.speedup(&single), Some(3.2));
        assert_eq!(threads.efficiency(&single), Some(0.8));
        assert_eq!(single.speedup(&single), Some(1.0));
    }

    #[test]
    fn no_speedup_between_different_jobs_or_against_another_backend() {
        let single = run("single", 1, 8_000_000);
        let mut other_job = run("threads", 4, 2_000_000);
        other_job.job_key = "00".into();
        let mut stopped = run("threads", 4, 2_000_000);
        stopped.outcome = RunOutcome::Stopped;
        let mut no_key = single.clone();
        no_key.job_key.clear();
        assert_eq!(other_job.speedup(&single), None);
        assert_eq!(stopped.speedup(&single), None);
        assert_eq!(stopped.megapixels_per_s(), None);
        assert_eq!(single.speedup(&run("threads", 4, 2_000_000)), None);
        assert_eq!(no_key.speedup(&no_key), None);
    }

    #[test]
    fn megapixels_per_second_count_the_computed_region() {
        let mut record = run("threads", 4, 500_000_000);
        record.region_in_frame = Rect::new(10, 10, 2000, 1000);
        assert_eq!(record.megapixels_per_s(), Some(4.0));
    }

    #[test]
    fn output_is_identical_only_where_both_hashes_of_one_job_are_known() {
        let (mut a, mut b) = (run("single", 1, 9), run("threads", 2, 9));
        (a.output_sha256, b.output_sha256) = (Some("ab".into()), None);
        assert_eq!(a.identical_output(&b), None);
        b.output_sha256 = Some("ab".into());
        assert_eq!(a.identical_output(&b), Some(true));
        b.output_sha256 = Some("cd".into());
        assert_eq!(a.identical_output(&b), Some(false));
        b.job_key = "other".into();
        assert_eq!(a.identical_output(&b), None);
    }

    #[test]
    fn a_file_name_never_holds_a_folder() {
        assert_eq!(
            FileName::of(Path::new("/home/a/b/Rom.jpg")).as_str(),
            "Rom.jpg"
        );
        assert_eq!(FileName::from("a/b.png".to_owned()).as_str(), "b.png");
        assert_eq!(FileName::of(Path::new("/")).as_str(), "");
        let read: FileName = serde_json::from_str("\"/etc/passwd\"").unwrap();
        assert_eq!(read.as_str(), "passwd");
    }
}
