//! A photo's file as decoders get it: copied into memory that nobody can change any more, so that
//! every reader of it reads the same, whatever becomes of the file.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::codecs::{CodecError, LimitError, Limits, open_file};
use crate::system::shared_memory::{Frozen, SharedMemory};

use super::error::DecoderError;

/// Bytes read at a time where a file does not say how long it is.
const STEP_BYTES: usize = 1 << 20;

/// Bytes read at a time where it does: they stay in cache until they are written to shared memory,
/// which costs less than to read into a map of it, by a page fault every 4 KiB.
const COPY_BYTES: usize = 256 << 10;

/// The bytes of a file.
#[derive(Debug)]
pub struct PhotoFile {
    pub(super) memory: Frozen,
}

impl PhotoFile {
    /// Reads a file whole.
    ///
    /// # Errors
    /// As the system says, or it is longer than `limits` allow.
    pub fn read(path: &Path, limits: &Limits) -> Result<Self, DecoderError> {
        OpenFile::new(path, limits)?.read()
    }

    /// # Errors
    /// When there is no memory for them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DecoderError> {
        let memory = SharedMemory::new(bytes.len()).map_err(DecoderError::Memory)?;
        memory
            .map()
            .map_err(DecoderError::Memory)?
            .copy_from_slice(bytes);
        let memory = memory.freeze().map_err(DecoderError::Memory)?;
        Ok(Self { memory })
    }

    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.memory
    }
}

/// A file that could be opened and is not too long, as far as it says.
pub(super) struct OpenFile {
    path: PathBuf,
    file: File,
    n_bytes: u64,
    limit: u64,
}

impl OpenFile {
    pub(super) fn new(path: &Path, limits: &Limits) -> Result<Self, DecoderError> {
        let (file, n_bytes) = open_file(path, limits)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            n_bytes,
            limit: limits.max_file_bytes,
        })
    }

    /// Reads it; a file that changes meanwhile is taken as it is read.
    pub(super) fn read(mut self) -> Result<PhotoFile, DecoderError> {
        let n_bytes = usize::try_from(self.n_bytes).unwrap_or(usize::MAX);
        let memory = SharedMemory::new(n_bytes).map_err(DecoderError::Memory)?;
        let n_read = self.copy_to(&memory)?;
        let mut next = [0; 1];
        let has_more = self.read_into(&mut next)? > 0;
        if n_read == n_bytes && !has_more {
            let memory = memory.freeze().map_err(DecoderError::Memory)?;
            return Ok(PhotoFile { memory });
        }
        // A pipe, or a file that is being written, says nothing true about its length.
        let mut bytes = memory.map().map_err(DecoderError::Memory)?[..n_read].to_vec();
        bytes.extend_from_slice(&next[..usize::from(has_more)]);
        self.read_rest(&mut bytes)?;
        PhotoFile::from_bytes(&bytes)
    }

    /// As many bytes as there are, up to all there is room for.
    fn copy_to(&mut self, memory: &SharedMemory) -> Result<usize, DecoderError> {
        let mut step = vec![0; COPY_BYTES.min(memory.len())];
        let mut writer = memory.writer();
        let mut n_copied = 0;
        while n_copied < memory.len() {
            let n_wanted = step.len().min(memory.len() - n_copied);
            let n_read = self.read_into(&mut step[..n_wanted])?;
            let written = writer.write_all(&step[..n_read]);
            written.map_err(DecoderError::Memory)?;
            n_copied += n_read;
            if n_read < n_wanted {
                break;
            }
        }
        Ok(n_copied)
    }

    /// As many bytes as there are, up to all there is room for.
    fn read_into(&mut self, bytes: &mut [u8]) -> Result<usize, CodecError> {
        let mut n_read = 0;
        while n_read < bytes.len() {
            match self.file.read(&mut bytes[n_read..]) {
                Ok(0) => break,
                Ok(n) => n_read += n,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(self.failed(source)),
            }
        }
        Ok(n_read)
    }

    fn read_rest(&mut self, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        let mut step = vec![0; STEP_BYTES];
        loop {
            if bytes.len() as u64 > self.limit {
                return Err(CodecError::OverLimits(LimitError::FileBytes {
                    bytes: bytes.len() as u64,
                    limit: self.limit,
                }));
            }
            let n_read = self.read_into(&mut step)?;
            if n_read == 0 {
                return Ok(());
            }
            bytes
                .write_all(&step[..n_read])
                .map_err(|source| self.failed(source))?;
        }
    }

    fn failed(&self, source: io::Error) -> CodecError {
        CodecError::Read {
            path: self.path.clone(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole_and_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo");
        let content: Vec<u8> = (0..300_000_u32).map(|n| n as u8).collect();
        std::fs::write(&path, &content).unwrap();
        let file = PhotoFile::read(&path, &Limits::default()).unwrap();
        std::fs::write(&path, b"x").unwrap();
        assert_eq!(file.bytes(), content);
        let empty = folder.path().join("empty");
        std::fs::write(&empty, b"").unwrap();
        let file = PhotoFile::read(&empty, &Limits::default()).unwrap();
        assert_eq!(file.bytes(), b"");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_read_to_its_end_and_no_further_than_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        assert!(made.unwrap().success());
        for (limit, is_read) in [(4 << 20, true), (1 << 20, false)] {
            let writer = {
                let path = path.clone();
                let named = std::thread::Builder::new().name("writer".to_owned());
                named.spawn(move || drop(std::fs::write(path, vec![7; 3 << 20])))
            };
            let limits = Limits {
                max_file_bytes: limit,
                ..Limits::default()
            };
            let read = PhotoFile::read(&path, &limits);
            assert_eq!(read.is_ok(), is_read);
            if let Ok(file) = read {
                assert!(file.bytes().len() == 3 << 20 && file.bytes().iter().all(|b| *b == 7));
            }
            writer.unwrap().join().unwrap();
        }
    }
}
