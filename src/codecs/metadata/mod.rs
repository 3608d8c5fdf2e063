//! What a file carries beside its pixels, as raw bytes, and the few things read out of it.
//!
//! Blocks are kept as they came and patched in place, never rebuilt: a rebuilt EXIF block breaks
//! the offsets inside makers' notes.

pub(crate) mod directory;
pub mod exif;
pub mod icc;
pub mod icc_write;
pub mod orientation;
pub mod xmp;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Raw blocks, without the containers' own prefixes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// From the TIFF header on.
    pub exif: Option<Arc<[u8]>>,
    /// The XML packet.
    pub xmp: Option<Arc<[u8]>>,
    pub icc: Option<Arc<[u8]>>,
}
