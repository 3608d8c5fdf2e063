//! One octave of simplex noise on a turned lattice, by integers as far as they reach.
//!
//! Places on the lattice are 16.16 fixed point and wrap after 65 536 cells, which is more than any
//! picture has; so corner numbers and fractions are exact at every SIMD level, without a floor.

/// Unskews lattice coordinates into the plane, in cells.
const UNSKEW: f32 = 0.211_324_87;
/// Makes the variance 1: √3 corners a unit of area, each with (⅓) ∫ r² (½ − r²)⁸ dA = π ÷ (3 · 2¹⁰ · 90).
pub(super) const TO_UNIT_VARIANCE: f32 = 225.411_78;

/// Noise with features of about one cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Octave {
    /// Lattice coordinates in 16.16: x · `by_x` + y · `by_y` + `start`.
    by_x: [u32; 2],
    by_y: [u32; 2],
    start: [u32; 2],
    seed: u32,
}

impl Octave {
    /// Each `octave_idx` has its own angle, start and seed. Pixels of a frame rendered at `scale`.
    pub(super) fn new(cell_px: f64, octave_idx: u32, scale: f64) -> Self {
        // Angles with rational sines, far from the pixels' axes and from each other: nothing here
        // asks a platform for a cosine.
        let (sine, cosine) = match octave_idx {
            0 => (5.0 / 13.0, 12.0 / 13.0),
            1 => (20.0 / 29.0, 21.0 / 29.0),
            _ => (-8.0 / 17.0, 15.0 / 17.0),
        };
        let skewed = |x: f64, y: f64| -> [u32; 2] {
            let (u, v) = (x * cosine - y * sine, x * sine + y * cosine);
            // (√3 − 1) ÷ 2 skews triangles of equal sides into halves of squares.
            let skew = (u + v) * 0.366_025_403_784_438_65;
            [u + skew, v + skew].map(fixed)
        };
        let step = 1.0 / (cell_px * scale);
        let middle = step * 0.5;
        let offset = hash(octave_idx + 0x5bd1_e995);
        let start = skewed(middle, middle);
        Self {
            by_x: skewed(step, 0.0),
            by_y: skewed(0.0, step),
            start: [
                start[0].wrapping_add(offset & 0x7fff_ffff),
                start[1].wrapping_add(offset >> 3),
            ],
            seed: offset.rotate_left(11),
        }
    }

    /// The noise at the middle of a pixel.
    #[inline(always)]
    pub(super) fn at(&self, x: u32, y: u32) -> f32 {
        let place = |axis: usize| -> u32 {
            x.wrapping_mul(self.by_x[axis])
                .wrapping_add(y.wrapping_mul(self.by_y[axis]))
                .wrapping_add(self.start[axis])
        };
        let (u, v) = (place(0), place(1));
        let (i, j) = (u >> 16, v >> 16);
        let (fu, fv) = (fraction(u), fraction(v));
        let unskew = (fu + fv) * UNSKEW;
        let (dx, dy) = (fu - unskew, fv - unskew);
        let lower = (u & 0xffff) > (v & 0xffff);
        let (right, up) = if lower { (1, 0) } else { (0, 1) };
        let (right_f, up_f) = if lower { (1.0, 0.0) } else { (0.0, 1.0) };
        let last = 1.0 - 2.0 * UNSKEW;
        let sum = self.corner(i, j, dx, dy)
            + self.corner(
                i.wrapping_add(right),
                j.wrapping_add(up),
                dx - right_f + UNSKEW,
                dy - up_f + UNSKEW,
            )
            + self.corner(i.wrapping_add(1), j.wrapping_add(1), dx - last, dy - last);
        sum * TO_UNIT_VARIANCE
    }

    /// A slope of random direction at a lattice corner, fading out before the next corners' triangles.
    #[inline(always)]
    fn corner(&self, i: u32, j: u32, dx: f32, dy: f32) -> f32 {
        let near = dy.mul_add(-dy, dx.mul_add(-dx, 0.5));
        let near = if near > 0.0 { near } else { 0.0 };
        let near = near * near;
        let random = hash(((i << 16) | (j & 0xffff)) ^ self.seed);
        let slope = signed(random >> 16).mul_add(dy, signed(random & 0xffff) * dx);
        near * near * slope
    }
}

/// 16.16 fixed point, wrapping.
fn fixed(value: f64) -> u32 {
    (value * 65536.0).round() as i64 as u32
}

/// 0…1 from the lower half of a 16.16 number.
#[inline(always)]
fn fraction(fixed: u32) -> f32 {
    (fixed & 0xffff) as i32 as f32 * (1.0 / 65536.0)
}

/// −1…1 from 16 bits.
#[inline(always)]
fn signed(bits: u32) -> f32 {
    (bits as i32 as f32).mul_add(2.0 / 65535.0, -1.0)
}

/// Mixes a number so that neighbours have nothing in common (Wellons's "lowbias32").
#[inline(always)]
fn hash(h: u32) -> u32 {
    let h = (h ^ (h >> 16)).wrapping_mul(0x7feb_352d);
    let h = (h ^ (h >> 15)).wrapping_mul(0x846c_a68b);
    h ^ (h >> 16)
}
