//! Bands: the same bytes from any number of threads, and the pixels of a file made in one piece by
//! jpeg-encoder, whose arithmetic ours must be to the bit.

use std::io::Cursor;
use std::sync::Arc;

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

use super::*;
use crate::codecs::metadata::Metadata;
use crate::codecs::{DecodeRequest, Limits, Watch, decode};
use crate::pixels::color::ColorSpace;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Image, Layout, Samples};

const LAYOUTS: [Layout; 4] = [Layout::Gray, Layout::GrayAlpha, Layout::Rgb, Layout::Rgba];
const SUBSAMPLINGS: [(Subsampling, SamplingFactor); 3] = [
    (Subsampling::S444, SamplingFactor::R_4_4_4),
    (Subsampling::S422, SamplingFactor::R_4_2_2),
    (Subsampling::S420, SamplingFactor::R_4_2_0),
];

/// Slopes with noise on them, noise alone, and plain stretches.
fn picture(size: Size, layout: Layout, depth: Depth) -> Image {
    let n = layout.channels();
    let mut state = 7_u32;
    let mut value = |i: usize| {
        let (px, c) = (i / n, i % n);
        let (x, y) = (px % size.width as usize, px / size.width as usize);
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 16) as usize;
        match (x / 50 + y / 40) % 3 {
            0 => noise,
            1 => (x * 190 + y * (70 + c) + noise / 64) % 65_536,
            _ => 20_000 + 9_000 * c,
        }
    };
    let indices = 0..size.area() as usize * n;
    let samples = match depth {
        Depth::Eight => Samples::U8(indices.map(|i| (value(i) >> 8) as u8).collect()),
        Depth::Sixteen => Samples::U16(indices.map(|i| value(i) as u16).collect()),
    };
    Image::new(size, layout, samples, Arc::new(ColorSpace::srgb()))
}

fn encoded(n_workers: usize, format: EncodeFormat, image: &Image) -> Vec<u8> {
    let metadata = Metadata::default();
    let request = EncodeRequest {
        format,
        image,
        metadata: &metadata,
        icc: None,
    };
    let mut out = Cursor::new(Vec::new());
    encode_on(n_workers, &request, &mut out, &Watch::NONE).unwrap();
    out.into_inner()
}

fn decoded(bytes: Vec<u8>) -> Image {
    let request = DecodeRequest {
        bytes: Arc::new(bytes),
        limits: Limits::default(),
    };
    let decoded = decode(&request, &Watch::NONE).unwrap();
    assert!(decoded.notes.is_empty(), "{:?}", decoded.notes);
    decoded.image
}

#[test]
fn any_number_of_threads_writes_the_same_bytes() {
    let size = Size::new(531, 1101);
    for layout in LAYOUTS {
        for depth in [Depth::Eight, Depth::Sixteen] {
            let image = picture(size, layout, depth);
            let jpeg = SUBSAMPLINGS.map(|(subsampling, _)| EncodeFormat::Jpeg {
                quality: 85,
                subsampling,
            });
            let jpeg = jpeg.into_iter().filter(|_| depth == Depth::Eight);
            for format in jpeg.chain([EncodeFormat::Png, EncodeFormat::Tiff]) {
                let alone = encoded(1, format, &image);
                for n_workers in [2, 7] {
                    let same = encoded(n_workers, format, &image) == alone;
                    assert!(same, "{format:?} {layout:?} {depth:?} {n_workers}");
                }
            }
        }
    }
}

#[test]
fn png_and_tiff_give_back_every_sample_of_every_band() {
    for (width, height) in [(1, 1), (17, 3), (65_535, 1), (1, 3001), (333, 2049)] {
        for layout in LAYOUTS {
            for depth in [Depth::Eight, Depth::Sixteen] {
                let image = picture(Size::new(width, height), layout, depth);
                for format in [EncodeFormat::Png, EncodeFormat::Tiff] {
                    let back = decoded(encoded(2, format, &image));
                    let same = back.samples == image.samples && back.layout == layout;
                    assert!(same, "{format:?} {layout:?} {depth:?} {width} x {height}");
                }
            }
        }
    }
}

/// The same settings in one call of the library.
fn jpeg_in_one_piece(image: &Image, quality: u8, sampling: SamplingFactor) -> Vec<u8> {
    let Samples::U8(samples) = &image.samples else {
        panic!("eight bits");
    };
    let color = match image.layout {
        Layout::Gray => ColorType::Luma,
        _ => ColorType::Rgb,
    };
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, quality);
    encoder.set_sampling_factor(sampling);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    let (width, height) = (image.size.width as u16, image.size.height as u16);
    encoder.encode(samples, width, height, color).unwrap();
    file
}

/// The second bytes of the restart markers, in order, and how many MCUs lie between them.
fn restarts(file: &[u8]) -> (Vec<u8>, Option<u16>) {
    let interval = file.windows(4).position(|w| w == [0xFF, 0xDD, 0, 4]);
    let interval = interval.map(|at| u16::from_be_bytes([file[at + 4], file[at + 5]]));
    let scan = file.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
    let markers = file[scan..].windows(2);
    let markers = markers.filter(|w| w[0] == 0xFF && (0xD0..0xD8).contains(&w[1]));
    (markers.map(|w| w[1]).collect(), interval)
}

#[test]
fn a_banded_jpeg_has_the_pixels_of_one_in_one_piece() {
    let sizes = [(1, 1), (17, 3), (3000, 1), (1, 801), (2050, 1203)];
    for (width, height) in sizes {
        for layout in [Layout::Gray, Layout::Rgb] {
            let image = picture(Size::new(width, height), layout, Depth::Eight);
            for (subsampling, sampling) in SUBSAMPLINGS {
                let quality = 90;
                let format = EncodeFormat::Jpeg {
                    quality,
                    subsampling,
                };
                let file = encoded(2, format, &image);
                let whole = jpeg_in_one_piece(&image, quality, sampling);
                let is_banded = width * height > 1 << 18;
                assert_eq!(restarts(&file).1.is_some(), is_banded);
                assert!(is_banded || file == whole);
                let same = decoded(file).samples == decoded(whole).samples;
                assert!(same, "{layout:?} {subsampling:?} {width} x {height}");
            }
        }
    }
}

#[test]
fn restart_markers_count_to_eight_and_fit_the_widest_picture() {
    let image = picture(Size::new(65_535, 77), Layout::Gray, Depth::Eight);
    let file = encoded(2, EncodeFormat::JPEG, &image);
    let (markers, interval) = restarts(&file);
    assert_eq!(interval, Some(8192));
    assert!(markers.iter().copied().eq((0..9).map(|i| 0xD0 | (i % 8))));
    let whole = jpeg_in_one_piece(&image, 92, SamplingFactor::R_4_4_4);
    assert!(decoded(file).samples == decoded(whole).samples);
}

#[test]
fn a_jpeg_with_transparency_is_that_of_the_picture_over_white() {
    let size = Size::new(700, 800);
    for (layout, flat) in [
        (Layout::Rgba, Layout::Rgb),
        (Layout::GrayAlpha, Layout::Gray),
    ] {
        let image = picture(size, layout, Depth::Eight);
        let Samples::U8(samples) = &image.samples else {
            panic!("eight bits");
        };
        let over_white = samples.chunks_exact(layout.channels()).flat_map(|px| {
            let (alpha, colors) = px.split_last().unwrap();
            let share = f64::from(*alpha) / 255.0;
            let over = move |c: &u8| (f64::from(*c) * share + 255.0 * (1.0 - share)).round() as u8;
            colors.iter().map(over).collect::<Vec<_>>()
        });
        let over_white = Samples::U8(over_white.collect());
        let flat = Image::new(size, flat, over_white, image.color.clone());
        let format = EncodeFormat::JPEG;
        assert!(encoded(3, format, &image) == encoded(1, format, &flat));
    }
}
