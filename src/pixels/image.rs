//! A picture as its file had it: interleaved samples at the decoded depth, and what they mean.
//!
//! Nothing here converts: `convert` turns samples into linear light and back, `color` says what a
//! sample means. Rows are packed without padding.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::color::ColorSpace;
use super::geometry::{Rect, Size, Turn};

/// Which channels a pixel has, in the order they are stored. Alpha is straight (not premultiplied).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Layout {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
}

impl Layout {
    /// Channels a pixel, alpha included: 1…4.
    #[must_use]
    pub const fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    #[must_use]
    pub const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }

    #[must_use]
    pub const fn is_gray(self) -> bool {
        matches!(self, Self::Gray | Self::GrayAlpha)
    }

    /// The layout a colour edit of this one needs: grey becomes RGB, alpha stays.
    #[must_use]
    pub const fn with_color(self) -> Self {
        match self {
            Self::Gray | Self::Rgb => Self::Rgb,
            Self::GrayAlpha | Self::Rgba => Self::Rgba,
        }
    }

    #[must_use]
    pub const fn without_alpha(self) -> Self {
        match self {
            Self::Gray | Self::GrayAlpha => Self::Gray,
            Self::Rgb | Self::Rgba => Self::Rgb,
        }
    }
}

/// Bits a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Depth {
    Eight,
    Sixteen,
}

impl Depth {
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::Eight => 8,
            Self::Sixteen => 16,
        }
    }

    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Eight => 1,
            Self::Sixteen => 2,
        }
    }
}

/// Interleaved samples; sixteen-bit ones in the machine's byte order.
#[derive(Debug, Clone)]
pub enum Samples {
    U8(Vec<u8>),
    U16(Vec<u16>),
    /// Where another process left them.
    Shared(SharedSamples),
}

/// Memory of somebody else's, in which bytes stay as they are while it is held.
pub trait Memory: fmt::Debug + Send + Sync {
    fn bytes(&self) -> &[u8];
}

/// Samples in memory that is held, not owned: read where they lie, copied before they are changed.
#[derive(Debug, Clone)]
pub struct SharedSamples {
    depth: Depth,
    memory: Arc<dyn Memory>,
}

impl SharedSamples {
    /// `None` where the bytes are no whole samples of this depth, or do not lie as such must.
    #[must_use]
    pub fn new(depth: Depth, memory: Arc<dyn Memory>) -> Option<Self> {
        let fits = match depth {
            Depth::Eight => true,
            Depth::Sixteen => bytemuck::try_cast_slice::<u8, u16>(memory.bytes()).is_ok(),
        };
        fits.then_some(Self { depth, memory })
    }

    fn as_ref(&self) -> SamplesRef<'_> {
        let bytes = self.memory.bytes();
        match self.depth {
            Depth::Eight => SamplesRef::U8(bytes),
            Depth::Sixteen => SamplesRef::U16(bytemuck::cast_slice(bytes)),
        }
    }
}

impl PartialEq for Samples {
    fn eq(&self, other: &Self) -> bool {
        match (self.as_ref(), other.as_ref()) {
            (SamplesRef::U8(ours), SamplesRef::U8(theirs)) => ours == theirs,
            (SamplesRef::U16(ours), SamplesRef::U16(theirs)) => ours == theirs,
            _ => false,
        }
    }
}

impl Eq for Samples {}

impl Samples {
    #[must_use]
    pub fn zeroed(depth: Depth, len: usize) -> Self {
        match depth {
            Depth::Eight => Self::U8(vec![0; len]),
            Depth::Sixteen => Self::U16(vec![0; len]),
        }
    }

    #[must_use]
    pub const fn depth(&self) -> Depth {
        match self {
            Self::U8(_) => Depth::Eight,
            Self::U16(_) => Depth::Sixteen,
            Self::Shared(shared) => shared.depth,
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        match self.as_ref() {
            SamplesRef::U8(samples) => samples.len(),
            SamplesRef::U16(samples) => samples.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes it `len` samples long; new ones are 0.
    pub fn resize(&mut self, len: usize) {
        match self {
            Self::U8(samples) => samples.resize(len, 0),
            Self::U16(samples) => samples.resize(len, 0),
            Self::Shared(_) => {
                *self = self.copied();
                self.resize(len);
            }
        }
    }

    /// In memory of their own.
    #[must_use]
    pub fn copied(&self) -> Self {
        match self.as_ref() {
            SamplesRef::U8(samples) => Self::U8(samples.to_vec()),
            SamplesRef::U16(samples) => Self::U16(samples.to_vec()),
        }
    }

    /// Borrowed, for reading.
    #[must_use]
    pub fn as_ref(&self) -> SamplesRef<'_> {
        match self {
            Self::U8(samples) => SamplesRef::U8(samples),
            Self::U16(samples) => SamplesRef::U16(samples),
            Self::Shared(shared) => shared.as_ref(),
        }
    }

    /// Borrowed, for writing; shared ones are copied first.
    #[must_use]
    pub fn as_mut(&mut self) -> SamplesMut<'_> {
        if matches!(self, Self::Shared(_)) {
            *self = self.copied();
        }
        match self {
            Self::U8(samples) => SamplesMut::U8(samples),
            Self::U16(samples) => SamplesMut::U16(samples),
            Self::Shared(_) => unreachable!("shared samples were copied"),
        }
    }
}

/// Borrowed samples.
#[derive(Debug, Clone, Copy)]
pub enum SamplesRef<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
}

impl<'a> SamplesRef<'a> {
    /// As they lie in memory.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::U8(samples) => samples,
            Self::U16(samples) => bytemuck::cast_slice(samples),
        }
    }

    #[must_use]
    pub const fn depth(&self) -> Depth {
        match self {
            Self::U8(_) => Depth::Eight,
            Self::U16(_) => Depth::Sixteen,
        }
    }
}

/// Mutably borrowed samples.
#[derive(Debug)]
pub enum SamplesMut<'a> {
    U8(&'a mut [u8]),
    U16(&'a mut [u16]),
}

/// A whole picture: size, channels, samples and their colour space.
#[derive(Debug, Clone)]
pub struct Image {
    pub size: Size,
    pub layout: Layout,
    pub samples: Samples,
    pub color: Arc<ColorSpace>,
}

impl Image {
    /// # Panics
    /// When the number of samples is not width × height × channels.
    #[must_use]
    pub fn new(size: Size, layout: Layout, samples: Samples, color: Arc<ColorSpace>) -> Self {
        assert_eq!(
            samples.len() as u64,
            size.area() * layout.channels() as u64,
            "an image has exactly width × height × channels samples"
        );
        Self {
            size,
            layout,
            samples,
            color,
        }
    }

    #[must_use]
    pub const fn depth(&self) -> Depth {
        self.samples.depth()
    }

    /// Memory the samples take.
    #[must_use]
    pub fn n_bytes(&self) -> u64 {
        self.size.area() * (self.layout.channels() * self.depth().bytes()) as u64
    }

    /// The whole picture, as a region of itself.
    #[must_use]
    pub fn view(&self) -> ImageView<'_> {
        ImageView {
            rect: Rect::of(self.size),
            layout: self.layout,
            samples: self.samples.as_ref(),
        }
    }

    /// Writes the samples as `turn` lays them down, as bytes in the machine's order.
    ///
    /// # Panics
    /// When there is not exactly room for them, or it does not lie as samples must.
    pub fn lay_into(&self, turn: Turn, to: &mut [u8]) {
        let form = (self.size, self.layout.channels(), turn);
        match self.samples.as_ref() {
            SamplesRef::U8(from) if turn.is_none() => to.copy_from_slice(from),
            SamplesRef::U16(from) if turn.is_none() => {
                to.copy_from_slice(bytemuck::cast_slice(from));
            }
            SamplesRef::U8(from) => turn_samples(from, to, form),
            SamplesRef::U16(from) => turn_samples(from, bytemuck::cast_slice_mut(to), form),
        }
    }

    /// The picture laid down by `turn`; free when there is nothing to turn.
    #[must_use]
    pub fn turned(self, turn: Turn) -> Self {
        if turn.is_none() {
            return self;
        }
        let size = turn.output_size(self.size);
        let channels = self.layout.channels();
        let form = (self.size, channels, turn);
        let mut samples = Samples::zeroed(self.depth(), self.samples.len());
        match (self.samples.as_ref(), samples.as_mut()) {
            (SamplesRef::U8(from), SamplesMut::U8(to)) => turn_samples(from, to, form),
            (SamplesRef::U16(from), SamplesMut::U16(to)) => turn_samples(from, to, form),
            _ => unreachable!("the samples were made for these"),
        }
        Self {
            size,
            samples,
            ..self
        }
    }
}

/// The samples of one rectangle of a picture (or of a scaled picture), packed row after row.
#[derive(Debug, Clone, Copy)]
pub struct ImageView<'a> {
    /// Which part of the frame the samples are.
    pub rect: Rect,
    pub layout: Layout,
    pub samples: SamplesRef<'a>,
}

/// Copies in square blocks, so that a transposition stays in cache.
fn turn_samples<T: Copy>(from: &[T], to: &mut [T], (input, channels, turn): (Size, usize, Turn)) {
    const BLOCK_PX: u32 = 64;
    let output = turn.output_size(input);
    for tile in super::geometry::tiles_of(output, Size::new(BLOCK_PX, BLOCK_PX)) {
        for y in tile.y..tile.bottom() {
            for x in tile.x..tile.right() {
                let (ix, iy) = turn.input_pixel(x, y, output);
                let source = (iy as usize * input.width as usize + ix as usize) * channels;
                let target = (y as usize * output.width as usize + x as usize) * channels;
                to[target..target + channels].copy_from_slice(&from[source..source + channels]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
