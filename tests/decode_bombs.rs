//! Small files that claim to be enormous: refused from the header, in words, before memory is taken.
//! One test in a program of its own, for it looks at how much memory the whole program ever held.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use parallax::backend::decoder::{DecoderError, PhotoFile};
use parallax::codecs::{CodecError, LimitError, Limits, Watch};

use bomb_files::{bmp, gif, jpeg, png, pnm, tiff};
use scene::{decode, decode_here, decoder, small};

#[path = "decode_worker/bomb_files.rs"]
mod bomb_files;
#[expect(dead_code, reason = "made for another test program too")]
#[path = "decode_worker/scene.rs"]
mod scene;

#[test]
fn bombs_cost_no_memory() {
    // Once for what a first time costs.
    assert!(decode(&decoder(), &small(image::ImageFormat::Png)).is_ok());
    #[cfg(target_os = "linux")]
    let before = scene::peak_bytes();
    enormous_claims_are_refused_from_the_header();
    bombs_without_limits_are_contained_all_the_same();
    #[cfg(target_os = "linux")]
    {
        let grown = scene::peak_bytes() - before;
        assert!(grown < 64 << 20, "{grown} bytes");
    }
}

fn enormous_claims_are_refused_from_the_header() {
    let decoder = decoder();
    for (name, bomb) in [
        ("PNG of 1 gigapixel", png(32_000, 32_000)),
        ("PNG of 100 gigapixels", png(316_000, 316_000)),
        ("PNG of the largest numbers", png(0x7fff_ffff, 0x7fff_ffff)),
        ("JPEG of 4 gigapixels", jpeg(65_500, 65_500)),
        ("GIF of 4 gigapixels", gif(65_500, 65_500)),
        ("BMP of 4 gigapixels", bmp(60_000, 60_000)),
        ("TIFF of 10 gigapixels", tiff(100_000, 100_000)),
        ("PNM of 10 gigapixels", pnm(100_000, 100_000)),
    ] {
        let error = decode(&decoder, &bomb).unwrap_err();
        let DecoderError::Codec(CodecError::OverLimits(limit)) = &error else {
            panic!("{name}: {error:?}");
        };
        let words = limit.to_string();
        let is_told = match limit {
            LimitError::Megapixels { .. } => words.contains("--max-megapixels"),
            _ => words.contains("65535"),
        };
        assert!(is_told, "{name}: {words}");
        let here = decode_here(&bomb).unwrap_err();
        assert_eq!(here.to_string(), error.to_string(), "{name}");
    }
}

/// Should a limit be forgotten somewhere: what a file claims costs address space, not memory.
fn bombs_without_limits_are_contained_all_the_same() {
    let nothing_is_too_large = Limits {
        max_megapixels: u32::MAX,
        max_side_px: u32::MAX,
        max_decoded_bytes: u64::MAX,
        ..Limits::default()
    };
    for bomb in [
        png(32_000, 32_000),
        png(0x7fff_ffff, 0x7fff_ffff),
        pnm(40_000, 40_000),
    ] {
        let file = PhotoFile::from_bytes(&bomb).unwrap();
        let outcome = decoder().decode(&file, &nothing_is_too_large, &Watch::NONE);
        match outcome {
            Ok(photo) => assert!(photo.decoded.notes[0].to_string().starts_with("damaged")),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(decode(&decoder(), &small(image::ImageFormat::Png)).is_ok());
}
