//! Targets: existing, unwritable, full, the photo itself under another name.

use std::fs;

use super::pictures::{open, photo_in, rgb8, save};
use super::room::{Room, program};
use super::support::skipped;

fn room() -> Room {
    let room = Room::new();
    photo_in(&room);
    room
}

#[test]
fn an_existing_file_is_kept_unless_overwriting_is_allowed() {
    let room = room();
    room.write("out.png", "precious");
    room.say("apply in.png -o out.png")
        .assert_refused(4, &["out.png", "exists", "--overwrite"]);
    assert_eq!(fs::read(room.path("out.png")).unwrap(), b"precious");
    room.say("apply in.png -o out.png --overwrite")
        .assert_done();
    assert_eq!(
        open(&room.path("out.png")).to_rgb8(),
        open(&room.path("in.png")).to_rgb8()
    );
    assert_eq!(room.names(), ["in.png", "out.png"]);
}

#[test]
fn what_a_killed_program_left_half_written_is_taken_away() {
    let room = room();
    room.write(".parallax-Ab3dEf9hIj.tmp", b"half a picture");
    room.say("apply in.png -o out.png").assert_done();
    assert_eq!(room.names(), ["in.png", "out.png"]);
}

#[test]
fn the_photo_is_never_the_target() {
    let room = room();
    let before = fs::read(room.path("in.png")).unwrap();
    for words in ["", "--overwrite"] {
        room.say(&format!("apply in.png -o in.png {words}"))
            .assert_refused(4, &["in.png"]);
        room.say(&format!("apply in.png -o ./in.png {words}"))
            .assert_refused(4, &["in.png"]);
    }
    assert_eq!(fs::read(room.path("in.png")).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn the_photo_is_never_the_target_through_links() {
    let room = room();
    let before = fs::read(room.path("in.png")).unwrap();
    std::os::unix::fs::symlink("in.png", room.path("soft.png")).unwrap();
    fs::hard_link(room.path("in.png"), room.path("hard.png")).unwrap();
    for target in ["soft.png", "hard.png"] {
        for words in ["", "--overwrite"] {
            let line = format!("apply in.png -o {target} --set exposure.ev=1 {words}");
            room.say(&line).assert_refused(4, &[target]);
        }
    }
    for name in ["in.png", "soft.png", "hard.png"] {
        assert_eq!(fs::read(room.path(name)).unwrap(), before, "{name}");
    }
}

#[test]
fn folders_that_are_not_there_and_endings_nobody_writes_are_refused() {
    let room = room();
    room.say("apply in.png -o no/such/out.png")
        .assert_refused(4, &["folder"]);
    room.say("apply in.png -o out.xyz")
        .assert_refused(2, &["out.xyz", ".jpg"]);
    room.say("apply in.png -o out.webp")
        .assert_refused(2, &["out.webp", ".png"]);
    room.say("apply in.png -o out")
        .assert_refused(2, &["out", ".tif"]);
    room.say("apply in.png -o out.jpg --depth 16")
        .assert_refused(2, &["8 bits", ".png"]);
    fs::create_dir(room.path("folder.png")).unwrap();
    room.say("apply in.png -o folder.png --overwrite")
        .assert_refused(4, &["folder.png"]);
    assert_eq!(room.names(), ["folder.png", "in.png"]);
}

#[cfg(unix)]
#[test]
fn a_folder_nobody_may_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let room = room();
    let folder = room.path("closed");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        skipped("this user may write everywhere");
        return;
    }
    room.say("apply in.png -o closed/out.png")
        .assert_refused(4, &["closed/out.png", "permitted"]);
}

/// A shell that limits what may be written and then becomes the program.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_loses_nothing() {
    let room = Room::new();
    save(&rgb8(400, 300), &room.path("in.png"));
    room.write("out.png", "precious");
    // Blocks of 512 or 1024 bytes, by shell; without the trap the signal would kill. The limit is for
    // memory that processes share too: there is room for the photo, not for the picture.
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            script,
            program(),
            "apply",
            "in.png",
            "-o",
            "out.png",
            "--overwrite",
            "--set=resize.long_side=2000",
            "--set=grain",
            "--depth=16",
        ])
        .current_dir(room.folder())
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("out.png"), "{stderr}");
    assert_eq!(fs::read(room.path("out.png")).unwrap(), b"precious");
    assert_eq!(room.names(), ["in.png", "out.png"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_as_such() {
    let room = Room::new();
    save(&rgb8(400, 300), &room.path("in.png"));
    fs::create_dir(room.path("disk")).unwrap();
    let script = "mount -t tmpfs -o size=32k none disk 2>/dev/null || exit 77; \
                  \"$0\" \"$@\"; code=$?; [ -z \"$(ls -A disk)\" ] || exit 78; exit $code";
    let output = std::process::Command::new("unshare")
        .args([
            "-rm",
            "sh",
            "-c",
            script,
            program(),
            "apply",
            "in.png",
            "-o",
            "disk/out.png",
        ])
        .current_dir(room.folder())
        .output();
    let Ok(output) = output else {
        skipped("there is no unshare here");
        return;
    };
    let stderr = String::from_utf8(output.stderr).unwrap();
    if output.status.code() == Some(77) || stderr.contains("unshare") {
        skipped(&format!("no small disk could be mounted: {stderr}"));
        return;
    }
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(
        stderr.contains("no space is left") && stderr.lines().count() == 1,
        "{stderr}"
    );
}

#[test]
fn a_timing_log_that_cannot_be_written_is_a_warning() {
    let room = room();
    let outcome = room.say("apply in.png -o out.png --timings no/such/log.csv");
    assert_eq!(outcome.code, Some(0), "{outcome:?}");
    assert!(
        outcome.stderr.contains("warning") && outcome.stderr.contains("log.csv"),
        "{outcome:?}"
    );
    assert!(room.path("out.png").exists());
}
