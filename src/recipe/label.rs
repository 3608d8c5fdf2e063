//! Numbers and changes in words for people: history, cards, sliders and messages use the same.

use crate::filters::spec::{NumberSpec, ParamKind, ParamSpec, Spec};
use crate::filters::value::Value;

use super::edit::{Edit, What};
use super::stack::Recipe;

/// A true minus, as wide as the plus.
pub const MINUS: char = '\u{2212}';

/// `+0.70 EV`, `−45`, `1.2 px`: with a sign where the range has both, with the unit where there is
/// one. What rounds to 0 has no sign.
#[must_use]
pub fn format_value(number: &NumberSpec, value: f64) -> String {
    number.unit.behind(&format_number(number, value))
}

/// As [`format_value`], without the unit.
#[must_use]
pub fn format_number(number: &NumberSpec, value: f64) -> String {
    let decimals = number.decimals;
    let digits = format!("{:.decimals$}", value.abs());
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let signed_range = number.min < 0.0 && number.max > 0.0;
    if is_zero || value.is_nan() {
        digits
    } else if value < 0.0 {
        format!("{MINUS}{digits}")
    } else if signed_range {
        format!("+{digits}")
    } else {
        digits
    }
}

/// A parameter's value; a choice by its label, a file by its name.
#[must_use]
pub fn format_param(param: &ParamSpec, value: &Value) -> String {
    match (&param.kind, value) {
        (ParamKind::Number(number), Value::Number(given)) => format_value(number, *given),
        (ParamKind::Number(_), Value::Pixels(given)) => format!("{} px", plain(*given)),
        (ParamKind::Choice(choice), Value::Choice(option_idx)) => choice
            .options
            .get(usize::from(*option_idx))
            .map_or_else(String::new, |option| option.label.to_owned()),
        (ParamKind::Curve(_), Value::Curve(curve)) if curve.is_straight() => "straight".to_owned(),
        (ParamKind::Curve(_), Value::Curve(curve)) => format!("{} points", curve.points().len()),
        (ParamKind::Asset(_), Value::Asset(asset)) => asset
            .as_ref()
            .map_or_else(|| "none".to_owned(), |asset| asset.file_name().to_owned()),
        (_, _) => String::new(),
    }
}

/// `50 %`.
#[must_use]
pub fn format_opacity(opacity: f64) -> String {
    format!("{:.0} %", opacity * 100.0)
}

/// As many digits as the number needs, with a true minus: for ranges in messages.
#[must_use]
pub fn plain(value: f64) -> String {
    (value + 0.0).to_string().replace('-', "\u{2212}")
}

/// What a person typed into a value's field: either minus, a comma or a point, with or without the
/// unit. `None` where it is no finite number. The range is not looked at.
#[must_use]
pub fn read_value(number: &NumberSpec, text: &str) -> Option<f64> {
    let text = text.trim();
    let text = text.strip_suffix(number.unit.symbol()).unwrap_or(text);
    let text = text.trim_end().replace(MINUS, "-").replace(',', ".");
    let is_numeric = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.');
    let value: f64 = text.chars().all(is_numeric).then(|| text.parse().ok())??;
    value.is_finite().then_some(value + 0.0)
}

/// `Exposure +0.70 EV`; with the parameter's label where the filter has several.
#[must_use]
pub fn of_value(spec: &Spec, param_idx: usize, value: &Value) -> String {
    let param = &spec.params[param_idx];
    let value = format_param(param, value);
    if spec.params.len() == 1 || param.label == spec.label {
        format!("{} {value}", spec.label)
    } else {
        format!("{}: {} {value}", spec.label, param.label)
    }
}

/// The change from one recipe to the next in a few words, for the history's list.
#[must_use]
pub fn of_change(before: &Recipe, after: &Recipe) -> String {
    let is_in = |edit: &Edit, recipe: &Recipe| recipe.find(edit.id).is_some();
    let mut added = after.edits().iter().filter(|edit| !is_in(edit, before));
    let mut removed = before.edits().iter().filter(|edit| !is_in(edit, after));
    match (added.next(), removed.next()) {
        (Some(edit), None) if added.next().is_none() => of_added(edit),
        (None, Some(edit)) if removed.next().is_none() => format!("Remove {}", edit.label()),
        (None, None) => of_kept(before, after),
        (_, Some(_)) if after.is_empty() => "Remove all edits".to_owned(),
        (Some(_), None) => "Add several edits".to_owned(),
        (None, Some(_)) => "Remove several edits".to_owned(),
        (Some(_), Some(_)) => "Replace edits".to_owned(),
    }
}

/// A filter of one parameter is added by moving its slider as often as from the menu.
fn of_added(edit: &Edit) -> String {
    match &edit.what {
        What::Known { spec, values, .. } if spec.params.len() == 1 => {
            of_value(spec, 0, &values.get(0))
        }
        What::Known { .. } | What::Unavailable(_) => format!("Add {}", edit.label()),
    }
}

/// Both recipes have the same edits.
fn of_kept(before: &Recipe, after: &Recipe) -> String {
    let mut changed = after.edits().iter().filter_map(|edit| {
        let old = before.find(edit.id)?;
        (!old.says_same(edit)).then_some((old, edit))
    });
    match (changed.next(), changed.next()) {
        (Some((old, new)), None) => of_edit_change(old, new),
        (Some(_), Some(_)) => "Change several edits".to_owned(),
        (None, _) => of_order(before, after),
    }
}

fn of_edit_change(old: &Edit, new: &Edit) -> String {
    if old.enabled != new.enabled {
        let verb = if new.enabled { "on" } else { "off" };
        return format!("Switch {verb} {}", new.label());
    }
    if old.opacity != new.opacity {
        let opacity = format_opacity(new.opacity);
        return format!("{}: opacity {opacity}", new.label());
    }
    let (Some(spec), Some(old_values), Some(values)) = (new.spec(), old.values(), new.values())
    else {
        return format!("Change {}", new.label());
    };
    let differs = |param_idx: &usize| old_values.get(*param_idx) != values.get(*param_idx);
    let mut changed = (0..spec.params.len()).filter(differs);
    match (changed.next(), changed.next()) {
        (Some(param_idx), None) => of_value(spec, param_idx, &values.get(param_idx)),
        (Some(_), Some(_)) | (None, _) => format!("Change {}", spec.label),
    }
}

/// The edits stand in another order, or only the name differs.
fn of_order(before: &Recipe, after: &Recipe) -> String {
    let without = |recipe: &Recipe, edit: &Edit| recipe.without(edit.id);
    let is_moved = |edit: &&Edit| {
        before.position(edit.id) != after.position(edit.id)
            && without(before, edit).edits() == without(after, edit).edits()
    };
    let mut moved = after.edits().iter().filter(is_moved);
    match moved.next() {
        Some(edit) => format!("Move {}", edit.label()),
        None if before.edits() != after.edits() => "Reorder edits".to_owned(),
        None => "Change the recipe".to_owned(),
    }
}

#[cfg(test)]
mod tests;
