//! How many workers are wanted: as many as somebody asked for, as long as there is memory for them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Read by lanes while they work.
#[derive(Debug)]
pub(super) struct Wanted {
    asked: AtomicUsize,
    admitted: AtomicUsize,
}

impl Wanted {
    pub(super) const fn new(n_workers: usize) -> Self {
        Self {
            asked: AtomicUsize::new(n_workers),
            admitted: AtomicUsize::new(usize::MAX),
        }
    }

    /// At least 1.
    pub(super) fn n_workers(&self) -> usize {
        let admitted = self.admitted.load(Ordering::Acquire);
        self.n_asked().min(admitted).max(1)
    }

    pub(super) fn n_asked(&self) -> usize {
        self.asked.load(Ordering::Acquire)
    }

    pub(super) fn ask(&self, n_workers: usize) {
        self.asked.store(n_workers, Ordering::Release);
    }

    /// No more than so many, whatever is asked; what was admitted before.
    pub(super) fn admit(&self, n_workers: usize) -> usize {
        self.admitted.swap(n_workers, Ordering::AcqRel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_number_counts_and_one_works_in_any_case() {
        let wanted = Wanted::new(4);
        assert_eq!(wanted.n_workers(), 4);
        assert_eq!(wanted.admit(2), usize::MAX);
        assert_eq!((wanted.n_workers(), wanted.n_asked()), (2, 4));
        wanted.ask(1);
        assert_eq!(wanted.n_workers(), 1);
        wanted.ask(9);
        assert_eq!(wanted.admit(0), 2);
        assert_eq!(wanted.n_workers(), 1);
    }
}
