//! What frames say: the headers of both directions, and how strings of a worker are made harmless.
//!
//! Headers are postcard; pixels travel behind them as they are. The two ends are one build on one
//! machine, which the handshake makes sure of, so pixels keep the machine's byte order.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::filters::registry::FILTERS;
use crate::pixels::geometry::Rect;
use crate::pixels::simd::SimdLevel;
use crate::plan::graph::{PLAN_VERSION, Plan};
use crate::telemetry::clock::now_ns;
use crate::telemetry::event::StepTime;

/// Raised when a frame or a header changes.
pub const PROTOCOL_VERSION: u32 = 4;

/// The longest string a worker may hand on.
pub const MAX_TEXT_BYTES: usize = 4096;

/// Who speaks. Ends that differ in any of the first three do not work together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub protocol: u32,
    /// What it was built from, as [`build_id`] tells.
    pub build: String,
    pub simd: String,
    pub pid: u32,
}

impl Hello {
    /// This process's own.
    #[must_use]
    pub fn own() -> Self {
        Self {
            protocol: PROTOCOL_VERSION,
            build: build_id(),
            simd: SimdLevel::current().name().to_owned(),
            pid: std::process::id(),
        }
    }

    /// Why the two cannot work together, in words; `None` when they can.
    #[must_use]
    pub fn mismatch(&self, theirs: &Self) -> Option<String> {
        let differs = |what, ours: &str, theirs: &str| {
            let theirs = harmless(theirs);
            (ours != theirs).then(|| format!("its {what} is {theirs}, ours is {ours}"))
        };
        let (ours_version, theirs_version) =
            (self.protocol.to_string(), theirs.protocol.to_string());
        differs("protocol version", &ours_version, &theirs_version)
            .or_else(|| differs("build", &self.build, &theirs.build))
            .or_else(|| differs("SIMD level", &self.simd, &theirs.simd))
    }
}

/// Version, system, plan version and a checksum of all filters and their parameters.
#[must_use]
pub fn build_id() -> String {
    let mut crc = crc32fast::Hasher::new();
    for filter in FILTERS {
        let spec = filter.spec();
        crc.update(spec.id.as_bytes());
        spec.params.iter().for_each(|p| crc.update(p.id.as_bytes()));
    }
    format!(
        "{} {}-{} plan {PLAN_VERSION} filters {:08x}",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::ARCH,
        std::env::consts::OS,
        crc.finalize()
    )
}

/// Answers [`super::frame::Kind::Ping`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pong {
    /// On the worker's clock.
    pub clock_ns: u64,
}

impl Pong {
    #[must_use]
    pub fn now() -> Self {
        Self { clock_ns: now_ns() }
    }
}

/// An arena that tiles travel in; see `slots`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryHeader {
    /// As `system::shared_memory` names it.
    pub name: String,
}

/// The whole photo in shared memory, where it is there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedPhoto {
    /// Never of two photos of one parent.
    pub id: u64,
    pub name: String,
}

/// A pass of a plan; its tiles follow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub pass_idx: u16,
    pub plan: Plan,
    pub photo: Option<SharedPhoto>,
    /// How long every tile waits first for slow storage, simulated; 0 for not at all.
    pub storage_wait_ns: u64,
}

/// As [`Job`], for who sends it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct JobRef<'a> {
    pub pass_idx: u16,
    pub plan: &'a Plan,
    pub photo: Option<&'a SharedPhoto>,
    pub storage_wait_ns: u64,
}

/// A part of the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub at: u64,
    pub n_bytes: u64,
}

/// A tile to compute; its regions are the payload, one behind the other, or lie so in the arena.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileHeader {
    pub output: Rect,
    /// In the order of the pass's needs.
    pub regions: Vec<RegionForm>,
    /// Where the regions are; `None`: in the payload.
    pub input: Option<Part>,
    /// Where the pixels shall go; `None`: into the answer's payload.
    pub result: Option<Part>,
    /// Of a region that is [`RegionKind::Pieces`]; those that are sent lie in its place, one behind
    /// the other.
    pub pieces: Vec<Piece>,
    /// Whether the payload, which begins with the photo's region, is kept for later tiles.
    pub is_kept: bool,
}

/// The most pieces a region comes in.
pub const MAX_PIECES: usize = 256;

/// A tile whose part of the photo was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct KeptId {
    pub job: u64,
    pub tile: u32,
}

/// A part of a region of the photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub rect: Rect,
    /// Where it is kept; `None`: it is sent.
    pub kept: Option<KeptId>,
}

/// What one region of a tile's payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionForm {
    pub rect: Rect,
    pub kind: RegionKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionKind {
    /// Samples as the plan's source has them, packed row after row.
    Photo,
    /// As [`Self::Photo`], of which the worker has some; see [`TileHeader::pieces`].
    Pieces,
    /// The job's shared photo itself, of which this rectangle is read.
    SharedPhoto,
    /// Floats, plane after plane, rows packed.
    Planes { n_planes: u8 },
}

/// A finished tile; its pixels are the payload, packed as the pass's output is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneHeader {
    pub rect: Rect,
    /// When the tile's frame was read, when computing began and when it ended, on the worker's clock.
    pub received_ns: u64,
    pub started_ns: u64,
    pub computed_ns: u64,
    /// How long it waited for slow storage, simulated, before computing began.
    pub storage_ns: u64,
    pub core_before: Option<u32>,
    pub core_after: Option<u32>,
    pub cpu_ns: Option<u64>,
    pub steps: Vec<StepTime>,
    /// Whether the pixels are where the tile's header said, and not in the payload.
    pub is_in_arena: bool,
}

/// Why a tile, or its whole job, cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// A kernel panicked; the worker lives on.
    Panicked { filter: String },
    /// The job or the tile makes no sense to this worker.
    Refused { reason: String },
}

/// # Panics
/// Never: no header has a map, or a sequence of unknown length.
#[must_use]
pub fn encode<T: Serialize>(header: &T) -> Vec<u8> {
    #[expect(
        clippy::expect_used,
        reason = "every header is plain data of known length"
    )]
    postcard::to_stdvec(header).expect("a header can be written")
}

/// # Errors
/// When the bytes are no such header, or more than one.
pub fn decode<T: DeserializeOwned>(header: &[u8]) -> Result<T, postcard::Error> {
    match postcard::take_from_bytes(header)? {
        (value, []) => Ok(value),
        _ => Err(postcard::Error::DeserializeBadEncoding),
    }
}

/// A worker's string, fit for a terminal, a window and a log: no control characters, at most
/// [`MAX_TEXT_BYTES`].
#[must_use]
pub fn harmless(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let is_harmful =
        |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text[..end].chars().filter(|c| !is_harmful(*c)).collect()
}

#[cfg(test)]
mod tests;
