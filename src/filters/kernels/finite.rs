//! Keeps what is not a number from spreading over a neighbourhood.

/// Beyond any light a photo holds, yet far from overflow in every kernel.
const LIMIT: f32 = 1.0e6;

/// `x` held to ±10⁶; NaN becomes 0.
#[inline(always)]
#[must_use]
pub fn finite(x: f32) -> f32 {
    let held = if x < LIMIT { x } else { LIMIT };
    let held = if held > -LIMIT { held } else { -LIMIT };
    // Last, for then it costs no instruction of its own.
    if x.is_nan() { 0.0 } else { held }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_finite_or_absurd_changes() {
        for x in [0.0, -0.25, 1.0, 999_999.0, f32::MIN_POSITIVE] {
            assert_eq!(finite(x), x);
        }
        assert_eq!(finite(f32::NAN), 0.0);
        assert_eq!(finite(f32::INFINITY), LIMIT);
        assert_eq!(finite(f32::NEG_INFINITY), -LIMIT);
    }
}
