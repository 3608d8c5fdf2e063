//! Unix: modes and owners of files, and syncing a folder.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use tempfile::Builder;

/// Lets a new file have what the umask leaves, as any other program's files do.
pub(super) fn leave_mode_to_umask(builder: &mut Builder<'_, '_>) {
    builder.permissions(Permissions::from_mode(0o666));
}

/// Gives the new file the mode of the old one, and its owner and group where that is permitted.
pub(super) fn keep_mode(old: &Metadata, file: &File) -> io::Result<()> {
    let new = file.metadata()?;
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        // A user may save over another's file in a shared folder, but not give the file away;
        // the group may often still be kept.
        let _not_permitted = fchown(file, Some(old.uid()), Some(old.gid()))
            .or_else(|_| fchown(file, None, Some(old.gid())));
    }
    // Last, for a change of owner takes some bits away.
    file.set_permissions(Permissions::from_mode(old.mode() & 0o7777))
}

/// Makes a rename last through a power cut.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder)?.sync_all() {
        // Some network and user-space disks cannot sync folders; they rename as they see fit.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}
