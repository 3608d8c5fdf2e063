//! A thin line along an edge that says how far a job is.

use egui::accesskit::Role;
use egui::{Id, Rect, Sense, Ui, WidgetInfo};

use crate::ui::theme::WELL;

const THICKNESS: f32 = 2.0;
/// Share of the width that the runner of an unknown length takes, and its seconds a pass.
const RUNNER: f32 = 0.25;
const PASS_S: f64 = 1.6;

/// Along the upper edge of `over`, in colours that hold on every surround. `share` is 0…1, `None` while the length is unknown.
pub fn progress_line(ui: &Ui, over: Rect, name: &str, share: Option<f32>) {
    let line = over.with_max_y(over.top() + THICKNESS);
    let response = ui.interact(line, Id::unique(("progress", name)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, name));
    let (from, to) = if let Some(share) = share {
        (0.0, share.clamp(0.0, 1.0))
    } else {
        ui.ctx().request_repaint();
        let now_s = ui.input(|input| input.time);
        let at = ((now_s / PASS_S).fract() as f32) * (1.0 + RUNNER) - RUNNER;
        (at.max(0.0), (at + RUNNER).min(1.0))
    };
    ui.ctx().accesskit_node_builder(response.id, |node| {
        if let Some(share) = share {
            node.set_numeric_value(f64::from((share * 100.0).round()));
        }
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(100.0);
    });
    let done = Rect::from_x_y_ranges(
        line.left() + line.width() * from..=line.left() + line.width() * to,
        line.y_range(),
    );
    ui.painter().rect_filled(line, 0.0, WELL.ground);
    ui.painter().rect_filled(done, 0.0, WELL.luma);
}
