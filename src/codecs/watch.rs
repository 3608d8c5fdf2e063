//! How the outside follows a decoder or encoder, and stops it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::error::CodecError;

/// A stop flag to look at and a listener for progress; both may be absent.
#[derive(Clone, Copy, Default)]
pub struct Watch<'a> {
    cancel: Option<&'a AtomicBool>,
    progress: Option<&'a (dyn Fn(f32) + Sync)>,
}

impl<'a> Watch<'a> {
    /// Nobody listens.
    pub const NONE: Watch<'static> = Watch {
        cancel: None,
        progress: None,
    };

    /// `progress` hears the share done, 0…1, every few dozen rows, on the working thread.
    #[must_use]
    pub const fn new(cancel: &'a AtomicBool, progress: &'a (dyn Fn(f32) + Sync)) -> Self {
        Self {
            cancel: Some(cancel),
            progress: Some(progress),
        }
    }

    /// Only a stop flag.
    #[must_use]
    pub const fn cancel(cancel: &'a AtomicBool) -> Self {
        Self {
            cancel: Some(cancel),
            progress: None,
        }
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    pub fn report(&self, share_done: f32) {
        if let Some(progress) = self.progress {
            progress(share_done.clamp(0.0, 1.0));
        }
    }

    /// Reports and looks at the stop flag.
    ///
    /// # Errors
    /// [`CodecError::Cancelled`] once the flag is set.
    pub fn step(&self, share_done: f32) -> Result<(), CodecError> {
        if self.is_cancelled() {
            return Err(CodecError::Cancelled);
        }
        self.report(share_done);
        Ok(())
    }
}
