//! Floor 1: every adjustment, one file each: its spec, its kernel, its doc and its tests.
//!
//! A filter says what it is ([`spec::Spec`]) and prepares itself for a frame ([`Filter::prepare`]).
//! When, where and on which core it runs is decided far above. Adding one is a new file and one line
//! in [`registry`].

pub mod frame;
pub mod kernel;
pub mod kernels;
pub mod registry;
pub mod spec;
pub mod value;

mod pixelwise;

mod black_and_white;
mod blur;
mod chromatic_aberration;
mod clarity;
mod contrast;
mod crop;
mod dehaze;
mod exposure;
mod flip;
mod glow;
mod grain;
mod highlights;
mod median;
mod noise_reduction;
mod rotate;
mod saturation;
mod shadows;
mod sharpen;
mod texture;
mod vibrance;
mod vignette;
mod white_balance;

#[cfg(test)]
mod probe;
#[cfg(test)]
pub(crate) mod whole;

use frame::Frame;
use kernel::Prepared;
use spec::Spec;
use value::Values;

/// One adjustment.
pub trait Filter: Sync {
    /// What people and programs may know of it: names, ranges, starting values.
    fn spec(&self) -> &'static Spec;

    /// The kernel for these values on this frame. `values` are in the spec's ranges.
    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared;
}
