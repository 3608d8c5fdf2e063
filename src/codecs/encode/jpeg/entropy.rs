//! Coefficients to bits: Huffman codes, packed 64 bits at a time.

use super::planes::WIDTH;
use super::transform::Coefficients;

/// Where the coefficients of a block stand, in the order they are coded in: row and column.
pub(super) const ZIGZAG: [(usize, usize); 64] = zigzag();

/// The same as distances in a stripe.
const PLACES: [usize; 64] = {
    let mut places = [0; 64];
    let mut i = 0;
    while i < 64 {
        places[i] = ZIGZAG[i].0 * WIDTH + ZIGZAG[i].1;
        i += 1;
    }
    places
};

/// For each row of a block, and each set of its coefficients: the same set in coding order.
static ORDERED: [[u64; 256]; 8] = ordered();

/// Run of sixteen zeros; nothing but zeros from here on.
const SIXTEEN: usize = 0xF0;
const END: usize = 0;

const fn zigzag() -> [(usize, usize); 64] {
    let mut order = [(0, 0); 64];
    let mut at = 0;
    let mut diagonal = 0;
    while diagonal < 15 {
        let mut step = 0;
        while step <= diagonal {
            let other = diagonal - step;
            if step < 8 && other < 8 {
                // Odd diagonals run down, even ones up.
                order[at] = if diagonal % 2 == 1 {
                    (step, other)
                } else {
                    (other, step)
                };
                at += 1;
            }
            step += 1;
        }
        diagonal += 1;
    }
    order
}

const fn ordered() -> [[u64; 256]; 8] {
    let mut table = [[0; 256]; 8];
    let mut at = 0;
    while at < 64 {
        let (row, column) = ZIGZAG[at];
        let mut set = 0;
        while set < 256 {
            if set >> column & 1 == 1 {
                table[row][set] |= 1 << at;
            }
            set += 1;
        }
        at += 1;
    }
    table
}

/// Codes of a Huffman table by symbol: the code, moved up by as many bits as follow it, and in the
/// lowest six bits how many bits both are together.
#[derive(Debug, Clone)]
pub(super) struct Codes([u32; 256]);

impl Codes {
    /// From what a DHT segment holds: how many codes of each length there are, and their symbols.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Self {
        let mut codes = [0; 256];
        let mut symbols = symbols.iter();
        let mut code = 0;
        for (length, count) in (1..).zip(counts) {
            for symbol in symbols.by_ref().take(usize::from(*count)) {
                let n_extra = u32::from(symbol & 15);
                codes[usize::from(*symbol)] = code << n_extra << 6 | (length + n_extra);
                code += 1;
            }
            code <<= 1;
        }
        Self(codes)
    }
}

/// The tables of a component.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tables<'a> {
    pub(super) dc: &'a Codes,
    pub(super) ac: &'a Codes,
}

/// A scan on its way.
#[derive(Debug)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// The lowest `64 - n_free` bits are waiting.
    waiting: u64,
    n_free: u32,
}

impl Bits {
    pub(super) const fn after(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            waiting: 0,
            n_free: 64,
        }
    }

    /// Fills the last byte with ones.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.put(0x7F, 7);
        let n_bytes = (64 - self.n_free) / 8;
        let bytes = (self.waiting << self.n_free).to_be_bytes();
        stuffed(&bytes[..n_bytes as usize], &mut self.bytes);
        self.bytes
    }

    /// At most 32 bits.
    #[inline(always)]
    fn put(&mut self, bits: u64, n_bits: u32) {
        if n_bits <= self.n_free {
            self.waiting = self.waiting << n_bits | bits;
            self.n_free -= n_bits;
            // A full word is written when the next bits come.
            return;
        }
        let n_over = n_bits - self.n_free;
        let word = self.waiting << self.n_free | bits >> n_over;
        self.write(word);
        self.waiting = bits;
        self.n_free = 64 - n_over;
    }

    #[inline(always)]
    fn write(&mut self, word: u64) {
        let bytes = word.to_be_bytes();
        // A byte of ones is the only one that has its top bit and loses it when one is added.
        let ones = word & !word.wrapping_add(0x0101_0101_0101_0101) & 0x8080_8080_8080_8080;
        if ones == 0 {
            self.bytes.extend_from_slice(&bytes);
        } else {
            stuffed(&bytes, &mut self.bytes);
        }
    }

    /// Codes one block; `before` is the first coefficient of the component's last one.
    #[inline(always)]
    pub(super) fn put_block(
        &mut self,
        coefficients: &Coefficients,
        block_idx: usize,
        before: &mut i16,
        tables: Tables<'_>,
    ) {
        let values = &coefficients.values.as_flattened()[8 * block_idx..];
        let dc = values[0];
        self.put_value(&tables.dc.0, 0, i32::from(dc) - i32::from(*before));
        *before = dc;
        let filled = coefficients.filled[block_idx];
        let mut left = 0;
        // Many blocks of colour have nothing but their mean.
        if u64::from_le_bytes(filled) > 1 {
            for (ordered, row) in ORDERED.iter().zip(filled) {
                left |= ordered[usize::from(row)];
            }
            left &= !1;
        }
        let mut last = 0;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            let mut run = at - last - 1;
            last = at;
            while run > 15 {
                self.put_symbol(&tables.ac.0, SIXTEEN);
                run -= 16;
            }
            let value = values[PLACES[at as usize & 63]];
            self.put_value(&tables.ac.0, run as usize, i32::from(value));
        }
        if last != 63 {
            self.put_symbol(&tables.ac.0, END);
        }
    }

    #[inline(always)]
    fn put_symbol(&mut self, codes: &[u32; 256], symbol: usize) {
        let code = codes[symbol & 255];
        self.put(u64::from(code >> 6), code & 63);
    }

    /// The code of a run and a size, and behind it the value in so many bits.
    #[inline(always)]
    fn put_value(&mut self, codes: &[u32; 256], run: usize, value: i32) {
        let size = 32 - value.unsigned_abs().leading_zeros();
        // One's complement for negative values.
        let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
        let code = codes[(run << 4 | size as usize) & 255];
        self.put(u64::from(code >> 6 | bits), code & 63);
    }
}

/// A zero behind every byte of ones, so that nobody takes it for a marker.
#[cold]
fn stuffed(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.push(*byte);
        if *byte == 0xFF {
            out.push(0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_the_standard_s() {
        let as_indices = ZIGZAG.map(|(row, column)| 8 * row + column);
        assert_eq!(as_indices[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(
            as_indices[54..],
            [31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63][1..]
        );
    }

    #[test]
    fn bytes_of_ones_are_stuffed_wherever_they_stand() {
        let mut bits = Bits::after(Vec::new());
        for _ in 0..7 {
            bits.put(0xABFF_FF12, 32);
        }
        bits.put(0b1, 1);
        let expected = [0xAB, 0xFF, 0, 0xFF, 0, 0x12].repeat(7);
        let bytes = bits.finish();
        assert_eq!(bytes[..42], expected);
        assert_eq!(bytes[42..], [0xFF, 0]);
    }
}
