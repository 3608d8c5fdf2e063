//! Which jobs a worker need not finish. Written by the thread that reads, seen by the one that
//! computes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::backend::cancel::Cancel;

/// Jobs are numbered upwards, so one number says which of them are void.
#[derive(Debug, Default)]
pub(super) struct Orders {
    void_up_to: AtomicU64,
    current: Mutex<(u64, Cancel)>,
}

impl Orders {
    /// Voids `job` and all before it; a tile being computed for one of them stops.
    pub(super) fn void(&self, job: u64) {
        self.void_up_to.fetch_max(job, Ordering::SeqCst);
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 <= job {
            current.1.stop();
        }
    }

    /// The flag for a tile of `job`; up already when the job is void.
    pub(super) fn flag_for(&self, job: u64) -> Cancel {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.0 != job {
            *current = (job, Cancel::default());
        }
        if job <= self.void_up_to.load(Ordering::SeqCst) {
            current.1.stop();
        }
        current.1.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_void_job_stops_now_and_later_and_the_next_one_does_not() {
        let orders = Orders::default();
        let second = orders.flag_for(2);
        orders.void(1);
        assert!(!second.is_stopped());
        orders.void(2);
        assert!(second.is_stopped());
        assert!(orders.flag_for(2).is_stopped());
        assert!(!orders.flag_for(3).is_stopped());
    }
}
