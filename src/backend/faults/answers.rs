//! Answers that are wrong on order: what the parent must refuse.

use std::io::{self, Write};
use std::process;
use std::sync::atomic::Ordering;

use super::{Kind, ORDER, SPOILED};

/// A good frame, and where its parts lie: the head's fields as `processes/README.md` has them.
pub struct Good<'a> {
    pub tile: u32,
    /// Head and header.
    pub front: Vec<u8>,
    pub payload: &'a [u8],
    /// Makes the frame anew with another identity, header or payload: all checksums are right.
    pub remade: &'a dyn Fn(Remade) -> Vec<u8>,
}

/// What is other in a frame that is well made and wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remade {
    Tile,
    Job,
    Rect,
    Short,
    Long,
}

const AT_PAYLOAD_LEN: usize = 24;
const AT_BODY_CRC: usize = 32;
const AT_HEAD_CRC: usize = 36;

/// Whether an order concerns the answer of this tile.
pub fn is_ordered(tile: u32) -> bool {
    SPOILED.load(Ordering::SeqCst) == tile + 1
}

/// Writes something else where that was ordered; whether it did.
///
/// # Errors
/// When the stream cannot be written.
pub fn write_instead(write: &mut impl Write, good: &Good<'_>) -> io::Result<bool> {
    let Some(order) = ORDER.get() else {
        return Ok(false);
    };
    if !is_ordered(good.tile) {
        return Ok(false);
    }
    let remade = |what| (good.remade)(what);
    let bytes = match order.kind {
        Kind::Garbage => vec![0xa5; 4096],
        Kind::Short => remade(Remade::Short),
        Kind::Long => remade(Remade::Long),
        Kind::WrongId => remade(Remade::Tile),
        Kind::WrongJob => remade(Remade::Job),
        Kind::WrongRect => remade(Remade::Rect),
        Kind::BadCrc => with_u32(good, AT_BODY_CRC, 0xdead_beef),
        Kind::HugeLen => with_u32(good, AT_PAYLOAD_LEN, u32::MAX),
        Kind::Truncated => {
            write.write_all(&good.front)?;
            write.write_all(&good.payload[..good.payload.len() / 2])?;
            write.flush()?;
            process::exit(0);
        }
        Kind::Trailing => {
            let mut bytes = with_u32(good, usize::MAX, 0);
            bytes.extend_from_slice(b"one word more");
            bytes
        }
        _ => return Ok(false),
    };
    SPOILED.store(0, Ordering::SeqCst);
    write.write_all(&bytes)?;
    write.flush()?;
    Ok(true)
}

/// The whole frame with one number of its head changed, and the head's own checksum right.
fn with_u32(good: &Good<'_>, at: usize, value: u32) -> Vec<u8> {
    let mut bytes = good.front.clone();
    if let Some(field) = bytes.get_mut(at..at.saturating_add(4)) {
        field.copy_from_slice(&value.to_le_bytes());
    }
    let crc = crc32fast::hash(&bytes[..AT_HEAD_CRC]);
    bytes[AT_HEAD_CRC..AT_HEAD_CRC + 4].copy_from_slice(&crc.to_le_bytes());
    bytes.extend_from_slice(good.payload);
    bytes
}
