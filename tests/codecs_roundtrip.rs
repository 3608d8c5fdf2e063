//! What is encoded comes back: samples, profile, EXIF; and what is too large is refused at once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Cursor, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use parallax::codecs::metadata::{Metadata, icc_write, orientation};
use parallax::codecs::{
    CodecError, DecodeRequest, Decoded, EncodeFormat, EncodeRequest, LimitError, Limits, Note,
    Subsampling, Watch, decode, encode, inspect,
};
use parallax::pixels::color::ColorSpace;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Image, Layout, Samples};

const LAYOUTS: [Layout; 4] = [Layout::Gray, Layout::GrayAlpha, Layout::Rgb, Layout::Rgba];

/// Ramps that differ in every channel, with enough change to use every sample value.
fn picture(size: Size, layout: Layout, depth: Depth) -> Image {
    let n = layout.channels();
    let value = |i: usize| {
        let (px, c) = (i / n, i % n);
        let (x, y) = (px % size.width as usize, px / size.width as usize);
        (x * (37 + c) + y * (311 + 7 * c) + c * 9001) * 13 % 65536
    };
    let indices = 0..size.area() as usize * n;
    let samples = match depth {
        Depth::Eight => Samples::U8(indices.map(|i| (value(i) >> 8) as u8).collect()),
        Depth::Sixteen => Samples::U16(indices.map(|i| value(i) as u16).collect()),
    };
    Image::new(size, layout, samples, Arc::new(ColorSpace::srgb()))
}

fn encoded(
    format: EncodeFormat,
    image: &Image,
    metadata: &Metadata,
    icc: Option<&[u8]>,
) -> Vec<u8> {
    let request = EncodeRequest {
        format,
        image,
        metadata,
        icc,
    };
    let mut out = Cursor::new(Vec::new());
    encode(&request, &mut out, &Watch::NONE).unwrap();
    out.into_inner()
}

fn decoded(bytes: Vec<u8>) -> Result<Decoded, CodecError> {
    let request = DecodeRequest {
        bytes: Arc::new(bytes),
        limits: Limits::default(),
    };
    decode(&request, &Watch::NONE)
}

#[test]
fn png_and_tiff_give_back_every_sample() {
    for size in [
        Size::new(67, 41),
        Size::new(1, 1),
        Size::new(1, 300),
        Size::new(700, 2),
    ] {
        for layout in LAYOUTS {
            for depth in [Depth::Eight, Depth::Sixteen] {
                let image = picture(size, layout, depth);
                for format in [EncodeFormat::Png, EncodeFormat::Tiff] {
                    let bytes = encoded(format, &image, &Metadata::default(), None);
                    let back = decoded(bytes).unwrap();
                    assert_eq!(back.image.layout, layout, "{format:?}");
                    assert_eq!(
                        back.image.samples, image.samples,
                        "{format:?} {layout:?} {depth:?}"
                    );
                    assert!(back.notes.is_empty(), "{:?}", back.notes);
                }
            }
        }
    }
}

/// A soft ramp, which JPEG keeps well.
fn ramp(size: Size, layout: Layout) -> Image {
    let n = layout.channels();
    let samples = (0..size.area() as usize * n)
        .map(|i| {
            let (px, c) = (i / n, i % n);
            ((px % size.width as usize) * 2 + c * 20 + px / size.width as usize) as u8
        })
        .collect();
    Image::new(
        size,
        layout,
        Samples::U8(samples),
        Arc::new(ColorSpace::srgb()),
    )
}

#[test]
fn jpeg_comes_back_close_at_every_subsampling() {
    let size = Size::new(61, 47);
    for layout in [Layout::Gray, Layout::Rgb] {
        let image = ramp(size, layout);
        for subsampling in [Subsampling::S444, Subsampling::S422, Subsampling::S420] {
            let format = EncodeFormat::Jpeg {
                quality: 95,
                subsampling,
            };
            let back = decoded(encoded(format, &image, &Metadata::default(), None)).unwrap();
            let (Samples::U8(a), Samples::U8(b)) = (&image.samples, &back.image.samples) else {
                panic!("eight bits");
            };
            let worst = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
            assert!(worst <= 8, "{layout:?} {subsampling:?}: {worst}");
        }
    }
}

#[test]
fn jpeg_lays_transparency_over_white_and_says_so() {
    let pixel = Samples::U8([200, 100, 0, 128].repeat(64));
    let image = Image::new(
        Size::new(8, 8),
        Layout::Rgba,
        pixel,
        Arc::new(ColorSpace::srgb()),
    );
    let request = EncodeRequest {
        format: EncodeFormat::JPEG,
        image: &image,
        metadata: &Metadata::default(),
        icc: None,
    };
    let mut out = Cursor::new(Vec::new());
    let notes = encode(&request, &mut out, &Watch::NONE).unwrap();
    assert_eq!(notes, [Note::AlphaFlattened]);
    let Samples::U8(back) = decoded(out.into_inner()).unwrap().image.samples else {
        panic!("eight bits");
    };
    for (value, expected) in back.iter().zip([227_u8, 177, 127]) {
        assert!(value.abs_diff(expected) <= 2, "{value} {expected}");
    }
}

#[test]
fn sixteen_bits_are_refused_by_jpeg() {
    let image = picture(Size::new(4, 4), Layout::Rgb, Depth::Sixteen);
    let request = EncodeRequest {
        format: EncodeFormat::JPEG,
        image: &image,
        metadata: &Metadata::default(),
        icc: None,
    };
    let outcome = encode(&request, &mut Cursor::new(Vec::new()), &Watch::NONE);
    assert!(matches!(outcome, Err(CodecError::Unsupported(_))));
}

/// An EXIF block, big-endian: a make, an orientation of 6, an exposure time of 1/250 s.
fn exif() -> Vec<u8> {
    [
        &b"MM\0\x2A\0\0\0\x08\0\x03"[..],
        b"\x01\x0F\0\x02\0\0\0\x07\0\0\0\x32",
        b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0",
        b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x3A",
        b"\0\0\0\0",
        b"Tester\0\0",
        b"\0\x01\x82\x9A\0\x05\0\0\0\x01\0\0\0\x4C\0\0\0\0",
        b"\0\0\0\x01\0\0\0\xFA",
    ]
    .concat()
}

#[test]
fn profile_and_exif_are_carried_and_the_picture_stays_upright() {
    let metadata = Metadata {
        exif: Some(exif().into()),
        ..Metadata::default()
    };
    assert_eq!(orientation::orientation_of(&exif()), Some(6));
    let p3 = ColorSpace::display_p3();
    let icc = icc_write::encode(&p3).unwrap();
    let size = Size::new(20, 10);
    let image = ramp(size, Layout::Rgb);
    for format in [EncodeFormat::JPEG, EncodeFormat::Png, EncodeFormat::Tiff] {
        let back = decoded(encoded(format, &image, &metadata, Some(&icc))).unwrap();
        assert_eq!(back.image.size, size, "{format:?}");
        assert_eq!(back.header.orientation, 1, "{format:?}");
        assert_eq!(back.metadata.icc.as_deref(), Some(&icc[..]), "{format:?}");
        assert!(back.image.color.same_meaning(&p3), "{format:?}");
        assert_eq!(
            back.header.profile.as_deref(),
            Some("Display P3"),
            "{format:?}"
        );
        assert_eq!(
            back.header.camera.make.as_deref(),
            Some("Tester"),
            "{format:?}"
        );
        assert_eq!(back.header.camera.exposure_s, Some(0.004), "{format:?}");
    }
}

#[test]
fn metadata_that_is_too_large_is_dropped_with_a_note() {
    let metadata = Metadata {
        exif: Some(vec![7; 100_000].into()),
        ..Metadata::default()
    };
    let image = ramp(Size::new(4, 4), Layout::Rgb);
    let bytes = encoded(
        EncodeFormat::Png,
        &image,
        &metadata,
        Some(&vec![0; 5 << 20]),
    );
    let back = decoded(bytes).unwrap();
    assert_eq!(back.metadata, Metadata::default());
    assert_eq!(back.notes.len(), 2, "{:?}", back.notes);
    assert_eq!(back.image.samples, image.samples);
}

#[test]
fn written_profiles_say_what_was_meant() {
    for space in [
        ColorSpace::srgb(),
        ColorSpace::display_p3(),
        ColorSpace::wide(),
    ] {
        let bytes = icc_write::encode(&space).unwrap();
        assert_eq!(bytes, icc_write::encode(&space).unwrap());
        let image = ramp(Size::new(8, 8), Layout::Rgb);
        let file = encoded(
            EncodeFormat::Png,
            &image,
            &Metadata::default(),
            Some(&bytes),
        );
        let back = decoded(file).unwrap().image.color;
        assert!(back.same_meaning(&space), "{}", space.name);
    }
}

#[test]
fn a_broken_profile_is_dropped_with_a_note() {
    let image = ramp(Size::new(8, 8), Layout::Rgb);
    let good = icc_write::encode(&ColorSpace::display_p3()).unwrap();
    for bad in [&b"nonsense"[..], &good[..200], &[0; 3000]] {
        for format in [EncodeFormat::JPEG, EncodeFormat::Png, EncodeFormat::Tiff] {
            let back = decoded(encoded(format, &image, &Metadata::default(), Some(bad))).unwrap();
            assert_eq!(back.image.color.name, "sRGB");
            let is_told = |note: &Note| note.to_string().contains("sRGB assumed");
            assert!(
                back.notes.iter().any(is_told),
                "{format:?} {:?}",
                back.notes
            );
        }
    }
}

/// A PNG header chunk and an empty data chunk.
fn png_bomb(width: u32, height: u32) -> Vec<u8> {
    let mut file = encoded(
        EncodeFormat::Png,
        &ramp(Size::new(1, 1), Layout::Rgb),
        &Metadata::default(),
        None,
    );
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32fast::hash(&file[12..29]);
    file[29..33].copy_from_slice(&sum.to_be_bytes());
    file
}

#[test]
fn bombs_are_refused_from_the_header() {
    let mut jpeg = encoded(
        EncodeFormat::JPEG,
        &ramp(Size::new(8, 8), Layout::Rgb),
        &Metadata::default(),
        None,
    );
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
    let mut gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0".to_vec();
    gif.extend_from_slice(b",\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\0;");
    let bmp = [
        &b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"[..],
        &60_000_i32.to_le_bytes(),
        &60_000_i32.to_le_bytes(),
        b"\x01\0\x18\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    ]
    .concat();
    let mut tiff = encoded(
        EncodeFormat::Tiff,
        &ramp(Size::new(1, 1), Layout::Gray),
        &Metadata::default(),
        None,
    );
    for tag in [256_u16, 257] {
        let entry = [&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0]].concat();
        let at = tiff.windows(8).position(|w| w == entry).unwrap();
        tiff[at + 8..at + 12].copy_from_slice(&60_000_u32.to_le_bytes());
    }
    let ppm = b"P6 60000 60000 255\n".to_vec();
    for bomb in [png_bomb(60_000, 60_000), jpeg, gif, bmp, tiff, ppm] {
        let started = Instant::now();
        let kind = String::from_utf8_lossy(&bomb[..4]).into_owned();
        let error = decoded(bomb.clone()).unwrap_err();
        let CodecError::OverLimits(LimitError::Megapixels { limit_mp: 500, .. }) = error else {
            panic!("{kind}: {error:?}");
        };
        assert!(inspect(&bomb, &Limits::default()).is_err());
        assert!(started.elapsed().as_secs() < 5, "{kind}");
    }
    let wide = decoded(png_bomb(1_000_000, 1)).unwrap_err();
    assert!(
        matches!(wide, CodecError::OverLimits(LimitError::Side { .. })),
        "{wide:?}"
    );
}

/// Takes bytes until its stop flag is set from inside.
struct Stopping<'a> {
    flag: &'a AtomicBool,
    n_written: &'a AtomicUsize,
}

impl Write for Stopping<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.n_written.fetch_add(bytes.len(), Ordering::Relaxed);
        self.flag.store(true, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Seek for Stopping<'_> {
    fn seek(&mut self, _: SeekFrom) -> std::io::Result<u64> {
        Ok(self.n_written.load(Ordering::Relaxed) as u64)
    }
}

#[test]
fn encoders_stop_soon_after_the_flag_is_set() {
    let size = Size::new(1500, 1500);
    for (format, depth) in [
        (EncodeFormat::JPEG, Depth::Eight),
        (EncodeFormat::Png, Depth::Sixteen),
        (EncodeFormat::Tiff, Depth::Sixteen),
    ] {
        let image = picture(size, Layout::Rgb, depth);
        let (flag, n_written) = (AtomicBool::new(false), AtomicUsize::new(0));
        let mut out = Stopping {
            flag: &flag,
            n_written: &n_written,
        };
        let request = EncodeRequest {
            format,
            image: &image,
            metadata: &Metadata::default(),
            icc: None,
        };
        let outcome = encode(&request, &mut out, &Watch::cancel(&flag));
        assert!(
            matches!(outcome, Err(CodecError::Cancelled)),
            "{format:?} {outcome:?}"
        );
        let whole = encoded(format, &image, &Metadata::default(), None).len();
        assert!(
            n_written.load(Ordering::Relaxed) < whole / 2 + (1 << 19),
            "{format:?}"
        );
    }
}

#[test]
fn decoders_stop_when_the_flag_is_set() {
    let image = picture(Size::new(300, 300), Layout::Rgb, Depth::Eight);
    let flag = AtomicBool::new(true);
    for format in [EncodeFormat::JPEG, EncodeFormat::Png, EncodeFormat::Tiff] {
        let request = DecodeRequest {
            bytes: Arc::new(encoded(format, &image, &Metadata::default(), None)),
            limits: Limits::default(),
        };
        let outcome = decode(&request, &Watch::cancel(&flag));
        assert!(matches!(outcome, Err(CodecError::Cancelled)), "{format:?}");
    }
}
