//! The lab's points as a drawing: time, speed-up and efficiency over the number of workers.
//!
//! `drawing` turns points into shapes, [`svg()`] writes the shapes as text, [`png()`] fills them into
//! pixels. Both show the same shapes, so they cannot disagree.

mod axis;
mod drawing;
mod glyphs;
mod png;
mod raster;
mod shape;
mod svg;

pub use self::png::png;
pub use self::svg::svg;

#[cfg(test)]
mod tests;
