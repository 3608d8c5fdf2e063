//! A crop under way: which edit it makes, on which picture, and what becomes of the recipe.

use crate::filters::spec::Spec;
use crate::filters::value::{Value, Values};
use crate::pixels::geometry::Size;
use crate::recipe::{Catalogue, EditId, Recipe};
use crate::studio::session::Session;
use crate::studio::view::{View, Zoom};

use super::crop::{CropBox, Edges, Grip};

const CROP: &str = "crop";

/// See the module's own words.
pub(super) struct CropTool {
    edit: Option<EditId>,
    /// Of the recipe that the picture under the overlay was made from.
    revision: u64,
    frame: Size,
    pub(super) area: CropBox,
    /// What a drag began with.
    pub(super) grabbed: Option<(Grip, Edges)>,
    view_before: View,
}

impl CropTool {
    /// Shows the uncropped picture and takes the crop that is there, if any. `None` without a photo.
    pub(super) fn begin(session: &mut Session) -> Option<Self> {
        let recipe = session.recipe();
        let revision = session.photo()?.history.revision();
        let edit = recipe.last_of(CROP).map(|edit| edit.id);
        let uncropped = uncropped(&recipe, edit);
        let frame = session.picture_size(&uncropped)?;
        let values = edit.and_then(|id| recipe.find(id)?.values());
        let area = CropBox::new(frame, shares_of(values, frame));
        let view_before = session.view();
        session.set_stand_in(Some(uncropped));
        let fit = View {
            zoom: Zoom::Fit,
            centre: [0.5, 0.5],
            ..view_before
        };
        session.set_view(fit);
        Some(Self {
            edit,
            revision,
            frame,
            area,
            grabbed: None,
            view_before,
        })
    }

    /// Size of the uncropped picture.
    pub(super) const fn frame(&self) -> Size {
        self.frame
    }

    /// Goes along with changes made to the recipe meanwhile. False when the crop cannot go on.
    pub(super) fn follow(&mut self, session: &mut Session) -> bool {
        let Some(photo) = session.photo() else {
            return false;
        };
        if photo.history.revision() == self.revision {
            return true;
        }
        self.revision = photo.history.revision();
        let recipe = session.recipe();
        self.edit = self.edit.filter(|id| recipe.find(*id).is_some());
        let uncropped = uncropped(&recipe, self.edit);
        if session.picture_size(&uncropped) != Some(self.frame) {
            return false;
        }
        session.set_stand_in(Some(uncropped));
        true
    }

    /// Shows the recipe again. With `keeps`, what the recipe becomes, where that is a change.
    pub(super) fn end(self, session: &mut Session, keeps: bool) -> Option<Recipe> {
        session.set_stand_in(None);
        if !keeps {
            let viewport = session.view().viewport;
            let view = View {
                viewport,
                ..self.view_before
            };
            session.set_view(view);
            return None;
        }
        let recipe = session.recipe();
        let edit = self.edit.filter(|id| recipe.find(*id).is_some());
        if self.area.is_whole() {
            return Some(recipe.without(edit?));
        }
        let spec = Catalogue::all().find(CROP)?;
        let shares = self.area.shares();
        let values = (0..4).fold(Values::identity(spec), |values, idx| {
            values.with(idx, Value::Number(shares[idx]))
        });
        Some(match edit {
            Some(id) => recipe.with_enabled(id, true).with_values(id, &values),
            None => recipe.inserted(spec, &values).0,
        })
    }
}

/// The recipe up to where the crop stands as far as geometry goes, and without the crop: the picture
/// whose pixels the crop's values speak of.
fn uncropped(recipe: &Recipe, edit: Option<EditId>) -> Recipe {
    let spec = Catalogue::all().find(CROP);
    let place = match edit.and_then(|id| recipe.position(id)) {
        Some(place) => place,
        None => spec.map_or(0, |spec| recipe.canonical_idx(spec.rank)),
    };
    let later = recipe.edits()[place..].iter();
    let geometry = later.filter(|edit| edit.spec().is_some_and(Spec::is_geometry));
    geometry.fold(recipe.clone(), |kept, edit| kept.without(edit.id))
}

fn shares_of(values: Option<&Values>, frame: Size) -> [f64; 4] {
    let Some(values) = values else {
        return [0.0, 0.0, 1.0, 1.0];
    };
    let sides = [frame.width, frame.height].map(f64::from);
    [0, 1, 2, 3].map(|idx| {
        let share = match values.get(idx) {
            Value::Number(share) => share,
            Value::Pixels(pixels) => pixels / sides[idx % 2].max(1.0),
            Value::Choice(_) | Value::Curve(_) | Value::Asset(_) => 0.0,
        };
        share.clamp(0.0, 1.0)
    })
}
