//! A few options side by side, one of them chosen. The backend switch underlines the chosen one in
//! its colour and puts its dot before each; tabs stand without a ground.

use egui::accesskit::Role;
use egui::{EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::{CLEAR, Theme, font, size};

use super::{focus, text, tooltip};

/// One option.
#[derive(Debug, Clone, Copy, Default)]
pub struct Segment<'a> {
    pub label: &'a str,
    pub mark: Option<BackendMark>,
    pub tip: &'a str,
    pub shortcut: &'a str,
}

impl<'a> Segment<'a> {
    #[must_use]
    pub const fn new(label: &'a str) -> Self {
        Self {
            label,
            mark: None,
            tip: "",
            shortcut: "",
        }
    }
}

#[must_use = "call show"]
pub struct Segmented<'a> {
    name: &'a str,
    segments: &'a [Segment<'a>],
    role: Role,
    has_ground: bool,
    fill_width: bool,
}

const INSET: f32 = 2.0;
const UNDERLINE: f32 = 2.0;

impl<'a> Segmented<'a> {
    /// `name` says what is chosen here: "Backend".
    pub const fn new(name: &'a str, segments: &'a [Segment<'a>]) -> Self {
        Self {
            name,
            segments,
            role: Role::RadioButton,
            has_ground: true,
            fill_width: false,
        }
    }

    /// Views of one panel.
    pub const fn tabs(name: &'a str, segments: &'a [Segment<'a>]) -> Self {
        Self {
            name,
            segments,
            role: Role::Tab,
            has_ground: false,
            fill_width: false,
        }
    }

    /// All of one width, over the whole width there is.
    pub const fn fill_width(mut self) -> Self {
        self.fill_width = true;
        self
    }

    /// The option that the person chose just now.
    pub fn show(self, ui: &mut Ui, chosen: Option<usize>) -> Option<usize> {
        let widths = self.widths(ui);
        let total: f32 = widths.iter().sum::<f32>() + 2.0 * INSET;
        let (id, rect) = ui.allocate_space(vec2(total, size::BUTTON));
        if self.has_ground {
            let theme = Theme::of(ui);
            let radius = size::RADIUS_CONTROL + 1;
            ui.painter().rect_filled(rect, radius, theme.field);
        }
        let mut left = rect.left() + INSET;
        let mut picked = None;
        for (idx, width) in widths.iter().enumerate() {
            let cell = Rect::from_min_max(
                pos2(left, rect.top() + INSET),
                pos2(left + width, rect.bottom() - INSET),
            );
            left += width;
            let response = self.segment_ui(ui, cell, id, (idx, chosen == Some(idx)));
            if response.clicked() {
                picked = Some(idx);
            }
            if let Some(neighbour) = self.moved(ui, &response, idx) {
                ui.memory_mut(|memory| memory.request_focus(id.with(neighbour)));
                picked = Some(neighbour);
            }
        }
        picked.filter(|idx| Some(*idx) != chosen)
    }

    fn widths(&self, ui: &Ui) -> Vec<f32> {
        if self.fill_width {
            let each = (ui.available_width() - 2.0 * INSET) / self.segments.len() as f32;
            return vec![each; self.segments.len()];
        }
        let width = |segment: &Segment<'_>| {
            let mark = segment.mark.map_or(0.0, |_| size::DOT + size::GAP_S);
            (text::width(ui, segment.label, font::title()) + mark + 2.0 * size::GAP_M).ceil()
        };
        self.segments.iter().map(width).collect()
    }

    fn segment_ui(&self, ui: &Ui, rect: Rect, id: Id, (idx, is_chosen): (usize, bool)) -> Response {
        let theme = Theme::of(ui);
        let segment = &self.segments[idx];
        let response = ui.interact(rect, id.with(idx), Sense::click());
        response.widget_info(|| {
            WidgetInfo::selected(self.role, ui.is_enabled(), is_chosen, segment.label)
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_description(self.name.to_owned());
        });
        let rest = if is_chosen { theme.control } else { CLEAR };
        let painter = ui.painter();
        painter.rect_filled(rect, size::RADIUS_CONTROL, theme.surface(&response, rest));
        if let (true, Some(mark)) = (is_chosen, segment.mark) {
            let line = Rect::from_min_max(
                pos2(rect.left() + 4.0, rect.bottom() - UNDERLINE),
                pos2(rect.right() - 4.0, rect.bottom()),
            );
            let ring = if theme.is_dark { 0.0 } else { 1.0 };
            painter.rect_filled(line.expand(ring), 1.0, theme.mark_ring);
            painter.rect_filled(line, 1.0, mark.color());
        }
        let ink = if is_chosen || response.hovered() {
            theme.text
        } else {
            theme.soft
        };
        let mark_width = segment.mark.map_or(0.0, |_| size::DOT + size::GAP_S);
        let label_width = text::width(ui, segment.label, font::title());
        let start =
            (rect.center().x - f32::midpoint(mark_width, label_width)).max(rect.left() + 4.0);
        if let Some(mark) = segment.mark {
            let at = pos2(start + size::DOT / 2.0, rect.center().y);
            mark.paint(painter, theme, at, size::DOT);
        }
        let label = Rect::from_min_max(pos2(start + mark_width, rect.top()), rect.max);
        text::left(ui, label, segment.label, font::title(), ink);
        focus::ring(ui, &response);
        tooltip::tip(response, segment.tip, segment.shortcut)
    }

    /// Where an arrow key takes the choice.
    fn moved(&self, ui: &Ui, response: &Response, idx: usize) -> Option<usize> {
        if !response.has_focus() {
            return None;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        // Taken from the queue, or the neighbour would see the same press.
        let (back, on) = ui.input_mut(|input| {
            (
                input.consume_key(Modifiers::NONE, Key::ArrowLeft),
                input.consume_key(Modifiers::NONE, Key::ArrowRight),
            )
        });
        if back {
            idx.checked_sub(1)
        } else {
            (on && idx + 1 < self.segments.len()).then_some(idx + 1)
        }
    }
}
