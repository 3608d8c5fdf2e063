//! Medians of larger squares: the window as a set of ranks that slides over a block.
//!
//! All values of a block are sorted once; each pixel then stands for its rank. A window is a row of
//! bits, one a rank; sliding it by a pixel clears and sets 2r + 1 of them, and the median is the bit
//! with as many set below as above, found by walking a few words from where the last one was
//! (J. Suomela, "Median filtering is equivalent to sorting", 2014). The result is the very value,
//! so neither blocks nor tiles show. Windows run in serpentines: each shares all but a row or a
//! column with the one before.

use crate::filters::kernel::{Stopped, Work};
use crate::pixels::tile::Tile;

/// Sides of blocks, radius included: few enough values for ranks of 16 bits.
const SMALL_SIDE: usize = 128;
const LARGE_SIDE: usize = 256;

/// From this radius on large blocks lose less to what they share with their neighbours.
const LARGE_RADIUS: usize = 12;

/// Writes a plane of `output` from `padded`: its rows with `radius` more pixels on every side.
///
/// # Panics
/// When `radius` is 0 or beyond 100.
pub fn of_square(
    padded: &[f32],
    radius: usize,
    plane_idx: usize,
    output: &mut Tile,
    work: &Work<'_>,
) -> Result<(), Stopped> {
    assert!((1..=100).contains(&radius));
    let (width, height) = (output.rect().width as usize, output.rect().height as usize);
    let source = Source {
        values: padded,
        stride: padded.len() / (height + 2 * radius),
    };
    let side = if radius < LARGE_RADIUS {
        SMALL_SIDE
    } else {
        LARGE_SIDE
    } - 2 * radius;
    let mut ranks = Ranks::default();
    for top in (0..height).step_by(side) {
        for left in (0..width).step_by(side) {
            let n_columns = side.min(width - left);
            let n_rows = side.min(height - top);
            ranks.sort(
                &source,
                (left, top),
                (n_columns + 2 * radius, n_rows + 2 * radius),
            );
            let mut window = Window::new(&ranks, radius);
            for row_idx in 0..n_rows {
                work.stop.check()?;
                let row = output.row_mut(plane_idx, top + row_idx);
                window.slide_along(row_idx, &mut row[left..left + n_columns]);
            }
        }
    }
    Ok(())
}

struct Source<'a> {
    values: &'a [f32],
    stride: usize,
}

/// The values of one block in order, and where each stands.
#[derive(Default)]
struct Ranks {
    /// Keys of the values in ascending order, each above the index of its pixel.
    sorted: Vec<u64>,
    spare: Vec<u64>,
    /// Of each pixel, row by row.
    of_pixels: Vec<u16>,
    width: usize,
}

impl Ranks {
    fn sort(
        &mut self,
        source: &Source<'_>,
        (left, top): (usize, usize),
        (width, height): (usize, usize),
    ) {
        self.width = width;
        self.sorted.clear();
        for row_idx in 0..height {
            let start = (top + row_idx) * source.stride + left;
            let first = (row_idx * width) as u64;
            let row = source.values[start..start + width].iter().zip(first..);
            self.sorted
                .extend(row.map(|(value, pixel)| u64::from(key(*value)) << 32 | pixel));
        }
        self.spare.resize(self.sorted.len(), 0);
        radix_sort(&mut self.sorted, &mut self.spare);
        self.of_pixels.resize(self.sorted.len(), 0);
        for (rank, entry) in self.sorted.iter().enumerate() {
            self.of_pixels[(*entry & 0xffff_ffff) as usize] = rank as u16;
        }
    }

    fn value(&self, rank: usize) -> f32 {
        value((self.sorted[rank] >> 32) as u32)
    }
}

/// Bits whose order as integers is that of the values.
const fn key(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 0 {
        bits | 0x8000_0000
    } else {
        !bits
    }
}

const fn value(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 {
        key & 0x7fff_ffff
    } else {
        !key
    })
}

/// Sorts by the upper 32 bits, eight at a time from the lowest; equal ones keep their order.
fn radix_sort(entries: &mut Vec<u64>, spare: &mut Vec<u64>) {
    for shift in [32, 40, 48, 56] {
        let digit = |entry: u64| (entry >> shift) as usize & 0xff;
        let mut starts = [0_usize; 256];
        for entry in entries.iter() {
            starts[digit(*entry)] += 1;
        }
        if starts.contains(&entries.len()) {
            continue;
        }
        let mut sum = 0;
        for start in &mut starts {
            (*start, sum) = (sum, sum + *start);
        }
        for entry in entries.iter() {
            let place = &mut starts[digit(*entry)];
            spare[*place] = *entry;
            *place += 1;
        }
        std::mem::swap(entries, spare);
    }
}

/// The ranks under the square around one pixel of a block.
struct Window<'a> {
    ranks: &'a Ranks,
    bits: Vec<u64>,
    diameter: usize,
    /// Left column and top row of the square in the block.
    column: usize,
    row: usize,
    /// How many ranks of the square lie in words before `word`.
    n_below: usize,
    word: usize,
}

impl<'a> Window<'a> {
    fn new(ranks: &'a Ranks, radius: usize) -> Self {
        let mut window = Self {
            ranks,
            bits: vec![0; ranks.sorted.len().div_ceil(64)],
            diameter: 2 * radius + 1,
            column: 0,
            row: 0,
            n_below: 0,
            word: 0,
        };
        for row in 0..window.diameter {
            window.toggle_row(row, true);
        }
        window
    }

    /// Writes the medians of a row of the block: even rows from the left, odd ones from the right.
    fn slide_along(&mut self, row_idx: usize, out: &mut [f32]) {
        if row_idx > 0 {
            self.toggle_row(self.row, false);
            self.toggle_row(self.row + self.diameter, true);
            self.row = row_idx;
        }
        let last = out.len() - 1;
        if row_idx.is_multiple_of(2) {
            for (column, out) in out[..last].iter_mut().enumerate() {
                *out = self.median();
                self.toggle_column(column, false);
                self.toggle_column(column + self.diameter, true);
            }
            out[last] = self.median();
            self.column = last;
        } else {
            for column in (1..=last).rev() {
                out[column] = self.median();
                self.toggle_column(column + self.diameter - 1, false);
                self.toggle_column(column - 1, true);
            }
            out[0] = self.median();
            self.column = 0;
        }
    }

    fn toggle_row(&mut self, row: usize, comes: bool) {
        let start = row * self.ranks.width + self.column;
        let ranks = self.ranks;
        for rank in &ranks.of_pixels[start..start + self.diameter] {
            self.toggle(*rank, comes);
        }
    }

    fn toggle_column(&mut self, column: usize, comes: bool) {
        let ranks = self.ranks;
        let below = ranks.of_pixels[self.row * ranks.width + column..].iter();
        for rank in below.step_by(ranks.width).take(self.diameter) {
            self.toggle(*rank, comes);
        }
    }

    #[inline(always)]
    fn toggle(&mut self, rank: u16, comes: bool) {
        let word = usize::from(rank >> 6);
        self.bits[word] ^= 1 << (rank & 63);
        let is_below = usize::from(word < self.word);
        self.n_below = if comes {
            self.n_below + is_below
        } else {
            self.n_below - is_below
        };
    }

    /// The value with as many of the square below as above it.
    fn median(&mut self) -> f32 {
        let n_wanted = self.diameter * self.diameter / 2;
        while self.n_below > n_wanted {
            self.word -= 1;
            self.n_below -= self.bits[self.word].count_ones() as usize;
        }
        loop {
            let n_here = self.bits[self.word].count_ones() as usize;
            if self.n_below + n_here > n_wanted {
                break;
            }
            self.n_below += n_here;
            self.word += 1;
        }
        let mut word = self.bits[self.word];
        for _ in self.n_below..n_wanted {
            word &= word - 1;
        }
        self.ranks
            .value(self.word * 64 + word.trailing_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_order_as_values_and_lead_back() {
        let values = [-3.0, -0.5, -0.0, 0.0, 1e-20, 0.25, 1.0, 7e5];
        for pair in values.windows(2) {
            assert!(key(pair[0]) < key(pair[1]));
        }
        for x in values {
            assert_eq!(value(key(x)).to_bits(), x.to_bits());
        }
    }

    #[test]
    fn radix_sort_sorts_and_keeps_equals_in_order() {
        let mut entries: Vec<u64> = (0..500_u64)
            .map(|i| (i.wrapping_mul(2_654_435_761) % 97) << (32 + i % 3 * 9) | i)
            .collect();
        let mut expected = entries.clone();
        expected.sort_unstable();
        let mut spare = vec![0; entries.len()];
        radix_sort(&mut entries, &mut spare);
        assert_eq!(entries, expected);
    }
}
