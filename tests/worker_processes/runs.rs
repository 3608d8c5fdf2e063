//! Runs in which nobody dies: bytes, records, stops.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::{Processes, Transport};
use parallax::backend::single::Single;
use parallax::backend::{Backend as _, BackendError};
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Image, Layout, Samples};
use parallax::plan::Plan;
use parallax::recipe::Recipe;
use parallax::telemetry::clock::now_ns;
use parallax::telemetry::event::{Event, Phase, PhaseSpan};
use parallax::telemetry::ids::WorkerIdx;
use parallax::telemetry::sink::{Recorder, Sink};

use crate::scene::{
    everything, exposure, in_two_passes, photo, plain, plan, pool, pool_by, render,
};

#[test]
fn every_number_of_workers_and_tile_size_gives_the_bytes_of_one_thread() {
    let size = Size::new(211, 163);
    let forms = [
        (Layout::Rgb, Depth::Eight, Depth::Eight),
        (Layout::Rgba, Depth::Sixteen, Depth::Sixteen),
        (Layout::Gray, Depth::Eight, Depth::Sixteen),
    ];
    let pools = [
        pool_by(1, Transport::Pipes),
        pool_by(2, Transport::SharedMemory),
        pool_by(3, Transport::Pipes),
        pool_by(7, Transport::SharedMemory),
    ];
    for (layout, depth, output_depth) in forms {
        let image = photo(size, layout, depth);
        let copying = plan(&image, &Recipe::empty(), depth);
        let fused = plan(&image, &everything(), output_depth);
        let split = in_two_passes(fused.clone());
        for plan in [copying, fused, split] {
            let expected = plain((&plan, &image, 1024), &Single::default());
            for pool in &pools {
                for tile_px in [17, 64, 1024] {
                    let got = plain((&plan, &image, tile_px), pool);
                    let n_workers = pool.n_workers();
                    assert!(
                        got == expected,
                        "{layout:?} {n_workers} workers, tile {tile_px}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_tile_record_tells_all_phases_in_order_on_our_clock() {
    let image = photo(Size::new(300, 200), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &exposure(), Depth::Eight);
    let pool = pool(2);
    let began_ns = now_ns();
    let recorder = Recorder::new(1000);
    render((&plan, &image, 64), &pool, &recorder, &Cancel::default()).unwrap();
    let ended_ns = now_ns();
    assert!(pool.spawn_ns_since(began_ns) > 0 && pool.spawn_ns_since(ended_ns) == 0);
    let (mut n_tiles, mut bytes_out) = (0, 0);
    for event in recorder.take().events {
        let Event::Tile(tile) = event else { continue };
        n_tiles += 1;
        bytes_out += tile.bytes_out;
        let order = tile.phases.iter().map(|span| span.phase);
        let phases = [
            Phase::Sending,
            Phase::Queued,
            Phase::Computing,
            Phase::Receiving,
            Phase::Writing,
        ];
        assert!(order.eq(phases));
        assert!(
            tile.phases
                .windows(2)
                .all(|pair| pair[0].end_ns <= pair[1].start_ns)
        );
        assert!(tile.phases.iter().all(|span| span.start_ns <= span.end_ns));
        assert!(tile.start_ns() >= began_ns && tile.end_ns() <= ended_ns);
        assert!(tile.phase_ns(Phase::Computing) > 0 && !tile.steps.is_empty());
        assert!(tile.bytes_in > tile.rect_in_frame.area() * 3);
    }
    assert_eq!(n_tiles, 5 * 4);
    let pixels = 300 * 200 * 3;
    assert!(
        bytes_out > pixels && bytes_out < pixels + pixels / 10,
        "{bytes_out}"
    );
}

#[test]
fn a_run_stops_at_once_and_its_workers_live_on() {
    let image = photo(Size::new(1000, 750), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let expected = plain((&plan, &image, 1024), &Single::default());
    for way in Transport::ALL {
        stop_after_some_tiles((&plan, &image), &expected, &pool_by(2, way));
    }
}

fn stop_after_some_tiles((plan, image): (&Plan, &Image), expected: &Samples, pool: &Processes) {
    pool.start().unwrap();
    let pids = pool.worker_pids();
    for n_tiles in [1, 3, 9] {
        let cancel = Cancel::default();
        let stopper = Stopper {
            cancel: cancel.clone(),
            n_left: AtomicUsize::new(n_tiles),
            stopped_at: Mutex::default(),
        };
        let result = render((plan, image, 100), pool, &stopper, &cancel);
        assert!(matches!(result, Err(BackendError::Stopped)), "{result:?}");
        // Generous, for machines with much else to do; the aim is 50 ms.
        let stopped_at = stopper.stopped_at.lock().unwrap().unwrap();
        assert!(stopped_at.elapsed() < Duration::from_secs(2));
        assert!(
            plain((plan, image, 512), pool) == *expected,
            "no late answer is pasted"
        );
    }
    assert_eq!(pool.worker_pids(), pids);
}

/// Stops a run after some tiles.
struct Stopper {
    cancel: Cancel,
    n_left: AtomicUsize,
    stopped_at: Mutex<Option<Instant>>,
}

impl Sink for Stopper {
    fn record(&self, event: Event) {
        if matches!(event, Event::Tile(_)) && self.n_left.fetch_sub(1, Ordering::SeqCst) == 1 {
            *self.stopped_at.lock().unwrap() = Some(Instant::now());
            self.cancel.stop();
        }
    }
}

#[test]
fn tiles_that_wait_for_slow_storage_wait_side_by_side_and_say_so() {
    let image = photo(Size::new(300, 200), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &exposure(), Depth::Eight);
    let expected = plain((&plan, &image, 64), &Single::default());
    for transport in [Transport::Pipes, Transport::SharedMemory] {
        let pool = pool_by(3, transport);
        pool.start().unwrap();
        pool.set_storage_wait(Duration::from_millis(15));
        assert_eq!(pool.storage_wait(), Duration::from_millis(15));
        let recorder = Recorder::new(1000);
        let cancel = Cancel::default();
        let samples = render((&plan, &image, 64), &pool, &recorder, &cancel).unwrap();
        assert!(samples == expected);
        let mut waits = Vec::new();
        for event in recorder.take().events {
            let Event::Tile(tile) = event else { continue };
            let waited = |span: &&PhaseSpan| span.phase == Phase::SlowStorage;
            let wait = *tile.phases.iter().find(waited).unwrap();
            assert!(wait.duration_ns() >= 15_000_000, "{wait:?}");
            waits.push((tile.worker, wait));
        }
        assert_eq!(waits.len(), 20);
        let meet = |(worker, wait): &(WorkerIdx, PhaseSpan)| {
            waits.iter().any(|(other, at)| {
                other != worker && at.start_ns < wait.end_ns && wait.start_ns < at.end_ns
            })
        };
        assert!(waits.iter().filter(|wait| meet(wait)).count() > 10);
        // The same pool without waits: nobody waits any more.
        pool.set_storage_wait(Duration::ZERO);
        let recorder = Recorder::new(1000);
        render((&plan, &image, 64), &pool, &recorder, &cancel).unwrap();
        let waits = |event: &Event| match event {
            Event::Tile(tile) => tile
                .phases
                .iter()
                .any(|span| span.phase == Phase::SlowStorage),
            _ => false,
        };
        assert!(!recorder.take().events.iter().any(waits));
    }
}
