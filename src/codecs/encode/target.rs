//! Where encoders write to, buffered, and made to fail once the stop flag is set: libraries that
//! cannot be told to stop do stop when their output fails.

use std::io::{self, BufWriter, Seek, SeekFrom, Write};

use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::watch::Watch;

/// A place for bytes. TIFF writes its directory last and goes back to say where it is.
pub trait Target: Write + Seek {}

impl<T: Write + Seek> Target for T {}

/// A buffered target that looks at the stop flag.
pub(super) struct Stoppable<'a> {
    inner: BufWriter<&'a mut dyn Target>,
    watch: Watch<'a>,
    /// How many bytes until the next look.
    allowance: usize,
    n_written: u64,
    /// About how many bytes there will be, for progress; 0 when progress is told elsewhere.
    n_expected: u64,
}

impl<'a> Stoppable<'a> {
    pub(super) fn new(target: &'a mut dyn Target, watch: Watch<'a>, n_expected: u64) -> Self {
        Self {
            inner: BufWriter::with_capacity(1 << 18, target),
            watch,
            allowance: 0,
            n_written: 0,
            n_expected,
        }
    }

    #[cold]
    fn look(&mut self) -> io::Result<()> {
        const STEP_BYTES: usize = 16 << 10;
        self.allowance = STEP_BYTES;
        if self.watch.is_cancelled() {
            return Err(io::Error::other("stopped"));
        }
        if self.n_expected > 0 {
            let share = self.n_written as f32 / self.n_expected as f32;
            self.watch.report(share.min(0.95));
        }
        Ok(())
    }
}

impl Write for Stoppable<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.allowance < bytes.len() {
            self.look()?;
        }
        let n = self.inner.write(bytes)?;
        self.allowance = self.allowance.saturating_sub(n);
        self.n_written += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Seek for Stoppable<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }

    fn stream_position(&mut self) -> io::Result<u64> {
        self.inner.stream_position()
    }
}

/// What an encoder's failure means: stopped, a refusing target, or the encoder itself.
pub(super) fn failed(
    format: Format,
    watch: &Watch<'_>,
    error: impl std::error::Error + Send + Sync + 'static,
    io: impl FnOnce() -> Option<io::Error>,
) -> CodecError {
    if watch.is_cancelled() {
        return CodecError::Cancelled;
    }
    match io() {
        Some(error) => CodecError::Write(error),
        None => CodecError::Encode {
            format,
            source: Box::new(error),
        },
    }
}
