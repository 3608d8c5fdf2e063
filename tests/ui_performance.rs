//! The performance panel as a person uses it, without a display: runs, lanes, table, lab, tour, two
//! backends, logs that are dropped, and a window of its own.

#[path = "support/desk.rs"]
mod desk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parallax::studio::BackendKind;
use parallax::studio::run_log::save_log;

use desk::{Desk, Window, press, shows, until, until_seen};

fn tab(window: &mut Window, name: &str) {
    window.get_by_role_and_label(Role::Tab, name).click();
    window.run_steps(3);
}

fn run(window: &mut Window) {
    let n_before = window.state().session().runs.rows().len();
    press(window, Modifiers::COMMAND, Key::R);
    until(window, |session| {
        session.runs.rows().len() > n_before && session.jobs().running.is_none()
    });
    window.run_steps(2);
}

fn click(window: &mut Window, role: Role, label: &str) {
    window.get_by_role_and_label(role, label).click();
    window.run_steps(3);
}

#[test]
fn a_run_stands_as_lanes_and_its_colours_can_tell_something_else() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    run(&mut window);
    until_seen(&mut window, |window| {
        shows(window, "Timeline, the whole run")
    });
    assert!(shows(&window, "worker 0: "));
    assert!(shows(&window, "core "));
    for by in ["Core", "Pass", "Filter", "Phase"] {
        click(&mut window, Role::RadioButton, by);
        assert!(shows(&window, "Timeline, the whole run"), "{by}");
    }
}

#[test]
fn the_last_runs_stand_together_and_can_be_taken_out() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    run(&mut window);
    press(&mut window, Modifiers::NONE, Key::Num1);
    until_seen(&mut window, |window| {
        window.state().session().runs.rows().len() == 2
    });
    window.run_steps(3);
    let chips = |window: &Window, role: Role| {
        let chips = window.query_all_by_label_contains("Lanes of the run ");
        chips
            .filter(|chip| chip.accesskit_node().role() == role)
            .count()
    };
    assert_eq!(chips(&window, Role::RadioButton), 2, "one of them is shown");
    click(&mut window, Role::RadioButton, "Together");
    until_seen(&mut window, |window| shows(window, "Timeline of 2 runs"));
    let headings = window.query_all_by_role(Role::Heading).count();
    assert_eq!(headings, 2);
    assert_eq!(chips(&window, Role::CheckBox), 2);
    window
        .get_by(|node| {
            let label = node.label().unwrap_or_default();
            label.starts_with("Lanes of the run single")
        })
        .click();
    window.run_steps(3);
    assert!(!shows(&window, "Timeline of 2 runs"));
    assert!(shows(&window, "Timeline, the whole run"));
    click(&mut window, Role::RadioButton, "One run");
    assert_eq!(chips(&window, Role::RadioButton), 2);
}

#[test]
fn the_table_finds_names_repeats_and_compares_runs() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    run(&mut window);
    press(&mut window, Modifiers::NONE, Key::Num1);
    until_seen(&mut window, |window| {
        window.state().session().runs.rows().len() == 2
    });
    tab(&mut window, "Runs");
    let rows = |window: &Window| {
        let all = window.query_all_by_role(Role::Row);
        let of_table = all.filter(|row| {
            let label = row.accesskit_node().label().unwrap_or_default();
            label.starts_with("Run: when")
        });
        of_table.count()
    };
    assert_eq!(rows(&window), 2);
    let boxes: Vec<_> = window.query_all_by_role(Role::CheckBox).collect();
    for check in &boxes {
        check.click();
    }
    drop(boxes);
    window.run_steps(3);
    click(&mut window, Role::Button, "Compare two");
    assert!(shows(&window, "wall time: single 1 ") || shows(&window, "wall time: threads"));
    assert!(shows(&window, "What changed"));
    click(&mut window, Role::Button, "Back to the table");
    let field = window.get_by_role_and_label(Role::TextInput, "Find runs");
    field.focus();
    window.run_steps(2);
    let field = window.get_by_role_and_label(Role::TextInput, "Find runs");
    field.type_text("single");
    window.run_steps(4);
    assert_eq!(rows(&window), 1);
}

#[test]
fn four_backends_have_keys_and_the_lock_has_its_terms() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    press(&mut window, Modifiers::NONE, Key::Num4);
    assert_eq!(
        window.state().session().backend().kind,
        BackendKind::GlobalLock
    );
    click(&mut window, Role::Button, "How this backend works");
    assert!(shows(&window, "must hold one lock to compute"));
    click(&mut window, Role::RadioButton, "waits 20 ms a tile");
    assert_eq!(window.state().session().backend().storage_wait_ms, 20);
    assert!(shows(&window, "simulated slow storage"));
    click(&mut window, Role::Button, "Switch interval, ms: more");
    assert_eq!(window.state().session().backend().switch_interval_us, 6000);
}

#[test]
fn a_step_of_the_tour_is_guessed_run_and_concluded() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    tab(&mut window, "Tour");
    click(&mut window, Role::RadioButton, "slower");
    click(&mut window, Role::Button, "Run one worker");
    until_seen(&mut window, |window| shows(window, "One worker did all"));
    until_seen(&mut window, |window| shows(window, "worker 0: "));
    click(&mut window, Role::Button, "Next step");
    assert!(shows(&window, "Run threads"));
    click(&mut window, Role::Tab, "What it showed");
    assert!(shows(&window, "Which should I use?"));
    assert!(shows(&window, "one worker: "));
}

#[test]
fn two_backends_stand_on_the_photo_and_differ_nowhere() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    press(&mut window, Modifiers::NONE, Key::B);
    until_seen(&mut window, |window| {
        shows(window, "difference map empty: 0 of ")
    });
    assert!(shows(&window, "Single 1 · "));
    assert!(shows(&window, "Threads "));
    click(&mut window, Role::Button, "Map of differences");
    assert!(shows(&window, "difference map empty"));
    press(&mut window, Modifiers::NONE, Key::B);
    assert!(!shows(&window, "difference map empty"));
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_log_that_is_dropped_opens_for_comparison() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    run(&mut window);
    let path = desk.root.path().join("earlier.json");
    save_log(&window.state().session().runs.to_log(), &path).unwrap();
    let file = Arc::new(Dropped(path));
    window.input_mut().dropped_files.push(file);
    until_seen(&mut window, |window| {
        shows(window, "1 run opened for comparison")
    });
    assert!(shows(&window, "name from a log"));
}

#[test]
fn the_panel_moves_into_a_window_of_its_own_and_back() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    let detach = Modifiers::COMMAND | Modifiers::SHIFT;
    press(&mut window, detach, Key::P);
    window.run_steps(2);
    window.get_by_role_and_label(Role::Group, "Performance window");
    let attach = window.get_all_by_label("Back into the main window").next();
    attach.unwrap().click();
    window.run_steps(3);
    assert!(window.query_by_label("Performance window").is_none());
    assert!(shows(&window, "Fold the performance panel"));
}

#[test]
fn the_lab_measures_and_advises() {
    let desk = Desk::new();
    let mut window = desk.with_photo();
    tab(&mut window, "Scaling");
    click(&mut window, Role::Button, "Measure scaling");
    until_seen(&mut window, |window| {
        window.state().session().scaling().is_some()
    });
    window.run_steps(3);
    assert!(shows(&window, "Speed-up over workers: "));
    click(&mut window, Role::RadioButton, "Efficiency");
    assert!(shows(&window, "Efficiency over workers: "));
    assert!(shows(&window, "All made the same bytes"));
}
