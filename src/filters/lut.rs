//! Look table: the colours of a `.cube` file, as made by film emulations and grading programs.
//!
//! **Formula**: light is taken to sRGB primaries, divided by its strongest channel where that is above
//! 1 (m), encoded by sRGB's curve, looked up, decoded, and multiplied by m again: so a table of no effect
//! is the identity above white too, and no table breaks in the lights. Between the nodes the
//! interpolation is tetrahedral (Kasson 1993): of the eight nodes around a colour the four along the way
//! from dark to light in the order of its channels, which keeps the grey axis free of tints, where the
//! trilinear form of all eight does not. The result is mixed with what came in by intensity, as encoded
//! values. Colours outside sRGB's gamut, for which such tables have no entries, come to its edge.
//! **Range**: intensity 0…100; the file's size 2…65 a side. **Alpha**: untouched. **Reach**: the pixel
//! itself. **Preview**: as the export, except that colours are averaged before instead of after.
//!
//! The look-up itself goes pixel by pixel (it gathers from memory), what is before and after it in
//! vectors.

use std::sync::Arc;

use crate::pixels::math::clamp;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::{ColorRow, LANES};

use super::Filter;
use super::cube::Cube;
use super::frame::Frame;
use super::kernel::{PointKernel, Prepared};
use super::kernels::display::{Mix, decode, each, encode};
use super::pixelwise::finite;
use super::spec::{AssetSpec, Group, NumberSpec, ParamKind, ParamSpec, Spec};
use super::value::Values;

const FILE: usize = 0;
const INTENSITY: usize = 1;

static SPEC: Spec = Spec {
    id: "lut",
    label: "Look table",
    summary: "gives the colours of a .cube file, such as a film emulation",
    group: Group::Color,
    rank: 360,
    formula: 1,
    ready: false,
    judge_at_full: false,
    params: &[
        ParamSpec {
            id: "file",
            label: "File",
            kind: ParamKind::Asset(AssetSpec {
                endings: &["cube"],
                what: "a .cube file",
            }),
        },
        ParamSpec {
            id: "intensity",
            label: "Intensity",
            kind: ParamKind::Number(NumberSpec::percent(0.0, None, 100.0)),
        },
    ],
};

pub(super) struct Lut;

impl Filter for Lut {
    fn spec(&self) -> &'static Spec {
        &SPEC
    }

    fn prepare(&self, values: &Values, _frame: &Frame) -> Prepared {
        let cube = values.asset(FILE).map(super::asset::Asset::cube);
        // A table that came in pieces is none.
        Prepared::Point(match cube.filter(|cube| cube.is_sound()) {
            Some(cube) => Box::new(LookUp::new(cube, values.number(INTENSITY))),
            None => Box::new(Untouched),
        })
    }
}

struct Untouched;

impl PointKernel for Untouched {
    fn row(&self, _row: &mut ColorRow<'_>) {}
}

struct LookUp {
    to_srgb: Mix,
    from_srgb: Mix,
    side: usize,
    nodes: Arc<[[f32; 3]]>,
    /// From an encoded value to a place between nodes.
    first: [f32; 3],
    per_node: [f32; 3],
    last_node: f32,
    intensity: f32,
}

impl LookUp {
    fn new(cube: &Cube, intensity: f64) -> Self {
        let [low, high] = cube.domain();
        let last_node = (cube.side() - 1) as f32;
        Self {
            to_srgb: Mix::to_srgb(),
            from_srgb: Mix::from_srgb(),
            side: cube.side(),
            nodes: Arc::clone(cube.nodes()),
            first: low,
            per_node: std::array::from_fn(|c| last_node / (high[c] - low[c])),
            last_node,
            intensity: (intensity / 100.0) as f32,
        }
    }

    #[inline(always)]
    fn sweep(&self, row: &mut ColorRow<'_>) {
        let r = row.r.as_chunks_mut::<LANES>().0;
        let g = row.g.as_chunks_mut::<LANES>().0;
        let b = row.b.as_chunks_mut::<LANES>().0;
        for ((r, g), b) in r.iter_mut().zip(g).zip(b) {
            let mut strongest = [1.0; LANES];
            self.encode_all(r, g, b, &mut strongest);
            for i in 0..LANES {
                [r[i], g[i], b[i]] = self.looked_up([r[i], g[i], b[i]]);
            }
            self.decode_all(r, g, b, &strongest);
        }
    }

    #[inline(always)]
    fn encode_all(
        &self,
        r: &mut [f32; LANES],
        g: &mut [f32; LANES],
        b: &mut [f32; LANES],
        strongest: &mut [f32; LANES],
    ) {
        for i in 0..LANES {
            let light = self
                .to_srgb
                .apply([finite(r[i]), finite(g[i]), finite(b[i])]);
            let [x, y, z] = each(
                light,
                #[inline(always)]
                |value| if value > 0.0 { value } else { 0.0 },
            );
            let most = if x > y { x } else { y };
            let most = if z > most { z } else { most };
            let most = if most > 1.0 { most } else { 1.0 };
            strongest[i] = most;
            [r[i], g[i], b[i]] = each(
                [x, y, z],
                #[inline(always)]
                |value| encode(value / most),
            );
        }
    }

    #[inline(always)]
    fn decode_all(
        &self,
        r: &mut [f32; LANES],
        g: &mut [f32; LANES],
        b: &mut [f32; LANES],
        strongest: &[f32; LANES],
    ) {
        for i in 0..LANES {
            let light = each(
                [r[i], g[i], b[i]],
                #[inline(always)]
                |value| decode(value) * strongest[i],
            );
            [r[i], g[i], b[i]] = self.from_srgb.apply(light);
        }
    }

    /// Between the four nodes around encoded values.
    #[inline(always)]
    fn looked_up(&self, encoded: [f32; 3]) -> [f32; 3] {
        let place = |c: usize| {
            clamp(
                (encoded[c] - self.first[c]) * self.per_node[c],
                0.0,
                self.last_node,
            )
        };
        let (pr, pg, pb) = (place(0), place(1), place(2));
        let last_cell = self.side - 2;
        let cell = [pr as usize, pg as usize, pb as usize];
        let cell = [
            cell[0].min(last_cell),
            cell[1].min(last_cell),
            cell[2].min(last_cell),
        ];
        let (fr, fg, fb) = (
            pr - cell[0] as f32,
            pg - cell[1] as f32,
            pb - cell[2] as f32,
        );
        let (dr, dg, db) = (1, self.side, self.side * self.side);
        let base = cell[0] + cell[1] * dg + cell[2] * db;
        // The way from the darkest node to the lightest: along the channel with the largest share first.
        let ((most, step_1), (middle, step_2), least) = match (fr >= fg, fg >= fb, fr >= fb) {
            (true, true, _) => ((fr, dr), (fg, dr + dg), fb),
            (true, false, true) => ((fr, dr), (fb, dr + db), fg),
            (true, false, false) => ((fb, db), (fr, dr + db), fg),
            (false, true, true) => ((fg, dg), (fr, dr + dg), fb),
            (false, true, false) => ((fg, dg), (fb, dg + db), fr),
            (false, false, _) => ((fb, db), (fg, dg + db), fr),
        };
        let corners = [base, base + step_1, base + step_2, base + dr + dg + db];
        let [dark, first, second, light] = [
            self.nodes[corners[0]],
            self.nodes[corners[1]],
            self.nodes[corners[2]],
            self.nodes[corners[3]],
        ];
        let weights = [1.0 - most, most - middle, middle - least, least];
        let mixed = |c: usize| {
            let near = first[c].mul_add(weights[1], dark[c] * weights[0]);
            let value = light[c].mul_add(weights[3], second[c].mul_add(weights[2], near));
            self.intensity.mul_add(value - encoded[c], encoded[c])
        };
        [mixed(0), mixed(1), mixed(2)]
    }
}

impl PointKernel for LookUp {
    fn row(&self, row: &mut ColorRow<'_>) {
        vectorize(
            #[inline(always)]
            || self.sweep(row),
        );
    }
}

#[cfg(test)]
mod tests;
