//! One axis of a scaling: which input pixels each output pixel weighs, and how.
//!
//! Taps beyond the frame's edge are folded back onto the pixels they mirror, so that a reader never
//! leaves the frame. Where the ratio is a fraction with a small denominator, weights repeat and are
//! kept once for each phase.

use super::lanczos::{first_tap, folded_span, n_taps, weights};
use crate::filters::kernels::mirror::mirrored;

/// Denominators up to this are looked for.
const MAX_PHASES: u32 = 64;

/// Where output pixels lie on the input's axis: position = `ratio` · (i + ½) + `offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    /// Negative where the axis is mirrored.
    pub(super) ratio: f64,
    pub(super) offset: f64,
    pub(super) input_len: u32,
    pub(super) output_len: u32,
}

impl Grid {
    fn stretch(&self) -> f64 {
        self.ratio.abs().max(1.0)
    }

    pub(super) fn n_taps(&self) -> usize {
        n_taps(self.stretch())
    }

    /// After how many output pixels the weights repeat, and how far the input is then.
    fn period(&self) -> Option<(u32, f64)> {
        (1..=MAX_PHASES).find_map(|n| {
            let far = f64::from(n) * self.ratio;
            let is_whole = (far - far.round()).abs() < 1e-9 / f64::from(self.output_len.max(1));
            is_whole.then_some((n, far.round()))
        })
    }

    /// As an index of pixels' middles: 0 is the middle of the first input pixel.
    fn position(&self, output_idx: u32, period: Option<(u32, f64)>) -> f64 {
        let (idx, base) = match period {
            Some((n, far)) => (output_idx % n, f64::from(output_idx / n) * far),
            None => (output_idx, 0.0),
        };
        let position = base + (self.ratio * (f64::from(idx) + 0.5) + self.offset - 0.5);
        position.clamp(-0.5, f64::from(self.input_len) - 0.5)
    }

    fn span_at(&self, output_idx: u32, period: Option<(u32, f64)>) -> (u32, u32) {
        let n = self.n_taps();
        let first = first_tap(self.position(output_idx, period), n);
        folded_span(first, n, self.input_len)
    }

    /// The input pixels that outputs `start` … `end` (exclusive, not empty) weigh.
    pub(super) fn span(&self, start: u32, end: u32) -> (u32, u32) {
        let period = self.period();
        let a = self.span_at(start, period);
        let b = self.span_at(end - 1, period);
        (a.0.min(b.0), a.1.max(b.1))
    }
}

/// A [`Grid`] with its weights.
#[derive(Debug)]
pub(super) struct Axis {
    /// Floats a set of weights takes; zeros stand behind the last tap.
    pub(super) n_padded: usize,
    taps: Vec<Taps>,
    weights: Vec<f32>,
}

/// The taps of one output pixel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taps {
    pub(super) start: u32,
    pub(super) len: u32,
    weights_at: u32,
}

impl Axis {
    pub(super) fn new(grid: &Grid) -> Self {
        let n = grid.n_taps();
        let mut axis = Self {
            n_padded: if n <= 8 { 8 } else { n.next_multiple_of(16) },
            taps: Vec::with_capacity(grid.output_len as usize),
            weights: Vec::new(),
        };
        let period = grid.period();
        let mut by_phase = vec![None; period.map_or(0, |(n, _)| n as usize)];
        for output_idx in 0..grid.output_len {
            let position = grid.position(output_idx, period);
            let first = first_tap(position, n);
            let is_inside = first >= 0 && first + n as i64 <= i64::from(grid.input_len);
            let phase = period
                .filter(|_| is_inside)
                .map(|(n, _)| (output_idx % n) as usize);
            let known = phase.and_then(|phase| by_phase[phase]);
            let (start, end) = folded_span(first, n, grid.input_len);
            let weights_at = known.unwrap_or_else(|| {
                let weights = weights(position - position.floor(), grid.stretch(), n);
                axis.keep(&weights, first, (start, end), grid.input_len)
            });
            if let Some(phase) = phase {
                by_phase[phase] = Some(weights_at);
            }
            axis.taps.push(Taps {
                start,
                len: end - start,
                weights_at,
            });
        }
        axis
    }

    fn keep(&mut self, exact: &[f64], first: i64, span: (u32, u32), input_len: u32) -> u32 {
        let at = self.weights.len();
        let mut folded = vec![0.0; self.n_padded];
        for (k, weight) in exact.iter().enumerate() {
            let pixel = mirrored(first + k as i64, input_len);
            folded[pixel - span.0 as usize] += weight;
        }
        self.weights
            .extend(folded.iter().map(|weight| *weight as f32));
        at as u32
    }

    #[inline(always)]
    pub(super) fn taps(&self, output_idx: u32) -> Taps {
        self.taps[output_idx as usize]
    }

    #[inline(always)]
    pub(super) fn weights(&self, taps: Taps) -> &[f32] {
        let at = taps.weights_at as usize;
        &self.weights[at..at + self.n_padded]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(input_len: u32, output_len: u32) -> Grid {
        Grid {
            ratio: f64::from(input_len) / f64::from(output_len),
            offset: 0.0,
            input_len,
            output_len,
        }
    }

    #[test]
    fn weights_sum_to_one_and_stay_inside() {
        for (input_len, output_len) in [(1, 1), (1, 7), (9, 2), (40, 10), (100, 37), (5, 60)] {
            let grid = grid(input_len, output_len);
            let axis = Axis::new(&grid);
            for i in 0..output_len {
                let taps = axis.taps(i);
                let (low, high) = grid.span(i, i + 1);
                assert_eq!((taps.start, taps.start + taps.len), (low, high));
                assert!(high <= input_len);
                let (inside, behind) = axis.weights(taps).split_at(taps.len as usize);
                assert!((inside.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                assert!(behind.iter().all(|weight| *weight == 0.0));
            }
            let (low, high) = grid.span(0, output_len);
            assert_eq!((low, high), (0, input_len), "{input_len} {output_len}");
        }
    }

    #[test]
    fn a_quarter_needs_one_set_of_weights_but_for_the_edges() {
        let quarter = Axis::new(&grid(4000, 1000));
        assert!(quarter.weights.len() < 10 * quarter.n_padded);
        let mirrored = Axis::new(&Grid {
            ratio: -4.0,
            offset: 4000.0,
            ..grid(4000, 1000)
        });
        for i in 0..1000 {
            let (one, other) = (quarter.taps(i), mirrored.taps(999 - i));
            assert_eq!((one.start, one.len), (other.start, other.len));
        }
    }
}
