//! A tile on its way to a worker: packed into a payload, or into the part of the arena that is its own
//! until its answer came.

use crate::backend::regions::Sources;
use crate::pixels::geometry::Rect;
use crate::plan::program::Need;

use super::frame::HEAD_LEN;
use super::message::{Part, TileHeader, encode};
use super::parcel::{Room, pack_regions, packed_bytes};
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
}

/// What a tile is made of.
pub(super) struct Order<'a> {
    /// Job and tile.
    pub(super) identity: (u64, u32),
    pub(super) output: Rect,
    pub(super) needs: &'a [Need],
    pub(super) result_bytes: u64,
    pub(super) has_shared_photo: bool,
}

impl Dispatch {
    pub(super) fn pack(peer: &mut Peer, sources: &Sources<'_>, order: &Order<'_>) -> Self {
        let Order {
            identity,
            output,
            needs,
            result_bytes,
            has_shared_photo,
        } = *order;
        let Peer { link, arena, .. } = peer;
        let n_packed = packed_bytes(needs, sources, has_shared_photo);
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
        let regions = pack_regions(needs, sources, has_shared_photo, &mut room);
        let header = encode(&TileHeader {
            output,
            regions,
            input,
            result,
        });
        Self {
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
