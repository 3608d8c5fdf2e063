//! A lane's pieces with running sums over them, so that any stretch of it, however many tiles lie in
//! it, is summed in the time of one block. Built once a run; nothing is ever left out of a sum.

use std::ops::Range;

/// Colours a lane can be told in: what the palette of a view has, and those below.
pub(super) const N_CLASSES: usize = 12;

/// The worker has nothing to do.
pub(super) const WAITING: u8 = 10;
/// The worker's process or thread is being made.
pub(super) const STARTING: u8 = 11;
/// What belongs to a tile without being computing, where computing alone is coloured.
pub(super) const BESIDE: u8 = 9;

/// Pieces summed together.
const BLOCK: usize = 8;

/// No tile: a worker that waits or starts.
const NO_TILE: u32 = u32::MAX;

/// A stretch of a lane in one colour. Pieces of a lane are in order and never overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start_ns: u64,
    pub(super) end_ns: u64,
    tile_record: u32,
    pub(super) class: u8,
    /// The first piece of its tile on this lane: counting these counts tiles.
    begins_tile: bool,
    pub(super) core_changed: bool,
}

impl Piece {
    pub(super) const fn new(start_ns: u64, end_ns: u64, class: u8) -> Self {
        Self {
            start_ns,
            end_ns,
            tile_record: NO_TILE,
            class,
            begins_tile: false,
            core_changed: false,
        }
    }

    pub(super) const fn of_tile(mut self, tile_record: usize, core_changed: bool) -> Self {
        self.tile_record = tile_record as u32;
        self.core_changed = core_changed;
        self
    }

    /// Index into the run's tiles.
    pub(super) const fn tile_record(self) -> Option<usize> {
        if self.tile_record == NO_TILE {
            None
        } else {
            Some(self.tile_record as usize)
        }
    }

    pub(super) const fn duration_ns(self) -> u64 {
        self.end_ns.saturating_sub(self.start_ns)
    }
}

/// Nanoseconds by class, and tiles that begin there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sum {
    pub(super) ns: [u64; N_CLASSES],
    pub(super) n_tiles: u32,
}

impl Sum {
    #[inline]
    fn add(&mut self, piece: &Piece) {
        self.ns[usize::from(piece.class)] += piece.duration_ns();
        self.n_tiles += u32::from(piece.begins_tile);
    }

    fn minus(mut self, earlier: &Self) -> Self {
        for (ns, before) in self.ns.iter_mut().zip(&earlier.ns) {
            *ns -= before;
        }
        self.n_tiles -= earlier.n_tiles;
        self
    }

    /// All but waiting.
    pub(super) fn busy_ns(&self) -> u64 {
        let all: u64 = self.ns.iter().sum();
        all - self.ns[usize::from(WAITING)] - self.ns[usize::from(STARTING)]
    }
}

/// See the module's own words.
#[derive(Debug, Default)]
pub(super) struct Track {
    pieces: Vec<Piece>,
    /// `blocks[k]` sums the pieces before number `k * BLOCK`.
    blocks: Vec<Sum>,
}

impl Track {
    /// `n_tiles`: how many tile records the run has.
    pub(super) fn new(mut pieces: Vec<Piece>, n_tiles: usize) -> Self {
        let mut seen = vec![false; n_tiles];
        let mut sum = Sum::default();
        let mut blocks = Vec::with_capacity(pieces.len() / BLOCK + 1);
        for (idx, piece) in pieces.iter_mut().enumerate() {
            if idx % BLOCK == 0 {
                blocks.push(sum);
            }
            let is_seen = piece.tile_record().and_then(|tile| seen.get_mut(tile));
            piece.begins_tile = is_seen.is_some_and(|seen| !std::mem::replace(seen, true));
            sum.add(piece);
        }
        Self { pieces, blocks }
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The first piece that ends after `at_ns`, searched from piece `from` on.
    pub(super) fn first_after(&self, from: usize, at_ns: u64) -> usize {
        self.first_not(from, |piece| piece.end_ns <= at_ns)
    }

    /// The first piece that begins at `at_ns` or later, searched from `from` on.
    fn first_from(&self, from: usize, at_ns: u64) -> usize {
        self.first_not(from, |piece| piece.start_ns < at_ns)
    }

    /// The first piece from `from` on that is not before, where it is likely to be near: in strides
    /// that double, then by halves.
    #[inline]
    fn first_not(&self, from: usize, is_before: impl Fn(&Piece) -> bool) -> usize {
        let (mut low, mut stride) = (from, 1);
        loop {
            let probe = low + stride - 1;
            match self.pieces.get(probe) {
                Some(piece) if is_before(piece) => {
                    low = probe + 1;
                    stride *= 2;
                }
                _ => {
                    let high = probe.min(self.pieces.len());
                    return low + self.pieces[low..high].partition_point(is_before);
                }
            }
        }
    }

    /// The piece that covers this moment.
    pub(super) fn at(&self, at_ns: u64) -> Option<&Piece> {
        let piece = self.pieces.get(self.first_after(0, at_ns))?;
        (piece.start_ns <= at_ns).then_some(piece)
    }

    /// What lies between two moments, pieces at both ends cut; also the index of the first piece that
    /// reaches beyond the end. `from`: a piece at or before the first moment.
    pub(super) fn over(&self, from: usize, start_ns: u64, end_ns: u64) -> (Sum, usize) {
        let first = self.first_after(from, start_ns);
        let end = self
            .first_from(first.min(self.pieces.len()), end_ns)
            .max(first);
        let mut sum = self.between(first..end);
        if let Some(piece) = self.pieces[first..end].first() {
            sum.ns[usize::from(piece.class)] -= start_ns.saturating_sub(piece.start_ns);
            // It began in an earlier stretch and was counted there.
            if piece.begins_tile && piece.start_ns < start_ns {
                sum.n_tiles -= 1;
            }
        }
        let mut next = end;
        if let Some(piece) = self.pieces[first..end].last() {
            let beyond_ns = piece.end_ns.saturating_sub(end_ns);
            sum.ns[usize::from(piece.class)] -= beyond_ns;
            next -= usize::from(beyond_ns > 0);
        }
        (sum, next)
    }

    fn between(&self, range: Range<usize>) -> Sum {
        if range.len() <= 2 * BLOCK {
            let mut sum = Sum::default();
            for piece in &self.pieces[range] {
                sum.add(piece);
            }
            return sum;
        }
        self.before(range.end).minus(&self.before(range.start))
    }

    fn before(&self, end: usize) -> Sum {
        let block_idx = (end / BLOCK).min(self.blocks.len().saturating_sub(1));
        let mut sum = self.blocks.get(block_idx).copied().unwrap_or_default();
        for piece in &self.pieces[block_idx * BLOCK..end] {
            sum.add(piece);
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces of 1 to 7 ns with gaps of 0 to 2 ns, two a tile.
    fn track(n_pieces: usize) -> Track {
        let mut at_ns = 100;
        let pieces = (0..n_pieces).map(|idx| {
            let start_ns = at_ns + (idx as u64 * 5) % 3;
            at_ns = start_ns + 1 + (idx as u64 * 3) % 7;
            let class = (idx % N_CLASSES) as u8;
            Piece::new(start_ns, at_ns, class).of_tile(idx / 2, false)
        });
        Track::new(pieces.collect(), n_pieces.div_ceil(2))
    }

    /// Nanosecond by nanosecond.
    fn counted(track: &Track, start_ns: u64, end_ns: u64) -> Sum {
        let mut sum = Sum::default();
        for piece in track.pieces() {
            let covers = |at_ns: &u64| (piece.start_ns..piece.end_ns).contains(at_ns);
            sum.ns[usize::from(piece.class)] += (start_ns..end_ns).filter(covers).count() as u64;
            let begins = (start_ns..end_ns).contains(&piece.start_ns);
            sum.n_tiles += u32::from(begins && piece.begins_tile);
        }
        sum
    }

    #[test]
    fn any_stretch_sums_to_what_lies_in_it() {
        let track = track(400);
        let end_ns = track.pieces().last().unwrap().end_ns;
        for (start_ns, end_ns) in [
            (0, end_ns + 50),
            (100, 101),
            (333, 1200),
            (1000, 1003),
            (end_ns, end_ns + 9),
        ] {
            let (sum, _) = track.over(0, start_ns, end_ns);
            assert_eq!(
                sum,
                counted(&track, start_ns, end_ns),
                "{start_ns}…{end_ns}"
            );
        }
    }

    #[test]
    fn columns_side_by_side_lose_no_tile_and_no_nanosecond() {
        let track = track(1000);
        let whole = track.over(0, 0, 1_000_000).0;
        for width_ns in [1, 7, 64, 501] {
            let (mut from, mut at_ns, mut sum) = (0, 0, Sum::default());
            while at_ns < 10_000 {
                let (column, next) = track.over(from, at_ns, at_ns + width_ns);
                for (ns, more) in sum.ns.iter_mut().zip(column.ns) {
                    *ns += more;
                }
                sum.n_tiles += column.n_tiles;
                from = next;
                at_ns += width_ns;
            }
            assert_eq!(sum, whole, "columns of {width_ns} ns");
        }
        assert_eq!(whole.n_tiles, 500);
    }

    #[test]
    fn a_moment_has_its_piece_or_none() {
        let track = Track::new(
            vec![
                Piece::new(10, 20, 0),
                Piece::new(30, 40, 1).of_tile(0, true),
            ],
            1,
        );
        assert!(track.at(9).is_none() && track.at(20).is_none() && track.at(40).is_none());
        assert_eq!(track.at(30).unwrap().tile_record(), Some(0));
    }
}
