//! Linux: anonymous files in memory, with seals.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;

use rustix::fs::{
    FallocateFlags, MemfdFlags, SealFlags, fcntl_add_seals, fcntl_get_seals, memfd_create,
};

use rustix::process::{Resource, getrlimit};

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

/// Refuses what may not be that large: memory of this kind counts as a file, and going over the limit
/// of files is answered with a signal that ends the process.
pub(super) fn check_size(n_bytes: u64) -> io::Result<()> {
    let limit = getrlimit(Resource::Fsize).current;
    match limit.filter(|limit| *limit < n_bytes) {
        None => Ok(()),
        Some(limit) => {
            let why = format!(
                "files may have no more than {} KiB here (ulimit -f), and memory that processes \
                 share counts as one; {} KiB are needed",
                limit >> 10,
                n_bytes.div_ceil(1 << 10)
            );
            Err(io::Error::new(io::ErrorKind::FileTooLarge, why))
        }
    }
}

/// Where processes of this user find it as long as this process has it open.
///
/// # Errors
/// Where there is no such folder, or nobody may open what it lists.
pub(super) fn name(backing: &Backing) -> io::Result<String> {
    let pid = std::process::id();
    let name = format!("/proc/{pid}/fd/{}", backing.file.as_raw_fd());
    // What this process may not open, its workers may not either.
    File::open(&name)?;
    Ok(name)
}

/// Frees its pages; they are zero when they are touched again.
pub(super) fn clear(file: &File, n_bytes: usize) {
    let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    // A kernel that cannot keeps the memory.
    rustix::fs::fallocate(file, flags, 0, n_bytes as u64).ok();
}

/// Bytes of pages that came into being, by whoever wrote to them.
pub(super) fn held_bytes(file: &File) -> io::Result<u64> {
    use std::os::unix::fs::MetadataExt as _;
    // The unit of this figure is 512 bytes whatever the file system.
    Ok(file.metadata()?.blocks() * 512)
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
