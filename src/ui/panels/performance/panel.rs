//! The panel's head and views, in the window's foot or in a window of their own.

use egui::{
    Align, Context, CursorIcon, EventFilter, Frame, Key, Layout, Margin, Rect, RichText, Role,
    Sense, Ui, UiBuilder, ViewportBuilder, ViewportId, WidgetInfo, vec2,
};

use crate::studio::session::Session;
use crate::studio::settings::WindowSettings;
use crate::ui::command::{Command, Outbox, ShowCommand};
use crate::ui::keys;
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Button, Icon, IconButton, Segment, Segmented};

use super::cores::cores_ui;
use super::marks;
use super::model::{preview_sentence, sentence};
use super::progress::progress_ui;
use super::run_view::{run_ui, tour_view_ui};
use super::runs::{runs_tab_ui, runs_ui, table_width};
use super::scaling::scaling_ui;
use super::state::{PerformanceState, View};
use super::strip::{StripView, strip_ui};
use super::workers::{losses_of, workers_ui};

const HEIGHT_MIN: f32 = 200.0;
const HEIGHT_MAX: f32 = 900.0;
/// Of the grip along the upper edge, and what an arrow key moves it by.
const GRIP: f32 = 5.0;
const GRIP_STEP: f32 = 16.0;
const HEAD: f32 = 34.0;
const CORES_WIDTH: f32 = 248.0;
/// In a narrower panel the table of runs has the cores' place as well, or its figures would be cut.
const TABLE_BESIDE_CORES: f32 = 1080.0;
/// Lanes narrower than this show nothing; the table then has a tab of its own.
const LANES_MIN: f32 = 560.0;
/// The photo keeps at least this much of the window's height.
const PHOTO_MIN: f32 = 260.0;

/// Height of the panel in the window's foot.
#[must_use]
pub fn performance_height(state: &PerformanceState, window: &WindowSettings, room: f32) -> f32 {
    if state.is_folded || state.is_detached {
        size::PERFORMANCE_STRIP
    } else {
        let most = (room - PHOTO_MIN).clamp(HEIGHT_MIN, HEIGHT_MAX);
        let wanted = (window.performance_height as f32).max(state.least_height());
        wanted.clamp(HEIGHT_MIN, most)
    }
}

/// The panel in the window's foot: whole, or as a strip while it is folded or elsewhere.
pub fn performance_ui(
    ui: &mut Ui,
    session: &Session,
    state: &mut PerformanceState,
    outbox: &mut Outbox,
) {
    if !(state.is_folded || state.is_detached) {
        height_grip(ui, session, outbox);
        whole_ui(ui, session, state, outbox);
        return;
    }
    let words = head_words(session, state);
    let view = StripView {
        loads: state.live.now(),
        inks: marks::core_inks(session.backend().kind),
        sentence: &words,
        is_detached: state.is_detached,
    };
    strip_ui(ui, &view, outbox);
}

/// The panel in a window of its own, while it is detached.
pub fn performance_window_ui(
    ctx: &Context,
    session: &Session,
    state: &mut PerformanceState,
    outbox: &mut Outbox,
) {
    if !state.is_detached {
        return;
    }
    let builder = ViewportBuilder::default()
        .with_title("Performance — Parallax")
        .with_app_id("parallax")
        .with_inner_size(vec2(1180.0, 520.0))
        .with_min_inner_size(vec2(720.0, 300.0));
    ctx.show_viewport_immediate(window_id(), builder, |ui, class| {
        let is_apart = class != egui::ViewportClass::EmbeddedWindow;
        if is_apart {
            keys::send_pressed(ui.ctx(), session, outbox);
        }
        if ui.ctx().input(|input| input.viewport().close_requested()) {
            outbox.show(ShowCommand::DetachPerformance);
        }
        let theme = Theme::of(ui);
        let area = ui.available_rect_before_wrap();
        ui.painter().rect_filled(area, 0.0, theme.panel);
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
            crate::ui::widgets::spoken::region(ui, Role::Group, "Performance window");
            whole_ui(ui, session, state, outbox);
        });
    });
}

fn window_id() -> ViewportId {
    ViewportId::from_hash_of("performance window")
}

fn whole_ui(ui: &mut Ui, session: &Session, state: &mut PerformanceState, outbox: &mut Outbox) {
    state.lies_at = Some((ui.ctx().viewport_id(), ui.max_rect()));
    let inks = marks::core_inks(session.backend().kind);
    let words = head_words(session, state);
    head_ui(ui, session, state, &words, outbox);
    let body = ui
        .available_rect_before_wrap()
        .shrink2(vec2(size::GAP_M, 0.0));
    let shows_table = body.width() >= CORES_WIDTH + LANES_MIN + table_width() + 40.0;
    let rest = if state.view != View::Runs || body.width() >= TABLE_BESIDE_CORES {
        let (cores, rest) = body.split_left_right_at_x(body.left() + CORES_WIDTH);
        within(ui, cores, |ui| cores_ui(ui, &mut state.live, inks));
        divider(ui, rest.left() + size::GAP_M);
        rest.with_min_x(rest.left() + size::GAP_XL)
    } else {
        body
    };
    let previews = preview_sentence(session.preview_summary());
    match state.view {
        View::Runs => within(ui, rest, |ui| {
            let both = (&mut state.runs, &mut state.chosen);
            if runs_tab_ui(ui, session, both, &previews, outbox) {
                state.view = View::Run;
            }
        }),
        View::Workers => within(ui, rest, |ui| {
            workers_ui(ui, &state.workers, &losses_of(session), outbox);
        }),
        View::Scaling => within(ui, rest, |ui| match &state.job {
            Some(job) => progress_ui(ui, job, inks.ours, &mut state.live_lanes),
            None => scaling_ui(ui, session, &mut state.scaling, outbox),
        }),
        View::Tour => within(ui, rest, |ui| tour_view_ui(ui, session, state, outbox)),
        View::Run => {
            let lanes = if shows_table {
                let (lanes, runs) = rest.split_left_right_at_x(rest.right() - table_width());
                divider(ui, runs.left() - size::GAP_M);
                within(ui, runs, |ui| table_ui(ui, state, &previews, outbox));
                lanes.with_max_x(lanes.right() - size::GAP_XL)
            } else {
                rest
            };
            within(ui, lanes, |ui| run_ui(ui, session, state, inks.ours));
        }
    }
}

/// Along the upper edge: drag it, or step it by arrow keys.
fn height_grip(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let edge = ui.max_rect().with_max_y(ui.max_rect().top() + GRIP);
    let id = egui::Id::unique("height of the performance panel");
    let response = ui
        .interact(edge, id, Sense::drag())
        .on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
    let height = session.settings.window.performance_height as f32;
    response.widget_info(|| {
        WidgetInfo::slider(true, f64::from(height), "Height of the performance panel")
    });
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_min_numeric_value(f64::from(HEIGHT_MIN));
        node.set_max_numeric_value(f64::from(HEIGHT_MAX));
    });
    let mut by = -response.drag_delta().y;
    if response.has_focus() {
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        by += ui.input(|input| {
            let presses = |key: Key| input.num_presses(key) as f32;
            (presses(Key::ArrowUp) - presses(Key::ArrowDown)) * GRIP_STEP
        });
    }
    crate::ui::widgets::focus::ring(ui, &response);
    if by != 0.0 {
        let height = (ui.max_rect().height() + by).clamp(HEIGHT_MIN, HEIGHT_MAX);
        outbox.show(ShowCommand::PerformanceHeight(height.round() as u32));
    }
}

/// The job under way, or the chosen run, or what to do.
fn head_words(session: &Session, state: &PerformanceState) -> String {
    if let Some(job) = &state.job {
        return job.sentence.clone();
    }
    let line = state.chosen_line(session);
    line.map_or_else(|| "no full run yet".to_owned(), sentence)
}

fn head_ui(
    ui: &mut Ui,
    session: &Session,
    state: &mut PerformanceState,
    words: &str,
    outbox: &mut Outbox,
) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), HEAD);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::GAP_S);
        let run = state
            .place_of_chosen()
            .map_or_else(|| "Run".to_owned(), |place| format!("Run {place}"));
        let tabs = View::ALL.map(|view| Segment::new(view.label(&run)));
        let chosen = View::ALL.iter().position(|view| *view == state.view);
        if let Some(tab) = Segmented::tabs("View", &tabs).show(ui, chosen) {
            state.view = View::ALL[tab];
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::GAP_XS);
            head_buttons(ui, session, state.is_detached, outbox);
            let words = RichText::new(words).font(font::caption()).color(theme.soft);
            ui.add(egui::Label::new(words).truncate());
        });
    });
    let line = egui::Stroke::new(1.0, theme.line_inner);
    ui.painter()
        .hline(ui.max_rect().x_range(), ui.cursor().top(), line);
}

fn head_buttons(ui: &mut Ui, session: &Session, is_detached: bool, outbox: &mut Outbox) {
    if is_detached {
        let attach = IconButton::new(Icon::FoldPanel, "Back into the main window");
        if ui.add(attach.small()).clicked() {
            outbox.show(ShowCommand::DetachPerformance);
        }
    } else {
        let fold = IconButton::new(Icon::ChevronDown, "Fold the performance panel");
        if ui.add(fold.shortcut("P").small()).clicked() {
            outbox.show(ShowCommand::TogglePerformance);
        }
        let detach = IconButton::new(Icon::FoldPanel, "Into a window of its own");
        let keys = keys::keys_of("Performance in a window of its own");
        if ui.add(detach.shortcut(keys).small()).clicked() {
            outbox.show(ShowCommand::DetachPerformance);
        }
    }
    if !session.history().lines().is_empty() {
        let save = Button::text("Save…");
        let tip =
            "All runs with their tiles as CSV, JSON or a Chrome trace, or this panel as a PNG";
        // An id of its own: the words beside it had this place before.
        let keys = keys::keys_of("Save the timing log");
        let save = ui.push_id("save log", |ui| ui.add(save.tip(tip, keys)));
        if save.inner.clicked() {
            outbox.send(Command::ChooseLog);
        }
    }
}

fn divider(ui: &Ui, x: f32) {
    let area = ui.available_rect_before_wrap();
    let line = egui::Stroke::new(1.0, Theme::of(ui).line_inner);
    ui.painter().vline(x, area.y_range(), line);
}

fn within(ui: &mut Ui, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let builder = UiBuilder::new().max_rect(rect);
    let mut inside = ui.new_child(builder);
    inside.set_clip_rect(ui.clip_rect().intersect(rect.expand(2.0)));
    let margin = Margin::symmetric(0, size::GAP_S as i8);
    Frame::NONE.inner_margin(margin).show(&mut inside, contents);
}

fn table_ui(ui: &mut Ui, state: &mut PerformanceState, previews: &str, outbox: &mut Outbox) {
    runs_ui(ui, &state.lines, previews, &mut state.chosen, outbox);
}
