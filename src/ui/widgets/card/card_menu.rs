//! The card's "…": opacity, duplicate, move, reset, delete.

use egui::{Frame, Id, Margin, Popup, PopupCloseBehavior, Rect, Ui};

use crate::filters::spec::{NumberSpec, Track, Unit};
use crate::ui::theme::size;
use crate::ui::widgets::icon::Icon;
use crate::ui::widgets::icon_button::IconButton;
use crate::ui::widgets::menu::MenuItem;
use crate::ui::widgets::slider::{Change, ParamSlider};
use crate::ui::widgets::text;

use super::{CardAction, CardView};

/// In per cent, as people think of it.
static OPACITY: NumberSpec = NumberSpec {
    min: 0.0,
    max: 100.0,
    step: 5.0,
    identity: Some(100.0),
    on_add: 100.0,
    unit: Unit::None,
    decimals: 0,
    track: Track::Plain,
};

const OPACITY_LABEL: f32 = 56.0;
const WIDTH: f32 = OPACITY_LABEL + size::PARAM_TRACK_MIN + size::PARAM_VALUE + 2.0 * size::GAP_S;

pub(super) fn popup_id(card: Id) -> Id {
    card.with("menu")
}

pub(super) fn show(
    ui: &mut Ui,
    card: Id,
    rect: Rect,
    view: &CardView<'_>,
    shows_controls: bool,
) -> Option<CardAction> {
    if !view.is_edit {
        return None;
    }
    let name = format!("More: {}", view.title);
    let button = IconButton::new(Icon::More, &name)
        .small()
        .width(rect.width())
        .shown(shows_controls);
    let response = ui.put(rect, button);
    Popup::menu(&response)
        .id(popup_id(card))
        .width(WIDTH)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| items(ui, view))
        .and_then(|shown| shown.inner)
}

fn items(ui: &mut Ui, view: &CardView<'_>) -> Option<CardAction> {
    let mut action = None;
    if let Some(cost) = view.cost {
        text::caption(ui, &format!("{cost} in the newest preview"));
        ui.add_space(size::GAP_XS);
    }
    if let Some(opacity) = view.opacity {
        let inset = Margin::symmetric(size::GAP_S as i8, 0);
        let slider = ParamSlider::new("Opacity", &OPACITY)
            .name("Opacity in per cent")
            .label_width(OPACITY_LABEL);
        let shown = Frame::NONE
            .inner_margin(inset)
            .show(ui, |ui| slider.show(ui, "opacity", opacity * 100.0));
        let changed = shown.inner.change;
        action = changed.map(|change| {
            CardAction::Opacity(Change {
                value: change.value / 100.0,
                stage: change.stage,
            })
        });
        ui.add_space(size::GAP_XS);
    }
    let entries = [
        ("Duplicate", Icon::Duplicate, "", CardAction::Duplicate),
        ("Move up", Icon::ChevronUp, "Alt+↑", CardAction::MoveUp),
        (
            "Move down",
            Icon::ChevronDown,
            "Alt+↓",
            CardAction::MoveDown,
        ),
        ("Reset", Icon::Reset, "", CardAction::Reset),
        ("Delete", Icon::Trash, "", CardAction::Delete),
    ];
    for (label, icon, shortcut, chosen) in entries {
        if MenuItem::new(label).icon(icon).shortcut(shortcut).show(ui) {
            action = Some(chosen);
            ui.close();
        }
    }
    action
}
