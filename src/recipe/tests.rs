//! Tests of edits and recipes as values: places, ids, clamping, fingerprints.

use crate::filters::spec::Unit;
use crate::filters::value::{Value, Values};

use super::specimens::{BALANCE, BLUR, CROP, EV, FLIP, TURN, any_recipe, with_first};
use super::{Edit, EditId, Recipe, Unavailable, What, Why, bounds};

use proptest::prelude::*;

fn ids(recipe: &Recipe) -> Vec<&str> {
    recipe.edits().iter().map(Edit::filter_id).collect()
}

fn three() -> (Recipe, [EditId; 3]) {
    let (recipe, blur) = Recipe::empty().inserted(&BLUR, &with_first(&BLUR, 4.0));
    let (recipe, crop) = recipe.inserted(&CROP, &with_first(&CROP, 0.25));
    let (recipe, ev) = recipe.inserted(&EV, &with_first(&EV, 0.7));
    (recipe, [crop, ev, blur])
}

fn unavailable() -> Edit {
    let what = What::Unavailable(Unavailable {
        filter_id: "dehaze".to_owned(),
        fields: toml::Table::new(),
        why: Why::UnknownFilter,
    });
    Edit {
        what,
        ..Edit::new(EditId(0), &EV, &Values::on_add(&EV))
    }
}

#[test]
fn edits_are_inserted_by_rank_wherever_others_were_moved() {
    let (recipe, [crop, ev, blur]) = three();
    assert_eq!(ids(&recipe), ["crop", "exposure", "blur"]);
    assert_eq!(recipe.position(ev), Some(1));
    let moved = recipe.moved(crop, 7);
    assert_eq!(ids(&moved), ["exposure", "blur", "crop"]);
    assert_eq!(ids(&moved.moved(blur, 0)), ["blur", "exposure", "crop"]);
    let (twice, _) = moved.inserted(&EV, &Values::on_add(&EV));
    assert_eq!(ids(&twice), ["exposure", "blur", "crop", "exposure"]);
    assert_eq!(
        twice.last_of("exposure").map(|edit| edit.id),
        Some(EditId(4))
    );
}

#[test]
fn ids_are_never_given_twice() {
    let (recipe, [crop, ev, blur]) = three();
    let (copied, copy) = recipe.without(blur).duplicated(ev).unwrap();
    assert_eq!(ids(&copied), ["crop", "exposure", "exposure"]);
    assert!(![crop, ev, blur].contains(&copy));
    assert_eq!(copied.position(copy), Some(2));
    let preset = copied.appended(&recipe).replaced_by(&recipe);
    assert_eq!(ids(&preset), ids(&recipe));
    assert!(preset.edits().iter().all(|edit| edit.id > copy));
    assert!(preset.says_same(&recipe) && preset != recipe);
    assert!(recipe.duplicated(EditId(99)).is_none());
}

#[test]
fn changes_of_an_absent_edit_change_nothing() {
    let (recipe, _) = three();
    let absent = EditId(99);
    assert_eq!(recipe.without(absent), recipe);
    assert_eq!(recipe.moved(absent, 0), recipe);
    assert_eq!(recipe.with_enabled(absent, false), recipe);
    assert_eq!(recipe.with_values(absent, &with_first(&EV, 1.0)), recipe);
}

#[test]
fn values_are_clamped_to_what_the_parameter_takes() {
    let ev = &EV.params[0];
    assert_eq!(bounds::clamp(ev, Value::Number(9.0)), Value::Number(5.0));
    assert_eq!(
        bounds::clamp(ev, Value::Number(f64::NAN)),
        Value::Number(2.5)
    );
    assert_eq!(bounds::clamp(ev, Value::Pixels(1.0)), Value::Number(2.5));
    let turns = &TURN.params[0];
    assert_eq!(bounds::clamp(turns, Value::Number(1.6)), Value::Number(2.0));
    let width = &CROP.params[1];
    assert_eq!(bounds::clamp(width, Value::Pixels(0.0)), Value::Pixels(1.0));
    let axis = &FLIP.params[0];
    assert_eq!(bounds::clamp(axis, Value::Choice(7)), Value::Choice(0));
}

#[test]
fn geometry_has_no_opacity_and_others_keep_within_it() {
    let (recipe, [crop, ev, _]) = three();
    let faded = recipe.with_opacity(crop, 0.5).with_opacity(ev, -3.0);
    assert_eq!(faded.find(crop).unwrap().opacity, 1.0);
    assert_eq!(faded.find(ev).unwrap().opacity, 0.0);
    assert_eq!(
        faded.with_opacity(ev, f64::NAN).find(ev).unwrap().opacity,
        1.0
    );
}

#[test]
fn only_what_changes_the_picture_is_active() {
    let (recipe, [crop, ev, blur]) = three();
    assert_eq!(recipe.active().count(), 3);
    let recipe = recipe
        .with_enabled(crop, false)
        .with_opacity(ev, 0.0)
        .with_values(blur, &Values::identity(&BLUR));
    assert_eq!(recipe.active().count(), 0);
    let (stopped, id) = recipe.with_copy_at(0, unavailable());
    assert_eq!(stopped.active().count(), 0);
    assert_eq!(stopped.stopping_export().count(), 1);
    assert_eq!(stopped.with_enabled(id, false).stopping_export().count(), 0);
}

/// A better formula must not change old photos, not even when their slider is moved.
#[test]
fn an_edit_keeps_the_formula_it_was_made_with() {
    let mut old = Edit::new(EditId(0), &BALANCE, &with_first(&BALANCE, 5.0));
    if let What::Known { formula, .. } = &mut old.what {
        *formula = 1;
    }
    let (recipe, id) = Recipe::empty().with_copy_at(0, old);
    let moved = recipe.with_values(id, &with_first(&BALANCE, 6.0));
    let edit = moved.find(id).unwrap();
    assert!(matches!(edit.what, What::Known { formula: 1, .. }));
    assert_eq!(edit.values(), Some(&with_first(&BALANCE, 6.0)));
    let (fresh, id) = recipe.inserted(&BALANCE, &with_first(&BALANCE, 6.0));
    let fresh = &fresh.find(id).unwrap().what;
    assert!(matches!(fresh, What::Known { formula, .. } if *formula == BALANCE.formula));
}

#[test]
fn fingerprints_tell_pictures_apart_and_nothing_else() {
    let (recipe, [crop, ev, blur]) = three();
    let print = recipe.fingerprint();
    let same = Recipe::empty()
        .appended(&recipe)
        .with_name(Some("another name"));
    let (same, off) = same.inserted(&BALANCE, &Values::on_add(&BALANCE));
    assert_eq!(same.with_enabled(off, false).fingerprint(), print);
    assert_eq!(print.to_string().len(), 64);
    let others = [
        recipe.without(crop),
        recipe.moved(blur, 0),
        recipe.with_opacity(ev, 0.5),
        recipe.with_values(ev, &with_first(&EV, 0.75)),
        recipe.with_values(crop, &Values::on_add(&CROP).with(0, Value::Pixels(0.25))),
        Recipe::empty(),
    ];
    for other in &others {
        assert_ne!(other.fingerprint(), print, "{other:?}");
    }
}

/// Written down so that a change of the canonical bytes does not go unnoticed: old caches and logs
/// would no longer match.
#[test]
fn the_fingerprint_of_no_edits_is_the_hash_of_its_prefix() {
    use sha2::{Digest as _, Sha256};
    let expected: [u8; 32] = Sha256::digest(b"parallax recipe 1\0").into();
    assert_eq!(Recipe::empty().fingerprint().0, expected);
}

proptest! {
    #[test]
    fn clamping_is_what_every_recipe_has_behind_it(recipe in any_recipe()) {
        for edit in recipe.edits() {
            let (spec, values) = (edit.spec().unwrap(), edit.values().unwrap());
            prop_assert_eq!(&bounds::clamp_all(spec, values), values);
            prop_assert_eq!(values.as_slice().len(), spec.params.len());
            for (param, value) in spec.params.iter().zip(values.as_slice()) {
                if let (crate::filters::spec::ParamKind::Number(number), Value::Number(value)) =
                    (&param.kind, value)
                {
                    prop_assert!((number.min..=number.max).contains(value));
                    prop_assert!(number.unit != Unit::QuarterTurns || value.fract() == 0.0);
                }
            }
        }
    }
}
