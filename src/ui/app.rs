//! The window's application: what it holds, and how a frame goes.
//!
//! A frame: take what other threads achieved, read the keys, draw the panels, carry out what they
//! sent. Between frames nothing runs here; other threads wake the window when there is news.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use egui::accesskit::Role;
use egui::{CentralPanel, Context, Event, Frame, Key, Panel, RawInput, Ui, ViewportCommand};

use crate::studio::StudioError;
use crate::studio::session::{Session, SessionOptions};
use crate::studio::settings::WindowSettings;
use crate::telemetry::export::Format;
use crate::telemetry::usage;

use super::at_once::stamp_painting;
use super::command::{Command, Outbox, ShowCommand};
use super::dialogs::dialogs_ui;
use super::dispatch::dispatch;
use super::keys;
use super::news;
use super::panels::canvas::{Canvas, canvas_ui};
use super::panels::left::{left_ui, left_width};
use super::panels::performance::{performance_height, performance_ui, performance_window_ui};
use super::panels::right::right_ui;
use super::panels::status_bar::{StatusView, status_bar_ui};
use super::panels::toolbar::{ToolbarView, toolbar_ui};
use super::picker::FilePicker;
use super::screenshot::Photographer;
use super::state::{Look, Notice, Notices, Panels, ReportSlot, Timing, Work};
use super::theme::{Theme, size};
use super::widgets::notice::{NoticeAnswer, NoticeView, notices};
use super::widgets::spoken;

/// A window lower than this, in points, has the performance panel folded.
const FOLDED_BELOW: f32 = 850.0;

/// Seconds between two looks at the memory.
const MEMORY_EVERY_S: f64 = 1.0;

/// When a frame is drawn that another thread asked for.
const SOON: Duration = Duration::from_micros(1);

/// What the application is made with.
pub struct AppOptions {
    pub session: SessionOptions,
    pub picker: Arc<dyn FilePicker>,
    /// Opened at once.
    pub photo: Option<PathBuf>,
    /// Offered while there is no photo.
    pub sample: Option<PathBuf>,
    /// Where a report of all measurements goes when the window is closed.
    pub report: Option<ReportSlot>,
    pub photographer: Option<Photographer>,
}

/// See the module's own words.
pub struct App {
    pub(super) session: Session,
    pub(super) panels: Panels,
    pub(super) canvas: Canvas,
    pub(super) look: Look,
    pub(super) notices: Notices,
    pub(super) timing: Timing,
    pub(super) work: Work,
    pub(super) photographer: Option<Photographer>,
}

impl App {
    /// # Errors
    /// When the system gives no threads.
    pub fn new(ctx: &Context, mut options: AppOptions) -> Result<Self, StudioError> {
        let waker = ctx.clone();
        // Anything but at once, which egui takes for two frames.
        options.session.wake = Arc::new(move || waker.request_repaint_after(SOON));
        // A second pass over the same input would carry every key and click out twice.
        ctx.options_mut(|options| options.max_passes = NonZeroUsize::MIN);
        let mut session = Session::new(options.session)?;
        Theme::apply(ctx, session.settings.window.theme());
        if let Some(photo) = &options.photo {
            session.open(photo);
        }
        Ok(Self {
            session,
            panels: Panels::default(),
            canvas: Canvas::default(),
            look: Look::default(),
            notices: Notices::default(),
            timing: Timing::new(options.report),
            work: Work::new(options.picker, options.sample),
            photographer: options.photographer,
        })
    }

    /// For tests and reports.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn notify(&mut self, ctx: &Context, notice: Notice) {
        self.notices.push(notice, ctx.input(|input| input.time));
        ctx.request_repaint();
    }

    /// Keeps and applies what the person chose for the window.
    pub(super) fn keep_window(&mut self, ctx: &Context, window: WindowSettings) {
        if self.session.settings.window == window {
            return;
        }
        self.session.settings.window = window;
        Theme::apply(ctx, self.session.settings.window.theme());
        self.session.keep_settings();
    }

    /// Whether the performance panel shows more than its strip.
    pub(super) const fn shows_performance(&self) -> bool {
        let panel = &self.panels.performance;
        (!panel.is_folded || panel.is_detached) && !self.look.hides_panels
    }

    fn read_input(&mut self, ctx: &Context) -> Outbox {
        let mut outbox = Outbox::default();
        // A dialog has the keyboard to itself.
        if self.panels.dialogs.open().is_none() {
            keys::send_pressed(ctx, &self.session, &mut outbox);
        }
        let dropped = ctx.input(|input| input.raw.dropped_files.first().cloned());
        if let Some(file) = dropped {
            outbox.send(dropped_command(file.path()));
        }
        outbox
    }

    fn panels_ui(&mut self, ui: &mut Ui, outbox: &mut Outbox) {
        let theme = Theme::of(ui);
        let frame = Frame::NONE.fill(theme.panel);
        let (window_width, window_height) = (ui.available_width(), ui.available_height());
        self.panels.performance.renew(ui, &self.session);
        let bar = ToolbarView {
            session: &self.session,
            look: &self.look,
            is_cropping: self.canvas.is_cropping(),
        };
        fixed(Panel::top("toolbar"), size::TOOLBAR, frame).show(ui, |ui| {
            spoken::region(ui, Role::Toolbar, "Toolbar");
            toolbar_ui(ui, &bar, outbox);
        });
        if self.look.hides_panels {
            return;
        }
        let status = self.status(ui);
        fixed(Panel::bottom("status bar"), size::STATUS_BAR, frame).show(ui, |ui| {
            spoken::region(ui, Role::Status, "Status");
            status_bar_ui(ui, &self.session, &status);
        });
        let (session, panels) = (&self.session, &mut self.panels);
        panels.right.shows_clipping = self.look.shows_clipping;
        if session.settings.window.shows_right {
            fixed(Panel::right("right"), size::RIGHT_PANEL, frame).show(ui, |ui| {
                spoken::region(ui, Role::Group, "Edits");
                right_ui(ui, session, &mut panels.right, outbox);
            });
        }
        let room = window_height;
        let height = performance_height(&panels.performance, &session.settings.window, room);
        let id = ("performance", height as u32);
        fixed(Panel::bottom(id), height, frame).show(ui, |ui| {
            spoken::region(ui, Role::Group, "Performance");
            performance_ui(ui, session, &mut panels.performance, outbox);
        });
        performance_window_ui(ui.ctx(), session, &mut panels.performance, outbox);
        if session.settings.window.shows_left {
            let width = left_width(window_width);
            fixed(Panel::left(("left", width as u32)), width, frame).show(ui, |ui| {
                spoken::region(ui, Role::Group, "Presets and history");
                left_ui(ui, session, &mut panels.left, outbox);
            });
        }
    }

    fn status(&self, ui: &Ui) -> StatusView {
        StatusView {
            to_screen: self.timing.to_screen(),
            same_bytes: self.look.same_bytes,
            memory_bytes: memory_bytes(ui),
            is_detailed: self.shows_performance(),
        }
    }

    fn photo_ui(&mut self, ui: &mut Ui, outbox: &mut Outbox) {
        let shown = CentralPanel::no_frame().show(ui, |ui| {
            let newest = canvas_ui(ui, &self.session, &mut self.look, &mut self.canvas, outbox);
            (newest, ui.max_rect())
        });
        let (newest, over) = shown.inner;
        if let Some((answer, stamps)) = newest {
            stamp_painting(ui, &self.work, self.timing.expect(answer, stamps));
        }
        let strip = if self.canvas.is_cropping() {
            size::CROP_STRIP
        } else {
            0.0
        };
        self.notices_ui(ui, over.with_max_y(over.bottom() - strip), outbox);
    }

    fn notices_ui(&mut self, ui: &Ui, over: egui::Rect, outbox: &mut Outbox) {
        let view_of =
            |notice: &'_ Notice| (notice.kind, notice.action.as_ref().map(|(word, _)| *word));
        let all = self.notices.as_slice();
        let views: Vec<NoticeView<'_>> = all
            .iter()
            .map(|notice| {
                let (kind, action) = view_of(notice);
                NoticeView {
                    kind,
                    text: &notice.text,
                    detail: &notice.detail,
                    action,
                }
            })
            .collect();
        let Some((idx, answer)) = notices(ui, over, &views) else {
            return;
        };
        let answered = self.notices.take(idx);
        if let (Some((_, command)), NoticeAnswer::Action) =
            (answered.and_then(|notice| notice.action), answer)
        {
            outbox.send(command);
        }
    }

    /// Folds and unfolds by the person's wish and the window's height (a low window begins folded),
    /// lets the cores rest where nobody looks, and names the window.
    fn settle(&mut self, ctx: &Context) {
        let is_low = ctx.content_rect().height() < FOLDED_BELOW;
        let wants = self.session.settings.window.shows_performance;
        let wish = &mut self.look.unfolds_low;
        // A window that became high again is as the settings say.
        *wish = *wish && is_low;
        self.panels.performance.is_folded = if is_low { !*wish } else { !wants };
        self.look.is_low = is_low;
        self.panels.performance.is_detached = self.session.settings.window.detaches_performance;
        let now_s = ctx.input(|input| input.time);
        let drag = self.timing.last_path();
        self.panels.performance.note_drag(drag, now_s);
        self.session.monitor.pause(self.look.hides_panels);
        let title = match self.session.photo() {
            Some(open) if self.session.is_saved() => format!("{} — Parallax", open.photo.name()),
            Some(open) => format!("{} • unsaved — Parallax", open.photo.name()),
            None => "Parallax".to_owned(),
        };
        spoken::window(ctx, &title);
        if title != self.work.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.work.title = title;
        }
        if !self.session.is_saved() {
            // Edits are saved by a thread that has nothing else to wake the window for.
            ctx.request_repaint_after(Duration::from_millis(500));
        }
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        news::take(self, ctx);
        let now_s = ctx.input(|input| input.time);
        let waits = [
            self.notices.step(now_s),
            self.work.run_soon.step(&mut self.session, now_s),
        ];
        for wait_s in waits.into_iter().flatten() {
            ctx.request_repaint_after(Duration::from_secs_f64(wait_s.max(0.0)));
        }
        self.canvas.follow(&mut self.session);
        if let Some(sides) = &mut self.look.sides {
            sides.follow(&mut self.session);
        }
        // The key may be let go while another window has the keyboard.
        if self.look.is_before_held && !ctx.input(|input| input.key_down(Key::Backslash)) {
            dispatch(self, ctx, Command::Show(ShowCommand::Before(false)));
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        self.timing.begin_frame();
        self.session.note_input(self.timing.input_ns());
        let ctx = ui.ctx().clone();
        let background = ctx.layer_painter(egui::LayerId::background());
        self.work.first_shape = Some(background.add(egui::Shape::Noop));
        self.settle(&ctx);
        let mut outbox = self.read_input(&ctx);
        self.panels_ui(ui, &mut outbox);
        self.photo_ui(ui, &mut outbox);
        dialogs_ui(&ctx, &self.session, &mut self.panels.dialogs, &mut outbox);
        self.carry_out(ui, outbox.take());
        if let Some(mut photographer) = self.photographer.take() {
            photographer.step(self, &ctx);
            self.photographer = Some(photographer);
        }
        self.timing.end_frame();
    }

    /// Over the photo, with nothing in focus, Tab hides the panels; elsewhere it moves the focus.
    fn raw_input_hook(&mut self, ctx: &Context, raw_input: &mut RawInput) {
        self.timing.note_input();
        let is_idle = ctx.memory(|memory| memory.focused().is_none());
        if !(is_idle && self.canvas.is_pointed_at()) {
            return;
        }
        let n_before = raw_input.events.len();
        raw_input.events.retain(|event| {
            !matches!(event, Event::Key { key: Key::Tab, pressed: true, modifiers, .. } if modifiers.is_none())
        });
        if raw_input.events.len() < n_before {
            dispatch(self, ctx, Command::Show(ShowCommand::TogglePanels));
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.timing.hand_in();
    }

    /// The canvas paints no ground of its own.
    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        let surround = self.session.settings.window.surround_color();
        surround.color().to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}

/// A photo is opened; what ends as timing logs do is opened for comparison.
fn dropped_command(path: &Path) -> Command {
    let is_log = Format::of_path(path).is_ok();
    if is_log {
        Command::OpenLog(path.to_owned())
    } else {
        Command::Open(path.to_owned())
    }
}

fn fixed(panel: Panel, size: f32, frame: Frame) -> Panel {
    panel.resizable(false).exact_size(size).frame(frame)
}

/// This program's memory, looked at once a second, because asking takes the system a while.
fn memory_bytes(ui: &Ui) -> Option<u64> {
    let id = egui::Id::unique("memory");
    let now_s = ui.input(|input| input.time);
    let seen: Option<(f64, Option<u64>)> = ui.data(|data| data.get_temp(id));
    if let Some((_, bytes)) = seen.filter(|(at_s, _)| now_s - at_s < MEMORY_EVERY_S) {
        return bytes;
    }
    let bytes = usage::rss_bytes(std::process::id());
    ui.data_mut(|data| data.insert_temp(id, (now_s, bytes)));
    bytes
}
