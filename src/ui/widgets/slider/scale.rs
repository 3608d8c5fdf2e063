//! Between a number and its place on the track, and between a number and the words for it.

use crate::filters::spec::{NumberSpec, Track};

/// 0…1 along the track. Radii spread as a square, so that the small ones have room.
pub(super) fn position_of(number: &NumberSpec, value: f64) -> f64 {
    let share = ((value - number.min) / (number.max - number.min)).clamp(0.0, 1.0);
    match number.track {
        Track::Fine => share.sqrt(),
        Track::Ratio => {
            (value.clamp(number.min, number.max) / number.min).ln() / ratio(number).ln()
        }
        Track::Plain | Track::Temperature | Track::Tint | Track::Hue | Track::Blend(_) => share,
    }
}

pub(super) fn value_at(number: &NumberSpec, position: f64) -> f64 {
    let share = match number.track {
        Track::Fine => position * position,
        Track::Ratio => {
            return rounded(number, number.min * ratio(number).powf(position));
        }
        Track::Plain | Track::Temperature | Track::Tint | Track::Hue | Track::Blend(_) => position,
    };
    rounded(number, number.min + (number.max - number.min) * share)
}

/// From the lower end to the upper, both above 0.
fn ratio(number: &NumberSpec) -> f64 {
    number.max / number.min
}

/// In range, at the digits people see; never a negative zero.
pub(super) fn rounded(number: &NumberSpec, value: f64) -> f64 {
    let digits = 10_f64.powi(number.decimals as i32);
    ((value * digits).round() / digits).clamp(number.min, number.max) + 0.0
}

/// One key press, wheel click or (finer) a tenth of it.
pub(super) fn stepped(number: &NumberSpec, value: f64, n_steps: f64, is_fine: bool) -> f64 {
    let smallest = 10_f64.powi(-(number.decimals as i32));
    let step = if is_fine {
        (number.step / 10.0).max(smallest)
    } else {
        number.step
    };
    rounded(number, value + n_steps * step)
}

/// "+0.70 EV", "−45", "1.2 px": with its sign where the range has both.
#[must_use]
pub fn format_value(number: &NumberSpec, value: f64) -> String {
    let value = rounded(number, value);
    let sign = if value < 0.0 {
        "−"
    } else if value > 0.0 && number.min < 0.0 {
        "+"
    } else {
        ""
    };
    let digits = format!("{sign}{:.*}", number.decimals, value.abs());
    number.unit.behind(&digits)
}

/// What a person typed, clamped to the range: a comma or a point, either minus, the unit or none.
pub(super) fn parse(number: &NumberSpec, text: &str) -> Option<f64> {
    let plain = text
        .trim()
        .trim_end_matches(number.unit.symbol())
        .trim()
        .replace('−', "-")
        .replace(',', ".");
    let value: f64 = plain.trim_start_matches('+').parse().ok()?;
    value.is_finite().then(|| rounded(number, value))
}

/// What a reset sets: where the parameter does nothing, or else what it starts with.
pub(super) fn neutral(number: &NumberSpec) -> f64 {
    number.identity.unwrap_or(number.on_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::spec::Unit;

    fn number(min: f64, max: f64, decimals: usize, unit: Unit, track: Track) -> NumberSpec {
        NumberSpec {
            min,
            max,
            step: 1.0,
            identity: Some(0.0),
            on_add: 0.0,
            unit,
            decimals,
            track,
        }
    }

    #[test]
    fn numbers_read_as_photographers_write_them() {
        let ev = number(-5.0, 5.0, 2, Unit::Ev, Track::Plain);
        assert_eq!(format_value(&ev, 0.7), "+0.70 EV");
        assert_eq!(format_value(&ev, -0.0001), "0.00 EV");
        let amount = number(-100.0, 100.0, 0, Unit::None, Track::Plain);
        assert_eq!(format_value(&amount, -45.0), "−45");
        let radius = number(0.0, 100.0, 1, Unit::Px, Track::Fine);
        assert_eq!(format_value(&radius, 1.25), "1.3 px");
    }

    #[test]
    fn what_is_typed_is_understood_or_refused() {
        let ev = number(-5.0, 5.0, 2, Unit::Ev, Track::Plain);
        for (text, value) in [
            ("0,7", Some(0.7)),
            ("+0.70 EV", Some(0.7)),
            ("−2", Some(-2.0)),
            (" 99 ", Some(5.0)),
            ("", None),
            ("NaN", None),
            ("bright", None),
        ] {
            assert_eq!(parse(&ev, text), value, "{text:?}");
        }
    }

    #[test]
    fn places_and_values_agree() {
        for track in [Track::Plain, Track::Fine] {
            let radius = number(0.0, 100.0, 1, Unit::Px, track);
            for value in [0.0, 0.5, 4.0, 37.5, 100.0] {
                assert_eq!(value_at(&radius, position_of(&radius, value)), value);
            }
        }
        let gamma = number(0.1, 10.0, 2, Unit::None, Track::Ratio);
        for value in [0.1, 0.5, 1.0, 2.5, 10.0] {
            assert_eq!(value_at(&gamma, position_of(&gamma, value)), value);
        }
        assert!((position_of(&gamma, 1.0) - 0.5).abs() < 1e-12);
        let fine = number(0.0, 100.0, 1, Unit::Px, Track::Fine);
        assert!(position_of(&fine, 4.0) > 0.19, "small radii have room");
    }
}
