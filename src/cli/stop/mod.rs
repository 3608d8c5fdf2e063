//! Ctrl-C and the system's wish to end: the first stops the work in good order, the second at once.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(super) use other::on_signals;
#[cfg(unix)]
pub(super) use unix::on_signals;
