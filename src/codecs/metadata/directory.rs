//! One directory of a classic TIFF structure, which EXIF blocks are too, read without trusting any
//! number in it. `BigTIFF` is left to the tiff crate.

const ENTRY_BYTES: usize = 12;

/// One directory of a TIFF structure, read without trusting any number in it.
pub(crate) struct Directory {
    pub(crate) big_endian: bool,
    /// Where the first entry starts.
    entries_at: usize,
    pub(crate) n_entries: usize,
}

impl Directory {
    fn u16_at(&self, block: &[u8], at: usize) -> Option<u16> {
        let bytes = block.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if self.big_endian {
            u16::from_be_bytes(bytes)
        } else {
            u16::from_le_bytes(bytes)
        })
    }

    pub(crate) fn u32_at(&self, block: &[u8], at: usize) -> Option<u32> {
        let bytes = block.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    pub(crate) fn at_offset(block: &[u8], big_endian: bool, offset: u32) -> Option<Self> {
        let mut directory = Self {
            big_endian,
            entries_at: usize::try_from(offset).ok()?.checked_add(2)?,
            n_entries: 0,
        };
        directory.n_entries = usize::from(directory.u16_at(block, offset as usize)?);
        Some(directory)
    }

    pub(crate) fn first(block: &[u8]) -> Option<Self> {
        let big_endian = match block.get(..4)? {
            b"II\x2A\0" => false,
            b"MM\0\x2A" => true,
            _ => return None,
        };
        let header = Self {
            big_endian,
            entries_at: 0,
            n_entries: 0,
        };
        Self::at_offset(block, big_endian, header.u32_at(block, 4)?)
    }

    /// Where the value field of the entry with this tag lies, and the entry's type.
    pub(crate) fn value_of(&self, block: &[u8], tag: u16) -> Option<(usize, u16)> {
        (0..self.n_entries)
            .map(|i| self.entries_at + i * ENTRY_BYTES)
            .find(|&at| self.u16_at(block, at) == Some(tag))
            .and_then(|at| Some((at + 8, self.u16_at(block, at + 2)?)))
    }

    pub(crate) fn number(&self, block: &[u8], tag: u16) -> Option<u32> {
        const SHORT: u16 = 3;
        let (at, kind) = self.value_of(block, tag)?;
        if kind == SHORT {
            self.u16_at(block, at).map(u32::from)
        } else {
            self.u32_at(block, at)
        }
    }

    pub(crate) fn link_at(&self) -> usize {
        self.entries_at + self.n_entries * ENTRY_BYTES
    }
}

/// Overwrites bytes that are there; nothing where they are not.
pub(crate) fn fill(block: &mut [u8], at: usize, bytes: &[u8]) {
    if let Some(target) = block.get_mut(at..at + bytes.len()) {
        target.copy_from_slice(bytes);
    }
}
