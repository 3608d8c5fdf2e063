//! Carries commands out: the one place where what a person asked for becomes a call.

use egui::{Context, ViewportCommand};

use crate::studio::export::IfExists;
use crate::studio::presets;
use crate::studio::session::{ExportWish, Failure};
use crate::studio::{BackendChoice, BackendKind};

use super::app::App;
use super::command::{Command, EditCommand, JobSlot, ShowCommand};
use super::dialogs::Dialog;
use super::dispatch_runs::{
    choose_chart, run_again, run_sides, toggle_sides, write_chart, write_log, write_panel,
};
use super::picker::Question;
use super::state::Notice;
use super::widgets::notice::Kind;

/// A step of the zoom keys.
const ZOOM_STEP: f64 = 1.25;

pub(super) fn dispatch(app: &mut App, ctx: &Context, command: Command) {
    match command {
        Command::ChoosePhoto => ask(app, ctx, Question::Photo),
        Command::Open(path) => app.session.open(&path),
        Command::OpenSample => open_sample(app),
        Command::Edit(edit) => {
            self::edit(app, edit);
            app.timing.note_edit(app.session.newest_request());
        }
        Command::SetView(view) => app.session.drag_view(view),
        Command::Show(wish) => show(app, ctx, wish),
        Command::SetBackend(choice) => set_backend(app, ctx, choice),
        Command::Run => app.session.run_full(),
        Command::Compare => app.session.compare(),
        Command::RunOnThreads => run_on_threads(app),
        Command::ExportOnThreads => export_on_threads(app),
        Command::KillWorker(pid) => app.session.kill_worker(pid),
        Command::MeasureSingle => measure_single(app),
        Command::ChooseTarget(start) => ask(app, ctx, Question::Target(start)),
        Command::Export(wish) => export(app, wish),
        Command::ChooseFile(slot) => ask(app, ctx, Question::EditFile(slot)),
        Command::LoadFile(slot, path) => app.work.file_loads.begin(ctx, slot, path),
        Command::ExportAgain => export_again(app, ctx),
        Command::Stop(slot) => stop(app, slot),
        Command::ChooseLog => choose_log(app, ctx),
        Command::SaveLog(path) => write_log(app, ctx, path),
        Command::SavePanel(path) => write_panel(app, ctx, path),
        Command::OpenLog(path) => app.session.open_log(&path),
        Command::RunAgain(key) => run_again(app, ctx, &key),
        Command::NameRun(key, name) => {
            app.session.rename_run(&key, &name);
        }
        Command::MeasureScaling => app.session.measure_scaling(),
        Command::ChooseChart => choose_chart(app, ctx),
        Command::SaveChart(path) => write_chart(app, ctx, path),
        Command::RunTourStep(step, guess) => app.session.run_tour_step(step, guess),
        Command::RestartTour => app.session.restart_tour(),
        Command::RunSides => run_sides(app),
        Command::Reveal(path) => super::reveal::reveal(path),
        Command::SavePreset(name) => save_preset(app, ctx, &name),
        Command::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
    }
}

pub(super) fn ask(app: &mut App, ctx: &Context, question: Question) {
    let ctx = ctx.clone();
    app.work.asking.ask(question, move || ctx.request_repaint());
}

/// First the sheet with its suggestion; its "Browse…" comes here again and asks the desktop.
fn choose_log(app: &mut App, ctx: &Context) {
    if app.panels.dialogs.open() == Some(Dialog::SaveLog) {
        ask(app, ctx, Question::Log);
    } else {
        app.panels.dialogs.show(Dialog::SaveLog);
    }
}

fn open_sample(app: &mut App) {
    if let Some(sample) = app.work.sample.clone() {
        app.session.open(&sample);
    }
}

fn edit(app: &mut App, edit: EditCommand) {
    let (session, gesture) = (&mut app.session, &mut app.work.gesture);
    match edit {
        EditCommand::Step { after, label } => session.apply(after, &label),
        EditCommand::Drag { after, label } => gesture.update(session, after, &label),
        EditCommand::DragEnd => gesture.end(session),
        EditCommand::DragCancel => gesture.cancel(session),
        EditCommand::Nudge { key, after, label } => session.nudge(key, after, &label),
        EditCommand::Undo => session.undo(),
        EditCommand::Redo => session.redo(),
        EditCommand::Jump(n_done) => session.jump(n_done),
    }
}

fn show(app: &mut App, ctx: &Context, wish: ShowCommand) {
    let (session, look, canvas) = (&mut app.session, &mut app.look, &mut app.canvas);
    let has_photo = session.photo().is_some();
    let mut window = session.settings.window.clone();
    match wish {
        ShowCommand::Before(is_held) => look.is_before_held = is_held && has_photo,
        ShowCommand::ToggleWipe if has_photo => look.toggle_wipe(),
        ShowCommand::ToggleCrop if has_photo => toggle_crop(app),
        ShowCommand::ToggleClipping => look.shows_clipping = !look.shows_clipping,
        ShowCommand::TogglePanels => look.hides_panels = !look.hides_panels,
        ShowCommand::TogglePerformance if look.is_low => look.unfolds_low = !look.unfolds_low,
        ShowCommand::ToggleSides if has_photo => toggle_sides(app),
        ShowCommand::DetachPerformance => {
            window.detaches_performance = !window.detaches_performance;
        }
        ShowCommand::PerformanceHeight(height) => window.performance_height = height,
        ShowCommand::TogglePerformance => window.shows_performance = !window.shows_performance,
        ShowCommand::ToggleShortcuts => app.panels.dialogs.toggle(Dialog::Shortcuts),
        ShowCommand::ToggleExport if has_photo => app.panels.dialogs.toggle(Dialog::Export),
        ShowCommand::ToggleWipe
        | ShowCommand::ToggleCrop
        | ShowCommand::ToggleExport
        | ShowCommand::ToggleSides => {}
        ShowCommand::ToggleTheme => window.is_light = !window.is_light,
        ShowCommand::NextSurround => window.next_surround(),
        ShowCommand::ToggleFit => canvas.toggle_fit(session),
        ShowCommand::ZoomIn => canvas.zoom_by(session, ZOOM_STEP),
        ShowCommand::ZoomOut => canvas.zoom_by(session, 1.0 / ZOOM_STEP),
        ShowCommand::FocusFilterSearch => app.panels.right.focus_search(),
        ShowCommand::Dismiss => dismiss(app),
    }
    app.keep_window(ctx, window);
    let needs_before = app.look.needs_before();
    app.session.set_with_before(needs_before);
}

fn toggle_crop(app: &mut App) {
    if !app.canvas.is_cropping() {
        app.canvas.begin_crop(&mut app.session);
    } else if let Some(after) = app.canvas.end_crop(&mut app.session, true) {
        app.session.apply(after, "Crop");
    }
}

/// What lies on top goes first.
fn dismiss(app: &mut App) {
    if app.panels.dismiss() {
        return;
    }
    if app.canvas.is_cropping() {
        app.canvas.end_crop(&mut app.session, false);
    } else if !app.notices.dismiss_newest() {
        app.look.wipe_share = None;
    }
}

fn set_backend(app: &mut App, ctx: &Context, choice: BackendChoice) {
    if app.session.backend() == choice {
        return;
    }
    app.session.set_backend(choice);
    if app.shows_performance() {
        app.work.run_soon.ask(ctx.input(|input| input.time));
    }
}

fn measure_single(app: &mut App) {
    let choice = app.session.backend().of_kind(BackendKind::Single, 1);
    app.session.run_full_on(choice);
}

fn export(app: &mut App, wish: ExportWish) {
    app.work.last_export = Some(wish.clone());
    app.session.export(wish);
}

fn threads(app: &App) -> BackendChoice {
    BackendChoice::new(BackendKind::Threads, app.session.n_workers())
}

fn run_on_threads(app: &mut App) {
    let choice = threads(app);
    app.session.run_full_on(choice);
}

fn export_on_threads(app: &mut App) {
    if let Some(mut wish) = app.work.last_export.clone() {
        wish.backend = threads(app);
        export(app, wish);
    }
}

/// To the same place, under the next free name.
fn export_again(app: &mut App, ctx: &Context) {
    let earlier = app.work.last_export.clone();
    let target = match earlier {
        Some(wish) => Some((wish.target, wish.backend)),
        None => (app.session.suggested_target()).map(|target| (target, BackendChoice::all_cores())),
    };
    let Some((target, backend)) = target else {
        let notice = Notice::new(Kind::Info, "Open a photo first", "");
        app.notify(ctx, notice);
        return;
    };
    let mut settings = app.session.settings.export;
    settings.if_exists = IfExists::KeepBoth;
    app.session.export(ExportWish {
        target,
        settings,
        backend,
    });
}

fn stop(app: &mut App, slot: JobSlot) {
    app.work.run_soon.forget();
    let jobs = app.session.jobs();
    let job = match slot {
        JobSlot::Opening => &jobs.opening,
        JobSlot::Running => &jobs.running,
        JobSlot::Exporting => &jobs.exporting,
    };
    if let Some(job) = job {
        job.stop();
    }
}

fn save_preset(app: &mut App, ctx: &Context, name: &str) {
    let (recipe, folders) = (app.session.recipe(), app.session.folders().clone());
    let name = name.to_owned();
    app.work.errands.run(ctx, "save preset", move || {
        match presets::save(&folders, &name, &recipe) {
            Ok(_) => Notice::new(Kind::Ok, format!("Saved preset {name}"), ""),
            Err(error) => Notice::failed("The preset was not saved", &Failure::of(&error), ""),
        }
    });
}
