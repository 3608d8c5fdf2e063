//! The table against its formula in f64, and what a photographer expects of it.

use std::fmt::Write as _;

use super::*;
use crate::filters::asset::Asset;
use crate::filters::probe;
use crate::filters::value::Value;
use crate::pixels::color::{Curve, Primaries, apply3, inverse3};

type V3 = [f64; 3];

fn asset(side: usize, head: &str, color: impl Fn(V3) -> V3) -> Asset {
    let mut text = format!("LUT_3D_SIZE {side}\n{head}");
    for i in 0..side.pow(3) {
        let place = [i % side, i / side % side, i / side / side];
        let [r, g, b] = color(place.map(|at| at as f64 / (side - 1) as f64));
        writeln!(text, "{r} {g} {b}").unwrap();
    }
    Asset::of_bytes("/looks/test.cube", text.as_bytes()).unwrap()
}

fn values(asset: &Asset, intensity: f64) -> Values {
    Values::on_add(&SPEC)
        .with(FILE, Value::Asset(Some(asset.clone())))
        .with(INTENSITY, Value::Number(intensity))
}

/// Something that mixes channels and bends them.
fn film([r, g, b]: V3) -> V3 {
    [
        0.9 * r.powf(1.2) + 0.08 * g,
        0.04 + 0.9 * g * (0.7 + 0.3 * b),
        (0.2 * r + 0.7 * b).min(0.85),
    ]
}

/// The weights found by sorting the shares, for each corner of the cell.
fn tetrahedral(asset: &Asset, v: V3) -> V3 {
    let cube = asset.cube();
    let side = cube.side();
    let last = (side - 1) as f64;
    let place = v.map(|v| v.clamp(0.0, 1.0) * last);
    let cell = place.map(|at| at.floor().min(last - 1.0));
    let mut order: Vec<usize> = (0..3).collect();
    let share = |c: usize| place[c] - cell[c];
    order.sort_by(|a, b| share(*b).total_cmp(&share(*a)));
    let node = |at: V3| {
        let [r, g, b] = at.map(|at| at as usize);
        cube.nodes()[r + side * (g + side * b)].map(f64::from)
    };
    let mut at = cell;
    let mut color = node(at);
    for c in order {
        let before = node(at);
        at[c] += 1.0;
        let after = node(at);
        color = std::array::from_fn(|k| color[k] + share(c) * (after[k] - before[k]));
    }
    color
}

fn reference(asset: &Asset, intensity: f64, rgb: V3) -> V3 {
    let xyz = apply3(&Primaries::REC2020.to_xyz(), rgb);
    let srgb = apply3(&inverse3(&Primaries::REC709.to_xyz()), xyz).map(|c| c.max(0.0));
    let most = srgb.iter().copied().fold(1.0, f64::max);
    let v = srgb.map(|c| Curve::SRGB.to_encoded(c / most));
    let found = tetrahedral(asset, v);
    let mixed: V3 = std::array::from_fn(|c| v[c] + intensity / 100.0 * (found[c] - v[c]));
    let light = mixed.map(|v| Curve::SRGB.to_linear(v.abs()).copysign(v) * most);
    let xyz = apply3(&Primaries::REC709.to_xyz(), light);
    apply3(&inverse3(&Primaries::REC2020.to_xyz()), xyz)
}

#[test]
fn agrees_with_the_formula() {
    for (side, intensity) in [(2, 100.0), (17, 100.0), (33, 40.0)] {
        let asset = asset(side, "", film);
        let values = values(&asset, intensity);
        probe::agrees_on(&Lut, &values, |rgb| reference(&asset, intensity, rgb));
        probe::stays_finite_on(&Lut, &values);
        let kernel = LookUp::new(asset.cube(), intensity);
        probe::same_bits_of(
            #[inline(always)]
            |row| kernel.sweep(row),
        );
    }
}

#[test]
fn a_table_of_no_effect_changes_nothing_even_above_white() {
    let none = values(&asset(9, "", |rgb| rgb), 100.0);
    let kernel = probe::kernel(&Lut, &none, &probe::FRAME);
    let inside = [
        [0.0; 3],
        [0.18; 3],
        [0.5, 0.4, 0.3],
        [1.0; 3],
        [6.0, 5.0, 4.0],
    ];
    let out = probe::render(kernel.as_ref(), &inside, 0, 0);
    for (got, was) in out.iter().flatten().zip(inside.iter().flatten()) {
        assert!((got - was).abs() < 1e-5 * was.max(1.0), "{got} {was}");
    }
}

#[test]
fn the_file_s_domain_is_its_own() {
    // Twice the range, same colours: every node stands for half as much.
    let head = "DOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2\n";
    let wide = asset(9, head, |rgb| rgb.map(|c| 2.0 * c));
    let kernel = probe::kernel(&Lut, &values(&wide, 100.0), &probe::FRAME);
    let [r, g, b] = probe::render(kernel.as_ref(), &[[0.3, 0.2, 0.1]], 0, 0)[0];
    assert!((r - 0.3).abs() < 1e-5 && (g - 0.2).abs() < 1e-5 && (b - 0.1).abs() < 1e-5);
}

#[test]
fn greys_get_no_tint_from_a_table_that_keeps_them() {
    // Colours bent wildly, greys kept: on the grey axis only its own nodes count.
    let table = asset(5, "", |[r, g, b]| {
        if r == g && g == b {
            [r, g, b]
        } else {
            [1.0 - g, b * b, 0.3]
        }
    });
    let kernel = probe::kernel(&Lut, &values(&table, 100.0), &probe::FRAME);
    for i in 0..200 {
        let grey = i as f32 / 199.0;
        let [r, g, b] = probe::render(kernel.as_ref(), &[[grey; 3]], 0, 0)[0];
        let spread = (r - grey).abs() + (g - grey).abs() + (b - grey).abs();
        assert!(spread < 2e-3, "{grey}: {r} {g} {b}");
    }
}

#[test]
fn without_a_file_it_is_dropped_and_content_survives_the_way_to_workers() {
    assert!(Values::on_add(&SPEC).is_identity(&SPEC));
    let sent = values(&asset(5, "", film), 70.0);
    assert!(!sent.is_identity(&SPEC));
    let bytes = postcard::to_allocvec(&sent).unwrap();
    let received: Values = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(received, sent);
    let nodes = |values: &Values| values.asset(FILE).unwrap().cube().nodes().clone();
    assert_eq!(nodes(&received), nodes(&sent));
}
