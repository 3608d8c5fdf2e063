//! Workers killed while they work, and workers whose parent goes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::Transport;
use parallax::backend::single::Single;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::telemetry::event::{DeathCause, Event, WorkerChange};
use parallax::telemetry::sink::{Recorder, Sink};

use crate::scene::{
    deaths, everything, exposure, is_alive, kill_9, photo, plain, plan, pool, pool_by, program,
    render,
};

/// Kills workers with a signal when tiles are done, and keeps all events.
pub(crate) struct Killer {
    pub(crate) recorder: Recorder,
    pids: Mutex<BTreeMap<u16, u32>>,
    n_tiles: AtomicUsize,
    /// After how many tiles somebody dies.
    every: usize,
    n_kills: usize,
}

impl Killer {
    pub(crate) fn new(every: usize, n_kills: usize) -> Self {
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
                if n_tiles.is_multiple_of(self.every) && n_tiles / self.every <= self.n_kills {
                    // The worker that delivered this tile computes another one now.
                    kill_9(self.pids.lock().unwrap()[&tile.worker.0]);
                }
            }
            _ => {}
        }
        self.recorder.record(event);
    }
}

#[test]
fn killed_workers_are_named_and_replaced_and_the_bytes_are_right() {
    let image = photo(Size::new(640, 480), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let expected = plain((&plan, &image, 1024), &Single::default());
    for (n_workers, way) in [
        (1, Transport::Pipes),
        (1, Transport::SharedMemory),
        (2, Transport::SharedMemory),
        (3, Transport::Pipes),
    ] {
        let pool = pool_by(n_workers, way);
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
        let names: BTreeSet<_> = tiles.iter().map(|tile| (tile.pass, tile.tile)).collect();
        assert_eq!(names.len(), tiles.len(), "each tile is delivered once");
        let last_pass = names.last().unwrap().0;
        let of_picture = tiles.iter().filter(|tile| tile.pass == last_pass);
        let area: u64 = of_picture.map(|tile| tile.rect_in_frame.area()).sum();
        assert_eq!(area, plan.output_size().area());
        assert!(tiles.iter().any(|tile| tile.attempt > 1));
        // Warm and well after all that.
        assert!(plain((&plan, &image, 40), &pool) == expected);
    }
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
fn workers_that_die_while_they_are_sent_a_large_tile_are_replaced() {
    let image = photo(Size::new(3000, 2000), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &exposure(), Depth::Eight);
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
