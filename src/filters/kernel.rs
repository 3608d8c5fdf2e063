//! The five shapes of work a filter can be, as the planner and the tile routine see them.
//!
//! Kernels are pure: the same rows in give the same rows out, whatever tile they lie in. None of
//! them knows of files, threads or clocks; long ones look at [`Stop`] at least every 2 ms of work.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::pixels::color::Matrix3;
use crate::pixels::geometry::{Rect, Size};
use crate::pixels::image::{SamplesMut, SamplesRef};
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::{ColorRow, Tile};

use super::frame::Placement;
use super::warp::Warp;

/// A filter made ready for one frame.
pub enum Prepared {
    /// Each pixel from itself alone.
    Point(Box<dyn PointKernel>),
    /// Each pixel from its neighbourhood.
    Area(Box<dyn AreaKernel>),
    /// Each pixel from itself and a map computed on a reduced grid of the whole frame.
    Guided(Guided),
    /// Addressing only: crop, turn, mirror.
    Geometry(Placement),
    /// Any other geometry, told of the frame at scale 1; the planner fits it to the rendered frame.
    Warp(Warp),
}

/// Rows in, rows out, in place. Linear light, working primaries, values above 1 kept.
pub trait PointKernel: Send + Sync {
    /// All slices have one length, a multiple of [`crate::pixels::tile::LANES`]. Alpha is left alone.
    fn row(&self, row: &mut ColorRow<'_>);

    /// The linear map of colours this is, if it is one: then it can be part of reading the photo.
    fn matrix(&self) -> Option<Matrix3> {
        None
    }
}

/// A neighbourhood. Colour planes are premultiplied where the tile has alpha (a fourth plane).
pub trait AreaKernel: Send + Sync {
    /// What must be known to compute `output`, inside the frame. Where it is cut at the frame's
    /// edge, the kernel mirrors the picture.
    fn input_rect(&self, output: Rect, frame: Size) -> Rect;

    /// Writes every pixel of `output`; `input` covers at least `input_rect` of it.
    ///
    /// # Errors
    /// [`Stopped`] when the stop flag was seen; `output` is then unfinished.
    fn run(&self, input: &Tile, output: &mut Tile, work: &mut Work<'_>) -> Result<(), Stopped>;

    /// The same neighbourhood on the photo's own samples, where order is all that counts; the
    /// planner takes it when nothing happened to the photo before.
    fn on_codes(&self) -> Option<Box<dyn CodeKernel>> {
        None
    }
}

/// A neighbourhood of samples that are not light yet. It must commute with every rising curve, so
/// that depth and transfer curve of a file do not matter.
pub trait CodeKernel: Send + Sync {
    /// As [`AreaKernel::input_rect`].
    fn input_rect(&self, output: Rect, frame: Size) -> Rect;

    /// Writes the packed rows of what is wanted.
    ///
    /// # Panics
    /// When `out` has another depth than the samples.
    fn run(&self, codes: &Codes<'_>, out: SamplesMut<'_>, scratch: &mut Scratch);
}

/// Samples of a rectangle of the photo, and which of them are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Codes<'a> {
    pub samples: SamplesRef<'a>,
    /// Values a pixel.
    pub channels: usize,
    /// Which part of the frame the samples are.
    pub rect: Rect,
    /// What the kernel may read: the `input_rect` of what is wanted, inside `rect`.
    pub bounds: Rect,
    pub wanted: Rect,
}

/// A map on a grid of `factor` × `factor` cells aligned to the frame, and how it is used.
///
/// The cells are means of what `gather` gives for each pixel; `stages` run one after the other on
/// the reduced grid (as frames of their own); `apply` sees the map interpolated at every pixel.
pub struct Guided {
    /// A power of two, at least 1.
    pub factor: u32,
    pub gather: Box<dyn GatherKernel>,
    pub stages: Vec<Box<dyn AreaKernel>>,
    pub apply: Box<dyn GuidedKernel>,
}

/// What of a pixel enters the map.
pub trait GatherKernel: Send + Sync {
    /// Planes of the map, 1…4.
    fn n_planes(&self, has_alpha: bool) -> usize;

    /// Writes one row of each plane; all slices have the row's padded length. Alpha is straight.
    fn row(&self, row: &ColorRow<'_>, planes: &mut [&mut [f32]]);
}

/// How the map changes a pixel.
pub trait GuidedKernel: Send + Sync {
    /// `guide` holds one interpolated row a plane, as long as the row's slices. Alpha is straight.
    fn row(&self, row: &mut ColorRow<'_>, guide: &[&[f32]]);

    /// Whether the pixel itself matters, or the map alone (as for a wide blur).
    fn reads_input(&self) -> bool {
        true
    }
}

/// What a kernel works with beside its pixels.
pub struct Work<'a> {
    pub scratch: &'a mut Scratch,
    pub stop: Stop<'a>,
}

/// A flag somebody else may raise, and what else happens where kernels look at it.
#[derive(Debug, Clone, Copy)]
pub struct Stop<'a> {
    flag: &'a AtomicBool,
    checkpoint: Option<&'a dyn Checkpoint>,
}

/// Where work may be held up between two strips: a lock that must be shared.
pub trait Checkpoint: fmt::Debug + Sync {
    /// Called on the working thread; comes back when it may go on.
    fn pass(&self);
}

impl<'a> Stop<'a> {
    #[must_use]
    pub const fn new(flag: &'a AtomicBool) -> Self {
        Self {
            flag,
            checkpoint: None,
        }
    }

    /// The same flag; every look at it passes `checkpoint` first.
    #[must_use]
    pub const fn passing(self, checkpoint: &'a dyn Checkpoint) -> Self {
        Self {
            checkpoint: Some(checkpoint),
            ..self
        }
    }

    /// # Errors
    /// [`Stopped`] once the flag is up.
    pub fn check(&self) -> Result<(), Stopped> {
        if let Some(checkpoint) = self.checkpoint {
            checkpoint.pass();
        }
        if self.flag.load(Ordering::Relaxed) {
            Err(Stopped)
        } else {
            Ok(())
        }
    }
}

/// The work was stopped on request; nothing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;
