//! Files that are there whole or not at all, whatever happens while they are written.
//!
//! A save writes `.parallax-XXXXXXXXXX.tmp` beside the target, syncs it, renames it over the target
//! and syncs the folder. Until the rename, the target is what it was.
//!
//! - **Symbolic links**: the link stays; the file it leads to is replaced, in that file's folder.
//! - **Mode, owner**: a replaced file's mode is kept, its owner and group where the system allows;
//!   a new file gets what the umask leaves of `rw-rw-rw-`. Other hard links keep the old content.
//! - **Not files**: folders, devices and pipes are refused, for a rename would replace them.
//! - **Killed programs** leave their temporary file behind; [`remove_leftovers`] takes those away
//!   whose lock nobody holds.

mod error;
mod leftovers;
#[cfg(not(unix))]
mod other;
mod save;
mod temporary;
#[cfg(unix)]
mod unix;
mod writer;

pub use error::{SaveError, SaveErrorKind};
pub use leftovers::remove_leftovers;
pub use save::{Existing, save, save_bytes};
pub use writer::TempWriter;

#[cfg(test)]
mod tests;
