//! Systems that do not tell, or not through a safe call: every figure is unknown.

/// CPU time of the calling thread.
#[must_use]
pub fn thread_cpu_ns() -> Option<u64> {
    None
}

/// CPU time of all threads of this process.
#[must_use]
pub fn process_cpu_ns() -> Option<u64> {
    None
}

/// The core the calling thread runs on at this moment.
#[must_use]
pub fn current_core() -> Option<u32> {
    None
}

/// The system's number of the calling thread.
#[must_use]
pub fn thread_id() -> Option<u32> {
    None
}

/// Memory a process holds resident now; unknown here.
#[must_use]
pub const fn rss_bytes(_pid: u32) -> Option<u64> {
    None
}

/// The most memory a process ever held resident.
#[must_use]
pub fn peak_rss_bytes(_pid: u32) -> Option<u64> {
    None
}

/// Memory a process holds now, each shared page counted by its share.
#[must_use]
pub fn pss_bytes(_pid: u32) -> Option<u64> {
    None
}

/// Lets [`peak_rss_bytes`] of this process begin again; whether that worked.
#[must_use]
pub fn reset_peak_rss() -> bool {
    false
}
