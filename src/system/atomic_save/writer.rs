//! What a save's closure writes into: buffered, and it remembers what the disk said.
//!
//! Encoders wrap or replace the errors of what they write into; a full disk would come back as "the
//! picture could not be encoded". The first true error is kept here, and the save reports it.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

/// A buffered, seekable file in the making.
#[derive(Debug)]
pub struct TempWriter<W: Write + Seek> {
    inner: BufWriter<Kept<W>>,
}

/// The unbuffered file, with the first error it gave.
#[derive(Debug)]
struct Kept<W> {
    file: W,
    first_error: Option<io::Error>,
}

const BUFFER_BYTES: usize = 256 * 1024;

impl<W: Write + Seek> TempWriter<W> {
    pub(super) fn new(file: W) -> Self {
        let kept = Kept {
            file,
            first_error: None,
        };
        Self {
            inner: BufWriter::with_capacity(BUFFER_BYTES, kept),
        }
    }

    /// Writes what is still buffered, unless an error came before; the first error of all.
    pub(super) fn finish(mut self) -> Option<io::Error> {
        if self.inner.get_ref().first_error.is_none()
            && let Err(error) = self.inner.flush()
        {
            return self.inner.get_mut().first_error.take().or(Some(error));
        }
        let (kept, _) = self.inner.into_parts();
        kept.first_error
    }
}

impl<W> Kept<W> {
    fn keep<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            if error.kind() == io::ErrorKind::Interrupted {
                return error;
            }
            let copy = match error.raw_os_error() {
                Some(code) => io::Error::from_raw_os_error(code),
                None => error.kind().into(),
            };
            self.first_error.get_or_insert(error);
            copy
        })
    }
}

impl<W: Write> Write for Kept<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.file.write(bytes);
        self.keep(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.file.flush();
        self.keep(result)
    }
}

impl<W: Seek> Seek for Kept<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        // A bad seek is the encoder's mistake, not the disk's.
        self.file.seek(to)
    }
}

impl<W: Write + Seek> Write for TempWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.inner.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write + Seek> Seek for TempWriter<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<W: Write + Seek + Read> Read for TempWriter<W> {
    /// Reads what was written, for encoders that go back over their own output.
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.inner.flush()?;
        self.inner.get_mut().file.read(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A disk with room for some bytes.
    struct Small {
        disk: Cursor<Vec<u8>>,
        room: u64,
    }

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.disk.position() + bytes.len() as u64 > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.disk.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Small {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.disk.seek(to)
        }
    }

    fn small(room: u64) -> TempWriter<Small> {
        let disk = Cursor::new(Vec::new());
        TempWriter::new(Small { disk, room })
    }

    #[test]
    fn a_full_disk_is_remembered_though_the_caller_forgets_it() {
        let mut writer = small(1000);
        let hidden = writer.write_all(&vec![0; 2 * BUFFER_BYTES]);
        assert!(hidden.is_err());
        assert_eq!(writer.finish().unwrap().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_disk_that_is_full_only_at_the_last_flush_is_seen() {
        let mut writer = small(1000);
        writer.write_all(&[0; 1001]).unwrap();
        assert_eq!(writer.finish().unwrap().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn seeking_back_overwrites_and_bad_seeks_are_not_the_disks_fault() {
        let mut writer = TempWriter::new(Cursor::new(Vec::new()));
        writer.write_all(b"????body").unwrap();
        assert!(writer.seek(SeekFrom::Current(-100)).is_err());
        writer.seek(SeekFrom::Start(0)).unwrap();
        writer.write_all(b"head").unwrap();
        writer.seek(SeekFrom::Start(2)).unwrap();
        let mut text = String::new();
        writer.read_to_string(&mut text).unwrap();
        assert_eq!(text, "adbody");
        assert!(writer.finish().is_none());
    }
}
