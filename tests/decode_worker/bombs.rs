//! Large claims and large metadata within a file: what is allowed opens, what is not is dropped.

use parallax::codecs::Limits;

use crate::bomb_files::jpeg;
use crate::scene::{both, decode, decoder, small};

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
