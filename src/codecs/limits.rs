//! How much a file may ask for. Checked from the header, before any memory is taken for pixels;
//! the decoders' own limits are set too, but not relied on.

use serde::{Deserialize, Serialize};

use super::error::LimitError;
use crate::pixels::geometry::Size;

/// Upper bounds of everything a hostile file could make large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Set by `--max-megapixels`.
    pub max_megapixels: u32,
    pub max_side_px: u32,
    /// Samples in memory, at the decoded depth.
    pub max_decoded_bytes: u64,
    /// The file itself, which is read whole.
    pub max_file_bytes: u64,
    /// Larger metadata is dropped with a note; the picture still opens.
    pub max_exif_bytes: usize,
    pub max_xmp_bytes: usize,
    pub max_icc_bytes: usize,
    /// PNG text and profile chunks after inflating.
    pub max_png_inflated_bytes: usize,
    pub max_tiff_ifds: u32,
    pub max_tiff_tags: u32,
    pub max_tiff_strips: u32,
    /// Scans of a progressive JPEG; each costs a pass over the whole picture.
    pub max_jpeg_scans: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_megapixels: 500,
            max_side_px: 65_535,
            max_decoded_bytes: 4 << 30,
            max_file_bytes: 4 << 30,
            max_exif_bytes: 64 << 10,
            max_xmp_bytes: 1 << 20,
            max_icc_bytes: 4 << 20,
            max_png_inflated_bytes: 8 << 20,
            max_tiff_ifds: 64,
            max_tiff_tags: 4096,
            max_tiff_strips: 1 << 20,
            max_jpeg_scans: 100,
        }
    }
}

impl Limits {
    /// Whether a picture of this size and this many bytes a pixel may be decoded.
    ///
    /// # Errors
    /// The first limit it exceeds.
    pub fn check(&self, size: Size, bytes_per_px: u64) -> Result<(), LimitError> {
        if size.long_side() > self.max_side_px {
            return Err(LimitError::Side {
                size,
                limit_px: self.max_side_px,
            });
        }
        if size.area() > u64::from(self.max_megapixels) * 1_000_000 {
            return Err(LimitError::Megapixels {
                size,
                limit_mp: self.max_megapixels,
            });
        }
        let bytes = size.area().saturating_mul(bytes_per_px);
        if bytes > self.max_decoded_bytes {
            return Err(LimitError::DecodedBytes {
                size,
                bytes,
                limit: self.max_decoded_bytes,
            });
        }
        Ok(())
    }

    /// Whether there are at most `limit` of `what`.
    ///
    /// # Errors
    /// [`LimitError::Count`] when there are more.
    pub(super) fn check_count(
        what: &'static str,
        count: u64,
        limit: u32,
    ) -> Result<(), LimitError> {
        if count > u64::from(limit) {
            return Err(LimitError::Count {
                what: what.into(),
                count,
                limit: u64::from(limit),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_size_limit_and_flag() {
        let limits = Limits::default();
        let error = limits.check(Size::new(30_000, 30_000), 3).unwrap_err();
        let text = error.to_string();
        for part in ["30000 x 30000", "900.0", "500", "--max-megapixels 900"] {
            assert!(text.contains(part), "{text}");
        }
        assert!(limits.check(Size::new(20_000, 20_000), 3).is_ok());
        assert!(matches!(
            limits.check(Size::new(70_000, 1), 1),
            Err(LimitError::Side { .. })
        ));
        assert!(matches!(
            limits.check(Size::new(25_000, 20_000), 16),
            Err(LimitError::DecodedBytes { .. })
        ));
    }
}
