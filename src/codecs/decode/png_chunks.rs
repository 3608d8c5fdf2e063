//! Walks a PNG's chunks for metadata, wherever it stands in the file and whatever its size, so that
//! the decoding library need not hold any of it.

use std::borrow::Cow;

use crate::codecs::limits::Limits;
use crate::codecs::metadata::Metadata;
use crate::codecs::metadata::xmp::packet_of_itxt;
use crate::codecs::request::{MetadataKind, Note};

/// What the walk finds beside the picture.
#[derive(Default)]
pub(super) struct Chunks {
    pub(super) metadata: Metadata,
    pub(super) notes: Vec<Note>,
    pub(super) has_icc: bool,
    pub(super) is_animated: bool,
}

impl Chunks {
    /// Reads until the end chunk, or as far as there are whole chunks. Checksums are not looked at.
    pub(super) fn read(bytes: &[u8], limits: &Limits) -> Self {
        let mut chunks = Self::default();
        let mut rest = bytes.get(8..).unwrap_or_default();
        while let Some((kind, body, next)) = split_chunk(rest) {
            match kind {
                b"eXIf" => chunks.exif(body, limits),
                b"iTXt" => chunks.text(body, limits),
                b"iCCP" => chunks.has_icc = true,
                b"acTL" => chunks.is_animated = true,
                b"IEND" => break,
                _ => {}
            }
            rest = next;
        }
        chunks
    }

    fn exif(&mut self, body: &[u8], limits: &Limits) {
        // Some writers keep the prefix that JPEG needs.
        let block = body.strip_prefix(b"Exif\0\0").unwrap_or(body);
        if block.len() > limits.max_exif_bytes {
            self.drop_large(MetadataKind::Exif);
        } else {
            self.metadata.exif = Some(block.into());
        }
    }

    fn text(&mut self, body: &[u8], limits: &Limits) {
        if let Some(packet) = packet_of_itxt(body) {
            if packet.len() > limits.max_xmp_bytes {
                self.drop_large(MetadataKind::Xmp);
            } else {
                self.metadata.xmp = Some(packet.into());
            }
        }
    }

    fn drop_large(&mut self, what: MetadataKind) {
        self.notes.push(Note::MetadataDropped {
            what,
            why: "it is too large".to_owned(),
        });
    }
}

/// The file without EXIF blocks that are dropped for their size: the library would hold them, and
/// refuse the whole file for them.
pub(super) fn without_large_exif<'a>(bytes: &'a [u8], limits: &Limits) -> Cow<'a, [u8]> {
    /// Length, kind and checksum.
    const FRAME_BYTES: usize = 12;
    let mut kept = Cow::Borrowed(bytes);
    let mut rest = bytes.get(8..).unwrap_or_default();
    while let Some((kind, body, next)) = split_chunk(rest) {
        if kind == b"eXIf" && body.len() > limits.max_exif_bytes {
            // What was taken out before moves what follows forward.
            let start = kept.len() - rest.len();
            kept.to_mut().drain(start..start + FRAME_BYTES + body.len());
        }
        rest = next;
    }
    kept
}

/// Kind and body of the first chunk, and what follows it.
fn split_chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let body = rest.get(..length)?;
    let next = rest.get(length.checked_add(4)?..)?;
    Some((kind, body, next))
}
