//! What a worker keeps of the photo: parts that came with tiles of one pass, for later passes of the
//! same run. The parent knows what each worker has, and sends only what is missing; pure bookkeeping.

use std::collections::BTreeMap;

use crate::pixels::geometry::Rect;

use super::message::{KeptId, MAX_PIECES, Piece};

/// Parts are looked up by the rows they touch, so many pixels high.
const BAND_PX: u32 = 256;

/// A region of the photo that was sent with a tile and stays with the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    id: KeptId,
    rect: Rect,
}

/// What one worker keeps.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Whose photo it is; 0 for nobody's.
    series: u64,
    /// By band of rows; a part is in every band it touches.
    bands: BTreeMap<u32, Vec<Part>>,
    /// What was sent to be kept, whether or not the worker got that far.
    n_bytes: u64,
}

impl Kept {
    /// Nothing yet, of a run's photo.
    pub(super) const fn of(series: u64) -> Self {
        Self {
            series,
            bands: BTreeMap::new(),
            n_bytes: 0,
        }
    }

    pub(super) const fn series(&self) -> u64 {
        self.series
    }

    /// Bytes the worker was sent to keep.
    pub(super) const fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// A region is sent to be kept. It counts from here on, and can be read when [`Self::note`] says
    /// that the worker has it.
    pub(super) const fn promise(&mut self, n_bytes: u64) {
        self.n_bytes += n_bytes;
    }

    /// The worker did the tile, so it has its region.
    pub(super) fn note(&mut self, id: KeptId, rect: Rect) {
        if rect.is_empty() {
            return;
        }
        for band in bands_of(rect) {
            self.bands.entry(band).or_default().push(Part { id, rect });
        }
    }

    /// Whether the middle of a region is there: then most of it is.
    pub(super) fn holds_middle_of(&self, rect: Rect) -> bool {
        let middle = Rect::new(rect.x + rect.width / 2, rect.y + rect.height / 2, 1, 1);
        let band = self.bands.get(&(middle.y / BAND_PX));
        band.is_some_and(|parts| parts.iter().any(|part| part.rect.contains(middle)))
    }

    /// A region in pieces: what is kept, largest first, then what must be sent. Empty where nothing of
    /// it is kept.
    pub(super) fn pieces_of(&self, rect: Rect) -> Vec<Piece> {
        let mut parts: Vec<(Part, u64)> = bands_of(rect)
            .filter_map(|band| self.bands.get(&band))
            .flatten()
            .map(|part| (*part, part.rect.intersect(rect).area()))
            .filter(|(_, area)| *area > 0)
            .collect();
        parts.sort_by_key(|(part, area)| (u64::MAX - area, part.id.job, part.id.tile));
        parts.dedup();
        let mut pieces = Vec::new();
        let mut missing = vec![rect];
        for (part, _) in parts {
            // Each part splits what is missing in four at most; beyond the limit it is sent.
            if pieces.len() + 5 * missing.len() > MAX_PIECES {
                break;
            }
            let mut still = Vec::new();
            for rect in missing {
                let common = rect.intersect(part.rect);
                if common.is_empty() {
                    still.push(rect);
                    continue;
                }
                let kept = Some(part.id);
                pieces.push(Piece { rect: common, kept });
                still.extend(around(rect, common));
            }
            missing = still;
        }
        if !pieces.is_empty() {
            pieces.extend(missing.into_iter().map(|rect| Piece { rect, kept: None }));
        }
        pieces
    }
}

fn bands_of(rect: Rect) -> std::ops::RangeInclusive<u32> {
    rect.y / BAND_PX..=rect.bottom().saturating_sub(1) / BAND_PX
}

/// What `whole` has beside `part`, which lies in it: full rows above and below, the rest at both sides.
fn around(whole: Rect, part: Rect) -> impl Iterator<Item = Rect> {
    let between = |x: u32, y: u32, right: u32, bottom: u32| Rect::new(x, y, right - x, bottom - y);
    [
        between(whole.x, whole.y, whole.right(), part.y),
        between(whole.x, part.bottom(), whole.right(), whole.bottom()),
        between(whole.x, part.y, part.x, part.bottom()),
        between(part.right(), part.y, whole.right(), part.bottom()),
    ]
    .into_iter()
    .filter(|rect| !rect.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::geometry::{Size, tiles_of};

    const fn id(tile: u32) -> KeptId {
        KeptId { job: 1, tile }
    }

    /// Every pixel of the region is in one piece, and kept pieces lie in what is kept.
    fn check(kept: &[(KeptId, Rect)], rect: Rect, pieces: &[Piece]) {
        let area: u64 = pieces.iter().map(|piece| piece.rect.area()).sum();
        assert_eq!(area, rect.area());
        for (idx, piece) in pieces.iter().enumerate() {
            assert!(rect.contains(piece.rect) && !piece.rect.is_empty());
            let others = &pieces[idx + 1..];
            assert!(
                others
                    .iter()
                    .all(|other| other.rect.intersect(piece.rect).is_empty())
            );
            if let Some(id) = piece.kept {
                let (_, part) = kept.iter().find(|(kept, _)| *kept == id).unwrap();
                assert!(part.contains(piece.rect));
            }
        }
    }

    #[test]
    fn a_tile_and_its_surroundings_take_what_is_kept_of_it_and_its_neighbours() {
        let tiles = tiles_of(Size::new(1000, 700), Size::new(128, 128));
        // Every other tile is at this worker.
        let parts: Vec<_> = (0..).zip(tiles.iter().copied()).step_by(2).collect();
        let parts: Vec<_> = parts
            .into_iter()
            .map(|(tile, rect)| (id(tile), rect))
            .collect();
        let mut kept = Kept::of(7);
        for (id, rect) in &parts {
            kept.note(*id, *rect);
        }
        for (tile, rect) in tiles.into_iter().enumerate() {
            let with_surroundings = rect.grown_within(9, Size::new(1000, 700));
            let pieces = kept.pieces_of(with_surroundings);
            check(&parts, with_surroundings, &pieces);
            let is_here = tile % 2 == 0;
            assert_eq!(kept.holds_middle_of(with_surroundings), is_here);
            assert_eq!(pieces[0].kept == Some(id(tile as u32)), is_here);
        }
    }

    #[test]
    fn what_is_not_kept_is_sent_whole_and_a_region_within_one_part_is_one_piece() {
        let mut kept = Kept::of(1);
        let rect = Rect::new(100, 300, 200, 100);
        assert_eq!(kept.pieces_of(rect), []);
        kept.note(id(3), Rect::new(90, 200, 400, 700));
        let whole = Piece {
            rect,
            kept: Some(id(3)),
        };
        assert_eq!(kept.pieces_of(rect), [whole]);
        assert_eq!(kept.pieces_of(Rect::new(500, 300, 10, 10)), []);
        assert!(!kept.holds_middle_of(Rect::new(500, 300, 10, 10)));
    }

    #[test]
    fn crumbs_beyond_the_limit_are_sent() {
        let mut kept = Kept::of(1);
        let parts: Vec<_> = (0..2000)
            .map(|i| (id(i), Rect::new(i % 50 * 4, i / 50 * 4, 2, 2)))
            .collect();
        for (id, rect) in &parts {
            kept.note(*id, *rect);
        }
        let rect = Rect::new(0, 0, 200, 160);
        let pieces = kept.pieces_of(rect);
        assert!(pieces.len() <= MAX_PIECES, "{}", pieces.len());
        check(&parts, rect, &pieces);
    }
}
