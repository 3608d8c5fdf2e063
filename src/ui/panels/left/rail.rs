//! The narrow form of the panel: an icon each for presets and history, which open their list beside it.

use egui::{Popup, PopupCloseBehavior, RectAlign, Response, Ui};

use crate::ui::theme::size;
use crate::ui::widgets::{Icon, IconButton};

const LIST_WIDTH: f32 = size::LEFT_PANEL + 24.0;
const LIST_HEIGHT: f32 = 420.0;

/// One icon; `contents` stands beside it while it is open.
pub(super) fn rail_ui(ui: &mut Ui, icon: Icon, name: &str, contents: impl FnOnce(&mut Ui)) {
    let button = ui
        .vertical_centered(|ui| ui.add(IconButton::new(icon, name)))
        .inner;
    beside(&button, contents);
}

fn beside(button: &Response, contents: impl FnOnce(&mut Ui)) {
    let popup = Popup::from_toggle_button_response(button)
        .align(RectAlign::RIGHT_START)
        .gap(size::GAP_S)
        .width(LIST_WIDTH)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(LIST_WIDTH);
        ui.set_max_height(LIST_HEIGHT);
        contents(ui);
    });
}
