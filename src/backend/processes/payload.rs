//! Bytes of pixels on their way, in memory that samples and floats may be read from where they lie.

use std::sync::{Mutex, PoisonError};

/// Regions in a payload begin at multiples of this, so that they can be read in place.
pub(super) const REGION_ALIGN: usize = 8;

/// A buffer of bytes whose first one is aligned for any sample.
#[derive(Debug, Default)]
pub struct Payload {
    words: Vec<u64>,
    len: usize,
}

impl Payload {
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.len]
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.len]
    }

    /// Makes it `len` bytes long, keeping what fits. Bytes that were not there before are zero or
    /// left from an earlier use: the caller writes them all.
    pub fn set_len(&mut self, len: usize) {
        let n_words = len.div_ceil(size_of::<u64>());
        if self.words.is_empty() {
            // Fresh memory is zero as it comes: nothing is written twice.
            self.words = vec![0; n_words];
        } else if n_words > self.words.len() {
            self.words.resize(n_words, 0);
        }
        self.len = len;
    }

    /// Gives back memory far beyond what is used: for one that will lie about for a while.
    pub(super) fn trim(&mut self) {
        let n_words = self.len.div_ceil(size_of::<u64>());
        if self.words.len() > 2 * n_words {
            self.words.truncate(n_words);
            self.words.shrink_to_fit();
        }
    }

    /// Room for `n_bytes` more behind what is there, beginning at the next multiple of
    /// `REGION_ALIGN`; the gap is zero.
    pub fn extend(&mut self, n_bytes: usize) -> &mut [u8] {
        let was = self.len;
        let start = was.next_multiple_of(REGION_ALIGN);
        self.set_len(start + n_bytes);
        let bytes = self.bytes_mut();
        bytes[was..start].fill(0);
        &mut bytes[start..]
    }
}

/// Payloads that were used and may be used again: fresh memory costs a page fault every 4 KiB.
#[derive(Debug)]
pub struct Buffers {
    kept: Mutex<Vec<Payload>>,
    /// What comes back above it is freed.
    n_most: usize,
}

/// As many as travel at once.
const N_TRAVELLING: usize = 8;

impl Default for Buffers {
    fn default() -> Self {
        Self::for_at_most(N_TRAVELLING)
    }
}

impl Buffers {
    #[must_use]
    pub fn for_at_most(n_most: usize) -> Self {
        Self {
            kept: Mutex::default(),
            n_most,
        }
    }

    /// An empty payload.
    #[must_use]
    pub fn take(&self) -> Payload {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut payload = kept.pop().unwrap_or_default();
        payload.len = 0;
        payload
    }

    pub fn give(&self, payload: Payload) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < self.n_most && !payload.words.is_empty() {
            kept.push(payload);
        }
    }

    /// Frees what is kept.
    pub fn clear(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_begin_aligned_and_gaps_are_zero() {
        let buffers = Buffers::default();
        let mut payload = buffers.take();
        payload.set_len(64);
        payload.bytes_mut().fill(7);
        buffers.give(payload);
        let mut payload = buffers.take();
        payload.extend(3).copy_from_slice(&[1, 2, 3]);
        payload.extend(4).copy_from_slice(&[4, 5, 6, 7]);
        assert_eq!(payload.bytes(), [1, 2, 3, 0, 0, 0, 0, 0, 4, 5, 6, 7]);
        assert_eq!(
            bytemuck::cast_slice::<u8, f32>(&payload.bytes()[8..]).len(),
            1
        );
    }
}
