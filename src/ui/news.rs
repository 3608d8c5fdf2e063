//! What other threads achieved since the last frame, turned into notices and state.

use egui::Context;

use crate::filters::asset::Asset;
use crate::filters::value::Value;
use crate::recipe::asset_file::AssetFileError;
use crate::recipe::label::of_value;
use crate::studio::session::{Failure, Update};

use super::app::App;
use super::command::{Command, EditCommand, FileSlot};
use super::dispatch::dispatch;
use super::picker::{Answer, Question};
use super::state::Notice;
use super::updates;
use super::widgets::notice::Kind;

pub(super) fn take(app: &mut App, ctx: &Context) {
    for update in app.session.poll() {
        // A preview is shown by this very frame; what comes of the rest may be by the next.
        if !matches!(update, Update::Preview) {
            ctx.request_repaint();
        }
        updates::take(app, ctx, update);
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
