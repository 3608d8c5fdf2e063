//! Where a worker keeps parts of the photo for later passes, and puts them together again. It keeps
//! what its parent says and forgets when its parent says so.

use std::collections::HashMap;

use crate::pixels::geometry::Rect;
use crate::plan::graph::SourceForm;

use super::message::{KeptId, MAX_PIECES, Piece};
use super::parcel::WrongRegions;
use super::payload::{Buffers, Payload, REGION_ALIGN};

/// More than any parent asks a worker to keep; one that does makes no sense.
const MOST_BYTES: usize = 1 << 30;

/// The photo's part of a tile, where it lay in the tile's payload: at the beginning.
#[derive(Debug)]
struct Part {
    rect: Rect,
    pixel_bytes: usize,
    payload: Payload,
}

/// All that a worker keeps.
#[derive(Debug, Default)]
pub(super) struct Store {
    parts: HashMap<KeptId, Part>,
    n_bytes: usize,
}

impl Store {
    /// Keeps a payload that begins with the pixels of `rect`; what does not fit is given back.
    pub(super) fn keep(
        &mut self,
        id: KeptId,
        (rect, pixel_bytes): (Rect, usize),
        mut payload: Payload,
    ) -> Option<Payload> {
        payload.trim();
        let is_there = bytes_of(rect, pixel_bytes).is_some_and(|n| n <= payload.len());
        let n_bytes = self.n_bytes.saturating_add(payload.len());
        if !is_there || n_bytes > MOST_BYTES || self.parts.contains_key(&id) {
            return Some(payload);
        }
        self.n_bytes = n_bytes;
        let part = Part {
            rect,
            pixel_bytes,
            payload,
        };
        self.parts.insert(id, part);
        None
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Keeps nothing any more; the memory is there for what comes next.
    pub(super) fn forget(&mut self, buffers: &Buffers) {
        self.n_bytes = 0;
        for (_, part) in self.parts.drain() {
            buffers.give(part.payload);
        }
    }

    /// Puts a region together from what is kept and from what came in `bytes`, packed row after row
    /// into `target`; answers how much of `bytes` that was.
    ///
    /// # Errors
    /// When the pieces are not exactly the region, or one of them is not there.
    pub(super) fn assemble(
        &self,
        rect: Rect,
        pieces: &[Piece],
        (source, bytes): (&SourceForm, &[u8]),
        target: &mut Payload,
    ) -> Result<usize, WrongRegions> {
        let pixel_bytes = source.layout.channels() * source.depth.bytes();
        // All is known to be there, once, before any memory is taken.
        is_cut_into(rect, pieces)
            .then_some(())
            .ok_or(WrongRegions)?;
        let mut n_sent = 0_usize;
        let mut found = Vec::with_capacity(pieces.len());
        for piece in pieces {
            found.push(match piece.kept {
                Some(id) => {
                    let part = self.parts.get(&id).ok_or(WrongRegions)?;
                    let fits = part.rect.contains(piece.rect) && part.pixel_bytes == pixel_bytes;
                    fits.then_some((part.rect, part.payload.bytes()))
                        .ok_or(WrongRegions)?
                }
                None => {
                    let start = n_sent.next_multiple_of(REGION_ALIGN);
                    let n_bytes = bytes_of(piece.rect, pixel_bytes).ok_or(WrongRegions)?;
                    n_sent = start.checked_add(n_bytes).ok_or(WrongRegions)?;
                    let sent = bytes.get(start..n_sent).ok_or(WrongRegions)?;
                    (piece.rect, sent)
                }
            });
        }
        target.set_len(bytes_of(rect, pixel_bytes).ok_or(WrongRegions)?);
        for (piece, from) in pieces.iter().zip(found) {
            copy_rect(piece.rect, from, (rect, target.bytes_mut()), pixel_bytes);
        }
        Ok(n_sent)
    }
}

/// Whether pieces that do not overlap make up all of `rect`.
fn is_cut_into(rect: Rect, pieces: &[Piece]) -> bool {
    let is_apart = |(idx, piece): (usize, &Piece)| {
        let others = &pieces[idx + 1..];
        others
            .iter()
            .all(|other| other.rect.intersect(piece.rect).is_empty())
    };
    pieces.len() <= MAX_PIECES
        && pieces.iter().all(|piece| is_within(rect, piece.rect))
        && pieces.iter().map(|piece| piece.rect.area()).sum::<u64>() == rect.area()
        && pieces.iter().enumerate().all(is_apart)
}

/// As [`Rect::contains`], for rectangles whose edges nobody has looked at.
fn is_within(whole: Rect, part: Rect) -> bool {
    let ends = |at: u32, length: u32| at.checked_add(length);
    let inside = ends(part.x, part.width)
        .zip(ends(part.y, part.height))
        .zip(ends(whole.x, whole.width).zip(ends(whole.y, whole.height)));
    inside.is_some_and(|_| !part.is_empty() && whole.contains(part))
}

fn bytes_of(rect: Rect, pixel_bytes: usize) -> Option<usize> {
    usize::try_from(rect.area()).ok()?.checked_mul(pixel_bytes)
}

fn copy_rect(
    rect: Rect,
    (from_rect, from): (Rect, &[u8]),
    (to_rect, to): (Rect, &mut [u8]),
    pixel_bytes: usize,
) {
    let start_of = |whole: Rect, y: u32| {
        let row = (y - whole.y) as usize * whole.width as usize;
        (row + (rect.x - whole.x) as usize) * pixel_bytes
    };
    let row_bytes = rect.width as usize * pixel_bytes;
    for y in rect.y..rect.bottom() {
        let (source, target) = (start_of(from_rect, y), start_of(to_rect, y));
        to[target..target + row_bytes].copy_from_slice(&from[source..source + row_bytes]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::color::ColorSpace;
    use crate::pixels::geometry::Size;
    use crate::pixels::image::{Depth, Layout};

    fn source(layout: Layout) -> SourceForm {
        SourceForm {
            size: Size::new(100, 100),
            layout,
            depth: Depth::Eight,
            color: ColorSpace::srgb(),
        }
    }

    const fn id(tile: u32) -> KeptId {
        KeptId { job: 9, tile }
    }

    /// Every pixel says where it lies.
    fn pixels(rect: Rect) -> Payload {
        let mut payload = Payload::default();
        let values = (rect.y..rect.bottom())
            .flat_map(|y| (rect.x..rect.right()).map(move |x| (y * 16 + x) as u8));
        let room = payload.extend(rect.area() as usize);
        room.iter_mut()
            .zip(values)
            .for_each(|(to, value)| *to = value);
        payload
    }

    fn store() -> Store {
        let mut store = Store::default();
        for (tile, rect) in [(0, Rect::new(0, 0, 4, 4)), (1, Rect::new(4, 0, 4, 4))] {
            assert!(store.keep(id(tile), (rect, 1), pixels(rect)).is_none());
        }
        store
    }

    fn pieces() -> [Piece; 3] {
        [
            (Rect::new(1, 1, 3, 3), Some(id(0))),
            (Rect::new(4, 1, 2, 3), Some(id(1))),
            (Rect::new(1, 4, 5, 2), None),
        ]
        .map(|(rect, kept)| Piece { rect, kept })
    }

    #[test]
    fn a_region_is_put_together_from_what_was_kept_and_what_came() {
        let rect = Rect::new(1, 1, 5, 5);
        let sent = pixels(Rect::new(1, 4, 5, 2));
        let mut target = Payload::default();
        let gray = source(Layout::Gray);
        let n_sent = store()
            .assemble(rect, &pieces(), (&gray, sent.bytes()), &mut target)
            .unwrap();
        assert_eq!((n_sent, target.bytes()), (10, pixels(rect).bytes()));
    }

    #[test]
    fn pieces_that_are_not_the_region_or_not_there_are_refused() {
        let rect = Rect::new(1, 1, 5, 5);
        let sent = pixels(Rect::new(1, 4, 5, 2));
        let gray = source(Layout::Gray);
        let is_refused = |pieces: &[Piece], form: &SourceForm| {
            let mut target = Payload::default();
            let (store, sent) = (store(), (form, sent.bytes()));
            let refused = store.assemble(rect, pieces, sent, &mut target).is_err();
            refused && target.is_empty()
        };
        assert!(!is_refused(&pieces(), &gray));
        assert!(is_refused(&pieces(), &source(Layout::Rgb)));
        assert!(is_refused(&pieces()[1..], &gray));
        assert!(is_refused(&[], &gray));
        let changed = |idx: usize, rect: Rect, kept: Option<KeptId>| {
            let mut pieces = pieces();
            pieces[idx] = Piece { rect, kept };
            pieces
        };
        for wrong in [
            changed(0, Rect::new(1, 1, 3, 3), Some(id(5))),
            // As much, but over another piece; outside what is kept; beyond all numbers.
            changed(2, Rect::new(1, 2, 5, 2), None),
            changed(1, Rect::new(4, 1, 2, 3), Some(id(0))),
            changed(1, Rect::new(u32::MAX, 1, 2, 3), Some(id(1))),
            changed(0, Rect::new(0, 0, 3, 3), Some(id(0))),
        ] {
            assert!(is_refused(&wrong, &gray), "{wrong:?}");
        }
        let crumbs = vec![pieces()[0]; MAX_PIECES + 1];
        assert!(is_refused(&crumbs, &gray));
    }

    #[test]
    fn what_is_forgotten_is_memory_for_the_next_and_nothing_is_kept_twice_or_beyond_bounds() {
        let mut store = store();
        let rect = Rect::new(0, 0, 4, 4);
        assert!(store.keep(id(0), (rect, 1), pixels(rect)).is_some());
        let short = store.keep(id(7), (Rect::new(0, 0, 4, 5), 1), pixels(rect));
        assert!(short.is_some());
        let buffers = Buffers::default();
        store.forget(&buffers);
        assert!(store.is_empty() && store.n_bytes == 0);
        let mut payload = buffers.take();
        payload.set_len(16);
        assert!(payload.bytes().iter().any(|byte| *byte != 0), "used before");
        let _ = store.keep(id(0), (rect, 1), payload);
        assert!(!store.is_empty());
    }
}
