//! Previews: the visible part of the edited photo at screen resolution, after every change.
//!
//! One thread waits for requests. The newest always wins and older ones that have not begun are
//! forgotten; one that has begun is finished, so that a slow drag still shows pictures. Where a
//! whole-resolution picture would come too late while somebody drags, a coarser one comes first and
//! the fine one follows when the hand rests.

mod frame;
mod painter;
mod source;
mod thread;

pub use frame::{Histogram, PreviewFrame, Stamps};
pub use painter::picture_size;
pub(crate) use thread::Deliver;
pub use thread::{Previewer, Request, Subject};
