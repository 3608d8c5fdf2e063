//! Systems without such sockets: the child's stdin and stdout; memory is a temporary file, and its
//! path travels.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::process::{Child, Command, Stdio};

use crate::system::shared_memory::Handed;

/// No path is longer.
const MAX_PATH_BYTES: u32 = 64 << 10;

/// What the other end says.
pub struct ReadHalf(Box<dyn Read + Send>);

/// What is said to the other end.
pub struct WriteHalf(Box<dyn Write + Send>);

/// Starts `command` with the other end of a stream as its stdin and stdout.
///
/// # Errors
/// When the system does not start it.
pub fn start(command: &mut Command) -> io::Result<(Child, ReadHalf, WriteHalf)> {
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    Ok((
        child,
        ReadHalf(Box::new(stdout)),
        WriteHalf(Box::new(stdin)),
    ))
}

/// The stream to the process that started this one.
///
/// # Errors
/// When a stream is closed.
pub fn to_parent() -> io::Result<(ReadHalf, WriteHalf)> {
    let (stdin, stdout) = crate::system::pipes::claim_stdio()?;
    Ok((ReadHalf(Box::new(stdin)), WriteHalf(Box::new(stdout))))
}

impl WriteHalf {
    /// Hands memory over, behind the bytes sent before it.
    ///
    /// # Errors
    /// When the other end is gone, or the path cannot be written as text.
    pub fn hand_over(&mut self, memory: Handed<'_>) -> io::Result<()> {
        let path = memory.path.and_then(|path| path.to_str());
        let path = path.ok_or(io::ErrorKind::InvalidFilename)?;
        self.0.write_all(&(path.len() as u32).to_le_bytes())?;
        self.0.write_all(path.as_bytes())?;
        self.0.flush()
    }
}

impl ReadHalf {
    /// Takes the memory that was handed over at this place of the stream.
    ///
    /// # Errors
    /// When there is none, or the stream ended.
    pub fn take_over(&mut self) -> io::Result<File> {
        let mut len = [0; 4];
        self.0.read_exact(&mut len)?;
        let len = u32::from_le_bytes(len);
        if len > MAX_PATH_BYTES {
            return Err(io::Error::other("no memory was handed over"));
        }
        let mut path = vec![0; len as usize];
        self.0.read_exact(&mut path)?;
        let path = String::from_utf8(path).map_err(io::Error::other)?;
        OpenOptions::new().read(true).write(true).open(path)
    }
}

impl Read for ReadHalf {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.0.read(bytes)
    }
}

impl Write for WriteHalf {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
