//! Saves that succeed, fail and are cut short; after every failure the old file is as it was.

use std::fs;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use tempfile::TempDir;

use super::{Existing, SaveError, SaveErrorKind, remove_leftovers, save, save_bytes};

/// An encoder's error, which may or may not come from the disk.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the encoder gave up")]
    Encoder,
    #[error(transparent)]
    Save(#[from] SaveError),
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn names_in(folder: &Path) -> Vec<std::ffi::OsString> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

#[test]
fn a_new_file_is_written_and_nothing_else_stays() {
    let folder = folder();
    let path = folder.path().join("new.png");
    save::<SaveError>(&path, Existing::Refuse, |file| {
        file.write_all(b"????body").unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(b"head").unwrap();
        assert!(!path.exists(), "there before it is whole");
        Ok(())
    })
    .unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"headbody");
    assert_eq!(names_in(folder.path()), ["new.png"]);
}

#[test]
fn an_existing_file_is_kept_or_replaced_as_asked() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let error = save_bytes(&path, Existing::Refuse, b"new").unwrap_err();
    assert_eq!(error.kind, SaveErrorKind::Exists);
    assert_eq!(
        error.to_string(),
        format!("the file already exists: {}", path.display())
    );
    assert_eq!(fs::read(&path).unwrap(), b"old");
    save_bytes(&path, Existing::Replace, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(names_in(folder.path()), ["a"]);
}

#[test]
fn a_file_that_appears_meanwhile_is_not_overwritten() {
    let folder = folder();
    let path = folder.path().join("a");
    let result: Result<(), SaveError> = save(&path, Existing::Refuse, |_| {
        fs::write(&path, "quicker").unwrap();
        Ok(())
    });
    assert_eq!(result.unwrap_err().kind, SaveErrorKind::Exists);
    assert_eq!(fs::read(&path).unwrap(), b"quicker");
    assert_eq!(names_in(folder.path()), ["a"]);
}

#[test]
fn a_failing_closure_leaves_the_old_file_and_no_other() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let result = save(&path, Existing::Replace, |file| {
        file.write_all(&vec![7; 1 << 20]).unwrap();
        Err(Failure::Encoder)
    });
    assert!(matches!(result, Err(Failure::Encoder)));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names_in(folder.path()), ["a"]);
}

#[test]
fn a_panicking_closure_leaves_the_old_file_and_no_other() {
    let folder = folder();
    let path = folder.path().join("a");
    fs::write(&path, "old").unwrap();
    let saved = std::panic::catch_unwind(|| {
        save::<SaveError>(&path, Existing::Replace, |_| panic!("on purpose"))
    });
    assert!(saved.is_err());
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names_in(folder.path()), ["a"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_though_the_encoder_hides_it() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let target = Path::new("photo.png");
    let result = super::save::fill(target, full, |file| {
        file.write_all(&vec![0; 1 << 20])
            .map_err(|_| Failure::Encoder)
    });
    let Err(Failure::Save(error)) = result else {
        panic!("{result:?}");
    };
    assert_eq!(error.kind, SaveErrorKind::NoSpace);
    assert_eq!(error.to_string(), "no space is left on the disk: photo.png");
    assert_eq!(error.source.raw_os_error(), Some(28));
    // Little enough to be noticed only at the end.
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let result: Result<(), SaveError> = super::save::fill(target, full, |file| {
        file.write_all(b"x").unwrap();
        Ok(())
    });
    assert_eq!(result.unwrap_err().kind, SaveErrorKind::NoSpace);
}

#[test]
fn what_stands_in_the_way_is_told_apart() {
    let folder = folder();
    let kind = |path: &Path| save_bytes(path, Existing::Replace, b"x").unwrap_err().kind;
    let sub = folder.path().join("sub");
    fs::create_dir(&sub).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    assert_eq!(kind(&sub), SaveErrorKind::IsDirectory);
    assert_eq!(kind(Path::new("/")), SaveErrorKind::IsDirectory);
    assert_eq!(
        kind(&folder.path().join("missing/a")),
        SaveErrorKind::FolderMissing
    );
    assert_eq!(
        kind(&folder.path().join("file/a")),
        SaveErrorKind::FolderMissing
    );
    assert_eq!(names_in(folder.path()), ["file", "sub"]);
    assert!(names_in(&sub).is_empty());
}

#[test]
fn system_errors_have_their_kinds() {
    for (error, kind) in [
        (io::ErrorKind::StorageFull, SaveErrorKind::NoSpace),
        (io::ErrorKind::QuotaExceeded, SaveErrorKind::NoSpace),
        (io::ErrorKind::ReadOnlyFilesystem, SaveErrorKind::ReadOnly),
        (io::ErrorKind::PermissionDenied, SaveErrorKind::NotPermitted),
        (io::ErrorKind::FileTooLarge, SaveErrorKind::TooLarge),
        (io::ErrorKind::BrokenPipe, SaveErrorKind::Other),
    ] {
        assert_eq!(SaveErrorKind::of(&error.into()), kind);
    }
}

#[test]
fn leftovers_go_but_living_saves_and_strangers_stay() {
    let folder = folder();
    let of_killed = folder.path().join(".parallax-abcDEF0123.tmp");
    let strangers = [
        ".parallax-.tmp",
        ".parallax-my-notes!.tmp",
        "x.parallax-abcDEF0123.tmp",
    ];
    fs::write(&of_killed, "half").unwrap();
    for name in strangers {
        fs::write(folder.path().join(name), "").unwrap();
    }
    let path = folder.path().join("photo.png");
    save::<SaveError>(&path, Existing::Refuse, |file| {
        file.write_all(b"living").unwrap();
        assert_eq!(remove_leftovers(folder.path()).unwrap(), 1);
        Ok(())
    })
    .unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"living");
    assert!(!of_killed.exists());
    assert_eq!(remove_leftovers(folder.path()).unwrap(), 0);
    assert_eq!(names_in(folder.path()).len(), strangers.len() + 1);
    assert!(remove_leftovers(&folder.path().join("missing")).is_err());
}

#[cfg(unix)]
mod on_unix {
    //! Modes, links, pipes and names that are no text.

    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn the_mode_of_a_replaced_file_is_kept() {
        let folder = folder();
        let path = folder.path().join("a");
        for bits in [0o600, 0o644, 0o751, 0o666] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
            save_bytes(&path, Existing::Replace, b"new").unwrap();
            assert_eq!(mode(&path), bits);
        }
    }

    #[test]
    fn a_new_file_has_the_mode_of_any_new_file() {
        let folder = folder();
        let (ours, plain) = (folder.path().join("a"), folder.path().join("b"));
        save_bytes(&ours, Existing::Refuse, b"x").unwrap();
        fs::write(&plain, "x").unwrap();
        assert_eq!(mode(&ours), mode(&plain));
    }

    #[test]
    fn while_it_replaces_a_file_the_new_one_is_private() {
        let folder = folder();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        save::<SaveError>(&path, Existing::Replace, |_| {
            let names = names_in(folder.path());
            let temp = names.iter().find(|name| *name != "a").unwrap();
            assert!(super::super::temporary::is_temporary_name(temp), "{temp:?}");
            assert_eq!(mode(&folder.path().join(temp)), 0o600);
            Ok(())
        })
        .unwrap();
    }

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let (folder, elsewhere) = (folder(), super::folder());
        let (file, link) = (elsewhere.path().join("a"), folder.path().join("b"));
        symlink(&file, &link).unwrap();
        // First the link leads to nothing yet.
        for content in ["first", "second"] {
            save_bytes(&link, Existing::Replace, content.as_bytes()).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&file).unwrap(), content);
        }
        let error = save_bytes(&link, Existing::Refuse, b"x").unwrap_err();
        assert_eq!(error.kind, SaveErrorKind::Exists);
        assert_eq!(names_in(folder.path()), ["b"]);
        assert_eq!(names_in(elsewhere.path()), ["a"]);
    }

    #[test]
    fn relative_links_and_rings_of_links() {
        let folder = folder();
        let sub = folder.path().join("sub");
        fs::create_dir(&sub).unwrap();
        symlink("../a", sub.join("link")).unwrap();
        save_bytes(&sub.join("link"), Existing::Replace, b"x").unwrap();
        assert_eq!(fs::read(folder.path().join("a")).unwrap(), b"x");
        symlink("ring", folder.path().join("ring")).unwrap();
        let error = save_bytes(&folder.path().join("ring"), Existing::Replace, b"x").unwrap_err();
        assert_eq!(error.kind, SaveErrorKind::Other);
    }

    #[test]
    fn devices_and_pipes_are_refused() {
        let folder = folder();
        let pipe = folder.path().join("pipe");
        let made = Command::new("mkfifo").arg(&pipe).status();
        for path in [Path::new("/dev/null"), &pipe] {
            if path.exists() {
                let error = save_bytes(path, Existing::Replace, b"x").unwrap_err();
                assert_eq!(error.kind, SaveErrorKind::NotAFile, "{made:?}");
            }
        }
        assert!(Path::new("/dev/null").exists());
    }

    #[test]
    fn a_name_that_is_no_text_is_a_name() {
        let folder = folder();
        let name = OsStr::from_bytes(b"caf\xe9 \xff.png");
        let path = folder.path().join(name);
        save_bytes(&path, Existing::Refuse, b"x").unwrap();
        assert_eq!(names_in(folder.path()), [name]);
        let error = save_bytes(&path, Existing::Refuse, b"x").unwrap_err();
        assert!(error.to_string().starts_with("the file already exists: "));
    }

    #[test]
    fn a_name_too_long_and_a_folder_that_takes_no_files_are_told() {
        let folder = folder();
        let path = folder.path().join("x".repeat(300));
        let error = save_bytes(&path, Existing::Replace, b"x").unwrap_err();
        assert_eq!(error.kind, SaveErrorKind::BadName);
        assert!(names_in(folder.path()).is_empty());
    }

    #[test]
    fn a_killed_save_leaves_the_old_file_and_a_leftover_that_can_be_cleared() {
        const TARGET: &str = "PARALLAX_TEST_KILLED_SAVE";
        if let Some(target) = std::env::var_os(TARGET) {
            // The started-again half of this test.
            let _never = save::<SaveError>(Path::new(&target), Existing::Replace, |file| {
                file.write_all(&vec![0; 1 << 20]).unwrap();
                rustix::process::kill_current_process_group(rustix::process::Signal::KILL).unwrap();
                Ok(())
            });
            return;
        }
        let folder = folder();
        let path = folder.path().join("a");
        fs::write(&path, "old").unwrap();
        let this = "system::atomic_save::tests::on_unix::\
                    a_killed_save_leaves_the_old_file_and_a_leftover_that_can_be_cleared";
        let mut child = Command::new(std::env::current_exe().unwrap());
        std::os::unix::process::CommandExt::process_group(&mut child, 0);
        let output = child
            .args(["--exact", this])
            .env(TARGET, &path)
            .output()
            .unwrap();
        assert!(!output.status.success(), "{output:?}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names_in(folder.path()).len(), 2);
        assert_eq!(remove_leftovers(folder.path()).unwrap(), 1);
        assert_eq!(names_in(folder.path()), ["a"]);
    }
}
