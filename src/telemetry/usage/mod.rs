//! What threads and processes use: CPU time, cores, memory. Everything may be unknown.
//!
//! `linux` and `other` are twins: same functions, and `other` answers `None` where only Linux tells.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;

#[cfg(target_os = "linux")]
pub use linux::{
    current_core, peak_rss_bytes, process_cpu_ns, pss_bytes, reset_peak_rss, rss_bytes,
    thread_cpu_ns, thread_id,
};
#[cfg(not(target_os = "linux"))]
pub use other::{
    current_core, peak_rss_bytes, process_cpu_ns, pss_bytes, reset_peak_rss, rss_bytes,
    thread_cpu_ns, thread_id,
};

#[cfg(test)]
mod tests;
