//! The values of one filter's parameters, in the order of its spec.

use serde::{Deserialize, Serialize};

use super::asset::Asset;
use super::curve_points::CurvePoints;
use super::spec::{ParamKind, ParamSpec, Spec};

/// One parameter's value. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// In the parameter's unit.
    Number(f64),
    /// Where the parameter is a fraction of the frame: pixels of the photo instead.
    Pixels(f64),
    /// Index into the parameter's options.
    Choice(u16),
    Curve(CurvePoints),
    /// A file's content; `None` while no file was chosen.
    Asset(Option<Asset>),
}

/// All values of one edit; always as many and of the kinds its spec has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Values(Vec<Value>);

impl Values {
    /// What leaves the picture alone.
    #[must_use]
    pub fn identity(spec: &Spec) -> Self {
        let value = |param: &ParamSpec| match &param.kind {
            ParamKind::Number(number) => Value::Number(number.identity.unwrap_or(number.on_add)),
            ParamKind::Choice(choice) => Value::Choice(choice.on_add),
            ParamKind::Curve(_) => Value::Curve(CurvePoints::straight()),
            ParamKind::Asset(_) => Value::Asset(None),
        };
        Self(spec.params.iter().map(value).collect())
    }

    /// What the filter starts with when it is added from the menu.
    #[must_use]
    pub fn on_add(spec: &Spec) -> Self {
        Self(spec.params.iter().map(ParamSpec::on_add).collect())
    }

    #[must_use]
    pub fn get(&self, param_idx: usize) -> Value {
        self.0[param_idx].clone()
    }

    #[must_use]
    pub fn with(&self, param_idx: usize, value: Value) -> Self {
        let mut values = self.0.clone();
        values[param_idx] = value;
        Self(values)
    }

    /// In the order of the spec's parameters.
    #[must_use]
    pub fn as_slice(&self) -> &[Value] {
        &self.0
    }

    /// A number as kernels take it; a choice gives its index, anything else 0.
    #[must_use]
    pub fn number(&self, param_idx: usize) -> f64 {
        match self.0[param_idx] {
            Value::Number(number) | Value::Pixels(number) => number,
            Value::Choice(option_idx) => f64::from(option_idx),
            Value::Curve(_) | Value::Asset(_) => 0.0,
        }
    }

    /// A curve; the straight one where the parameter is none.
    #[must_use]
    pub fn curve(&self, param_idx: usize) -> CurvePoints {
        match &self.0[param_idx] {
            Value::Curve(curve) => curve.clone(),
            _ => CurvePoints::straight(),
        }
    }

    /// A file's content, where one was chosen.
    #[must_use]
    pub fn asset(&self, param_idx: usize) -> Option<&Asset> {
        match &self.0[param_idx] {
            Value::Asset(asset) => asset.as_ref(),
            _ => None,
        }
    }

    /// The chosen option's index; a number gives 0.
    #[must_use]
    pub fn choice(&self, param_idx: usize) -> u16 {
        match self.0[param_idx] {
            Value::Choice(option_idx) => option_idx,
            Value::Number(_) | Value::Pixels(_) | Value::Curve(_) | Value::Asset(_) => 0,
        }
    }

    /// A fraction of `length_px` or pixels at `scale`, as pixels of the rendered frame.
    #[must_use]
    pub fn length_px(&self, param_idx: usize, length_px: u32, scale: f64) -> f64 {
        match self.0[param_idx] {
            Value::Pixels(pixels) => pixels * scale,
            Value::Number(fraction) => fraction * f64::from(length_px),
            Value::Choice(_) | Value::Curve(_) | Value::Asset(_) => 0.0,
        }
    }

    /// Whether the planner may drop the edit: every parameter that has an identity is at it, and
    /// there is at least one; or a file is missing that it cannot do without.
    #[must_use]
    pub fn is_identity(&self, spec: &Spec) -> bool {
        let mut driving = spec
            .params
            .iter()
            .zip(&self.0)
            .filter_map(|(param, value)| param.rests_at(value));
        driving
            .next()
            .is_some_and(|first| first && driving.all(|at_identity| at_identity))
            || self.0.contains(&Value::Asset(None))
    }
}
