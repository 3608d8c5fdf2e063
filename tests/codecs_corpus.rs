//! Every file of the photo corpus through the codecs. Without the corpus the tests say so and pass.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parallax::codecs::{CodecError, DecodeRequest, Decoded, Limits, Note, Watch, decode};
use parallax::pixels::image::{Image, Samples};

/// The corpus folder, or a loud word that there is none.
fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PARALLAX_CORPUS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let path = root.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no test corpus at {}", path.display());
    None
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn decode_bytes(bytes: Vec<u8>) -> Result<Decoded, CodecError> {
    let request = DecodeRequest {
        bytes: Arc::new(bytes),
        limits: Limits::default(),
    };
    decode(&request, &Watch::NONE)
}

fn decode_path(path: &Path) -> Result<Decoded, CodecError> {
    decode_bytes(std::fs::read(path).unwrap())
}

/// Samples brought to 8 bits, four channels.
fn rgba8(image: &Image) -> Vec<u8> {
    let eight: Vec<u8> = match &image.samples {
        Samples::U8(samples) => samples.clone(),
        Samples::U16(samples) => samples
            .iter()
            .map(|s| ((u32::from(*s) + 128) / 257) as u8)
            .collect(),
    };
    let n = image.layout.channels();
    eight
        .chunks_exact(n)
        .flat_map(|px| match n {
            1 => [px[0], px[0], px[0], 255],
            2 => [px[0], px[0], px[0], px[1]],
            3 => [px[0], px[1], px[2], 255],
            _ => [px[0], px[1], px[2], px[3]],
        })
        .collect()
}

#[test]
fn every_format_opens_or_is_refused_in_words() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    for path in files(&folder) {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        match decode_path(&path) {
            Ok(decoded) => eprintln!(
                "{name}: {:?} {} {:?}",
                decoded.image.size,
                decoded.header.opening,
                decoded
                    .notes
                    .iter()
                    .map(Note::to_string)
                    .collect::<Vec<_>>()
            ),
            Err(error) => eprintln!(
                "{name}: REFUSED {error} {:?}",
                std::error::Error::source(&error).map(|e| e.to_string())
            ),
        }
    }
}

#[test]
fn jpeg_reference_pixels() {
    let Some(folder) = corpus("formats") else {
        return;
    };
    for reference in files(&folder.join("jpeg-reference")) {
        let stem = reference.file_stem().unwrap().to_str().unwrap();
        let jpeg = folder.join("jpeg").join(format!("{stem}.jpg"));
        let ours = match decode_path(&jpeg) {
            Ok(d) => d,
            Err(e) => {
                eprintln!("{stem} REFUSED {e}");
                continue;
            }
        };
        let theirs = decode_path(&reference).unwrap();
        assert_eq!(ours.image.size, theirs.image.size, "{stem}");
        let (a, b) = (rgba8(&ours.image), rgba8(&theirs.image));
        let worst = a.iter().zip(&b).map(|(a, b)| a.abs_diff(*b)).max();
        let mean = a
            .iter()
            .zip(&b)
            .map(|(a, b)| f64::from(a.abs_diff(*b)))
            .sum::<f64>()
            / a.len() as f64;
        eprintln!("{stem}: worst {worst:?} mean {mean:.3} {:?}", ours.notes);
    }
}
