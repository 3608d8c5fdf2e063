//! The panel's parts from top to bottom, and what they show of the session.

use egui::{Frame, Margin, ScrollArea, Ui};

use crate::filters::value::Values;
use crate::recipe::{EditId, Recipe};
use crate::studio::session::{OpenPhoto, Session};
use crate::ui::command::{EditCommand, Outbox, ShowCommand};
use crate::ui::theme::size;
use crate::ui::widgets::{HistogramBins, histogram, text};

use super::add_filter::{AddFilter, add_filter_ui};
use super::camera_line::{CameraFacts, camera_line};
use super::stack::{StackState, stack_ui};

/// What the panel remembers between frames.
#[derive(Debug, Default)]
pub struct RightState {
    /// Whether clipping is marked on the photo; whoever shows the photo sets it.
    pub shows_clipping: bool,
    add: AddFilter,
    stack: StackState,
}

impl RightState {
    /// Gives the keyboard to "Add a filter".
    pub const fn focus_search(&mut self) {
        self.add.wants_focus = true;
    }
}

/// What the panel shows.
#[derive(Debug)]
pub struct RightView<'a> {
    pub has_photo: bool,
    pub recipe: &'a Recipe,
    pub histogram: Option<&'a HistogramBins>,
    pub camera: CameraFacts,
    /// Nanoseconds of all workers by edit id, in the newest preview.
    pub edit_ns: &'a [(u64, u64)],
    /// The preview has fewer pixels than the photo.
    pub is_reduced: bool,
    pub longer_side_px: f64,
}

impl RightView<'_> {
    pub(super) fn cost_ns(&self, id: EditId) -> Option<u64> {
        let of_edit = self.edit_ns.iter().filter(|(edit, _)| *edit == id.0);
        of_edit.map(|(_, ns)| *ns).reduce(|sum, ns| sum + ns)
    }
}

/// The right panel of the window.
pub fn right_ui(ui: &mut Ui, session: &Session, state: &mut RightState, outbox: &mut Outbox) {
    let recipe = session.recipe();
    let preview = session.preview().filter(|_| session.photo().is_some());
    let view = RightView {
        has_photo: session.photo().is_some(),
        recipe: &recipe,
        histogram: preview.map(|preview| &preview.histogram.counts),
        camera: session.photo().map(camera_of).unwrap_or_default(),
        edit_ns: preview.map_or(&[], |preview| &preview.edit_ns),
        is_reduced: preview.is_some_and(|preview| preview.scale < 1.0),
        longer_side_px: session.photo().map_or(1.0, longer_side_px),
    };
    right_panel(ui, &view, state, outbox);
}

fn camera_of(open: &OpenPhoto) -> CameraFacts {
    let camera = &open.photo.info.camera;
    CameraFacts::new(
        camera.iso,
        camera.focal_length_mm,
        camera.f_number,
        camera.exposure_s,
    )
}

fn longer_side_px(open: &OpenPhoto) -> f64 {
    let size = open.photo.image.size;
    f64::from(size.width.max(size.height))
}

/// The panel from plain data.
pub fn right_panel(ui: &mut Ui, view: &RightView<'_>, state: &mut RightState, outbox: &mut Outbox) {
    let margin = Margin::symmetric(size::GAP_M as i8, size::GAP_M as i8);
    Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = size::GAP_S;
        if histogram(ui, view.histogram, state.shows_clipping).clicked() {
            outbox.show(ShowCommand::ToggleClipping);
        }
        if !view.has_photo {
            text::caption(ui, "Open a photo, and its edits stand here.");
            return;
        }
        camera_line(ui, &view.camera);
        if let Some(spec) = add_filter_ui(ui, &mut state.add) {
            let (after, id) = view.recipe.inserted(spec, &Values::on_add(spec));
            let label = crate::recipe::label::of_change(view.recipe, &after);
            state.stack.focus_wanted = Some(id);
            outbox.edit(EditCommand::Step { after, label });
        }
        let stack = ScrollArea::vertical().auto_shrink(false);
        stack.show(ui, |ui| stack_ui(ui, view, &mut state.stack, outbox));
    });
}
