//! Encoding: one file a format. Samples are written as they are; depth and colours were settled before.
//!
//! EXIF is carried over with its orientation made upright and its thumbnail removed; XMP is not,
//! for it may tell of a crop or an orientation that is no longer so. JPEG has no transparency:
//! alpha is composited over white, in encoded values, and a note says so.
//!
//! All three formats are made of bands that threads compute side by side; see `bands`.

mod bands;
mod jpeg;
mod png;
mod request;
mod target;
#[cfg(test)]
mod tests;
mod tiff;
mod tiff_exif;

pub use request::{EncodeFormat, EncodeRequest, Subsampling, encode, encode_on};
pub use target::Target;
