//! Cards answer the mouse and the keyboard alike.

use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::ui::theme::{Theme, ThemeChoice};

use super::{CardAction, CardView, EditCard};

fn harness() -> Harness<'static, Vec<CardAction>> {
    let mut harness = Harness::builder()
        .with_size(vec2(380.0, 420.0))
        .with_max_steps(20)
        .build_ui_state(
            |ui, actions: &mut Vec<CardAction>| {
                Theme::apply(ui.ctx(), ThemeChoice::Dark);
                let view = CardView {
                    title: "Sharpen",
                    cost: Some("22 ms"),
                    remark: None,
                    is_enabled: true,
                    opacity: Some(1.0),
                    is_edit: true,
                };
                let outcome = EditCard::new(view).block(ui, 7, true, |ui| ui.label("rows"));
                actions.extend(outcome.action);
            },
            Vec::new(),
        );
    harness.run();
    harness
}

#[test]
fn eye_and_chevron_are_there_without_the_mouse() {
    let mut harness = harness();
    for (name, action) in [
        ("Switch off: Sharpen", CardAction::Toggle),
        ("Fold: Sharpen", CardAction::Fold),
    ] {
        let button = harness.get_by_role_and_label(Role::Button, name);
        button.focus();
        harness.run();
        harness.key_press(Key::Space);
        harness.run();
        assert_eq!(harness.state().last(), Some(&action), "{name}");
    }
}

#[test]
fn the_menu_deletes() {
    let mut harness = harness();
    harness
        .get_by_role_and_label(Role::Button, "More: Sharpen")
        .click();
    harness.run();
    harness
        .get_by_role_and_label(Role::Slider, "Opacity in per cent")
        .set_value_accesskit(40.0);
    harness.run();
    let opacity = harness.state().last().copied();
    assert!(
        matches!(opacity, Some(CardAction::Opacity(change)) if change.value == 0.4),
        "{opacity:?}"
    );
    harness
        .get_by_role_and_label(Role::MenuItem, "Delete")
        .click();
    harness.run();
    assert_eq!(harness.state().last(), Some(&CardAction::Delete));
    assert!(
        harness
            .query_by_role_and_label(Role::MenuItem, "Delete")
            .is_none(),
        "the menu closes"
    );
}

#[test]
fn alt_and_an_arrow_move_the_card() {
    let mut harness = harness();
    harness
        .get_by_role_and_label(Role::Button, "Move: Sharpen")
        .focus();
    harness.run();
    harness.key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    harness.run();
    assert_eq!(harness.state().as_slice(), [CardAction::MoveDown]);
}
