//! The least that pixels through pipes can cost on this machine: sent to a process that sends them
//! back, with nothing done to them. For benchmarks.

use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::system::pipes;
use crate::telemetry::clock::now_ns;

use super::process::WorkerProgram;

/// As large as a pipe, and as what is moved by one call.
const CHUNK_BYTES: usize = 1 << 20;

/// What `parallax worker --role echo` runs: stdin comes out of stdout, until it ends.
///
/// # Errors
/// When either stream breaks.
pub fn run_echo_main() -> io::Result<()> {
    let (mut stdin, mut stdout) = pipes::claim_stdio()?;
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match stdin.read(&mut chunk)? {
            0 => return Ok(()),
            n => stdout.write_all(&chunk[..n])?,
        }
    }
}

/// Nanoseconds from the wish until `bytes` came back from a process of `program`, whose start is
/// part of it.
///
/// # Errors
/// When it cannot be started, or something else comes back.
pub fn echo_ns(program: &WorkerProgram, bytes: &[u8], back: &mut Vec<u8>) -> io::Result<u64> {
    back.resize(bytes.len(), 0);
    let began_ns = now_ns();
    let mut child = Reaped(
        Command::new(&program.program)
            .args(["worker", "--role", "echo"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?,
    );
    let streams = child.0.stdin.take().zip(child.0.stdout.take());
    let (mut to_child, mut from_child) = streams.ok_or(io::ErrorKind::BrokenPipe)?;
    pipes::enlarge(&to_child, CHUNK_BYTES);
    pipes::enlarge(&from_child, CHUNK_BYTES);
    thread::scope(|scope| {
        let send = move || {
            let mut chunks = bytes.chunks(CHUNK_BYTES);
            chunks.try_for_each(|chunk| to_child.write_all(chunk))
        };
        let sender = thread::Builder::new().name("echo".to_owned());
        let sender = sender.spawn_scoped(scope, send)?;
        let received = from_child.read_exact(back);
        let sent = sender.join().unwrap_or(Ok(()));
        received.and(sent)
    })?;
    let elapsed_ns = now_ns() - began_ns;
    if back.as_slice() == bytes {
        Ok(elapsed_ns)
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// A child that does not outlive its use.
struct Reaped(Child);

impl Drop for Reaped {
    fn drop(&mut self) {
        // Both fail only for a child that was reaped already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
