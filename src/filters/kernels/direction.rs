//! The direction an angle points in, with the same bits on every machine.

/// Cosine and sine of `degrees`, exact at multiples of 90; error below 1e-15.
///
/// The angle is brought into ±45° by quarter turns, then both are summed as Taylor series.
#[must_use]
pub fn direction(degrees: f64) -> [f64; 2] {
    let quarters = (degrees / 90.0).round();
    let x = (degrees - 90.0 * quarters).to_radians();
    let x2 = x * x;
    let series = |first: f64| {
        // 1 − x²/(n(n+1)) · (1 − …), from the far end.
        (0..9).rev().fold(1.0, |sum, i| {
            let n = first + 2.0 * f64::from(i);
            1.0 - sum * x2 / (n * (n + 1.0))
        })
    };
    let (cos, sin) = (series(1.0), x * series(2.0));
    match (quarters as i64).rem_euclid(4) {
        0 => [cos, sin],
        1 => [-sin, cos],
        2 => [-cos, -sin],
        _ => [sin, -cos],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for i in -1440..=1440 {
            let degrees = f64::from(i) / 4.0;
            let (sin, cos) = degrees.to_radians().sin_cos();
            let [got_cos, got_sin] = direction(degrees);
            assert!((got_cos - cos).abs() < 2e-15, "{degrees}");
            assert!((got_sin - sin).abs() < 2e-15, "{degrees}");
        }
        assert_eq!(direction(90.0)[0], 0.0);
        assert_eq!(direction(-180.0)[1], 0.0);
    }
}
