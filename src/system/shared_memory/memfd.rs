//! Linux: anonymous files in memory, with seals.

use std::fs::File;
use std::io;

use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create};

use super::backing::Backing;

/// Which seals keep the size as it is.
const SIZE: SealFlags = SealFlags::GROW.union(SealFlags::SHRINK);

/// An empty file in memory.
pub(super) fn create() -> io::Result<Backing> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    // Kernels before 6.3 do not know the flag that forbids to execute it.
    let memory = memfd_create("parallax", flags | MemfdFlags::NOEXEC_SEAL)
        .or_else(|_| memfd_create("parallax", flags))?;
    Ok(Backing::unnamed(memory.into()))
}

/// From now on nobody changes the file's size.
pub(super) fn fix_size(file: &File) -> io::Result<()> {
    Ok(fcntl_add_seals(file, SIZE)?)
}

/// From now on nobody changes anything. Fails while somebody has it mapped for writing.
pub(super) fn fix_content(file: &File) -> io::Result<()> {
    let all = SIZE | SealFlags::WRITE | SealFlags::SEAL;
    Ok(fcntl_add_seals(file, all)?)
}

/// Whether nobody can change the file's size any more.
pub(super) fn is_size_fixed(file: &File) -> bool {
    fcntl_get_seals(file).is_ok_and(|seals| seals.contains(SIZE))
}

/// Whether nobody can write to it any more.
pub(super) fn is_content_fixed(file: &File) -> bool {
    fcntl_get_seals(file).is_ok_and(|seals| seals.contains(SIZE | SealFlags::WRITE))
}
