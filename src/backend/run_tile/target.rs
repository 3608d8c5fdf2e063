//! Where a tile's samples are written: memory that was given for them, or the desk's own.

use crate::pixels::image::{Depth, Samples, SamplesMut};

use super::Desk;
use crate::backend::canvas::TilePixels;

/// Samples of a tile while they are written.
pub(super) enum Target<'a> {
    Given(SamplesMut<'a>),
    Own(Samples),
}

impl<'a> Target<'a> {
    /// `room`, if it is exactly what `len` samples take and lies as such must; else the desk's.
    pub(super) fn new(room: &'a mut [u8], desk: &mut Desk, depth: Depth, len: usize) -> Self {
        let given = match depth {
            Depth::Eight => Some(SamplesMut::U8(room)),
            Depth::Sixteen => bytemuck::try_cast_slice_mut(room).ok().map(SamplesMut::U16),
        };
        let fits = |given: &SamplesMut<'_>| match given {
            SamplesMut::U8(samples) => samples.len() == len,
            SamplesMut::U16(samples) => samples.len() == len,
        };
        match given.filter(fits) {
            Some(given) => Self::Given(given),
            None => Self::Own(desk.samples(depth, len)),
        }
    }

    /// Samples `range` of it.
    pub(super) fn part(&mut self, range: std::ops::Range<usize>) -> SamplesMut<'_> {
        let whole = match self {
            Self::Given(SamplesMut::U8(samples)) => SamplesMut::U8(samples),
            Self::Given(SamplesMut::U16(samples)) => SamplesMut::U16(samples),
            Self::Own(samples) => samples.as_mut(),
        };
        match whole {
            SamplesMut::U8(samples) => SamplesMut::U8(&mut samples[range]),
            SamplesMut::U16(samples) => SamplesMut::U16(&mut samples[range]),
        }
    }

    /// What was computed, once all of it is written.
    pub(super) fn into_pixels(self) -> TilePixels {
        match self {
            Self::Given(_) => TilePixels::Laid,
            Self::Own(samples) => TilePixels::Samples(samples),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_used_where_it_fits_exactly_and_left_alone_else() {
        let mut desk = Desk::default();
        let mut words = [0_u16; 4];
        let room: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
        let is_given = |target: &Target<'_>| matches!(target, Target::Given(_));
        assert!(is_given(&Target::new(room, &mut desk, Depth::Eight, 8)));
        assert!(is_given(&Target::new(room, &mut desk, Depth::Sixteen, 4)));
        assert!(!is_given(&Target::new(room, &mut desk, Depth::Eight, 7)));
        assert!(!is_given(&Target::new(room, &mut desk, Depth::Sixteen, 8)));
        let odd = &mut room[1..7];
        assert!(!is_given(&Target::new(odd, &mut desk, Depth::Sixteen, 3)));
        let mut target = Target::new(room, &mut desk, Depth::Sixteen, 4);
        if let SamplesMut::U16(part) = target.part(1..3) {
            part.fill(7);
        }
        assert!(matches!(target.into_pixels(), TilePixels::Laid));
        assert_eq!(words, [0, 7, 7, 0]);
    }
}
