//! The flag that ends a run early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::filters::kernel::Stop;

/// Shared by who may stop a run and those who work on it. Once raised it stays raised.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The flag as kernels see it.
    #[must_use]
    pub fn as_stop(&self) -> Stop<'_> {
        Stop::new(&self.0)
    }

    /// The flag itself, for libraries that take one.
    #[must_use]
    pub fn flag(&self) -> &AtomicBool {
        &self.0
    }
}
