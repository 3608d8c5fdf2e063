//! Carries out what a frame's panels asked for, and puts the picture of a dragging hand's change into
//! that same frame.
//!
//! A frame draws its panels before what they ask for is done, so what changes shows in the next one.
//! In a drag that would be two frames a step, one with the moved knob and one with the picture, each
//! as dear as the picture itself where the processor paints the window. So where the picture is nearly
//! there (see [`Session::await_preview`](crate::studio::session::Session::await_preview)), its pixels
//! are exchanged before the frame is painted; whatever else shows the change follows when the hand
//! moves on or rests.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui_glow::CallbackFn;
use egui::Ui;

use super::app::App;
use super::command::{Command, EditCommand};
use super::dispatch::dispatch;
use super::state::{Painting, Work};

/// After a step of a drag, when all else that shows it is drawn unless the hand moved on.
const SETTLED: Duration = Duration::from_millis(120);

impl App {
    pub(super) fn carry_out(&mut self, ui: &Ui, mut commands: Vec<Command>) {
        if commands.is_empty() {
            return;
        }
        // Where the hand has moved the view comes first, so that a key pressed meanwhile has its way.
        commands.sort_by_key(|command| !matches!(command, Command::SetView(_)));
        let is_drag = commands.iter().all(is_step_of_drag);
        let n_edits = self.n_edits();
        for command in commands {
            dispatch(self, ui.ctx(), command);
        }
        // The first step of a ready slider adds an edit: a card has to be drawn.
        if is_drag && self.n_edits() == n_edits && self.exchange_picture(ui) {
            ui.ctx().request_repaint_after(SETTLED);
        } else {
            ui.ctx().request_repaint();
        }
    }

    /// Waits for the picture, if it is worth it, and puts it where the one before was drawn.
    fn exchange_picture(&mut self, ui: &Ui) -> bool {
        if !self.session.await_preview() {
            return false;
        }
        let Some(frame) = self.session.preview() else {
            return false;
        };
        let marks = self.look.shows_clipping;
        if !self.canvas.exchange(ui.ctx(), frame, marks) {
            return false;
        }
        let (answer, stamps) = ((frame.seq, frame.backend.kind), frame.stamps);
        stamp_painting(ui, &self.work, self.timing.expect(answer, stamps));
        true
    }

    fn n_edits(&self) -> Option<usize> {
        let open = self.session.photo()?;
        Some(open.history.current().edits().len())
    }
}

const fn is_step_of_drag(command: &Command) -> bool {
    matches!(
        command,
        Command::Edit(EditCommand::Drag { .. } | EditCommand::Nudge { .. })
    )
}

/// Has the stamps left: before anything of this frame is drawn, when textures lie on the card, and
/// when everything has been drawn.
pub(super) fn stamp_painting(ui: &Ui, work: &Work, painting: Painting) {
    let rect = ui.ctx().content_rect();
    if let Some(first) = work.first_shape {
        let painting = painting.clone();
        let callback = CallbackFn::new(move |_, _| painting.stamp_uploaded());
        let callback = Arc::new(callback);
        let shape = egui::PaintCallback { rect, callback };
        ui.ctx()
            .layer_painter(egui::LayerId::background())
            .set(first, shape);
    }
    let callback = CallbackFn::new(move |_, painter| {
        // Reading one pixel waits until those before it are drawn.
        painter.read_screen_rgba([1, 1]);
        painting.stamp_painted();
    });
    let callback = Arc::new(callback);
    ui.ctx()
        .debug_painter()
        .add(egui::PaintCallback { rect, callback });
}
