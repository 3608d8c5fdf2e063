//! What a worker computes at this moment, as one number: both ends can look at it without a lock, and
//! it is still there when the worker is not.

/// The job's lower half and one more than the tile; 0 for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Computing(pub(super) u64);

impl Computing {
    pub(super) const NOTHING: Self = Self(0);

    pub(super) fn of(job: u64, tile: u32) -> Self {
        Self(job << 32 | u64::from(tile.saturating_add(1)))
    }

    /// The tile, if it is one of `job`.
    pub(super) fn tile_of(self, job: u64) -> Option<u32> {
        let tile = (self.0 as u32).checked_sub(1)?;
        (self.0 >> 32 == job & 0xffff_ffff).then_some(tile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_told_for_its_own_job_only() {
        let computing = Computing::of(7, 0);
        assert_eq!(computing.tile_of(7), Some(0));
        assert_eq!(computing.tile_of(8), None);
        assert_eq!(Computing::NOTHING.tile_of(0), None);
        let late = Computing::of(1 << 40 | 7, 41);
        assert_eq!(late.tile_of(1 << 40 | 7), Some(41));
    }
}
