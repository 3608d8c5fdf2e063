//! Frames: how messages lie in a stream of bytes. What they say is `message`'s business.
//!
//! A frame is a head of [`HEAD_LEN`] bytes, a header and a payload. The head has a checksum of its
//! own, so that a length is believed only after it was checked, and no length is believed beyond
//! the reader's limits. All numbers are little-endian; `README.md` has the table.

use std::io::{self, ErrorKind, IoSlice, Read, Write};

use crate::telemetry::clock::now_ns;

use super::payload::{Buffers, Payload};

pub const MAGIC: [u8; 4] = *b"PLX1";

/// Bytes before the header.
pub const HEAD_LEN: usize = 40;

/// The longest header either end accepts: a plan with large curves takes kilobytes, each table of
/// 65³ colours in it three megabytes.
pub const MAX_HEADER_BYTES: u32 = 64 << 20;

/// Memory for a payload grows by this much at a time as bytes arrive, so that a false length alone
/// costs nothing.
const GROWTH_BYTES: usize = 64 << 20;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Who I am; both ways, first of all.
    Hello,
    /// Are you there, and what does your clock read? To the worker.
    Ping,
    Pong,
    /// A pass to work on. To the worker.
    Job,
    /// A tile of the job with all it reads. To the worker.
    Tile,
    /// Memory that tiles travel in from now on. To the worker.
    Memory,
    /// What was kept of the photo is not needed any more. To the worker.
    Forget,
    /// Jobs up to this one are void. To the worker.
    Cancel,
    /// No more is to come. To the worker.
    Goodbye,
    /// The worker begins to compute the tile.
    Started,
    /// The tile's pixels.
    Done,
    /// The tile's job was void.
    Cancelled,
    /// The tile, or the job, cannot be done.
    Failed,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::Hello,
        Self::Ping,
        Self::Pong,
        Self::Job,
        Self::Tile,
        Self::Memory,
        Self::Forget,
        Self::Cancel,
        Self::Goodbye,
        Self::Started,
        Self::Done,
        Self::Cancelled,
        Self::Failed,
    ];

    const fn code(self) -> u16 {
        match self {
            Self::Hello => 1,
            Self::Ping => 2,
            Self::Pong => 3,
            Self::Job => 4,
            Self::Tile => 5,
            Self::Cancel => 6,
            Self::Goodbye => 7,
            Self::Started => 8,
            Self::Done => 9,
            Self::Cancelled => 10,
            Self::Failed => 11,
            Self::Memory => 12,
            Self::Forget => 13,
        }
    }

    fn from_code(code: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A frame as it was received, checked.
#[derive(Debug)]
pub struct Frame {
    pub kind: Kind,
    /// 0 where no job is meant.
    pub job: u64,
    /// 0 where no tile is meant.
    pub tile: u32,
    pub header: Vec<u8>,
    pub payload: Payload,
    /// When its head was there and when all of it was, on this process's clock.
    pub began_ns: u64,
    pub ended_ns: u64,
}

impl Frame {
    /// Bytes it took in the stream.
    #[must_use]
    pub const fn n_bytes(&self) -> u64 {
        (HEAD_LEN + self.header.len() + self.payload.len()) as u64
    }
}

/// What a reader accepts.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub header_bytes: u32,
    pub payload_bytes: u64,
}

/// Why a stream makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    #[error("the stream cannot be read")]
    Io(#[source] io::Error),
    #[error("the stream ended within a frame")]
    Truncated,
    #[error("this is not a frame")]
    Magic,
    #[error("a frame of unknown kind {0}")]
    UnknownKind(u16),
    #[error("a frame's checksum is wrong")]
    Checksum,
    #[error("a frame of {n_bytes} bytes, above the limit of {limit}")]
    TooLong { n_bytes: u64, limit: u64 },
}

/// The bytes of a frame apart from its payload: the caller writes `payload` behind them.
#[must_use]
pub fn encode_front(kind: Kind, (job, tile): (u64, u32), header: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut front = Vec::with_capacity(HEAD_LEN + header.len());
    front.extend_from_slice(&MAGIC);
    front.extend_from_slice(&kind.code().to_le_bytes());
    front.extend_from_slice(&[0; 2]);
    front.extend_from_slice(&job.to_le_bytes());
    front.extend_from_slice(&tile.to_le_bytes());
    front.extend_from_slice(&(header.len() as u32).to_le_bytes());
    front.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    front.extend_from_slice(&body_crc(header, payload).to_le_bytes());
    front.extend_from_slice(&crc32fast::hash(&front).to_le_bytes());
    front.extend_from_slice(header);
    front
}

/// Writes a frame in as few calls as the stream takes.
///
/// # Errors
/// When the stream cannot be written.
pub fn write_frame(
    write: &mut impl Write,
    kind: Kind,
    identity: (u64, u32),
    header: &[u8],
    payload: &[u8],
) -> io::Result<()> {
    let front = encode_front(kind, identity, header, payload);
    let mut n_written = 0;
    while n_written < front.len() {
        let parts = [IoSlice::new(&front[n_written..]), IoSlice::new(payload)];
        match write.write_vectored(&parts) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(n) => n_written += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    write.write_all(&payload[n_written - front.len()..])
}

/// Reads the next frame; `None` when the stream ended between two frames. What its limits are is asked
/// when its head is there: they may change while nothing comes.
///
/// # Errors
/// When the stream cannot be read or holds no valid frame; what follows then means nothing.
pub fn read_frame(
    read: &mut impl Read,
    limits: impl FnOnce() -> Limits,
    buffers: &Buffers,
) -> Result<Option<Frame>, FrameError> {
    let mut head = [0; HEAD_LEN];
    if !read_head(read, &mut head)? {
        return Ok(None);
    }
    let began_ns = now_ns();
    let head = Head::parse(&head, limits())?;
    let mut header = vec![0; head.header_len];
    read_all(read, &mut header)?;
    let mut payload = buffers.take();
    while payload.len() < head.payload_len {
        let was = payload.len();
        payload.set_len(head.payload_len.min(was + GROWTH_BYTES));
        read_all(read, &mut payload.bytes_mut()[was..])?;
    }
    if body_crc(&header, payload.bytes()) != head.body_crc {
        return Err(FrameError::Checksum);
    }
    Ok(Some(Frame {
        kind: head.kind,
        job: head.job,
        tile: head.tile,
        header,
        payload,
        began_ns,
        ended_ns: now_ns(),
    }))
}

struct Head {
    kind: Kind,
    job: u64,
    tile: u32,
    header_len: usize,
    payload_len: usize,
    body_crc: u32,
}

impl Head {
    fn parse(head: &[u8; HEAD_LEN], limits: Limits) -> Result<Self, FrameError> {
        if head[..4] != MAGIC {
            return Err(FrameError::Magic);
        }
        if crc32fast::hash(&head[..36]) != u32_at(head, 36) {
            return Err(FrameError::Checksum);
        }
        let code = u16::from_le_bytes([head[4], head[5]]);
        let kind = Kind::from_code(code).ok_or(FrameError::UnknownKind(code))?;
        let header_len = within(u32_at(head, 20).into(), limits.header_bytes.into())?;
        let payload_len = within(u64_at(head, 24), limits.payload_bytes)?;
        Ok(Self {
            kind,
            job: u64_at(head, 8),
            tile: u32_at(head, 16),
            header_len,
            payload_len,
            body_crc: u32_at(head, 32),
        })
    }
}

fn within(n_bytes: u64, limit: u64) -> Result<usize, FrameError> {
    let too_long = FrameError::TooLong { n_bytes, limit };
    if n_bytes > limit {
        return Err(too_long);
    }
    usize::try_from(n_bytes).map_err(|_| too_long)
}

fn u32_at(head: &[u8; HEAD_LEN], at: usize) -> u32 {
    u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]])
}

fn u64_at(head: &[u8; HEAD_LEN], at: usize) -> u64 {
    u64::from(u32_at(head, at)) | u64::from(u32_at(head, at + 4)) << 32
}

fn body_crc(header: &[u8], payload: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(header);
    crc.update(payload);
    crc.finalize()
}

/// Whether there is a head at all.
fn read_head(read: &mut impl Read, head: &mut [u8; HEAD_LEN]) -> Result<bool, FrameError> {
    let mut n_read = 0;
    while n_read < HEAD_LEN {
        match read.read(&mut head[n_read..]) {
            Ok(0) if n_read == 0 => return Ok(false),
            Ok(0) => return Err(FrameError::Truncated),
            Ok(n) => n_read += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(FrameError::Io(error)),
        }
    }
    Ok(true)
}

fn read_all(read: &mut impl Read, bytes: &mut [u8]) -> Result<(), FrameError> {
    read.read_exact(bytes).map_err(|error| match error.kind() {
        ErrorKind::UnexpectedEof => FrameError::Truncated,
        _ => FrameError::Io(error),
    })
}

#[cfg(test)]
mod tests;
