//! Profiles are honoured: against moxcms's own transformation, and by the pictures made to show it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::sync::Arc;

use moxcms::{ColorProfile, Layout as CmsLayout, RenderingIntent, TransformOptions};
use parallax::codecs::metadata::{icc, icc_write};
use parallax::codecs::{DecodeRequest, Limits, Note, Watch, decode};
use parallax::pixels::color::{ColorSpace, apply3, inverse3};
use parallax::pixels::image::{Image, SamplesRef};

use support::corpus;

fn open(path: &Path) -> Image {
    let request = DecodeRequest {
        bytes: Arc::new(std::fs::read(path).unwrap()),
        limits: Limits::default(),
    };
    let decoded = decode(&request, &Watch::NONE).unwrap();
    let is_bad = |note: &Note| matches!(note, Note::MetadataDropped { .. });
    assert!(
        !decoded.notes.iter().any(is_bad),
        "{}: {:?}",
        path.display(),
        decoded.notes
    );
    decoded.image
}

/// Linear light with sRGB primaries, not clipped.
fn linear_srgb(image: &Image) -> Vec<[f64; 3]> {
    let n = image.layout.channels();
    let encoded: Vec<f64> = match image.samples.as_ref() {
        SamplesRef::U8(s) => s.iter().map(|s| f64::from(*s) / 255.0).collect(),
        SamplesRef::U16(s) => s.iter().map(|s| f64::from(*s) / 65535.0).collect(),
    };
    let from_working = inverse3(&ColorSpace::srgb().to_working);
    let space = &image.color;
    encoded
        .chunks_exact(n)
        .map(|px| {
            let rgb = if n < 3 {
                [px[0]; 3]
            } else {
                [px[0], px[1], px[2]]
            };
            let linear = std::array::from_fn(|c| space.curves[c].to_linear(rgb[c]));
            apply3(&from_working, apply3(&space.to_working, linear))
        })
        .collect()
}

fn to_srgb8(linear: [f64; 3]) -> [f64; 3] {
    let curve = ColorSpace::srgb().curves[0].clone();
    linear.map(|c| curve.to_encoded(c.clamp(0.0, 1.0)) * 255.0)
}

/// The largest difference to moxcms, as a share of the encoded range, over a grid of colours.
fn worst_against_moxcms(bytes: &[u8], space: &ColorSpace) -> f64 {
    let source = ColorProfile::new_from_slice(bytes).unwrap();
    let target = icc_write::profile_of(&ColorSpace::wide());
    let options = TransformOptions {
        rendering_intent: RenderingIntent::RelativeColorimetric,
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    let transform = source
        .create_transform_16bit(CmsLayout::Rgb, &target, CmsLayout::Rgb, options)
        .unwrap();
    let wide = ColorSpace::wide();
    let mut worst = 0.0_f64;
    for i in 0..729_u32 {
        let px = [i % 9, i / 9 % 9, i / 81].map(|step| (step * 65535 / 8) as u16);
        let mut theirs = [0_u16; 3];
        transform.transform(&px, &mut theirs).unwrap();
        let linear = std::array::from_fn(|c| space.curves[c].to_linear(f64::from(px[c]) / 65535.0));
        let ours =
            apply3(&space.to_working, linear).map(|c| wide.curves[0].to_encoded(c.clamp(0.0, 1.0)));
        for (ours, theirs) in ours.iter().zip(theirs) {
            worst = worst.max((ours - f64::from(theirs) / 65535.0).abs());
        }
    }
    worst
}

#[test]
fn matrix_profiles_agree_with_moxcms() {
    let Some(folder) = corpus("icc/profiles") else {
        return;
    };
    let mut n_read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let bytes = std::fs::read(&path).unwrap();
        let samples = match name.as_str() {
            n if n.starts_with("sGrey") => icc::Samples::Gray,
            n if n.starts_with("CGATS") => icc::Samples::Cmyk,
            _ => icc::Samples::Rgb,
        };
        n_read += 1;
        match icc::read(&bytes, samples).unwrap() {
            icc::Meaning::Table { .. } => assert_eq!(samples, icc::Samples::Cmyk, "{name}"),
            icc::Meaning::Space(space) if samples == icc::Samples::Gray => {
                let is_rough = name.ends_with("nano");
                assert!(
                    is_rough || space.same_meaning(&ColorSpace::srgb()),
                    "{name}"
                );
            }
            icc::Meaning::Space(space) => {
                let worst = worst_against_moxcms(&bytes, &space);
                eprintln!("{name}: {} worst {worst:.5}", space.name);
                assert!(worst < 0.004, "{name}: {worst}");
                // The "nano" profile is a rough sRGB on purpose.
                if name.starts_with("sRGB-") && !name.ends_with("nano") {
                    assert!(space.same_meaning(&ColorSpace::srgb()), "{name}");
                }
                if name.starts_with("DisplayP3-") {
                    assert!(space.same_meaning(&ColorSpace::display_p3()), "{name}");
                }
            }
        }
    }
    assert_eq!(n_read, 44, "every profile was read");
}

#[test]
fn the_same_photo_in_another_space_looks_the_same() {
    let Some(folder) = corpus("icc/raw.pixls") else {
        return;
    };
    for (other, srgb) in [
        (
            "DJI-FC6310-16bit_709_v4_krita",
            "DJI-FC6310-16bit_srgb8_v4_krita",
        ),
        (
            "Google-Pixel2XL-16bit_acescg_g1_v4_krita",
            "Google-Pixel2XL-16bit_srgb8_v4_krita",
        ),
        (
            "HUAWEI-EVA-L09-16bit_709_g1_dt",
            "HUAWEI-EVA-L09-16bit_srgb8_dt",
        ),
        ("Nikon-D300-12bit_2020_g1_dt", "Nikon-D300-12bit_srgb8_dt"),
        (
            "Sony-DSC-RX1RM2-14bit_709_v4_krita",
            "Sony-DSC-RX1RM2-14bit_srgb8_v4_krita",
        ),
    ] {
        let picture = |name: &str| linear_srgb(&open(&folder.join(format!("{name}.png"))));
        let (a, b) = (picture(other), picture(srgb));
        assert_eq!(a.len(), b.len());
        let pairs = a.iter().zip(&b).map(|(a, b)| (to_srgb8(*a), to_srgb8(*b)));
        let sum: f64 = pairs
            .flat_map(|(a, b)| (0..3).map(move |c| (a[c] - b[c]).abs()))
            .sum();
        let mean = sum / (3 * a.len()) as f64;
        eprintln!("{other}: mean difference {mean:.3} levels");
        assert!(mean < 1.0, "{other}: {mean}");
    }
}

#[test]
fn cmyk_through_its_profile_is_the_same_picture() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    let ours = linear_srgb(&open(&folder.join("jpeg/ycck.jpg")));
    let plain = linear_srgb(&open(&folder.join("jpeg-reference/ycck.png")));
    let luma = |px: &[f64; 3]| to_srgb8([0.2 * px[0] + 0.7 * px[1] + 0.1 * px[2]; 3])[0];
    let (a, b): (Vec<_>, Vec<_>) = (
        ours.iter().map(luma).collect(),
        plain.iter().map(luma).collect(),
    );
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let product = |x: &[f64], mx: f64, y: &[f64], my: f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum()
    };
    let correlation = product(&a, mean_a, &b, mean_b)
        / (product(&a, mean_a, &a, mean_a) * product(&b, mean_b, &b, mean_b)).sqrt();
    eprintln!("ycck: means {mean_a:.1} and {mean_b:.1}, correlation {correlation:.4}");
    assert!(correlation > 0.97 && (mean_a - mean_b).abs() < 30.0);
}

/// Each picture hides a pattern between colours that an sRGB screen cannot tell apart: it must be
/// there in linear light, beyond what sRGB holds.
#[test]
fn hidden_patterns_are_there() {
    let Some(folder) = corpus("icc/wide-gamut") else {
        return;
    };
    for name in ["P3-sRGB-red", "P3-sRGB-color-ring", "R2020-sRGB-color-bars"] {
        let linear = linear_srgb(&open(&folder.join(format!("{name}.png"))));
        let is_inside = |px: &&[f64; 3]| px.iter().all(|c| (-0.01..=1.01).contains(c));
        let n_inside = linear.iter().filter(is_inside).count();
        let share = n_inside as f64 / linear.len() as f64;
        eprintln!("{name}: {:.1} % within sRGB", share * 100.0);
        assert!((0.02..0.98).contains(&share), "{name}: {share}");
    }
}

#[test]
fn exchanged_channels_are_put_right() {
    let Some(folder) = corpus("icc/wide-gamut") else {
        return;
    };
    let image = open(&folder.join("rgb-to-gbr-test.png"));
    let column = |m: &[[f64; 3]; 3], j: usize| [m[0][j], m[1][j], m[2][j]];
    let srgb = ColorSpace::srgb().to_working;
    for j in 0..3 {
        let ours = column(&image.color.to_working, j);
        let near = |k: usize| {
            let theirs = column(&srgb, k);
            ours.iter().zip(theirs).all(|(a, b)| (a - b).abs() < 0.01)
        };
        assert!(!near(j) && (0..3).any(near), "column {j}: {ours:?}");
    }
}
