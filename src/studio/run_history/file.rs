//! The file: read once, appended to as runs are made, written anew when a line is renamed or there
//! are too many. Lines this version does not understand stay as they are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender};

use crate::system::atomic_save::{Existing, save_bytes};
use crate::system::folders::Folders;

use super::line::{LINE_VERSION, LineKey, RunLine};

pub(super) const FILE_NAME: &str = "runs.jsonl";

/// Lines kept; a tenth more before the oldest are cut off.
const MAX_LINES: usize = 2000;

/// Bytes looked at, at most: far above what so many lines have.
const MAX_BYTES: u64 = 64 << 20;

/// What can wait to be written; more than this only while a disk hangs.
const MAX_WAITING: usize = 256;

enum Order {
    Append(Box<RunLine>),
    Rename(LineKey, String),
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
    if texts.len() > MAX_LINES + MAX_LINES / 10 {
        let newest = &texts[texts.len() - MAX_LINES..];
        if let Err(error) = rewrite(path, newest) {
            tracing::warn!("the history of runs was not cut: {error}");
        }
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

/// One write: lines of two windows do not mix.
fn append(path: &Path, line: &RunLine) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
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
    file.write_all(&text)
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
fn rename(path: &Path, key: &LineKey, name: &str) -> io::Result<()> {
    let mut texts = texts(path)?;
    for text in &mut texts {
        if let Some(mut line) = understood(text).filter(|line| line.key == *key) {
            name.clone_into(&mut line.name);
            *text = serde_json::to_string(&line)?;
        }
    }
    let newest = texts.len().saturating_sub(MAX_LINES);
    rewrite(path, &texts[newest..])
}

fn rewrite(path: &Path, texts: &[String]) -> io::Result<()> {
    let mut all = texts.join("\n");
    all.push('\n');
    save_bytes(path, Existing::Replace, all.as_bytes()).map_err(io::Error::other)
}
