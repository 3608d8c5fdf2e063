//! Large memory of runs that are over, written over by runs to come: what the system has handed out
//! before costs no page faults.
//!
//! Only pictures and planes between passes; what a worker needs for one tile it keeps on its desk.

use std::sync::{Mutex, PoisonError};

use crate::pixels::geometry::Rect;
use crate::pixels::image::{Depth, Samples, SamplesMut};
use crate::pixels::tile::{LANES, Tile};
use crate::system::large_pages::prefer_large_pages;

/// Shared by runs that follow one another or go on side by side.
#[derive(Debug, Default)]
pub struct SpareMemory {
    limit_bytes: u64,
    shelf: Mutex<Shelf>,
}

/// Oldest first.
#[derive(Debug, Default)]
struct Shelf {
    pictures: Vec<Samples>,
    planes: Vec<Tile>,
}

impl SpareMemory {
    /// Keeps nothing: for a run that nothing follows.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Keeps at most so many bytes of each kind.
    #[must_use]
    pub fn up_to(limit_bytes: u64) -> Self {
        Self {
            limit_bytes,
            shelf: Mutex::default(),
        }
    }

    /// `len` samples with whatever they held before: the caller writes every one.
    #[must_use]
    pub fn samples(&self, depth: Depth, len: usize) -> Samples {
        let fits = |spare: &Samples| spare.depth() == depth && spare.len() == len;
        self.with(|shelf| take(&mut shelf.pictures, fits))
            .unwrap_or_else(|| fresh_samples(depth, len))
    }

    /// Planes over `rect` with whatever they held before: the caller writes every pixel.
    #[must_use]
    pub fn planes(&self, rect: Rect, n_planes: usize) -> Tile {
        let stride = (rect.width as usize).next_multiple_of(LANES);
        let len = stride * rect.height as usize * n_planes;
        // A map must not take the place of a picture's planes.
        let fits = |spare: &Tile| (len..=2 * len).contains(&spare.capacity());
        if let Some(mut spare) = self.with(|shelf| take(&mut shelf.planes, fits)) {
            spare.reshape(rect, n_planes);
            return spare;
        }
        let mut fresh = Tile::new(rect, n_planes);
        prefer_large_pages(fresh.data_mut());
        fresh
    }

    /// Takes a picture nobody needs any more.
    pub fn keep_samples(&self, samples: Samples) {
        // What other processes can see is not ours to write over.
        if matches!(samples, Samples::Shared(_)) {
            return;
        }
        self.with(|shelf| {
            shelf.pictures.push(samples);
            drop_oldest(&mut shelf.pictures, self.limit_bytes, |spare| {
                (spare.len() * spare.depth().bytes()) as u64
            });
        });
    }

    /// Takes planes nobody reads any more.
    pub fn keep_planes(&self, planes: Tile) {
        self.with(|shelf| {
            shelf.planes.push(planes);
            drop_oldest(&mut shelf.planes, self.limit_bytes, |spare| {
                (spare.capacity() * size_of::<f32>()) as u64
            });
        });
    }

    /// Gives everything back to the system.
    pub fn clear(&self) {
        self.with(|shelf| *shelf = Shelf::default());
    }

    fn with<T>(&self, look: impl FnOnce(&mut Shelf) -> T) -> T {
        look(&mut self.shelf.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The latest that fits.
fn take<T>(spares: &mut Vec<T>, fits: impl Fn(&T) -> bool) -> Option<T> {
    let idx = spares.iter().rposition(fits)?;
    Some(spares.remove(idx))
}

fn drop_oldest<T>(spares: &mut Vec<T>, limit_bytes: u64, n_bytes: impl Fn(&T) -> u64) {
    let mut total: u64 = spares.iter().map(&n_bytes).sum();
    while total > limit_bytes {
        total -= n_bytes(&spares.remove(0));
    }
}

fn fresh_samples(depth: Depth, len: usize) -> Samples {
    let mut samples = Samples::zeroed(depth, len);
    match samples.as_mut() {
        SamplesMut::U8(samples) => prefer_large_pages(samples),
        SamplesMut::U16(samples) => prefer_large_pages(samples),
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(tile: &Tile) -> *const f32 {
        tile.data().as_ptr()
    }

    #[test]
    fn planes_come_back_for_what_is_about_as_large() {
        let spare = SpareMemory::up_to(u64::MAX);
        let (large, small) = (Rect::new(0, 0, 640, 480), Rect::new(3, 3, 40, 30));
        let (first, map) = (spare.planes(large, 3), spare.planes(small, 2));
        let (first_at, map_at) = (address(&first), address(&map));
        spare.keep_planes(first);
        spare.keep_planes(map);
        let again = spare.planes(Rect::new(9, 9, 600, 400), 3);
        assert_eq!(address(&again), first_at);
        assert_eq!(again.rect(), Rect::new(9, 9, 600, 400));
        let map = spare.planes(small, 2);
        assert_eq!(address(&map), map_at);
        let other = spare.planes(small, 2);
        assert_ne!(address(&other), map_at, "it is in use");
    }

    #[test]
    fn pictures_come_back_for_the_very_size_and_depth() {
        let spare = SpareMemory::up_to(1_000);
        spare.keep_samples(Samples::U8(vec![7; 900]));
        assert_eq!(spare.samples(Depth::Eight, 901), Samples::U8(vec![0; 901]));
        assert_eq!(
            spare.samples(Depth::Sixteen, 900),
            Samples::U16(vec![0; 900])
        );
        assert_eq!(spare.samples(Depth::Eight, 900), Samples::U8(vec![7; 900]));
        assert_eq!(spare.samples(Depth::Eight, 900), Samples::U8(vec![0; 900]));
    }

    #[test]
    fn what_is_too_much_goes_oldest_first() {
        let spare = SpareMemory::up_to(1_000);
        for value in 1..=3 {
            spare.keep_samples(Samples::U8(vec![value; 400]));
        }
        let next = || spare.samples(Depth::Eight, 400);
        assert_eq!(next(), Samples::U8(vec![3; 400]));
        assert_eq!(next(), Samples::U8(vec![2; 400]));
        assert_eq!(next(), Samples::U8(vec![0; 400]));
        spare.clear();
        let nothing = SpareMemory::none();
        nothing.keep_samples(Samples::U8(vec![9; 4]));
        assert_eq!(nothing.samples(Depth::Eight, 4), Samples::U8(vec![0; 4]));
    }
}
