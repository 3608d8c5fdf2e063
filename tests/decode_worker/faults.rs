//! Decoders that crash, hang, eat memory or lie: each costs one error, in words, in time.

use std::time::{Duration, Instant};

use parallax::backend::decoder::DecoderError;

use crate::scene::{attacker, decode, decoder, quick, small};

fn error_of(acts: &[&str]) -> DecoderError {
    let began = Instant::now();
    let error = decode(&attacker(acts), &small(image::ImageFormat::Png)).unwrap_err();
    // Two seconds of patience for each of three steps, and a machine that is busy.
    assert!(
        began.elapsed() < Duration::from_secs(30),
        "{acts:?}: {error}"
    );
    error
}

#[test]
fn a_decoder_that_dies_is_told_with_its_stage_and_its_signal() {
    for (acts, stage, how) in [
        (&["abort"][..], "reading the header", "signal: 6"),
        (&["overflow"], "reading the header", "signal: 6"),
        (&["panic"], "reading the header", "exit status: 101"),
        (&["exit"], "reading the header", "exit status: 0"),
        (&["take-file", "header", "abort"], "decoding", "signal: 6"),
        (
            &["take-file", "header", "take-memory", "exit"],
            "decoding",
            "exit status: 0",
        ),
    ] {
        let error = error_of(acts);
        let DecoderError::Crashed { pid, .. } = &error else {
            panic!("{acts:?}: {error:?}");
        };
        let words = error.to_string();
        for part in [stage, how, &format!("worker {pid}")] {
            assert!(words.contains(part), "{part} in {words}");
        }
        assert!(!words.contains('\n'), "{words}");
    }
    assert!(decode(&decoder(), &small(image::ImageFormat::Png)).is_ok());
}

#[test]
fn a_decoder_that_hangs_or_loops_is_ended() {
    for acts in [
        &["sleep"][..],
        &["spin"],
        &["take-file", "header", "spin"],
        &["take-file", "header", "take-memory", "sleep"],
    ] {
        let error = error_of(acts);
        assert!(
            matches!(error, DecoderError::TooSlow { seconds: 2, .. }),
            "{acts:?}: {error:?}"
        );
    }
}

#[test]
fn a_decoder_that_eats_memory_is_told_so_and_takes_nothing_with_it() {
    for acts in [&["eat-memory"][..], &["take-file", "header", "eat-memory"]] {
        let error = error_of(acts);
        let DecoderError::OutOfMemory { limit_bytes, .. } = error else {
            panic!("{acts:?}: {error:?}");
        };
        // Two gibibytes and four times a file of a few thousand bytes.
        assert!((2 << 30..(2 << 30) + (1 << 20)).contains(&limit_bytes));
    }
}

/// Below what its address space may be, and above what a small picture explains.
#[test]
fn a_decoder_that_uses_more_memory_than_its_picture_takes_is_ended() {
    for acts in [
        &["touch-memory"][..],
        &["take-file", "header", "take-memory", "touch-memory"],
    ] {
        // It needs its time until it has taken so much.
        let decoder = quick(attacker(acts));
        let error = decode(&decoder, &small(image::ImageFormat::Png)).unwrap_err();
        let DecoderError::OutOfMemory { limit_bytes, .. } = error else {
            panic!("{acts:?}: {error:?}");
        };
        assert!((512 << 20..(512 << 20) + (1 << 20)).contains(&limit_bytes));
    }
}

#[test]
fn what_makes_no_sense_is_not_believed() {
    for acts in [
        &["garbage", "sleep"][..],
        &["long", "sleep"],
        &["take-file", "header-huge", "sleep"],
        &["take-file", "done", "sleep"],
        &["take-file", "header", "take-memory", "header", "sleep"],
        &["take-file", "header", "take-memory", "many-notes", "sleep"],
    ] {
        let error = error_of(acts);
        assert!(
            matches!(error, DecoderError::Nonsense { .. }),
            "{acts:?}: {error:?}"
        );
    }
}

/// It may lie about the size within its limits: then the picture is of that size, all zeros, and no
/// byte of anything else.
#[test]
fn a_lie_within_the_limits_gives_an_empty_picture_of_what_was_asked_for() {
    let acts = ["take-file", "header-lie", "take-memory", "done", "sleep"];
    let photo = decode(&attacker(&acts), &small(image::ImageFormat::Png)).unwrap();
    let image = &photo.decoded.image;
    assert_eq!((image.size.width, image.size.height), (128, 48));
    assert!(image.samples.as_ref().bytes().iter().all(|byte| *byte == 0));
}

/// A decoder that keeps its map of the picture is dead before anybody reads it.
#[test]
fn nobody_writes_to_a_picture_that_is_being_read() {
    let acts = [
        "take-file",
        "header",
        "take-memory-and-keep-it",
        "done",
        "sleep",
    ];
    let photo = decode(&attacker(&acts), &small(image::ImageFormat::Png)).unwrap();
    assert_eq!(photo.decoded.image.samples.len(), 64 * 48 * 3);
}

#[test]
fn floods_are_bounded() {
    let error = error_of(&["flood", "abort"]);
    let words = error.to_string();
    assert!(words.len() < 5000, "{}", words.len());
    let error = error_of(&["take-file", "header", "progress-flood"]);
    assert!(matches!(error, DecoderError::TooSlow { .. }), "{error:?}");
}
