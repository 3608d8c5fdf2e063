//! The processes backend from outside: real workers of the real binary, killed and stopped at will.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::{Processes, WorkerProgram};
use parallax::backend::render::{Render, Schedule};
use parallax::backend::single::Single;
use parallax::backend::{Backend, BackendError};
use parallax::filters::registry::FILTERS;
use parallax::filters::value::Values;
use parallax::pixels::color::ColorSpace;
use parallax::pixels::convert::OutputFormat;
use parallax::pixels::geometry::{Rect, Size};
use parallax::pixels::image::{Depth, Image, Layout, Samples};
use parallax::pixels::simd::SimdLevel;
use parallax::plan::graph::{Input, PassOutput};
use parallax::plan::{PhotoForm, Plan, build};
use parallax::recipe::Recipe;
use parallax::telemetry::event::{DeathCause, Event, Phase, WorkerChange};
use parallax::telemetry::ids::RunId;
use parallax::telemetry::sink::{NullSink, Recorder, Sink};

fn program() -> WorkerProgram {
    WorkerProgram::computing(env!("CARGO_BIN_EXE_parallax"))
}

fn pool(n_workers: usize) -> Processes {
    Processes::new(n_workers, program()).unwrap()
}

/// A picture in which no two rows and few pixels are alike.
fn photo(size: Size, layout: Layout, depth: Depth) -> Image {
    let len = size.area() as usize * layout.channels();
    let mix = |i: usize| (i as u32).wrapping_mul(2_654_435_761) >> 9;
    let samples = match depth {
        Depth::Eight => Samples::U8((0..len).map(|i| mix(i) as u8).collect()),
        Depth::Sixteen => Samples::U16((0..len).map(|i| mix(i) as u16).collect()),
    };
    Image::new(size, layout, samples, Arc::new(ColorSpace::srgb()))
}

/// Every filter there is, as it is when it is added.
fn everything() -> Recipe {
    FILTERS.iter().fold(Recipe::empty(), |recipe, filter| {
        let values = Values::on_add(filter.spec());
        recipe.inserted(filter.spec(), &values).0
    })
}

fn plan(image: &Image, recipe: &Recipe, depth: Depth) -> Plan {
    let form = PhotoForm::of(image);
    let output = OutputFormat {
        layout: form.output_layout(recipe),
        depth,
        color: ColorSpace::display_p3(),
        dither: false,
    };
    build(recipe, &form, output).unwrap()
}

/// The same plan with the whole picture stored as planes in between.
fn in_two_passes(mut plan: Plan) -> Plan {
    let mut last = plan.passes.pop().unwrap();
    let mut first = last.clone();
    first.steps.truncate(1);
    first.output = PassOutput::Planes {
        n_planes: plan.n_planes() as u8,
    };
    last.steps.remove(0);
    last.input = Some(Input::Pass(plan.passes.len() as u16));
    plan.passes.extend([first, last]);
    plan
}

fn render(
    (plan, image, tile_px): (&Plan, &Image, u32),
    backend: &dyn Backend,
    events: &dyn Sink,
    cancel: &Cancel,
) -> Result<Samples, BackendError> {
    let region = Rect::of(plan.output_size());
    let schedule = Schedule::new(plan, region, Some(tile_px), backend.n_workers()).unwrap();
    let render = Render {
        run: RunId(1),
        plan,
        schedule: &schedule,
        photo: image.view(),
        events,
        cancel,
    };
    render.run(backend).map(|rendered| rendered.samples)
}

fn plain(job: (&Plan, &Image, u32), backend: &dyn Backend) -> Samples {
    render(job, backend, &NullSink, &Cancel::default()).unwrap()
}

#[test]
fn every_number_of_workers_and_tile_size_gives_the_bytes_of_one_thread() {
    let size = Size::new(211, 163);
    let forms = [
        (Layout::Rgb, Depth::Eight, Depth::Eight),
        (Layout::Rgba, Depth::Sixteen, Depth::Sixteen),
        (Layout::Gray, Depth::Eight, Depth::Sixteen),
    ];
    let pools: Vec<_> = [1, 2, 3, 7].into_iter().map(pool).collect();
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

/// Kills workers with a signal when tiles are done, and keeps all events.
struct Killer {
    recorder: Recorder,
    pids: Mutex<BTreeMap<u16, u32>>,
    n_tiles: AtomicUsize,
    /// After how many tiles somebody dies.
    every: usize,
    n_kills: usize,
}

impl Killer {
    fn new(every: usize, n_kills: usize) -> Self {
        Self {
            recorder: Recorder::new(100_000),
            pids: Mutex::default(),
            n_tiles: AtomicUsize::new(0),
            every,
            n_kills,
        }
    }
}

impl Sink for Killer {
    fn record(&self, event: Event) {
        match &event {
            Event::Worker(worker) if worker.change == WorkerChange::Ready => {
                let mut pids = self.pids.lock().unwrap();
                pids.insert(worker.worker.0, worker.pid.unwrap());
            }
            Event::Tile(tile) => {
                let n_tiles = self.n_tiles.fetch_add(1, Ordering::SeqCst) + 1;
                if n_tiles % self.every == 0 && n_tiles / self.every <= self.n_kills {
                    // The worker that delivered this tile computes another one now.
                    kill_9(self.pids.lock().unwrap()[&tile.worker.0]);
                }
            }
            _ => {}
        }
        self.recorder.record(event);
    }
}

fn kill_9(pid: u32) {
    let pid = rustix::process::Pid::from_raw(pid.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).ok();
}

fn is_alive(pid: u32) -> bool {
    std::path::Path::new(&format!("/proc/{pid}")).exists()
}

fn deaths(events: &[Event]) -> Vec<(u32, DeathCause)> {
    let death = |event: &Event| match event {
        Event::Worker(worker) => match worker.change {
            WorkerChange::Died(cause) => Some((worker.pid.unwrap(), cause)),
            _ => None,
        },
        _ => None,
    };
    events.iter().filter_map(death).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn killed_workers_are_named_and_replaced_and_the_bytes_are_right() {
    let image = photo(Size::new(640, 480), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let expected = plain((&plan, &image, 1024), &Single::default());
    for n_workers in [1, 2, 3] {
        let pool = pool(n_workers);
        let killer = Killer::new(7, 20);
        let got = render((&plan, &image, 40), &pool, &killer, &Cancel::default()).unwrap();
        assert!(got == expected, "{n_workers} workers");
        let events = killer.recorder.take().events;
        let deaths = deaths(&events);
        assert!(deaths.len() >= 10, "{} deaths", deaths.len());
        assert!(
            deaths
                .iter()
                .all(|(_, cause)| *cause == DeathCause::Signal(9))
        );
        assert!(deaths.iter().all(|(pid, _)| !is_alive(*pid)), "all reaped");
        let tiles: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                Event::Tile(tile) => Some(tile),
                _ => None,
            })
            .collect();
        assert_eq!(tiles.len(), 16 * 12, "each tile is delivered once");
        assert!(tiles.iter().any(|tile| tile.attempt > 1));
        // Warm and well after all that.
        assert!(plain((&plan, &image, 40), &pool) == expected);
    }
}

#[test]
fn a_tile_record_tells_all_phases_in_order_on_our_clock() {
    let image = photo(Size::new(300, 200), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let pool = pool(2);
    let began_ns = parallax::telemetry::clock::now_ns();
    let recorder = Recorder::new(1000);
    render((&plan, &image, 64), &pool, &recorder, &Cancel::default()).unwrap();
    let ended_ns = parallax::telemetry::clock::now_ns();
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
    let image = photo(Size::new(2000, 1500), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let expected = plain((&plan, &image, 1024), &Single::default());
    let pool = pool(2);
    pool.start().unwrap();
    let pids = pool.worker_pids();
    for n_tiles in [1, 3, 9] {
        let cancel = Cancel::default();
        let stopper = Stopper {
            cancel: cancel.clone(),
            n_left: AtomicUsize::new(n_tiles),
            stopped_at: Mutex::default(),
        };
        let result = render((&plan, &image, 100), &pool, &stopper, &cancel);
        assert!(matches!(result, Err(BackendError::Stopped)), "{result:?}");
        // Generous, for machines with much else to do; the aim is 50 ms.
        let stopped_at = stopper.stopped_at.lock().unwrap().unwrap();
        assert!(stopped_at.elapsed() < Duration::from_secs(2));
        assert!(
            plain((&plan, &image, 512), &pool) == expected,
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
fn a_program_that_is_missing_is_named_at_once() {
    let program = WorkerProgram::computing("/nowhere/parallax");
    let pool = Processes::new(2, program).unwrap();
    let error = pool.start().unwrap_err();
    assert!(matches!(error, BackendError::Start { .. }), "{error:?}");
    assert!(error.to_string().contains("/nowhere/parallax"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_program_that_is_no_worker_is_given_up_with_its_own_words() {
    let script = "echo cannot open display >&2; exit 3";
    let program = WorkerProgram {
        program: "/bin/sh".into(),
        args: ["-c", script].map(Into::into).into(),
    };
    let error = Processes::new(3, program).unwrap().start().unwrap_err();
    let BackendError::PoolLost { cause } = error else {
        panic!("{error:?}");
    };
    assert!(
        cause.contains("/bin/sh") && cause.contains("exit code 3"),
        "{cause}"
    );
    assert!(cause.contains("cannot open display"), "{cause}");
}

#[test]
#[cfg(unix)]
fn a_program_that_talks_nonsense_is_given_up_and_not_believed() {
    let nonsense = ["yes", "printf 'PLX1%036d' 0; sleep 9", "cat /dev/zero"];
    for script in nonsense {
        let program = WorkerProgram {
            program: "/bin/sh".into(),
            args: ["-c", &format!("exec 2>/dev/null; {script}")]
                .map(Into::into)
                .into(),
        };
        let error = Processes::new(1, program).unwrap().start().unwrap_err();
        assert!(error.to_string().contains("protocol"), "{script}: {error}");
    }
}

/// The real worker, after a shell did something first.
fn after(script: &str) -> WorkerProgram {
    let worker = program();
    let script = format!(
        "{script} exec '{}' worker --role compute",
        worker.program.display()
    );
    WorkerProgram {
        program: "/bin/sh".into(),
        args: ["-c", &script].map(Into::into).into(),
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_of_another_simd_level_is_refused_in_words() {
    let other = SimdLevel::available()
        .into_iter()
        .find(|level| *level != SimdLevel::current());
    let Some(other) = other else {
        eprintln!("SKIPPED: this machine has one SIMD level");
        return;
    };
    let program = after(&format!("PARALLAX_SIMD={other}"));
    let error = Processes::new(1, program).unwrap().start().unwrap_err();
    let BackendError::Start { source, .. } = error else {
        panic!("{error:?}");
    };
    let text = source.to_string();
    assert!(text.contains(&format!("SIMD level is {other}")), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_floods_stderr_works_all_the_same() {
    let image = photo(Size::new(64, 64), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let flood = "head -c 10000000 /dev/zero | tr '\\0' x >&2;";
    let pool = Processes::new(2, after(flood)).unwrap();
    assert!(plain((&plan, &image, 16), &pool) == plain((&plan, &image, 16), &Single::default()));
}

/// Kills the first workers as soon as they are ready, which is when they are sent their tiles.
struct Ambush {
    n_left: AtomicUsize,
    recorder: Recorder,
}

impl Sink for Ambush {
    fn record(&self, event: Event) {
        if let Event::Worker(worker) = &event
            && worker.change == WorkerChange::Ready
            && self.n_left.load(Ordering::SeqCst) > 0
        {
            self.n_left.fetch_sub(1, Ordering::SeqCst);
            kill_9(worker.pid.unwrap());
        }
        self.recorder.record(event);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn workers_that_die_while_they_are_sent_a_large_tile_are_replaced() {
    let image = photo(Size::new(3000, 2000), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let ambush = Ambush {
        n_left: AtomicUsize::new(3),
        recorder: Recorder::new(100),
    };
    let got = render((&plan, &image, 3000), &pool(1), &ambush, &Cancel::default()).unwrap();
    assert!(got == plain((&plan, &image, 512), &Single::default()));
    let deaths = deaths(&ambush.recorder.take().events);
    assert_eq!(deaths.len(), 3);
    assert!(
        deaths
            .iter()
            .all(|(_, cause)| *cause == DeathCause::Signal(9))
    );
}

/// Waits for a process to be gone, or at least dead.
#[cfg(target_os = "linux")]
fn ends_within(pid: u32, at_most: Duration) -> bool {
    let deadline = Instant::now() + at_most;
    let runs = || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        // The state follows the name, which stands in parentheses.
        stat.rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with(['R', 'S', 'D', 'T']))
    };
    while runs() {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_ends_when_its_stdin_does() {
    let program = program();
    let mut worker = std::process::Command::new(program.program)
        .args(program.args)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(!ends_within(worker.id(), Duration::from_millis(200)));
    drop(worker.stdin.take());
    assert!(ends_within(worker.id(), Duration::from_secs(5)));
    assert!(worker.wait().unwrap().success());
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_ends_with_its_parent_though_its_stdin_stays_open() {
    use std::io::{BufRead as _, BufReader};
    let binary = program().program;
    // The shell is the parent; this test holds the other end of the worker's stdin.
    let script = format!(
        "exec 3<&0; '{}' worker --role compute <&3 >/dev/null & echo $!; wait",
        binary.display()
    );
    let mut parent = std::process::Command::new("/bin/sh")
        .args(["-c", &script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut pid = String::new();
    let stdout = parent.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut pid).unwrap();
    let pid = pid.trim().parse().unwrap();
    // Time to come up; a worker killed before would prove nothing.
    assert!(!ends_within(pid, Duration::from_millis(300)));
    kill_9(parent.id());
    assert!(ends_within(pid, Duration::from_secs(5)));
    parent.wait().unwrap();
}
