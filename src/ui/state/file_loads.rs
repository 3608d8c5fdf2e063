//! Files that edits need, read on threads of their own, because the window never waits for a disk.

use std::path::PathBuf;

use crossbeam_channel::{Receiver, Sender};
use egui::Context;

use crate::filters::asset::Asset;
use crate::recipe::asset_file::{AssetFileError, load};
use crate::ui::command::FileSlot;

/// Files that can be read before one waits; nobody chooses that fast.
const MAX_WAITING: usize = 16;

type Loaded = (FileSlot, Result<Asset, AssetFileError>);

/// See the module's own words.
pub struct FileLoads {
    sender: Sender<Loaded>,
    done: Receiver<Loaded>,
}

impl Default for FileLoads {
    fn default() -> Self {
        let (sender, done) = crossbeam_channel::bounded(MAX_WAITING);
        Self { sender, done }
    }
}

impl FileLoads {
    /// Starts one and wakes the window when it is done.
    pub fn begin(&self, ctx: &Context, slot: FileSlot, path: PathBuf) {
        let (sender, ctx) = (self.sender.clone(), ctx.clone());
        let spawned = std::thread::Builder::new()
            .name("read an edit's file".to_owned())
            .spawn(move || {
                // The window may be gone by now; then nobody reads it.
                drop(sender.send((slot, load(&path, None))));
                ctx.request_repaint();
            });
        if let Err(error) = spawned {
            tracing::error!("no thread to read a file: {error}");
        }
    }

    /// A file that is read, and what it is for.
    pub fn poll(&self) -> Option<Loaded> {
        self.done.try_recv().ok()
    }
}
