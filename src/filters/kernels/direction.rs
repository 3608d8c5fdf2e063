//! The direction an angle points in, with the same bits on every machine.

use crate::pixels::math::sin_cos_pi_f64;

/// Cosine and sine of `degrees`, exact at multiples of 90; error below 2e-15.
#[must_use]
pub fn direction(degrees: f64) -> [f64; 2] {
    let (sin, cos) = sin_cos_pi_f64(degrees / 180.0);
    [cos, sin]
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
