//! A picture's samples in memory that a decoder filled.

use crate::pixels::image::Memory;
use crate::system::shared_memory::Frozen;

/// Nobody writes to it any more, so it may be read as samples for as long as it is held.
#[derive(Debug)]
pub(super) struct Held(pub(super) Frozen);

impl Memory for Held {
    fn bytes(&self) -> &[u8] {
        &self.0
    }
}
