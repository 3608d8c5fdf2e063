//! Unix: SIGINT, SIGTERM and SIGHUP.

use std::process;
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use tracing::debug;

use crate::backend::cancel::Cancel;
use crate::cli::exit;

/// From now on a signal stops `cancel`; a second one ends the process.
pub(in crate::cli) fn on_signals(cancel: &Cancel) {
    let cancel = cancel.clone();
    let listen = move || {
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
            return;
        };
        for _signal in signals.forever() {
            if cancel.is_stopped() {
                process::exit(i32::from(exit::INTERRUPTED));
            }
            cancel.stop();
        }
    };
    if let Err(error) = thread::Builder::new()
        .name("signals".to_owned())
        .spawn(listen)
    {
        debug!("signals end the program at once: {error}");
    }
}
