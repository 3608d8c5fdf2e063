//! The program from outside: run on a small photo with a fault on order, watched while it runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageBuffer, Rgb};
use parallax::telemetry::event::{Event, RunOutcome, WorkerChange};
use parallax::telemetry::export::read;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::invariants::{Aftermath, Before, End, assert_invariants, peak_kib, state_of};

/// Nothing here takes nearly as long; what hangs is a fault.
const HANGS: Duration = Duration::from_mins(2);

/// A zombie seen for longer was forgotten by its parent.
const FORGOTTEN: Duration = Duration::from_secs(3);

/// A photo, what one core makes of it, and a folder of their own.
pub(crate) struct Case {
    folder: TempDir,
    /// Where workers say that they obey an order.
    claims: TempDir,
    n_claims: AtomicU32,
    source: Before,
    edits: String,
    expected: DynamicImage,
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
    pub(crate) wall: Duration,
    pub(crate) seen: Seen,
    /// What happened to workers, from the timing log; empty where none was written.
    pub(crate) changes: Vec<(u32, WorkerChange)>,
    pub(crate) max_attempt: u16,
    /// What the log's reader is told beside figures.
    pub(crate) notes: Vec<String>,
    /// How the run ended and why, by the log; `None` where none was written.
    pub(crate) ended: Option<(RunOutcome, Option<String>)>,
}

/// What was seen from outside while it ran.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    /// All children: the one that decodes the photo, too.
    children: BTreeSet<u32>,
    pub(crate) workers: BTreeSet<u32>,
    zombies: BTreeMap<u32, Instant>,
    forgotten: BTreeSet<u32>,
    pub(crate) peak_rss_kib: u64,
    pub(crate) cpu_ticks: u64,
}

/// A run under way.
pub(crate) struct Running {
    child: Child,
    began: Instant,
    seen: Arc<Mutex<Seen>>,
    is_over: Arc<AtomicBool>,
    watcher: Option<thread::JoinHandle<()>>,
    stderr: Option<thread::JoinHandle<String>>,
}

impl Case {
    /// Edits as the command line has them.
    pub(crate) fn new((width, height): (u32, u32), edits: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let photo = folder.path().join("in.png");
        let mix = |x: u32, y: u32, c: u32| (x * 31 + y * 17 + c * 89 + (x * y) % 251) as u8;
        let pixels = ImageBuffer::from_fn(width, height, |x, y| {
            Rgb([mix(x, y, 0), mix(x, y, 1), mix(x, y, 2)])
        });
        DynamicImage::ImageRgb8(pixels).save(&photo).unwrap();
        let apart = TempDir::new().unwrap();
        let expected = apart.path().join("expected.png");
        let status = command()
            .args(["apply", "--no-history"])
            .args([&photo, Path::new("-o"), &expected])
            .args(edits.split_whitespace())
            .args(["--backend", "single"])
            .status()
            .unwrap();
        assert!(status.success());
        Self {
            source: Before::of(&photo),
            claims: TempDir::new().unwrap(),
            n_claims: AtomicU32::new(0),
            folder,
            edits: edits.to_owned(),
            expected: image::open(&expected).unwrap(),
        }
    }

    /// A few filters on a picture of a dozen tiles of 64 pixels.
    pub(crate) fn small() -> Self {
        Self::new((256, 192), "--set blur.radius=2 --set exposure.ev=0.5")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The order of a fault that only one worker obeys.
    pub(crate) fn once(&self, fault: &str) -> String {
        let n = self.n_claims.fetch_add(1, Ordering::SeqCst);
        let claim = self.claims.path().join(n.to_string());
        format!("{fault},once={}", claim.display())
    }

    /// Starts the program, without waiting for it.
    pub(crate) fn start(&self, how: &str, fault: Option<&str>) -> Running {
        let mut command = command();
        self.arguments(&mut command, how);
        if let Some(fault) = fault {
            command.env("PARALLAX_FAULT", fault);
        }
        Running::of(command)
    }

    /// As [`Self::start`], by way of a shell that does something first.
    pub(crate) fn start_after(&self, script: &str, how: &str) -> Running {
        let mut own = command();
        self.arguments(&mut own, how);
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", &format!("{script}; exec \"$0\" \"$@\"")])
            .arg(own.get_program())
            .args(own.get_args())
            .envs(own.get_envs().filter_map(|(k, v)| Some((k, v?))))
            .current_dir(self.folder.path());
        Running::of(shell)
    }

    fn arguments(&self, command: &mut Command, how: &str) {
        let line = format!(
            "apply in.png -o out.png {} --no-history --timings log.json {how}",
            self.edits
        );
        command
            .args(line.split_whitespace())
            .current_dir(self.folder.path());
    }

    /// Runs the program with two workers and tiles of 64 pixels, and asserts what must always hold.
    #[track_caller]
    pub(crate) fn run(&self, fault: Option<&str>) -> Outcome {
        self.run_how("--backend processes --workers 2 --tile 64", fault)
    }

    #[track_caller]
    pub(crate) fn run_how(&self, how: &str, fault: Option<&str>) -> Outcome {
        self.end(self.start(how, fault))
    }

    /// Waits for the end and asserts what must always hold.
    #[track_caller]
    pub(crate) fn end(&self, running: Running) -> Outcome {
        let mut outcome = running.wait();
        let target = self.path("out.png");
        let same = || image::open(&target).is_ok_and(|picture| picture == self.expected);
        let is_same = target.exists().then(same);
        if let Ok(mut log) = fs::File::open(self.path("log.json")) {
            outcome.take_log(&mut log);
        }
        let pids: Vec<u32> = outcome.seen.children.iter().copied().collect();
        let zombies: Vec<u32> = outcome.seen.forgotten.iter().copied().collect();
        let end = match outcome.code {
            Some(0) => End::Done,
            Some(130) => End::Cancelled,
            _ => End::Failed(outcome.stderr.clone()),
        };
        assert_invariants(&Aftermath {
            end,
            source: Some(&self.source),
            target: Some((&target, is_same == Some(true))),
            is_same,
            pids: &pids,
            zombies: &zombies,
            stderr: Some(&outcome.stderr),
        });
        self.clear();
        outcome
    }

    /// Ready for another run.
    pub(crate) fn clear(&self) {
        for name in ["out.png", "log.json"] {
            fs::remove_file(self.path(name)).ok();
        }
    }
}

/// The program, without a home, a display or a terminal.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
    for name in [
        "HOME",
        "RUST_LOG",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "PARALLAX_FAULT",
    ] {
        command.env_remove(name);
    }
    command
}

impl Running {
    pub(crate) fn of(mut command: Command) -> Self {
        let began = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stderr.take().unwrap();
        let stderr = thread::Builder::new()
            .name("stderr".to_owned())
            .spawn(move || {
                let mut bytes = Vec::new();
                pipe.read_to_end(&mut bytes).unwrap();
                String::from_utf8_lossy(&bytes).into_owned()
            });
        let stderr = stderr.unwrap();
        let (seen, is_over) = (Arc::<Mutex<Seen>>::default(), Arc::<AtomicBool>::default());
        let (their_seen, their_over, parent) =
            (Arc::clone(&seen), Arc::clone(&is_over), child.id());
        let watcher = thread::Builder::new()
            .name("watcher".to_owned())
            .spawn(move || {
                while !their_over.load(Ordering::SeqCst) {
                    their_seen.lock().unwrap().look(parent);
                    thread::sleep(Duration::from_millis(4));
                }
            });
        Self {
            child,
            began,
            seen,
            is_over,
            watcher: Some(watcher.unwrap()),
            stderr: Some(stderr),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        send(self.pid(), signal);
    }

    pub(crate) fn workers(&self) -> Vec<u32> {
        self.seen.lock().unwrap().workers.iter().copied().collect()
    }

    /// Waits until so many workers compute, which is when each was seen; whether they came in time.
    pub(crate) fn wait_for_workers(&mut self, n: usize) -> bool {
        while self.workers().len() < n {
            if self.began.elapsed() > HANGS || self.child.try_wait().unwrap().is_some() {
                return false;
            }
            thread::sleep(Duration::from_millis(2));
        }
        true
    }

    /// Waits for the end of one that was killed, and looks no more.
    pub(crate) fn reap(mut self) {
        self.child.wait().unwrap();
        self.is_over.store(true, Ordering::SeqCst);
        self.watcher.take().unwrap().join().unwrap();
    }

    fn wait(mut self) -> Outcome {
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.began.elapsed() > HANGS {
                self.child.kill().ok();
                panic!("it hangs");
            }
            thread::sleep(Duration::from_millis(2));
        };
        let wall = self.began.elapsed();
        self.is_over.store(true, Ordering::SeqCst);
        self.watcher.take().unwrap().join().unwrap();
        let stderr = self.stderr.take().unwrap().join().unwrap();
        Outcome {
            code: status.code(),
            stderr,
            wall,
            seen: self.seen.lock().unwrap().clone(),
            changes: Vec::new(),
            max_attempt: 0,
            notes: Vec::new(),
            ended: None,
        }
    }
}

pub(crate) fn send(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(pid.cast_signed()).unwrap();
    kill_process(pid, signal).ok();
}

impl Seen {
    /// Looks for children of `parent`, by the system's own list.
    fn look(&mut self, parent: u32) {
        for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
            let name = entry.file_name();
            let Some(pid) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
                continue;
            };
            let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
                continue;
            };
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or("").split(' ').collect();
            if pid == parent {
                let ticks = |idx: usize| fields.get(idx).and_then(|t| t.parse().ok()).unwrap_or(0);
                self.cpu_ticks = ticks(11) + ticks(12);
                self.peak_rss_kib = self.peak_rss_kib.max(peak_kib(pid));
            }
            if fields.get(1).and_then(|ppid| ppid.parse().ok()) != Some(parent) {
                continue;
            }
            self.children.insert(pid);
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            if line.windows(7).any(|word| word == b"compute") {
                self.workers.insert(pid);
            }
            if state_of(pid) == Some('Z') {
                let since = *self.zombies.entry(pid).or_insert_with(Instant::now);
                if since.elapsed() > FORGOTTEN {
                    self.forgotten.insert(pid);
                }
            }
        }
    }
}

impl Outcome {
    fn take_log(&mut self, file: &mut fs::File) {
        let log = read(file).unwrap();
        for run in &log.runs {
            let attempts = run.tiles.iter().map(|tile| tile.attempt);
            self.max_attempt = self.max_attempt.max(attempts.max().unwrap_or(0));
            self.ended = Some((run.record.outcome, run.record.cause.clone()));
            for event in &run.events {
                match event {
                    Event::Worker(worker) => {
                        self.changes.push((worker.pid.unwrap_or(0), worker.change));
                    }
                    Event::Note { text, .. } => self.notes.push(text.clone()),
                    _ => {}
                }
            }
        }
    }

    #[track_caller]
    pub(crate) fn assert_done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// Exit 5 with one line that has all of `parts`.
    #[track_caller]
    pub(crate) fn assert_lost(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(5), "{self:?}");
        let mut lines = self.stderr.lines();
        let line = lines.find(|line| line.starts_with("parallax: ")).unwrap();
        for part in parts {
            assert!(line.contains(part), "{part:?} is not in {line}");
        }
        self
    }

    pub(crate) fn deaths(&self) -> Vec<WorkerChange> {
        let changes = self.changes.iter().map(|(_, change)| *change);
        changes
            .filter(|change| matches!(change, WorkerChange::Died(_)))
            .collect()
    }
}
