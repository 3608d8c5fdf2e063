//! The values of one filter's parameters, in the order of its spec.

use serde::{Deserialize, Serialize};

use super::spec::{ParamKind, Spec};

/// One parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// In the parameter's unit.
    Number(f64),
    /// Where the parameter is a fraction of the frame: pixels of the photo instead.
    Pixels(f64),
    /// Index into the parameter's options.
    Choice(u16),
}

/// All values of one edit; always as many and of the kinds its spec has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Values(Vec<Value>);

impl Values {
    /// What leaves the picture alone.
    #[must_use]
    pub fn identity(spec: &Spec) -> Self {
        Self::from_kinds(spec, |number| number.identity.unwrap_or(number.on_add))
    }

    /// What the filter starts with when it is added from the menu.
    #[must_use]
    pub fn on_add(spec: &Spec) -> Self {
        Self::from_kinds(spec, |number| number.on_add)
    }

    fn from_kinds(spec: &Spec, number: impl Fn(&super::spec::NumberSpec) -> f64) -> Self {
        let value = |param: &super::spec::ParamSpec| match &param.kind {
            ParamKind::Number(spec) => Value::Number(number(spec)),
            ParamKind::Choice(spec) => Value::Choice(spec.on_add),
        };
        Self(spec.params.iter().map(value).collect())
    }

    #[must_use]
    pub fn get(&self, param_idx: usize) -> Value {
        self.0[param_idx]
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

    /// A number as kernels take it; a choice gives its index.
    #[must_use]
    pub fn number(&self, param_idx: usize) -> f64 {
        match self.0[param_idx] {
            Value::Number(number) | Value::Pixels(number) => number,
            Value::Choice(option_idx) => f64::from(option_idx),
        }
    }

    /// The chosen option's index; a number gives 0.
    #[must_use]
    pub fn choice(&self, param_idx: usize) -> u16 {
        match self.0[param_idx] {
            Value::Choice(option_idx) => option_idx,
            Value::Number(_) | Value::Pixels(_) => 0,
        }
    }

    /// A fraction of `length_px` or pixels at `scale`, as pixels of the rendered frame.
    #[must_use]
    pub fn length_px(&self, param_idx: usize, length_px: u32, scale: f64) -> f64 {
        match self.0[param_idx] {
            Value::Pixels(pixels) => pixels * scale,
            Value::Number(fraction) => fraction * f64::from(length_px),
            Value::Choice(_) => 0.0,
        }
    }

    /// Whether the planner may drop the edit: every parameter that has an identity is at it, and
    /// there is at least one.
    #[must_use]
    pub fn is_identity(&self, spec: &Spec) -> bool {
        let mut driving = spec
            .params
            .iter()
            .zip(&self.0)
            .filter_map(|(param, value)| {
                let identity = param.identity()?;
                Some(matches!(value, Value::Number(number) if *number == identity))
            });
        driving
            .next()
            .is_some_and(|first| first && driving.all(|at_identity| at_identity))
    }
}
