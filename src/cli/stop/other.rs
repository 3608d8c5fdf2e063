//! Elsewhere a signal ends the process; saving is atomic, so no half file is left under its name.

use crate::backend::cancel::Cancel;

pub(in crate::cli) fn on_signals(_cancel: &Cancel) {}
