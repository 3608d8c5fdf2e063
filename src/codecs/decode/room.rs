//! Where a decoder's samples go: memory of its own, or memory that was given for them, such as what
//! another process will read them from.

use std::ops::{Deref, DerefMut};

use super::Pixels;
use crate::pixels::image::{Depth, Layout, Samples};
use crate::system::large_pages::prefer_large_pages;

/// Memory for samples as bytes in the machine's order.
#[derive(Debug)]
pub(crate) enum Room<'a> {
    /// The decoder takes its own.
    Own,
    /// Exactly as large as the samples are.
    Given(&'a mut [u8]),
}

/// Bytes a decoder writes into.
#[derive(Debug)]
pub(super) enum Bytes<'a> {
    Own(Vec<u8>),
    Given(&'a mut [u8]),
}

impl<'a> Room<'a> {
    /// Room for `n_bytes`, all zero where it is fresh.
    pub(super) fn bytes(self, n_bytes: usize) -> Bytes<'a> {
        match self {
            Self::Given(bytes) if bytes.len() == n_bytes => Bytes::Given(bytes),
            Self::Given(_) | Self::Own => {
                let mut bytes = vec![0; n_bytes];
                prefer_large_pages(&mut bytes);
                Bytes::Own(bytes)
            }
        }
    }
}

impl Bytes<'_> {
    /// As samples of a depth: those of 16 bit are in the machine's byte order by now.
    pub(super) fn into_pixels(self, layout: Layout, depth: Depth) -> Pixels {
        let samples = match (self, depth) {
            (Self::Given(_), _) => return Pixels::Written,
            (Self::Own(bytes), Depth::Eight) => Samples::U8(bytes),
            (Self::Own(bytes), Depth::Sixteen) => Samples::U16(
                bytes
                    .chunks_exact(2)
                    .map(|pair| u16::from_ne_bytes([pair[0], pair[1]]))
                    .collect(),
            ),
        };
        Pixels::Plain { layout, samples }
    }

    /// As samples of 8 bit that are not yet what the picture has.
    pub(super) fn into_vec(self) -> Vec<u8> {
        match self {
            Self::Own(bytes) => bytes,
            Self::Given(bytes) => bytes.to_vec(),
        }
    }
}

impl Deref for Bytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Given(bytes) => bytes,
        }
    }
}

impl DerefMut for Bytes<'_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Given(bytes) => bytes,
        }
    }
}
