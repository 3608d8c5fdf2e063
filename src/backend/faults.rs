//! Faults on order, for tests of what survives them: compiled with the feature `fault-injection` alone.
//!
//! An order reads `KIND@N` (at the N-th tile this process computes; 0: at its start) or
//! `KIND@tile=K` (at tile K of any pass), then, if wanted, `,once=PATH`: of all processes that get the
//! order, only the first obeys whose time comes. Who it was is agreed in this file, opened at the start,
//! for a sandbox lets nobody open one later.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

mod acts;
mod answers;

pub use answers::{Good, Remade, is_ordered, write_instead};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Crash,
    Abort,
    Exit0,
    Hang,
    Spin,
    Oom,
    Slow,
    Panic,
    StderrFlood,
    StdoutPrint,
    /// Tells its environment, folder and descriptors on stderr, and goes on.
    Tell,
    /// Tries what a worker that was taken over would, tells what came of it on stderr, and goes on.
    Try,
    /// Dies when so many bytes of its stdin were read.
    MidRead,
    /// The rest are said in place of a good answer.
    Garbage,
    Short,
    Long,
    BadCrc,
    WrongId,
    WrongJob,
    WrongRect,
    HugeLen,
    Truncated,
    Trailing,
}

const KINDS: [(&str, Kind); 23] = [
    ("crash", Kind::Crash),
    ("abort", Kind::Abort),
    ("exit0", Kind::Exit0),
    ("hang", Kind::Hang),
    ("spin", Kind::Spin),
    ("oom", Kind::Oom),
    ("slow", Kind::Slow),
    ("panic", Kind::Panic),
    ("stderr-flood", Kind::StderrFlood),
    ("stdout-print", Kind::StdoutPrint),
    ("tell", Kind::Tell),
    ("try", Kind::Try),
    ("midread", Kind::MidRead),
    ("garbage", Kind::Garbage),
    ("short", Kind::Short),
    ("long", Kind::Long),
    ("badcrc", Kind::BadCrc),
    ("wrongid", Kind::WrongId),
    ("wrongjob", Kind::WrongJob),
    ("wrongrect", Kind::WrongRect),
    ("hugelen", Kind::HugeLen),
    ("truncated", Kind::Truncated),
    ("trailing", Kind::Trailing),
];

/// When it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// At the n-th tile, from 1; 0 at the start. For `midread`: bytes.
    Nth(u64),
    Tile(u64),
}

/// One order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Order {
    kind: Kind,
    when: When,
    once: Option<PathBuf>,
}

/// What is wrong with an order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no such fault: {0}")]
pub struct NoSuchFault(String);

impl Order {
    fn parse(text: &str) -> Result<Self, NoSuchFault> {
        let parse = || {
            let (order, once) = match text.split_once(",once=") {
                Some((order, path)) => (order, Some(PathBuf::from(path))),
                None => (text, None),
            };
            let (kind, when) = order.split_once('@')?;
            let kind = KINDS.iter().find(|(name, _)| *name == kind)?.1;
            let when = match when.strip_prefix("tile=") {
                Some(tile) => When::Tile(tile.parse().ok()?),
                None => When::Nth(when.parse().ok()?),
            };
            Some(Self { kind, when, once })
        };
        parse().ok_or_else(|| NoSuchFault(text.to_owned()))
    }

    fn claim_file(&self) -> Option<File> {
        let path = self.once.as_ref()?;
        File::options().create(true).append(true).open(path).ok()
    }

    /// Whether this process obeys, its time having come.
    fn is_mine(&self, claim: Option<&File>) -> bool {
        static IS_MINE: AtomicBool = AtomicBool::new(false);
        if self.once.is_none() || IS_MINE.load(Ordering::SeqCst) {
            return true;
        }
        let take = |mut file: &File| {
            file.lock().ok()?;
            let is_first = file.metadata().is_ok_and(|known| known.len() == 0);
            if is_first {
                file.write_all(b"taken").ok()?;
            }
            file.unlock().ok()?;
            Some(is_first)
        };
        let is_mine = claim.and_then(take) == Some(true);
        IS_MINE.store(is_mine, Ordering::SeqCst);
        is_mine
    }
}

/// The order of this process; the first one counts.
static ORDER: OnceLock<Order> = OnceLock::new();

/// Where it is agreed who obeys an order that one process shall obey.
static CLAIM: OnceLock<File> = OnceLock::new();

/// Tiles begun.
static N_TILES: AtomicU64 = AtomicU64::new(0);

/// One more than the tile whose answer shall be wrong; 0 for none.
static SPOILED: AtomicU32 = AtomicU32::new(0);

/// Takes an order, and obeys it at once where it says so.
///
/// # Errors
/// When there is no such fault.
pub fn obey(text: &str) -> Result<(), NoSuchFault> {
    let order = Order::parse(text)?;
    let order = ORDER.get_or_init(|| order);
    if order.kind == Kind::Oom && order.is_mine(order.claim_file().as_ref()) {
        // Later a sandbox stands between a process and its limits.
        acts::limit_memory();
    }
    if order.when == When::Nth(0) && order.is_mine(order.claim_file().as_ref()) {
        acts::act(order.kind);
    }
    Ok(())
}

/// Called when a worker has closed what it inherited and not yet entered its sandbox.
pub(super) fn before_sandbox() {
    if let Some(file) = ORDER.get().and_then(Order::claim_file) {
        CLAIM.get_or_init(|| file);
    }
}

/// As [`obey`], for the process that starts workers: it panics on order and does nothing else.
///
/// # Errors
/// As [`obey`].
pub fn obey_as_parent(text: &str) -> Result<(), NoSuchFault> {
    if Order::parse(text)?.kind == Kind::Panic {
        obey(text)?;
    }
    Ok(())
}

/// Called where a tile is computed.
pub(super) fn while_computing(tile_idx: u32) {
    let Some(order) = ORDER.get() else { return };
    let nth = N_TILES.fetch_add(1, Ordering::SeqCst) + 1;
    let is_time = match order.when {
        When::Nth(n) if order.kind == Kind::Slow => nth >= n,
        When::Nth(n) => nth == n && order.kind != Kind::MidRead,
        When::Tile(tile) => u64::from(tile_idx) == tile,
    };
    if is_time && order.is_mine(CLAIM.get()) {
        SPOILED.store(tile_idx + 1, Ordering::SeqCst);
        acts::act(order.kind);
    }
}

/// Called when bytes of the parent were read.
pub(super) fn while_reading(n_bytes: usize) {
    static N_READ: AtomicU64 = AtomicU64::new(0);
    let n_bytes = n_bytes as u64;
    let n_read = N_READ.fetch_add(n_bytes, Ordering::SeqCst) + n_bytes;
    let is_time = |order: &&Order| match order.when {
        When::Nth(n) => order.kind == Kind::MidRead && n_read >= n,
        When::Tile(_) => false,
    };
    let is_mine = |order: &Order| order.is_mine(CLAIM.get());
    if ORDER.get().filter(is_time).is_some_and(is_mine) {
        acts::act(Kind::Crash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_others_refused() {
        let order = Order::parse("crash@3").unwrap();
        assert_eq!((order.kind, order.when), (Kind::Crash, When::Nth(3)));
        let order = Order::parse("stderr-flood@tile=7,once=claims/a,b").unwrap();
        assert_eq!((order.kind, order.when), (Kind::StderrFlood, When::Tile(7)));
        assert_eq!(order.once.unwrap(), PathBuf::from("claims/a,b"));
        for text in ["", "crash", "crash@", "crash@x", "burn@1", "crash@tile="] {
            assert!(Order::parse(text).is_err(), "{text}");
        }
    }
}
