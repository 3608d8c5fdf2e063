//! How busy every core is now, and how much of it is this program's doing; for the "now" bars only.
//!
//! What a run did on which core comes from its tiles, not from here. `linux` and `other` are twins.

mod sample;

#[cfg(target_os = "linux")]
mod frequency;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(target_os = "linux")]
mod proc_text;

#[cfg(target_os = "linux")]
pub use linux::CpuSampler;
#[cfg(not(target_os = "linux"))]
pub use other::CpuSampler;
pub use sample::{CoreLoad, CpuSample, ProcessLoad};

#[cfg(test)]
mod tests;
