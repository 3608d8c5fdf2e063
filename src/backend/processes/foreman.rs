//! The thread that makes worker processes, because on Linux a worker ends with the thread that made
//! it, and that sends those home who have nothing to do.

use std::io;
use std::process::{Child, Command};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender, bounded};

/// Somebody who wants a child, and where to hand it.
struct Order {
    command: Command,
    reply: Sender<io::Result<Child>>,
}

/// Dropping it ends its thread, and with it every worker that still runs.
#[derive(Debug)]
pub(super) struct Foreman {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Foreman {
    /// Calls `look` about every `every` while there is nobody to start; it must not wait for a lane.
    ///
    /// # Errors
    /// When the system gives no more threads.
    pub(super) fn new(
        every: Duration,
        mut look: impl FnMut() + Send + 'static,
    ) -> io::Result<Self> {
        let (orders, inbox) = bounded::<Order>(64);
        let thread = thread::Builder::new()
            .name("foreman".to_owned())
            .spawn(move || {
                loop {
                    match inbox.recv_timeout(every) {
                        Ok(mut order) => {
                            // Nobody left to take it: the guard of whoever ordered it is gone too.
                            if let Err(unsent) = order.reply.send(order.command.spawn())
                                && let Ok(child) = unsent.into_inner()
                            {
                                discard(child);
                            }
                        }
                        Err(RecvTimeoutError::Timeout) => look(),
                        Err(RecvTimeoutError::Disconnected) => return,
                    }
                }
            })?;
        Ok(Self {
            orders: Some(orders),
            thread: Some(thread),
        })
    }

    /// Starts a program.
    ///
    /// # Errors
    /// When the system will not start it.
    pub(super) fn spawn(&self, command: Command) -> io::Result<Child> {
        let gone = || io::Error::other("nobody starts workers any more");
        let (reply, answer) = bounded(1);
        let orders = self.orders.as_ref().ok_or_else(gone)?;
        orders.send(Order { command, reply }).map_err(|_| gone())?;
        answer.recv().map_err(|_| gone())?
    }
}

impl Drop for Foreman {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // It held nothing that its panic could have left half done.
            thread.join().ok();
        }
    }
}

fn discard(mut child: Child) {
    child.kill().ok();
    child.wait().ok();
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn programs_that_cannot_be_started_are_errors_and_looking_goes_on() {
        let n_looks = Arc::new(AtomicU32::new(0));
        let looks = Arc::clone(&n_looks);
        let foreman = Foreman::new(Duration::from_millis(1), move || {
            looks.fetch_add(1, Ordering::Relaxed);
        })
        .unwrap();
        let error = foreman
            .spawn(Command::new("/nowhere/parallax"))
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        while n_looks.load(Ordering::Relaxed) < 2 {
            thread::yield_now();
        }
        drop(foreman);
        let n_before = n_looks.load(Ordering::Relaxed);
        thread::sleep(Duration::from_millis(20));
        assert_eq!(n_looks.load(Ordering::Relaxed), n_before);
    }
}
