//! Filters of every shape a parameter can have, and recipes made of them, for this floor's tests.

use proptest::prelude::*;

use crate::filters::curve_points::CurvePoints;
use crate::filters::spec::{
    AssetSpec, ChoiceOption, ChoiceSpec, CurveSpec, Group, NumberSpec, ParamKind, ParamSpec, Spec,
    Track, Unit,
};
use crate::filters::value::{Value, Values};

use super::catalogue::Catalogue;
use super::stack::Recipe;

const fn number(id: &'static str, range: (f64, f64), identity: f64, unit: Unit) -> ParamSpec {
    ParamSpec {
        id,
        label: id,
        kind: ParamKind::Number(NumberSpec {
            min: range.0,
            max: range.1,
            step: 1.0,
            identity: Some(identity),
            // A value its slider can have.
            on_add: match unit {
                Unit::QuarterTurns => 1.0,
                _ => range.1 / 2.0,
            },
            unit,
            decimals: match unit {
                Unit::None | Unit::QuarterTurns => 0,
                Unit::Degrees | Unit::Px => 1,
                Unit::Ev => 2,
                Unit::Fraction => 3,
            },
            track: Track::Plain,
        }),
    }
}

const fn spec(id: &'static str, label: &'static str, group: Group, rank: u16) -> Spec {
    Spec {
        id,
        label,
        summary: "a specimen",
        group,
        rank,
        formula: 1,
        ready: false,
        judge_at_full: false,
        params: &[],
    }
}

pub(super) static EV: Spec = Spec {
    params: &[number("ev", (-5.0, 5.0), 0.0, Unit::Ev)],
    ..spec("exposure", "Exposure", Group::Light, 110)
};

pub(super) static BALANCE: Spec = Spec {
    params: &[
        number("temperature", (-100.0, 100.0), 0.0, Unit::None),
        number("tint", (-100.0, 100.0), 0.0, Unit::None),
    ],
    formula: 3,
    ..spec("white-balance", "White balance", Group::Color, 100)
};

pub(super) static BLUR: Spec = Spec {
    params: &[number("radius", (0.0, 200.0), 0.0, Unit::Px)],
    ..spec("blur", "Blur", Group::Detail, 300)
};

pub(super) static CROP: Spec = Spec {
    params: &[
        number("left", (0.0, 1.0), 0.0, Unit::Fraction),
        number("width", (0.001, 1.0), 1.0, Unit::Fraction),
    ],
    ..spec("crop", "Crop", Group::Geometry, 10)
};

pub(super) static TURN: Spec = Spec {
    params: &[number("quarter_turns", (0.0, 3.0), 0.0, Unit::QuarterTurns)],
    ..spec("rotate", "Rotate", Group::Geometry, 20)
};

pub(super) static FLIP: Spec = Spec {
    params: &[ParamSpec {
        id: "axis",
        label: "Axis",
        kind: ParamKind::Choice(ChoiceSpec {
            options: &[
                ChoiceOption {
                    id: "horizontal",
                    label: "Left to right",
                },
                ChoiceOption {
                    id: "vertical",
                    label: "Top to bottom",
                },
            ],
            on_add: 0,
        }),
    }],
    ..spec("flip", "Flip", Group::Geometry, 30)
};

pub(super) static CURVE: Spec = Spec {
    params: &[ParamSpec {
        id: "luma",
        label: "Luma",
        kind: ParamKind::Curve(CurveSpec {
            on_add: &[[0.0, 0.0], [0.25, 0.2], [1.0, 1.0]],
            ink: None,
        }),
    }],
    ..spec("tone-curve", "Tone curve", Group::Light, 240)
};

pub(super) static LUT: Spec = Spec {
    params: &[
        ParamSpec {
            id: "file",
            label: "File",
            kind: ParamKind::Asset(AssetSpec {
                endings: &["cube"],
                what: "a .cube file",
            }),
        },
        number("intensity", (0.0, 100.0), 0.0, Unit::None),
    ],
    ..spec("lut", "Look", Group::Color, 400)
};

pub(super) static ALL: [&Spec; 8] = [&EV, &BALANCE, &BLUR, &CROP, &TURN, &FLIP, &CURVE, &LUT];

pub(super) fn catalogue() -> Catalogue {
    Catalogue::of(&ALL)
}

/// The specimen with its first parameter at `value`, the others at identity.
pub(super) fn with_first(spec: &'static Spec, value: f64) -> Values {
    Values::identity(spec).with(0, Value::Number(value))
}

/// One edit a filter, with any values, opacity and switch.
pub(super) fn any_recipe() -> impl Strategy<Value = Recipe> {
    let edit = (
        0..ALL.len(),
        prop::array::uniform2((any::<bool>(), 0.0..=1.0)),
        0.0..=1.0,
        any::<bool>(),
    );
    prop::collection::vec(edit, 0..12).prop_map(|edits| {
        let start = Recipe::empty();
        edits
            .into_iter()
            .fold(start, |recipe, (spec_idx, places, opacity, enabled)| {
                let spec = ALL[spec_idx];
                let (recipe, id) = recipe.inserted_at(usize::MAX, spec, &any_values(spec, places));
                recipe.with_opacity(id, opacity).with_enabled(id, enabled)
            })
    })
}

/// Values at `places` of their ranges, in pixels where asked for and possible.
fn any_values(spec: &'static Spec, places: [(bool, f64); 2]) -> Values {
    let params = spec.params.iter().enumerate().zip(places);
    params.fold(
        Values::on_add(spec),
        |values, ((param_idx, param), (pixels, place))| {
            let value = match &param.kind {
                ParamKind::Number(number) if number.unit == Unit::Fraction && pixels => {
                    Value::Pixels((place * 4000.0).round())
                }
                ParamKind::Number(number) => {
                    Value::Number(number.min + (number.max - number.min) * place)
                }
                ParamKind::Choice(_) => Value::Choice(u16::from(place > 0.5)),
                ParamKind::Curve(_) => {
                    Value::Curve(CurvePoints::new(&[[0.0, place], [0.5, 0.5], [1.0, 1.0]]).unwrap())
                }
                ParamKind::Asset(_) => Value::Asset(None),
            };
            values.with(param_idx, value)
        },
    )
}
