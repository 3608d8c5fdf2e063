//! A smooth curve through points that never turns where the points do not: for curves people draw.
//!
//! Cubic Hermite between the points, tangents after Fritsch and Carlson 1980 (limited to the circle of
//! radius 3), so that the curve rises wherever the points rise and never overshoots. Flat before the
//! first point and behind the last.

use crate::filters::curve_points::CurvePoints;

/// One segment: y gains `t·(c[0] + t·(c[1] + t·c[2]))`, t running from 0 to 1 between its points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub start: f64,
    pub width: f64,
    pub coefficients: [f64; 3],
}

/// The curve as a sum: what it starts at and what each segment adds.
#[derive(Debug, Clone, PartialEq)]
pub struct MonotoneCubic {
    pub first_y: f64,
    pub segments: Vec<Segment>,
}

impl MonotoneCubic {
    #[must_use]
    pub fn new(curve: &CurvePoints) -> Self {
        let points = curve.points();
        let tangents = tangents(points);
        let segment = |(pair, slopes): (&[[f64; 2]], &[f64])| {
            let (width, rise) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
            let (m0, m1) = (slopes[0] * width, slopes[1] * width);
            Segment {
                start: pair[0][0],
                width,
                coefficients: [m0, 3.0 * rise - 2.0 * m0 - m1, m0 + m1 - 2.0 * rise],
            }
        };
        Self {
            first_y: points[0][1],
            segments: points
                .windows(2)
                .zip(tangents.windows(2))
                .map(segment)
                .collect(),
        }
    }

    /// The curve's height over `x`.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        self.segments.iter().fold(self.first_y, |y, segment| {
            let t = ((x - segment.start) / segment.width).clamp(0.0, 1.0);
            let [c0, c1, c2] = segment.coefficients;
            y + t * (c0 + t * (c1 + t * c2))
        })
    }
}

/// Slopes at the points.
fn tangents(points: &[[f64; 2]]) -> Vec<f64> {
    let secants: Vec<f64> = points
        .windows(2)
        .map(|pair| (pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0]))
        .collect();
    let last = secants.len() - 1;
    let mut slopes: Vec<f64> = (0..points.len())
        .map(|idx| match idx {
            0 => secants[0],
            idx if idx > last => secants[last],
            idx if secants[idx - 1] * secants[idx] <= 0.0 => 0.0,
            idx => f64::midpoint(secants[idx - 1], secants[idx]),
        })
        .collect();
    for (idx, &secant) in secants.iter().enumerate() {
        if secant == 0.0 {
            slopes[idx] = 0.0;
            slopes[idx + 1] = 0.0;
            continue;
        }
        let (alpha, beta) = (slopes[idx] / secant, slopes[idx + 1] / secant);
        let square = alpha * alpha + beta * beta;
        if square > 9.0 {
            let scale = 3.0 / square.sqrt();
            slopes[idx] = scale * alpha * secant;
            slopes[idx + 1] = scale * beta * secant;
        }
    }
    slopes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cubic(points: &[[f64; 2]]) -> MonotoneCubic {
        MonotoneCubic::new(&CurvePoints::new(points).unwrap())
    }

    #[test]
    fn it_goes_through_its_points_and_is_flat_outside() {
        let points = [[0.1, 0.3], [0.2, 0.1], [0.5, 0.9], [0.9, 0.9]];
        let curve = cubic(&points);
        for [x, y] in points {
            assert!((curve.at(x) - y).abs() < 1e-12, "{x}");
        }
        assert_eq!(curve.at(0.0), 0.3);
        assert!((curve.at(1.0) - 0.9).abs() < 1e-12);
    }

    #[test]
    fn the_straight_curve_is_straight() {
        let curve = cubic(&[[0.0, 0.0], [0.3, 0.3], [1.0, 1.0]]);
        for i in 0..=100 {
            let x = f64::from(i) / 100.0;
            assert!((curve.at(x) - x).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn rising_points_make_a_rising_curve_without_overshoot() {
        let curve = cubic(&[
            [0.0, 0.0],
            [0.3, 0.02],
            [0.32, 0.9],
            [0.6, 0.91],
            [1.0, 1.0],
        ]);
        let heights: Vec<f64> = (0..=2000)
            .map(|i| curve.at(f64::from(i) / 2000.0))
            .collect();
        assert!(heights.windows(2).all(|pair| pair[1] >= pair[0] - 1e-12));
        assert!(heights.iter().all(|y| (-1e-12..=1.0 + 1e-12).contains(y)));
    }

    /// Against the Hermite basis written out, with tangents by hand.
    #[test]
    fn three_points_agree_with_the_hermite_basis() {
        let curve = cubic(&[[0.0, 0.0], [0.5, 0.7], [1.0, 1.0]]);
        // Secants 1.4 and 0.6: tangents 1.4, 1.0, 0.6.
        let (t, h): (f64, f64) = (0.4, 0.5);
        let h00 = 2.0 * t.powi(3) - 3.0 * t.powi(2) + 1.0;
        let h10 = t.powi(3) - 2.0 * t.powi(2) + t;
        let h01 = -2.0 * t.powi(3) + 3.0 * t.powi(2);
        let h11 = t.powi(3) - t.powi(2);
        let expected = h00 * 0.0 + h10 * h * 1.4 + h01 * 0.7 + h11 * h * 1.0;
        assert!((curve.at(0.2) - expected).abs() < 1e-12);
    }
}
