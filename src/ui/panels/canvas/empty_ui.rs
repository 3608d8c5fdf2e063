//! The canvas without a photo: how to open one, and what is being opened.

use std::path::Path;

use egui::{Align, Frame, Layout, Margin, RichText, Ui, UiBuilder, vec2};

use crate::studio::session::{Job, JobKind, Session};
use crate::ui::command::{Command, JobSlot, Outbox};
use crate::ui::theme::{Surround, Theme, font, size};
use crate::ui::widgets::{Button, Icon, ListRow};

const WIDTH: f32 = 320.0;

/// Opening that is done sooner is not worth a card over the photo.
const SHOWN_AFTER_NS: u64 = 300_000_000;

const CARD_WIDTH: f32 = 360.0;

/// Recent files offered.
const N_RECENT: usize = 6;

pub(super) fn empty_ui(ui: &mut Ui, session: &Session, surround: Surround, outbox: &mut Outbox) {
    let recent = &session.settings.recent;
    let n_recent = recent.len().min(N_RECENT);
    let height = 150.0 + if n_recent > 0 { 36.0 } else { 0.0 } + n_recent as f32 * size::ROW;
    in_the_middle(ui, height, |ui| {
        line(ui, "Open a photo to begin", font::name(), surround);
        ui.add_space(size::GAP_XS);
        let hint = "Drop a file here, or choose one";
        line(ui, hint, font::caption(), surround);
        ui.add_space(size::GAP_L);
        ui.horizontal(|ui| {
            let both = 150.0 + 170.0;
            ui.add_space((ui.available_width() - both).max(0.0) / 2.0);
            let open = Button::main("Open a photo")
                .icon(Icon::Open)
                .tip("", "Ctrl+O");
            if ui.add(open.min_width(142.0)).clicked() {
                outbox.send(Command::ChoosePhoto);
            }
            let sample = Button::quiet("Open the sample photo");
            if ui.add(sample.min_width(170.0)).clicked() {
                outbox.send(Command::OpenSample);
            }
        });
        if n_recent > 0 {
            ui.add_space(size::GAP_XL);
            line(ui, "Recent", font::caption(), surround);
            ui.add_space(size::GAP_XS);
            let theme = Theme::of(ui);
            let ground = Frame::NONE
                .fill(theme.panel)
                .corner_radius(size::RADIUS_CARD)
                .inner_margin(Margin::same(4));
            ground.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for path in recent.iter().take(N_RECENT) {
                    recent_ui(ui, path, outbox);
                }
            });
        }
    });
}

fn recent_ui(ui: &mut Ui, path: &Path, outbox: &mut Outbox) {
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    let folder = folder.to_string_lossy();
    let row = ListRow::new(&name).figure(&folder);
    if ui.add(row).clicked() {
        outbox.send(Command::Open(path.to_owned()));
    }
}

pub(super) fn opening_ui(ui: &mut Ui, job: &Job, surround: Surround, outbox: &mut Outbox) {
    let JobKind::Opening(name) = &job.kind else {
        return;
    };
    in_the_middle(ui, 90.0, |ui| {
        line(ui, &format!("Opening {name}"), font::name(), surround);
        let percent = format!("{:.0} %", job.share_done() * 100.0);
        line(ui, &percent, font::caption(), surround);
        ui.add_space(size::GAP_M);
        stop_ui(ui, job, outbox);
    });
}

/// Over the photo that stays until the new one is ready.
pub(super) fn opening_over_ui(ui: &mut Ui, job: &Job, outbox: &mut Outbox) {
    let JobKind::Opening(name) = &job.kind else {
        return;
    };
    if job.elapsed_ns() < SHOWN_AFTER_NS {
        return;
    }
    let theme = Theme::of(ui);
    let room = ui.max_rect().shrink(size::GAP_M);
    let wanted = vec2(
        CARD_WIDTH.min(room.width()),
        size::BUTTON + 2.0 * size::GAP_XS,
    );
    let card = egui::Align2::CENTER_TOP.align_size_within_rect(wanted, room);
    ui.painter()
        .rect_filled(card, size::RADIUS_CARD, theme.panel);
    let inside = card.shrink2(vec2(size::GAP_XS, 0.0));
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
        stop_ui(ui, job, outbox);
        let percent = job.share_done() * 100.0;
        let words = format!("Opening {name} · {percent:.0} %");
        let words = RichText::new(words).font(font::body()).color(theme.text);
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(size::GAP_S);
            ui.add(egui::Label::new(words).truncate());
        });
    });
}

fn stop_ui(ui: &mut Ui, job: &Job, outbox: &mut Outbox) {
    let word = if job.is_stopping() {
        "Stopping…"
    } else {
        "Stop"
    };
    let stop = Button::quiet(word)
        .icon(Icon::Stop)
        .enabled(!job.is_stopping());
    if ui.add(stop).clicked() {
        outbox.send(Command::Stop(JobSlot::Opening));
    }
}

fn in_the_middle(ui: &mut Ui, height: f32, contents: impl FnOnce(&mut Ui)) {
    let room = ui.max_rect();
    let width = WIDTH.min(room.width() - 2.0 * size::GAP_L).max(1.0);
    let rect = egui::Rect::from_center_size(room.center(), vec2(width, height));
    let layout = Layout::top_down(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), contents);
}

fn line(ui: &mut Ui, words: &str, font_id: egui::FontId, surround: Surround) {
    ui.label(RichText::new(words).font(font_id).color(surround.text()));
}
