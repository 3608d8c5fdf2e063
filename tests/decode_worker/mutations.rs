//! Files changed at random: whatever comes of it, it comes in time, is told in words, and is the same
//! with a decoder process and without one.

use std::time::{Duration, Instant};

use parallax::backend::decoder::DecoderError;

use crate::scene::{decode, decoder, files_below, is_long, quick, small};
use crate::support::corpus;

/// A generator that gives the same numbers on every machine (xorshift64*, Vigna 2016).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        high as usize % below.max(1)
    }
}

/// Large files take long and are no worse than small ones.
const MAX_SEED_BYTES: usize = 100_000;

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        image::ImageFormat::Png,
        image::ImageFormat::Jpeg,
        image::ImageFormat::Tiff,
        image::ImageFormat::Bmp,
    ]
    .map(small)
    .into();
    for folder in ["formats", "malformed", "icc"] {
        let Some(folder) = corpus(folder) else {
            continue;
        };
        let files = files_below(&folder).into_iter();
        let files = files.map(|path| std::fs::read(path).unwrap());
        seeds.extend(files.filter(|bytes| bytes.len() <= MAX_SEED_BYTES));
    }
    seeds
}

fn mutated(seed: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.roll(8) {
        let at = dice.roll(bytes.len());
        // Headers are at the front: half of the changes fall there.
        let at = if dice.roll(2) == 0 {
            at.min(dice.roll(200))
        } else {
            at
        };
        match dice.roll(5) {
            0 => bytes.truncate(at),
            1 => {
                let part = bytes[at..(at + dice.roll(64)).min(bytes.len())].to_vec();
                let to = dice.roll(bytes.len());
                bytes.splice(to..to, part);
            }
            2 => bytes.get_mut(at).into_iter().for_each(|byte| *byte = 0xff),
            3 => bytes
                .get_mut(at)
                .into_iter()
                .for_each(|byte| *byte ^= 1 << dice.roll(8)),
            _ => bytes
                .get_mut(at)
                .into_iter()
                .for_each(|byte| *byte = dice.roll(256) as u8),
        }
    }
    bytes
}

#[test]
fn mutated_files_open_or_are_refused_in_time() {
    let n_files = if is_long() { 10_000 } else { 300 };
    let (decoder, seeds) = (quick(decoder()), seeds());
    #[cfg(target_os = "linux")]
    let before = crate::scene::n_descriptors();
    let mut dice = Dice(0x5eed);
    let (mut n_opened, mut n_refused, mut slowest) = (0, 0, Duration::ZERO);
    for idx in 0..n_files {
        let seed = &seeds[dice.roll(seeds.len())];
        let bytes = mutated(seed, &mut dice);
        let began = Instant::now();
        match decode(&decoder, &bytes) {
            Ok(_) => n_opened += 1,
            Err(DecoderError::Codec(error)) => {
                assert!(!error.to_string().is_empty());
                n_refused += 1;
            }
            // Nothing of ours panics, loops or eats memory, so that nothing of it dies.
            Err(error) => panic!("file {idx}: {error}"),
        }
        slowest = slowest.max(began.elapsed());
    }
    eprintln!("{n_opened} opened, {n_refused} refused, the slowest in {slowest:?}");
    assert!(n_opened > 0 && n_refused > 0);
    #[cfg(target_os = "linux")]
    {
        // Other tests of this program may have theirs open; a leak would be of hundreds.
        let left = crate::scene::n_descriptors().saturating_sub(before);
        assert!(left < 100, "{left} descriptors were left open");
        let peak = crate::scene::peak_bytes();
        eprintln!("this process held at most {} MiB", peak >> 20);
    }
}
