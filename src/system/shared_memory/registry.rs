//! Which frozen memory this process has mapped where: who borrows bytes and nothing else finds out
//! whether another process could be told to look at them itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

static MAPPED: Mutex<Vec<Entry>> = Mutex::new(Vec::new());
static LAST_ID: AtomicU64 = AtomicU64::new(0);

#[derive(Debug)]
struct Entry {
    start: usize,
    n_bytes: usize,
    named: Named,
}

/// Frozen memory as another process of this user opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Never used twice by one process, as a name may be.
    pub id: u64,
    pub name: String,
}

/// The frozen memory whose bytes, all of them, these are.
#[must_use]
pub fn find(bytes: &[u8]) -> Option<Named> {
    let mapped = MAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it =
        |entry: &&Entry| entry.start == bytes.as_ptr().addr() && entry.n_bytes == bytes.len();
    mapped.iter().find(is_it).map(|entry| entry.named.clone())
}

/// Tells of a map; answers what [`remove`] takes.
pub(super) fn add(bytes: &[u8], name: String) -> u64 {
    let id = LAST_ID.fetch_add(1, Ordering::Relaxed) + 1;
    let mut mapped = MAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    mapped.push(Entry {
        start: bytes.as_ptr().addr(),
        n_bytes: bytes.len(),
        named: Named { id, name },
    });
    id
}

/// Before the map goes.
pub(super) fn remove(id: u64) {
    let mut mapped = MAPPED.lock().unwrap_or_else(PoisonError::into_inner);
    mapped.retain(|entry| entry.named.id != id);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::shared_memory::{Frozen, SharedMemory};

    #[test]
    fn frozen_memory_is_found_by_its_bytes_as_long_as_it_is_there() {
        let memory = SharedMemory::new(5000).unwrap();
        memory.map().unwrap()[4999] = 3;
        let frozen = memory.freeze().unwrap();
        let named = find(&frozen).unwrap();
        assert_eq!(find(&frozen[1..]), None);
        assert_eq!(find(&[1, 2, 3]), None);
        let again = Frozen::open(&named.name).unwrap();
        assert_eq!(again[..], frozen[..]);
        let other = find(&again).unwrap();
        assert_ne!(other.id, named.id);
        drop(frozen);
        assert_eq!(find(&again), Some(other));
    }
}
