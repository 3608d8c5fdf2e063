//! The circle of hues in eight bands, as photographers name them, and a smooth curve through a value a
//! band.
//!
//! Between the centres of two neighbours the curve is a smooth step from one value to the other, so a
//! band reaches to the centres of its neighbours and no farther, all shares add up to 1 everywhere, and
//! equal values give that value for every hue.

use crate::pixels::math::clamp;

pub const N_BANDS: usize = 8;

/// Hues of the bands' centres in Oklab, in degrees: pure red, skin and oranges, yellow, leaves, cyan,
/// sky and pure blue, violet, magenta.
pub const CENTRES: [f64; N_BANDS] = [25.0, 60.0, 100.0, 138.0, 195.0, 258.0, 303.0, 345.0];

/// A few values for each band, all interpolated at the same hue.
#[derive(Debug, Clone, Copy)]
pub struct Bands<const N: usize> {
    first: [f32; N],
    /// What the value gains from each centre to the next, all around.
    steps: [[f32; N]; N_BANDS],
    starts: [f32; N_BANDS],
    per_width: [f32; N_BANDS],
}

impl<const N: usize> Bands<N> {
    #[must_use]
    pub fn new(values: &[[f64; N]; N_BANDS]) -> Self {
        let next = |band: usize| (band + 1) % N_BANDS;
        let width = |band: usize| (CENTRES[next(band)] - CENTRES[band]).rem_euclid(360.0);
        Self {
            first: values[0].map(|value| value as f32),
            steps: std::array::from_fn(|band| {
                std::array::from_fn(|k| (values[next(band)][k] - values[band][k]) as f32)
            }),
            starts: std::array::from_fn(|band| (CENTRES[band] - CENTRES[0]) as f32),
            per_width: std::array::from_fn(|band| (1.0 / width(band)) as f32),
        }
    }

    /// The values at a hue of 0…360 degrees.
    #[inline(always)]
    #[must_use]
    pub fn at(&self, hue_degrees: f32) -> [f32; N] {
        let from_first = hue_degrees - CENTRES[0] as f32;
        let from_first = if from_first < 0.0 {
            from_first + 360.0
        } else {
            from_first
        };
        let mut values = self.first;
        for band in 0..N_BANDS {
            let t = clamp(
                (from_first - self.starts[band]) * self.per_width[band],
                0.0,
                1.0,
            );
            let share = t * t * (3.0 - 2.0 * t);
            for (value, step) in values.iter_mut().zip(self.steps[band]) {
                *value = share.mul_add(step, *value);
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_band(band: usize) -> Bands<1> {
        let mut values = [[0.0]; N_BANDS];
        values[band] = [1.0];
        Bands::new(&values)
    }

    #[test]
    fn each_band_is_full_at_its_centre_and_gone_at_its_neighbours() {
        for band in 0..N_BANDS {
            let bands = one_band(band);
            for (other, centre) in CENTRES.iter().enumerate() {
                let [share] = bands.at(*centre as f32);
                let expected = if other == band { 1.0 } else { 0.0 };
                assert!((share - expected).abs() < 1e-6, "{band} {other} {share}");
            }
        }
    }

    #[test]
    fn shares_add_up_to_one_and_have_no_seam() {
        let bands: Vec<_> = (0..N_BANDS).map(one_band).collect();
        let mut last = bands[0].at(359.999)[0];
        for i in 0..3600 {
            let hue = i as f32 / 10.0;
            let shares: Vec<f32> = bands.iter().map(|band| band.at(hue)[0]).collect();
            assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{hue}");
            assert!((shares[0] - last).abs() < 0.01, "{hue}");
            last = shares[0];
        }
    }
}
