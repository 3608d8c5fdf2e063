//! The tile that the pointer is on in the timeline: the panel says which, and the canvas, drawn after
//! it, outlines it on the photo.

use egui::{Color32, Context, Id};

use crate::pixels::geometry::{Rect, Size};

/// See the module's own words.
#[derive(Debug, Clone)]
pub struct PointedTile {
    pub rect_in_frame: Rect,
    /// Size of what the run computed.
    pub frame: Size,
    /// "tile 23 · worker 2 · core 3 · 24 ms".
    pub label: String,
    pub color: Color32,
}

impl PointedTile {
    pub fn tell(self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_temp(id(), self));
    }

    /// What was told in this frame.
    #[must_use]
    pub fn heard(ctx: &Context) -> Option<Self> {
        ctx.data_mut(|data| {
            let told = data.get_temp(id());
            data.remove::<Self>(id());
            told
        })
    }
}

fn id() -> Id {
    Id::unique("tile pointed at")
}
