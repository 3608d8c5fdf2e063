//! One line of text painted into a box, cut with an ellipsis where it is too long.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Rect, Response, RichText, Ui};
use std::sync::Arc;

use crate::ui::theme::{CLEAR, Theme, font};

fn galley(ui: &Ui, text: &str, font_id: FontId, ink: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font_id, ink));
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}

fn place(ui: &Ui, rect: Rect, galley: Arc<Galley>, align: Align2) -> Rect {
    let at = align.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, CLEAR);
    at
}

/// Left-aligned, in the middle of the box's height. Returns where the text lies.
pub fn left(ui: &Ui, rect: Rect, text: &str, font_id: FontId, ink: Color32) -> Rect {
    let galley = galley(ui, text, font_id, ink, rect.width());
    place(ui, rect, galley, Align2::LEFT_CENTER)
}

/// Left-aligned; of a list parted by dots only the first parts that fit, rather than half a part.
pub fn left_list(ui: &Ui, rect: Rect, list: &str, font_id: FontId, ink: Color32) -> Rect {
    let fits = |list: &&str| width(ui, list, font_id.clone()) <= rect.width();
    let shorter = list.rmatch_indices(" · ").map(|(end, _)| &list[..end]);
    let shorter = std::iter::once(list).chain(shorter).find(fits);
    left(ui, rect, shorter.unwrap_or(list), font_id, ink)
}

/// Right-aligned, as figures are.
pub fn right(ui: &Ui, rect: Rect, text: &str, font_id: FontId, ink: Color32) -> Rect {
    let galley = galley(ui, text, font_id, ink, rect.width());
    place(ui, rect, galley, Align2::RIGHT_CENTER)
}

pub fn center(ui: &Ui, rect: Rect, text: &str, font_id: FontId, ink: Color32) -> Rect {
    let galley = galley(ui, text, font_id, ink, rect.width());
    place(ui, rect, galley, Align2::CENTER_CENTER)
}

/// Width of a line, in points.
#[must_use]
pub fn width(ui: &Ui, text: &str, font_id: FontId) -> f32 {
    ui.painter()
        .layout_no_wrap(text.to_owned(), font_id, CLEAR)
        .size()
        .x
}

/// The head of a group in a panel: "Presets".
pub fn section(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    ui.label(RichText::new(text).font(font::title()).color(theme.faint))
}

/// A quiet line that explains.
pub fn caption(ui: &mut Ui, text: &str) -> Response {
    let theme = Theme::of(ui);
    ui.label(RichText::new(text).font(font::caption()).color(theme.soft))
}
