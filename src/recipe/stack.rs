//! A recipe: edits in the order they are applied, as an immutable value that is cheap to copy.

use std::sync::Arc;

use crate::filters::spec::Spec;
use crate::filters::value::Values;

use super::bounds;
use super::edit::{Edit, EditId, What};

/// What is to be done to a photo.
///
/// Equality is about what is asked for and the edits' ids, not about the ids still to be given.
#[derive(Debug, Clone)]
pub struct Recipe {
    name: Option<Arc<str>>,
    edits: Arc<[Edit]>,
    /// What the file said beside name and edits.
    extra: Arc<toml::Table>,
    next_id: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            name: None,
            edits: Arc::from([]),
            extra: Arc::default(),
            next_id: 1,
        }
    }
}

impl PartialEq for Recipe {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.extra == other.extra
            && (Arc::ptr_eq(&self.edits, &other.edits) || self.edits == other.edits)
    }
}

impl Recipe {
    /// No edits, no name.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// In the order they are applied.
    #[must_use]
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// Fields of the file that this Parallax does not know, kept for the one that does.
    #[must_use]
    pub fn extra(&self) -> &toml::Table {
        &self.extra
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    #[must_use]
    pub fn find(&self, id: EditId) -> Option<&Edit> {
        self.edits.iter().find(|edit| edit.id == id)
    }

    #[must_use]
    pub fn position(&self, id: EditId) -> Option<usize> {
        self.edits.iter().position(|edit| edit.id == id)
    }

    /// The last edit with this filter: what a ready slider shows.
    #[must_use]
    pub fn last_of(&self, filter_id: &str) -> Option<&Edit> {
        self.edits
            .iter()
            .rev()
            .find(|edit| edit.spec().is_some_and(|spec| spec.id == filter_id))
    }

    /// The edits that change the picture, in order.
    pub fn active(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter().filter(|edit| edit.is_active())
    }

    /// The edits that must be switched off before the picture can be made.
    pub fn stopping_export(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter().filter(|edit| edit.stops_export())
    }

    /// Whether both ask for the same thing, whatever the ids of their edits.
    #[must_use]
    pub fn says_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.extra == other.extra
            && self.edits.len() == other.edits.len()
            && (self.edits.iter().zip(&*other.edits)).all(|(one, two)| one.says_same(two))
    }

    /// Where a filter of this rank belongs: after the last edit that ranks no higher.
    #[must_use]
    pub fn canonical_idx(&self, rank: u16) -> usize {
        self.edits
            .iter()
            .rposition(|edit| edit.spec().is_some_and(|spec| spec.rank <= rank))
            .map_or(0, |edit_idx| edit_idx + 1)
    }

    #[must_use]
    pub fn with_name(&self, name: Option<&str>) -> Self {
        Self {
            name: name.map(Arc::from),
            ..self.clone()
        }
    }

    #[must_use]
    pub fn with_extra(&self, extra: toml::Table) -> Self {
        Self {
            extra: Arc::new(extra),
            ..self.clone()
        }
    }

    /// A new edit at its canonical place. Values outside their ranges are clamped.
    #[must_use]
    pub fn inserted(&self, spec: &'static Spec, values: &Values) -> (Self, EditId) {
        self.inserted_at(self.canonical_idx(spec.rank), spec, values)
    }

    /// A new edit before the one at `edit_idx`, or at the end.
    #[must_use]
    pub fn inserted_at(
        &self,
        edit_idx: usize,
        spec: &'static Spec,
        values: &Values,
    ) -> (Self, EditId) {
        self.with_copy_at(edit_idx, Edit::new(EditId(0), spec, values))
    }

    /// `edit` under a fresh id before the one at `edit_idx`, or at the end.
    #[must_use]
    pub fn with_copy_at(&self, edit_idx: usize, mut edit: Edit) -> (Self, EditId) {
        let id = EditId(self.next_id);
        edit.id = id;
        let mut recipe = self.changed(|edits| edits.insert(edit_idx.min(edits.len()), edit));
        recipe.next_id += 1;
        (recipe, id)
    }

    /// A copy of the edit right behind it.
    #[must_use]
    pub fn duplicated(&self, id: EditId) -> Option<(Self, EditId)> {
        let edit_idx = self.position(id)?;
        Some(self.with_copy_at(edit_idx + 1, self.edits[edit_idx].clone()))
    }

    /// Without the edit; unchanged if there is none.
    #[must_use]
    pub fn without(&self, id: EditId) -> Self {
        self.changed(|edits| edits.retain(|edit| edit.id != id))
    }

    /// With the edit moved to stand at `to_idx` of the new order, or at the end.
    #[must_use]
    pub fn moved(&self, id: EditId, to_idx: usize) -> Self {
        self.changed(|edits| {
            if let Some(from_idx) = edits.iter().position(|edit| edit.id == id) {
                let edit = edits.remove(from_idx);
                edits.insert(to_idx.min(edits.len()), edit);
            }
        })
    }

    /// With new values, clamped. The formula stays the one the edit was made with, and an
    /// unavailable edit stays as it is.
    #[must_use]
    pub fn with_values(&self, id: EditId, new_values: &Values) -> Self {
        self.replaced(id, |edit| {
            if let What::Known { spec, values, .. } = &mut edit.what {
                *values = bounds::clamp_all(spec, new_values);
            }
        })
    }

    #[must_use]
    pub fn with_enabled(&self, id: EditId, enabled: bool) -> Self {
        self.replaced(id, |edit| edit.enabled = enabled)
    }

    /// Clamped to 0…1. Geometry has none, and an unavailable edit keeps what its file said.
    #[must_use]
    pub fn with_opacity(&self, id: EditId, opacity: f64) -> Self {
        self.replaced(id, |edit| {
            if edit.has_opacity() {
                edit.opacity = bounds::clamp_opacity(opacity);
            }
        })
    }

    /// The edits of `other` behind these, under fresh ids: a preset put on top.
    #[must_use]
    pub fn appended(&self, other: &Self) -> Self {
        self.with_copies(self.edits.to_vec(), other)
    }

    /// The edits of `other` in place of these, under fresh ids: a preset or a loaded file.
    #[must_use]
    pub fn replaced_by(&self, other: &Self) -> Self {
        Self {
            name: other.name.clone(),
            extra: Arc::clone(&other.extra),
            ..self.with_copies(Vec::new(), other)
        }
    }

    fn with_copies(&self, mut edits: Vec<Edit>, other: &Self) -> Self {
        let ids = self.next_id..;
        edits.extend(other.edits.iter().zip(ids).map(|(edit, id)| Edit {
            id: EditId(id),
            ..edit.clone()
        }));
        Self {
            edits: edits.into(),
            next_id: self.next_id + other.edits.len() as u64,
            ..self.clone()
        }
    }

    /// Edits as a file lists them; whatever ids they have, they are numbered from 1.
    #[must_use]
    pub(super) fn of_edits(edits: Vec<Edit>) -> Self {
        let listed = Self {
            edits: edits.into(),
            ..Self::empty()
        };
        Self::empty().appended(&listed)
    }

    /// Gives no id that `other` has given already: what undo needs so that an id is never reused.
    #[must_use]
    pub(super) fn past_ids_of(mut self, other: &Self) -> Self {
        self.next_id = self.next_id.max(other.next_id);
        self
    }

    fn replaced(&self, id: EditId, change: impl FnOnce(&mut Edit)) -> Self {
        self.changed(|edits| {
            if let Some(edit) = edits.iter_mut().find(|edit| edit.id == id) {
                change(edit);
            }
        })
    }

    fn changed(&self, change: impl FnOnce(&mut Vec<Edit>)) -> Self {
        let mut edits = self.edits.to_vec();
        change(&mut edits);
        Self {
            edits: edits.into(),
            ..self.clone()
        }
    }
}
