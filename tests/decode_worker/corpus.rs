//! Every file of the corpus gets the verdict from a decoder process that it gets without one, and the
//! same pixels; also large ones, at the limits the program has.

use std::time::Duration;

use parallax::codecs::{Limits, Watch};

use crate::scene::{both, decode, decode_here, decoder, files_below, is_long, small};
use crate::support::{corpus, skipped};

fn check(folder: &str) -> Option<usize> {
    let files = files_below(&corpus(folder)?);
    let decoder = decoder();
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let [there, here] = both(&decoder, &bytes);
        assert_eq!(there, here, "{}", path.display());
    }
    Some(files.len())
}

#[test]
fn sound_files_of_every_format_come_out_alike() {
    for (folder, at_least) in [("formats", 100), ("icc", 20), ("orientation", 9)] {
        if let Some(n) = check(folder) {
            assert!(n >= at_least, "{folder}: {n}");
        }
    }
}

#[test]
fn malformed_files_get_the_same_verdict() {
    if let Some(n) = check("malformed") {
        assert!(n > 10, "{n}");
    }
}

/// Up to 58 megapixels, among them a photo of 36.
#[test]
fn photographs_decode_in_the_sandbox_at_the_usual_limits() {
    if let Some(n) = check("photos") {
        assert!(n >= 10, "{n}");
    }
}

#[test]
fn a_picture_of_no_photographer_decodes_without_the_corpus_too() {
    let decoder = decoder();
    for format in [
        image::ImageFormat::Png,
        image::ImageFormat::Jpeg,
        image::ImageFormat::Tiff,
        image::ImageFormat::Bmp,
        image::ImageFormat::Gif,
        image::ImageFormat::WebP,
        image::ImageFormat::Pnm,
    ] {
        let bytes = match format {
            // That encoder takes pictures with transparency alone.
            image::ImageFormat::Gif => {
                let picture = image::load_from_memory(&small(image::ImageFormat::Png)).unwrap();
                let mut bytes = std::io::Cursor::new(Vec::new());
                picture.to_rgba8().write_to(&mut bytes, format).unwrap();
                bytes.into_inner()
            }
            format => small(format),
        };
        let [there, here] = both(&decoder, &bytes);
        assert_eq!(there, here, "{format:?}");
        assert!(!there.starts_with("refused"), "{there}");
    }
}

/// Missing rows are one colour, never what memory held before: twice the same.
#[test]
fn files_cut_short_get_the_same_verdict_twice() {
    let decoder = decoder();
    let step = if is_long() { 1 } else { 4 };
    let mut wholes = vec![
        small(image::ImageFormat::Png),
        small(image::ImageFormat::Jpeg),
        small(image::ImageFormat::Tiff),
    ];
    if let Some(folder) = corpus("formats") {
        let names = [
            "jpeg/progressive3.jpg",
            "png/basn6a16.png",
            "webp/1_webp_a.webp",
        ];
        wholes.extend(names.map(|name| std::fs::read(folder.join(name)).unwrap()));
    }
    for whole in wholes {
        for twentieths in (0..20).step_by(step) {
            let part = &whole[..whole.len() * twentieths / 20];
            let [there, here] = both(&decoder, part);
            assert_eq!(there, here);
            assert_eq!([there, here], both(&decoder, part));
        }
    }
}

/// What a C library does now and then, such as asking for the time zone, must not end the decoder.
#[test]
fn a_decoder_that_waited_decodes_as_well() {
    if !is_long() {
        skipped("a long test: PARALLAX_LONG_TESTS=1 runs it");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slow.png");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    if !made.is_ok_and(|status| status.success()) {
        skipped("no mkfifo here");
        return;
    }
    let bytes = small(image::ImageFormat::Png);
    let writer = {
        let (path, bytes) = (path.clone(), bytes.clone());
        let named = std::thread::Builder::new().name("writer".to_owned());
        named.spawn(move || {
            let mut pipe = std::fs::File::create(path).unwrap();
            std::thread::sleep(Duration::from_secs(30));
            std::io::Write::write_all(&mut pipe, &bytes).unwrap();
        })
    };
    // The decoder is started before the file is read, so it waits for as long as the pipe does.
    let opened = decoder().open(&path, &Limits::default(), &Watch::NONE, <[u8]>::len);
    let (photo, n_bytes) = opened.unwrap();
    writer.unwrap().join().unwrap();
    assert_eq!(n_bytes, bytes.len());
    assert_eq!(
        photo.decoded.image.samples,
        decode_here(&bytes).unwrap().image.samples
    );
    assert!(decode(&decoder(), &bytes).is_ok());
}
