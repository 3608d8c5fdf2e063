//! Round trips over every code, and the pipeline's ends against the formulas.

use super::*;
use crate::pixels::color::{ColorSpace, Curve};
use crate::pixels::geometry::Rect;
use crate::pixels::image::{Depth, Layout, SamplesMut, SamplesRef};
use crate::pixels::tile::Tile;

fn spaces() -> Vec<ColorSpace> {
    let table: std::sync::Arc<[f32]> = (0..1024).map(|i| (i as f32 / 1023.0).powf(1.9)).collect();
    let mut odd = ColorSpace::display_p3();
    odd.curves = [Curve::gamma(2.2), Curve::Table(table), Curve::SRGB];
    vec![
        ColorSpace::srgb(),
        ColorSpace::display_p3(),
        ColorSpace::wide(),
        odd,
    ]
}

fn round_trip_u16(space: &ColorSpace, layout: Layout, samples: &[u16]) -> Vec<u16> {
    let n = samples.len() / layout.channels();
    let mut tile = Tile::new(Rect::new(0, 0, n as u32, 1), 4);
    let mut row = tile.color_row_mut(0);
    Decoder::new(space, layout, Depth::Sixteen).row(SamplesRef::U16(samples), n, &mut row);
    let format = OutputFormat {
        layout,
        depth: Depth::Sixteen,
        color: space.clone(),
        dither: false,
    };
    let mut out = vec![0; samples.len()];
    Encoder::new(format).row(&mut row, n, SamplesMut::U16(&mut out));
    out
}

#[test]
fn every_16_bit_code_comes_back_within_one_step() {
    // f32 carries 24 bits, and three channels are mixed twice: the last of 16 bits may move. Curves
    // without a straight part at black (a bare power) resolve more than f32 near zero: not asked.
    for space in spaces()
        .into_iter()
        .filter(|space| space.curves[0] == Curve::SRGB)
    {
        for offset in [0_u16, 20_000, 50_000] {
            let samples: Vec<u16> = (0..=u16::MAX)
                .flat_map(|code| [code, code.wrapping_add(offset), code.wrapping_mul(7), code])
                .collect();
            let out = round_trip_u16(&space, Layout::Rgba, &samples);
            let worst = (0..samples.len())
                .max_by_key(|&i| samples[i].abs_diff(out[i]))
                .unwrap();
            let pixel = worst / 4 * 4..worst / 4 * 4 + 4;
            let (before, after) = (&samples[pixel.clone()], &out[pixel]);
            assert!(
                samples[worst].abs_diff(out[worst]) <= 1,
                "{} {before:?} {after:?}",
                space.name
            );
        }
    }
}

#[test]
fn every_8_bit_code_comes_back_exactly() {
    for space in spaces() {
        for layout in [Layout::Gray, Layout::GrayAlpha, Layout::Rgb, Layout::Rgba] {
            let samples: Vec<u8> = (0..=255_u32)
                .flat_map(|code| {
                    (0..layout.channels() as u32).map(move |c| (code * (1 + 6 * c) % 256) as u8)
                })
                .collect();
            let n = 256;
            let mut tile = Tile::new(Rect::new(0, 0, n as u32, 1), 4);
            let mut row = tile.color_row_mut(0);
            Decoder::new(&space, layout, Depth::Eight).row(SamplesRef::U8(&samples), n, &mut row);
            let format = OutputFormat {
                layout,
                depth: Depth::Eight,
                color: space.clone(),
                dither: false,
            };
            let mut out = vec![0; samples.len()];
            Encoder::new(format).row(&mut row, n, SamplesMut::U8(&mut out));
            assert_eq!(samples, out, "{} {layout:?}", space.name);
        }
    }
}

#[test]
fn a_display_p3_red_is_outside_srgb_and_inside_rec2020() {
    let mut tile = Tile::new(Rect::new(0, 0, 1, 1), 3);
    let mut row = tile.color_row_mut(0);
    Decoder::new(&ColorSpace::display_p3(), Layout::Rgb, Depth::Eight).row(
        SamplesRef::U8(&[255, 0, 0]),
        1,
        &mut row,
    );
    assert!(
        (row.r[0] - 0.753_833).abs() < 1e-4 && row.g[0] > 0.0,
        "{row:?}"
    );
    assert!(row.b[0].abs() < 2e-3);
    let format = OutputFormat {
        layout: Layout::Rgb,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    let mut out = [0; 3];
    Encoder::new(format).row(&mut row, 1, SamplesMut::U8(&mut out));
    assert_eq!(out, [255, 0, 0]);
}

#[test]
fn dither_is_fair_and_depends_on_the_position_alone() {
    let encode = |x: u32| {
        let mut tile = Tile::new(Rect::new(x, 7, 4096, 1), 3);
        tile.data_mut().fill(0.2);
        let format = OutputFormat {
            layout: Layout::Rgb,
            depth: Depth::Eight,
            color: ColorSpace::srgb(),
            dither: true,
        };
        let mut out = vec![0; 4096 * 3];
        let encoder = Encoder::new(format);
        encoder.row(&mut tile.color_row_mut(0), 4096, SamplesMut::U8(&mut out));
        out
    };
    let all = encode(0);
    assert_eq!(all[300..], encode(100)[..all.len() - 300]);
    let mean = all.iter().map(|v| f64::from(*v)).sum::<f64>() / all.len() as f64;
    let exact = ColorSpace::srgb().curves[0].to_encoded(0.2) * 255.0;
    assert!((mean - exact).abs() < 0.05, "{mean} {exact}");
}

#[test]
fn nan_and_infinity_become_samples() {
    let mut tile = Tile::new(Rect::new(0, 0, 4, 1), 3);
    for (value, bad) in tile
        .data_mut()
        .iter_mut()
        .zip([f32::NAN, f32::INFINITY, f32::NEG_INFINITY].iter().cycle())
    {
        *value = *bad;
    }
    let format = OutputFormat {
        layout: Layout::Gray,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    let mut out = [7; 4];
    Encoder::new(format).row(&mut tile.color_row_mut(0), 4, SamplesMut::U8(&mut out));
    assert!(out.iter().all(|v| *v == 0 || *v == 255), "{out:?}");
}

/// Three different curves and every code in every channel: bytes are looked up 64 at once where the
/// machine can, and the rest of a row one by one; with alpha always one by one.
#[test]
fn look_ups_in_registers_find_the_floats_of_the_table() {
    let space = spaces().remove(3);
    for n in [1_usize, 63, 64, 65, 127, 128, 300, 1000] {
        let rgb: Vec<u8> = (0..n * 3).map(|i| (i * 151 + i / 256) as u8).collect();
        let rgba: Vec<u8> = rgb
            .as_chunks::<3>()
            .0
            .iter()
            .flat_map(|[r, g, b]| [*r, *g, *b, 255])
            .collect();
        let decode = |layout: Layout, samples: &[u8]| {
            let mut tile = Tile::new(Rect::new(0, 0, n as u32, 1), 4);
            let decoder = Decoder::new(&space, layout, Depth::Eight);
            decoder.row(SamplesRef::U8(samples), n, &mut tile.color_row_mut(0));
            let bits = |plane: usize| -> Vec<u32> {
                tile.row(plane, 0).iter().map(|x| x.to_bits()).collect()
            };
            [bits(0), bits(1), bits(2)]
        };
        assert_eq!(
            decode(Layout::Rgb, &rgb),
            decode(Layout::Rgba, &rgba),
            "{n} pixels"
        );
    }
}
