//! The frame every dialog stands in: dimmed window behind it, a title, a cross.

use egui::{Align, Context, Frame, Id, Layout, Margin, Modal, Role, Stroke, Ui, vec2};

use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Icon, IconButton, text};

/// Shows `contents` in the middle of the window. True when it shall close: Esc, the cross, a click
/// beside it.
pub(super) fn sheet<R>(
    ctx: &Context,
    title: &str,
    width: f32,
    contents: impl FnOnce(&mut Ui) -> R,
) -> (R, bool) {
    let theme = if ctx.theme() == egui::Theme::Dark {
        Theme::dark()
    } else {
        Theme::light()
    };
    let frame = Frame::NONE
        .fill(theme.panel)
        .stroke(Stroke::new(1.0, theme.pressed))
        .corner_radius(size::RADIUS_CARD + 2)
        .inner_margin(Margin::same(size::GAP_L as i8));
    let width = width.min(ctx.content_rect().width() - 4.0 * size::GAP_L);
    let shown = Modal::new(Id::unique(("sheet", title)))
        .frame(frame)
        .show(ctx, |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(size::GAP_S, size::GAP_S);
            let closed = head_ui(ui, title);
            ui.add_space(size::GAP_XS);
            (contents(ui), closed)
        });
    ctx.accesskit_node_builder(shown.response.id, |node| {
        node.set_role(Role::Dialog);
        node.set_label(title.to_owned());
    });
    let by_esc_or_beside = shown.should_close();
    let (inner, closed) = shown.inner;
    (inner, closed || by_esc_or_beside)
}

fn head_ui(ui: &mut Ui, title: &str) -> bool {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), size::HIT);
    ui.allocate_ui_with_layout(wanted, Layout::right_to_left(Align::Center), |ui| {
        let close = IconButton::new(Icon::Close, "Close")
            .shortcut("Esc")
            .small();
        let closed = ui.add(close).clicked();
        let rect = ui.available_rect_before_wrap();
        text::left(ui, rect, title, font::name(), theme.text);
        closed
    })
    .inner
}

/// A row of a form: what it is at the left, the control over the rest.
pub(super) fn field_row<R>(ui: &mut Ui, label: &str, contents: impl FnOnce(&mut Ui) -> R) -> R {
    const LABEL: f32 = 104.0;
    let theme = Theme::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let (_, rect) = ui.allocate_space(vec2(LABEL, size::BUTTON));
        text::left(ui, rect, label, font::body(), theme.soft);
        contents(ui)
    })
    .inner
}

/// The last row: buttons at the right, the main one outermost.
pub(super) fn buttons_row<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(size::GAP_XS);
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::right_to_left(Align::Center), contents)
        .inner
}
