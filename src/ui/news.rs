//! What other threads achieved since the last frame, turned into notices and state.

use egui::Context;

use crate::filters::asset::Asset;
use crate::filters::value::Value;
use crate::recipe::asset_file::AssetFileError;
use crate::recipe::label::of_value;
use crate::studio::session::{Failure, Update};
use crate::studio::{BackendChoice, BackendKind};

use super::app::App;
use super::command::{Command, EditCommand, FileSlot};
use super::dispatch::dispatch;
use super::panels::figures::counted;
use super::picker::{Answer, Question};
use super::state::{Notice, sentence};
use super::widgets::notice::Kind;

/// Ends what is said of a file that could not be opened; no longer said when another one was.
const NOT_OPENED: &str = "could not be opened";

pub(super) fn take(app: &mut App, ctx: &Context) {
    for update in app.session.poll() {
        // A preview is shown by this very frame; what comes of the rest may be by the next.
        if !matches!(update, Update::Preview) {
            ctx.request_repaint();
        }
        take_update(app, ctx, update);
    }
    while let Some(notice) = app.work.errands.poll() {
        // A preset may have come.
        app.panels.left.reload_presets();
        app.notify(ctx, notice);
    }
    while let Some((slot, loaded)) = app.work.file_loads.poll() {
        file_loaded(app, ctx, slot, loaded);
    }
    if let Some(answer) = app.work.asking.poll() {
        take_answer(app, ctx, answer);
    }
}

fn take_update(app: &mut App, ctx: &Context, update: Update) {
    match update {
        Update::Opened { has_edits, notes } => {
            app.canvas.forget();
            app.look.same_bytes = None;
            app.notices.forget_ending(NOT_OPENED);
            if has_edits {
                let words = "Your earlier edits are on it again";
                app.notify(ctx, Notice::new(Kind::Info, words, ""));
            }
            for note in notes {
                app.notify(ctx, Notice::new(Kind::Warning, sentence(&note), ""));
            }
        }
        Update::Preview
        | Update::RunDone(_)
        | Update::HistoryLoaded
        | Update::ScalingDone
        | Update::SidesDone { .. }
        | Update::TourStepDone(_) => {}
        Update::LogOpened { name, n_runs } => {
            let runs = counted(n_runs, "run", "runs");
            let words = format!("{name}: {runs} opened for comparison");
            app.notify(ctx, Notice::new(Kind::Ok, words, ""));
            app.panels.performance.show_runs();
        }
        Update::CompareDone { identical } => compared(app, ctx, identical),
        Update::Exported {
            path,
            n_bytes,
            elapsed_ns,
            notes,
        } => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let words = format!(
                "Saved {name} · {}, {:.1} s",
                file_size(n_bytes),
                elapsed_ns as f64 / 1e9
            );
            let detail = notes.iter().map(|note| sentence(note)).collect::<Vec<_>>();
            let notice = Notice::new(Kind::Ok, words, detail.join(". "))
                .with_action("Show in folder", Command::Reveal(path));
            app.notify(ctx, notice);
        }
        Update::OpenFailed { name, failure } => {
            let notice = Notice::failed(&format!("{name} {NOT_OPENED}"), &failure, "")
                .with_action("Open another", Command::ChoosePhoto);
            app.notify(ctx, notice);
        }
        Update::PreviewFailed(failure) if failure.is_pool_lost => {
            let n_workers = app.session.n_workers();
            let choice = BackendChoice::new(BackendKind::Threads, n_workers);
            lost_pool(
                app,
                ctx,
                ("Preview on threads", Command::SetBackend(choice)),
                &failure,
            );
        }
        Update::RunFailed(failure) if failure.is_pool_lost => {
            lost_pool(
                app,
                ctx,
                ("Run on threads", Command::RunOnThreads),
                &failure,
            );
        }
        Update::ExportFailed(failure) if failure.is_pool_lost => {
            lost_pool(
                app,
                ctx,
                ("Export on threads", Command::ExportOnThreads),
                &failure,
            );
        }
        Update::PreviewFailed(failure) => {
            let advice = "Undo the last edit, or choose another backend.";
            failed(
                app,
                ctx,
                ("The preview could not be computed", advice),
                &failure,
            );
        }
        Update::LogFailed { name, failure } => {
            let what = format!("{name} {NOT_OPENED}");
            app.notify(ctx, Notice::failed(&what, &failure, ""));
        }
        Update::RunFailed(failure)
        | Update::ScalingFailed(failure)
        | Update::SidesFailed(failure)
        | Update::TourFailed(failure) => {
            let advice = "Run it again, or choose another backend.";
            failed(app, ctx, ("The run did not finish", advice), &failure);
        }
        Update::ExportFailed(failure) => {
            let advice = "Export it to another folder or under another name.";
            failed(app, ctx, ("The photo was not exported", advice), &failure);
        }
        Update::AutosaveFailed(failure) => {
            let advice = "They stay in this window; make room or allow writing there.";
            failed(app, ctx, ("Edits could not be saved", advice), &failure);
        }
    }
}

fn failed(app: &mut App, ctx: &Context, (what, advice): (&str, &str), failure: &Failure) {
    app.notify(ctx, Notice::failed(what, failure, advice));
}

/// The edits are where they were; what was to be computed can be on threads.
fn lost_pool(
    app: &mut App,
    ctx: &Context,
    (word, command): (&'static str, Command),
    why: &Failure,
) {
    let advice = "Your edits are safe.";
    let notice = Notice::failed("The worker processes were lost", why, advice);
    app.notify(ctx, notice.with_action(word, command));
}

fn compared(app: &mut App, ctx: &Context, identical: Option<bool>) {
    app.look.same_bytes = identical;
    let notice = match identical {
        Some(true) => Notice::new(Kind::Ok, "Compared: same bytes on all backends", ""),
        Some(false) => Notice::new(
            Kind::Error,
            "The backends gave different bytes",
            "This is a fault in Parallax. Save the timing log and report it.",
        ),
        None => Notice::new(Kind::Ok, "Compared", ""),
    };
    app.notify(ctx, notice);
}

fn take_answer(app: &mut App, ctx: &Context, answer: Answer) {
    match answer {
        Answer::Picked(Question::Photo, path) => {
            app.panels.dialogs.close();
            app.session.open(&path);
        }
        Answer::Picked(Question::Log, path) => {
            app.panels.dialogs.close();
            dispatch(app, ctx, Command::SaveLog(path));
        }
        Answer::Picked(Question::Chart, path) => {
            app.panels.dialogs.close();
            dispatch(app, ctx, Command::SaveChart(path));
        }
        Answer::Picked(Question::EditFile(slot), path) => {
            dispatch(app, ctx, Command::LoadFile(slot, path));
        }
        Answer::NoDialog(Question::EditFile(_)) => {
            let words = "This desktop shows no file dialog; type the path in the card";
            app.notify(ctx, Notice::new(Kind::Info, words, ""));
        }
        Answer::Picked(question, path) => app.panels.take_path(&question, &path),
        Answer::NoDialog(question) => app.panels.ask_for_path(&question),
        Answer::Cancelled => {}
    }
}

/// The file enters the edit as one step; the edit may be gone by now.
fn file_loaded(
    app: &mut App,
    ctx: &Context,
    slot: FileSlot,
    loaded: Result<Asset, AssetFileError>,
) {
    let asset = match loaded {
        Ok(asset) => asset,
        Err(error) => {
            let words = "The file was not taken";
            return app.notify(ctx, Notice::failed(words, &Failure::of(&error), ""));
        }
    };
    let recipe = app.session.recipe();
    let edit = recipe.find(slot.edit);
    let Some((spec, values)) = edit.and_then(|edit| Some((edit.spec()?, edit.values()?))) else {
        return;
    };
    let value = Value::Asset(Some(asset));
    let label = of_value(spec, slot.param_idx, &value);
    let after = recipe.with_values(slot.edit, &values.with(slot.param_idx, value));
    dispatch(app, ctx, Command::Edit(EditCommand::Step { after, label }));
}

fn file_size(n_bytes: u64) -> String {
    let mb = n_bytes as f64 / 1e6;
    if mb < 0.1 {
        format!("{:.0} kB", (n_bytes as f64 / 1e3).ceil())
    } else {
        format!("{mb:.1} MB")
    }
}
