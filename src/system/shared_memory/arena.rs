//! Memory that two processes use at once, each part of it by one of them at a time.
#![expect(unsafe_code, reason = "parts of mapped memory are borrowed by address")]

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{MmapOptions, MmapRaw};

use super::memory::SharedMemory;

/// At its end, of which no part is made: a page, so that the mark lies as it must.
const MARK_BYTES: usize = 4096;

/// Shared memory cut into parts. Whose turn a part is, is agreed by messages: who lets the other have
/// it does not touch it until it comes back. Within a process the borrow checker sees to it.
#[derive(Debug)]
pub struct Arena {
    memory: SharedMemory,
    map: Arc<MmapRaw>,
}

/// A number behind the parts that both ends read and write at any time, and which outlives either;
/// 0 at first.
#[derive(Debug, Clone)]
pub struct Mark(Arc<MmapRaw>);

impl Mark {
    #[must_use]
    pub fn get(&self) -> u64 {
        self.number().load(Ordering::Acquire)
    }

    pub fn set(&self, number: u64) {
        self.number().store(number, Ordering::Release);
    }

    fn number(&self) -> &AtomicU64 {
        let at = end_of_parts(&self.0).next_multiple_of(align_of::<AtomicU64>());
        let at = self.0.as_mut_ptr().wrapping_add(at);
        // SAFETY: aligned, since maps begin with a page; behind all parts, and there is more room than
        // the alignment takes; the map lives as long as the borrow; both ends use it as an atomic.
        unsafe { AtomicU64::from_ptr(at.cast()) }
    }
}

fn end_of_parts(map: &MmapRaw) -> usize {
    map.len() - MARK_BYTES
}

impl Arena {
    /// `n_bytes` zeros, which take memory only as they are used.
    ///
    /// # Errors
    /// When the system has no such memory, or no room to map it.
    pub fn new(n_bytes: usize) -> io::Result<Self> {
        Self::of(SharedMemory::new(n_bytes + MARK_BYTES)?)
    }

    /// The arena another process of this user made, by its [`Self::name`].
    ///
    /// # Errors
    /// When it is not there, may not be opened, or its size may change.
    pub fn open(name: &str) -> io::Result<Self> {
        Self::of(SharedMemory::open(name)?)
    }

    fn of(memory: SharedMemory) -> io::Result<Self> {
        if memory.len() < MARK_BYTES {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let map = MmapOptions::new()
            .len(memory.len())
            .map_raw(memory.as_file())?;
        let map = Arc::new(map);
        Ok(Self { memory, map })
    }

    /// The number at the arena's end.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(Arc::clone(&self.map))
    }

    /// What parts are made of.
    fn n_bytes(&self) -> usize {
        end_of_parts(&self.map)
    }

    /// What another process of this user opens it by, as long as this one has it.
    ///
    /// # Errors
    /// Where it has no name.
    pub fn name(&self) -> io::Result<String> {
        self.memory.name()
    }

    /// Part of it, to read; `None` beyond its end.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Option<&[u8]> {
        let (start, len) = self.checked(range)?;
        // SAFETY: the range lies inside a map that lives as long as the borrow, whose size is
        // sealed; the other process does not write to a part that is ours.
        Some(unsafe { std::slice::from_raw_parts(start, len) })
    }

    /// Part of it, to write; `None` beyond its end.
    #[must_use]
    pub fn part_mut(&mut self, range: Range<usize>) -> Option<&mut [u8]> {
        let (start, len) = self.checked(range)?;
        // SAFETY: as above; and the borrow is the only one in this process.
        Some(unsafe { std::slice::from_raw_parts_mut(start, len) })
    }

    /// A part to read and another to write; `None` beyond its end, and where they meet.
    #[must_use]
    pub fn parts(&mut self, read: Range<usize>, write: Range<usize>) -> Option<(&[u8], &mut [u8])> {
        let (read_at, n_read) = self.checked(read.clone())?;
        let (write_at, n_write) = self.checked(write.clone())?;
        (read.end <= write.start || write.end <= read.start).then_some(())?;
        // SAFETY: as above; the two do not meet, and are the only ones in this process.
        Some(unsafe {
            (
                std::slice::from_raw_parts(read_at, n_read),
                std::slice::from_raw_parts_mut(write_at, n_write),
            )
        })
    }

    fn checked(&self, range: Range<usize>) -> Option<(*mut u8, usize)> {
        let len = range.end.checked_sub(range.start)?;
        (range.end <= self.n_bytes()).then_some(())?;
        Some((self.map.as_mut_ptr().wrapping_add(range.start), len))
    }

    /// Gives back the memory of all parts: they and the mark are zero again. Nobody may have any.
    pub fn clear(&mut self) {
        self.memory.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_see_one_memory_and_nothing_beyond_it() {
        let mut ours = Arena::new(1 << 20).unwrap();
        let mut theirs = Arena::open(&ours.name().unwrap()).unwrap();
        ours.part_mut(5..8).unwrap().copy_from_slice(b"abc");
        assert_eq!(theirs.part(5..8).unwrap(), b"abc");
        theirs.part_mut((1 << 20) - 1..1 << 20).unwrap()[0] = 9;
        assert_eq!(ours.part((1 << 20) - 1..1 << 20).unwrap(), [9]);
        for beyond in [0..(1 << 20) + 1, usize::MAX - 1..usize::MAX] {
            assert!(ours.part(beyond.clone()).is_none());
            assert!(theirs.part_mut(beyond).is_none());
        }
        let (read, write) = ours.parts(5..8, 8..10).unwrap();
        write.copy_from_slice(&read[1..]);
        assert_eq!(ours.part(5..10).unwrap(), b"abcbc");
        for (read, write) in [(5..8, 7..9), (7..9, 5..8), (0..2, 0..usize::MAX)] {
            assert!(ours.parts(read, write).is_none());
        }
        ours.mark().set(7);
        assert_eq!(theirs.mark().get(), 7);
        assert_eq!(ours.part((1 << 20) - 1..1 << 20).unwrap(), [9]);
        ours.clear();
        if cfg!(target_os = "linux") {
            assert_eq!(theirs.part(5..8).unwrap(), [0; 3]);
        }
    }
}
