//! A JPEG's bytes as zune-jpeg reads them, byte by byte in its innermost loop: a plain cursor that
//! looks at the stop flag now and then, and remembers how far it was read.
//!
//! As in `source`, a set flag ends the input, which ends the decoder.

use std::cell::Cell;

use zune_jpeg::zune_core::bytestream::{ZByteIoError, ZByteReaderTrait, ZSeekFrom};

use crate::codecs::watch::Watch;

/// How often the flag is looked at.
const STEP_BYTES: usize = 16 << 10;

/// A cursor over the file that can run dry.
pub(super) struct JpegSource<'a> {
    /// Emptied when the flag is set.
    bytes: &'a [u8],
    n_bytes: usize,
    position: usize,
    next_look: usize,
    furthest: &'a Cell<usize>,
    watch: Watch<'a>,
}

impl<'a> JpegSource<'a> {
    /// `furthest` is told how far the file was read, exactly once this is dropped.
    pub(super) fn new(bytes: &'a [u8], furthest: &'a Cell<usize>, watch: Watch<'a>) -> Self {
        Self {
            bytes,
            n_bytes: bytes.len(),
            position: 0,
            next_look: 0,
            furthest,
            watch,
        }
    }

    #[cold]
    fn look(&mut self) {
        self.next_look = self.position.saturating_add(STEP_BYTES);
        if self.watch.is_cancelled() {
            self.bytes = &[];
            self.next_look = usize::MAX;
        }
        self.furthest.set(self.furthest.get().max(self.position));
        self.watch
            .report(0.9 * (self.position as f32 / self.n_bytes.max(1) as f32));
    }

    #[inline(always)]
    fn moved(&mut self) {
        if self.position >= self.next_look {
            self.look();
        }
    }

    #[inline(always)]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }
}

impl Drop for JpegSource<'_> {
    fn drop(&mut self) {
        self.furthest.set(self.furthest.get().max(self.position));
    }
}

impl ZByteReaderTrait for JpegSource<'_> {
    #[inline(always)]
    fn read_byte_no_error(&mut self) -> u8 {
        let byte = self.bytes.get(self.position).copied().unwrap_or(0);
        self.position += 1;
        self.moved();
        byte
    }

    #[inline(always)]
    fn read_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        let rest = self.rest();
        let Some(from) = rest.get(..buf.len()) else {
            return Err(ZByteIoError::NotEnoughBytes(rest.len(), buf.len()));
        };
        buf.copy_from_slice(from);
        self.position += buf.len();
        self.moved();
        Ok(())
    }

    #[inline(always)]
    fn read_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        let n = self.peek_bytes(buf)?;
        self.position += n;
        self.moved();
        Ok(n)
    }

    #[inline(always)]
    fn peek_bytes(&mut self, buf: &mut [u8]) -> Result<usize, ZByteIoError> {
        let rest = self.rest();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn peek_exact_bytes(&mut self, buf: &mut [u8]) -> Result<(), ZByteIoError> {
        let rest = self.rest();
        let from = rest
            .get(..buf.len())
            .ok_or(ZByteIoError::NotEnoughBytes(rest.len(), buf.len()))?;
        buf.copy_from_slice(from);
        Ok(())
    }

    fn z_seek(&mut self, from: ZSeekFrom) -> Result<u64, ZByteIoError> {
        let (base, offset) = match from {
            ZSeekFrom::Start(at) => (0, i64::try_from(at).unwrap_or(i64::MAX)),
            ZSeekFrom::End(offset) => (self.n_bytes, offset),
            ZSeekFrom::Current(offset) => (self.position, offset),
        };
        let target = i64::try_from(base).ok().and_then(|b| b.checked_add(offset));
        self.position = target
            .and_then(|target| usize::try_from(target).ok())
            .ok_or(ZByteIoError::SeekError("before the start"))?;
        self.moved();
        Ok(self.position as u64)
    }

    #[inline(always)]
    fn is_eof(&mut self) -> Result<bool, ZByteIoError> {
        Ok(self.position >= self.bytes.len())
    }

    #[inline(always)]
    fn z_position(&mut self) -> Result<u64, ZByteIoError> {
        Ok(self.position as u64)
    }

    fn read_remaining(&mut self, sink: &mut Vec<u8>) -> Result<usize, ZByteIoError> {
        let rest = self.rest();
        sink.extend_from_slice(rest);
        self.position = self.bytes.len();
        Ok(rest.len())
    }
}
