//! Tests of the grammar of edits on the command line.

use proptest::prelude::*;

use crate::filters::registry::FILTERS;
use crate::filters::spec::ParamKind;
use crate::filters::value::{Value, Values};
use crate::recipe::specimens::catalogue;
use crate::recipe::{Edit, Recipe, RecipeFile};

use super::*;

fn parsed(flags: &[&str]) -> Recipe {
    from_flags(flags, &catalogue()).unwrap()
}

fn refused(flags: &[&str]) -> String {
    from_flags(flags, &catalogue()).unwrap_err().to_string()
}

fn first_values(recipe: &Recipe) -> Vec<(&str, Value)> {
    let first = |edit: &'_ Edit| edit.values().unwrap().get(0);
    let edits = recipe.edits().iter();
    edits.map(|edit| (edit.filter_id(), first(edit))).collect()
}

#[test]
fn flags_make_edits_in_their_order() {
    let recipe = parsed(&["blur.radius=4", "exposure.ev=-0.5", "flip.axis=vertical"]);
    assert_eq!(
        first_values(&recipe),
        [
            ("blur", Value::Number(4.0)),
            ("exposure", Value::Number(-0.5)),
            ("flip", Value::Choice(1)),
        ]
    );
    assert!(
        recipe
            .edits()
            .iter()
            .all(|edit| edit.enabled && edit.opacity == 1.0)
    );
}

#[test]
fn a_parameter_not_yet_given_continues_the_edit_and_others_begin_one() {
    let balance = |recipe: &Recipe| -> Vec<Vec<Value>> {
        let edits = recipe.edits().iter();
        edits
            .map(|edit| edit.values().unwrap().as_slice().to_vec())
            .collect()
    };
    let (n, zero) = (Value::Number, Value::Number(0.0));
    let one = parsed(&["white-balance.tint=3", "white-balance.temperature=-7"]);
    assert_eq!(balance(&one), [[n(-7.0), n(3.0)]]);
    let two = parsed(&["white-balance.tint=3", "white-balance.tint=4"]);
    assert_eq!(balance(&two), [[zero.clone(), n(3.0)], [zero, n(4.0)]]);
    let parted = parsed(&["blur.radius=1", "exposure.ev=1", "blur.opacity=0.5"]);
    assert_eq!(parted.edits().len(), 3);
    let bare = parsed(&["white-balance", "white-balance.tint=4", "white-balance"]);
    assert_eq!(balance(&bare), [[n(50.0), n(4.0)], [n(50.0), n(50.0)]]);
}

#[test]
fn opacity_and_switch_are_set_like_parameters() {
    let recipe = parsed(&["blur.opacity=0.5", "blur.enabled=false", "blur.radius=2"]);
    let edit = &recipe.edits()[0];
    assert_eq!(recipe.edits().len(), 1);
    assert_eq!((edit.opacity, edit.enabled), (0.5, false));
    assert_eq!(edit.values().unwrap().get(0), Value::Number(2.0));
    let start = parsed(&["blur.opacity=0.5"]);
    assert_eq!(first_values(&start), [("blur", Value::Number(100.0))]);
}

#[test]
fn lengths_are_fractions_or_pixels() {
    let recipe = parsed(&["crop.left=0.25", "crop.width=800px"]);
    let values = recipe.edits()[0].values().unwrap();
    assert_eq!(
        values.as_slice(),
        [Value::Number(0.25), Value::Pixels(800.0)]
    );
}

#[test]
fn refusals_name_what_was_wrong_and_what_would_be_right() {
    for (flag, words) in [
        ("exposure.ev=9", "exposure.ev is 9, allowed are −5 to 5"),
        ("exposure.ev=nan", "exposure.ev is no finite number"),
        ("exposure.ev=-inf", "exposure.ev is no finite number"),
        ("exposure.ev=bright", "exposure.ev should be a number"),
        ("exposure.ev=1e999", "exposure.ev is no finite number"),
        (
            "crop.width=0px",
            "crop.width is 0 px, allowed are 1 to 1000000",
        ),
        ("crop.opacity=0.5", "crop has no opacity"),
        ("blur.opacity=2", "blur.opacity is 2, allowed are 0 to 1"),
        ("blur.enabled=1", "blur.enabled should be true or false"),
        (
            "rotate.quarter_turns=1.5",
            "rotate.quarter_turns is 1.5, allowed are whole numbers from 0 to 3",
        ),
        (
            "flip.axis=up",
            "flip.axis is \"up\", allowed are horizontal and vertical",
        ),
        (
            "blur.size=3",
            "blur has no parameter \"size\"; it has radius, opacity and enabled",
        ),
        (
            "blurr.radius=3",
            "there is no filter \"blurr\"; did you mean blur?",
        ),
        (
            "white balance.tint=3",
            "there is no filter \"white balance\"; did you mean white-balance?",
        ),
        (
            "exposure=1",
            "\"exposure=1\" is no edit; write FILTER.PARAM=VALUE, such as exposure.ev=VALUE, or \
             FILTER alone",
        ),
        (
            "",
            "\"\" is no edit; write FILTER.PARAM=VALUE, such as exposure.ev=0.7, or FILTER alone",
        ),
    ] {
        assert_eq!(refused(&[flag]), words, "{flag}");
    }
    for flag in [
        "exposure.ev",
        "exposure.ev=",
        "exposure.=3",
        "=",
        ".",
        ".ev=1",
        "blur.=",
        "=",
    ] {
        assert!(!refused(&[flag]).is_empty());
    }
}

#[test]
fn a_list_is_one_edit() {
    let recipe = from_list("white-balance, tint=3 ,opacity=0.5", &catalogue()).unwrap();
    assert!(recipe.says_same(&parsed(&[
        "white-balance.tint=3",
        "white-balance.opacity=0.5"
    ])));
    let bare = from_list("blur", &catalogue()).unwrap();
    assert!(bare.says_same(&parsed(&["blur"])));
    for (list, words) in [
        ("blur,radius=1,radius=2", "blur.radius is given twice"),
        ("blur,radius", "\"blur,radius\" is no edit"),
        ("", "there is no filter \"\""),
    ] {
        let refusal = from_list(list, &catalogue()).unwrap_err().to_string();
        assert!(refusal.starts_with(words), "{refusal}");
    }
}

/// Every filter there is, as scripts name it.
#[test]
fn every_filter_and_parameter_can_be_set_and_kept_in_a_file() {
    let catalogue = Catalogue::all();
    for filter in FILTERS {
        let spec = filter.spec();
        let bare = from_flags(&[spec.id], &catalogue).unwrap();
        assert_eq!(bare.edits()[0].values(), Some(&Values::on_add(spec)));
        let texts = spec.params.iter().filter_map(|param| {
            let value = match &param.kind {
                ParamKind::Number(number) => number.max.to_string(),
                ParamKind::Choice(choice) => choice.options[0].id.to_owned(),
                ParamKind::Curve(_) => "0,0.1;0.25,0.2;1,1".to_owned(),
                ParamKind::Asset(_) => return None,
            };
            Some(format!("{}.{}={value}", spec.id, param.id))
        });
        let texts: Vec<_> = texts.collect();
        let set = from_flags(&texts, &catalogue).unwrap();
        assert!(set.edits().len() <= 1);
        for recipe in [bare, set] {
            let again = RecipeFile::parse(&recipe.to_toml(), &catalogue)
                .unwrap()
                .recipe;
            assert!(again.says_same(&recipe), "{}", spec.id);
        }
    }
}

proptest! {
    #[test]
    fn no_flag_panics_and_refusals_stay_short(flags in prop::collection::vec("(blur|crop|flip|exposure|[a-z.=]{0,6}|\\PC{0,80})(\\.(radius|left|axis|ev|opacity|enabled))?=?(-?[0-9e.]{0,8}(px)?|vertical|inf|\\PC{0,8})", 1..5)) {
        match from_flags(&flags, &catalogue()) {
            Ok(recipe) => prop_assert!(recipe.edits().len() <= flags.len()),
            Err(refusal) => prop_assert!(refusal.to_string().chars().count() < 1000),
        }
    }
}

#[test]
fn a_curve_is_given_by_its_points() {
    let curve = |recipe: &Recipe| recipe.edits()[0].values().unwrap().curve(0).to_string();
    for flag in [
        "tone-curve.luma=0,0;0.5,0.6;1,1",
        "tone-curve.luma = 0:0; 0.5:0.6; 1:1",
    ] {
        let recipe = from_flags(&[flag], &catalogue()).unwrap();
        assert_eq!(curve(&recipe), "0,0;0.5,0.6;1,1");
    }
    let list = "tone-curve,luma=0,0;0.5,0.6;1,1,opacity=0.5";
    let recipe = from_list(list, &catalogue()).unwrap();
    assert_eq!(curve(&recipe), "0,0;0.5,0.6;1,1");
    assert_eq!(recipe.edits()[0].opacity, 0.5);
    let toml = recipe.to_toml();
    assert!(
        toml.contains("luma = [[0, 0], [0.5, 0.6], [1, 1]]"),
        "{toml}"
    );
    let again = RecipeFile::parse(&toml, &catalogue()).unwrap().recipe;
    assert!(again.says_same(&recipe));
    for (flag, words) in [
        (
            "tone-curve.luma=0.5",
            "tone-curve.luma should be points such as",
        ),
        (
            "tone-curve.luma=0,0;0,1",
            "tone-curve.luma: the points of a curve go from left",
        ),
        (
            "tone-curve.luma=0,0;2,1",
            "tone-curve.luma: points of a curve lie in 0 to 1",
        ),
    ] {
        let refusal = from_flags(&[flag], &catalogue()).unwrap_err().to_string();
        assert!(refusal.starts_with(words), "{refusal}");
    }
}
