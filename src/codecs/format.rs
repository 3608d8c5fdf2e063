//! The file formats: told apart by their first bytes when reading, by their ending when writing.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::CodecError;

/// A format Parallax reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    Jpeg,
    Png,
    Tiff,
    WebP,
    Bmp,
    Gif,
    Pnm,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Tiff => "TIFF",
            Self::WebP => "WebP",
            Self::Bmp => "BMP",
            Self::Gif => "GIF",
            Self::Pnm => "PNM",
        })
    }
}

/// File endings, in lower case.
const ENDINGS: &[(&str, Format)] = &[
    ("jpg", Format::Jpeg),
    ("jpeg", Format::Jpeg),
    ("jpe", Format::Jpeg),
    ("jfif", Format::Jpeg),
    ("png", Format::Png),
    ("tif", Format::Tiff),
    ("tiff", Format::Tiff),
    ("webp", Format::WebP),
    ("bmp", Format::Bmp),
    ("gif", Format::Gif),
    ("ppm", Format::Pnm),
    ("pgm", Format::Pnm),
    ("pbm", Format::Pnm),
    ("pnm", Format::Pnm),
    ("pam", Format::Pnm),
];

/// Brands of ISO media files (`ftyp` boxes) that hold pictures, and their names.
const BRANDS: &[(&[u8; 4], &str)] = &[
    (b"avif", "AVIF"),
    (b"avis", "AVIF"),
    (b"heic", "HEIC"),
    (b"heix", "HEIC"),
    (b"hevc", "HEIC"),
    (b"heim", "HEIC"),
    (b"heis", "HEIC"),
    (b"mif1", "HEIF"),
    (b"msf1", "HEIF"),
    (b"crx ", "Canon raw"),
];

/// First bytes of other pictures we can name, though not read.
const FOREIGN: &[(&[u8], &str)] = &[
    (b"\xFF\x0A", "JPEG XL"),
    (b"\0\0\0\x0CJXL \r\n\x87\n", "JPEG XL"),
    (b"\0\0\0\x0CjP  \r\n\x87\n", "JPEG 2000"),
    (b"\xFF\x4F\xFF\x51", "JPEG 2000"),
    (b"8BPS", "Photoshop"),
    (b"FUJIFILMCCD-RAW", "Fujifilm raw"),
    (b"II\x55\0", "Panasonic raw"),
    (b"IIRO", "Olympus raw"),
    (b"IIRS", "Olympus raw"),
    (b"II\x1A\0\0\0HEAPCCDR", "Canon raw"),
    (b"\x76\x2F\x31\x01", "OpenEXR"),
    (b"#?RADIANCE", "Radiance HDR"),
    (b"qoif", "QOI"),
];

impl Format {
    /// Every format that can be opened, for dialogs.
    pub fn endings() -> impl Iterator<Item = &'static str> {
        ENDINGS.iter().map(|(ending, _)| *ending)
    }

    /// The format a file name's ending stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        ENDINGS
            .iter()
            .find(|(known, _)| *known == ending)
            .map(|(_, format)| *format)
    }

    /// The format of a file, by its first bytes.
    ///
    /// # Errors
    /// [`CodecError::Unsupported`] names formats we know of but do not read;
    /// [`CodecError::Unrecognised`] is everything else.
    pub fn sniff(bytes: &[u8]) -> Result<Self, CodecError> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if let Some((_, name)) = FOREIGN.iter().find(|(magic, _)| starts(magic)) {
            return Err(not_yet(name));
        }
        if bytes.get(4..8) == Some(b"ftyp") {
            let brand = bytes.get(8..12).unwrap_or_default();
            let known = BRANDS.iter().find(|(known, _)| known.as_slice() == brand);
            return Err(known.map_or(CodecError::Unrecognised, |(_, name)| not_yet(name)));
        }
        if starts(b"\xFF\xD8") {
            Ok(Self::Jpeg)
        } else if starts(b"\x89PNG\r\n\x1A\n") {
            Ok(Self::Png)
        } else if starts(b"II\x2A\0") && bytes.get(8..10) == Some(b"CR") {
            Err(not_yet("Canon raw"))
        } else if [b"II\x2A\0", b"MM\0\x2A", b"II\x2B\0", b"MM\0\x2B"]
            .iter()
            .any(|m| starts(*m))
        {
            Ok(Self::Tiff)
        } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Ok(Self::WebP)
        } else if starts(b"BM") {
            Ok(Self::Bmp)
        } else if starts(b"GIF87a") || starts(b"GIF89a") {
            Ok(Self::Gif)
        } else if starts(b"P") && matches!(bytes.get(1), Some(b'1'..=b'7')) {
            Ok(Self::Pnm)
        } else {
            Err(CodecError::Unrecognised)
        }
    }
}

fn not_yet(name: &str) -> CodecError {
    CodecError::unsupported(format!(
        "{name} is not supported yet; convert it to PNG or TIFF first"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_read_in_any_case() {
        assert_eq!(Format::from_path(Path::new("a/B.JPeG")), Some(Format::Jpeg));
        assert_eq!(Format::from_path(Path::new("x.tif")), Some(Format::Tiff));
        assert_eq!(Format::from_path(Path::new("x.xcf")), None);
        assert_eq!(Format::from_path(Path::new("png")), None);
    }

    #[test]
    fn foreign_formats_are_named() {
        let text = Format::sniff(b"\xFF\x0A\0\0").unwrap_err().to_string();
        assert_eq!(
            text,
            "JPEG XL is not supported yet; convert it to PNG or TIFF first"
        );
        assert!(matches!(Format::sniff(b""), Err(CodecError::Unrecognised)));
        assert!(matches!(
            Format::sniff(b"hello"),
            Err(CodecError::Unrecognised)
        ));
    }
}
