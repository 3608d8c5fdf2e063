//! Buffers that outlive a tile: taken, used, given back, so that a steady run allocates nothing.
//!
//! One `Scratch` belongs to one worker; it is never shared.

use super::geometry::Rect;
use super::tile::Tile;

/// Spare buffers of one worker.
#[derive(Debug, Default)]
pub struct Scratch {
    floats: Vec<Vec<f32>>,
    tiles: Vec<Tile>,
    bytes: Vec<Vec<u8>>,
    words: Vec<Vec<u16>>,
}

impl Scratch {
    /// `len` floats with whatever they held before (zero when new): the caller writes before reading.
    pub fn floats(&mut self, len: usize) -> Vec<f32> {
        let mut buffer = take_fitting(&mut self.floats, |spare| spare.capacity() >= len);
        buffer.resize(len, 0.0);
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
        let mut tile = take_fitting(&mut self.tiles, |spare| spare.capacity() >= len);
        tile.reshape(rect, n_planes);
        tile
    }

    pub fn give_tile(&mut self, tile: Tile) {
        self.tiles.push(tile);
    }
}

/// The first spare that fits, else the last one there is, else a new one.
fn take_fitting<T: Default>(spares: &mut Vec<T>, fits: impl Fn(&T) -> bool) -> T {
    match spares.iter().position(fits) {
        Some(idx) => spares.swap_remove(idx),
        None => spares.pop().unwrap_or_default(),
    }
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
