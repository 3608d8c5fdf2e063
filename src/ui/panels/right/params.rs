//! The rows inside a card, one a parameter: a slider for a number, options side by side for a choice.

use egui::{Response, Ui};

use crate::filters::spec::{NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use crate::filters::value::{Value, Values};
use crate::recipe::bounds;
use crate::ui::widgets::{ParamSlider, Stage, param_choice, titled_choice};

use super::slot::SlotKey;

/// What the person made of a parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ParamChange {
    pub(super) param_idx: usize,
    pub(super) value: Value,
    pub(super) stage: Stage,
}

/// What the rows need to know beside the values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub(super) key: SlotKey,
    pub(super) spec: &'static Spec,
    /// Of the photo, for lengths given in pixels.
    pub(super) longer_side_px: f64,
    /// The card has only this row, whose label is its title.
    pub(super) is_title: bool,
}

/// What the rows answer.
#[derive(Debug, Default)]
pub(super) struct RowsOutcome {
    pub(super) change: Option<ParamChange>,
    /// Of the first row's control, to give it the keyboard.
    pub(super) first: Option<Response>,
}

/// All rows of a card.
pub(super) fn rows_ui(ui: &mut Ui, rows: Rows, values: &Values) -> RowsOutcome {
    let mut outcome = RowsOutcome::default();
    for param_idx in 0..rows.spec.params.len() {
        let value = values.get(param_idx);
        let (change, response) = row_ui(ui, rows, param_idx, value);
        outcome.change = outcome.change.or(change);
        if param_idx == 0 {
            outcome.first = response;
        }
    }
    outcome
}

fn row_ui(
    ui: &mut Ui,
    rows: Rows,
    param_idx: usize,
    value: Value,
) -> (Option<ParamChange>, Option<Response>) {
    let param = &rows.spec.params[param_idx];
    let label = row_label(rows, param);
    let name = spoken_name(rows.spec, param);
    let changed = |value: Value, stage: Stage| ParamChange {
        param_idx,
        value,
        stage,
    };
    match &param.kind {
        ParamKind::Number(number) => {
            let in_px = in_pixels(number, rows.longer_side_px);
            let number = match value {
                Value::Pixels(_) => &in_px,
                Value::Number(_) | Value::Choice(_) => number,
            };
            let (Value::Number(shown) | Value::Pixels(shown)) = value else {
                return (None, None);
            };
            let slider = ParamSlider::new(label, number).name(&name);
            let slider = if rows.is_title {
                slider.title()
            } else {
                slider
            };
            let outcome = slider.show(ui, (rows.key, param_idx), shown);
            let to_value = |new: f64| match value {
                Value::Pixels(_) => Value::Pixels(new),
                Value::Number(_) | Value::Choice(_) => Value::Number(new),
            };
            let change = outcome.change;
            let change = change.map(|change| changed(to_value(change.value), change.stage));
            (change, Some(outcome.response))
        }
        ParamKind::Choice(choice) => {
            let (Value::Choice(chosen), salt) = (value, (rows.key, param_idx)) else {
                return (None, None);
            };
            let choose = if rows.is_title {
                titled_choice
            } else {
                param_choice
            };
            let picked = ui.push_id(salt, |ui| choose(ui, label, choice, chosen));
            let change = picked
                .inner
                .map(|option_idx| changed(Value::Choice(option_idx), Stage::Committed));
            (change, None)
        }
    }
}

/// A row that is named as its filter is called "Amount" below the title, and the other way round.
fn row_label(rows: Rows, param: &'static ParamSpec) -> &'static str {
    if rows.is_title {
        rows.spec.label
    } else if param.label == rows.spec.label {
        "Amount"
    } else {
        param.label
    }
}

/// "Exposure", "Sharpen radius".
fn spoken_name(spec: &Spec, param: &ParamSpec) -> String {
    if spec.params.len() == 1 {
        return spec.label.to_owned();
    }
    let param_label = if param.label == spec.label {
        "amount"
    } else {
        param.label
    };
    format!("{} {}", spec.label, param_label.to_lowercase())
}

/// The same parameter as a length in pixels.
fn in_pixels(number: &NumberSpec, longer_side_px: f64) -> NumberSpec {
    let (min, _) = bounds::pixels_range(number);
    NumberSpec {
        min,
        max: longer_side_px.max(min + 1.0),
        step: 1.0,
        identity: None,
        on_add: min,
        unit: Unit::Px,
        decimals: 0,
        track: Track::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::registry;

    #[test]
    fn names_tell_the_rows_of_all_filters_apart() {
        let mut names: Vec<String> = registry::FILTERS
            .iter()
            .map(|filter| filter.spec())
            .flat_map(|spec| spec.params.iter().map(|param| spoken_name(spec, param)))
            .collect();
        assert!(names.contains(&"Sharpen amount".to_owned()), "{names:?}");
        assert!(names.contains(&"Exposure".to_owned()), "{names:?}");
        let n_names = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), n_names);
    }
}
