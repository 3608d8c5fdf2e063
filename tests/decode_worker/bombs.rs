//! Small files that claim to be enormous: refused from the header, in words, before memory is taken.

use parallax::backend::decoder::{DecoderError, PhotoFile};
use parallax::codecs::{CodecError, LimitError, Limits, Watch};

use crate::scene::{both, decode, decode_here, decoder, small};

/// A PNG's header with other sizes, and its checksum right.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = small(image::ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = small(image::ImageFormat::Jpeg);
    let frame = bytes
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn gif(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = b"GIF89a".to_vec();
    bytes.extend_from_slice(&width.to_le_bytes());
    bytes.extend_from_slice(&height.to_le_bytes());
    bytes.extend_from_slice(&[0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
    bytes.extend_from_slice(&[0x2C, 0, 0, 0, 0]);
    bytes.extend_from_slice(&width.to_le_bytes());
    bytes.extend_from_slice(&height.to_le_bytes());
    bytes.extend_from_slice(&[0, 2, 2, 0x44, 1, 0, 0x3B]);
    bytes
}

fn bmp(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = small(image::ImageFormat::Bmp);
    bytes[18..22].copy_from_slice(&width.to_le_bytes());
    bytes[22..26].copy_from_slice(&height.to_le_bytes());
    bytes
}

fn tiff(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    let tags: [(u16, u32); 9] = [
        (256, width),
        (257, height),
        (258, 8),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, height),
        (279, 100),
    ];
    bytes.extend_from_slice(&(tags.len() as u16).to_le_bytes());
    for (tag, value) in tags {
        bytes.extend_from_slice(&tag.to_le_bytes());
        bytes.extend_from_slice(&4_u16.to_le_bytes());
        bytes.extend_from_slice(&1_u32.to_le_bytes());
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes.extend_from_slice(&[0; 4]);
    bytes
}

fn pnm(width: u32, height: u32) -> Vec<u8> {
    format!("P6 {width} {height} 255\nabc").into_bytes()
}

#[test]
fn enormous_claims_are_refused_from_the_header_and_cost_no_memory() {
    let decoder = decoder();
    // Once for what a first time costs.
    assert!(decode(&decoder, &small(image::ImageFormat::Png)).is_ok());
    #[cfg(target_os = "linux")]
    let before = crate::scene::peak_bytes();
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
    #[cfg(target_os = "linux")]
    {
        let grown = crate::scene::peak_bytes() - before;
        assert!(grown < 64 << 20, "{grown} bytes");
    }
}

/// Within the limits, though nearly empty: the memory it takes is what was said, and zero pages of
/// it are never touched before a row arrives.
#[test]
fn four_hundred_megapixels_open_or_are_refused_in_words() {
    let outcome = decode(&decoder(), &jpeg(20_000, 20_000));
    match outcome {
        Ok(photo) => {
            assert_eq!(photo.decoded.image.n_bytes(), 1_200_000_000);
        }
        Err(error) => {
            let words = error.to_string();
            assert!(
                words.contains("memory") || words.contains("damaged"),
                "{words}"
            );
        }
    }
}

/// Should a limit be forgotten somewhere: what a file claims costs address space, not memory.
#[test]
fn bombs_without_limits_are_contained_all_the_same() {
    let nothing_is_too_large = Limits {
        max_megapixels: u32::MAX,
        max_side_px: u32::MAX,
        max_decoded_bytes: u64::MAX,
        ..Limits::default()
    };
    #[cfg(target_os = "linux")]
    let before = crate::scene::peak_bytes();
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
    #[cfg(target_os = "linux")]
    {
        let grown = crate::scene::peak_bytes() - before;
        assert!(grown < 64 << 20, "{grown} bytes");
    }
    assert!(decode(&decoder(), &small(image::ImageFormat::Png)).is_ok());
}

#[test]
fn metadata_of_sixty_megabytes_is_dropped_and_the_picture_opens() {
    let mut file = small(image::ImageFormat::Png);
    let mut chunk = b"eXIf".to_vec();
    chunk.resize(60 << 20, 7);
    let mut whole = ((chunk.len() - 4) as u32).to_be_bytes().to_vec();
    whole.extend_from_slice(&chunk);
    whole.extend_from_slice(&crc32fast::hash(&chunk).to_be_bytes());
    // Behind the header.
    file.splice(33..33, whole);
    let [there, here] = both(&decoder(), &file);
    assert_eq!(there, here);
    let photo = decode(&decoder(), &file).unwrap();
    assert_eq!(photo.decoded.metadata.exif, None);
    assert!(!photo.decoded.notes.is_empty());
}

#[test]
fn limits_of_metadata_hold_in_the_decoder_too() {
    let mut file = small(image::ImageFormat::Jpeg);
    // Seventy segments of a profile make more than is allowed; the picture opens without it.
    let mut segments = Vec::new();
    for idx in 0..70_u8 {
        segments.extend_from_slice(&[0xFF, 0xE2, 0xFF, 0xFF]);
        segments.extend_from_slice(b"ICC_PROFILE\0");
        segments.extend_from_slice(&[idx + 1, 70]);
        segments.extend(std::iter::repeat_n(7, 0xFFFF - 16));
    }
    file.splice(2..2, segments);
    let photo = decode(&decoder(), &file).unwrap();
    assert_eq!(photo.decoded.metadata.icc, None);
    assert!(!photo.decoded.notes.is_empty());
    let few = Limits {
        max_file_bytes: 1000,
        ..Limits::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.jpg");
    std::fs::write(&path, &file).unwrap();
    let refused = decoder().inspect(&path, &few).unwrap_err();
    assert!(refused.to_string().contains("1000"), "{refused}");
}
