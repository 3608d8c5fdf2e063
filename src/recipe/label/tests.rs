//! Tests of the words people read.

use crate::filters::spec::{ParamKind, ParamSpec};
use crate::filters::value::{Value, Values};
use crate::recipe::Recipe;
use crate::recipe::specimens::{BALANCE, BLUR, CROP, EV, FLIP, TURN, with_first};

use super::*;

fn number(param: &ParamSpec) -> &NumberSpec {
    match &param.kind {
        ParamKind::Number(number) => number,
        _ => panic!("{} is no number", param.id),
    }
}

#[test]
fn numbers_have_sign_digits_and_unit() {
    let shown = |param: &ParamSpec, value| format_value(number(param), value);
    assert_eq!(shown(&EV.params[0], 0.7), "+0.70 EV");
    assert_eq!(shown(&EV.params[0], -0.7), "−0.70 EV");
    assert_eq!(shown(&EV.params[0], -0.001), "0.00 EV");
    assert_eq!(shown(&BALANCE.params[0], -45.0), "−45");
    assert_eq!(shown(&BALANCE.params[0], 0.0), "0");
    assert_eq!(shown(&BLUR.params[0], 1.2), "1.2 px");
    assert_eq!(shown(&TURN.params[0], 3.0), "3 × 90°");
    assert_eq!(format_number(number(&EV.params[0]), 1.0), "+1.00");
    assert_eq!(
        format_param(&CROP.params[0], &Value::Pixels(800.0)),
        "800 px"
    );
    assert_eq!(
        format_param(&FLIP.params[0], &Value::Choice(1)),
        "Top to bottom"
    );
    assert_eq!(format_opacity(0.5), "50 %");
    assert_eq!(plain(-5.0), "−5");
}

#[test]
fn what_people_type_is_read() {
    let ev = number(&EV.params[0]);
    for (typed, value) in [
        ("+0.70 EV", Some(0.7)),
        ("−0,5", Some(-0.5)),
        (" -3 ", Some(-3.0)),
        ("99", Some(99.0)),
        ("1e3", None),
        ("inf", None),
        ("", None),
        ("EV", None),
        ("--1", None),
    ] {
        assert_eq!(read_value(ev, typed), value, "{typed}");
    }
    for value in [-5.0, -0.05, 0.0, 0.7, 5.0] {
        assert_eq!(read_value(ev, &format_value(ev, value)), Some(value));
    }
}

#[test]
fn every_kind_of_change_has_its_words() {
    let empty = Recipe::empty();
    let (one, ev) = empty.inserted(&EV, &with_first(&EV, 0.7));
    let (two, balance) = one.inserted(&BALANCE, &with_first(&BALANCE, 10.0));
    let (three, blur) = two.inserted(&BLUR, &with_first(&BLUR, 2.0));
    let (copied, _) = two.duplicated(ev).unwrap();
    let tinted = with_first(&BALANCE, 10.0).with(1, Value::Number(-4.0));
    for (before, after, words) in [
        (&empty, &one, "Exposure +0.70 EV"),
        (&one, &two, "Add White balance"),
        (&two, &one, "Remove White balance"),
        (&two, &copied, "Exposure +0.70 EV"),
        (&two, &empty, "Remove all edits"),
        (&one, &empty, "Remove Exposure"),
        (&empty, &two, "Add several edits"),
        (&two, &two.with_enabled(ev, false), "Switch off Exposure"),
        (&two.with_enabled(ev, false), &two, "Switch on Exposure"),
        (&two, &two.with_opacity(ev, 0.25), "Exposure: opacity 25 %"),
        (
            &two,
            &two.with_values(balance, &tinted),
            "White balance: tint −4",
        ),
        (
            &two,
            &two.with_values(
                balance,
                &with_first(&BALANCE, 0.0).with(1, Value::Number(1.0)),
            ),
            "Change White balance",
        ),
        (
            &one,
            &one.with_values(ev, &Values::identity(&EV)),
            "Exposure 0.00 EV",
        ),
        (&three, &three.moved(blur, 0), "Move Blur"),
        (
            &three,
            &three.moved(blur, 0).moved(balance, 2),
            "Reorder edits",
        ),
        (&two, &two.with_name(Some("x")), "Change the recipe"),
        (&two, &two.replaced_by(&one), "Replace edits"),
    ] {
        assert_eq!(of_change(before, after), words);
    }
}
