//! The sheets by keyboard and by name.

use std::path::{Path, PathBuf};

use egui::accesskit::Role;
use egui::{Event, Key, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::studio::export::IfExists;
use crate::studio::settings::ExportSettings;
use crate::studio::{BackendChoice, BackendKind};
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::{Theme, ThemeChoice};

use super::export_form::ExportForm;
use super::export_sheet::export_sheet;
use super::path_dialog::{PathForm, log_dialog, open_dialog};
use super::shortcuts::{Shortcut, ShortcutGroup, shortcuts_sheet};

/// A sheet's data, whether it is in its first frame, what it sent and whether it closed.
struct Bench<F> {
    form: F,
    is_new: bool,
    outbox: Outbox,
    is_closed: bool,
}

fn harness<F: 'static>(
    form: F,
    show: impl Fn(&egui::Context, &mut F, bool, &mut Outbox) -> bool + 'static,
) -> Harness<'static, Bench<F>> {
    let bench = Bench {
        form,
        is_new: true,
        outbox: Outbox::default(),
        is_closed: false,
    };
    let mut harness = Harness::builder()
        .with_size(vec2(800.0, 700.0))
        .with_max_steps(30)
        .build_ui_state(
            move |ui, bench: &mut Bench<F>| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                if bench.is_closed {
                    return;
                }
                let is_new = std::mem::take(&mut bench.is_new);
                bench.is_closed = show(ui.ctx(), &mut bench.form, is_new, &mut bench.outbox);
            },
            bench,
        );
    harness.run();
    harness
}

fn export_form() -> ExportForm {
    ExportForm::new(
        PathBuf::from("/nowhere/a.jpg"),
        Path::new("/nowhere/a-edited.jpg"),
        ExportSettings::default(),
        4,
    )
}

#[test]
fn the_export_sheet_sends_the_wish_and_closes() {
    let mut harness = harness(export_form(), export_sheet);
    harness
        .get_by_role_and_label(Role::Slider, "Quality")
        .set_value_accesskit(80.0);
    harness.run();
    for segment in ["4:2:0", "Replace"] {
        harness
            .get_by_role_and_label(Role::RadioButton, segment)
            .click();
        harness.run();
    }
    harness
        .get_by_role_and_label(Role::Button, "Export")
        .click();
    harness.run();
    let bench = harness.state_mut();
    assert!(bench.is_closed);
    let sent = bench.outbox.take();
    let [Command::Export(wish)] = sent.as_slice() else {
        panic!("{sent:?}");
    };
    assert_eq!(wish.target, Path::new("/nowhere/a-edited.jpg"));
    assert_eq!(
        (wish.settings.quality, wish.settings.subsampling),
        (80, 420)
    );
    assert_eq!(wish.settings.if_exists, IfExists::Replace);
    assert_eq!(wish.backend, BackendChoice::new(BackendKind::Threads, 4));
}

#[test]
fn the_form_follows_the_ending_and_nothing_starts_without_one() {
    let mut form = export_form();
    form.path_text = "/nowhere/a.png".to_owned();
    let png = harness(form.clone(), export_sheet);
    assert!(png.query_by_label("16 bit").is_some());
    assert!(
        png.query_by_role_and_label(Role::Slider, "Quality")
            .is_none()
    );

    form.path_text = "/nowhere/a.gif".to_owned();
    let mut gif = harness(form, export_sheet);
    gif.get_by_role_and_label(Role::Button, "Export").click();
    gif.run();
    assert!(!gif.state().is_closed && gif.state_mut().outbox.take().is_empty());
    assert!(gif.query_by_label_contains("End the name in").is_some());
}

#[test]
fn esc_closes_without_a_wish_and_enter_in_the_path_starts() {
    let mut closed = harness(export_form(), export_sheet);
    closed.key_press(Key::Escape);
    closed.run();
    // The first Esc leaves the field, the second one the sheet.
    closed.key_press(Key::Escape);
    closed.run();
    assert!(closed.state().is_closed && closed.state_mut().outbox.take().is_empty());

    let mut started = harness(export_form(), export_sheet);
    started.key_press(Key::Enter);
    started.run();
    let sent = started.state_mut().outbox.take();
    assert!(matches!(sent.as_slice(), [Command::Export(_)]), "{sent:?}");
}

#[test]
fn a_photo_is_opened_by_its_path_and_a_missing_one_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("a photo.png");
    std::fs::write(&photo, "x").unwrap();
    let recent = vec![photo.clone()];
    let mut harness = harness(PathForm::default(), move |ctx, form, is_new, outbox| {
        open_dialog(ctx, form, &recent, is_new, outbox)
    });
    harness.event(Event::Text(format!("{}x", photo.display())));
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(
        harness
            .query_by_label_contains("no file of that name")
            .is_some()
    );
    assert!(!harness.state().is_closed);
    harness
        .get_by_role_and_label(Role::ListBoxOption, "a photo.png")
        .click();
    harness.run();
    let sent = harness.state_mut().outbox.take();
    assert!(
        matches!(sent.as_slice(), [Command::Open(path)] if *path == photo),
        "{sent:?}"
    );
    assert!(harness.state().is_closed);
}

#[test]
fn a_log_needs_an_ending_that_says_its_form() {
    let mut harness = harness(PathForm::default(), log_dialog);
    harness.event(Event::Text("/nowhere/log.txt".to_owned()));
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Save").click();
    harness.run();
    assert!(!harness.state().is_closed);
    harness.state_mut().form.text = "/nowhere/log.trace.json".to_owned();
    harness.run();
    harness.get_by_role_and_label(Role::Button, "Save").click();
    harness.run();
    let sent = harness.state_mut().outbox.take();
    assert!(
        matches!(sent.as_slice(), [Command::SaveLog(path)] if path.ends_with("log.trace.json")),
        "{sent:?}"
    );
}

#[test]
fn the_sheet_of_shortcuts_shows_keys_and_what_they_do() {
    let groups = vec![ShortcutGroup {
        title: "Look".to_owned(),
        shortcuts: vec![Shortcut {
            keys: "Ctrl+0".to_owned(),
            does: "Fit".to_owned(),
        }],
    }];
    let mut harness = harness(groups, |ctx, groups, _, _| shortcuts_sheet(ctx, groups));
    assert!(harness.query_by_label("Fit").is_some());
    assert!(harness.query_by_label("Ctrl+0").is_some());
    harness.get_by_role_and_label(Role::Button, "Close").click();
    harness.run();
    assert!(harness.state().is_closed);
}
