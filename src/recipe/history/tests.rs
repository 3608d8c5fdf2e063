//! Tests of the laws of undo: what one gesture leaves, and that there and back is the same.

use proptest::prelude::*;

use crate::recipe::action::Part;
use crate::recipe::specimens::{BLUR, EV, with_first};
use crate::recipe::{EditId, Recipe};

use super::*;

fn opened() -> (History, EditId) {
    let (recipe, id) = Recipe::empty().inserted(&EV, &with_first(&EV, 0.0));
    (History::new(recipe), id)
}

fn at(history: &History, id: EditId, ev: f64) -> Recipe {
    history.current().with_values(id, &with_first(&EV, ev))
}

fn ev_of(history: &History) -> f64 {
    history.current().edits()[0].values().unwrap().number(0)
}

fn labels(history: &History) -> Vec<&str> {
    history.entries().map(|action| &*action.label).collect()
}

#[test]
fn a_drag_is_one_step_whatever_it_passed_through() {
    let (mut history, id) = opened();
    let drag = history.begin(1);
    for step in 1..=50_u32 {
        let after = at(&history, id, f64::from(step) / 10.0);
        assert!(history.update(drag, after, format!("step {step}"), 1 + u64::from(step)));
    }
    assert_eq!((ev_of(&history), history.entries().len()), (5.0, 0));
    assert!(history.commit(drag));
    assert_eq!(labels(&history), ["step 50"]);
    assert_eq!(history.entries().next().unwrap().at_ms, 51);
    assert!(!history.commit(drag) && !history.cancel(drag));
    assert!(history.undo());
    assert_eq!(ev_of(&history), 0.0);
    assert!(history.redo());
    assert_eq!(ev_of(&history), 5.0);
    assert!(!history.redo());
}

#[test]
fn a_cancelled_drag_leaves_nothing_and_keeps_what_can_be_redone() {
    let (mut history, id) = opened();
    history.apply(at(&history, id, 1.0), "one", 1);
    history.undo();
    let drag = history.begin(2);
    history.update(drag, at(&history, id, 3.0), "three", 3);
    assert!(!history.can_redo() && history.has_open_gesture());
    assert!(history.cancel(drag));
    assert_eq!((ev_of(&history), history.can_redo()), (0.0, true));
    assert!(!history.update(drag, at(&history, id, 4.0), "late", 4));
    assert_eq!((ev_of(&history), labels(&history)), (0.0, vec!["one"]));
}

#[test]
fn a_drag_back_to_where_it_began_is_no_step() {
    let (mut history, id) = opened();
    let drag = history.begin(1);
    history.update(drag, at(&history, id, 3.0), "three", 2);
    history.update(drag, at(&history, id, 0.0), "zero", 3);
    assert!(!history.commit(drag));
    assert!(!history.can_undo());
    assert!(!history.apply(at(&history, id, 0.0), "same", 4));
    assert_eq!(history.entries().len(), 0);
}

#[test]
fn undo_in_mid_drag_takes_the_drag_back() {
    let (mut history, id) = opened();
    history.apply(at(&history, id, 1.0), "one", 1);
    let drag = history.begin(2);
    history.update(drag, at(&history, id, 2.0), "two", 3);
    assert_eq!(history.undo_label(), Some("two"));
    assert!(history.undo());
    assert_eq!((ev_of(&history), history.redo_label()), (1.0, Some("two")));
    assert!(!history.update(drag, at(&history, id, 4.0), "late", 4));
    assert_eq!(ev_of(&history), 1.0);
}

#[test]
fn steps_of_the_wheel_are_one_step_until_it_rests() {
    let (mut history, id) = opened();
    let key = |edit| BurstKey {
        edit,
        part: Part::Param(0),
    };
    for (ev, at_ms) in [(0.1, 1000), (0.2, 1100), (0.3, 1100 + BURST_MS)] {
        assert!(history.nudge(key(id), at(&history, id, ev), format!("{ev}"), at_ms));
    }
    assert_eq!(labels(&history), ["0.3"]);
    history.nudge(key(id), at(&history, id, 0.4), "0.4", 2000 + BURST_MS);
    assert_eq!(labels(&history), ["0.3", "0.4"]);
    history.nudge(
        key(EditId(7)),
        at(&history, id, 0.5),
        "other",
        2000 + BURST_MS,
    );
    assert_eq!(labels(&history), ["0.3", "0.4", "other"]);
    history.undo();
    history.nudge(key(id), at(&history, id, 0.6), "0.6", 2000 + BURST_MS);
    assert_eq!(labels(&history), ["0.3", "0.4", "0.6"]);
    history.nudge(key(id), at(&history, id, 0.4), "back", 2001 + BURST_MS);
    assert_eq!(labels(&history), ["0.3", "0.4"]);
    assert!(history.undo());
    assert_eq!(ev_of(&history), 0.3);
}

#[test]
fn a_click_in_the_list_jumps_there() {
    let (mut history, id) = opened();
    for step in 1..=5_u64 {
        history.apply(at(&history, id, step as f64 / 2.0), format!("{step}"), step);
    }
    assert!(history.jump(2));
    assert_eq!((ev_of(&history), history.position()), (1.0, 2));
    assert!(history.jump(0));
    assert_eq!(ev_of(&history), 0.0);
    assert!(history.jump(5) && !history.jump(5) && !history.jump(6));
    history.jump(1);
    history.apply(at(&history, id, -1.0), "new", 9);
    assert_eq!(labels(&history), ["1", "new"]);
}

#[test]
fn ids_undone_are_not_given_again() {
    let (mut history, _) = opened();
    let (after, first) = history.current().inserted(&BLUR, &with_first(&BLUR, 2.0));
    history.apply(after, "blur", 1);
    history.undo();
    let (_, second) = history.current().inserted(&BLUR, &with_first(&BLUR, 2.0));
    assert_ne!(first, second);
    let drag = history.begin(2);
    let (after, third) = history.current().inserted(&BLUR, &with_first(&BLUR, 3.0));
    history.update(drag, after, "blur", 3);
    history.cancel(drag);
    let (_, fourth) = history.current().inserted(&BLUR, &with_first(&BLUR, 3.0));
    assert_ne!(third, fourth);
}

#[test]
fn the_oldest_actions_are_forgotten() {
    let (mut history, id) = opened();
    for step in 0..MAX_ACTIONS + 10 {
        let ev = if step % 2 == 0 { 1.0 } else { -1.0 };
        history.apply(at(&history, id, ev), format!("{step}"), step as u64);
    }
    assert_eq!(history.entries().len(), MAX_ACTIONS);
    assert_eq!(history.entries().next().unwrap().label, "10");
    assert!(history.jump(0));
    assert_eq!(ev_of(&history), -1.0);
}

/// Anything a window can do to a history.
#[derive(Debug, Clone)]
enum Deed {
    Apply(i8),
    Begin,
    Update(i8),
    Commit,
    Cancel,
    Nudge(i8, u16),
    Undo,
    Redo,
    Jump(usize),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (-5..=5_i8).prop_map(Deed::Apply),
        Just(Deed::Begin),
        (-5..=5_i8).prop_map(Deed::Update),
        Just(Deed::Commit),
        Just(Deed::Cancel),
        (-5..=5_i8, 0..1500_u16).prop_map(|(ev, wait_ms)| Deed::Nudge(ev, wait_ms)),
        Just(Deed::Undo),
        Just(Deed::Redo),
        (0..6_usize).prop_map(Deed::Jump),
    ]
}

fn act(
    history: &mut History,
    deed: &Deed,
    id: EditId,
    drag: &mut Option<GestureId>,
    now: &mut u64,
) {
    *now += 1;
    match *deed {
        Deed::Apply(ev) => {
            history.apply(at(history, id, f64::from(ev)), "apply", *now);
        }
        Deed::Begin => *drag = Some(history.begin(*now)),
        Deed::Update(ev) => {
            if let Some(drag) = *drag {
                history.update(drag, at(history, id, f64::from(ev)), "update", *now);
            }
        }
        Deed::Commit => {
            drag.take().map(|drag| history.commit(drag));
        }
        Deed::Cancel => {
            drag.take().map(|drag| history.cancel(drag));
        }
        Deed::Nudge(ev, wait_ms) => {
            *now += u64::from(wait_ms);
            let part = Part::Param(0);
            let key = BurstKey { edit: id, part };
            history.nudge(key, at(history, id, f64::from(ev)), "nudge", *now);
        }
        Deed::Undo => {
            history.undo();
        }
        Deed::Redo => {
            history.redo();
        }
        Deed::Jump(n_done) => {
            history.jump(n_done);
        }
    }
}

/// Actions chain, none is empty, and the current recipe is where the position says.
fn check_chain(history: &History) -> Result<(), TestCaseError> {
    let actions: Vec<_> = history.entries().collect();
    prop_assert!(history.position() <= actions.len());
    for action in &actions {
        prop_assert!(action.before != action.after);
    }
    for pair in actions.windows(2) {
        prop_assert_eq!(&pair[0].after, &pair[1].before);
    }
    if !history.has_open_gesture() {
        if let Some(last) = history.position().checked_sub(1) {
            prop_assert_eq!(&actions[last].after, history.current());
        } else if let Some(first) = actions.first() {
            prop_assert_eq!(&first.before, history.current());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_done_the_history_holds_together(deeds in prop::collection::vec(any_deed(), 0..60)) {
        let (mut history, id) = opened();
        let (mut drag, mut now) = (None, 0);
        for deed in &deeds {
            let (len, position) = (history.entries().len(), history.position());
            act(&mut history, deed, id, &mut drag, &mut now);
            check_chain(&history)?;
            // No deed adds more than one step (a gesture left open counts as the one before).
            prop_assert!(history.entries().len() <= len + 2);
            prop_assert!(history.position() <= position.max(5) + 2);
        }
    }

    #[test]
    fn undo_and_redo_lead_there_and_back(deeds in prop::collection::vec(any_deed(), 0..40)) {
        let (mut history, id) = opened();
        let (mut drag, mut now) = (None, 0);
        for deed in &deeds {
            act(&mut history, deed, id, &mut drag, &mut now);
        }
        let now_shown = history.current().clone();
        let can_undo = history.can_undo();
        prop_assert_eq!(history.undo(), can_undo);
        if can_undo {
            prop_assert!(history.can_redo() && history.redo());
        }
        prop_assert_eq!(history.current(), &now_shown);
        let n_done = history.position();
        while history.undo() {}
        prop_assert_eq!(history.position(), 0);
        prop_assert!(n_done == 0 || history.jump(n_done));
        prop_assert_eq!(history.current(), &now_shown);
    }
}
