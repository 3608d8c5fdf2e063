//! Decoders of the real binary, and what came of a file in words that can be compared.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parallax::backend::decoder::{DecodedPhoto, Decoder, DecoderError, Patience, PhotoFile};
use parallax::backend::processes::WorkerProgram;
use parallax::codecs::{CodecError, Decoded, Limits, Reading, Watch};
use parallax::studio::full_run::hash_samples;

pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_parallax")
}

/// As the program has it.
pub(crate) fn decoder() -> Decoder {
    Decoder::beside(&WorkerProgram::computing(program()))
}

/// One that was taken over, and is waited for no longer than a test may take.
#[cfg(all(feature = "fault-injection", target_os = "linux"))]
pub(crate) fn attacker(acts: &[&str]) -> Decoder {
    let role = ["worker", "--role", "attack", "--"];
    let args = role.iter().chain(acts).map(Into::into).collect();
    let program = program().into();
    Decoder::with_program(WorkerProgram { program, args }).with_patience(Patience {
        at_least: Duration::from_secs(2),
        per_megapixel: Duration::ZERO,
        per_megabyte: Duration::ZERO,
    })
}

/// Impatient, for files of a few pixels.
pub(crate) fn quick(decoder: Decoder) -> Decoder {
    decoder.with_patience(Patience {
        at_least: Duration::from_secs(10),
        ..Patience::default()
    })
}

pub(crate) fn decode(decoder: &Decoder, bytes: &[u8]) -> Result<DecodedPhoto, DecoderError> {
    let file = PhotoFile::from_bytes(bytes).unwrap();
    decoder.decode(&file, &Limits::default(), &Watch::NONE)
}

pub(crate) fn decode_here(bytes: &[u8]) -> Result<Decoded, CodecError> {
    Reading::open(bytes, &Limits::default())?.decode(&Watch::NONE)
}

/// Everything that is known of a decoded file, its pixels by their hash.
pub(crate) fn verdict(decoded: &Decoded) -> String {
    let mut words = String::new();
    let color = &decoded.image.color;
    let icc = color.icc.as_ref().map(|icc| icc.len());
    write!(
        words,
        "{:?} {:?} {:?} {:?} {icc:?} {:?} {}",
        decoded.header,
        decoded.notes,
        decoded.image.layout,
        (&color.name, &color.curves, color.to_working),
        decoded.metadata,
        hash_samples(&decoded.image.samples)
    )
    .unwrap();
    words
}

/// An error with all its causes.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !words.ends_with(&text) {
            words = format!("{words}: {text}");
        }
        next = cause.source();
    }
    words
}

/// What the process and this one say of the same bytes.
pub(crate) fn both(decoder: &Decoder, bytes: &[u8]) -> [String; 2] {
    let there = match decode(decoder, bytes) {
        Ok(photo) => verdict(&photo.decoded),
        Err(DecoderError::Codec(error)) => format!("refused: {}", chain(&error)),
        Err(error) => format!("the decoder failed: {error}"),
    };
    let here = match decode_here(bytes) {
        Ok(decoded) => verdict(&decoded),
        // Libraries' words may end in a line feed, which does not travel.
        Err(error) => {
            let words = chain(&error).replace(char::is_control, "");
            format!("refused: {words}")
        }
    };
    [there, here]
}

/// All files below a folder, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// A picture of a few pixels as a file.
pub(crate) fn small(format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(64, 48, |x, y| {
        image::Rgb([(x * 4) as u8, (y * 5) as u8, (x ^ y) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Whether the long forms of tests were asked for.
pub(crate) fn is_long() -> bool {
    std::env::var_os("PARALLAX_LONG_TESTS").is_some()
}

/// Processes of ours that run at this moment, decoders of other tests left out.
#[cfg(target_os = "linux")]
pub(crate) fn is_alive(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

/// Memory this process holds and has held at most, in bytes.
#[cfg(target_os = "linux")]
pub(crate) fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .unwrap();
    kib.parse::<u64>().unwrap() << 10
}

/// Descriptors this process has open.
#[cfg(target_os = "linux")]
pub(crate) fn n_descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
