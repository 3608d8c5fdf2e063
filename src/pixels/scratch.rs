//! Buffers that outlive a tile: taken, used, given back, so that a steady run allocates nothing.
//!
//! One `Scratch` belongs to one worker; it is never shared.

use super::geometry::Rect;
use super::tile::Tile;

/// Spare buffers of one worker.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Told of floats that were just allocated and not touched yet.
    on_new: Option<fn(&mut [f32])>,
    floats: Vec<Vec<f32>>,
    tiles: Vec<Tile>,
    bytes: Vec<Vec<u8>>,
    words: Vec<Vec<u16>>,
}

impl Scratch {
    /// One that tells `on_new` of floats that were just allocated and not touched yet: who knows the
    /// system may have a wish where they lie.
    #[must_use]
    pub fn telling(on_new: fn(&mut [f32])) -> Self {
        Self {
            on_new: Some(on_new),
            ..Self::default()
        }
    }

    /// `len` floats with whatever they held before (zero when new): the caller writes before reading.
    pub fn floats(&mut self, len: usize) -> Vec<f32> {
        if let Some(mut buffer) = take_fitting(&mut self.floats, |spare| spare.capacity() >= len) {
            buffer.resize(len, 0.0);
            return buffer;
        }
        let mut buffer = vec![0.0; len];
        self.tell(&mut buffer);
        buffer
    }

    pub fn give_floats(&mut self, buffer: Vec<f32>) {
        self.floats.push(buffer);
    }

    /// A buffer for 8-bit samples, of whatever length and content it had before.
    pub fn bytes(&mut self) -> Vec<u8> {
        self.bytes.pop().unwrap_or_default()
    }

    pub fn give_bytes(&mut self, buffer: Vec<u8>) {
        self.bytes.push(buffer);
    }

    /// As [`Self::bytes`], for 16-bit samples.
    pub fn words(&mut self) -> Vec<u16> {
        self.words.pop().unwrap_or_default()
    }

    pub fn give_words(&mut self, buffer: Vec<u16>) {
        self.words.push(buffer);
    }

    /// A tile over `rect` with whatever it held before: the caller writes before reading.
    pub fn tile(&mut self, rect: Rect, n_planes: usize) -> Tile {
        let len = (rect.width as usize + 15) * rect.height as usize * n_planes;
        if let Some(mut tile) = take_fitting(&mut self.tiles, |spare| spare.capacity() >= len) {
            tile.reshape(rect, n_planes);
            return tile;
        }
        let mut tile = Tile::new(rect, n_planes);
        self.tell(tile.data_mut());
        tile
    }

    fn tell(&self, new: &mut [f32]) {
        if let Some(on_new) = self.on_new {
            on_new(new);
        }
    }

    pub fn give_tile(&mut self, tile: Tile) {
        self.tiles.push(tile);
    }
}

/// The first spare that fits. Where none does the last one makes room for a new one: it is not made
/// longer, which would copy what nobody reads.
fn take_fitting<T>(spares: &mut Vec<T>, fits: impl Fn(&T) -> bool) -> Option<T> {
    let found = spares.iter().position(fits);
    if found.is_none() {
        spares.pop();
    }
    found.map(|idx| spares.swap_remove(idx))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_given_back_is_used_again() {
        let mut scratch = Scratch::default();
        let buffer = scratch.floats(1000);
        let address = buffer.as_ptr();
        scratch.give_floats(buffer);
        let again = scratch.floats(500);
        assert_eq!(again.as_ptr(), address);

        let tile = scratch.tile(Rect::new(0, 0, 100, 100), 3);
        let address = tile.data().as_ptr();
        scratch.give_tile(tile);
        let again = scratch.tile(Rect::new(50, 50, 90, 20), 4);
        assert_eq!(again.data().as_ptr(), address);
        assert_eq!(again.rect(), Rect::new(50, 50, 90, 20));
    }
}
