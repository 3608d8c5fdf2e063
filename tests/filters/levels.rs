//! Every filter at every SIMD level this machine has: the same bytes.

use std::process::Command;

use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Samples};
use parallax::pixels::simd::SimdLevel;
use sha2::{Digest as _, Sha256};

use super::{PHOTO, filters, reduced, rendered};

const PRINTS: &str = "levels::this_process_prints_its_hashes";
const ASKED: &str = "PARALLAX_TEST_PRINTS_HASHES";

/// The other test runs this one in processes of their own: a process has one level.
#[test]
fn this_process_prints_its_hashes() {
    if std::env::var_os(ASKED).is_none() {
        return;
    }
    let size = Size::new(203, 131);
    let photo = reduced(&PHOTO, size);
    for (spec, recipe) in filters() {
        let Samples::U16(samples) = rendered(&photo, size, 1.0, &recipe, Depth::Sixteen).samples
        else {
            unreachable!("sixteen bits were asked for")
        };
        let bytes: Vec<u8> = samples
            .iter()
            .flat_map(|sample| sample.to_le_bytes())
            .collect();
        println!("hash {} {:x}", spec.id, Sha256::digest(&bytes));
    }
}

fn hashes_at(level: SimdLevel) -> Vec<String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", PRINTS, "--nocapture"])
        .env(ASKED, "1")
        .env("PARALLAX_SIMD", level.name())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{level}: {text}");
    let hashes = text.lines().filter_map(|line| line.split_once("hash "));
    hashes.map(|(_, hash)| hash.to_owned()).collect()
}

#[test]
fn every_level_gives_the_same_bytes() {
    let expected = hashes_at(SimdLevel::Portable);
    assert_eq!(expected.len(), filters().count());
    for level in SimdLevel::available() {
        assert_eq!(hashes_at(level), expected, "{level}");
    }
}
