//! Round numbers for an axis, and places along it.

/// An axis from nought to a round number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    pub(super) end: f64,
    pub(super) step: f64,
}

impl Axis {
    /// Holds values up to `most` in four to eight steps of 1, 2 or 5 times a power of ten.
    pub(super) fn holding(most: f64) -> Self {
        let most = if most > 0.0 && most.is_finite() {
            most
        } else {
            1.0
        };
        let rough = most / 5.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|step| *step >= rough * 0.999)
            .unwrap_or(power * 10.0);
        Self {
            end: (most / step * 0.999).ceil().max(1.0) * step,
            step,
        }
    }

    pub(super) fn ticks(self) -> impl Iterator<Item = f64> {
        let n = (self.end / self.step).round() as u32;
        (0..=n).map(move |idx| f64::from(idx) * self.step)
    }

    /// 0…1 along the axis.
    pub(super) fn place(self, value: f64) -> f32 {
        (value / self.end) as f32
    }

    /// As many decimals as the steps need.
    pub(super) fn label(self, value: f64) -> String {
        let decimals = (-self.step.log10().floor()).max(0.0) as usize;
        format!("{value:.decimals$}")
    }
}
