//! What a process does to itself on order.

use std::hint::black_box;
use std::io::Write as _;
use std::process;
use std::thread;
use std::time::Duration;

use super::Kind;

/// How much an answer is late on order.
const SLOW: Duration = Duration::from_millis(150);

/// What is said too much, in all.
const FLOOD_BYTES: usize = 10 << 20;

/// Memory taken at a time on the way to having none.
const GULP_BYTES: usize = 16 << 20;

/// Room left for one who shall run out of memory where the system sets no limit.
const ROOM_BYTES: u64 = 512 << 20;

pub(super) fn act(kind: Kind) {
    match kind {
        Kind::Crash => crash(),
        Kind::Abort => process::abort(),
        Kind::Exit0 => process::exit(0),
        Kind::Hang => loop {
            thread::sleep(Duration::from_hours(1));
        },
        Kind::Spin => loop {
            black_box(0);
        },
        Kind::Oom => eat(),
        Kind::Slow => thread::sleep(SLOW),
        #[expect(clippy::panic, reason = "that is what was ordered")]
        Kind::Panic => panic!("a fault on order"),
        Kind::StderrFlood => flood(),
        Kind::StdoutPrint => {
            // Not `println!`: it must reach the descriptor whoever captures the macro.
            let words = b"a library that prints\n".repeat(1000);
            std::io::stdout().write_all(&words).ok();
            std::io::stdout().flush().ok();
        }
        Kind::Tell => tell(),
        Kind::Try => try_all(),
        Kind::MidRead
        | Kind::Garbage
        | Kind::Short
        | Kind::Long
        | Kind::BadCrc
        | Kind::WrongId
        | Kind::WrongJob
        | Kind::WrongRect
        | Kind::HugeLen
        | Kind::Truncated
        | Kind::Trailing => {}
    }
}

#[cfg(unix)]
fn crash() {
    use rustix::process::{Signal, getpid, kill_process};
    kill_process(getpid(), Signal::KILL).ok();
    process::abort();
}

#[cfg(not(unix))]
fn crash() {
    process::abort();
}

fn flood() {
    let chunk = [b'x'; 4096];
    let mut stderr = std::io::stderr();
    for _ in 0..FLOOD_BYTES / chunk.len() {
        stderr.write_all(&chunk).ok();
    }
    stderr.write_all(b"\nthe last words\n").ok();
}

fn eat() {
    if !cfg!(target_os = "linux") {
        // Nobody's machine shall really be brought to its knees.
        process::abort();
    }
    let mut eaten: Vec<Vec<u8>> = Vec::new();
    loop {
        eaten.push(vec![1; GULP_BYTES]);
        black_box(&eaten);
    }
}

/// Leaves a little room above what is held now.
#[cfg(target_os = "linux")]
pub(super) fn limit_memory() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let held = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = held
        .split(' ')
        .next()
        .and_then(|pages| pages.parse().ok())
        .unwrap_or_default();
    let limit = pages * 4096 + ROOM_BYTES;
    let old = getrlimit(Resource::As);
    let new = Rlimit {
        current: Some(old.current.unwrap_or(limit).min(limit)),
        maximum: old.maximum,
    };
    setrlimit(Resource::As, new).ok();
}

#[cfg(not(target_os = "linux"))]
pub(super) fn limit_memory() {}

fn tell() {
    let mut words: Vec<u8> = Vec::new();
    for (name, _) in std::env::vars_os() {
        writeln!(words, "TELL variable {}", name.to_string_lossy()).ok();
    }
    let folder = std::env::current_dir().unwrap_or_default();
    writeln!(words, "TELL folder {}", folder.display()).ok();
    // One by one: a worker may not open the folder that lists them.
    for number in 0..1024 {
        if let Ok(target) = std::fs::read_link(format!("/proc/self/fd/{number}")) {
            writeln!(words, "TELL descriptor {number} {}", target.display()).ok();
        }
    }
    std::io::stderr().write_all(&words).ok();
}

/// What each attempt of one who was taken over comes to.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
fn try_all() {
    const ATTEMPTS: [&str; 15] = [
        "thread",
        "read:/etc/passwd",
        "write:of-a-worker",
        "list:/",
        "unlink:of-a-worker",
        "chmod:.",
        "socket",
        "connect:127.0.0.1:9",
        "fork",
        "spawn:/bin/true",
        "kill-parent",
        "peek",
        "io-uring",
        "raise-limit",
        "exec:/bin/true",
    ];
    let mut words: Vec<u8> = Vec::new();
    for what in ATTEMPTS {
        match crate::system::sandbox::attempts::attempt(what) {
            Ok(()) => writeln!(words, "TRY {what}: done"),
            Err(error) => writeln!(words, "TRY {what}: {error}"),
        }
        .ok();
    }
    std::io::stderr().write_all(&words).ok();
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
fn try_all() {}
