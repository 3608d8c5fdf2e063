//! Every file of the photo corpus through the codecs. Without the corpus the tests say so and pass.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use parallax::codecs::{CodecError, DecodeRequest, Decoded, Limits, Note, Watch, decode};
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Image, SamplesRef};

use support::corpus;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn decode_bytes(bytes: Vec<u8>) -> Result<Decoded, CodecError> {
    let request = DecodeRequest {
        bytes: Arc::new(bytes),
        limits: Limits::default(),
    };
    decode(&request, &Watch::NONE)
}

fn decode_path(path: &Path) -> Result<Decoded, CodecError> {
    decode_bytes(std::fs::read(path).unwrap())
}

/// Samples brought to 8 bits, four channels.
fn rgba8(image: &Image) -> Vec<u8> {
    let eight: Vec<u8> = match image.samples.as_ref() {
        SamplesRef::U8(samples) => samples.to_vec(),
        SamplesRef::U16(samples) => samples
            .iter()
            .map(|s| ((u32::from(*s) + 128) / 257) as u8)
            .collect(),
    };
    let n = image.layout.channels();
    eight
        .chunks_exact(n)
        .flat_map(|px| match n {
            1 => [px[0], px[0], px[0], 255],
            2 => [px[0], px[0], px[0], px[1]],
            3 => [px[0], px[1], px[2], 255],
            _ => [px[0], px[1], px[2], px[3]],
        })
        .collect()
}

fn worst_and_mean(a: &[u8], b: &[u8]) -> (u8, f64) {
    assert_eq!(a.len(), b.len());
    let differences = || a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    let sum: f64 = differences().map(f64::from).sum();
    (differences().max().unwrap_or(0), sum / a.len() as f64)
}

/// Formats and forms we refuse; everything else in the corpus must open.
const REFUSED: &[&str] = &[
    "12bit.cropped.rgb.tiff",
    "int16_rgb.tif",
    "int16_zstd.tif",
    "quad-lzw-compat.tiff",
];

#[test]
fn every_format_opens_or_is_refused_in_words() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    for path in files(&folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_foreign = path.extension().is_some_and(|e| e == "avif" || e == "jxl");
        let expects_refusal = is_foreign || REFUSED.contains(&name);
        match decode_path(&path) {
            Ok(decoded) => {
                assert!(!expects_refusal, "{name} opened");
                assert_eq!(decoded.header.size, decoded.image.size, "{name}");
                assert_eq!(
                    decoded.header.opening.layout, decoded.image.layout,
                    "{name}"
                );
                assert_eq!(
                    decoded.header.opening.depth,
                    decoded.image.depth(),
                    "{name}"
                );
                assert_eq!(
                    decoded.header.opening.color, decoded.image.color.name,
                    "{name}"
                );
                assert!(!is_damaged(&decoded), "{name}: {:?}", decoded.notes);
            }
            Err(error) => {
                assert!(expects_refusal, "{name}: {error}");
                assert!(
                    matches!(error, CodecError::Unsupported(_)),
                    "{name}: {error:?}"
                );
            }
        }
    }
}

fn is_damaged(decoded: &Decoded) -> bool {
    decoded
        .notes
        .iter()
        .any(|note| matches!(note, Note::Damaged { .. }))
}

/// A JPEG without its profile, so that the colours are what the coded numbers say.
fn without_icc(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes[..2].to_vec();
    let mut at = 2;
    while bytes[at + 1] != 0xDA {
        let length = 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        let segment = &bytes[at..at + length];
        if segment[1] != 0xE2 {
            out.extend_from_slice(segment);
        }
        at += length;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

#[test]
fn jpegs_agree_with_libjpeg() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    for reference in files(&folder.join("jpeg-reference")) {
        let stem = reference.file_stem().unwrap().to_str().unwrap();
        let mut bytes = std::fs::read(folder.join(format!("jpeg/{stem}.jpg"))).unwrap();
        if stem == "ycck" {
            bytes = without_icc(&bytes);
        }
        let ours = decode_bytes(bytes).unwrap();
        let theirs = decode_path(&reference).unwrap();
        assert_eq!(ours.image.size, theirs.image.size, "{stem}");
        let (worst, mean) = worst_and_mean(&rgba8(&ours.image), &rgba8(&theirs.image));
        eprintln!("{stem}: worst {worst}, mean {mean:.3}");
        assert!(
            worst <= 4 && mean < 0.5,
            "{stem}: worst {worst}, mean {mean:.3}"
        );
    }
}

/// An independent decode, of the same samples: the image crate's.
#[test]
fn other_formats_agree_with_the_image_crate() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    let mut n_compared = 0;
    for format in ["png", "tiff", "webp", "gif-bmp", "saturated"] {
        for path in files(&folder.join(format)) {
            let bytes = std::fs::read(&path).unwrap();
            let (Ok(ours), Ok(theirs)) =
                (decode_bytes(bytes.clone()), image::load_from_memory(&bytes))
            else {
                continue;
            };
            // These hold floats, CMYK or premultiplied alpha, which the crate reads in other ways.
            let is_plain = ours.notes.is_empty() && ours.header.opening.converted_from.is_none();
            if !is_plain || path.to_string_lossy().contains("ycbcr") {
                continue;
            }
            let theirs = theirs.to_rgba8().into_raw();
            let (worst, _) = worst_and_mean(&rgba8(&ours.image), &theirs);
            assert!(worst <= 1, "{}: {worst}", path.display());
            n_compared += 1;
        }
    }
    eprintln!("{n_compared} files agree");
    assert!(n_compared > 100);
}

#[test]
fn palettes_white_is_zero_and_planes_come_out_as_the_same_picture() {
    let Some(folder) = corpus("formats/tiff") else {
        return;
    };
    let picture = |name: &str| rgba8(&decode_path(&folder.join(name)).unwrap().image);
    // The same photograph in several storages; one bit a pixel is dithered, so only its mean is close.
    let mean = |bytes: &[u8]| bytes.iter().map(|b| f64::from(*b)).sum::<f64>() / bytes.len() as f64;
    let grey = picture("minisblack-1c-8b.tiff");
    assert!((mean(&grey) - mean(&picture("miniswhite-1c-1b.tiff"))).abs() < 12.0);
    assert!(worst_and_mean(&grey, &picture("minisblack-1c-16b.tiff")).0 <= 1);
    let color = picture("rgb-3c-8b.tiff");
    assert!(worst_and_mean(&color, &picture("rgb-3c-16b.tiff")).0 <= 1);
    assert!(worst_and_mean(&color, &picture("palette-1c-8b.tiff")).1 < 12.0);
    let tiled = picture("tiled-rgb-u8.tif");
    assert!(worst_and_mean(&tiled, &picture("planar-rgb-u8.tif")).0 <= 1);
    assert!(worst_and_mean(&tiled, &picture("tiled-jpeg-ycbcr.tif")).1 < 6.0);
}

#[test]
fn the_nine_orientations_come_out_upright_and_alike() {
    let Some(folder) = corpus("orientation") else {
        return;
    };
    let first = decode_path(&folder.join("Landscape_0.jpg")).unwrap();
    assert_eq!(
        first.header.orientation, 1,
        "0 is invalid and means upright"
    );
    for i in 0..=8 {
        let decoded = decode_path(&folder.join(format!("Landscape_{i}.jpg"))).unwrap();
        assert_eq!(decoded.image.size, Size::new(1800, 1200), "{i}");
        let (_, mean) = worst_and_mean(&rgba8(&first.image), &rgba8(&decoded.image));
        eprintln!("orientation {i}: mean difference {mean:.2}");
        assert!(mean < 5.0, "{i}: {mean}");
    }
}

#[test]
fn malformed_files_end_in_an_error_or_a_picture() {
    let Some(folder) = corpus("malformed") else {
        return;
    };
    for path in files(&folder) {
        let started = Instant::now();
        let outcome = decode_path(&path);
        let elapsed = started.elapsed();
        let text = outcome.map_or_else(|e| e.to_string(), |d| format!("opened {:?}", d.notes));
        eprintln!("{}: {text} ({} ms)", path.display(), elapsed.as_millis());
        assert!(elapsed.as_secs() < 10, "{}", path.display());
    }
}

#[test]
fn cut_files_end_in_an_error_or_are_called_damaged() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    for name in [
        "jpeg/mjpeg.jpg",
        "jpeg/progressive3.jpg",
        "jpeg/rgb.jpg",
        "png/basn6a16.png",
        "saturated/u76c0g_bliznaca_srgb8.png",
        "tiff/planar-rgb-u8.tif",
        "webp/1_webp_a.webp",
        "gif-bmp/V5_24_Bit.bmp",
        "gif-bmp/interlaced.gif",
    ] {
        let whole = std::fs::read(folder.join(name)).unwrap();
        for twentieths in 0..20 {
            let cut = whole[..whole.len() * twentieths / 20].to_vec();
            let once = decode_bytes(cut.clone());
            let Ok(decoded) = once else {
                continue;
            };
            assert!(
                is_damaged(&decoded),
                "{name} {twentieths}/20: {:?}",
                decoded.notes
            );
            let again = decode_bytes(cut).unwrap();
            assert_eq!(
                decoded.image.samples, again.image.samples,
                "{name} is not repeatable"
            );
        }
    }
}
