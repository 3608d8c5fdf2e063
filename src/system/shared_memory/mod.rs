//! Memory that two processes have in common: made by one, handed to the other, mapped by both.
//!
//! On Linux it is an anonymous file in memory whose size is sealed, so that nobody can shrink it
//! under a reader; [`SharedMemory::freeze`] seals its content too. Elsewhere it is a temporary
//! file without seals. A child gets it by `handover`; any process of this user may open it by name
//! for as long as its maker has it, where the system lets them.

mod arena;
mod backing;
mod frozen;
mod memory;
#[cfg(any(target_os = "linux", target_os = "android"))]
#[path = "memfd.rs"]
mod platform;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[path = "temporary.rs"]
mod platform;
pub mod registry;
mod settling;

pub use arena::{Arena, Mark};
pub use backing::Handed;
pub use frozen::Frozen;
pub use memory::{Settler, SharedMemory, WritableMap};
