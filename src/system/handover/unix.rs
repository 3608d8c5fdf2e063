//! Unix: a pair of connected sockets; memory travels as a descriptor.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use crate::system::shared_memory::Handed;

/// What goes with a descriptor, which travels beside at least one byte.
const MARK: u8 = b'F';

/// What the other end says.
#[derive(Debug)]
pub struct ReadHalf(UnixStream);

/// What is said to the other end.
#[derive(Debug)]
pub struct WriteHalf(UnixStream);

/// Starts `command` with the other end of a stream as its stdin, and no stdout.
///
/// # Errors
/// When the system has no more descriptors or does not start it.
pub fn start(command: &mut Command) -> io::Result<(Child, ReadHalf, WriteHalf)> {
    let (ours, theirs) = UnixStream::pair()?;
    let child = command
        .stdin(OwnedFd::from(theirs))
        .stdout(Stdio::null())
        .spawn();
    // The command keeps the child's end until it gets another stdin; with it here, the stream would
    // not end when the child does.
    command.stdin(Stdio::null());
    let child = child?;
    let write = ours.try_clone()?;
    Ok((child, ReadHalf(ours), WriteHalf(write)))
}

/// The stream to the process that started this one.
///
/// # Errors
/// When stdin is closed.
pub fn to_parent() -> io::Result<(ReadHalf, WriteHalf)> {
    let stdin = io::stdin().as_fd().try_clone_to_owned()?;
    let ours = UnixStream::from(stdin);
    let write = ours.try_clone()?;
    Ok((ReadHalf(ours), WriteHalf(write)))
}

impl WriteHalf {
    /// Hands memory over, behind the bytes sent before it.
    ///
    /// # Errors
    /// When the other end is gone.
    pub fn hand_over(&mut self, memory: Handed<'_>) -> io::Result<()> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = SendAncillaryBuffer::new(&mut space);
        let files = [memory.file.as_fd()];
        if !beside.push(SendAncillaryMessage::ScmRights(&files)) {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        let bytes = [IoSlice::new(&[MARK])];
        match sendmsg(&self.0, &bytes, &mut beside, SendFlags::NOSIGNAL)? {
            1 => Ok(()),
            _ => Err(io::ErrorKind::WriteZero.into()),
        }
    }
}

impl ReadHalf {
    /// Takes the memory that was handed over at this place of the stream.
    ///
    /// # Errors
    /// When there is none, or the stream ended.
    pub fn take_over(&mut self) -> io::Result<File> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut beside = RecvAncillaryBuffer::new(&mut space);
        let mut mark = [0];
        let mut bytes = [IoSliceMut::new(&mut mark)];
        let received = recvmsg(&self.0, &mut bytes, &mut beside, RecvFlags::CMSG_CLOEXEC)?;
        let mut files = beside.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(files) => Some(files),
            _ => None,
        });
        let file = files.next().and_then(|mut files| files.next());
        match (received.bytes, mark, file) {
            (1, [MARK], Some(file)) => Ok(file.into()),
            _ => Err(io::Error::other("no memory was handed over")),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::shared_memory::{Frozen, SharedMemory};

    #[test]
    fn memory_arrives_where_it_was_sent_between_the_bytes() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (mut write, mut read) = (WriteHalf(ours), ReadHalf(theirs));
        let memory = SharedMemory::new(3).unwrap();
        memory.map().unwrap().copy_from_slice(b"abc");
        let memory = memory.freeze().unwrap();
        write.write_all(b"before").unwrap();
        write.hand_over(memory.handed()).unwrap();
        write.write_all(b"behind").unwrap();
        let mut bytes = [0; 6];
        read.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"before");
        let received = Frozen::received(read.take_over().unwrap()).unwrap();
        assert_eq!(&received[..], b"abc");
        read.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"behind");
        write.write_all(&[MARK]).unwrap();
        assert!(read.take_over().is_err(), "the mark alone is no memory");
    }
}
