//! Render after render with a random worker killed, stopped or fed garbage at a random tile of each.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::thread;
use std::time::Duration;

use parallax::backend::processes::Transport;
use rustix::process::Signal;

use super::cli::send;
use super::kills::Job;
use super::scene::{deaths, pool};
use super::{is_long, tell};

/// Pseudo-random numbers, the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        // Knuth's MMIX constants.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }
}

/// What is done to a worker.
#[derive(Debug, Clone, Copy)]
enum Blow {
    Kill,
    Stop,
    Garbage,
    /// The reading end of its answers is its parent's; its own stdin is what can be fed.
    HalfFrame,
}

impl Blow {
    fn land(self, pid: u32) {
        match self {
            Self::Kill => send(pid, Signal::KILL),
            Self::Stop => send(pid, Signal::STOP),
            Self::Garbage => feed(pid, &[0x5a; 300]),
            Self::HalfFrame => feed(pid, b"PLX1\x05\0\0\0"),
        }
    }
}

/// Writes into a worker's stdin, between what its parent writes.
fn feed(pid: u32, bytes: &[u8]) {
    let stdin = fs::OpenOptions::new()
        .write(true)
        .open(format!("/proc/{pid}/fd/0"));
    if let Ok(mut stdin) = stdin {
        stdin.write_all(bytes).ok();
    }
}

fn n_entries(folder: &str) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn renders_in_a_storm_of_faults_all_give_the_right_bytes() {
    let n_renders = if is_long() { 1000 } else { 12 };
    storm(n_renders, Transport::Pipes);
}

#[test]
fn renders_by_shared_memory_in_a_storm_of_faults_do_so_too() {
    let n_renders = if is_long() { 300 } else { 6 };
    storm(n_renders, Transport::SharedMemory);
}

fn storm(n_renders: usize, transport: Transport) {
    let before = n_entries("/proc/self/fd");
    let (job, pool) = (Job::new(), pool(3).by(transport));
    job.run(&pool, |_, _| {});
    let (mut n_deaths, mut n_landed) = (0, 0);
    let mut dice = Dice(7);
    for render_idx in 0..n_renders {
        let (at_tile, victim) = (1 + dice.below(70), dice.below(3));
        // A stopped worker costs its deadline: a tenth of all, so that a thousand take minutes.
        let blow = match dice.below(10) {
            0 => Blow::Stop,
            1..4 => Blow::Garbage,
            4 => Blow::HalfFrame,
            _ => Blow::Kill,
        };
        let events = job.run(&pool, |n_tiles, pids: &BTreeMap<u16, u32>| {
            if n_tiles == at_tile
                && let Some(pid) = pids.values().nth(victim % pids.len().max(1))
            {
                blow.land(*pid);
            }
        });
        let n = deaths(&events).len();
        n_deaths += n;
        n_landed += usize::from(n > 0);
        if render_idx % 100 == 99 {
            tell(&format!("{} renders, {n_deaths} deaths", render_idx + 1));
        }
    }
    // A blow late in a render may be felt in the next one only.
    assert!(n_deaths * 10 >= n_renders * 8, "{n_deaths} of {n_renders}");
    drop(pool);
    if std::env::var("RUST_TEST_THREADS").is_ok_and(|n| n == "1") {
        // Nobody else opens any meanwhile. Threads that only had to end may hold theirs for a moment.
        for _ in 0..400 {
            if n_entries("/proc/self/fd") <= before {
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        assert!(n_entries("/proc/self/fd") <= before, "descriptors leak");
    }
    tell(&format!(
        "{n_renders} renders by {}, {n_deaths} deaths in {n_landed} of them, same bytes in all",
        transport.id()
    ));
}
