//! What a lock promises, told by the events alone: one computes, all wait side by side, and the
//! pixels are those of one core.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::backend::Backend;
use crate::backend::cancel::Cancel;
use crate::backend::render::{Render, Schedule};
use crate::backend::single::Single;
use crate::pixels::color::ColorSpace;
use crate::pixels::convert::OutputFormat;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{Depth, Image, Layout, Samples};
use crate::pixels::patterns::busy;
use crate::plan::{self, PhotoForm, Plan};
use crate::recipe::{Catalogue, set};
use crate::telemetry::event::{Event, Phase, PhaseSpan, TileRecord};
use crate::telemetry::ids::RunId;
use crate::telemetry::sink::Recorder;

use super::GlobalLock;

const SHORT: Duration = Duration::from_micros(200);

fn plan_for(image: &Image, edits: &[&str]) -> Plan {
    let edits: Vec<String> = edits.iter().map(|edit| (*edit).to_owned()).collect();
    let recipe = set::from_flags(&edits, &Catalogue::default()).unwrap();
    let form = PhotoForm::of(image);
    let output = OutputFormat {
        layout: form.output_layout(&recipe),
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    plan::build(&recipe, &form, output).unwrap()
}

/// The pixels, and every tile as it was recorded.
fn run(plan: &Plan, image: &Image, backend: &dyn Backend) -> (Samples, Vec<TileRecord>) {
    let region = Rect::of(plan.output_size());
    let schedule = Schedule::new(plan, region, Some(48), backend.n_workers()).unwrap();
    let recorder = Recorder::new(100_000);
    let render = Render {
        run: RunId(1),
        plan,
        schedule: &schedule,
        photo: image.view(),
        events: &recorder,
        cancel: &Cancel::default(),
    };
    let samples = render.run(backend).unwrap().samples;
    let tiles = recorder.take().events.into_iter();
    let tiles = tiles.filter_map(|event| match event {
        Event::Tile(tile) => Some(tile),
        _ => None,
    });
    (samples, tiles.collect())
}

/// All stretches of some phases, in order of their start.
fn spans(tiles: &[TileRecord], phases: &[Phase]) -> Vec<PhaseSpan> {
    let of_tiles = tiles.iter().flat_map(|tile| &tile.phases);
    let mut spans: Vec<PhaseSpan> = of_tiles
        .filter(|span| phases.contains(&span.phase))
        .copied()
        .collect();
    spans.sort_by_key(|span| (span.start_ns, span.end_ns));
    spans
}

/// The most stretches that hold at one moment.
fn most_at_once(spans: &[PhaseSpan]) -> usize {
    let at_start = |one: &PhaseSpan| {
        let holds =
            |other: &&PhaseSpan| other.start_ns <= one.start_ns && one.start_ns < other.end_ns;
        spans.iter().filter(holds).count()
    };
    spans.iter().map(at_start).max().unwrap_or(0)
}

#[test]
fn of_a_hundred_workers_one_computes_at_any_moment() {
    let image = busy(Size::new(900, 700), Layout::Rgb, Depth::Eight);
    let plan = plan_for(&image, &["exposure.ev=0.5", "bilateral.radius=3"]);
    let lock = GlobalLock::new(100, SHORT, Duration::ZERO).unwrap();
    let (pixels, tiles) = run(&plan, &image, &lock);
    let holds = spans(&tiles, &[Phase::Computing, Phase::Writing]);
    for pair in holds.windows(2) {
        assert!(pair[0].end_ns <= pair[1].start_ns, "{pair:?}");
    }
    let workers: BTreeSet<_> = tiles.iter().map(|tile| tile.worker).collect();
    assert!(workers.len() > 1, "the lock went round");
    let waits = spans(&tiles, &[Phase::LockWait]);
    assert!(most_at_once(&waits) > 1, "the others waited meanwhile");
    let single = run(&plan, &image, &Single::default()).0;
    assert!(pixels == single, "the lock changes no byte");
}

#[test]
fn a_holder_that_is_asked_lets_go_in_the_middle_of_a_tile() {
    let image = busy(Size::new(640, 640), Layout::Rgb, Depth::Eight);
    let plan = plan_for(
        &image,
        &["noise-reduction.luminance=60", "bilateral.radius=8"],
    );
    let lock = GlobalLock::new(4, SHORT, Duration::ZERO).unwrap();
    let tiles = run(&plan, &image, &lock).1;
    let stretches = |tile: &TileRecord| {
        let computing = tile.phases.iter();
        computing
            .filter(|span| span.phase == Phase::Computing)
            .count()
    };
    assert!(tiles.iter().any(|tile| stretches(tile) > 1), "{tiles:?}");
    for tile in &tiles {
        for pair in tile.phases.windows(2) {
            assert!(pair[0].end_ns <= pair[1].start_ns, "{pair:?}");
        }
        let steps_ns: u64 = tile.steps.iter().map(|step| step.elapsed_ns).sum();
        let computed_ns = tile.phase_ns(Phase::Computing);
        assert!(
            steps_ns <= computed_ns,
            "{steps_ns} > {computed_ns}: waits are no step's work"
        );
    }
}

#[test]
fn work_that_waits_waits_side_by_side_and_computes_alone() {
    let image = busy(Size::new(400, 300), Layout::Rgb, Depth::Eight);
    let plan = plan_for(&image, &["exposure.ev=0.5"]);
    let wait = Duration::from_millis(20);
    let lock = GlobalLock::new(100, SHORT, wait).unwrap();
    let (pixels, tiles) = run(&plan, &image, &lock);
    let waits = spans(&tiles, &[Phase::SlowStorage]);
    assert_eq!(waits.len(), tiles.len());
    assert!(waits.iter().all(|span| span.duration_ns() >= 20_000_000));
    assert!(most_at_once(&waits) > tiles.len() / 2);
    let holds = spans(&tiles, &[Phase::Computing, Phase::Writing]);
    assert_eq!(most_at_once(&holds), 1);
    let single = Single::with_storage_wait(Duration::from_millis(1));
    let (yardstick, one_by_one) = run(&plan, &image, &single);
    assert_eq!(most_at_once(&spans(&one_by_one, &[Phase::SlowStorage])), 1);
    assert!(pixels == yardstick, "waiting changes no byte");
}

#[test]
fn a_stop_reaches_everybody() {
    let image = busy(Size::new(400, 300), Layout::Rgb, Depth::Eight);
    let plan = plan_for(&image, &["exposure.ev=0.5"]);
    let lock = GlobalLock::new(20, SHORT, Duration::from_millis(50)).unwrap();
    let schedule = Schedule::new(&plan, Rect::of(image.size), Some(16), 20).unwrap();
    let recorder = Recorder::new(100_000);
    let cancel = Cancel::default();
    let render = Render {
        run: RunId(1),
        plan: &plan,
        schedule: &schedule,
        photo: image.view(),
        events: &recorder,
        cancel: &cancel,
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(12));
            cancel.stop();
        });
        let stopped = render.run(&lock);
        assert!(matches!(
            stopped,
            Err(crate::backend::BackendError::Stopped)
        ));
    });
    // The lock was let go: the next run gets it.
    assert_eq!(run(&plan, &image, &lock).0.len(), 400 * 300 * 3);
}
