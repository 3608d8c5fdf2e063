//! Plans as text: what is fused, what is cut, what is dropped, at both ends of the scale.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::OutputFormat;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::plan::explain::explain;
use parallax::plan::graph::Op;
use parallax::plan::{self, PhotoForm, PlanError};
use parallax::recipe::{Catalogue, Recipe, RecipeFile, set};

fn photo(scale: f64) -> PhotoForm {
    PhotoForm {
        full_size: Size::new(6000, 4000),
        scale,
        picture_scale: scale,
        layout: Layout::Rgb,
        depth: if scale < 1.0 {
            Depth::Sixteen
        } else {
            Depth::Eight
        },
        color: ColorSpace::srgb(),
    }
}

fn format() -> OutputFormat {
    OutputFormat {
        layout: Layout::Rgb,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    }
}

fn recipe(flags: &[&str]) -> Recipe {
    set::from_flags(flags, &Catalogue::all()).unwrap()
}

fn plan_text(flags: &[&str], scale: f64) -> String {
    explain(&plan::build(&recipe(flags), &photo(scale), format()).unwrap())
}

#[test]
fn point_filters_become_one_pass() {
    insta::assert_snapshot!(plan_text(
        &[
            "white-balance.temperature=12",
            "exposure.ev=0.7",
            "contrast.amount=20"
        ],
        1.0
    ));
}

#[test]
fn a_small_median_at_the_beginning_sorts_samples() {
    insta::assert_snapshot!(plan_text(&["median.radius=2", "crop.left=100px"], 1.0));
    assert!(!plan_text(&["exposure.ev=1", "median.radius=2"], 1.0).contains("codes"));
    assert!(plan_text(&["median.radius=1"], 1.0).contains("samples are copied"));
}

#[test]
fn identity_off_and_transparent_edits_are_dropped() {
    let flags = [
        "exposure.ev=0",
        "contrast.amount=30",
        "contrast.enabled=false",
        "saturation.amount=20",
        "saturation.opacity=0",
    ];
    insta::assert_snapshot!(plan_text(&flags, 1.0));
}

#[test]
fn a_guided_filter_gets_passes_for_its_map() {
    insta::assert_snapshot!(plan_text(
        &["exposure.ev=0.5", "shadows.amount=40", "sharpen.amount=40"],
        1.0
    ));
}

#[test]
fn a_wide_blur_reads_its_map_alone_and_a_crop_costs_nothing() {
    let flags = [
        "crop.left=0.1",
        "crop.width=0.5",
        "exposure.ev=1",
        "blur.radius=25",
    ];
    insta::assert_snapshot!(plan_text(&flags, 1.0));
}

#[test]
fn dear_steps_are_not_done_twice() {
    insta::assert_snapshot!(plan_text(
        &["median.radius=5", "highlights.amount=-40"],
        1.0
    ));
}

#[test]
fn a_preview_is_planned_by_the_same_rules() {
    let flags = [
        "rotate.quarter_turns=1",
        "crop.width=0.5",
        "blur.radius=25",
        "vignette.amount=-30",
    ];
    insta::assert_snapshot!(plan_text(&flags, 0.25));
}

fn geometry_steps(flags: &[&str], scale: f64) -> Vec<Op> {
    let plan = plan::build(&recipe(flags), &photo(scale), format()).unwrap();
    let steps = plan.passes.into_iter().flat_map(|pass| pass.steps);
    steps.map(|step| step.op).filter(Op::is_geometry).collect()
}

#[test]
fn geometry_in_a_row_is_one_resample_or_none() {
    let all = [
        "rotate.quarter_turns=1",
        "perspective.vertical=20",
        "straighten.angle_deg=3",
        "crop.left=0.1",
        "crop.width=0.5",
        "resize.percent=40",
        "exposure.ev=1",
    ];
    for scale in [1.0, 0.25] {
        let steps = geometry_steps(&all, scale);
        assert!(matches!(steps[..], [Op::Warp(_)]), "{steps:?}");
        let exact = geometry_steps(
            &all[..1]
                .iter()
                .chain(&all[3..5])
                .copied()
                .collect::<Vec<_>>(),
            scale,
        );
        assert!(matches!(exact[..], [Op::Place(_)]), "{exact:?}");
    }
    assert!(geometry_steps(&["resize.width=6000"], 1.0).is_empty());
}

#[test]
fn a_resize_asks_a_preview_for_no_more_than_it_shows() {
    let quarter = recipe(&["resize.percent=25"]);
    let double = recipe(&["resize.percent=200"]);
    assert_eq!(plan::photo_scale(&quarter, &photo(1.0), 1.0), 1.0);
    for (recipe, at, from) in [
        (&quarter, 0.4, 0.1),
        (&double, 0.2, 0.4),
        (&double, 0.75, 1.0),
    ] {
        let scale = plan::photo_scale(recipe, &photo(1.0), at);
        assert!((scale - from).abs() < 1e-9, "{scale}");
        let form = PhotoForm {
            picture_scale: at,
            ..photo(scale)
        };
        let plan = plan::build(recipe, &form, format()).unwrap();
        let full = plan::build(recipe, &photo(1.0), format()).unwrap();
        assert_eq!(plan.output_size(), full.output_size().scaled(at));
    }
}

#[test]
fn the_same_input_gives_the_same_plan() {
    let flags = [
        "shadows.amount=40",
        "blur.radius=9",
        "grain.amount=20",
        "flip.axis=vertical",
    ];
    assert_eq!(plan_text(&flags, 0.37), plan_text(&flags, 0.37));
}

#[test]
fn an_unavailable_edit_stops_the_plan_until_it_is_switched_off() {
    let text = "version = 1\n[[edit]]\nfilter = \"time-travel\"\nyears = 3\n";
    let file = RecipeFile::parse(text, &Catalogue::all()).unwrap();
    let planned = plan::build(&file.recipe, &photo(1.0), format());
    assert_eq!(
        planned.unwrap_err(),
        PlanError::Unavailable("time-travel".to_owned())
    );
    let off = file.recipe.with_enabled(file.recipe.edits()[0].id, false);
    assert!(plan::build(&off, &photo(1.0), format()).unwrap().is_copy);
}
