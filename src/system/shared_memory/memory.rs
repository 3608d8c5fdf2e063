//! Memory while it is being filled.
#![expect(unsafe_code, reason = "files are mapped into memory")]

use std::fs::File;
use std::io::{self, Write};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use memmap2::{Mmap, MmapOptions, MmapRaw};

use super::backing::{Backing, Handed};
use super::settling::{let_go, settle, settle_to_read};
use super::{Frozen, platform};
use crate::system::large_pages::prefer_large_pages;

/// Memory of a fixed size that may be handed to another process.
#[derive(Debug)]
pub struct SharedMemory {
    backing: Backing,
    n_bytes: usize,
    /// For reading once it is frozen; nobody looks through it before.
    early: OnceLock<Mmap>,
    /// Bytes of it whose pages are in place.
    n_settled: AtomicUsize,
}

impl SharedMemory {
    /// `n_bytes` zeros. They take memory only as they are written to.
    ///
    /// # Errors
    /// When the system has no such memory, or too little.
    pub fn new(n_bytes: usize) -> io::Result<Self> {
        platform::check_size(n_bytes as u64)?;
        let backing = platform::create()?;
        backing.file.set_len(n_bytes as u64)?;
        platform::fix_size(&backing.file)?;
        Ok(Self {
            backing,
            n_bytes,
            early: OnceLock::new(),
            n_settled: AtomicUsize::new(0),
        })
    }

    /// Memory that another process made and handed over.
    ///
    /// # Errors
    /// When its size is not fixed, or does not fit this machine.
    pub fn received(file: File) -> io::Result<Self> {
        let n_bytes = file.metadata()?.len();
        if !platform::is_size_fixed(&file) {
            return Err(io::Error::other("its size may change"));
        }
        Ok(Self {
            n_bytes: usize::try_from(n_bytes).map_err(io::Error::other)?,
            backing: Backing::unnamed(file),
            early: OnceLock::new(),
            n_settled: AtomicUsize::new(0),
        })
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.n_bytes
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.n_bytes == 0
    }

    /// Memory another process of this user made, by its [`Self::name`].
    ///
    /// # Errors
    /// When it is not there, may not be opened, or its size may change.
    pub fn open(name: &str) -> io::Result<Self> {
        Self::received(File::options().read(true).write(true).open(name)?)
    }

    /// What another process of this user opens it by, as long as this one has it.
    ///
    /// # Errors
    /// Where it has no name.
    pub fn name(&self) -> io::Result<String> {
        platform::name(&self.backing)
    }

    pub(super) const fn as_file(&self) -> &File {
        &self.backing.file
    }

    /// Gives back the memory it takes; it is zero again, where the system can do that.
    pub(super) fn clear(&self) {
        platform::clear(&self.backing.file, self.n_bytes);
    }

    /// To hand it to another process.
    #[must_use]
    pub fn handed(&self) -> Handed<'_> {
        self.backing.handed()
    }

    /// The memory itself. Who maps it must be the only one to do so until the map is dropped; the
    /// other process is told by messages when that is.
    ///
    /// # Errors
    /// When the system has no room for it.
    pub fn map(&self) -> io::Result<WritableMap> {
        // SAFETY: the size is sealed, so the pages stay. Both processes are ours, and take turns:
        // the one without the turn has no map. Pages hold plain bytes, valid whatever they are.
        let mut map = unsafe {
            MmapOptions::new()
                .len(self.n_bytes)
                .map_mut(&self.backing.file)?
        };
        prefer_large_pages(&mut map[..]);
        Ok(WritableMap(Arc::new(MmapRaw::from(map))))
    }

    /// What writes to it without a map, from its beginning on: for bytes that come in order, cheaper
    /// than a map by the page faults.
    #[must_use]
    pub fn writer(&self) -> impl Write {
        &self.backing.file
    }

    /// Maps it for the time when it is frozen, and puts in place the pages of its first `n_bytes`,
    /// for who waits for the rest to be filled. Nothing happens where fewer bytes than that hold
    /// anything: who says they are full is not believed, for empty pages would come into being.
    ///
    /// # Errors
    /// When the system has no room for it, or does not tell what it holds.
    pub fn settle(&self, n_bytes: usize) -> io::Result<()> {
        if platform::held_bytes(&self.backing.file)? < n_bytes.min(self.n_bytes) as u64 {
            return Ok(());
        }
        let map = if let Some(map) = self.early.get() {
            map
        } else {
            let map = super::frozen::map_private(&self.backing.file, self.n_bytes)?;
            self.early.get_or_init(|| map)
        };
        let end = n_bytes.min(self.n_bytes) / PAGES_BYTES * PAGES_BYTES;
        let start = self.n_settled.fetch_max(end, Ordering::Relaxed);
        if end > start {
            settle_to_read(map.as_ptr().wrapping_add(start), end - start);
        }
        Ok(())
    }

    /// Ends all writing, for ever and for everybody.
    ///
    /// # Errors
    /// When somebody still has it mapped for writing.
    pub fn freeze(self) -> io::Result<Frozen> {
        platform::fix_content(&self.backing.file)?;
        Frozen::new(self.backing, self.early.into_inner())
    }
}

/// Shared memory in this process's hands.
#[derive(Debug)]
pub struct WritableMap(Arc<MmapRaw>);

impl WritableMap {
    /// What puts the pages of this map in place from another thread, while it is written to here.
    #[must_use]
    pub fn settler(&self) -> Settler {
        Settler(Arc::clone(&self.0))
    }

    /// Lets the front half of the pages go, while a [`Settler`] lets go the other: what the end of the
    /// map has to do else, alone.
    pub fn let_go_front(&self) {
        let_go(self.0.as_ptr(), half(self.0.len()));
    }
}

/// Whole pages, whatever their size.
const PAGES_BYTES: usize = 1 << 20;

/// About half of a map, at a page's beginning.
const fn half(n_bytes: usize) -> usize {
    n_bytes / 2 / PAGES_BYTES * PAGES_BYTES
}

/// Holds on to the map it settles; it looks at none of its bytes.
#[derive(Debug)]
pub struct Settler(Arc<MmapRaw>);

impl Settler {
    /// Until all pages are in place, or `is_over`.
    pub fn run(&self, is_over: &AtomicBool) {
        settle((self.0.as_ptr(), self.0.len()), is_over);
    }

    /// Lets the back half of the pages go; see [`WritableMap::let_go_front`].
    pub fn let_go_back(self) {
        let half = half(self.0.len());
        let_go(self.0.as_ptr().wrapping_add(half), self.0.len() - half);
    }
}

impl Deref for WritableMap {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the map lives as long as this does, and only a settler has it beside, which looks
        // at no byte.
        unsafe { std::slice::from_raw_parts(self.0.as_ptr(), self.0.len()) }
    }
}

impl DerefMut for WritableMap {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above; and the borrow is the only one.
        unsafe { std::slice::from_raw_parts_mut(self.0.as_mut_ptr(), self.0.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_end_writes_the_other_reads_once_it_is_frozen() {
        let memory = SharedMemory::new(100_000).unwrap();
        let theirs = SharedMemory::received(memory.backing.file.try_clone().unwrap()).unwrap();
        assert_eq!(theirs.len(), 100_000);
        let mut map = theirs.map().unwrap();
        assert!(map.iter().all(|byte| *byte == 0));
        map[99_999] = 7;
        drop(map);
        let frozen = memory.freeze().unwrap();
        assert_eq!((frozen.len(), frozen[99_999]), (100_000, 7));
    }

    #[test]
    fn pages_put_in_place_beforehand_and_let_go_early_change_no_byte() {
        let memory = SharedMemory::new(9_000_000).unwrap();
        let is_over = AtomicBool::new(false);
        let mut map = memory.map().unwrap();
        let settler = map.settler();
        std::thread::scope(|scope| {
            scope.spawn(|| settler.run(&is_over));
            scope.spawn(|| {
                for n_bytes in [5, 3_000_000, 1_000_000, usize::MAX] {
                    memory.settle(n_bytes).unwrap();
                }
            });
            for (i, byte) in map.iter_mut().enumerate() {
                *byte = i as u8;
            }
        });
        map.let_go_front();
        settler.let_go_back();
        assert!(map.iter().zip(0_u32..).all(|(byte, i)| *byte == i as u8));
        drop(map);
        let frozen = memory.freeze().unwrap();
        assert_eq!(frozen.len(), 9_000_000);
        assert!(frozen.iter().zip(0_u32..).all(|(byte, i)| *byte == i as u8));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn pages_nobody_filled_are_not_put_in_place() {
        let memory = SharedMemory::new(9_000_000).unwrap();
        memory.writer().write_all(&vec![1; 5_000_000]).unwrap();
        memory.settle(9_000_000).unwrap();
        assert_eq!(memory.n_settled.load(Ordering::Relaxed), 0);
        memory.settle(4_900_000).unwrap();
        assert!(memory.n_settled.load(Ordering::Relaxed) > 0);
        let held = platform::held_bytes(&memory.backing.file).unwrap();
        assert!(held < 5_100_000, "{held} bytes");
    }

    #[test]
    fn bytes_that_are_written_in_order_need_no_map() {
        let memory = SharedMemory::new(6).unwrap();
        let mut writer = memory.writer();
        writer.write_all(b"abc").unwrap();
        writer.write_all(b"def").unwrap();
        if cfg!(target_os = "linux") {
            assert!(writer.write_all(b"g").is_err(), "its size is fixed");
        }
        drop(writer);
        assert_eq!(&memory.freeze().unwrap()[..], b"abcdef");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nobody_changes_its_size_or_what_is_frozen() {
        let memory = SharedMemory::new(5000).unwrap();
        assert!(memory.backing.file.set_len(10).is_err());
        assert!(memory.backing.file.set_len(10_000).is_err());
        let map = memory.map().unwrap();
        let other = SharedMemory::received(memory.backing.file.try_clone().unwrap()).unwrap();
        assert!(other.freeze().is_err(), "somebody may still write");
        drop(map);
        let mut file = memory.backing.file.try_clone().unwrap();
        let _frozen = memory.freeze().unwrap();
        assert!(io::Write::write_all(&mut file, b"x").is_err());
    }

    #[test]
    fn a_file_whose_size_may_change_is_refused() {
        if cfg!(target_os = "linux") {
            let file = tempfile::tempfile().unwrap();
            file.set_len(10).unwrap();
            assert!(SharedMemory::received(file.try_clone().unwrap()).is_err());
            assert!(Frozen::received(file).is_err());
        }
    }
}
