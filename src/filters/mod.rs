//! Floor 1: every adjustment, one file each: its spec, its kernel, its doc and its tests.
//!
//! A filter says what it is ([`spec::Spec`]) and prepares itself for a frame ([`Filter::prepare`]).
//! When, where and on which core it runs is decided far above. Adding one is a new file and one line
//! in [`registry`].

pub mod asset;
pub mod cube;
pub mod curve_points;
pub mod frame;
pub mod kernel;
pub mod kernels;
pub mod registry;
pub mod spec;
pub mod value;
pub mod warp;

mod pixelwise;

mod bilateral;
mod black_and_white;
mod blacks;
mod blur;
mod box_blur;
mod brightness;
mod chromatic_aberration;
mod clarity;
mod color_grading;
mod contrast;
mod crop;
mod defringe;
mod dehaze;
mod edges;
mod emboss;
mod exposure;
mod flip;
mod glow;
mod graduated_filter;
mod grain;
mod highlights;
mod hue_bands;
mod invert;
mod levels;
mod lut;
mod median;
mod motion_blur;
mod noise_reduction;
mod perspective;
mod pixelate;
mod posterise;
mod resize;
mod rotate;
mod saturation;
mod sepia;
mod shadows;
mod sharpen;
mod sigmoid;
mod straighten;
mod texture;
mod tone_curve;
mod vibrance;
mod vignette;
mod white_balance;
mod whites;

#[cfg(test)]
mod probe;
#[cfg(test)]
pub(crate) mod whole;

use frame::Frame;
use kernel::Prepared;
use spec::{Section, Spec};
use value::Values;

/// One adjustment.
pub trait Filter: Sync {
    /// What people and programs may know of it: names, ranges, starting values.
    fn spec(&self) -> &'static Spec;

    /// The kernel for these values on this frame. `values` are in the spec's ranges.
    fn prepare(&self, values: &Values, frame: &Frame) -> Prepared;

    /// How a long list of parameters is shown in parts: all parameters in the order of the spec. None
    /// where the list is short.
    fn sections(&self) -> &'static [Section] {
        &[]
    }
}
