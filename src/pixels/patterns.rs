//! Pictures made from arithmetic, for tests and examples that must not depend on a file.

use std::sync::Arc;

use super::color::ColorSpace;
use super::geometry::Size;
use super::image::{Depth, Image, Layout, Samples};

/// Smooth gradients, hard edges and fine noise at once; every channel different, alpha (where the
/// layout has it) from clear to full.
#[must_use]
pub fn busy(size: Size, layout: Layout, depth: Depth) -> Image {
    let channels = layout.channels();
    let mut values = Vec::with_capacity(size.area() as usize * channels);
    for y in 0..size.height {
        for x in 0..size.width {
            for channel in 0..channels {
                let is_alpha = layout.has_alpha() && channel == channels - 1;
                values.push(busy_value(x, y, channel as u32, is_alpha, size));
            }
        }
    }
    let samples = match depth {
        Depth::Eight => Samples::U8(values.into_iter().map(|v| (v >> 8) as u8).collect()),
        Depth::Sixteen => Samples::U16(values),
    };
    Image::new(size, layout, samples, Arc::new(ColorSpace::srgb()))
}

fn busy_value(x: u32, y: u32, channel: u32, is_alpha: bool, size: Size) -> u16 {
    let across = x * 65_535 / size.width.max(1);
    if is_alpha {
        return across.min(65_535) as u16;
    }
    let down = y * 65_535 / size.height.max(1);
    let gradient = match channel {
        0 => across,
        1 => down,
        _ => 65_535 - u32::midpoint(across, down),
    };
    let mut noise = (x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77))
        .wrapping_add(channel.wrapping_mul(0xc2b2_ae3d));
    noise ^= noise >> 15;
    noise = noise.wrapping_mul(0x2c1b_3c6d) >> 19;
    let edge = if (x / 23 + y / 17).is_multiple_of(2) {
        9_000
    } else {
        0
    };
    (gradient * 6 / 8 + noise / 2 + edge).min(65_535) as u16
}
