//! Which values a parameter may take. Editing clamps to them; files and flags are refused outside.

use crate::filters::spec::{NumberSpec, ParamKind, ParamSpec, Spec, Unit};
use crate::filters::value::{Value, Values};

/// Larger than any photo's side.
const MAX_PIXELS: f64 = 1_000_000.0;

/// The range of a length that is given in pixels where the spec has a fraction: at least a pixel
/// where the fraction may not be 0.
#[must_use]
pub fn pixels_range(number: &NumberSpec) -> (f64, f64) {
    (if number.min > 0.0 { 1.0 } else { 0.0 }, MAX_PIXELS)
}

/// Whether only whole numbers make sense.
#[must_use]
pub fn is_whole(number: &NumberSpec) -> bool {
    number.unit == Unit::QuarterTurns
}

/// The nearest value the parameter may take. What is no number, or of the wrong kind, becomes what
/// the parameter starts with.
#[must_use]
pub fn clamp(param: &ParamSpec, value: Value) -> Value {
    match (&param.kind, &value) {
        (ParamKind::Number(number), Value::Number(given)) if !given.is_nan() => {
            let inside = given.clamp(number.min, number.max);
            Value::Number(
                if is_whole(number) {
                    inside.round()
                } else {
                    inside
                } + 0.0,
            )
        }
        (ParamKind::Number(number), Value::Pixels(given))
            if number.unit == Unit::Fraction && !given.is_nan() =>
        {
            let (min, max) = pixels_range(number);
            Value::Pixels(given.clamp(min, max) + 0.0)
        }
        (ParamKind::Choice(choice), Value::Choice(option_idx))
            if usize::from(*option_idx) < choice.options.len() =>
        {
            value
        }
        (ParamKind::Curve(_), Value::Curve(_)) | (ParamKind::Asset(_), Value::Asset(_)) => value,
        (_, _) => param.on_add(),
    }
}

/// All values clamped; as many as the spec has parameters.
#[must_use]
pub fn clamp_all(spec: &Spec, values: &Values) -> Values {
    let given = values.as_slice();
    spec.params
        .iter()
        .enumerate()
        .zip(given)
        .fold(Values::on_add(spec), |all, ((param_idx, param), value)| {
            all.with(param_idx, clamp(param, value.clone()))
        })
}

/// 1 for what is no number.
#[must_use]
pub fn clamp_opacity(opacity: f64) -> f64 {
    if opacity.is_nan() {
        1.0
    } else {
        opacity.clamp(0.0, 1.0) + 0.0
    }
}
