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
