//! What a process of its own costs when a photo is opened: decoding here and there in turn, on the
//! photo named by `PARALLAX_PHOTO`.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench tells people, and fails as tests do"
)]

use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use parallax::backend::decoder::{Decoder, PhotoFile};
use parallax::backend::processes::WorkerProgram;
use parallax::codecs::{Limits, Reading, Watch};

const N_RUNS: usize = 15;

fn main() {
    let photo = std::env::var_os("PARALLAX_PHOTO").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/photos/dandelion.jpg"),
        PathBuf::from,
    );
    let bytes = std::fs::read(&photo).unwrap();
    let limits = Limits::default();
    let program = WorkerProgram::computing(env!("CARGO_BIN_EXE_parallax"));
    let decoder = Decoder::beside(&program);
    let file = PhotoFile::from_bytes(&bytes).unwrap();
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..=N_RUNS {
        times[0].push(ms(|| {
            let decoded = Reading::open(&bytes, &limits).unwrap().decode(&Watch::NONE);
            black_box(decoded.unwrap());
        }));
        times[1].push(ms(|| {
            black_box(decoder.decode(&file, &limits, &Watch::NONE).unwrap());
        }));
        times[2].push(ms(|| {
            let decoded = Reading::open(&std::fs::read(&photo).unwrap(), &limits)
                .unwrap()
                .decode(&Watch::NONE);
            let decoded = decoded.unwrap();
            // What somebody does with a picture first: read it all.
            black_box(sum(decoded.image.samples.as_ref().bytes()));
        }));
        times[3].push(ms(|| {
            let opened = decoder.open(&photo, &limits, &Watch::NONE, <[u8]>::len);
            let (opened, _) = opened.unwrap();
            black_box(sum(opened.decoded.image.samples.as_ref().bytes()));
        }));
        times[4].push(ms(|| {
            black_box(decoder.probe().unwrap());
        }));
    }
    let names = [
        "decoded here",
        "decoded by a process",
        "read, decoded here, looked at",
        "read, decoded by a process, looked at",
        "a process started and asked",
    ];
    for (name, times) in names.iter().zip(&mut times) {
        // The first is for what a first time costs.
        times.remove(0);
        times.sort_by(f64::total_cmp);
        let (least, median) = (times[0], times[times.len() / 2]);
        println!("{name:<40} {least:>8.1} ms least, {median:>8.1} ms median");
    }
}

fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte)).sum()
}

fn ms(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1e3
}
