//! One sample of the cores, as plain data.

/// Load of one core since the sample before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoreLoad {
    pub core: u32,
    /// 0…1, everybody's work.
    pub load: f32,
    /// 0…1, never above `load`: work of this program, its workers included. A thread's time is
    /// counted on the core it ran on last, so a thread that moved meanwhile is counted on one of
    /// its cores only. `None` where the system does not tell.
    pub own: Option<f32>,
    /// 0…1, never above `own`: of that, the work of its worker processes.
    pub workers: Option<f32>,
    /// The core's clock frequency as told last, once a second; `None` where the system does not tell.
    pub mhz: Option<u32>,
}

/// CPU time of one of the program's processes since the sample before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProcessLoad {
    pub pid: u32,
    /// In cores: 2.0 is two cores' time. Time of threads that ended meanwhile is missing.
    pub cores: f32,
}

/// What all cores did since the sample before.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CpuSample {
    pub at_ns: u64,
    pub interval_ns: u64,
    /// In order of cores; empty where the system does not tell.
    pub cores: Vec<CoreLoad>,
    /// This process first, then those asked for; without those that are gone.
    pub processes: Vec<ProcessLoad>,
}

impl CpuSample {
    /// Cores' time used by this program and its workers.
    #[must_use]
    pub fn own_cores(&self) -> f32 {
        self.processes.iter().map(|process| process.cores).sum()
    }

    /// Cores' time used by everybody.
    #[must_use]
    pub fn busy_cores(&self) -> f32 {
        self.cores.iter().map(|core| core.load).sum()
    }
}
