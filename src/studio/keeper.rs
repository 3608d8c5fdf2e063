//! Writes settings on a thread of its own, so that the window waits for no disk; what waits is
//! written before it ends.

use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender};

use crate::system::folders::Folders;

use super::settings::Settings;

/// Settings that can wait; more than one only while a disk hangs.
const MAX_WAITING: usize = 64;

/// See the module's own words.
pub struct Keeper {
    sender: Option<Sender<Settings>>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// # Errors
    /// When the system gives no thread.
    pub fn new(folders: Folders) -> std::io::Result<Self> {
        let (sender, receiver) = crossbeam_channel::bounded(MAX_WAITING);
        let thread = std::thread::Builder::new()
            .name("settings".into())
            .spawn(move || run(&receiver, &folders))?;
        Ok(Self {
            sender: Some(sender),
            thread: Some(thread),
        })
    }

    /// The settings are these now.
    pub fn changed(&self, settings: &Settings) {
        if let Some(sender) = &self.sender {
            // Where so many wait, nothing is written any more; the next change tries again.
            drop(sender.try_send(settings.clone()));
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.sender = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            drop(thread.join());
        }
    }
}

fn run(receiver: &Receiver<Settings>, folders: &Folders) {
    while let Ok(first) = receiver.recv() {
        let newest = receiver.try_iter().last().unwrap_or(first);
        newest.save(folders);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_last_change_is_on_the_disk_when_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path());
        let keeper = Keeper::new(folders.clone()).unwrap();
        let mut settings = Settings::default();
        for name in ["/a/b.jpg", "/a/c.jpg"] {
            settings.add_recent(Path::new(name));
            keeper.changed(&settings);
        }
        drop(keeper);
        assert_eq!(Settings::load(&folders), settings);
        assert_eq!(settings.recent.len(), 2);
    }
}
