//! What assistive technology is told beyond a widget's own words.

use egui::accesskit::{Action, Role};
use egui::{Context, Response, Ui};

/// Says of a button that it can be pressed, also while it is disabled: readers of the tree remember
/// what a button could do when they first saw it.
pub(super) fn pressable(ui: &Ui, response: &Response) {
    ui.ctx()
        .accesskit_node_builder(response.id, |node| node.add_action(Action::Click));
}

/// Names a part of the window.
pub fn region(ui: &Ui, role: Role, name: &str) {
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(role);
        node.set_label(name);
    });
}

/// Names the window itself.
pub fn window(ctx: &Context, title: &str) {
    ctx.accesskit_node_builder(egui::accesskit_root_id(), |node| node.set_label(title));
}
