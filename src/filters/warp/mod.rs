//! Geometry that no addressing can do: one homography and one resample for all of it together.
//!
//! [`Warp`] is plain data the planner composes; [`WarpKernel`] is what runs it. Axis-aligned scaling
//! is streamed row by row (`scale`); everything else reads its input tile at random (`general`).
//! Both weigh by Lanczos-3, stretched where the picture is reduced.

mod auto_crop;
mod axis;
mod bank;
mod general;
mod homography;
mod kernel;
mod lanczos;
mod layout;
mod scale;
mod window;

pub use auto_crop::cropped;
pub use homography::Homography;
pub use kernel::{WarpKernel, finish, prepare};
pub use layout::Warp;
pub use scale::{Scale, ScaleRun};

#[cfg(test)]
mod tests;
