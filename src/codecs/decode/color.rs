//! Settles what samples mean: the embedded profile, else what the container says, else sRGB; and
//! converts once, at opening, what curves and a matrix cannot express.

use std::sync::Arc;

use moxcms::{ColorProfile, Layout as CmsLayout, RenderingIntent, TransformOptions};

use super::{Header, Pixels};
use crate::codecs::error::CodecError;
use crate::codecs::metadata::icc::{self, Meaning};
use crate::codecs::metadata::icc_write::profile_of;
use crate::codecs::request::{Channels, MetadataKind, Note};
use crate::codecs::watch::Watch;
use crate::pixels::color::ColorSpace;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Image, Layout, Samples, SamplesRef};

/// How a file's samples become a picture; known from the header alone.
pub(super) struct Plan {
    pub(super) layout: Layout,
    pub(super) depth: Depth,
    pub(super) converted_from: Option<String>,
    pub(super) notes: Vec<Note>,
    space: Arc<ColorSpace>,
    /// Samples go through this profile to `space` at 16 bit.
    table: Option<Box<ColorProfile>>,
}

impl Plan {
    pub(super) fn color_name(&self) -> &str {
        &self.space.name
    }

    pub(super) const fn space(&self) -> &Arc<ColorSpace> {
        &self.space
    }

    /// Whether samples stay as the decoder gives them.
    pub(super) const fn keeps_samples(&self) -> bool {
        self.converted_from.is_none()
    }
}

/// Decides by the header.
pub(super) fn plan_colors(header: &Header) -> Plan {
    let samples = match (header.channels, header.layout.is_gray()) {
        (Channels::Cmyk, _) => icc::Samples::Cmyk,
        (_, true) => icc::Samples::Gray,
        (_, false) => icc::Samples::Rgb,
    };
    let mut plan = Plan {
        layout: header.layout,
        depth: header.depth,
        converted_from: None,
        notes: Vec::new(),
        space: Arc::new(header.space.clone().unwrap_or_else(ColorSpace::srgb)),
        table: None,
    };
    match header
        .metadata
        .icc
        .as_deref()
        .map(|b| icc::read(b, samples))
    {
        Some(Ok(Meaning::Space(space))) => plan.space = Arc::from(space),
        Some(Ok(Meaning::Table { name, profile })) => plan.convert(header.channels, name, profile),
        Some(Err(error)) => plan.notes.push(Note::MetadataDropped {
            what: MetadataKind::Icc,
            why: error.to_string(),
        }),
        None => {}
    }
    if samples == icc::Samples::Cmyk && plan.table.is_none() {
        plan.notes.push(Note::CmykByFormula);
        plan.converted_from = Some("CMYK".to_owned());
        plan.space = Arc::new(ColorSpace::srgb());
    }
    plan
}

impl Plan {
    fn convert(&mut self, channels: Channels, name: String, profile: Box<ColorProfile>) {
        let from = match channels {
            Channels::Cmyk => format!("CMYK ({name})"),
            _ => name,
        };
        self.notes.push(Note::Converted { from: from.clone() });
        self.converted_from = Some(from);
        self.depth = Depth::Sixteen;
        self.space = Arc::new(ColorSpace::wide());
        self.table = Some(profile);
    }
}

/// Makes the picture; `None` where the decoder wrote it into its room.
pub(super) fn finish(
    pixels: Pixels,
    size: Size,
    plan: Plan,
    watch: &Watch<'_>,
) -> Result<Option<Image>, CodecError> {
    let (layout, samples) = match (pixels, &plan.table) {
        (Pixels::Plain { layout, samples }, None) => (layout, samples),
        (Pixels::Plain { layout, samples }, Some(profile)) => {
            let cms = if layout.has_alpha() {
                CmsLayout::Rgba
            } else {
                CmsLayout::Rgb
            };
            let converted = through(profile, &samples, (cms, cms), size, watch)?;
            (layout, Samples::U16(converted))
        }
        (Pixels::Ink(samples), Some(profile)) => {
            // moxcms names every layout of four channels Rgba.
            let layouts = (CmsLayout::Rgba, CmsLayout::Rgb);
            let converted = through(profile, &samples, layouts, size, watch)?;
            (Layout::Rgb, Samples::U16(converted))
        }
        (Pixels::Ink(samples), None) => (Layout::Rgb, ink_by_formula(&samples)),
        (Pixels::Written, _) => return Ok(None),
    };
    Ok(Some(Image::new(size, layout, samples, plan.space)))
}

/// Converts to [`ColorSpace::wide`] at 16 bit, a band of rows at a time.
fn through(
    profile: &ColorProfile,
    samples: &Samples,
    (from, to): (CmsLayout, CmsLayout),
    size: Size,
    watch: &Watch<'_>,
) -> Result<Vec<u16>, CodecError> {
    const BAND_ROWS: usize = 32;
    let unusable = |error: moxcms::CmsError| {
        CodecError::unsupported(format!("the colour profile cannot be applied: {error}"))
    };
    let options = TransformOptions {
        rendering_intent: RenderingIntent::RelativeColorimetric,
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    let wide = profile_of(&ColorSpace::wide());
    let transform = profile
        .create_transform_16bit(from, &wide, to, options)
        .map_err(unusable)?;
    let width = size.width as usize;
    let n_in = width * from.channels() * BAND_ROWS;
    let n_out = width * to.channels() * BAND_ROWS;
    let mut out = vec![0_u16; size.area() as usize * to.channels()];
    let n_bands = out.len().div_ceil(n_out.max(1));
    let mut band_in = Vec::with_capacity(n_in);
    for (i, band_out) in out.chunks_mut(n_out.max(1)).enumerate() {
        let start = i * n_in;
        let end = start + band_out.len() / to.channels() * from.channels();
        band_in.clear();
        match samples.as_ref() {
            SamplesRef::U8(all) => {
                band_in.extend(all[start..end].iter().map(|&s| u16::from(s) * 257));
            }
            SamplesRef::U16(all) => band_in.extend_from_slice(&all[start..end]),
        }
        transform.transform(&band_in, band_out).map_err(unusable)?;
        watch.step(0.9 + 0.1 * (i as f32 / n_bands as f32))?;
    }
    Ok(out)
}

/// `R = (1 − C)(1 − K)` and so on, read as sRGB, at the same depth: the rule PostScript gives
/// devices without a profile (PLRM 3, 7.2.4), in its multiplying form.
fn ink_by_formula(ink: &Samples) -> Samples {
    match ink.as_ref() {
        SamplesRef::U8(ink) => Samples::U8(
            ink.chunks_exact(4)
                .flat_map(|px| {
                    let paper = 255 - u32::from(px[3]);
                    [px[0], px[1], px[2]]
                        .map(|c| (((255 - u32::from(c)) * paper + 127) / 255) as u8)
                })
                .collect(),
        ),
        SamplesRef::U16(ink) => Samples::U16(
            ink.chunks_exact(4)
                .flat_map(|px| {
                    let paper = 65535 - u64::from(px[3]);
                    [px[0], px[1], px[2]]
                        .map(|c| (((65535 - u64::from(c)) * paper + 32767) / 65535) as u16)
                })
                .collect(),
        ),
    }
}
