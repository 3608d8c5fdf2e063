//! The file: read once, appended to as runs are made, written anew when a line is renamed or there
//! are too many. Lines this version does not understand stay as they are. Windows and commands that
//! write at once take turns by a lock beside it, or what one adds while another writes the file anew
//! would be lost.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::system::atomic_save::{Existing, save_bytes};
use crate::system::folders::Folders;

use super::line::{LINE_VERSION, LineKey, RunLine};

pub(super) const FILE_NAME: &str = "runs.jsonl";

/// Whoever changes the file has it locked; the file itself is replaced now and then.
const LOCK_NAME: &str = "runs.lock";

/// A run is not worth a longer wait for whoever has the lock.
const LOCK_WAIT: Duration = Duration::from_secs(2);
const LOCK_LOOK: Duration = Duration::from_millis(5);

/// Lines kept; a tenth more before the oldest are cut off.
const MAX_LINES: usize = 2000;

/// Bytes looked at, at most: far above what so many lines have.
const MAX_BYTES: u64 = 64 << 20;

/// A file of more bytes is cut by whoever adds to it, should no window do that for long.
const CUT_FROM_BYTES: u64 = 16 << 20;

/// What can wait to be written; more than this only while a disk hangs.
const MAX_WAITING: usize = 256;

enum Order {
    Append(Box<RunLine>),
    Rename(LineKey, String),
}

/// Adds a line and waits until it is written: for commands, which have no window's thread for it.
/// Where there is no folder to keep things in, nothing is kept.
///
/// # Errors
/// When the file cannot be written, or somebody else has it locked for too long.
pub fn keep_line(folders: &Folders, line: &RunLine) -> io::Result<()> {
    match &folders.data {
        Some(folder) => append(&folder.join(FILE_NAME), line),
        None => Ok(()),
    }
}

/// The thread that reads and writes the file; what waits is written before it ends.
#[derive(Debug)]
pub struct Keeping {
    sender: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeping {
    /// Reads the file, hands its lines to `deliver` on the thread, and waits for more. Where there is
    /// no folder to keep things in, nothing is kept.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn new(
        folders: &Folders,
        deliver: impl FnOnce(Vec<RunLine>) + Send + 'static,
    ) -> io::Result<Option<Self>> {
        let Some(folder) = folders.data.clone() else {
            return Ok(None);
        };
        let (sender, receiver) = crossbeam_channel::bounded(MAX_WAITING);
        let thread = std::thread::Builder::new()
            .name("run history".into())
            .spawn(move || {
                let path = folder.join(FILE_NAME);
                deliver(read(&path));
                keep(&path, &receiver);
            })?;
        Ok(Some(Self {
            sender: Some(sender),
            thread: Some(thread),
        }))
    }

    pub(super) fn append(&self, line: &RunLine) {
        self.tell(Order::Append(Box::new(line.clone())));
    }

    pub(super) fn rename(&self, key: &LineKey, name: &str) {
        self.tell(Order::Rename(key.clone(), name.to_owned()));
    }

    fn tell(&self, order: Order) {
        if let Some(sender) = &self.sender {
            // Where so many wait, nothing is written any more: a run is not worth a halt.
            drop(sender.try_send(order));
        }
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            drop(thread.join());
        }
    }
}

fn keep(path: &Path, orders: &Receiver<Order>) {
    while let Ok(order) = orders.recv() {
        let done = match order {
            Order::Append(line) => append(path, &line),
            Order::Rename(key, name) => rename(path, &key, &name),
        };
        if let Err(error) = done {
            tracing::warn!("the history of runs was not written: {error}");
        }
    }
}

/// Lines this version understands, oldest first; none where there is no file.
pub(super) fn read(path: &Path) -> Vec<RunLine> {
    let texts = texts(path).unwrap_or_default();
    if texts.len() > MAX_LINES + MAX_LINES / 10
        && let Err(error) = locked(path).and_then(|_lock| cut(path))
    {
        tracing::warn!("the history of runs was not cut: {error}");
    }
    let newest = texts.len().saturating_sub(MAX_LINES);
    texts[newest..]
        .iter()
        .filter_map(|text| understood(text))
        .collect()
}

fn understood(text: &str) -> Option<RunLine> {
    let line: RunLine = serde_json::from_str(text).ok()?;
    (line.version == LINE_VERSION).then_some(line)
}

fn texts(path: &Path) -> io::Result<Vec<String>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

/// Holds until dropped; `None` where the file system has no locks.
fn locked(path: &Path) -> io::Result<Option<File>> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.with_file_name(LOCK_NAME))?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if began.elapsed() < LOCK_WAIT => {
                std::thread::sleep(LOCK_LOOK);
            }
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(None);
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

pub(super) fn append(path: &Path, line: &RunLine) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let _lock = locked(path)?;
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .read(true)
        .open(path)?;
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    if !ends_in_line_feed(&mut file)? {
        text.insert(0, b'\n');
    }
    file.write_all(&text)?;
    if file.metadata()?.len() > CUT_FROM_BYTES {
        cut(path)?;
    }
    Ok(())
}

/// A program that was killed while it wrote may have left half a line.
fn ends_in_line_feed(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// Reads the file again, for another window may have added to it.
pub(super) fn rename(path: &Path, key: &LineKey, name: &str) -> io::Result<()> {
    let _lock = locked(path)?;
    let mut texts = texts(path)?;
    for text in &mut texts {
        if let Some(mut line) = understood(text).filter(|line| line.key == *key) {
            name.clone_into(&mut line.name);
            *text = serde_json::to_string(&line)?;
        }
    }
    rewrite(path, newest(&texts))
}

/// Leaves the newest lines; whoever calls has the lock.
fn cut(path: &Path) -> io::Result<()> {
    rewrite(path, newest(&texts(path)?))
}

/// Not more than are kept, and not more bytes than half of what is too much.
fn newest(texts: &[String]) -> &[String] {
    let mut n_bytes = 0;
    let fits = |text: &&String| {
        n_bytes += text.len() as u64 + 1;
        n_bytes <= CUT_FROM_BYTES / 2
    };
    let n_kept = texts.iter().rev().take(MAX_LINES).take_while(fits).count();
    &texts[texts.len() - n_kept..]
}

fn rewrite(path: &Path, texts: &[String]) -> io::Result<()> {
    let mut all = texts.join("\n");
    all.push('\n');
    save_bytes(path, Existing::Replace, all.as_bytes()).map_err(io::Error::other)
}
