//! Small work that waits for a disk, on threads of its own; each ends in a notice.

use crossbeam_channel::{Receiver, Sender};
use egui::Context;

use super::Notice;

/// Errands that can be under way before one waits; nobody clicks that fast.
const MAX_WAITING: usize = 64;

/// See the module's own words.
pub struct Errands {
    sender: Sender<Notice>,
    done: Receiver<Notice>,
}

impl Default for Errands {
    fn default() -> Self {
        let (sender, done) = crossbeam_channel::bounded(MAX_WAITING);
        Self { sender, done }
    }
}

impl Errands {
    /// Starts one and wakes the window when it is done.
    pub fn run(&self, ctx: &Context, name: &str, work: impl FnOnce() -> Notice + Send + 'static) {
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        let spawned = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                // The window may be gone by now; then nobody reads it.
                drop(sender.send(work()));
                ctx.request_repaint();
            });
        if let Err(error) = spawned {
            tracing::error!("no thread to {name}: {error}");
        }
    }

    /// What an errand that is done has to say.
    pub fn poll(&self) -> Option<Notice> {
        self.done.try_recv().ok()
    }
}
