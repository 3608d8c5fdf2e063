//! What a worker says on stderr: drained always, kept in part, handed on to the log in part.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::message::{MAX_TEXT_BYTES, harmless};

/// A worker that says more than this is kept from the log; its last words are kept all the same.
const MAX_LOGGED_BYTES: usize = 64 << 10;

/// A thread that reads until the worker's end closes.
#[derive(Debug)]
pub(in crate::backend) struct Stderr {
    tail: Arc<Mutex<VecDeque<u8>>>,
    thread: JoinHandle<()>,
}

impl Stderr {
    /// # Errors
    /// When the system gives no more threads.
    pub(in crate::backend) fn drain(
        pid: u32,
        read: impl Read + Send + 'static,
    ) -> std::io::Result<Self> {
        let tail = Arc::new(Mutex::new(VecDeque::new()));
        let kept = Arc::clone(&tail);
        let thread = thread::Builder::new()
            .name(format!("stderr of {pid}"))
            .spawn(move || drain(pid, read, &kept))?;
        Ok(Self { tail, thread })
    }

    /// The last words of a worker that is dead.
    pub(in crate::backend) fn last_words(&self) -> String {
        // What it wrote is in the pipe; a process it started may hold the pipe open for ever.
        let deadline = Instant::now() + Duration::from_millis(100);
        while !self.thread.is_finished() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = tail.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        // Where it came from is for those who read its log.
        let is_plain = |line: &&str| !line.starts_with("stack backtrace");
        let lines: Vec<String> = text.lines().take_while(is_plain).map(harmless).collect();
        lines.join("; ").trim().to_owned()
    }
}

fn drain(pid: u32, mut read: impl Read, tail: &Mutex<VecDeque<u8>>) {
    let mut chunk = [0; 4096];
    let mut line = Vec::new();
    let mut n_logged = 0;
    loop {
        let n = match read.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let mut kept = tail.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend(&chunk[..n]);
        let excess = kept.len().saturating_sub(MAX_TEXT_BYTES);
        kept.drain(..excess);
        drop(kept);
        if n_logged >= MAX_LOGGED_BYTES {
            continue;
        }
        n_logged += n;
        for byte in &chunk[..n] {
            match byte {
                b'\n' => log(pid, &mut line),
                byte if line.len() < MAX_TEXT_BYTES => line.push(*byte),
                _ => {}
            }
        }
        if n_logged >= MAX_LOGGED_BYTES {
            tracing::warn!(pid, "a worker says too much; the rest is not logged");
        }
    }
    log(pid, &mut line);
}

fn log(pid: u32, line: &mut Vec<u8>) {
    let text = harmless(&String::from_utf8_lossy(line));
    if !text.is_empty() {
        tracing::info!(pid, "worker: {text}");
    }
    line.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_words_are_kept_of_any_flood_and_cannot_steer_a_terminal() {
        let mut said = b"x".repeat(1 << 20);
        said.extend_from_slice(b"\nthread panicked\n\x1b[2Jat \xff line 3\n");
        let stderr = Stderr::drain(1, std::io::Cursor::new(said)).unwrap();
        let words = stderr.last_words();
        assert!(words.len() <= MAX_TEXT_BYTES + 16, "{}", words.len());
        assert!(
            words.ends_with("thread panicked; [2Jat \u{fffd} line 3"),
            "{words}"
        );
    }
}
