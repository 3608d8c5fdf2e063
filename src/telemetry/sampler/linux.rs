//! Linux: load of every core from `/proc/stat`, the program's share from its threads.
//!
//! A thread's CPU time comes from `schedstat`, in nanoseconds; only of threads that ran since the
//! sample before, `stat` is read as well, for the core. So a sleeping thread costs one short
//! read, about 10 µs: ten samples a second of a hundred threads cost a hundredth of a core.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Read as _;

use super::frequency::Frequencies;
use super::proc_text::{CoreTicks, core_ticks, schedstat_run_ns, thread_stat};
use super::sample::{CoreLoad, CpuSample, ProcessLoad};
use crate::telemetry::clock::now_ns;

/// Below this the system's ticks of 10 ms say nothing.
const SHORTEST_INTERVAL_NS: u64 = 20_000_000;

/// Longer than the longest line of `stat` and `schedstat`.
const LINE_BYTES: usize = 1024;

/// Compares the counters of now with those of the sample before.
#[derive(Debug)]
pub struct CpuSampler {
    before: Reading,
    frequencies: Frequencies,
}

/// All counters at one moment.
#[derive(Debug, Default)]
struct Reading {
    at_ns: u64,
    cores: Vec<CoreTicks>,
    /// The processes looked at, this one first.
    pids: Vec<u32>,
    threads: HashMap<Thread, ThreadTime>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Thread {
    pid: u32,
    tid: u32,
}

#[derive(Debug, Clone, Copy)]
struct ThreadTime {
    run_ns: u64,
    /// Where it ran last; `None` where that was never needed.
    core: Option<u32>,
}

impl CpuSampler {
    /// Takes the first reading, so that the first sample tells of the time since now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            before: Reading::take(&[], &Reading::default()),
            frequencies: Frequencies::default(),
        }
    }

    /// What happened since the last sample; `None` less than 20 ms after it. A worker process is
    /// counted from the second sample that names it.
    pub fn sample(&mut self, worker_pids: &[u32]) -> Option<CpuSample> {
        if now_ns() < self.before.at_ns + SHORTEST_INTERVAL_NS {
            return None;
        }
        let after = Reading::take(worker_pids, &self.before);
        let mut sample = between(&self.before, &after);
        self.before = after;
        self.frequencies.tell(&mut sample.cores);
        Some(sample)
    }
}

impl Default for CpuSampler {
    fn default() -> Self {
        Self::new()
    }
}

impl Reading {
    fn take(worker_pids: &[u32], before: &Self) -> Self {
        let mut pids = vec![std::process::id()];
        for pid in worker_pids {
            if !pids.contains(pid) {
                pids.push(*pid);
            }
        }
        let mut reading = Self {
            at_ns: now_ns(),
            cores: core_ticks(&fs::read_to_string("/proc/stat").unwrap_or_default()),
            ..Self::default()
        };
        for pid in pids {
            if let Ok(tasks) = fs::read_dir(format!("/proc/{pid}/task")) {
                reading.pids.push(pid);
                let tids = tasks.filter_map(|task| task.ok()?.file_name().to_str()?.parse().ok());
                for thread in tids.map(|tid| Thread { pid, tid }) {
                    if let Some(time) = thread_time(thread, before.threads.get(&thread)) {
                        reading.threads.insert(thread, time);
                    }
                }
            }
        }
        reading
    }
}

fn thread_time(thread: Thread, before: Option<&ThreadTime>) -> Option<ThreadTime> {
    let Thread { pid, tid } = thread;
    let mut line = [0; LINE_BYTES];
    let schedstat = read_line(&format!("/proc/{pid}/task/{tid}/schedstat"), &mut line);
    let exact_ns = schedstat.and_then(schedstat_run_ns);
    if let (Some(run_ns), Some(before)) = (exact_ns, before)
        && run_ns == before.run_ns
    {
        return Some(*before);
    }
    let stat = thread_stat(read_line(
        &format!("/proc/{pid}/task/{tid}/stat"),
        &mut line,
    )?)?;
    Some(ThreadTime {
        run_ns: exact_ns.unwrap_or(stat.run_ns),
        core: Some(stat.core),
    })
}

/// A file of one short line; `None` when the thread is gone.
fn read_line<'a>(path: &str, line: &'a mut [u8; LINE_BYTES]) -> Option<&'a str> {
    let n_bytes = File::open(path).ok()?.read(line).ok()?;
    std::str::from_utf8(&line[..n_bytes]).ok()
}

fn between(before: &Reading, after: &Reading) -> CpuSample {
    let interval_ns = after.at_ns.saturating_sub(before.at_ns).max(1);
    let mut by_core: HashMap<u32, u64> = HashMap::new();
    let mut workers_by_core: HashMap<u32, u64> = HashMap::new();
    let this_process = after.pids.first();
    let mut by_process: HashMap<u32, u64> = HashMap::new();
    // Sums of integers: the order does not matter.
    #[expect(
        clippy::iter_over_hash_type,
        reason = "sums of integers do not depend on the order"
    )]
    for (thread, time) in &after.threads {
        let ran_ns = match before.threads.get(thread) {
            Some(earlier) => time.run_ns.saturating_sub(earlier.run_ns),
            // New in a known process: all it ever ran, it ran since. Of a process not seen
            // before nothing can be said yet.
            None if before.pids.contains(&thread.pid) => time.run_ns,
            None => 0,
        };
        *by_process.entry(thread.pid).or_default() += ran_ns;
        if let Some(core) = time.core {
            *by_core.entry(core).or_default() += ran_ns;
            if Some(&thread.pid) != this_process {
                *workers_by_core.entry(core).or_default() += ran_ns;
            }
        }
    }
    let share = |ran_ns: Option<&u64>| *ran_ns.unwrap_or(&0) as f32 / interval_ns as f32;
    let processes = after.pids.iter().map(|pid| ProcessLoad {
        pid: *pid,
        cores: share(by_process.get(pid)),
    });
    let core_load = |ticks: &CoreTicks| {
        let own = share(by_core.get(&ticks.core)).min(1.0);
        CoreLoad {
            core: ticks.core,
            // Our own time is known to the nanosecond, the core's only by ticks.
            load: ticks_load(&before.cores, ticks).max(own),
            own: Some(own),
            workers: Some(share(workers_by_core.get(&ticks.core)).min(own)),
            mhz: None,
        }
    };
    CpuSample {
        at_ns: after.at_ns,
        interval_ns,
        cores: after.cores.iter().map(core_load).collect(),
        processes: processes.collect(),
    }
}

/// 0…1; 0 for a core that was not there before.
fn ticks_load(before: &[CoreTicks], after: &CoreTicks) -> f32 {
    let Some(before) = before.iter().find(|ticks| ticks.core == after.core) else {
        return 0.0;
    };
    let total = after.total.saturating_sub(before.total);
    let busy = after.busy.saturating_sub(before.busy);
    (busy as f32 / total.max(1) as f32).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(at_ms: u64, busy: u64, threads: &[(u32, u32, u64, u32)]) -> Reading {
        let core = |core, busy| CoreTicks {
            core,
            busy,
            total: at_ms / 10,
        };
        Reading {
            at_ns: at_ms * 1_000_000,
            cores: vec![core(0, busy), core(1, 0)],
            pids: vec![1, 2],
            threads: threads
                .iter()
                .map(|&(pid, tid, run_ms, core)| {
                    let run_ns = run_ms * 1_000_000;
                    (
                        Thread { pid, tid },
                        ThreadTime {
                            run_ns,
                            core: Some(core),
                        },
                    )
                })
                .collect(),
        }
    }

    #[test]
    fn time_is_counted_for_its_process_and_on_its_core() {
        let before = reading(1000, 10, &[(1, 1, 500, 0), (2, 8, 40, 1)]);
        let after = reading(1100, 15, &[(1, 1, 530, 0), (2, 8, 140, 1), (2, 9, 20, 1)]);
        let sample = between(&before, &after);
        assert_eq!(sample.interval_ns, 100_000_000);
        let processes: Vec<(u32, f32)> =
            sample.processes.iter().map(|p| (p.pid, p.cores)).collect();
        assert_eq!(processes, [(1, 0.3), (2, 1.2)]);
        assert_eq!(
            sample.cores[0],
            CoreLoad {
                core: 0,
                load: 0.5,
                own: Some(0.3),
                workers: Some(0.0),
                mhz: None,
            }
        );
        // Two threads ran last on core 1, which has no more than its time to give.
        assert_eq!(
            sample.cores[1],
            CoreLoad {
                core: 1,
                load: 1.0,
                own: Some(1.0),
                workers: Some(1.0),
                mhz: None,
            }
        );
        assert!((sample.own_cores() - 1.5).abs() < 1e-6);
    }

    #[test]
    fn a_process_not_seen_before_is_counted_from_the_next_sample() {
        let mut before = reading(1000, 0, &[(1, 1, 500, 0)]);
        before.pids = vec![1];
        let after = reading(1100, 0, &[(1, 1, 500, 0), (2, 8, 9000, 1)]);
        assert_eq!(between(&before, &after).own_cores(), 0.0);
    }

    #[test]
    fn a_process_that_is_gone_is_left_out() {
        let reading = Reading::take(&[u32::MAX], &Reading::default());
        assert_eq!(reading.pids, [std::process::id()]);
    }
}
