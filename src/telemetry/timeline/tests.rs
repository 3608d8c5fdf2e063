//! Lanes against a reference that looks at every nanosecond on its own.

use proptest::prelude::*;

use super::sweep::{Claim, sweep};
use super::{Bar, Timeline};
use crate::telemetry::event::{DeathCause, Event, Phase, PhaseSpan, WorkerChange, WorkerEvent};
use crate::telemetry::ids::WorkerIdx;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::samples::{RUN, run, tile};

fn run_of(n_workers: u16, wall_ns: u64, tiles: &[(u32, u16)]) -> RunWithEvents {
    RunWithEvents {
        record: run("processes", n_workers, wall_ns),
        tiles: tiles
            .iter()
            .map(|&(idx, worker)| tile(idx, worker))
            .collect(),
        events: Vec::new(),
    }
}

fn assert_partitions(bars: &[Bar], start_ns: u64, end_ns: u64) {
    let mut at_ns = start_ns;
    for bar in bars {
        assert_eq!(bar.start_ns, at_ns);
        assert!(bar.end_ns > bar.start_ns);
        at_ns = bar.end_ns;
    }
    assert_eq!(at_ns, end_ns);
}

#[test]
fn bars_partition_the_run_and_gaps_are_waiting() {
    let run = run_of(2, 2000, &[(0, 0), (1, 0)]);
    let timeline = Timeline::of(&run);
    assert_eq!((timeline.start_ns, timeline.end_ns), (1000, 3000));
    let [busy, idle] = &timeline.workers[..] else {
        panic!("{timeline:?}");
    };
    assert_partitions(&busy.bars, 1000, 3000);
    assert_partitions(&idle.bars, 1000, 3000);
    let times = busy.times();
    assert_eq!(times.of(Phase::Computing), 600);
    assert_eq!(times.of(Phase::Sending), 200);
    assert_eq!(times.of(Phase::Receiving), 100);
    assert_eq!(times.of(Phase::Waiting), 1100);
    assert_eq!(times.total_ns(), 2000);
    assert_eq!(times.share(Phase::Computing), 0.3);
    assert_eq!(idle.times().of(Phase::Waiting), 2000);
    assert_eq!((busy.n_tiles, idle.n_tiles), (2, 0));
}

#[test]
fn sending_the_next_tile_is_hidden_behind_computing_this_one() {
    let mut run = run_of(1, 1000, &[(0, 0), (1, 0)]);
    run.tiles[1].phases = vec![
        PhaseSpan::new(Phase::Sending, 1150, 1250),
        PhaseSpan::new(Phase::Queued, 1250, 1420),
        PhaseSpan::new(Phase::Computing, 1420, 1500),
    ];
    let bars: Vec<(u64, u64, Phase, Option<usize>)> = Timeline::of(&run).workers[0]
        .bars
        .iter()
        .map(|bar| (bar.start_ns, bar.end_ns, bar.phase, bar.tile_record))
        .collect();
    assert_eq!(
        bars,
        vec![
            (1000, 1100, Phase::Sending, Some(0)),
            (1100, 1400, Phase::Computing, Some(0)),
            (1400, 1420, Phase::Receiving, Some(0)),
            (1420, 1500, Phase::Computing, Some(1)),
            (1500, 2000, Phase::Waiting, None),
        ]
    );
}

#[test]
fn core_lanes_show_only_what_is_known() {
    let mut run = run_of(2, 4000, &[(0, 0), (1, 1), (2, 0)]);
    run.tiles[2].core = None;
    let cores = Timeline::of(&run).cores;
    assert_eq!(
        cores.iter().map(|lane| lane.core).collect::<Vec<_>>(),
        [0, 1]
    );
    assert_eq!(cores[0].busy_ns(), 300);
    assert!(
        cores
            .iter()
            .flat_map(|lane| &lane.bars)
            .all(|bar| bar.phase == Phase::Computing)
    );
}

#[test]
fn core_lanes_hold_the_writing_of_those_who_compute_there_themselves() {
    let mut run = run_of(2, 4000, &[(0, 0), (1, 1)]);
    let phases = |start| {
        vec![
            PhaseSpan::new(Phase::Computing, start, start + 100),
            PhaseSpan::new(Phase::Writing, start + 100, start + 130),
        ]
    };
    run.tiles[0].phases = phases(1000);
    run.tiles[1].phases = phases(1000);
    let sent = PhaseSpan::new(Phase::Receiving, 1130, 1140);
    run.tiles[1].phases.push(sent);
    let cores = Timeline::of(&run).cores;
    assert_eq!(cores[0].busy_ns(), 130);
    assert_eq!(cores[1].busy_ns(), 100, "the parent wrote it, elsewhere");
}

#[test]
fn a_lane_knows_its_processes_and_their_deaths() {
    let mut run = run_of(1, 4000, &[(0, 0)]);
    let event = |pid, at_ns, change| {
        Event::Worker(WorkerEvent {
            run: Some(RUN),
            worker: WorkerIdx(0),
            pid: Some(pid),
            at_ns,
            change,
            tile: None,
        })
    };
    run.events = vec![
        event(41, 1000, WorkerChange::Ready),
        event(41, 1200, WorkerChange::Died(DeathCause::Signal(9))),
        event(42, 1300, WorkerChange::Started),
    ];
    let lane = &Timeline::of(&run).workers[0];
    assert_eq!(lane.pids, [41, 42]);
    assert_eq!(lane.deaths_ns, [1200]);
}

#[test]
fn spans_outside_the_run_are_cut_to_it() {
    let mut run = run_of(1, 500, &[(0, 0)]);
    run.tiles[0].phases = vec![
        PhaseSpan::new(Phase::Sending, 10, 900),
        PhaseSpan::new(Phase::Computing, 900, 9000),
    ];
    let timeline = Timeline::of(&run);
    assert_partitions(&timeline.workers[0].bars, 1000, 1500);
    assert_eq!(timeline.workers[0].times().of(Phase::Computing), 500);
}

#[test]
fn a_run_without_workers_has_no_lanes() {
    assert!(Timeline::of(&RunWithEvents::default()).workers.is_empty());
}

proptest! {
    #[test]
    fn every_nanosecond_has_the_highest_claim(
        claims in prop::collection::vec((0u64..60, 0u64..20, 0u8..4), 0..12)
    ) {
        let claims: Vec<Claim> = claims
            .into_iter()
            .map(|(start_ns, length, rank)| Claim { start_ns, end_ns: start_ns + length, rank })
            .collect();
        let stretches = sweep(&claims);
        for at_ns in 0..80 {
            let expected = (0..claims.len())
                .filter(|&idx| claims[idx].start_ns <= at_ns && at_ns < claims[idx].end_ns)
                .max_by_key(|&idx| (claims[idx].rank, claims[idx].start_ns, idx));
            let ours: Vec<usize> = stretches
                .iter()
                .filter(|stretch| stretch.start_ns <= at_ns && at_ns < stretch.end_ns)
                .map(|stretch| stretch.claim_idx)
                .collect();
            prop_assert_eq!(ours, expected.into_iter().collect::<Vec<_>>());
        }
        for pair in stretches.windows(2) {
            prop_assert!(pair[0].end_ns <= pair[1].start_ns);
        }
    }
}
