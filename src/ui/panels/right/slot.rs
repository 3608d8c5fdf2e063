//! Which cards the stack has: every edit, and the ready sliders that nobody has moved yet, each at the
//! place its edit would take.

use crate::filters::registry::FILTERS;
use crate::filters::spec::Spec;
use crate::filters::value::Values;
use crate::recipe::{Edit, EditId, Recipe};

/// What a card stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot<'a> {
    /// A ready slider at identity, not in the recipe.
    Ready(&'static Spec),
    Edit(&'a Edit),
}

/// Names a card from frame to frame. A ready slider keeps its name when it enters the recipe, so that
/// the drag which brought it there goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum SlotKey {
    Ready(&'static str),
    Edit(EditId),
}

impl Slot<'_> {
    pub(super) fn edit(&self) -> Option<&Edit> {
        match self {
            Self::Ready(_) => None,
            Self::Edit(edit) => Some(edit),
        }
    }

    /// `None` for an edit that this Parallax does not know.
    pub(super) fn spec(&self) -> Option<&'static Spec> {
        match self {
            Self::Ready(spec) => Some(spec),
            Self::Edit(edit) => edit.spec(),
        }
    }

    pub(super) fn title(&self) -> &str {
        match self {
            Self::Ready(spec) => spec.label,
            Self::Edit(edit) => edit.label(),
        }
    }

    pub(super) fn values(&self) -> Option<Values> {
        match self {
            Self::Ready(spec) => Some(Values::identity(spec)),
            Self::Edit(edit) => edit.values().cloned(),
        }
    }

    /// The recipe with these values in this card; a ready slider enters it.
    pub(super) fn with_values(&self, recipe: &Recipe, values: &Values) -> Recipe {
        match self {
            Self::Ready(spec) => recipe.inserted(spec, values).0,
            Self::Edit(edit) => recipe.with_values(edit.id, values),
        }
    }

    /// Of several edits with a ready filter the oldest has the ready slider's name, wherever it stands.
    pub(super) fn key(&self, recipe: &Recipe) -> SlotKey {
        match self {
            Self::Ready(spec) => SlotKey::Ready(spec.id),
            Self::Edit(edit) => match edit.spec().filter(|spec| spec.ready) {
                Some(spec) if oldest_of(recipe, spec) == Some(edit.id) => SlotKey::Ready(spec.id),
                Some(_) | None => SlotKey::Edit(edit.id),
            },
        }
    }
}

fn oldest_of(recipe: &Recipe, spec: &Spec) -> Option<EditId> {
    let namesakes = recipe.edits().iter().filter(|edit| {
        let other = edit.spec();
        other.is_some_and(|other| other.id == spec.id)
    });
    namesakes.map(|edit| edit.id).min()
}

/// All cards, in the order they are applied.
pub(super) fn slots(recipe: &Recipe) -> Vec<Slot<'_>> {
    let missing: Vec<(usize, &'static Spec)> = FILTERS
        .iter()
        .map(|filter| filter.spec())
        .filter(|spec| spec.ready && recipe.last_of(spec.id).is_none())
        .map(|spec| (recipe.canonical_idx(spec.rank), spec))
        .collect();
    let ready_at = |edit_idx: usize| {
        let here = missing.iter().filter(move |(at, _)| *at == edit_idx);
        here.map(|(_, spec)| Slot::Ready(spec))
    };
    let mut all = Vec::new();
    for (edit_idx, edit) in recipe.edits().iter().enumerate() {
        all.extend(ready_at(edit_idx));
        all.push(Slot::Edit(edit));
    }
    all.extend(ready_at(recipe.edits().len()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::registry;

    fn spec(id: &str) -> &'static Spec {
        registry::find(id).unwrap().spec()
    }

    fn ids<'a>(slots: &'a [Slot<'a>]) -> Vec<&'a str> {
        slots.iter().map(|slot| slot.spec().unwrap().id).collect()
    }

    #[test]
    fn a_fresh_photo_has_every_ready_slider_in_canonical_order() {
        let recipe = Recipe::empty();
        let slots = slots(&recipe);
        let ready: Vec<&str> = FILTERS
            .iter()
            .map(|filter| filter.spec())
            .filter(|spec| spec.ready)
            .map(|spec| spec.id)
            .collect();
        assert_eq!(ids(&slots), ready);
        assert!(ready.len() >= 8);
    }

    #[test]
    fn moving_a_ready_slider_keeps_its_place_and_name() {
        let recipe = Recipe::empty();
        let before = slots(&recipe);
        let at = ids(&before)
            .iter()
            .position(|id| *id == "contrast")
            .unwrap();
        let values = Values::on_add(spec("contrast"));
        let after = before[at].with_values(&recipe, &values);
        let now = slots(&after);
        assert_eq!(ids(&now), ids(&before));
        assert!(now[at].edit().is_some());
        assert_eq!(now[at].key(&after), before[at].key(&recipe));
    }

    #[test]
    fn a_copy_of_a_ready_edit_has_a_name_of_its_own() {
        let contrast = spec("contrast");
        let (recipe, first) = Recipe::empty().inserted(contrast, &Values::on_add(contrast));
        let (recipe, copy) = recipe.duplicated(first).unwrap();
        let recipe = recipe.moved(copy, 0);
        let keys: Vec<SlotKey> = recipe
            .edits()
            .iter()
            .map(|edit| Slot::Edit(edit).key(&recipe))
            .collect();
        assert_eq!(keys, [SlotKey::Edit(copy), SlotKey::Ready("contrast")]);
    }
}
