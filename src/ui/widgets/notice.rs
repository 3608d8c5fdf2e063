//! What happened, in one line with a sign before it and, where something can be done, an action.
//! Errors stay until they are read; the rest goes by itself.

use egui::accesskit::{Live, Role};
use egui::{
    Align2, Area, Color32, Frame, Id, Margin, Order, Rect, RichText, Sense, Stroke, Ui, vec2,
};

use crate::ui::theme::{Theme, font, size};

use super::button::Button;
use super::icon::Icon;
use super::icon_button::IconButton;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Info,
    Ok,
    Warning,
    Error,
}

impl Kind {
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Ok => Icon::Ok,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Error,
        }
    }

    #[must_use]
    pub const fn ink(self, theme: &Theme) -> Color32 {
        match self {
            Self::Info => theme.soft,
            Self::Ok => theme.ok,
            Self::Warning => theme.warning,
            Self::Error => theme.error,
        }
    }

    /// Seconds after which it goes by itself; `None` stays until it is closed.
    #[must_use]
    pub const fn lifetime_s(self) -> Option<f64> {
        match self {
            Self::Info => Some(5.0),
            Self::Ok => Some(8.0),
            Self::Warning | Self::Error => None,
        }
    }
}

/// What a notice shows.
#[derive(Debug, Clone, Copy)]
pub struct NoticeView<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// What to do about it or more figures, in the quiet grey; may be empty.
    pub detail: &'a str,
    /// "Show in folder".
    pub action: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeAnswer {
    Action,
    Close,
}

const WIDTH_MAX: f32 = 560.0;

/// All notices above the lower edge of `over`, newest lowest. Returns which was answered and how.
pub fn notices(ui: &Ui, over: Rect, views: &[NoticeView<'_>]) -> Option<(usize, NoticeAnswer)> {
    if views.is_empty() {
        return None;
    }
    let foot = over.center_bottom() - vec2(0.0, size::GAP_L);
    Area::new(Id::unique("notices"))
        .order(Order::Foreground)
        .pivot(Align2::CENTER_BOTTOM)
        .fixed_pos(foot)
        .show(ui.ctx(), |ui| {
            ui.spacing_mut().item_spacing.y = size::GAP_S;
            ui.set_max_width(WIDTH_MAX.min(over.width() - 2.0 * size::GAP_L));
            let mut answered = None;
            for (idx, view) in views.iter().enumerate() {
                if let Some(answer) = ui.push_id(idx, |ui| notice(ui, *view)).inner {
                    answered = Some((idx, answer));
                }
            }
            answered
        })
        .inner
}

/// One notice in the flow, as beside the thing it concerns.
pub fn notice(ui: &mut Ui, view: NoticeView<'_>) -> Option<NoticeAnswer> {
    let theme = Theme::of(ui);
    let frame = Frame::NONE
        .fill(theme.control)
        .stroke(Stroke::new(1.0, theme.line_outer))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::symmetric(12, 6));
    let shown = frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            sign(ui, view.kind);
            let text = RichText::new(view.text)
                .font(font::body())
                .color(theme.text);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add_space(5.0);
                ui.add(egui::Label::new(text).wrap());
                if !view.detail.is_empty() {
                    let detail = RichText::new(view.detail).font(font::caption());
                    ui.add(egui::Label::new(detail.color(theme.faint_on_control)).wrap());
                }
                ui.add_space(3.0);
            });
            answer_ui(ui, view)
        })
        .inner
    });
    announce(ui, &shown.response, view);
    shown.inner
}

fn answer_ui(ui: &mut Ui, view: NoticeView<'_>) -> Option<NoticeAnswer> {
    let acted = view
        .action
        .is_some_and(|action| ui.add(Button::text(action)).clicked());
    let close = IconButton::new(Icon::Close, "Dismiss").small();
    if ui.add(close).clicked() {
        return Some(NoticeAnswer::Close);
    }
    acted.then_some(NoticeAnswer::Action)
}

/// Tells screen readers at once, without taking the keyboard.
fn announce(ui: &Ui, response: &egui::Response, view: NoticeView<'_>) {
    let spoken = ui.interact(response.rect, response.id.with("spoken"), Sense::hover());
    spoken.widget_info(|| egui::WidgetInfo::labeled(Role::Alert, true, view.text));
    ui.ctx().accesskit_node_builder(spoken.id, |node| {
        node.set_live(match view.kind {
            Kind::Error | Kind::Warning => Live::Assertive,
            Kind::Info | Kind::Ok => Live::Polite,
        });
    });
}

fn sign(ui: &mut Ui, kind: Kind) {
    let theme = Theme::of(ui);
    let (_, rect) = ui.allocate_space(vec2(size::ICON, size::ROW));
    kind.icon().paint(ui.painter(), rect, kind.ink(theme));
}

/// A sign and a line beside the thing it concerns: an error under its field, "same bytes" in the
/// status bar.
pub fn sign_line(ui: &mut Ui, kind: Kind, text: &str) {
    let theme = Theme::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (_, rect) = ui.allocate_space(vec2(14.0, 18.0));
        let ink = kind.ink(theme);
        kind.icon()
            .paint_sized(ui.painter(), rect.center(), 14.0, ink);
        let line = RichText::new(text).font(font::caption()).color(ink);
        ui.add(egui::Label::new(line).wrap());
    });
}
