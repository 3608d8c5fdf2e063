//! Tables of weights for positions between pixels: one a stretch, 256 phases each.

use std::sync::OnceLock;

use super::lanczos::{n_taps, weights};

const PHASES: usize = 256;

/// Weights of one stretch, made when the first pixel asks for them.
#[derive(Debug)]
pub(super) struct Bank {
    stretch: f64,
    pub(super) n: usize,
    pub(super) n_padded: usize,
    /// A set for every phase, and one phase more.
    table: OnceLock<Vec<f32>>,
}

impl Bank {
    pub(super) fn new(stretch: f64) -> Self {
        let n = n_taps(stretch);
        Self {
            stretch,
            n,
            n_padded: if n <= 8 { 8 } else { n.next_multiple_of(16) },
            table: OnceLock::new(),
        }
    }

    #[inline(always)]
    pub(super) fn table(&self) -> &[f32] {
        self.table.get_or_init(|| self.weights())
    }

    #[inline(never)]
    fn weights(&self) -> Vec<f32> {
        let mut table = vec![0.0_f32; (PHASES + 1) * self.n_padded];
        for (phase, row) in table.chunks_exact_mut(self.n_padded).enumerate() {
            let exact = weights(phase as f64 / PHASES as f64, self.stretch, self.n);
            for (weight, exact) in row.iter_mut().zip(exact) {
                *weight = exact as f32;
            }
        }
        table
    }
}

/// Weights between two phases of a table.
#[inline(always)]
pub(super) fn weights_at(table: &[f32], fraction: f32, out: &mut [f32]) {
    let phase = fraction * PHASES as f32;
    let idx = (phase as usize).min(PHASES - 1);
    let share = phase - idx as f32;
    let (low, high) = table[idx * out.len()..][..2 * out.len()].split_at(out.len());
    for ((out, low), high) in out.iter_mut().zip(low).zip(high) {
        *out = (high - low).mul_add(share, *low);
    }
}

/// The bank whose stretch is nearest by ratio.
#[inline(always)]
pub(super) fn nearest(banks: &[Bank], wanted: f64) -> &Bank {
    let mut idx = 0;
    for (i, bank) in banks.iter().enumerate() {
        // 2^⅛: half a step.
        idx = if bank.stretch < wanted * 1.090_507_732_665_257_7 {
            i
        } else {
            idx
        };
    }
    &banks[idx]
}
