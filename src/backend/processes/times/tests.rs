//! Where a tile's times come to lie on our clock.

use super::*;
use crate::pixels::geometry::Rect;

fn header(started_ns: u64, computed_ns: u64) -> DoneHeader {
    DoneHeader {
        rect: Rect::default(),
        received_ns: started_ns,
        started_ns,
        computed_ns,
        storage_ns: 0,
        core_before: None,
        core_after: None,
        cpu_ns: None,
        steps: Vec::new(),
        is_in_arena: false,
    }
}

fn bounds(times: &Times, header: &DoneHeader) -> Vec<(u64, u64)> {
    let phases = times.phases(header);
    phases
        .iter()
        .map(|span| (span.start_ns, span.end_ns))
        .collect()
}

#[test]
fn the_workers_times_are_told_on_our_clock() {
    // Theirs is 1000 ahead.
    let times = Times {
        sent_ns: (100, 150),
        offset: ClockOffset::estimate(0, 1000, 0),
        received_ns: 500,
        pasted_ns: (520, 530),
    };
    let expected = [(100, 150), (150, 200), (200, 400), (400, 500), (520, 530)];
    assert_eq!(bounds(&times, &header(1200, 1400)), expected);
}

#[test]
fn computing_keeps_its_length_when_the_clock_is_off() {
    for offset_ns in [0, 700, 5000] {
        let times = Times {
            sent_ns: (1000, 1100),
            offset: ClockOffset::estimate(0, offset_ns, 0),
            received_ns: 2000,
            pasted_ns: (2000, 2100),
        };
        let (started_ns, computed_ns) = bounds(&times, &header(2000, 2600))[2];
        assert_eq!(computed_ns - started_ns, 600);
        assert!(started_ns >= 1000 && computed_ns <= 2000);
    }
}

#[test]
fn a_clock_that_is_off_cannot_make_phases_overlap() {
    for (started_ns, computed_ns) in [(0, 0), (0, 9999), (120, 10), (9999, 9999)] {
        for sent_ns in [(100, 0), (100, 150), (100, 700), (0, 0)] {
            let times = Times {
                sent_ns,
                offset: ClockOffset::default(),
                received_ns: 500,
                pasted_ns: (520, 530),
            };
            let bounds = bounds(&times, &header(started_ns, computed_ns));
            let moments: Vec<_> = bounds
                .iter()
                .flat_map(|(start, end)| [*start, *end])
                .collect();
            assert!(moments.is_sorted(), "{moments:?}");
        }
    }
}

#[test]
fn a_wait_for_slow_storage_lies_before_computing() {
    let times = Times {
        sent_ns: (100, 110),
        offset: ClockOffset::default(),
        received_ns: 500,
        pasted_ns: (500, 510),
    };
    let header = DoneHeader {
        storage_ns: 150,
        ..header(300, 400)
    };
    let phases = times.phases(&header);
    let waited = phases
        .iter()
        .find(|span| span.phase == Phase::SlowStorage)
        .unwrap();
    assert_eq!((waited.start_ns, waited.end_ns), (150, 300));
    // One that says it waited for longer than it had the tile is not believed.
    let header = DoneHeader {
        storage_ns: u64::MAX,
        ..header
    };
    let bounds = bounds(&times, &header);
    assert!(bounds.windows(2).all(|pair| pair[0].1 <= pair[1].0));
    assert_eq!(bounds[0].0, 100);
}
