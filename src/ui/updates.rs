//! What the session achieved or failed at, in notices and in what is shown.

use std::path::PathBuf;

use egui::Context;

use crate::studio::session::{Failure, Update};
use crate::studio::{BackendChoice, BackendKind};

use super::app::App;
use super::command::Command;
use super::panels::figures::counted;
use super::state::{Notice, sentence};
use super::widgets::notice::Kind;

/// Ends what is said of a file that could not be opened; no longer said when another one was.
const NOT_OPENED: &str = "could not be opened";

pub(super) fn take(app: &mut App, ctx: &Context, update: Update) {
    match update {
        Update::Preview
        | Update::RunDone(_)
        | Update::HistoryLoaded
        | Update::ScalingDone
        | Update::SidesDone { .. }
        | Update::TourStepDone(_) => {}
        Update::Opened { has_edits, notes } => opened(app, ctx, has_edits, &notes),
        Update::LogOpened { name, n_runs } => log_opened(app, ctx, &name, n_runs),
        Update::CompareDone { identical } => compared(app, ctx, identical),
        Update::Exported {
            path,
            n_bytes,
            elapsed_ns,
            notes,
        } => exported(app, ctx, path, (n_bytes, elapsed_ns), &notes),
        Update::OpenFailed { name, failure } => {
            let notice = Notice::failed(&format!("{name} {NOT_OPENED}"), &failure, "")
                .with_action("Open another", Command::ChoosePhoto);
            app.notify(ctx, notice);
        }
        Update::LogFailed { name, failure } => {
            let what = format!("{name} {NOT_OPENED}");
            app.notify(ctx, Notice::failed(&what, &failure, ""));
        }
        Update::AutosaveFailed(failure) => {
            let advice = "They stay in this window; make room or allow writing there.";
            failed(app, ctx, ("Edits could not be saved", advice), &failure);
        }
        Update::PreviewFailed(failure) => {
            let choice = BackendChoice::new(BackendKind::Threads, app.session.n_workers());
            let rescue = ("Preview on threads", Command::SetBackend(choice));
            let advice = "Undo the last edit, or choose another backend.";
            let told = ("The preview could not be computed", advice);
            failed_or_lost(app, ctx, rescue, told, &failure);
        }
        Update::RunFailed(failure)
        | Update::ScalingFailed(failure)
        | Update::SidesFailed(failure)
        | Update::TourFailed(failure) => {
            let rescue = ("Run on threads", Command::RunOnThreads);
            let advice = "Run it again, or choose another backend.";
            failed_or_lost(
                app,
                ctx,
                rescue,
                ("The run did not finish", advice),
                &failure,
            );
        }
        Update::ExportFailed(failure) => {
            let rescue = ("Export on threads", Command::ExportOnThreads);
            let advice = "Export it to another folder or under another name.";
            let told = ("The photo was not exported", advice);
            failed_or_lost(app, ctx, rescue, told, &failure);
        }
    }
}

fn opened(app: &mut App, ctx: &Context, has_edits: bool, notes: &[String]) {
    app.canvas.forget();
    app.look.same_bytes = None;
    app.notices.forget_ending(NOT_OPENED);
    if has_edits {
        let words = "Your earlier edits are on it again";
        app.notify(ctx, Notice::new(Kind::Info, words, ""));
    }
    for note in notes {
        app.notify(ctx, Notice::new(Kind::Warning, sentence(note), ""));
    }
}

fn log_opened(app: &mut App, ctx: &Context, name: &str, n_runs: usize) {
    let runs = counted(n_runs, "run", "runs");
    let words = format!("{name}: {runs} opened for comparison");
    app.notify(ctx, Notice::new(Kind::Ok, words, ""));
    app.panels.performance.show_runs();
}

fn exported(
    app: &mut App,
    ctx: &Context,
    path: PathBuf,
    (n_bytes, elapsed_ns): (u64, u64),
    notes: &[String],
) {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let words = format!(
        "Saved {name} · {}, {:.1} s",
        file_size(n_bytes),
        elapsed_ns as f64 / 1e9
    );
    let detail: Vec<String> = notes.iter().map(|note| sentence(note)).collect();
    let notice = Notice::new(Kind::Ok, words, detail.join(". "))
        .with_action("Show in folder", Command::Reveal(path));
    app.notify(ctx, notice);
}

fn failed(app: &mut App, ctx: &Context, (what, advice): (&str, &str), failure: &Failure) {
    app.notify(ctx, Notice::failed(what, failure, advice));
}

/// Where the worker processes were lost, the edits are where they were; what was to be computed can be
/// on threads.
fn failed_or_lost(
    app: &mut App,
    ctx: &Context,
    (word, command): (&'static str, Command),
    told: (&str, &str),
    failure: &Failure,
) {
    if !failure.is_pool_lost {
        return failed(app, ctx, told, failure);
    }
    let advice = "Your edits are safe.";
    let notice = Notice::failed("The worker processes were lost", failure, advice);
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

fn file_size(n_bytes: u64) -> String {
    let mb = n_bytes as f64 / 1e6;
    if mb < 0.1 {
        format!("{:.0} kB", (n_bytes as f64 / 1e3).ceil())
    } else {
        format!("{mb:.1} MB")
    }
}
