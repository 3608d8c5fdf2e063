//! The file's bytes as the decoding libraries read them, with the stop flag looked at on the way.
//!
//! A library cannot be told to stop; but when its input ends it stops soon. So a set flag ends the
//! input, and whoever called the library asks the flag why it failed.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

use crate::codecs::watch::Watch;

/// How often the flag is looked at.
const STEP_BYTES: usize = 64 << 10;

/// A cursor over the file that can run dry.
pub(super) struct Source<'a> {
    /// Emptied when the flag is set.
    bytes: &'a [u8],
    n_bytes: usize,
    position: usize,
    next_look: usize,
    watch: Watch<'a>,
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8], watch: Watch<'a>) -> Self {
        Self {
            bytes,
            n_bytes: bytes.len(),
            position: 0,
            next_look: 0,
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
        self.watch
            .report(0.9 * (self.position as f32 / self.n_bytes.max(1) as f32));
    }

    #[inline]
    fn moved(&mut self) {
        if self.position >= self.next_look {
            self.look();
        }
    }

    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.position..).unwrap_or_default()
    }

    fn seek_to(&mut self, base: usize, offset: i64) -> Option<u64> {
        let target = i64::try_from(base).ok()?.checked_add(offset)?;
        self.position = usize::try_from(target).ok()?;
        self.moved();
        Some(self.position as u64)
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let rest = self.rest();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        self.position += n;
        self.moved();
        Ok(n)
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let rest = self.rest();
        Ok(&rest[..rest.len().min(STEP_BYTES)])
    }

    fn consume(&mut self, n: usize) {
        self.position += n;
        self.moved();
    }
}

impl Seek for Source<'_> {
    fn seek(&mut self, from: SeekFrom) -> io::Result<u64> {
        let (base, offset) = match from {
            SeekFrom::Start(at) => (0, i64::try_from(at).unwrap_or(i64::MAX)),
            SeekFrom::End(offset) => (self.n_bytes, offset),
            SeekFrom::Current(offset) => (self.position, offset),
        };
        self.seek_to(base, offset)
            .ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }
}
