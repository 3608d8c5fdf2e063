//! Both ends of the pipeline: samples to linear light and back, a strip of rows at a time.

mod support;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::{Decoder, Encoder, OutputFormat};
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Layout, Samples, SamplesMut};
use parallax::pixels::tile::Tile;

use support::{light, picture, row_of};

/// What a tile holds of a strip: it stays in the second cache.
const STRIP: Size = Size::new(512, 32);

const DEPTHS: [(&str, Depth); 2] = [("8 bit", Depth::Eight), ("16 bit", Depth::Sixteen)];

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode rows");
    group.throughput(Throughput::Elements(STRIP.area()));
    for (name, depth) in DEPTHS {
        let image = picture(STRIP, depth);
        let decoder = Decoder::new(&image.color, image.layout, depth);
        let mut tile = Tile::new(Rect::of(STRIP), 3);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                for y in 0..STRIP.height {
                    let mut row = tile.color_row_mut(y as usize);
                    decoder.row(row_of(&image, y), STRIP.width as usize, &mut row);
                }
            });
        });
    }
    group.finish();
}

/// Encoding uses its rows up, so each round begins with a copy; `refill` is what that costs.
fn encode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("encode rows");
    group.throughput(Throughput::Elements(STRIP.area()));
    let source = light(STRIP);
    let mut tile = Tile::new(Rect::of(STRIP), 3);
    group.bench_function("refill", |bencher| {
        bencher.iter(|| tile.copy_from(&source));
    });
    for (name, depth) in DEPTHS {
        for (layout, dither) in [
            (Layout::Rgb, false),
            (Layout::Rgb, true),
            (Layout::Rgba, false),
        ] {
            let encoder = Encoder::new(OutputFormat {
                layout,
                depth,
                color: ColorSpace::srgb(),
                dither,
            });
            let name = match (layout, dither) {
                (Layout::Rgba, _) => format!("{name}, with alpha"),
                (_, true) => format!("{name}, dithered"),
                (_, false) => name.to_owned(),
            };
            let len = STRIP.area() as usize * layout.channels();
            let mut samples = Samples::zeroed(depth, len);
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
                bencher.iter(|| {
                    tile.copy_from(&source);
                    encode_strip(&encoder, &mut tile, &mut samples);
                });
            });
        }
    }
    group.finish();
}

fn encode_strip(encoder: &Encoder, tile: &mut Tile, samples: &mut Samples) {
    let width = STRIP.width as usize;
    let row_len = width * encoder.format().layout.channels();
    for y in 0..STRIP.height as usize {
        let range = y * row_len..(y + 1) * row_len;
        let out = match samples.as_mut() {
            SamplesMut::U8(samples) => SamplesMut::U8(&mut samples[range]),
            SamplesMut::U16(samples) => SamplesMut::U16(&mut samples[range]),
        };
        encoder.row(&mut tile.color_row_mut(y), width, out);
    }
}

criterion_group! {
    name = conversions;
    config = support::criterion();
    targets = decode, encode
}
criterion_main!(conversions);
