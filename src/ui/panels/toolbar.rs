//! The upper edge: open, undo, crop and before at the left; who computes in the middle; run, compare
//! and export at the right.

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, vec2};

use super::terms::{mark_of, terms_button};
use crate::studio::BackendKind;
use crate::studio::session::{Job, JobKind, Session};
use crate::studio::view::Zoom;
use crate::ui::command::{Command, EditCommand, JobSlot, Outbox, ShowCommand};
use crate::ui::keys::{choice_of, keys_of};
use crate::ui::state::Look;
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{
    Button, Icon, IconButton, MenuItem, Segment, Segmented, Stepper, menu, text,
};

/// Workers that can be asked for.
const MAX_WORKERS: u32 = 128;

/// Below these widths, words that explain go first, then the zoom.
const WORDS_FROM: f32 = 1180.0;
const ZOOM_FROM: f32 = 1020.0;

/// What the toolbar reads.
pub struct ToolbarView<'a> {
    pub session: &'a Session,
    pub look: &'a Look,
    pub is_cropping: bool,
}

pub fn toolbar_ui(ui: &mut Ui, view: &ToolbarView<'_>, outbox: &mut Outbox) {
    let bar = ui.max_rect().shrink2(vec2(size::GAP_S, 0.0));
    let left = row(ui, bar, Layout::left_to_right(Align::Center), |ui| {
        left_ui(ui, view, outbox);
    });
    let right = row(ui, bar, Layout::right_to_left(Align::Center), |ui| {
        right_ui(ui, view.session, outbox);
    });
    middle_ui(ui, (bar, left.right(), right.left()), view.session, outbox);
}

fn row(ui: &mut Ui, rect: Rect, layout: Layout, contents: impl FnOnce(&mut Ui)) -> Rect {
    let builder = UiBuilder::new().max_rect(rect).layout(layout);
    let shown = ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_XS;
        contents(ui);
        ui.min_rect()
    });
    shown.inner
}

fn left_ui(ui: &mut Ui, view: &ToolbarView<'_>, outbox: &mut Outbox) {
    let theme = Theme::of(ui);
    let has_photo = view.session.photo().is_some();
    let is_roomy = ui.max_rect().width() > ZOOM_FROM;
    if is_roomy {
        ui.add_space(size::GAP_XS);
        let name = egui::RichText::new("Parallax").font(font::name());
        ui.label(name.color(theme.text));
        ui.add_space(size::GAP_M);
    }
    let open = IconButton::new(Icon::Open, "Open a photo").shortcut(keys_of("Open a photo"));
    if ui.add(open).clicked() {
        outbox.send(Command::ChoosePhoto);
    }
    history_ui(ui, view.session, outbox);
    separator(ui);
    let crop = IconButton::new(Icon::Crop, "Crop")
        .shortcut("R")
        .chosen(view.is_cropping)
        .enabled(has_photo);
    if ui.add(crop).clicked() {
        outbox.show(ShowCommand::ToggleCrop);
    }
    let wipe = IconButton::new(Icon::Wipe, "Before beside after")
        .shortcut(keys_of("Before beside after"))
        .chosen(view.look.wipe_share.is_some())
        .enabled(has_photo && !view.is_cropping);
    if ui.add(wipe).clicked() {
        outbox.show(ShowCommand::ToggleWipe);
    }
    if is_roomy && has_photo {
        zoom_ui(ui, view.session, outbox);
    }
}

fn history_ui(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let history = session.photo().map(|photo| &photo.history);
    let undo = history.and_then(|history| history.undo_label());
    let redo = history.and_then(|history| history.redo_label());
    let named = |word: &str, label: Option<&str>| match label {
        Some(label) => format!("{word}: {label}"),
        None => word.to_owned(),
    };
    let (undo_name, redo_name) = (named("Undo", undo), named("Redo", redo));
    let undo_button = IconButton::new(Icon::Undo, &undo_name)
        .shortcut(keys_of("Undo"))
        .enabled(undo.is_some());
    if ui.add(undo_button).clicked() {
        outbox.edit(EditCommand::Undo);
    }
    let redo_button = IconButton::new(Icon::Redo, &redo_name)
        .shortcut(keys_of("Redo"))
        .enabled(redo.is_some());
    if ui.add(redo_button).clicked() {
        outbox.edit(EditCommand::Redo);
    }
}

fn zoom_ui(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let theme = Theme::of(ui);
    let words = zoom_text(session);
    let (rect, response) = ui.allocate_exact_size(vec2(92.0, size::BUTTON), Sense::click());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Zoom: {words}"))
    });
    let ink = if response.hovered() {
        theme.text
    } else {
        theme.soft
    };
    let inside = rect.with_min_x(rect.left() + size::GAP_S);
    text::left(ui, inside, &words, font::body(), ink);
    crate::ui::widgets::focus::ring(ui, &response);
    let response =
        crate::ui::widgets::tooltip::tip(response, "Fit or 100 %", keys_of("Fit or 100 %"));
    if response.clicked() {
        outbox.show(ShowCommand::ToggleFit);
    }
}

/// "Fit · 19 %".
fn zoom_text(session: &Session) -> String {
    let Some(frame) = session.preview() else {
        return "\u{2013}".to_owned();
    };
    let view = session.view();
    let percent = view.screen_scale(frame.full_size) * 100.0;
    let digits = usize::from(percent < 9.95);
    match view.zoom {
        Zoom::Fit => format!("Fit · {percent:.digits$} %"),
        Zoom::Scale(_) => format!("{percent:.digits$} %"),
    }
}

fn separator(ui: &mut Ui) {
    let theme = Theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(size::GAP_M, 20.0), Sense::hover());
    let stroke = egui::Stroke::new(1.0, theme.control);
    ui.painter().vline(rect.center().x, rect.y_range(), stroke);
}

/// In the window's middle, or as near to it as both sides leave room.
fn middle_ui(
    ui: &mut Ui,
    (bar, from, to): (Rect, f32, f32),
    session: &Session,
    outbox: &mut Outbox,
) {
    let has_words = bar.width() > WORDS_FROM;
    let id = egui::Id::unique(("toolbar middle", has_words));
    let width: f32 = ui.data(|data| data.get_temp(id)).unwrap_or(480.0);
    let left = (bar.center().x - width / 2.0)
        .min(to - size::GAP_M - width)
        .max(from + size::GAP_M)
        .round();
    let room = Rect::from_min_max(egui::pos2(left, bar.top()), egui::pos2(to, bar.bottom()));
    let layout = Layout::left_to_right(Align::Center);
    let used = row(ui, room, layout, |ui| {
        backend_ui(ui, session, (has_words, outbox));
    });
    if (used.width() - width).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, used.width()));
        ui.ctx().request_repaint();
    }
}

fn backend_ui(ui: &mut Ui, session: &Session, (has_words, outbox): (bool, &mut Outbox)) {
    let theme = Theme::of(ui);
    let choice = session.backend();
    let segments = BackendKind::ALL.map(|kind| Segment {
        label: kind.label(),
        mark: Some(mark_of(kind)),
        tip: summary_of(kind),
        shortcut: key_of(kind),
    });
    let chosen = BackendKind::ALL
        .iter()
        .position(|kind| *kind == choice.kind);
    if let Some(idx) = Segmented::new("Backend", &segments).show(ui, chosen) {
        let kind = BackendKind::ALL[idx];
        outbox.send(Command::SetBackend(choice_of(session, kind)));
    }
    ui.add_space(size::GAP_S);
    if has_words {
        let words = egui::RichText::new("Workers").font(font::body());
        ui.label(words.color(theme.soft));
    }
    let is_single = choice.kind == BackendKind::Single;
    ui.add_enabled_ui(!is_single, |ui| {
        let shown = if is_single { 1 } else { choice.n_workers };
        let stepper = Stepper::new("Workers", 1..=MAX_WORKERS)
            .tip("How many workers compute at the same time");
        if let Some(n_workers) = stepper.show(ui, shown as u32) {
            let choice = choice.with_workers(n_workers as usize);
            outbox.send(Command::SetBackend(choice));
        }
    });
    terms_button(ui, session, outbox);
}

fn right_ui(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let jobs = session.jobs();
    let has_photo = session.photo().is_some();
    export_ui(ui, (jobs.exporting.as_ref(), has_photo), outbox);
    match &jobs.running {
        Some(job) => stop_ui(ui, job, outbox),
        None => run_ui(ui, has_photo, outbox),
    }
    more_ui(ui, session, outbox);
}

fn export_ui(ui: &mut Ui, (exporting, has_photo): (Option<&Job>, bool), outbox: &mut Outbox) {
    if let Some(job) = exporting {
        let percent = format!("Stop · {:.0} %", job.share_done() * 100.0);
        let stop = Button::main(&percent)
            .icon(Icon::Stop)
            .progress(job.share_done())
            .min_width(104.0)
            .enabled(!job.is_stopping())
            .tip("Stop the export", "");
        if ui.add(stop).clicked() {
            outbox.send(Command::Stop(JobSlot::Exporting));
        }
        return;
    }
    let export = Button::main("Export")
        .icon(Icon::Export)
        .min_width(104.0)
        .enabled(has_photo)
        .tip("Save the edited photo as a file", keys_of("Export"));
    if ui.add(export).clicked() {
        outbox.show(ShowCommand::ToggleExport);
    }
}

fn run_ui(ui: &mut Ui, has_photo: bool, outbox: &mut Outbox) {
    let run = Button::quiet("Run")
        .icon(Icon::Play)
        .min_width(84.0)
        .enabled(has_photo)
        .tip(
            "Compute the whole photo on this backend",
            keys_of("Run the whole photo, or stop"),
        );
    let compare = Button::quiet("Compare")
        .min_width(88.0)
        .enabled(has_photo)
        .tip(
            "Every backend in turn, often enough for a median each",
            keys_of("Compare all backends"),
        );
    if ui.add(compare).clicked() {
        outbox.send(Command::Compare);
    }
    if ui.add(run).clicked() {
        outbox.send(Command::Run);
    }
}

/// Over the room of Run and Compare, so that nothing beside it moves.
fn stop_ui(ui: &mut Ui, job: &Job, outbox: &mut Outbox) {
    let what = match &job.kind {
        JobKind::Comparing => "Comparing",
        JobKind::Scaling => "Measuring",
        JobKind::Opening(_)
        | JobKind::Running(_)
        | JobKind::Exporting(_)
        | JobKind::SideBySide
        | JobKind::Touring(_) => "Running",
    };
    let remaining = job.remaining_ns().map_or(String::new(), |ns| {
        format!(" · {:.0} s", (ns as f64 / 1e9).ceil())
    });
    let words = if job.is_stopping() {
        "Stopping…".to_owned()
    } else {
        format!("Stop {:.0} %{remaining}", job.share_done() * 100.0)
    };
    let tip = format!("{what}; click to stop");
    let stop = Button::quiet(&words)
        .icon(Icon::Stop)
        .progress(job.share_done())
        .min_width(84.0 + 88.0 + size::GAP_XS)
        .enabled(!job.is_stopping())
        .tip(&tip, keys_of("Run the whole photo, or stop"));
    if ui.add(stop).clicked() {
        outbox.send(Command::Stop(JobSlot::Running));
    }
}

fn more_ui(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let button = ui.add(IconButton::new(Icon::More, "More"));
    let window = &session.settings.window;
    menu(&button, |ui| {
        let mut entry = |item: MenuItem<'_>, command: ShowCommand| {
            if item.show(ui) {
                outbox.show(command);
            }
        };
        let light = MenuItem::new("Light theme")
            .icon(Icon::Theme)
            .chosen(window.is_light);
        entry(light, ShowCommand::ToggleTheme);
        let surround = format!("Surround: {}", window.surround_color().label());
        let surround = MenuItem::new(&surround).icon(Icon::Image).shortcut("L");
        entry(surround, ShowCommand::NextSurround);
        let clipping = MenuItem::new("Mark clipped values")
            .icon(Icon::Clipping)
            .shortcut("J");
        entry(clipping, ShowCommand::ToggleClipping);
        let performance = MenuItem::new("Performance panel")
            .icon(Icon::Timeline)
            .chosen(window.shows_performance)
            .shortcut("P");
        entry(performance, ShowCommand::TogglePerformance);
        let sides = MenuItem::new("Two backends on the photo")
            .icon(Icon::Compare)
            .shortcut("B");
        entry(sides, ShowCommand::ToggleSides);
        let keys = MenuItem::new("Keyboard shortcuts")
            .icon(Icon::Keyboard)
            .shortcut("F1");
        entry(keys, ShowCommand::ToggleShortcuts);
    });
}

const fn summary_of(kind: BackendKind) -> &'static str {
    match kind {
        BackendKind::Single => "One core, one tile after another",
        BackendKind::Threads => "A pool of threads in this program",
        BackendKind::Processes => "Worker processes with memory of their own",
        BackendKind::GlobalLock => "Threads of which only the holder of one lock computes",
    }
}

const fn key_of(kind: BackendKind) -> &'static str {
    match kind {
        BackendKind::Single => "1",
        BackendKind::Threads => "2",
        BackendKind::Processes => "3",
        BackendKind::GlobalLock => "4",
    }
}
