//! A tile on its way to a worker: packed into a payload, or into the part of the arena that is its own
//! until its answer came.

use crate::backend::regions::Sources;
use crate::pixels::geometry::Rect;
use crate::plan::graph::Input;
use crate::plan::program::Need;
use crate::system::shared_memory::Arena;

use super::frame::HEAD_LEN;
use super::message::{KeptId, Part, TileHeader, encode};
use super::parcel::{PhotoWay, Room, pack_regions, packed_bytes};
use super::payload::Payload;
use super::peer::Peer;

/// A tile that is ready to be sent.
pub(super) struct Dispatch {
    pub(super) header: Vec<u8>,
    pub(super) payload: Payload,
    /// Where its pixels are to be found; `None`: in the answer.
    pub(super) result: Option<Part>,
    /// All that is moved for it, by pipe and by memory.
    pub(super) bytes_in: usize,
    /// The photo's region, where the worker shall keep it.
    pub(super) kept: Option<(KeptId, Rect)>,
}

/// What a tile is made of.
pub(super) struct Order<'a> {
    /// Job and tile.
    pub(super) identity: (u64, u32),
    pub(super) output: Rect,
    pub(super) needs: &'a [Need],
    pub(super) result_bytes: u64,
    pub(super) has_shared_photo: bool,
    /// How much of the photo the worker may keep in all, for later passes; 0 where none reads it.
    pub(super) keep_bytes: u64,
}

impl Dispatch {
    pub(super) fn pack(peer: &mut Peer, sources: &Sources<'_>, order: &Order<'_>) -> Self {
        let Order {
            identity,
            output,
            needs,
            result_bytes,
            has_shared_photo,
            keep_bytes,
        } = *order;
        let Peer {
            link, arena, kept, ..
        } = peer;
        let photo = needs.iter().find(|need| need.input == Input::Photo);
        let pieces = photo.map_or_else(Vec::new, |need| kept.pieces_of(need.rect));
        let way = match (&pieces[..], has_shared_photo) {
            (_, true) => PhotoWay::Shared,
            ([], false) => PhotoWay::Sent,
            (pieces, false) => PhotoWay::Pieces(pieces),
        };
        let n_packed = packed_bytes(needs, sources, way);
        let slot = arena.as_ref().and_then(|_| link.slots().take(identity));
        let result = slot.and_then(|slot| slot.result(result_bytes));
        let input = slot.and_then(|slot| slot.input(n_packed));
        let mut payload = link.buffers().take();
        let part = arena
            .as_mut()
            .zip(input)
            .and_then(|(arena, input)| arena.part_mut(range(input)?));
        let (mut room, input) = match part {
            Some(part) => (Room::Part(part, 0), input),
            None => (Room::Payload(&mut payload), None),
        };
        let regions = pack_regions(needs, sources, way, &mut room);
        let fits = kept.n_bytes() + n_packed as u64 <= keep_bytes;
        let is_kept = way == PhotoWay::Sent && input.is_none() && fits;
        let kept = photo.filter(|_| is_kept).map(|need| {
            kept.promise(n_packed as u64);
            let (job, tile) = identity;
            (KeptId { job, tile }, need.rect)
        });
        let header = encode(&TileHeader {
            output,
            regions,
            input,
            result,
            is_kept: kept.is_some(),
            pieces,
        });
        Self {
            kept,
            bytes_in: HEAD_LEN + header.len() + n_packed,
            header,
            payload,
            result,
        }
    }
}

/// As a range of bytes of this machine's memory.
pub(super) fn range(part: Part) -> Option<std::ops::Range<usize>> {
    let start = usize::try_from(part.at).ok()?;
    let n_bytes = usize::try_from(part.n_bytes).ok()?;
    Some(start..start.checked_add(n_bytes)?)
}

/// At the worker: what a tile reads, and where in the arena its pixels go; `None` where that is not in it.
pub(super) fn parts<'a: 'p, 'p>(
    header: &TileHeader,
    arena: Option<&'a mut Arena>,
    payload: &'p [u8],
) -> Option<(&'p [u8], Option<&'a mut [u8]>)> {
    let Some(arena) = arena else {
        return header.input.is_none().then_some((payload, None));
    };
    match (header.input.map(range), header.result.map(range)) {
        (None, result) => Some((payload, result.flatten().and_then(|at| arena.part_mut(at)))),
        (Some(input), None) => Some((arena.part(input?)?, None)),
        (Some(input), Some(result)) => {
            let (packed, room) = arena.parts(input?, result?)?;
            Some((packed, Some(room)))
        }
    }
}
