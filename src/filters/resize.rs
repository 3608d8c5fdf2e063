//! Resize: the photo with more or fewer pixels.
//!
//! **Formula**: Lanczos-3 in linear light, stretched by the reduction. **Range**: `percent` of both
//! sides, or pixels: `long_side`, or `width` and `height`, where 0 leaves a side to the aspect and
//! both together name the box to fit into. Sides win over the long side, and that over percent. The
//! aspect is kept; a side has 1…32768 px. **Alpha**: premultiplied while it is resampled.
//! **Preview**: filters behind it see the resized photo's pixels, so radii mean what they say; a
//! reduced preview needs no second resample for it.

use crate::pixels::geometry::Size;

use super::Filter;
use super::frame::Frame;
use super::kernel::Prepared;
use super::spec::{Group, NumberSpec, ParamKind, ParamSpec, Spec, Track, Unit};
use super::value::Values;
use super::warp::Warp;

const PERCENT: usize = 0;
const LONG_SIDE: usize = 1;
const WIDTH: usize = 2;
const HEIGHT: usize = 3;

const MAX_SIDE_PX: f64 = 32_768.0;

const fn side(id: &'static str, label: &'static str) -> ParamSpec {
    ParamSpec {
        id,
        label,
        kind: ParamKind::Number(NumberSpec {
            min: 0.0,
            max: MAX_SIDE_PX,
            step: 1.0,
            identity: Some(0.0),
            on_add: 0.0,
            unit: Unit::Px,
            decimals: 0,
            track: Track::Fine,
        }),
    }
}

static SPEC: Spec = Spec {
    id: "resize",
    label: "Resize",
    summary: "gives the photo more or fewer pixels",
    group: Group::Geometry,
    rank: 40,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "percent",
            label: "Percent",
            kind: ParamKind::Number(NumberSpec {
                min: 1.0,
                max: 400.0,
                step: 1.0,
                identity: Some(100.0),
                on_add: 50.0,
                unit: Unit::None,
                decimals: 0,
                track: Track::Plain,
            }),
        },
        side("long_side", "Long side"),
        side("width", "Width"),
        side("height", "Height"),
    ],
};

pub(super) struct Resize;

impl Filter for Resize {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared {
        let wanted = [LONG_SIDE, WIDTH, HEIGHT].map(|idx| values.number(idx));
        let size = resized(frame.full_size, values.number(PERCENT), wanted);
        Prepared::Warp(Warp::resized(frame.full_size, size))
    }
}

/// `wanted`: long side, width, height in pixels; 0 where nothing is said.
fn resized(size: Size, percent: f64, wanted: [f64; 3]) -> Size {
    let sides = [size.width, size.height].map(|side| f64::from(side.max(1)));
    let long_side = sides[0].max(sides[1]);
    let [long, width, height] = wanted.map(|px| (px >= 1.0).then_some(px));
    let fits = match (width, height) {
        (Some(width), Some(height)) => Some((width / sides[0]).min(height / sides[1])),
        (Some(width), None) => Some(width / sides[0]),
        (None, Some(height)) => Some(height / sides[1]),
        (None, None) => None,
    };
    let scale = fits
        .or(long.map(|long| long / long_side))
        .unwrap_or(percent / 100.0);
    let scale = scale.min(MAX_SIDE_PX / long_side);
    let [width, height] = sides.map(|side| (side * scale).round().clamp(1.0, MAX_SIDE_PX) as u32);
    Size::new(width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_asking_gives_the_size_it_names() {
        let photo = Size::new(6000, 4000);
        let none = [0.0; 3];
        assert_eq!(resized(photo, 25.0, none), Size::new(1500, 1000));
        assert_eq!(resized(photo, 100.0, none), photo);
        assert_eq!(
            resized(photo, 50.0, [2048.0, 0.0, 0.0]),
            Size::new(2048, 1365)
        );
        assert_eq!(
            resized(photo, 50.0, [9.0, 1000.0, 0.0]),
            Size::new(1000, 667)
        );
        assert_eq!(
            resized(photo, 50.0, [0.0, 0.0, 1000.0]),
            Size::new(1500, 1000)
        );
        assert_eq!(
            resized(photo, 50.0, [0.0, 900.0, 900.0]),
            Size::new(900, 600)
        );
        assert_eq!(
            resized(photo.transposed(), 1.0, [300.0, 0.0, 0.0]),
            Size::new(200, 300)
        );
    }

    #[test]
    fn no_side_vanishes_or_exceeds_the_limit() {
        assert_eq!(resized(Size::new(1, 1), 1.0, [0.0; 3]), Size::new(1, 1));
        assert_eq!(
            resized(Size::new(30_000, 2), 1.0, [0.0; 3]),
            Size::new(300, 1)
        );
        let large = resized(Size::new(30_000, 15_000), 400.0, [0.0; 3]);
        assert_eq!(large, Size::new(32_768, 16_384));
    }
}
