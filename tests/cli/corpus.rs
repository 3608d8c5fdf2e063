//! Files of every make, sound and broken: opened, or refused in clear words; never a panic.

use std::path::Path;

use super::room::{Room, files_below};
use super::support::corpus;

/// Opens with `info` and with `apply`; both must do it or say why not.
fn check(room: &Room, file: &Path) -> bool {
    let mut is_opened = true;
    for args in [vec!["info"], vec!["apply", "-o", "out.png", "--overwrite"]] {
        let words = args.iter().map(std::ffi::OsStr::new);
        let outcome = room.run(words.chain([file.as_os_str()])).assert_no_panic();
        let name = file.file_name().unwrap().to_str().unwrap();
        match outcome.code {
            Some(0) => {}
            Some(3) => {
                is_opened = false;
                outcome.assert_refused(3, &[name]);
            }
            _ => panic!("{name}: {outcome:?}"),
        }
    }
    is_opened
}

#[test]
fn every_format_opens_or_is_refused_in_clear_words() {
    let Some(formats) = corpus("formats") else {
        return;
    };
    let room = Room::new();
    let mut refused = Vec::new();
    for file in files_below(&formats) {
        if !check(&room, &file) {
            refused.push(file.strip_prefix(&formats).unwrap().display().to_string());
        }
    }
    // What must open: everything that is not of a format left to later versions.
    let unexpected: Vec<&String> = refused
        .iter()
        .filter(|name| !name.starts_with("avif/") && !name.starts_with("jxl/"))
        .collect();
    for folder in ["png/", "webp/", "saturated/", "jpeg-reference/"] {
        let of_folder = unexpected.iter().find(|name| name.starts_with(folder));
        assert!(of_folder.is_none(), "{of_folder:?} of {unexpected:?}");
    }
}

#[test]
fn every_malformed_file_opens_or_is_refused_in_clear_words() {
    let Some(malformed) = corpus("malformed") else {
        return;
    };
    let room = Room::new();
    for file in files_below(&malformed) {
        check(&room, &file);
    }
}

#[test]
fn a_strict_apply_refuses_what_a_usual_one_warns_of() {
    let Some(photos) = corpus("photos") else {
        return;
    };
    let room = Room::new();
    let whole = std::fs::read(photos.join("piazza-10mp.jpg")).unwrap();
    let apply = |name: &str, words: &str| {
        let line =
            format!("apply {name} -o out.jpg --overwrite --set resize.long_side=200 {words}");
        room.say(&line)
    };
    room.write("whole.jpg", &whole);
    apply("whole.jpg", "--strict").assert_done();
    // A scan of JPEG is read as far as it goes; of its first bytes nothing comes to be seen.
    let header_len = whole.len() / 400;
    for (percent, len) in [(50, whole.len() / 2), (95, whole.len() / 20 * 19)] {
        let name = format!("cut-{percent}.jpg");
        room.write(&name, &whole[..len]);
        std::fs::remove_file(room.path("out.jpg")).ok();
        let refused = apply(&name, "--strict");
        refused.assert_refused(3, &[&name, "damaged", "% read", "--strict"]);
        assert!(!room.path("out.jpg").exists());
        let opened = apply(&name, "").assert_done();
        assert!(opened.stderr.contains("damaged: "), "{}", opened.stderr);
    }
    room.write("nothing.jpg", &whole[..header_len]);
    let outcome = apply("nothing.jpg", "");
    let words = [
        "next to nothing of it could be read",
        "the JPEG data is damaged",
    ];
    assert!(
        words.iter().any(|words| outcome.stderr.contains(words)),
        "{outcome:?}"
    );
    apply("nothing.jpg", "--strict").assert_refused(3, &["nothing.jpg"]);
}

#[test]
fn every_beginning_of_a_file_opens_or_is_refused() {
    let room = Room::new();
    let picture = super::pictures::rgb8(40, 30);
    for ending in ["png", "jpg", "tif", "bmp", "gif", "webp"] {
        let whole = room.path(&format!("whole.{ending}"));
        if picture.save(&whole).is_err() {
            // The reference library writes no lossy WebP.
            continue;
        }
        let bytes = std::fs::read(&whole).unwrap();
        let n_beginnings = 12;
        for n in 0..n_beginnings {
            let part = room.write(
                &format!("part.{ending}"),
                &bytes[..bytes.len() * n / n_beginnings],
            );
            check(&room, &part);
        }
    }
}
