//! Worker processes: long-lived subprocesses that compute tiles sent to them through pipes.
//!
//! `README.md` beside this file has the protocol byte by byte, a worker's life, and who does what
//! on which thread. In short: [`pool`] has a lane a worker; a lane sends tiles ahead and pastes
//! answers (`shift`) over a link of two threads (`link`) to a process (`process`), in which a
//! [`worker`] computes them with the routine all backends use.

pub mod entry;
pub mod frame;
pub mod message;
pub mod payload;
pub mod pool;
pub mod worker;

mod admission;
mod bench;
mod computing;
mod dispatch;
mod floor;
mod foreman;
mod kept;
mod lane;
mod ledger;
mod life;
mod link;
mod orders;
mod outbox;
mod parcel;
mod pass;
mod patience;
mod peer;
mod place;
mod process;
mod roster;
mod setup;
mod shift;
mod slots;
#[cfg(feature = "fault-injection")]
mod spoiled;
pub(in crate::backend) mod stderr;
mod store;
mod times;
mod transport;
mod wanted;

pub use entry::run_worker_main;
pub use floor::{echo_ns, run_echo_main};
pub use pool::Processes;
pub use process::WorkerProgram;
pub use roster::Upkeep;
pub use transport::Transport;
