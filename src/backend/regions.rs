//! What a tile reads: rectangles of the photo or of planes made before.
//!
//! In the main process a region is a view of the whole; in a worker process it is the rectangle
//! that was sent. The tile routine cannot tell the difference.

use crate::pixels::geometry::Rect;
use crate::pixels::image::ImageView;
use crate::pixels::tile::Tile;
use crate::plan::graph::Input;
use crate::plan::program::Need;

/// Pixels of one input; its rectangle holds at least what the tile needs.
#[derive(Debug, Clone, Copy)]
pub enum Region<'a> {
    Photo(ImageView<'a>),
    Planes(&'a Tile),
}

impl Region<'_> {
    #[must_use]
    pub const fn rect(&self) -> Rect {
        match self {
            Self::Photo(view) => view.rect,
            Self::Planes(tile) => tile.rect(),
        }
    }
}

/// Everything passes of a run may read.
pub struct Sources<'a> {
    pub photo: ImageView<'a>,
    /// By pass; `None` where a pass is not done yet, or its planes are no longer needed.
    pub planes: &'a [Option<Tile>],
}

impl<'a> Sources<'a> {
    /// The region that answers a need.
    ///
    /// # Panics
    /// When a pass is asked for that was not computed: the runner orders passes by their reads.
    #[must_use]
    pub fn region(&self, need: &Need) -> Region<'a> {
        match need.input {
            Input::Photo => Region::Photo(self.photo),
            Input::Pass(idx) => match &self.planes[usize::from(idx)] {
                Some(tile) => Region::Planes(tile),
                None => panic!("pass {idx} is read before it was computed"),
            },
        }
    }
}
