//! A card is one edit. With one parameter it is one row, with more a title row and a row each. Grip,
//! cost, eye, chevron and "…" come on hover and when the keyboard is inside; they keep their places.
//!
//! What stands in the card is the caller's: a `ParamSlider::title` for the single row, sliders and
//! choices below the title row.

use egui::{Frame, Id, Margin, Rect, Response, Sense, Ui, UiBuilder, pos2, vec2};

use crate::ui::theme::{Theme, font, size};

use super::icon::Icon;
use super::icon_button::IconButton;
use super::slider::Change;
use super::{focus, text};

mod card_menu;
mod grip;

/// What the person wants done to the edit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CardAction {
    /// The eye: on or off.
    Toggle,
    /// The chevron: open or folded.
    Fold,
    Opacity(Change),
    Duplicate,
    Reset,
    MoveUp,
    MoveDown,
    Delete,
}

/// What the card shows of its edit.
#[derive(Debug, Clone, Copy)]
pub struct CardView<'a> {
    pub title: &'a str,
    /// What it costs, "1.9 ms"; a dash stands where nothing was measured.
    pub cost: Option<&'a str>,
    /// "judge at 100 %" and the like, beside the title.
    pub remark: Option<&'a str>,
    pub is_enabled: bool,
    /// 0…1; `None` for geometry.
    pub opacity: Option<f64>,
    /// In the recipe, so that it can be moved, doubled and deleted. A ready slider that nobody has
    /// touched is not.
    pub is_edit: bool,
}

/// What a card answers.
#[derive(Debug)]
pub struct CardOutcome<R> {
    pub inner: R,
    pub action: Option<CardAction>,
    /// Of the grip, where there is one: dragging it moves the card.
    pub grip: Option<Response>,
    pub rect: Rect,
}

#[must_use = "call row or block"]
pub struct EditCard<'a> {
    view: CardView<'a>,
}

impl<'a> EditCard<'a> {
    pub const fn new(view: CardView<'a>) -> Self {
        Self { view }
    }

    /// One row: `contents` gets its full width between grip and eye.
    pub fn row<R>(
        self,
        ui: &mut Ui,
        id_salt: impl std::hash::Hash + std::fmt::Debug,
        contents: impl FnOnce(&mut Ui) -> R,
    ) -> CardOutcome<R> {
        let id = ui.make_persistent_id(("card", id_salt));
        let shows_controls = shows_controls(ui, id);
        let view = self.view;
        framed(ui, id, |ui| {
            let row = row_rect(ui);
            let (grip, action) = grip::show(ui, id, row, &view, shows_controls);
            let inside = inner_rect(row);
            let inner = inside_ui(ui, inside, view.is_enabled, contents);
            let more = Rect::from_min_size(
                pos2(inside.left() + size::PARAM_LABEL - MORE_WIDTH, row.top()),
                vec2(MORE_WIDTH, size::ROW),
            );
            let from_menu = card_menu::show(ui, id, more, &view, shows_controls);
            let toggled = eye(ui, row, &view, shows_controls);
            (inner, action.or(from_menu).or(toggled), grip)
        })
    }

    /// A title row and, while `is_open`, what `contents` puts below it.
    pub fn block<R>(
        self,
        ui: &mut Ui,
        id_salt: impl std::hash::Hash + std::fmt::Debug,
        is_open: bool,
        contents: impl FnOnce(&mut Ui) -> R,
    ) -> CardOutcome<Option<R>> {
        let id = ui.make_persistent_id(("card", id_salt));
        let shows_controls = shows_controls(ui, id);
        let view = self.view;
        framed(ui, id, |ui| {
            let row = row_rect(ui);
            let (grip, action) = grip::show(ui, id, row, &view, shows_controls);
            let titled = title_row(ui, id, row, &view, (shows_controls, is_open));
            let inner = is_open.then(|| {
                let below = inner_rect(ui.available_rect_before_wrap());
                ui.add_space(-size::GAP_XS / 2.0);
                let below = below.with_min_y(ui.cursor().top());
                inside_ui(ui, below, view.is_enabled, contents)
            });
            (inner, action.or(titled), grip)
        })
    }
}

const MORE_WIDTH: f32 = 22.0;

fn framed<R>(
    ui: &mut Ui,
    id: Id,
    contents: impl FnOnce(&mut Ui) -> (R, Option<CardAction>, Option<Response>),
) -> CardOutcome<R> {
    let theme = Theme::of(ui);
    let frame = Frame::NONE
        .fill(theme.card)
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::symmetric(0, 4));
    let shown = frame.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        contents(ui)
    });
    let rect = shown.response.rect;
    ui.data_mut(|data| data.insert_temp(id, rect));
    let (inner, action, grip) = shown.inner;
    CardOutcome {
        inner,
        action,
        grip,
        rect,
    }
}

/// Hover and keyboard are judged by where the card was in the last frame.
fn shows_controls(ui: &Ui, id: Id) -> bool {
    let Some(rect) = ui.data(|data| data.get_temp::<Rect>(id)) else {
        return false;
    };
    let is_menu_open = egui::Popup::is_id_open(ui.ctx(), card_menu::popup_id(id));
    is_menu_open || ui.rect_contains_pointer(rect) || focus::is_within(ui, rect)
}

fn row_rect(ui: &mut Ui) -> Rect {
    ui.allocate_space(vec2(ui.available_width(), size::ROW)).1
}

/// Between the room for the grip and the room for the eye.
fn inner_rect(row: Rect) -> Rect {
    Rect::from_min_max(
        pos2(row.left() + size::CARD_GRIP, row.top()),
        pos2(row.right() - size::CARD_TAIL, row.bottom()),
    )
}

fn inside_ui<R>(
    ui: &mut Ui,
    rect: Rect,
    is_enabled: bool,
    contents: impl FnOnce(&mut Ui) -> R,
) -> R {
    let shown = ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        if !is_enabled {
            ui.multiply_opacity(size::OFF_OPACITY);
        }
        contents(ui)
    });
    shown.inner
}

fn eye(ui: &mut Ui, row: Rect, view: &CardView<'_>, shows_controls: bool) -> Option<CardAction> {
    if !view.is_edit {
        return None;
    }
    let tail = row
        .with_min_x(row.right() - size::CARD_TAIL)
        .shrink2(vec2(1.0, 0.0));
    eye_at(ui, tail, view, shows_controls)
}

fn eye_at(ui: &mut Ui, rect: Rect, view: &CardView<'_>, shows: bool) -> Option<CardAction> {
    let (icon, word) = if view.is_enabled {
        (Icon::Eye, "Switch off")
    } else {
        (Icon::EyeOff, "Switch on")
    };
    let name = format!("{word}: {}", view.title);
    let button = IconButton::new(icon, &name)
        .small()
        .shown(shows || !view.is_enabled);
    ui.put(rect, button).clicked().then_some(CardAction::Toggle)
}

/// Title, remark, cost, eye, "…", chevron.
fn title_row(
    ui: &mut Ui,
    id: Id,
    row: Rect,
    view: &CardView<'_>,
    (shows_controls, is_open): (bool, bool),
) -> Option<CardAction> {
    let theme = Theme::of(ui);
    let slot = |from_right: f32| {
        Rect::from_min_size(
            pos2(row.right() - 1.0 - from_right * size::HIT, row.top()),
            vec2(size::HIT, size::ROW),
        )
    };
    let title = Rect::from_min_max(
        pos2(row.left() + size::CARD_GRIP, row.top()),
        pos2(row.right() - 4.5 * size::HIT, row.bottom()),
    );
    let fold = ui.interact(title, id.with("title"), Sense::CLICK);
    fold.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, view.title));
    let ink = if view.is_enabled {
        theme.text
    } else {
        theme.off
    };
    let written = text::left(ui, title, view.title, font::title(), ink);
    if let Some(remark) = view.remark {
        let beside = title.with_min_x(written.right() + size::GAP_S);
        text::left(ui, beside, remark, font::caption(), theme.faint);
    }
    let mut action = fold.clicked().then_some(CardAction::Fold);
    if shows_controls && view.is_edit {
        let cost = Rect::from_min_max(
            pos2(title.right() - 2.0 * size::HIT, row.top()),
            pos2(slot(3.0).left() - size::GAP_XS, row.bottom()),
        );
        text::right(
            ui,
            cost,
            view.cost.unwrap_or("–"),
            font::caption(),
            theme.faint,
        );
    }
    if view.is_edit {
        action = action.or(eye_at(ui, slot(3.0), view, shows_controls));
        action = action.or(card_menu::show(ui, id, slot(2.0), view, shows_controls));
    }
    let (icon, word) = if is_open {
        (Icon::ChevronDown, "Fold")
    } else {
        (Icon::ChevronRight, "Unfold")
    };
    let name = format!("{word}: {}", view.title);
    let chevron = IconButton::new(icon, &name)
        .small()
        .shown(shows_controls || !is_open);
    let folded = ui.put(slot(1.0), chevron).clicked();
    action.or(folded.then_some(CardAction::Fold))
}

#[cfg(test)]
mod tests;
