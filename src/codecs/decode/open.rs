//! Recognises a file, reads its header within limits, decodes it, settles its colours, lays it upright.

use std::sync::Arc;

use super::color::{Plan, plan_colors};
use super::{Header, Opened, Room, bmp, gif, jpeg, png, pnm, tiff, webp};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::guard::{check_permitted, guarded};
use crate::codecs::limits::Limits;
use crate::codecs::metadata::Metadata;
use crate::codecs::metadata::exif::camera_of;
use crate::codecs::metadata::icc::profile_name;
use crate::codecs::metadata::orientation::orientation_of;
use crate::codecs::request::{
    Camera, DecodeRequest, Decoded, MetadataKind, Note, Opening, PhotoInfo,
};
use crate::codecs::watch::Watch;
use crate::pixels::color::ColorSpace;
use crate::pixels::geometry::Turn;
use crate::pixels::image::Image;

/// A file whose header was read and is within limits; its pixels are still to be decoded.
pub struct Reading<'a> {
    opened: Box<dyn Opened + 'a>,
    plan: Plan,
    info: PhotoInfo,
    notes: Vec<Note>,
}

impl<'a> Reading<'a> {
    /// Reads a file's header, before any memory is taken for pixels.
    ///
    /// # Errors
    /// Unrecognised, unsupported, malformed header, over limits; or this process leaves decoding
    /// to others.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, CodecError> {
        check_permitted()?;
        let format = Format::sniff(bytes)?;
        guarded(format, || {
            let opened = open(format, bytes, limits)?;
            let plan = plan_colors(opened.header());
            let (info, notes) = describe(opened.header(), &plan);
            Ok(Self {
                opened,
                plan,
                info,
                notes,
            })
        })
    }

    #[must_use]
    pub const fn info(&self) -> &PhotoInfo {
        &self.info
    }

    /// As the file has it, orientation included.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.opened.header().metadata
    }

    /// What is known from the header.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// What samples will mean.
    #[must_use]
    pub const fn color(&self) -> &Arc<ColorSpace> {
        self.plan.space()
    }

    /// Decodes the file. The notes are those of the header and what was found out since.
    ///
    /// # Errors
    /// Unsupported, malformed, or cancelled.
    pub fn decode(self, watch: &Watch<'_>) -> Result<Decoded, CodecError> {
        let (info, mut notes) = (self.info.clone(), self.notes.clone());
        let metadata = self.metadata().clone();
        let (image, found) = self.pixels(Room::Own, watch)?;
        notes.extend(found);
        let image = image.ok_or_else(|| nowhere(info.format))?;
        Ok(Decoded {
            image: image.turned(Turn::from_exif(info.orientation)),
            header: info,
            metadata,
            notes,
        })
    }

    /// Decodes the file into `room`, which has [`PhotoInfo::n_bytes`] and lies as samples of its
    /// depth must; answers what was found out on the way.
    ///
    /// # Errors
    /// As [`Self::decode`]; or there is not exactly room for the picture.
    pub fn decode_into(self, room: &mut [u8], watch: &Watch<'_>) -> Result<Vec<Note>, CodecError> {
        let format = self.info.format;
        if room.len() as u64 != self.info.n_bytes() {
            return Err(nowhere(format));
        }
        let turn = Turn::from_exif(self.info.orientation);
        let given = if turn.is_none() && self.plan.keeps_samples() {
            Room::Given(&mut *room)
        } else {
            Room::Own
        };
        let (image, found) = self.pixels(given, watch)?;
        if let Some(image) = image {
            if image.n_bytes() != room.len() as u64 {
                return Err(nowhere(format));
            }
            guarded(format, || {
                image.lay_into(turn, room);
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// The picture as the file has it, not yet upright; `None` where it is in its room.
    fn pixels(
        self,
        room: Room<'_>,
        watch: &Watch<'_>,
    ) -> Result<(Option<Image>, Vec<Note>), CodecError> {
        guarded(self.info.format, || {
            let size = self.opened.header().size;
            let outcome = self.opened.pixels(room, watch);
            // A stopped decoder fails in its own words, for its input just ends.
            watch.step(0.9)?;
            let (pixels, found) = outcome?;
            let image = super::color::finish(pixels, size, self.plan, watch)?;
            watch.step(1.0)?;
            Ok((image, found))
        })
    }
}

fn nowhere(format: Format) -> CodecError {
    CodecError::malformed(format, "the picture is not as large as its header says")
}

/// Decodes a file.
///
/// # Errors
/// Unrecognised, unsupported, malformed, over limits, or cancelled.
pub fn decode(request: &DecodeRequest, watch: &Watch<'_>) -> Result<Decoded, CodecError> {
    Reading::open(&request.bytes, &request.limits)?.decode(watch)
}

/// What a file's header says, and how the file would be opened.
///
/// # Errors
/// Unrecognised, unsupported, malformed header, over limits.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<PhotoInfo, CodecError> {
    Reading::open(bytes, limits).map(|reading| reading.info)
}

fn open<'a>(
    format: Format,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Box<dyn Opened + 'a>, CodecError> {
    match format {
        Format::Jpeg => jpeg::open(bytes, limits),
        Format::Png => png::open(bytes, limits),
        Format::Tiff => tiff::open(bytes, limits),
        Format::WebP => webp::open(bytes, limits),
        Format::Bmp => bmp::open(bytes, limits),
        Format::Gif => gif::open(bytes, limits),
        Format::Pnm => pnm::open(bytes, limits),
    }
}

fn describe(header: &Header, plan: &Plan) -> (PhotoInfo, Vec<Note>) {
    let mut notes = header.notes.clone();
    notes.extend(plan.notes.iter().cloned());
    let exif = header.metadata.exif.as_deref();
    let camera = exif.map(|block| {
        camera_of(block).unwrap_or_else(|| {
            notes.push(Note::MetadataDropped {
                what: MetadataKind::Exif,
                why: "it cannot be read".to_owned(),
            });
            Camera::default()
        })
    });
    let orientation = header
        .orientation
        .or_else(|| exif.and_then(orientation_of))
        .filter(|n| (1..=8).contains(n))
        .unwrap_or(1);
    let info = PhotoInfo {
        format: header.format,
        size: Turn::from_exif(orientation).output_size(header.size),
        channels: header.channels,
        bits: header.bits,
        orientation,
        profile: header.metadata.icc.as_deref().and_then(profile_name),
        opening: Opening {
            layout: plan.layout,
            depth: plan.depth,
            color: plan.color_name().to_owned(),
            converted_from: plan.converted_from.clone(),
        },
        camera: camera.unwrap_or_default(),
    };
    (info, notes)
}
