//! Systems other than Linux: what sysinfo tells. A share by core is not known there.

use sysinfo::{MINIMUM_CPU_UPDATE_INTERVAL, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::sample::{CoreLoad, CpuSample, ProcessLoad};
use crate::telemetry::clock::now_ns;

/// Compares the counters of now with those of the sample before.
#[derive(Debug)]
pub struct CpuSampler {
    system: Option<System>,
    last_ns: u64,
}

impl CpuSampler {
    /// Takes the first reading, so that the first sample tells of the time since now.
    #[must_use]
    pub fn new() -> Self {
        let mut system = System::new().ok();
        if let Some(system) = &mut system {
            refresh(system, &[]);
        }
        Self {
            system,
            last_ns: now_ns(),
        }
    }

    /// What happened since the last sample; `None` too soon after it.
    pub fn sample(&mut self, worker_pids: &[u32]) -> Option<CpuSample> {
        let at_ns = now_ns();
        let interval_ns = at_ns.saturating_sub(self.last_ns);
        if u128::from(interval_ns) < MINIMUM_CPU_UPDATE_INTERVAL.as_nanos() {
            return None;
        }
        self.last_ns = at_ns;
        let system = self.system.as_mut()?;
        let pids = refresh(system, worker_pids);
        let cores = system
            .cpus()
            .iter()
            .enumerate()
            .map(|(core, cpu)| CoreLoad {
                core: core as u32,
                load: (cpu.usage() / 100.0).clamp(0.0, 1.0),
                own: None,
                workers: None,
                mhz: u32::try_from(cpu.frequency()).ok().filter(|mhz| *mhz > 0),
            });
        let processes = pids.iter().filter_map(|pid| {
            Some(ProcessLoad {
                pid: pid.as_u32(),
                cores: system.process(*pid)?.cpu_usage() / 100.0,
            })
        });
        Some(CpuSample {
            at_ns,
            interval_ns,
            cores: cores.collect(),
            processes: processes.collect(),
        })
    }
}

impl Default for CpuSampler {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads all counters; the processes looked at, this one first.
fn refresh(system: &mut System, worker_pids: &[u32]) -> Vec<Pid> {
    let mut pids = vec![Pid::from_u32(std::process::id())];
    for pid in worker_pids.iter().map(|pid| Pid::from_u32(*pid)) {
        if !pids.contains(&pid) {
            pids.push(pid);
        }
    }
    system.refresh_cpu_usage();
    system.refresh_cpu_frequency();
    let what = ProcessRefreshKind::nothing().with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&pids), true, what);
    pids
}
