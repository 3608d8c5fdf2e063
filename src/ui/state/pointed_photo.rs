//! The place of the photo that the pointer is on: the canvas says which, and the timeline, drawn
//! before it, lights the bars of its tiles in the next frame.

use egui::{Context, Id};

use crate::pixels::geometry::Size;

/// See the module's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointedPhoto {
    /// In pixels of the whole picture at scale 1.
    pub at: [u32; 2],
    pub frame: Size,
}

impl PointedPhoto {
    /// Told once a frame, `None` where the pointer is elsewhere.
    pub fn tell(ctx: &Context, pointed: Option<Self>) {
        if Self::heard(ctx) == pointed {
            return;
        }
        ctx.data_mut(|data| match pointed {
            Some(pointed) => {
                data.insert_temp(id(), pointed);
            }
            None => data.remove::<Self>(id()),
        });
        ctx.request_repaint();
    }

    /// What was told last.
    #[must_use]
    pub fn heard(ctx: &Context) -> Option<Self> {
        ctx.data(|data| data.get_temp(id()))
    }
}

fn id() -> Id {
    Id::unique("place of the photo pointed at")
}
