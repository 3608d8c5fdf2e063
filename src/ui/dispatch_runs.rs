//! Carries out what is asked of runs: made again, measured, saved, seen side by side.

use std::path::PathBuf;
use std::time::Duration;

use egui::Context;

use crate::studio::lab::{Scaling, chart};
use crate::studio::run_history::LineKey;
use crate::studio::run_log::save_log;
use crate::studio::session::Failure;
use crate::system::atomic_save::{Existing, SaveError, SaveErrorKind, save_bytes};

use super::app::App;
use super::command::Command;
use super::dialogs::Dialog;
use super::panels::performance::panel_picture;
use super::picker::Question;
use super::screenshot::save_png;
use super::state::{Notice, SidesLook};
use super::widgets::notice::Kind;

/// How long the screen may take to give a picture of itself.
const PICTURE_PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn run_again(app: &mut App, ctx: &Context, key: &LineKey) {
    if let Err(error) = app.session.repeat_run(key) {
        let failure = Failure::of(&error);
        let notice = Notice::failed("The run was not made again", &failure, "");
        app.notify(ctx, notice);
    }
}

pub(super) fn toggle_sides(app: &mut App) {
    if app.look.sides.take().is_some() {
        app.session.drop_sides();
    } else {
        app.look.wipe_share = None;
        app.look.sides = Some(SidesLook::of(&app.session));
    }
}

pub(super) fn run_sides(app: &mut App) {
    if let Some(sides) = &mut app.look.sides {
        sides.ran_for = None;
    }
}

/// First the sheet with its suggestion; its "Browse…" comes here again and asks the desktop.
pub(super) fn choose_chart(app: &mut App, ctx: &Context) {
    if app.panels.dialogs.open() == Some(Dialog::SaveChart) {
        super::dispatch::ask(app, ctx, Question::Chart);
    } else {
        app.panels.dialogs.show(Dialog::SaveChart);
    }
}

pub(super) fn write_chart(app: &mut App, ctx: &Context, path: PathBuf) {
    let Some(scaling) = app.session.scaling().cloned() else {
        return;
    };
    app.work.errands.run(ctx, "save chart", move || {
        match save_chart(&scaling, &path) {
            Ok(()) => saved(path),
            Err(error) => Notice::failed("The chart was not saved", &Failure::of(&error), ""),
        }
    });
}

fn save_chart(scaling: &Scaling, path: &std::path::Path) -> Result<(), SaveError> {
    let is_png = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("png"));
    let bytes = if is_png {
        chart::png(scaling).map_err(|error| SaveError {
            kind: SaveErrorKind::Other,
            path: path.to_owned(),
            source: std::io::Error::other(error),
        })?
    } else {
        chart::svg(scaling).into_bytes()
    };
    save_bytes(path, Existing::Replace, &bytes)
}

pub(super) fn write_log(app: &mut App, ctx: &Context, path: PathBuf) {
    let runs = app.session.runs.clone();
    app.work.errands.run(ctx, "save log", move || {
        match save_log(&runs.to_log(), &path) {
            Ok(()) => saved(path),
            Err(error) => Notice::failed("The log was not saved", &Failure::of(&error), ""),
        }
    });
}

fn saved(path: PathBuf) -> Notice {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let words = format!("Saved {name}");
    Notice::new(Kind::Ok, words, "").with_action("Show in folder", Command::Reveal(path))
}

/// Of the next frame, when the sheet that asked for it is gone.
pub(super) fn write_panel(app: &mut App, ctx: &Context, path: PathBuf) {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    let is_shown = panel_picture(ctx, &app.panels.performance, move |picture| {
        drop(sender.try_send(picture));
    });
    if !is_shown {
        let advice = "Unfold the performance panel first";
        return app.notify(ctx, Notice::new(Kind::Info, advice, ""));
    }
    app.work.errands.run(ctx, "save panel", move || {
        let Ok(picture) = receiver.recv_timeout(PICTURE_PATIENCE) else {
            let words = "The panel could not be pictured";
            return Notice::new(Kind::Error, words, "The screen gave no picture of it.");
        };
        match save_png(&path, &picture) {
            Ok(()) => saved(path),
            Err(error) => Notice::failed("The picture was not saved", &Failure::of(&error), ""),
        }
    });
}
