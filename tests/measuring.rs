//! Measurements against the operating system's own books.

#[expect(dead_code, reason = "these tests need no photos")]
mod support;

use std::collections::BTreeMap;
use std::fs;

use parallax::backend::Backend as _;
use parallax::backend::cancel::Cancel;
use parallax::backend::render::{Render, Schedule};
use parallax::backend::threads::Threads;
use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::OutputFormat;
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Layout};
use parallax::pixels::patterns::busy;
use parallax::plan::{self, PhotoForm};
use parallax::recipe::{Catalogue, set};
use parallax::telemetry::event::Event;
use parallax::telemetry::ids::RunId;
use parallax::telemetry::sink::Recorder;

/// Nanoseconds on a processor, by the scheduler's own account, of this process's threads whose names
/// begin so; by worker. `None` where the system keeps no such books.
fn scheduler_ns(name: &str) -> Option<BTreeMap<u16, u64>> {
    let mut by_worker = BTreeMap::new();
    for task in fs::read_dir("/proc/self/task").ok()? {
        let task = task.ok()?.path();
        let comm = fs::read_to_string(task.join("comm")).ok()?;
        let Some(worker) = comm.trim().strip_prefix(name) else {
            continue;
        };
        let books = fs::read_to_string(task.join("schedstat")).ok()?;
        let on_cpu = books.split_whitespace().next()?.parse().ok()?;
        by_worker.insert(worker.trim().parse().ok()?, on_cpu);
    }
    Some(by_worker)
}

#[test]
fn cpu_time_of_tiles_agrees_with_the_schedulers_account_of_each_thread() {
    let Some(before) = scheduler_ns("no such thread") else {
        support::skipped("the system keeps no account of each thread's time");
        return;
    };
    assert!(before.is_empty());
    let image = busy(Size::new(3600, 2700), Layout::Rgb, Depth::Eight);
    let edits = [
        "bilateral.radius=6".to_owned(),
        "exposure.ev=0.5".to_owned(),
    ];
    let recipe = set::from_flags(&edits, &Catalogue::default()).unwrap();
    let form = PhotoForm::of(&image);
    let output = OutputFormat {
        layout: form.output_layout(&recipe),
        depth: Depth::Eight,
        color: ColorSpace::srgb(),
        dither: false,
    };
    let plan = plan::build(&recipe, &form, output).unwrap();
    let threads = Threads::new(2).unwrap();
    let region = Rect::of(plan.output_size());
    let schedule = Schedule::new(&plan, region, Some(128), threads.n_workers()).unwrap();
    let recorder = Recorder::new(10_000);
    let before = scheduler_ns("worker ").unwrap();
    let render = Render {
        run: RunId(1),
        plan: &plan,
        schedule: &schedule,
        photo: image.view(),
        events: &recorder,
        cancel: &Cancel::default(),
    };
    render.run(&threads).unwrap();
    let after = scheduler_ns("worker ").unwrap();
    let mut of_tiles: BTreeMap<u16, u64> = BTreeMap::new();
    for event in recorder.take().events {
        if let Event::Tile(tile) = event {
            *of_tiles.entry(tile.worker.0).or_default() += tile.cpu_ns.unwrap();
        }
    }
    assert!(
        of_tiles.values().sum::<u64>() > 100_000_000,
        "enough work to compare: {of_tiles:?}"
    );
    for (worker, tiles_ns) in of_tiles {
        let booked_ns = after[&worker] - before.get(&worker).copied().unwrap_or_default();
        let ratio = tiles_ns as f64 / booked_ns as f64;
        // A thread's last slice may be booked a tick late where it still runs.
        let tick_ns = 4_000_000;
        let is_close = (ratio - 1.0).abs() <= 0.05 || tiles_ns.abs_diff(booked_ns) <= tick_ns;
        assert!(
            is_close,
            "worker {worker}: tiles {tiles_ns} ns, scheduler {booked_ns} ns"
        );
    }
}
