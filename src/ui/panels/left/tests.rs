//! A click on the history jumps; a click on a preset is one step.

use egui::accesskit::Role;
use egui::vec2;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::filters::registry;
use crate::filters::value::Values;
use crate::recipe::{Edit, History, Recipe};
use crate::system::folders::Folders;
use crate::ui::command::{Command, EditCommand, Outbox};
use crate::ui::theme::{Theme, ThemeChoice};

use super::panel::left_panel;
use super::{HistoryView, LeftState, LeftView};

struct Bench {
    history: History,
    state: LeftState,
    outbox: Outbox,
    is_rail: bool,
}

fn history() -> History {
    let mut history = History::new(Recipe::empty());
    for (n, id) in ["exposure", "contrast", "vibrance"].iter().enumerate() {
        let spec = registry::find(id).unwrap().spec();
        let (after, _) = history.current().inserted(spec, &Values::on_add(spec));
        history.apply(after, format!("Step {id}"), n as u64);
    }
    history.undo();
    history
}

fn harness(is_rail: bool) -> Harness<'static, Bench> {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench {
        history: history(),
        state: LeftState::with_presets(&Folders::under(folder.path())),
        outbox: Outbox::default(),
        is_rail,
    };
    let mut harness = Harness::builder()
        .with_size(vec2(280.0, 700.0))
        .with_max_steps(20)
        .build_ui_state(
            |ui, bench: &mut Bench| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let view = LeftView {
                    recipe: Some(bench.history.current()),
                    history: Some(HistoryView {
                        history: &bench.history,
                        open_ns: 210_000_000,
                    }),
                    is_rail: bench.is_rail,
                };
                left_panel(ui, view, &mut bench.state, &mut bench.outbox);
            },
            bench,
        );
    harness.run();
    harness
}

#[test]
fn a_click_in_the_history_jumps_and_the_current_step_does_nothing() {
    let mut harness = harness(false);
    for (row, expected) in [
        ("Opened", Some(0)),
        ("Step contrast", None),
        ("Step vibrance", Some(3)),
    ] {
        harness
            .get_by_role_and_label(Role::ListBoxOption, row)
            .click();
        harness.run();
        let sent = harness.state_mut().outbox.take();
        let jump = sent.iter().find_map(|command| match command {
            Command::Edit(EditCommand::Jump(n_done)) => Some(*n_done),
            _ => None,
        });
        assert_eq!(jump, expected, "{row}");
    }
}

#[test]
fn a_preset_is_one_step_also_from_the_rail() {
    for is_rail in [false, true] {
        let mut harness = harness(is_rail);
        if is_rail {
            harness
                .get_by_role_and_label(Role::Button, "Presets")
                .click();
            harness.run();
        }
        harness
            .get_by_role_and_label(Role::ListBoxOption, "Golden hour")
            .click();
        harness.run();
        let sent = harness.state_mut().outbox.take();
        let [Command::Edit(EditCommand::Step { after, label })] = sent.as_slice() else {
            panic!("{sent:?}");
        };
        assert_eq!(label, "Golden hour");
        assert!(after.edits().len() >= 5 && after.edits().iter().all(Edit::is_active));
    }
}

#[test]
fn the_edits_are_saved_as_a_preset_under_the_name_that_was_typed() {
    let mut harness = harness(false);
    harness
        .get_by_role_and_label(Role::Button, "Save the edits as a preset")
        .click();
    harness.run();
    harness.event(egui::Event::Text(" Evening ".to_owned()));
    harness.run();
    harness.key_press(egui::Key::Enter);
    harness.run();
    let sent = harness.state_mut().outbox.take();
    assert!(
        matches!(sent.as_slice(), [Command::SavePreset(name)] if name == "Evening"),
        "{sent:?}"
    );
}
