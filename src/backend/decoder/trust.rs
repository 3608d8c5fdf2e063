//! What is believed of a decoder's words: nothing beyond what was asked for, and no number, length
//! or string that later work could stumble over.

use crate::backend::processes::message::harmless;
use crate::codecs::{Camera, CodecError, Limits, Note};
use crate::pixels::image::Depth;

use super::message::{Fault, HeaderReport};

/// More than there are kinds of notes.
const MAX_NOTES: usize = 64;

/// The header with all its strings made harmless.
///
/// # Errors
/// What about it cannot be, in words.
pub(super) fn believed(header: HeaderReport, limits: &Limits) -> Result<HeaderReport, String> {
    let HeaderReport {
        mut info,
        metadata,
        notes,
        mut color,
        is_color_embedded,
    } = header;
    let pixel_bytes = info.opening.layout.channels() * info.opening.depth.bytes();
    if info.size.is_empty() || limits.check(info.size, pixel_bytes as u64).is_err() {
        return Err("a size beyond its limits".to_owned());
    }
    if !(1..=64).contains(&info.bits) || !(1..=8).contains(&info.orientation) {
        return Err("bits or an orientation that do not exist".to_owned());
    }
    let is_within = |block: Option<&[u8]>, max: usize| block.is_none_or(|b| b.len() <= max);
    let all_within = is_within(metadata.exif.as_deref(), limits.max_exif_bytes)
        && is_within(metadata.xmp.as_deref(), limits.max_xmp_bytes)
        && is_within(metadata.icc.as_deref(), limits.max_icc_bytes);
    if !all_within || (is_color_embedded && metadata.icc.is_none()) {
        return Err("metadata beyond its limits".to_owned());
    }
    if !color.is_sound() {
        return Err("colours that cannot be computed with".to_owned());
    }
    color.name = harmless(&color.name);
    color.icc = metadata.icc.clone().filter(|_| is_color_embedded);
    let Camera {
        make,
        model,
        lens,
        taken,
        ..
    } = &mut info.camera;
    let opening = &mut info.opening;
    opening.color = harmless(&opening.color);
    let strings = [
        make,
        model,
        lens,
        taken,
        &mut info.profile,
        &mut opening.converted_from,
    ];
    for text in strings.into_iter().flatten() {
        *text = harmless(text);
    }
    Ok(HeaderReport {
        info,
        metadata,
        notes: believed_notes(notes)?,
        color,
        is_color_embedded,
    })
}

/// # Errors
/// When there are too many.
pub(super) fn believed_notes(mut notes: Vec<Note>) -> Result<Vec<Note>, String> {
    if notes.len() > MAX_NOTES {
        return Err(format!("{} notes", notes.len()));
    }
    for note in &mut notes {
        match note {
            Note::MetadataDropped { why: text, .. }
            | Note::Converted { from: text }
            | Note::ColorIgnored { what: text } => *text = harmless(text),
            Note::Damaged {
                percent_read: Some(percent),
            } => *percent = (*percent).min(100),
            Note::Damaged { percent_read: None }
            | Note::CmykByFormula
            | Note::DepthReduced { .. }
            | Note::AlphaUnmultiplied
            | Note::AlphaFlattened
            | Note::FirstFrameOnly => {}
        }
    }
    Ok(notes)
}

/// What the decoder says of the file, as if it had been decoded here.
pub(super) fn fault(fault: Fault) -> CodecError {
    /// Another process's error, of which only the words are left.
    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Told(String);

    match fault {
        Fault::Unrecognised => CodecError::Unrecognised,
        Fault::Unsupported(words) | Fault::Other(words) => {
            CodecError::Unsupported(harmless(&words))
        }
        Fault::Malformed { format, why } => CodecError::Malformed {
            format,
            source: Box::new(Told(harmless(&why))),
        },
        Fault::OverLimits(limit) => CodecError::OverLimits(limit),
    }
}

/// Bits a sample the memory is filled with; what a picture is read as.
pub(super) const fn depth(header: &HeaderReport) -> Depth {
    header.info.opening.depth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codecs::{Reading, Watch};
    use crate::pixels::color::{ColorSpace, Curve};
    use crate::pixels::geometry::Size;
    use std::sync::Arc;

    fn honest() -> HeaderReport {
        let mut file = b"P6 3 2 255\n".to_vec();
        file.extend_from_slice(&[9; 18]);
        let reading = Reading::open(&file, &Limits::default()).unwrap();
        let header = HeaderReport {
            info: reading.info().clone(),
            metadata: reading.metadata().clone(),
            notes: reading.notes().to_vec(),
            color: ColorSpace::clone(reading.color()),
            is_color_embedded: false,
        };
        assert!(reading.decode(&Watch::NONE).is_ok());
        header
    }

    #[test]
    fn an_honest_header_is_believed_as_it_is() {
        let header = honest();
        let limits = Limits::default();
        assert_eq!(believed(header.clone(), &limits), Ok(header));
    }

    #[test]
    fn no_lie_about_a_picture_is_believed() {
        type Lie = fn(&mut HeaderReport);
        let lies: [Lie; 8] = [
            |header| header.info.size = Size::new(u32::MAX, u32::MAX),
            |header| header.info.size = Size::new(0, 4),
            |header| header.info.size = Size::new(30_000, 30_000),
            |header| header.info.bits = 0,
            |header| header.info.orientation = 9,
            |header| header.metadata.exif = Some(vec![0; 100_000].into()),
            |header| header.is_color_embedded = true,
            |header| header.color.curves[0] = Curve::Table(Arc::from([0.5])),
        ];
        for (idx, lie) in lies.into_iter().enumerate() {
            let mut header = honest();
            lie(&mut header);
            assert!(believed(header, &Limits::default()).is_err(), "lie {idx}");
        }
        assert!(believed_notes(vec![Note::FirstFrameOnly; 1000]).is_err());
    }

    #[test]
    fn strings_cannot_steer_a_terminal() {
        let mut header = honest();
        header.info.camera.make = Some("a\x1b[2Jb".to_owned());
        header.color.name = "x".repeat(100_000);
        header.notes = vec![Note::Converted {
            from: "\u{202e}p".to_owned(),
        }];
        let header = believed(header, &Limits::default()).unwrap();
        assert_eq!(header.info.camera.make.as_deref(), Some("a[2Jb"));
        assert!(header.color.name.len() <= 4096);
        assert_eq!(
            header.notes[0].to_string(),
            "converted: p → Rec. 2020 16 bit"
        );
        let told = fault(Fault::Unsupported("\x07bell".to_owned()));
        assert_eq!(told.to_string(), "bell");
    }
}
