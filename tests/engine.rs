//! The engine's promise: the same bytes whatever the tile size, the number of threads, the region
//! asked for, and whether a picture is stored between passes.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use parallax::backend::Backend;
use parallax::backend::cancel::Cancel;
use parallax::backend::render::{Render, Schedule};
use parallax::backend::single::Single;
use parallax::backend::threads::Threads;
use parallax::filters::registry::FILTERS;
use parallax::filters::value::Values;
use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::OutputFormat;
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Image, Layout, Samples};
use parallax::pixels::patterns::busy;
use parallax::plan::{self, PhotoForm, Plan};
use parallax::recipe::{Catalogue, Recipe, set};
use parallax::telemetry::ids::RunId;
use parallax::telemetry::sink::NullSink;

fn plan_for(image: &Image, recipe: &Recipe, depth: Depth) -> Plan {
    let form = PhotoForm::of(image);
    let format = OutputFormat {
        layout: form.output_layout(recipe),
        depth,
        color: ColorSpace::srgb(),
        dither: depth < image.depth(),
    };
    plan::build(recipe, &form, format).unwrap()
}

fn render(
    plan: &Plan,
    image: &Image,
    backend: &dyn Backend,
    region: Rect,
    tile_px: Option<u32>,
) -> Samples {
    let schedule = Schedule::new(plan, region, tile_px, backend.n_workers()).unwrap();
    let render = Render {
        run: RunId(1),
        plan,
        schedule: &schedule,
        photo: image.view(),
        events: &NullSink,
        cancel: &Cancel::default(),
    };
    render.run(backend).unwrap().samples
}

/// Every filter alone, then some stacks: all of them, half of them twice, reversed, half opaque.
fn recipes() -> Vec<(String, Recipe)> {
    let mut recipes = Vec::new();
    let mut all = Recipe::empty();
    for filter in FILTERS {
        let spec = filter.spec();
        let (alone, id) = Recipe::empty().inserted(spec, &Values::on_add(spec));
        recipes.push((spec.id.to_owned(), alone.clone()));
        if !spec.is_geometry() {
            recipes.push((format!("{} at 40 %", spec.id), alone.with_opacity(id, 0.4)));
        }
        all = all.inserted(spec, &Values::on_add(spec)).0;
    }
    let mut reversed = Recipe::empty();
    for filter in FILTERS.iter().rev() {
        let last = reversed.edits().len();
        reversed = reversed
            .inserted_at(last, filter.spec(), &Values::on_add(filter.spec()))
            .0;
    }
    let twice = all.appended(&reversed);
    recipes.extend([
        ("all".to_owned(), all),
        ("all, reversed".to_owned(), reversed),
        ("all, twice".to_owned(), twice),
    ]);
    recipes
}

fn n_different(a: &Samples, b: &Samples) -> usize {
    match (a, b) {
        (Samples::U8(a), Samples::U8(b)) => a.iter().zip(b).filter(|(a, b)| a != b).count(),
        (Samples::U16(a), Samples::U16(b)) => a.iter().zip(b).filter(|(a, b)| a != b).count(),
        _ => usize::MAX,
    }
}

#[test]
fn tiles_and_threads_change_no_byte() {
    let image = busy(Size::new(331, 217), Layout::Rgb, Depth::Eight);
    let threads = Threads::new(3).unwrap();
    for (name, recipe) in recipes() {
        let plan = plan_for(&image, &recipe, Depth::Sixteen);
        let region = Rect::of(plan.output_size());
        let whole = render(&plan, &image, &Single::default(), region, Some(100_000));
        for tile_px in [33, 64, 127] {
            let tiled = render(&plan, &image, &Single::default(), region, Some(tile_px));
            assert_eq!(n_different(&whole, &tiled), 0, "{name}, tiles of {tile_px}");
        }
        let threaded = render(&plan, &image, &threads, region, None);
        assert_eq!(n_different(&whole, &threaded), 0, "{name}, threads");
    }
}

#[test]
fn every_layout_and_depth_agrees_with_itself() {
    let threads = Threads::new(2).unwrap();
    for layout in [Layout::Gray, Layout::GrayAlpha, Layout::Rgba] {
        for depth in [Depth::Eight, Depth::Sixteen] {
            let image = busy(Size::new(150, 91), layout, depth);
            for (name, recipe) in recipes().into_iter().rev().take(3) {
                let plan = plan_for(&image, &recipe, Depth::Eight);
                let region = Rect::of(plan.output_size());
                let whole = render(&plan, &image, &Single::default(), region, Some(100_000));
                let tiled = render(&plan, &image, &threads, region, Some(40));
                assert_eq!(
                    n_different(&whole, &tiled),
                    0,
                    "{name}, {layout:?} {depth:?}"
                );
            }
        }
    }
}

#[test]
fn a_region_is_that_part_of_the_whole() {
    let image = busy(Size::new(240, 180), Layout::Rgb, Depth::Sixteen);
    for (name, recipe) in recipes() {
        let plan = plan_for(&image, &recipe, Depth::Sixteen);
        let size = plan.output_size();
        let Samples::U16(whole) = render(&plan, &image, &Single::default(), Rect::of(size), None)
        else {
            panic!("sixteen bits were asked for")
        };
        let region = Rect::new(
            size.width / 3,
            size.height / 4,
            size.width / 2,
            size.height / 3,
        );
        let Samples::U16(part) = render(&plan, &image, &Single::default(), region, Some(50)) else {
            panic!("sixteen bits were asked for")
        };
        let channels = plan.output.layout.channels();
        let row_len = region.width as usize * channels;
        for (row_idx, row) in part.chunks_exact(row_len).enumerate() {
            let y = region.y as usize + row_idx;
            let start = (y * size.width as usize + region.x as usize) * channels;
            assert!(
                row == &whole[start..start + row_len],
                "{name}, row {row_idx}"
            );
        }
    }
}

#[test]
fn tiny_pictures_survive_every_filter() {
    for size in [
        Size::new(1, 1),
        Size::new(1, 90),
        Size::new(90, 1),
        Size::new(2, 3),
    ] {
        let image = busy(size, Layout::Rgb, Depth::Eight);
        for (name, recipe) in recipes() {
            let plan = plan_for(&image, &recipe, Depth::Eight);
            let region = Rect::of(plan.output_size());
            let whole = render(&plan, &image, &Single::default(), region, None);
            let tiled = render(&plan, &image, &Single::default(), region, Some(16));
            assert_eq!(n_different(&whole, &tiled), 0, "{name}, {size:?}");
        }
    }
}

#[test]
fn nothing_to_do_copies_the_samples() {
    for depth in [Depth::Eight, Depth::Sixteen] {
        for layout in [Layout::Gray, Layout::GrayAlpha, Layout::Rgb, Layout::Rgba] {
            let image = busy(Size::new(77, 55), layout, depth);
            let plan = plan_for(&image, &Recipe::empty(), depth);
            assert!(plan.is_copy);
            let region = Rect::of(image.size);
            let copy = render(&plan, &image, &Single::default(), region, Some(20));
            assert!(copy == image.samples, "{layout:?} {depth:?}");
        }
    }
}

/// The middle of each channel's window, the picture mirrored at its edges; by sorting.
fn sorted_windows(samples: &[u16], size: Size, radius: i64) -> Vec<u16> {
    let fold = |i: i64, len: u32| {
        let (i, len) = (i.rem_euclid(2 * i64::from(len)), i64::from(len));
        i.min(2 * len - 1 - i) as usize
    };
    let mut out = Vec::new();
    for y in 0..i64::from(size.height) {
        for x in 0..i64::from(size.width) {
            for channel in 0..3 {
                let taps =
                    (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy)));
                let at = |(dx, dy)| {
                    let row = fold(y + dy, size.height) * size.width as usize;
                    samples[(row + fold(x + dx, size.width)) * 3 + channel]
                };
                let mut window: Vec<u16> = taps.map(at).collect();
                window.sort_unstable();
                out.push(window[window.len() / 2]);
            }
        }
    }
    out
}

#[test]
fn a_small_median_of_a_photo_gives_its_very_samples() {
    for size in [Size::new(61, 37), Size::new(1, 9), Size::new(5, 1)] {
        let image = busy(size, Layout::Rgb, Depth::Sixteen);
        let Samples::U16(samples) = &image.samples else {
            unreachable!("the picture was made with 16 bits")
        };
        for radius in [1, 2] {
            let flag = format!("median.radius={radius}");
            let recipe = set::from_flags(&[flag], &Catalogue::all()).unwrap();
            let plan = plan_for(&image, &recipe, Depth::Sixteen);
            let region = Rect::of(plan.output_size());
            let expected = Samples::U16(sorted_windows(samples, size, radius));
            for tile_px in [7, 64] {
                let got = render(&plan, &image, &Single::default(), region, Some(tile_px));
                assert_eq!(n_different(&expected, &got), 0, "{size:?}, radius {radius}");
            }
        }
    }
}
