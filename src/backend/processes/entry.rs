//! What `parallax worker --role compute` runs: a worker on the process's own stdin and stdout.

use std::io::{self, Read};
use std::process;
use std::thread;
use std::time::Duration;

use crate::system::sandbox::{Reach, enter_to_compute};
use crate::system::{lifetime, pipes};
use crate::telemetry::clock::now_ns;

use super::worker::{WorkerError, serve};

/// What a worker is given to come to an end when its parent is gone.
const LAST_WORK: Duration = Duration::from_millis(500);

/// Why a worker process ended other than by its parent's wish.
#[derive(Debug, thiserror::Error)]
pub enum WorkerMainError {
    #[error("cannot take over stdin and stdout")]
    Stdio(#[source] io::Error),
    #[error("cannot tie the worker to its parent")]
    Lifetime(#[source] io::Error),
    #[error(transparent)]
    Serve(#[from] WorkerError),
}

/// Serves the parent at the other end of stdin and stdout until it closes them, held by a sandbox as
/// far as the system has one: what is computed needs no files, no network and no other processes.
///
/// # Errors
/// When the parent makes no sense or is gone; the caller says so on stderr and ends the process.
pub fn run_worker_main(reach: Reach) -> Result<(), WorkerMainError> {
    // The first question starts the clock.
    let _began_ns = now_ns();
    pipes::close_inherited(&[]);
    lifetime::set_process_name(c"parallax-worker");
    lifetime::end_with_parent().map_err(WorkerMainError::Lifetime)?;
    let (stdin, stdout) = pipes::claim_stdio().map_err(WorkerMainError::Stdio)?;
    #[cfg(feature = "fault-injection")]
    crate::backend::faults::before_sandbox();
    // A system without is told of where it counts: where files are decoded.
    let _state = enter_to_compute(reach);
    serve(LastStream(stdin), stdout)?;
    Ok(())
}

/// A stream whose end is the process's, also when a kernel does not hear that it should stop.
struct LastStream<R>(R);

impl<R: Read> Read for LastStream<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(bytes)?;
        #[cfg(feature = "fault-injection")]
        crate::backend::faults::while_reading(n);
        if n == 0 && !bytes.is_empty() {
            let end = || {
                thread::sleep(LAST_WORK);
                process::exit(1);
            };
            thread::Builder::new()
                .name("last stream".to_owned())
                .spawn(end)?;
        }
        Ok(n)
    }
}
