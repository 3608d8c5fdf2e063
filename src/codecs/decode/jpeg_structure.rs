//! Walks a JPEG's segments without decoding: size, channels, metadata, where the picture ends.
//!
//! The decoding library reads the same headers, but takes metadata of any size and does not say
//! whether a file was cut short. Marker names: ITU-T T.81, table B.1.

use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::limits::Limits;
use crate::codecs::metadata::Metadata;
use crate::codecs::request::{MetadataKind, Note};
use crate::pixels::geometry::Size;

const EXIF_PREFIX: &[u8] = b"Exif\0\0";
const XMP_PREFIX: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const ICC_PREFIX: &[u8] = b"ICC_PROFILE\0";

/// The frame header (SOF).
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) size: Size,
    pub(super) n_components: u8,
    pub(super) bits: u8,
    pub(super) is_progressive: bool,
    /// Channels named R, G and B: not YCbCr, whatever else is said.
    pub(super) is_named_rgb: bool,
    /// Rows of pixels one row of coded units (MCU) covers.
    pub(super) mcu_rows: u32,
}

/// What the walk finds.
#[derive(Default)]
pub(super) struct Structure {
    pub(super) frame: Option<Frame>,
    /// Position of the Adobe segment's colour transform byte.
    pub(super) adobe_transform_at: Option<usize>,
    pub(super) metadata: Metadata,
    pub(super) notes: Vec<Note>,
    /// Where the end marker stands; `None` in a file that was cut short.
    pub(super) end: Option<usize>,
    pub(super) n_scans: u32,
    icc_chunks: Vec<(u8, u8, std::ops::Range<usize>)>,
}

impl Structure {
    /// # Errors
    /// Forms of JPEG we do not read; no frame header at all.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Self, CodecError> {
        let mut structure = Self::default();
        let mut at = 2;
        while let Some((marker, body)) = next_marker(bytes, at) {
            at = body;
            match marker {
                0x01 | 0xD0..=0xD8 => continue,
                0xD9 => {
                    structure.end = Some(body - 2);
                    break;
                }
                _ => {}
            }
            let Some(length) = bytes.get(at..at + 2) else {
                break;
            };
            let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
            let next = at + length.max(2);
            let range = at + 2..next.min(bytes.len());
            structure.segment(marker, bytes, range, limits)?;
            at = next;
            if marker == 0xDA {
                structure.n_scans += 1;
                at = end_of_scan(bytes, at);
            }
        }
        structure.assemble_icc(bytes, limits);
        Ok(structure)
    }

    fn segment(
        &mut self,
        marker: u8,
        bytes: &[u8],
        range: std::ops::Range<usize>,
        limits: &Limits,
    ) -> Result<(), CodecError> {
        let body = bytes.get(range.clone()).unwrap_or_default();
        let is_before_scans = self.n_scans == 0;
        match marker {
            0xC0..=0xC2 if self.frame.is_none() => self.frame = Some(frame(marker, body)?),
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return Err(unsupported(marker)),
            0xE1 if is_before_scans => self.app1(body, limits),
            0xE2 if is_before_scans => {
                if let Some([number, count, ..]) = body.strip_prefix(ICC_PREFIX) {
                    let start = range.start + ICC_PREFIX.len() + 2;
                    self.icc_chunks.push((*number, *count, start..range.end));
                }
            }
            0xEE if body.starts_with(b"Adobe") && body.len() >= 12 => {
                self.adobe_transform_at = Some(range.start + 11);
            }
            _ => {}
        }
        Ok(())
    }

    fn app1(&mut self, body: &[u8], limits: &Limits) {
        if let Some(block) = body.strip_prefix(EXIF_PREFIX) {
            if self.metadata.exif.is_none() && block.len() <= limits.max_exif_bytes {
                self.metadata.exif = Some(block.into());
            }
        } else if let Some(packet) = body.strip_prefix(XMP_PREFIX)
            && packet.len() <= limits.max_xmp_bytes
        {
            self.metadata.xmp = Some(packet.into());
        }
    }

    /// A profile is cut into numbered chunks (ICC.1:2022, annex B.4); all must be there once.
    fn assemble_icc(&mut self, bytes: &[u8], limits: &Limits) {
        if self.icc_chunks.is_empty() {
            return;
        }
        self.icc_chunks.sort_by_key(|(number, ..)| *number);
        let n = self.icc_chunks.len();
        let is_whole = (1..=n)
            .zip(&self.icc_chunks)
            .all(|(i, (number, count, _))| usize::from(*number) == i && usize::from(*count) == n);
        let total: usize = self.icc_chunks.iter().map(|(.., range)| range.len()).sum();
        let why = if !is_whole {
            "parts of it are missing"
        } else if total > limits.max_icc_bytes {
            "it is too large"
        } else {
            let chunks = self.icc_chunks.iter().map(|(.., range)| range.clone());
            let whole: Vec<u8> = chunks
                .flat_map(|range| bytes.get(range).unwrap_or_default())
                .copied()
                .collect();
            self.metadata.icc = Some(whole.into());
            return;
        };
        self.notes.push(Note::MetadataDropped {
            what: MetadataKind::Icc,
            why: why.to_owned(),
        });
    }
}

/// The next marker at or after `at`, and where its body begins.
fn next_marker(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let mut at = at;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        while *bytes.get(at)? == 0xFF {
            at += 1;
        }
        if bytes[at] != 0 {
            return Some((bytes[at], at + 1));
        }
    }
}

/// Where the first marker after entropy-coded data stands; restart markers belong to the data.
fn end_of_scan(bytes: &[u8], at: usize) -> usize {
    let mut at = at;
    while let Some(found) = bytes
        .get(at..)
        .and_then(|rest| rest.iter().position(|&byte| byte == 0xFF))
    {
        at += found;
        match bytes.get(at + 1) {
            Some(0 | 0xD0..=0xD7) => at += 2,
            Some(0xFF) => at += 1,
            _ => return at,
        }
    }
    bytes.len()
}

fn frame(marker: u8, body: &[u8]) -> Result<Frame, CodecError> {
    let cut = || CodecError::malformed(Format::Jpeg, "the frame header is cut short");
    let [bits, h1, h0, w1, w0, n_components, components @ ..] = body else {
        return Err(cut());
    };
    let size = Size::new(
        u16::from_be_bytes([*w1, *w0]).into(),
        u16::from_be_bytes([*h1, *h0]).into(),
    );
    if *bits != 8 {
        return Err(CodecError::unsupported(format!(
            "JPEG with {bits} bits a sample is not supported; convert it to PNG or TIFF first"
        )));
    }
    if size.is_empty() {
        return Err(CodecError::malformed(
            Format::Jpeg,
            "the frame header states no width or height",
        ));
    }
    if !matches!(n_components, 1 | 3 | 4) {
        return Err(CodecError::unsupported(format!(
            "JPEG with {n_components} channels is not supported"
        )));
    }
    let samplings = components.chunks_exact(3).take(usize::from(*n_components));
    let tallest = samplings
        .map(|c| u32::from(c[1] & 15))
        .max()
        .ok_or_else(cut)?;
    Ok(Frame {
        size,
        n_components: *n_components,
        bits: *bits,
        is_progressive: marker == 0xC2,
        is_named_rgb: components.chunks_exact(3).map(|c| c[0]).eq(*b"RGB"),
        mcu_rows: if *n_components == 1 {
            8
        } else {
            8 * tallest.max(1)
        },
    })
}

fn unsupported(marker: u8) -> CodecError {
    let kind = match marker {
        0xC3 => "lossless",
        0xC5..=0xC7 => "hierarchical",
        _ => "arithmetic-coded",
    };
    CodecError::unsupported(format!(
        "{kind} JPEG is not supported; convert it to PNG or TIFF first"
    ))
}
