//! Small pictures made by arithmetic, written and read by a library that is not the program's room.

use std::path::Path;

use image::{DynamicImage, ImageBuffer, Luma, LumaA, Pixel, Rgb, Rgba};

/// Sides that are no multiple of any tile or vector.
pub(crate) const WIDTH: u32 = 83;
pub(crate) const HEIGHT: u32 = 61;

/// A value that differs everywhere and takes both ends of the range.
fn value(x: u32, y: u32, channel: u32) -> u16 {
    let mixed =
        (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_add(channel * 7919);
    match (x + y) % 11 {
        0 => 0,
        1 => u16::MAX,
        _ => ((mixed >> 7) & 0xffff) as u16,
    }
}

fn wide<P: Pixel<Subpixel = u16>>(width: u32, height: u32) -> ImageBuffer<P, Vec<u16>> {
    let channels = u32::from(P::CHANNEL_COUNT);
    ImageBuffer::from_fn(width, height, |x, y| {
        let samples: Vec<u16> = (0..channels).map(|channel| value(x, y, channel)).collect();
        *P::from_slice(&samples)
    })
}

fn narrow<P: Pixel<Subpixel = u8>>(width: u32, height: u32) -> ImageBuffer<P, Vec<u8>> {
    let channels = u32::from(P::CHANNEL_COUNT);
    ImageBuffer::from_fn(width, height, |x, y| {
        let samples: Vec<u8> = (0..channels)
            .map(|channel| (value(x, y, channel) >> 8) as u8)
            .collect();
        *P::from_slice(&samples)
    })
}

/// One picture of every layout and depth, by name.
pub(crate) fn every_form() -> Vec<(&'static str, DynamicImage)> {
    let (w, h) = (WIDTH, HEIGHT);
    vec![
        ("gray8", DynamicImage::ImageLuma8(narrow::<Luma<u8>>(w, h))),
        (
            "graya8",
            DynamicImage::ImageLumaA8(narrow::<LumaA<u8>>(w, h)),
        ),
        ("rgb8", rgb8(w, h)),
        ("rgba8", DynamicImage::ImageRgba8(narrow::<Rgba<u8>>(w, h))),
        ("gray16", DynamicImage::ImageLuma16(wide::<Luma<u16>>(w, h))),
        (
            "graya16",
            DynamicImage::ImageLumaA16(wide::<LumaA<u16>>(w, h)),
        ),
        ("rgb16", DynamicImage::ImageRgb16(wide::<Rgb<u16>>(w, h))),
        ("rgba16", DynamicImage::ImageRgba16(wide::<Rgba<u16>>(w, h))),
    ]
}

pub(crate) fn rgb8(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(narrow::<Rgb<u8>>(width, height))
}

/// Writes by the ending.
pub(crate) fn save(picture: &DynamicImage, path: &Path) {
    picture.save(path).unwrap();
}

pub(crate) fn open(path: &Path) -> DynamicImage {
    image::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A small photo for tests that are about something else.
pub(crate) fn photo_in(room: &super::room::Room) {
    save(&rgb8(WIDTH, HEIGHT), &room.path("in.png"));
}
