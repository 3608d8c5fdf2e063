//! A stream between a process and its child over which memory can be handed down.
//!
//! On Unix it is a pair of sockets, the child's end its stdin, and memory travels beside the bytes
//! as a descriptor. Elsewhere it is the child's stdin and stdout, and memory is a temporary file
//! named by its path.

#[cfg(not(unix))]
#[path = "other.rs"]
mod channel;
#[cfg(unix)]
#[path = "unix.rs"]
mod channel;

pub use channel::{ReadHalf, WriteHalf, start, to_parent};
