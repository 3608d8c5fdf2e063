//! The rows inside a card, one a parameter: a slider for a number, options side by side for a choice,
//! a field for a curve or a file. A long list is shown in parts, behind a switch.

use std::ops::Range;

use egui::{Response, Ui};

use crate::filters::registry;
use crate::filters::spec::{
    CurveSpec, NumberSpec, ParamKind, ParamSpec, Section, Spec, Track, Unit,
};
use crate::filters::value::{Value, Values};
use crate::recipe::bounds;
use crate::ui::theme::size;
use crate::ui::widgets::{
    FileAsk, ParamSlider, Segment, Segmented, Stage, param_choice, param_curve, param_file,
    titled_choice,
};

use super::slot::SlotKey;

/// What the person made of a parameter.
#[derive(Debug, Clone, PartialEq)]
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
    /// A file is asked for, for the parameter with this index.
    pub(super) ask: Option<(usize, FileAsk)>,
    /// Of the first row's control, to give it the keyboard.
    pub(super) first: Option<Response>,
}

/// All rows of a card, or those of the part that is chosen.
pub(super) fn rows_ui(ui: &mut Ui, rows: Rows, values: &Values) -> RowsOutcome {
    let sections = registry::find(rows.spec.id).map_or(&[][..], |filter| filter.sections());
    let (shown, section) = match sections {
        [] => (0..rows.spec.params.len(), None),
        _ => section_ui(ui, rows, sections, values),
    };
    let mut outcome = RowsOutcome::default();
    for param_idx in shown {
        let row = row_ui(ui, rows, (param_idx, section), &values.get(param_idx));
        outcome.change = outcome.change.or(row.change);
        outcome.ask = outcome.ask.or(row.ask);
        outcome.first = outcome.first.or(row.first);
    }
    outcome
}

/// The switch between the parts; which parameters the chosen one has. It begins with the first part in
/// which something is set.
fn section_ui(
    ui: &mut Ui,
    rows: Rows,
    sections: &'static [Section],
    values: &Values,
) -> (Range<usize>, Option<&'static str>) {
    let id = ui.make_persistent_id(("section", rows.key));
    let chosen = ui.data(|data| data.get_temp(id));
    let chosen: usize = chosen.unwrap_or_else(|| first_set(rows.spec, sections, values));
    let labels: Vec<Segment<'_>> = sections
        .iter()
        .map(|part| Segment::new(part.label))
        .collect();
    let name = format!("Part of {}", rows.spec.label);
    let picked = Segmented::new(&name, &labels)
        .fill_width()
        .show(ui, Some(chosen));
    ui.add_space(size::GAP_XS);
    let chosen = picked.unwrap_or(chosen).min(sections.len() - 1);
    ui.data_mut(|data| data.insert_temp(id, chosen));
    let start = sections[..chosen].iter().map(|part| part.n_params).sum();
    let section = sections[chosen];
    (start..start + section.n_params, Some(section.label))
}

/// The first part with a parameter that does something.
fn first_set(spec: &Spec, sections: &[Section], values: &Values) -> usize {
    let is_set =
        |param_idx: usize| spec.params[param_idx].rests_at(&values.get(param_idx)) == Some(false);
    let mut start = 0;
    let of_section = |section: &Section| {
        let params = start..start + section.n_params;
        start = params.end;
        params
    };
    let mut parts = sections.iter().map(of_section);
    parts.position(|mut part| part.any(is_set)).unwrap_or(0)
}

fn row_ui(
    ui: &mut Ui,
    rows: Rows,
    (param_idx, section): (usize, Option<&str>),
    value: &Value,
) -> RowsOutcome {
    let param = &rows.spec.params[param_idx];
    let salt = (rows.key, param_idx);
    let changed = |value: Value, stage: Stage| ParamChange {
        param_idx,
        value,
        stage,
    };
    match (&param.kind, value) {
        (ParamKind::Number(number), Value::Number(_) | Value::Pixels(_)) => {
            let label = row_label(rows, param, section);
            number_ui(ui, rows, (param_idx, label, number), value)
        }
        (ParamKind::Choice(choice), Value::Choice(chosen)) => {
            let choose = if rows.is_title {
                titled_choice
            } else {
                param_choice
            };
            let label = row_label(rows, param, section);
            let picked = ui.push_id(salt, |ui| choose(ui, label, choice, *chosen));
            let change = picked
                .inner
                .map(|option_idx| changed(Value::Choice(option_idx), Stage::Committed));
            RowsOutcome {
                change,
                ..RowsOutcome::default()
            }
        }
        (ParamKind::Curve(CurveSpec { ink, .. }), Value::Curve(curve)) => {
            let name = spoken_name(rows.spec, param);
            let shown = param_curve(ui, &name, salt, curve, *ink);
            let change = shown.change;
            RowsOutcome {
                change: change.map(|(curve, stage)| changed(Value::Curve(curve), stage)),
                first: Some(shown.response),
                ask: None,
            }
        }
        (ParamKind::Asset(asset), Value::Asset(chosen)) => {
            let name = spoken_name(rows.spec, param);
            let shown = param_file(ui, &name, salt, chosen.as_ref(), asset.what);
            RowsOutcome {
                ask: shown.ask.map(|ask| (param_idx, ask)),
                first: shown.field.and_then(|id| ui.ctx().read_response(id)),
                change: None,
            }
        }
        _ => RowsOutcome::default(),
    }
}

fn number_ui(
    ui: &mut Ui,
    rows: Rows,
    (param_idx, label, number): (usize, &str, &NumberSpec),
    value: &Value,
) -> RowsOutcome {
    let in_px = in_pixels(number, rows.longer_side_px);
    let (number, shown, is_px) = match value {
        Value::Pixels(shown) => (&in_px, *shown, true),
        Value::Number(shown) => (number, *shown, false),
        _ => return RowsOutcome::default(),
    };
    let name = spoken_name(rows.spec, &rows.spec.params[param_idx]);
    let slider = ParamSlider::new(label, number).name(&name);
    let slider = if rows.is_title {
        slider.title()
    } else {
        slider
    };
    let outcome = slider.show(ui, (rows.key, param_idx), shown);
    let change = outcome.change.map(|change| ParamChange {
        param_idx,
        value: if is_px {
            Value::Pixels(change.value)
        } else {
            Value::Number(change.value)
        },
        stage: change.stage,
    });
    RowsOutcome {
        change,
        first: Some(outcome.response),
        ask: None,
    }
}

/// A row that is named as its filter is called "Amount" below the title, and the other way round. In a
/// part of the list the part's own name is left out: "Hue of shadows" reads "Hue" among the shadows,
/// "Red hue" reads "Red" among the hues.
fn row_label(rows: Rows, param: &'static ParamSpec, section: Option<&str>) -> &'static str {
    if rows.is_title {
        return rows.spec.label;
    }
    if param.label == rows.spec.label {
        return "Amount";
    }
    let Some(section) = section else {
        return param.label;
    };
    let before = param.label.strip_suffix(section.to_lowercase().as_str());
    let before = before
        .map(str::trim_end)
        .filter(|before| !before.is_empty());
    before.map_or(param.label, |before| {
        before.strip_suffix(" of").unwrap_or(before)
    })
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
