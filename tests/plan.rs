//! Plans as text: what is fused, what is cut, what is dropped, at both ends of the scale.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::OutputFormat;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::plan::explain::explain;
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
