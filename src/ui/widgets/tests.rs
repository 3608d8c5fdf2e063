//! The controls by keyboard and by name. The harness itself fails on an input without a name and on a
//! sign that the typeface lacks.

use egui::accesskit::Role;
use egui::{Event, Key, Rect, Ui, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::{Theme, ThemeChoice};

use super::notice::Kind;
use super::*;

fn harness<S: 'static>(
    theme: ThemeChoice,
    show: impl Fn(&mut Ui, &mut S) + 'static,
    state: S,
) -> Harness<'static, S> {
    let mut harness = Harness::builder()
        .with_size(vec2(640.0, 720.0))
        .with_max_steps(30)
        .build_ui_state(
            move |ui, state: &mut S| {
                Theme::apply(ui.ctx(), theme);
                show(ui, state);
            },
            state,
        );
    harness.run();
    harness
}

fn backends() -> [Segment<'static>; 3] {
    [
        ("Single", BackendMark::Single),
        ("Threads", BackendMark::Threads),
        ("Processes", BackendMark::Processes),
    ]
    .map(|(label, mark)| Segment {
        mark: Some(mark),
        ..Segment::new(label)
    })
}

#[test]
fn arrows_move_the_choice_of_a_segmented_control() {
    let show = |ui: &mut Ui, chosen: &mut usize| {
        if let Some(picked) = Segmented::new("Backend", &backends()).show(ui, Some(*chosen)) {
            *chosen = picked;
        }
    };
    let mut harness = harness(ThemeChoice::Dark, show, 0_usize);
    harness
        .get_by_role_and_label(Role::RadioButton, "Single")
        .focus();
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert_eq!(*harness.state(), 1);
    harness.key_press(Key::ArrowRight);
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    assert_eq!(*harness.state(), 2, "it ends at the last");
    harness
        .get_by_role_and_label(Role::RadioButton, "Single")
        .click();
    harness.run();
    assert_eq!(*harness.state(), 0);
}

#[test]
fn workers_are_stepped_and_typed_within_their_range() {
    let show = |ui: &mut Ui, workers: &mut u32| {
        if let Some(set) = Stepper::new("Workers", 1..=8).show(ui, *workers) {
            *workers = set;
        }
    };
    let mut harness = harness(ThemeChoice::Dark, show, 7_u32);
    let number = |harness: &Harness<'_, u32>| {
        harness
            .get_by_role_and_label(Role::SpinButton, "Workers")
            .focus();
    };
    number(&harness);
    harness.run();
    for _ in 0..3 {
        harness.key_press(Key::ArrowUp);
        harness.run();
    }
    assert_eq!(*harness.state(), 8);
    harness.get_by_label("Workers: fewer").click();
    harness.run();
    assert_eq!(*harness.state(), 7);
    harness
        .get_by_role_and_label(Role::SpinButton, "Workers")
        .click();
    harness.run();
    harness
        .get_by_role_and_label(Role::TextInput, "Workers")
        .type_text("99");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(*harness.state(), 8, "clamped");
}

#[test]
fn a_search_is_cleared_by_esc() {
    let show = |ui: &mut Ui, text: &mut String| {
        search_field(ui, "Add a filter", text);
    };
    let mut harness = harness(ThemeChoice::Dark, show, String::new());
    harness
        .get_by_role_and_label(Role::TextInput, "Add a filter")
        .focus();
    harness.run();
    harness.event(Event::Text("blur".to_owned()));
    harness.run();
    assert_eq!(harness.state(), "blur");
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state(), "");
}

#[test]
fn a_path_is_taken_on_enter() {
    let show = |ui: &mut Ui, (path, outcomes): &mut (String, Vec<PathOutcome>)| {
        let outcome = path_field(ui, "Path of the photo", path, None);
        if outcome != PathOutcome::default() {
            outcomes.push(outcome);
        }
    };
    let mut harness = harness(ThemeChoice::Dark, show, (String::new(), Vec::new()));
    harness
        .get_by_role_and_label(Role::TextInput, "Path of the photo")
        .focus();
    harness.run();
    harness.event(Event::Text("a.jpg".to_owned()));
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let (path, outcomes) = harness.state();
    assert_eq!(path, "a.jpg");
    assert!(outcomes.iter().any(|outcome| outcome.is_submitted));
    harness.get_by_label("Browse…").click();
    harness.run();
    assert!(harness.state().1.iter().any(|outcome| outcome.wants_dialog));
}

#[test]
fn a_menu_picks_by_keyboard() {
    let show = |ui: &mut Ui, chosen: &mut usize| {
        if let Some(picked) = drop_down(ui, "Format", &["JPEG", "PNG", "TIFF"], *chosen) {
            *chosen = picked;
        }
    };
    let mut harness = harness(ThemeChoice::Dark, show, 0_usize);
    harness
        .get_by_role_and_label(Role::ComboBox, "Format")
        .focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    harness
        .get_by_role_and_label(Role::MenuItem, "TIFF")
        .focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(*harness.state(), 2);
}

#[test]
fn a_notice_is_answered() {
    let show = |ui: &mut Ui, answers: &mut Vec<(usize, NoticeAnswer)>| {
        let views = [NoticeView {
            kind: Kind::Ok,
            text: "Saved",
            detail: "",
            action: Some("Show in folder"),
        }];
        let over = Rect::from_min_size(pos2(0.0, 0.0), vec2(600.0, 300.0));
        answers.extend(notices(ui, over, &views));
    };
    let mut harness = harness(ThemeChoice::Dark, show, Vec::new());
    harness.get_by_label("Show in folder").click();
    harness.run();
    harness.get_by_label("Dismiss").click();
    harness.run();
    let expected = [(0, NoticeAnswer::Action), (0, NoticeAnswer::Close)];
    assert_eq!(harness.state().as_slice(), expected);
}

#[test]
fn a_table_offers_what_it_lacks() {
    let show = |ui: &mut Ui, answers: &mut Vec<TableAnswer>| {
        let columns = [
            Column::words("backend", 90.0),
            Column::figures("speed-up", 80.0),
        ];
        let rows = [TableRow {
            cells: vec![
                Cell::marked("threads", BackendMark::Threads),
                Cell::action("measure", "Run once on a single core"),
            ],
            is_chosen: false,
        }];
        answers.extend(table(ui, "Runs", &columns, &rows));
    };
    let mut harness = harness(ThemeChoice::Dark, show, Vec::new());
    harness.get_by_label("measure").click();
    harness.run();
    assert_eq!(harness.state().as_slice(), [TableAnswer::Action(0, 1)]);
    harness
        .get_by_label("Runs: backend threads, speed-up measure")
        .click_accesskit();
    harness.run();
    assert_eq!(harness.state().last(), Some(&TableAnswer::Row(0)));
}

fn everything(ui: &mut Ui) {
    let photo = Rect::from_min_size(pos2(300.0, 300.0), vec2(300.0, 200.0));
    let loads = [CoreLoad {
        ours: 0.4,
        workers: 0.2,
        rest: 0.2,
    }; 4];
    let history = loads.map(Some);
    let color = BackendMark::Processes.color();
    let bins: HistogramBins = [[7; 256]; 4];
    ui.add(Button::main("Export").icon(Icon::Export));
    ui.add(Button::quiet("Run").enabled(false));
    ui.add(IconButton::new(Icon::Undo, "Undo").shortcut("Ctrl+Z"));
    ui.add(IconButton::new(Icon::Redo, "Redo").enabled(false));
    histogram(ui, Some(&bins), true);
    let inks = CoreInks {
        ours: BackendMark::Threads.color(),
        workers: color,
    };
    let row = CoreRow {
        core_idx: 0,
        now: Some(loads[0]),
        history: &history,
        mhz: Some(3400),
    };
    core_micro_bars(ui, &loads, inks);
    core_history_row(ui, &row, inks, 30.0);
    core_heat(ui, &loads, inks, 60.0);
    core_legend(ui, &loads, inks);
    kbd(ui, "Ctrl+Shift+E");
    ui.add(ListRow::new("Exposure +0.70").figure("9 ms").chosen(true));
    progress_line(ui, photo, "Preview", Some(0.5));
    assert_eq!(wipe_handle(ui, photo, 0.5), None);
    photo_badge(ui, photo, "Before", true);
    tile_outline(ui, photo.shrink(40.0), "tile 3 · 24 ms", color);
    notice::sign_line(ui, Kind::Warning, "judge at 100 %");
    text::section(ui, "Presets");
    text::caption(ui, "What leaves the picture alone");
}

#[test]
fn every_widget_shows_in_both_themes() {
    for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
        let harness = harness(theme, |ui, (): &mut ()| everything(ui), ());
        for (role, name) in [
            (Role::Button, "Export"),
            (Role::Button, "Undo"),
            (Role::Button, "Histogram: show clipping on the photo"),
            (Role::Slider, "Between before and after"),
            (Role::ProgressIndicator, "Preview"),
            (Role::ListBoxOption, "Exposure +0.70"),
            (Role::Image, "4 of 4 cores busy"),
        ] {
            let found = harness.query_all_by_role_and_label(role, name).count();
            assert!(found > 0, "{role:?} {name:?}");
        }
    }
}
