//! Headers there and back, any bytes instead of them, and strings nobody should print.

use proptest::prelude::*;

use super::*;
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout};
use crate::plan::graph::SourceForm;

fn plan() -> Plan {
    let color = ColorSpace::display_p3();
    Plan {
        version: PLAN_VERSION,
        source: SourceForm {
            size: Size::new(60, 40),
            layout: Layout::Rgba,
            depth: Depth::Sixteen,
            color: color.clone(),
        },
        passes: Vec::new(),
        output: OutputFormat {
            layout: Layout::Rgba,
            depth: Depth::Eight,
            color,
            dither: true,
        },
        is_copy: false,
    }
}

fn done() -> DoneHeader {
    DoneHeader {
        rect: Rect::new(1, 2, 3, 4),
        received_ns: 5,
        started_ns: 6,
        computed_ns: u64::MAX,
        storage_ns: 11,
        core_before: None,
        core_after: Some(7),
        cpu_ns: Some(8),
        steps: vec![StepTime {
            step_idx: 9,
            elapsed_ns: 10,
        }],
        is_in_arena: true,
    }
}

#[test]
fn headers_come_out_as_they_went_in() {
    let (plan, pass_idx) = (plan(), 3);
    let photo = SharedPhoto {
        id: 3,
        name: "/proc/1/fd/2".to_owned(),
    };
    let sent = JobRef {
        pass_idx,
        plan: &plan,
        photo: Some(&photo),
        storage_wait_ns: 12,
    };
    let job: Job = decode(&encode(&sent)).unwrap();
    assert_eq!((job.pass_idx, &job.plan), (pass_idx, &plan));
    assert_eq!((job.photo, job.storage_wait_ns), (Some(photo), 12));
    assert_eq!(decode::<DoneHeader>(&encode(&done())).unwrap(), done());
    let hello = Hello::own();
    assert_eq!(decode::<Hello>(&encode(&hello)).unwrap(), hello);
}

#[test]
fn headers_cut_short_or_too_long_are_refused() {
    let bytes = encode(&done());
    for len in 0..bytes.len() {
        assert!(decode::<DoneHeader>(&bytes[..len]).is_err(), "{len}");
    }
    assert!(decode::<DoneHeader>(&[&bytes[..], &[0]].concat()).is_err());
}

#[test]
fn ends_that_differ_say_in_what() {
    let ours = Hello::own();
    assert_eq!(
        ours.mismatch(&Hello {
            pid: 1,
            ..ours.clone()
        }),
        None
    );
    let older = Hello {
        protocol: 0,
        ..ours.clone()
    };
    let what = ours.mismatch(&older).unwrap();
    assert!(what.contains("protocol version is 0"), "{what}");
    let other = Hello {
        build: "0.0.0\u{1b}[2J".to_owned(),
        ..ours.clone()
    };
    let what = ours.mismatch(&other).unwrap();
    assert!(what.contains("build is 0.0.0[2J, ours"), "{what}");
}

proptest! {
    #[test]
    fn any_bytes_decode_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        // Neither panics nor takes memory a false length asks for.
        decode::<Hello>(&bytes).ok();
        decode::<Job>(&bytes).ok();
        decode::<TileHeader>(&bytes).ok();
        decode::<DoneHeader>(&bytes).ok();
        decode::<Failure>(&bytes).ok();
    }

    #[test]
    fn text_is_short_and_cannot_steer_a_terminal(text in "\\PC{0,20}[\\x00-\\x9f]{0,5000}.{0,2000}") {
        let text = harmless(&text);
        prop_assert!(text.len() <= MAX_TEXT_BYTES);
        prop_assert!(!text.chars().any(char::is_control));
    }
}
