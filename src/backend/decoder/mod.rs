//! Photos decoded in worker processes: one a file, held by a sandbox, gone when it is done.
//!
//! `README.md` beside this file tells the way of a file, what holds the worker, and every message.
//! In short: [`Decoder`] starts a worker while [`PhotoFile`] is read, hands it over, and lets the
//! worker decode into memory that this process made; `trust` believes nothing it says.

#[cfg(all(feature = "fault-injection", target_os = "linux"))]
mod attack;
mod decoding;
pub mod entry;
mod error;
mod held;
mod message;
mod photo_file;
mod program;
mod trust;
mod worker;

#[cfg(all(feature = "fault-injection", target_os = "linux"))]
pub use attack::{run_attack_main, run_without_landlock};
pub use decoding::{DecodedPhoto, Patience};
pub use entry::run_decoder_main;
pub use error::{DecoderError, Stage};
pub use photo_file::PhotoFile;
pub use program::Decoder;
