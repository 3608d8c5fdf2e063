//! The temporary file of a save: made, named and locked so that it is known as ours and as alive.

use std::ffi::OsStr;
use std::fs::TryLockError;
use std::io;
use std::path::Path;

use tempfile::{Builder, NamedTempFile};

#[cfg(not(unix))]
use super::other as platform;
#[cfg(unix)]
use super::unix as platform;

const PREFIX: &str = ".parallax-";
const SUFFIX: &str = ".tmp";
const N_RANDOM: usize = 10;

/// Another program's clearing can take a new file away once or twice, not this often.
const N_TRIES: usize = 16;

/// Whether a file of this name is a save's temporary file.
pub(super) fn is_temporary_name(name: &OsStr) -> bool {
    let random = name
        .to_str()
        .and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    random.is_some_and(|random| {
        random.len() == N_RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Makes a locked temporary file. `private` where it will get an existing file's mode later.
pub(super) fn create(folder: &Path, private: bool) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX).rand_bytes(N_RANDOM);
    if !private {
        platform::leave_mode_to_umask(&mut builder);
    }
    for _ in 0..N_TRIES {
        let file = builder.tempfile_in(folder)?;
        // Between its making and its locking, a clearing may take the file for a leftover.
        match file.as_file().try_lock() {
            Err(TryLockError::WouldBlock) => {}
            // Where the disk knows no locks, nobody clears either.
            Ok(()) | Err(TryLockError::Error(_)) => {
                if file.path().symlink_metadata().is_ok() {
                    return Ok(file);
                }
            }
        }
    }
    Err(io::Error::other(
        "temporary files vanish as soon as they are made",
    ))
}
