//! The model against every tile, one by one.

use super::*;
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::Size;
use crate::pixels::image::Layout;
use crate::plan::{PhotoForm, build};
use crate::recipe::{Catalogue, set};

fn plan_of(flags: &[&str]) -> Plan {
    let photo = PhotoForm {
        full_size: Size::new(6000, 4000),
        scale: 1.0,
        picture_scale: 1.0,
        layout: Layout::Rgb,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
    };
    let output = OutputFormat {
        layout: Layout::Rgb,
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    build(
        &set::from_flags(flags, &Catalogue::all()).unwrap(),
        &photo,
        output,
    )
    .unwrap()
}

/// Bytes read, tile by tile.
fn counted(plan: &Plan, tile_px: u32) -> f64 {
    let regions = regions(plan, Rect::of(plan.output_size())).unwrap();
    let mut bytes = 0.0;
    for (pass, region) in plan.passes.iter().zip(&regions.passes) {
        let program = Program::new(plan, pass).unwrap();
        for tile in tiles_in(*region, tile_side_of(pass, tile_px)) {
            for need in program.needs(&program.rects(tile)) {
                bytes += need.rect.area() as f64 * read_bytes_a_px(plan, need.input);
            }
        }
    }
    bytes
}

#[test]
fn bytes_are_estimated_within_two_percent() {
    for flags in [
        &["exposure.ev=1"][..],
        &["blur.radius=30", "crop.left=101px", "sharpen.amount=40"],
        &[
            "exposure.ev=1",
            "shadows.amount=40",
            "sharpen.amount=50",
            "rotate.quarter_turns=1",
        ],
        &["straighten.angle_deg=7", "blur.radius=2"],
        &["median.radius=9", "resize.long_side=1500"],
    ] {
        let plan = plan_of(flags);
        for tile_px in [128, 250, 1024] {
            let costs = of_plan(&plan, Rect::of(plan.output_size()), tile_px).unwrap();
            let estimated: f64 = costs.iter().map(|cost| cost.read_bytes).sum();
            let error = estimated / counted(&plan, tile_px) - 1.0;
            assert!(error.abs() < 0.02, "{flags:?} {tile_px}: {error:+.4}");
        }
    }
}

#[test]
fn surroundings_shrink_as_tiles_grow() {
    let plan = plan_of(&["median.radius=20"]);
    let whole = Rect::of(plan.output_size());
    let share = |tile_px| of_plan(&plan, whole, tile_px).unwrap()[0].repeated_share();
    assert!(share(128) > share(512) && share(512) > share(2048));
    assert!(share(8192).abs() < 1e-9);
}

#[test]
fn a_small_region_is_spread_over_many_workers() {
    let plan = plan_of(&["exposure.ev=1"]);
    let region = Rect::new(0, 0, 1600, 1000);
    let few = planned_tile_px(&plan, region, 2).unwrap();
    let many = planned_tile_px(&plan, region, 64).unwrap();
    assert!(many < few || many == SIDES_PX[0], "{many} {few}");
}
