//! The largest upright rectangle, of the frame's own aspect, that a warp leaves without empty corners.

use super::homography::Homography;
use super::layout::Warp;
use crate::pixels::geometry::Size;

/// Middle and half the relative size of a rectangle: it spans ± `t` · (width, height) / 2.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    middle: [f64; 2],
    t: f64,
}

/// An edge of the picture: inside are the points with n · p ≤ d.
#[derive(Debug, Clone, Copy)]
struct Edge {
    n: [f64; 2],
    d: f64,
}

/// `to_input` says where each point of an endless plane lies in the frame. Keeps the largest part of
/// the frame's aspect that shows nothing outside the frame, at the frame's own density of pixels in
/// its middle.
#[must_use]
pub fn cropped(to_input: &Homography, frame: Size) -> Warp {
    let (width, height) = (f64::from(frame.width), f64::from(frame.height));
    let best = match to_input.inverse() {
        Some(to_plane) => largest(&edges(&to_plane, [width, height]), [width, height]),
        None => Candidate {
            middle: [width / 2.0, height / 2.0],
            t: 1.0,
        },
    };
    let [ux, uy, vx, vy] = to_input.derivatives(best.middle);
    let density = (ux * vy - uy * vx).abs().sqrt().max(1e-6);
    let side = |length: f64| ((best.t * length * density + 1e-6).floor() as u32).max(1);
    let output_size = Size::new(side(width), side(height));
    let from_output = Homography::translation(best.middle[0], best.middle[1])
        .after(&Homography::scaling(1.0 / density, 1.0 / density))
        .after(&Homography::translation(
            -f64::from(output_size.width) / 2.0,
            -f64::from(output_size.height) / 2.0,
        ));
    Warp {
        to_input: to_input.after(&from_output),
        input_size: frame,
        output_size,
    }
}

fn edges(to_plane: &Homography, [width, height]: [f64; 2]) -> [Edge; 4] {
    let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
    let corners = corners.map(|corner| to_plane.apply(corner));
    let middle = to_plane.apply([width / 2.0, height / 2.0]);
    std::array::from_fn(|i| {
        let (a, b) = (corners[i], corners[(i + 1) % 4]);
        let along = [b[0] - a[0], b[1] - a[1]];
        let length = (along[0] * along[0] + along[1] * along[1])
            .sqrt()
            .max(1e-300);
        let n = [along[1] / length, -along[0] / length];
        let d = n[0] * a[0] + n[1] * a[1];
        let is_outward = n[0] * middle[0] + n[1] * middle[1] <= d;
        let sign = if is_outward { 1.0 } else { -1.0 };
        Edge {
            n: n.map(|value| sign * value),
            d: sign * d,
        }
    })
}

/// A linear programme in three unknowns: n · middle + t · reach ≤ d for each edge, t as large as can
/// be. Its best lies where three edges bind; of several equally good ones the mean is taken.
fn largest(edges: &[Edge; 4], [width, height]: [f64; 2]) -> Candidate {
    let rows = edges.map(|edge| {
        let reach = f64::midpoint(edge.n[0].abs() * width, edge.n[1].abs() * height);
        ([edge.n[0], edge.n[1], reach], edge.d)
    });
    let slack = 1e-7 * (width + height);
    let feasible: Vec<[f64; 3]> = (0..4)
        .filter_map(|left_out| {
            let kept: Vec<_> = (0..4).filter(|i| *i != left_out).map(|i| rows[i]).collect();
            solve(kept[0], kept[1], kept[2])
        })
        .filter(|p| {
            rows.iter()
                .all(|(a, d)| a[0] * p[0] + a[1] * p[1] + a[2] * p[2] <= d + slack)
        })
        .collect();
    let most = feasible.iter().map(|p| p[2]).fold(0.0, f64::max);
    let best: Vec<_> = feasible.iter().filter(|p| p[2] >= most - 1e-7).collect();
    let n = best.len().max(1) as f64;
    let mean = |i: usize| best.iter().map(|p| p[i]).sum::<f64>() / n;
    Candidate {
        middle: [mean(0), mean(1)],
        t: mean(2),
    }
}

type Row = ([f64; 3], f64);

/// Cramer's rule.
fn solve(a: Row, b: Row, c: Row) -> Option<[f64; 3]> {
    let determinant = |x: [f64; 3], y: [f64; 3], z: [f64; 3]| {
        x[0] * (y[1] * z[2] - y[2] * z[1]) - x[1] * (y[0] * z[2] - y[2] * z[0])
            + x[2] * (y[0] * z[1] - y[1] * z[0])
    };
    let whole = determinant(a.0, b.0, c.0);
    if whole.abs() < 1e-12 {
        return None;
    }
    let with = |row: Row, i: usize| {
        let mut values = row.0;
        values[i] = row.1;
        values
    };
    Some(std::array::from_fn(|i| {
        determinant(with(a, i), with(b, i), with(c, i)) / whole
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::math::sin_cos_pi_f64;

    fn turned(degrees: f64, [width, height]: [f64; 2]) -> Homography {
        let (s, c) = sin_cos_pi_f64(degrees / 180.0);
        let spin = Homography([c, s, 0.0, -s, c, 0.0, 0.0, 0.0, 1.0]);
        Homography::translation(width / 2.0, height / 2.0)
            .after(&spin)
            .after(&Homography::translation(-width / 2.0, -height / 2.0))
    }

    #[test]
    fn a_turned_frame_keeps_what_the_formula_says() {
        for (width, height) in [
            (600.0, 400.0),
            (400.0, 600.0),
            (500.0, 500.0),
            (900.0, 100.0),
        ] {
            for degrees in [0.0, 0.3, 5.0, 30.0, 45.0_f64] {
                let frame = Size::new(width as u32, height as u32);
                let warp = cropped(&turned(degrees, [width, height]), frame);
                let (s, c) = degrees.to_radians().sin_cos();
                let k = (width / (width * c + height * s)).min(height / (width * s + height * c));
                let got = [warp.output_size.width, warp.output_size.height];
                for (got, side) in got.into_iter().zip([width, height]) {
                    assert!((f64::from(got) - k * side).abs() <= 1.0, "{degrees} {got}");
                }
            }
        }
    }

    #[test]
    fn no_corner_is_empty_and_none_is_wasted() {
        let frame = Size::new(600, 400);
        for tilt in [-3e-4, 1e-4, 4e-4] {
            let lean = Homography([1.0, 0.02, -9.0, 0.01, 1.0, 4.0, tilt, tilt / 2.0, 1.0]);
            let warp = cropped(&lean, frame);
            let (w, h) = (warp.output_size.width, warp.output_size.height);
            let corners = [[0, 0], [w, 0], [0, h], [w, h]]
                .map(|corner| warp.to_input.apply(corner.map(f64::from)));
            let depth = |[x, y]: [f64; 2]| x.min(y).min(600.0 - x).min(400.0 - y);
            let least = corners.map(depth).into_iter().fold(f64::MAX, f64::min);
            assert!(least > -1e-3 && least < 1.5, "{tilt}: {least}");
        }
    }
}
