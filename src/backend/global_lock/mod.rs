//! N threads and one lock that only one of them can hold: what the interpreter lock of `CPython` does
//! to threads that compute.
//!
//! The rules are those of `CPython` (`Python/ceval_gil.c`, since 3.2). Who computes holds the lock. Who has
//! waited for a whole switch interval in which nobody else got it asks the holder to let go. The
//! holder looks whether it was asked at every strip and wherever kernels look at their stop flag, lets
//! go, and then waits until somebody else has taken the lock, for otherwise it would be first again.
//! Who waits for something else than the lock (here: slow storage, simulated) has let go before.
//!
//! The pixels are those of every other backend. Every hold and every wait is in the tiles' phases,
//! stamped while the lock's own state was held, so that no two holds can overlap by the clock either.

mod backend;
mod lock;
mod turn;

#[cfg(test)]
mod tests;

pub use backend::{DEFAULT_SWITCH_INTERVAL, GlobalLock};
pub(in crate::backend) use lock::Lock;
pub(in crate::backend) use turn::Turn;
