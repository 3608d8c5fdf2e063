//! Kernels by themselves: every point and neighbourhood filter as its menu entry adds it, a few at the
//! sizes that matter, the reduced grid both ways, and scaling.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be prepared cannot be measured"
)]

mod support;

use std::sync::atomic::AtomicBool;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use parallax::filters::frame::Frame;
use parallax::filters::kernel::{AreaKernel, Prepared, Stop, Work};
use parallax::filters::kernels::grid::{Upsampler, cells_for, reduce};
use parallax::filters::registry::{FILTERS, find};
use parallax::filters::value::{Value, Values};
use parallax::filters::warp::{ScaleRun, Warp, WarpKernel};
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::scratch::Scratch;
use parallax::pixels::tile::Tile;

use support::light;

const STRIP: Size = Size::new(512, 32);
const FRAME: Size = Size::new(768, 768);
/// The tile that is computed, with room for surroundings on every side.
const TILE: Rect = Rect::new(256, 256, 256, 256);

/// A strip in place; each round begins with a copy, and `refill` is what that costs.
fn point(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("point filters");
    group.throughput(Throughput::Elements(STRIP.area()));
    let source = light(STRIP);
    let mut tile = Tile::new(Rect::of(STRIP), 3);
    group.bench_function("refill", |bencher| {
        bencher.iter(|| tile.copy_from(&source));
    });
    for filter in FILTERS {
        let spec = filter.spec();
        let values = Values::on_add(spec);
        if values.is_identity(spec) {
            continue;
        }
        let Prepared::Point(kernel) = filter.prepare(&values, &Frame::full(STRIP)) else {
            continue;
        };
        group.bench_function(spec.id, |bencher| {
            bencher.iter(|| {
                tile.copy_from(&source);
                for y in 0..STRIP.height as usize {
                    kernel.row(&mut tile.color_row_mut(y));
                }
            });
        });
    }
    group.finish();
}

fn area(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("neighbourhood filters");
    group.throughput(Throughput::Elements(TILE.area()));
    let frame = light(FRAME);
    for filter in FILTERS {
        let spec = filter.spec();
        measure_area(&mut group, &frame, spec.id, spec.id, &Values::on_add(spec));
    }
    for (filter_id, sizes) in [
        ("median", &[1.0, 2.0, 5.0, 20.0][..]),
        ("blur", &[0.5, 1.0, 2.0]),
    ] {
        for size_px in sizes {
            let spec = find(filter_id).unwrap().spec();
            let values = Values::on_add(spec).with(0, Value::Number(*size_px));
            let name = format!("{filter_id}, {size_px} px");
            measure_area(&mut group, &frame, &name, filter_id, &values);
        }
    }
    group.finish();
}

/// Measures the filter if it is of this shape at these values.
fn measure_area(
    group: &mut BenchmarkGroup<'_, WallTime>,
    frame: &Tile,
    name: &str,
    filter_id: &str,
    values: &Values,
) {
    let filter = find(filter_id).unwrap();
    let Prepared::Area(kernel) = filter.prepare(values, &Frame::full(FRAME)) else {
        return;
    };
    let mut input = Tile::new(kernel.input_rect(TILE, FRAME), 3);
    input.copy_from(frame);
    let mut output = Tile::new(TILE, 3);
    let mut scratch = Scratch::default();
    group.bench_function(name, |bencher| {
        bencher.iter(|| run_area(&*kernel, &input, &mut output, &mut scratch));
    });
}

fn run_area(kernel: &dyn AreaKernel, input: &Tile, output: &mut Tile, scratch: &mut Scratch) {
    let never = AtomicBool::new(false);
    let mut work = Work {
        scratch,
        stop: Stop::new(&never),
    };
    kernel.run(input, output, &mut work).unwrap();
}

fn grid(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reduced grid");
    group.throughput(Throughput::Elements(TILE.area()));
    let frame = light(FRAME);
    let mut scratch = Scratch::default();
    for factor in [2, 8, 32] {
        let grid = FRAME.reduced(factor);
        let mut cells = Tile::new(TILE.reduced(factor), 3);
        group.bench_function(format!("means of {factor}"), |bencher| {
            bencher.iter(|| reduce(&frame, factor, FRAME, &mut cells));
        });
        let mut map = Tile::new(cells_for(TILE, factor, grid), 3);
        reduce(&frame, factor, FRAME, &mut map);
        let mut output = Tile::new(TILE, 3);
        group.bench_function(format!("interpolation of {factor}"), |bencher| {
            bencher.iter(|| {
                let mut upsampler = Upsampler::new(&map, factor, grid, TILE, &mut scratch);
                for y in 0..TILE.height {
                    let row = output.color_row_mut(y as usize);
                    upsampler.row(TILE.y + y, &mut [row.r, row.g, row.b]);
                }
                upsampler.finish(&mut scratch);
            });
        });
    }
    group.finish();
}

fn resize(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scaling");
    group.throughput(Throughput::Elements(FRAME.area()));
    let frame = light(FRAME);
    let mut scratch = Scratch::default();
    for (name, size) in [
        ("to a quarter", Size::new(192, 192)),
        ("to a half", Size::new(384, 384)),
        ("to twice", Size::new(1536, 1536)),
    ] {
        let kernel = WarpKernel::new(&Warp::resized(FRAME, size));
        let scale = kernel.scale().unwrap();
        let rects = (Rect::of(FRAME), Rect::of(size));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut run = ScaleRun::new(scale, rects, 3, STRIP.height, &mut scratch);
                for top in (0..FRAME.height).step_by(STRIP.height as usize) {
                    run.push(&frame, top, STRIP.height);
                }
                let made = run.finish(&mut scratch);
                scratch.give_tile(made);
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = kernels;
    config = support::criterion();
    targets = point, area, grid, resize
}
criterion_main!(kernels);
