//! Memory that nobody writes to any more.
#![expect(unsafe_code, reason = "files are mapped into memory")]

use std::fs::File;
use std::io;
use std::ops::Deref;

use memmap2::{Mmap, MmapOptions};

use super::backing::{Backing, Handed};
use super::{platform, registry};

/// Bytes of shared memory that are as they are for ever.
#[derive(Debug)]
pub struct Frozen {
    backing: Backing,
    map: Mmap,
    /// In the registry, where it has a name.
    id: Option<u64>,
}

impl Drop for Frozen {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            registry::remove(id);
        }
    }
}

impl Frozen {
    /// Memory that another process of this user froze, by its name in the [`registry`].
    ///
    /// # Errors
    /// When it is not there, may not be opened, or somebody may still write to it.
    pub fn open(name: &str) -> io::Result<Self> {
        Self::received(File::open(name)?)
    }

    /// Memory that was frozen by this process or by the one that handed it over.
    ///
    /// # Errors
    /// When somebody may still write to it, or the system has no room to map it.
    pub fn received(file: File) -> io::Result<Self> {
        Self::new(Backing::unnamed(file), None)
    }

    /// `early` is a map that was made before, by [`map_private`].
    pub(super) fn new(backing: Backing, early: Option<Mmap>) -> io::Result<Self> {
        let file = &backing.file;
        if !platform::is_content_fixed(file) {
            return Err(io::Error::other("somebody may still write to it"));
        }
        let map = if let Some(map) = early {
            map
        } else {
            let n_bytes = file.metadata()?.len();
            map_private(file, usize::try_from(n_bytes).map_err(io::Error::other)?)?
        };
        let name = platform::name(&backing).ok();
        let id = name.map(|name| registry::add(&map, name));
        Ok(Self { backing, map, id })
    }

    /// To hand it to another process.
    #[must_use]
    pub fn handed(&self) -> Handed<'_> {
        self.backing.handed()
    }
}

impl Deref for Frozen {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

/// A map to look through once nobody writes any more.
pub(super) fn map_private(file: &File, n_bytes: usize) -> io::Result<Mmap> {
    // SAFETY: size and content are sealed before anybody looks through it; without seals it is a
    // temporary file that only this program's processes have, and none writes after it was frozen.
    // A private map is taken because kernels before 6.7 allow no other of what is sealed.
    unsafe { MmapOptions::new().len(n_bytes).map_copy_read_only(file) }
}
