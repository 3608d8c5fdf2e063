//! What changed from one recipe to another, edit by edit, in words.
//!
//! Recipes of different days share no ids, so an edit is known by its filter and by how many of that
//! filter stand before it.

use crate::recipe::label::{format_opacity, format_param};
use crate::recipe::{Edit, Recipe};

/// One sentence a change, in the order of the edits; none where both say the same.
#[must_use]
pub fn recipe_changes(before: &Recipe, after: &Recipe) -> Vec<String> {
    let (old, new) = (numbered(before), numbered(after));
    let mut changes = Vec::new();
    for (key, edit) in &new {
        match old.iter().find(|(other, _)| other == key) {
            Some((_, was)) => changes.extend(of_edit(was, edit)),
            None => changes.push(format!("{} added{}", edit.label(), in_brackets(edit))),
        }
    }
    for (key, edit) in &old {
        if !new.iter().any(|(other, _)| other == key) {
            changes.push(format!("{} removed", edit.label()));
        }
    }
    let order = |mine: &[(Key, &Edit)], theirs: &[(Key, &Edit)]| -> Vec<Key> {
        let kept = mine.iter().map(|(key, _)| key.clone());
        kept.filter(|key| theirs.iter().any(|(other, _)| other == key))
            .collect()
    };
    if order(&old, &new) != order(&new, &old) {
        changes.push("the edits stand in another order".to_owned());
    }
    changes
}

/// A filter, and how many of it stand before.
type Key = (String, usize);

fn numbered(recipe: &Recipe) -> Vec<(Key, &Edit)> {
    let mut numbered: Vec<(Key, &Edit)> = Vec::new();
    for edit in recipe.edits() {
        let id = edit.filter_id();
        let n_before = numbered
            .iter()
            .filter(|((other, _), _)| other == id)
            .count();
        numbered.push(((id.to_owned(), n_before), edit));
    }
    numbered
}

fn of_edit(was: &Edit, is: &Edit) -> Vec<String> {
    let mut changes = Vec::new();
    if was.enabled != is.enabled {
        let switch = if is.enabled { "on" } else { "off" };
        changes.push(format!("{} switched {switch}", is.label()));
    }
    if was.opacity != is.opacity {
        let (from, to) = (format_opacity(was.opacity), format_opacity(is.opacity));
        changes.push(format!("{}: opacity {from} → {to}", is.label()));
    }
    let (Some(spec), Some(old), Some(new)) = (is.spec(), was.values(), is.values()) else {
        if was.what != is.what {
            changes.push(format!("{} changed", is.label()));
        }
        return changes;
    };
    for (idx, param) in spec.params.iter().enumerate() {
        let (from, to) = (old.get(idx), new.get(idx));
        if from != to {
            let (from, to) = (format_param(param, &from), format_param(param, &to));
            changes.push(match spec.params.len() {
                1 => format!("{} {from} → {to}", spec.label),
                _ => format!("{}: {} {from} → {to}", spec.label, param.label),
            });
        }
    }
    changes
}

/// What an edit of one parameter does, ` (0.70 EV)`; nothing of others.
fn in_brackets(edit: &Edit) -> String {
    match (edit.spec(), edit.values()) {
        (Some(spec), Some(values)) if spec.params.len() == 1 => {
            format!(" ({})", format_param(&spec.params[0], &values.get(0)))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Catalogue, set};

    fn recipe(edits: &[&str]) -> Recipe {
        set::from_flags(edits, &Catalogue::default()).unwrap()
    }

    #[test]
    fn every_change_is_told_once() {
        let before = recipe(&["exposure.ev=0.5", "vignette.amount=-10", "blur.radius=2"]);
        let after = recipe(&["blur.radius=4", "exposure.ev=0.5", "saturation.amount=20"]);
        assert_eq!(
            recipe_changes(&before, &after),
            [
                "Blur 2.0 px → 4.0 px",
                "Saturation added (+20)",
                "Vignette removed",
                "the edits stand in another order",
            ]
        );
        assert_eq!(recipe_changes(&before, &before), Vec::<String>::new());
    }

    #[test]
    fn the_second_of_a_filter_is_not_the_first() {
        let before = recipe(&["blur.radius=2"]);
        let after = before.appended(&before);
        assert_eq!(recipe_changes(&before, &after), ["Blur added (2.0 px)"]);
        let faint = after.with_opacity(after.edits()[1].id, 0.5);
        assert_eq!(
            recipe_changes(&after, &faint),
            ["Blur: opacity 100 % → 50 %"]
        );
        let off = after.with_enabled(after.edits()[0].id, false);
        assert_eq!(recipe_changes(&after, &off), ["Blur switched off"]);
    }
}
