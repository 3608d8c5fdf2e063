//! The lower edge: which photo, how it was read, whether edits are saved, how long a change takes.

use egui::{Align, Layout, RichText, Ui, vec2};

use crate::studio::session::{OpenPhoto, Session};
use crate::telemetry::summary::Summary;
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::Icon;

/// What the bar says beside what the session knows.
#[derive(Debug, Clone, Copy)]
pub struct StatusView {
    /// From the hand to the screen.
    pub to_screen: Option<Summary>,
    pub same_bytes: Option<bool>,
    /// Memory this program holds, workers not counted.
    pub memory_bytes: Option<u64>,
    /// Whether figures beyond one are wanted.
    pub is_detailed: bool,
}

pub fn status_bar_ui(ui: &mut Ui, session: &Session, view: &StatusView) {
    let bar = ui.max_rect().shrink2(vec2(size::GAP_M, 0.0));
    let builder = egui::UiBuilder::new()
        .max_rect(bar)
        .layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_L;
        left_ui(ui, session, view);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            right_ui(ui, session, view);
        });
    });
}

fn left_ui(ui: &mut Ui, session: &Session, view: &StatusView) {
    let theme = Theme::of(ui);
    let Some(open) = session.photo() else {
        say(ui, "No photo", theme.faint);
        return;
    };
    say(ui, &open.photo.name(), theme.soft);
    say(ui, &facts(open), theme.faint);
    if view.is_detailed {
        say(ui, &speeds(session, view), theme.faint);
        match view.same_bytes {
            Some(true) => signed(ui, Icon::Ok, "same bytes on all backends", theme.ok),
            Some(false) => signed(
                ui,
                Icon::Error,
                "backends gave different bytes",
                theme.error,
            ),
            None => {}
        }
    }
}

fn right_ui(ui: &mut Ui, session: &Session, view: &StatusView) {
    let theme = Theme::of(ui);
    if view.is_detailed {
        let memory = view.memory_bytes.map_or_else(
            || "memory n/a".to_owned(),
            |bytes| format!("memory {:.0} MB", bytes as f64 / 1e6),
        );
        say(ui, &memory, theme.faint);
    } else if session.photo().is_some() {
        let backend = session.backend().kind.id();
        let speed = view.to_screen.map(|times| ms(times.median));
        let words = speed.map_or_else(|| backend.to_owned(), |ms| format!("{backend} · {ms}"));
        say(ui, &words, theme.faint);
    }
    if let Some(open) = session.photo() {
        sandbox_ui(ui, open);
        let words = if session.is_saved() {
            "edits saved"
        } else {
            "saving edits…"
        };
        say(ui, words, theme.faint);
    }
}

/// What held the process that decoded the photo, and in the tip what was missing.
fn sandbox_ui(ui: &mut Ui, open: &OpenPhoto) {
    let theme = Theme::of(ui);
    let Some(state) = &open.photo.sandbox else {
        return;
    };
    let ink = if state.is_full() {
        theme.faint
    } else {
        theme.warning
    };
    let words = RichText::new(format!("sandbox {}", state.word()));
    let label = egui::Label::new(words.font(font::caption()).color(ink));
    ui.add(label).on_hover_text(format!(
        "The photo was decoded by a process of its own, sandbox {state}"
    ));
}

/// "5312 × 2988 · 15.9 MP · 8 bit · sRGB".
fn facts(open: &OpenPhoto) -> String {
    let image = &open.photo.image;
    format!(
        "{} × {} · {:.1} MP · {} bit · {}",
        image.size.width,
        image.size.height,
        image.size.megapixels(),
        image.depth().bits(),
        image.color.name,
    )
}

fn speeds(session: &Session, view: &StatusView) -> String {
    let preview = session.preview_summary();
    let preview = preview.map_or_else(dash, |times| ms(times.median));
    let screen = view.to_screen.map_or_else(dash, |times| ms(times.median));
    format!("preview {preview}, slider to screen {screen}")
}

fn ms(ns: u64) -> String {
    let value = ns as f64 / 1e6;
    let digits = usize::from(value < 9.95);
    format!("{value:.digits$} ms")
}

fn dash() -> String {
    "\u{2013}".to_owned()
}

/// Words close behind their sign; what follows keeps its distance.
fn signed(ui: &mut Ui, icon: Icon, words: &str, ink: egui::Color32) {
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, size::GAP_XS);
    let (rect, _) = ui.allocate_exact_size(vec2(14.0, 14.0), egui::Sense::hover());
    ui.spacing_mut().item_spacing.x = gap;
    icon.paint_sized(ui.painter(), rect.center(), 14.0, ink);
    say(ui, words, ink);
}

fn say(ui: &mut Ui, words: &str, ink: egui::Color32) {
    let words = RichText::new(words).font(font::caption()).color(ink);
    ui.add(egui::Label::new(words).truncate());
}
