//! Recognises a file, reads its header within limits, decodes it, settles its colours, lays it upright.

use super::color::{Plan, plan_colors};
use super::{Header, Opened, bmp, gif, jpeg, png, pnm, tiff, webp};
use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::guard::guarded;
use crate::codecs::limits::Limits;
use crate::codecs::metadata::exif::camera_of;
use crate::codecs::metadata::icc::profile_name;
use crate::codecs::metadata::orientation::orientation_of;
use crate::codecs::request::{
    Camera, DecodeRequest, Decoded, MetadataKind, Note, Opening, PhotoInfo,
};
use crate::codecs::watch::Watch;
use crate::pixels::geometry::Turn;

/// Decodes a file.
///
/// # Errors
/// Unrecognised, unsupported, malformed, over limits, or cancelled.
pub fn decode(request: &DecodeRequest, watch: &Watch<'_>) -> Result<Decoded, CodecError> {
    let format = Format::sniff(&request.bytes)?;
    guarded(format, || {
        let opened = open(format, &request.bytes, &request.limits)?;
        let plan = plan_colors(opened.header());
        let (header, mut notes) = describe(opened.header(), &plan);
        let metadata = opened.header().metadata.clone();
        let size = opened.header().size;
        let outcome = opened.pixels(watch);
        // A stopped decoder fails in its own words, for its input just ends.
        watch.step(0.9)?;
        let (pixels, found) = outcome?;
        let image = super::color::finish(pixels, size, plan, watch)?;
        notes.extend(found);
        watch.step(1.0)?;
        Ok(Decoded {
            image: image.turned(Turn::from_exif(header.orientation)),
            header,
            metadata,
            notes,
        })
    })
}

/// What a file's header says, and how the file would be opened.
///
/// # Errors
/// Unrecognised, unsupported, malformed header, over limits.
pub fn inspect(bytes: &[u8], limits: &Limits) -> Result<PhotoInfo, CodecError> {
    let format = Format::sniff(bytes)?;
    guarded(format, || {
        let opened = open(format, bytes, limits)?;
        let plan = plan_colors(opened.header());
        Ok(describe(opened.header(), &plan).0)
    })
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
