//! Options that several commands share: how to run, and what the output shall be.

use clap::{Args, ValueEnum};

use super::apply::worker_program;
use crate::backend::decoder::Decoder;
use crate::codecs::{Limits, Subsampling};
use crate::pixels::image::Depth;
use crate::studio::engines::{Transport, n_cores};
use crate::studio::full_run::OutputProfile;
use crate::studio::{BackendChoice, BackendKind};

/// More workers than this help nobody and exhaust a system's threads.
const MAX_WORKERS: i64 = 1024;

/// How the work is run. None of it changes the picture.
#[derive(Debug, Args)]
#[command(next_help_heading = "Run options")]
pub(super) struct RunOptions {
    /// Who computes: one thread, a pool of threads, a pool of worker processes, or threads with one lock
    #[arg(long, value_enum, default_value_t = BackendArg::Threads)]
    backend: BackendArg,

    /// How many workers compute at once [default: all cores]
    #[arg(long, value_name = "N", value_parser = workers_parser())]
    workers: Option<u16>,

    /// Side of a tile in pixels [default: planned]
    #[arg(long, value_name = "N", value_parser = tile_parser())]
    pub(super) tile: Option<u32>,

    /// How pixels travel to worker processes
    #[arg(long, value_enum, default_value_t = TransportArg::Pipes)]
    transport: TransportArg,

    /// Of global-lock: milliseconds a worker waits before the holder is asked to let go [default: 5]
    #[arg(long, value_name = "MS", value_parser = switch_interval_us)]
    switch_interval: Option<u32>,

    /// Simulate slow storage: every tile first waits so many milliseconds, lock let go
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1000))]
    storage_wait: u32,

    #[command(flatten)]
    limits: LimitOptions,
}

/// What may be opened at all.
#[derive(Debug, Args)]
pub(super) struct LimitOptions {
    /// Refuse photos of more megapixels than this
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_megapixels,
        value_parser = clap::value_parser!(u32).range(1..))]
    max_megapixels: u32,

    /// Refuse photos where the sandbox of the process that decodes them is not complete
    #[arg(long)]
    require_sandbox: bool,
}

/// What the new file shall be made of.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output options")]
pub(super) struct OutputOptions {
    /// Replace OUT if it exists
    #[arg(long)]
    pub(super) overwrite: bool,

    /// JPEG quality, 1 to 100 [default: 92]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(super) quality: Option<u8>,

    /// How finely a JPEG keeps colour: at every pixel, halved across, or halved both ways [default: 444]
    #[arg(long, value_enum)]
    pub(super) subsampling: Option<SubsamplingArg>,

    /// Bits a sample [default: as the photo has them, where the format can]
    #[arg(long, value_enum)]
    pub(super) depth: Option<DepthArg>,

    /// Colour profile of the new file: sRGB, or the photo's own
    #[arg(long, value_enum, default_value_t = ProfileArg::Srgb)]
    pub(super) profile: ProfileArg,
}

/// As [`BackendKind`]; clap's names for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum BackendArg {
    /// One worker thread: the yardstick
    Single,
    /// A pool of threads that share memory
    Threads,
    /// A pool of worker processes that talk over pipes
    Processes,
    /// Threads of which only the holder of one lock computes
    GlobalLock,
}

/// How pixels travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TransportArg {
    /// Through the pipes that control them, both ways
    Pipes,
    /// In memory that both map; control goes by pipes
    SharedMemory,
}

impl TransportArg {
    pub(super) const fn transport(self) -> Transport {
        match self {
            Self::Pipes => Transport::Pipes,
            Self::SharedMemory => Transport::SharedMemory,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SubsamplingArg {
    #[value(name = "444")]
    S444,
    #[value(name = "422")]
    S422,
    #[value(name = "420")]
    S420,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DepthArg {
    #[value(name = "8")]
    Eight,
    #[value(name = "16")]
    Sixteen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileArg {
    Srgb,
    Input,
}

/// A number of workers.
pub(super) fn workers_parser() -> clap::builder::RangedI64ValueParser<u16> {
    clap::builder::RangedI64ValueParser::new().range(1..=MAX_WORKERS)
}

/// A tile's side; smaller tiles are all surroundings and no picture.
pub(super) fn tile_parser() -> clap::builder::RangedI64ValueParser<u32> {
    clap::builder::RangedI64ValueParser::new().range(16..=65_535)
}

#[derive(Debug, thiserror::Error)]
#[error("a number of milliseconds between 0.1 and 1000")]
struct NotAnInterval;

/// Milliseconds, fractions allowed, from a tenth to a second.
fn switch_interval_us(text: &str) -> Result<u32, NotAnInterval> {
    match text.parse::<f64>() {
        Ok(ms) if (0.1..=1000.0).contains(&ms) => Ok((ms * 1000.0).round() as u32),
        Ok(_) | Err(_) => Err(NotAnInterval),
    }
}

impl RunOptions {
    pub(super) fn choice(&self) -> BackendChoice {
        let n_workers = self.workers.map_or_else(n_cores, usize::from);
        let choice = BackendChoice::new(self.backend.kind(), n_workers)
            .with_storage_wait_ms(self.storage_wait)
            .with_transport(self.transport.transport());
        match self.switch_interval {
            Some(interval_us) => choice.with_switch_interval_us(interval_us),
            None => choice,
        }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits.limits()
    }

    pub(super) fn decoder(&self) -> Decoder {
        self.limits.decoder()
    }
}

impl LimitOptions {
    pub(super) fn limits(&self) -> Limits {
        Limits {
            max_megapixels: self.max_megapixels,
            ..Limits::default()
        }
    }

    /// What decodes photos on these terms.
    pub(super) fn decoder(&self) -> Decoder {
        Decoder::beside(&worker_program()).requiring_sandbox(self.require_sandbox)
    }

    /// The options as they were given, for a process of our own.
    pub(super) fn as_args(&self) -> Vec<String> {
        let mut args = vec![
            "--max-megapixels".to_owned(),
            self.max_megapixels.to_string(),
        ];
        args.extend(self.require_sandbox.then(|| "--require-sandbox".to_owned()));
        args
    }
}

impl BackendArg {
    pub(super) const fn kind(self) -> BackendKind {
        match self {
            Self::Single => BackendKind::Single,
            Self::Threads => BackendKind::Threads,
            Self::Processes => BackendKind::Processes,
            Self::GlobalLock => BackendKind::GlobalLock,
        }
    }
}

impl SubsamplingArg {
    pub(super) const fn subsampling(self) -> Subsampling {
        match self {
            Self::S444 => Subsampling::S444,
            Self::S422 => Subsampling::S422,
            Self::S420 => Subsampling::S420,
        }
    }
}

impl DepthArg {
    pub(super) const fn depth(self) -> Depth {
        match self {
            Self::Eight => Depth::Eight,
            Self::Sixteen => Depth::Sixteen,
        }
    }
}

impl ProfileArg {
    pub(super) const fn profile(self) -> OutputProfile {
        match self {
            Self::Srgb => OutputProfile::Srgb,
            Self::Input => OutputProfile::Input,
        }
    }
}
