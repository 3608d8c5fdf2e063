//! Edits kept beside the photo as they are made: at most two seconds late, whole or not at all.
//!
//! A thread writes; the window only says what the recipe is now. Where the photo's folder cannot be
//! written, the recipe goes to the data folder, under the photo's hash.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::recipe::file::{PhotoStamp, Sha256Hex};
use crate::recipe::{Catalogue, Recipe, RecipeError, RecipeFile};
use crate::system::atomic_save::{Existing, SaveError, save_bytes};
use crate::system::folders::Folders;

use super::Photo;

/// A change is written when nothing changed for this long …
const QUIET: Duration = Duration::from_millis(400);

/// … or at the latest after this.
const LATEST: Duration = Duration::from_millis(1500);

/// Where a photo's recipe lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sidecar {
    /// `IMG_1234.jpg.parallax.toml` beside the photo.
    beside: PathBuf,
    /// In the data folder, named by the photo's hash; `None` without such a folder.
    apart: Option<PathBuf>,
}

/// What was found beside a photo.
#[derive(Debug)]
pub enum Kept {
    Nothing,
    Recipe(Recipe),
    /// A file that cannot be read; it was moved to the path given, not overwritten.
    Bad {
        error: RecipeError,
        moved_to: Option<PathBuf>,
    },
}

impl Sidecar {
    #[must_use]
    pub fn of(photo: &Photo, folders: &Folders) -> Self {
        let mut name = photo.path.file_name().unwrap_or_default().to_owned();
        name.push(".parallax.toml");
        let file_name = format!("{}.toml", photo.sha256);
        let apart = folders
            .data
            .as_ref()
            .map(|data| data.join("recipes").join(file_name));
        Self {
            beside: photo.path.with_file_name(name),
            apart,
        }
    }

    /// The recipe kept for the photo: beside it, or else in the data folder.
    #[must_use]
    pub fn load(&self) -> Kept {
        let catalogue = Catalogue::all();
        let mut places = std::iter::once(&self.beside).chain(&self.apart);
        let Some(path) = places.find(|path| path.is_file()) else {
            return Kept::Nothing;
        };
        match RecipeFile::read(path, &catalogue) {
            Ok(file) => Kept::Recipe(file.recipe),
            Err(error) => Kept::Bad {
                error,
                moved_to: set_aside(path),
            },
        }
    }

    /// # Errors
    /// When neither place can be written.
    fn save(&self, text: &str) -> Result<(), SaveError> {
        let beside = save_bytes(&self.beside, Existing::Replace, text.as_bytes());
        match (beside, &self.apart) {
            (Err(_), Some(apart)) => {
                if let Some(folder) = apart.parent() {
                    // A folder that cannot be made shows in the save that follows.
                    drop(std::fs::create_dir_all(folder));
                }
                save_bytes(apart, Existing::Replace, text.as_bytes())
            }
            (result, _) => result,
        }
    }
}

/// Moves a file that cannot be read out of the way, to the first free `.bak` name.
fn set_aside(path: &Path) -> Option<PathBuf> {
    let candidates = (0..100).map(|n| {
        let mut name = path.as_os_str().to_owned();
        name.push(if n == 0 {
            ".bak".to_owned()
        } else {
            format!(".{n}.bak")
        });
        PathBuf::from(name)
    });
    let free = candidates
        .into_iter()
        .find(|candidate| candidate.symlink_metadata().is_err())?;
    std::fs::rename(path, &free).ok().map(|()| free)
}

/// Writes recipes on a thread of its own; what waits is written before it ends.
pub struct Autosave {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Option<Waiting>,
    is_saving: bool,
    error: Option<SaveError>,
    is_over: bool,
}

struct Waiting {
    sidecar: Sidecar,
    text: String,
    first_change: Instant,
    last_change: Instant,
}

impl Autosave {
    /// # Errors
    /// When the system gives no thread.
    pub fn new() -> std::io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("autosave".into())
            .spawn(move || theirs.run())?;
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// The recipe is this now.
    pub fn changed(&self, sidecar: &Sidecar, photo: &Photo, recipe: &Recipe) {
        let Some(sha256) = Sha256Hex::parse(&photo.sha256) else {
            return;
        };
        let stamp = PhotoStamp {
            size_bytes: photo.n_file_bytes,
            width_px: photo.image.size.width,
            height_px: photo.image.size.height,
            sha256,
            extra: toml::Table::new(),
        };
        let file = RecipeFile {
            recipe: recipe.clone(),
            photo: Some(stamp),
        };
        let Ok(text) = file.to_text() else { return };
        let now = Instant::now();
        let mut state = self.shared.lock();
        let first_change = state
            .waiting
            .as_ref()
            .filter(|waiting| waiting.sidecar == *sidecar)
            .map_or(now, |waiting| waiting.first_change);
        let overtaken = state.waiting.replace(Waiting {
            sidecar: sidecar.clone(),
            text,
            first_change,
            last_change: now,
        });
        drop(state);
        if let Some(other) = overtaken.filter(|other| other.sidecar != *sidecar) {
            self.shared.write(&other);
        }
        self.shared.changed.notify_all();
    }

    /// Whether everything is on the disk.
    #[must_use]
    pub fn is_saved(&self) -> bool {
        let state = self.shared.lock();
        state.waiting.is_none() && !state.is_saving
    }

    /// What went wrong since last asked.
    #[must_use]
    pub fn take_error(&self) -> Option<SaveError> {
        self.shared.lock().error.take()
    }
}

impl Drop for Autosave {
    fn drop(&mut self) {
        self.shared.lock().is_over = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been reported where it happened.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self) {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let due = state
                .waiting
                .as_ref()
                .map(|waiting| (waiting.last_change + QUIET).min(waiting.first_change + LATEST));
            match due {
                Some(due) if due <= now || state.is_over => {
                    if let Some(waiting) = state.waiting.take() {
                        state.is_saving = true;
                        drop(state);
                        self.write(&waiting);
                        state = self.lock();
                        state.is_saving = false;
                    }
                }
                Some(due) => {
                    let woken = self.changed.wait_timeout(state, due - now);
                    state = woken.unwrap_or_else(PoisonError::into_inner).0;
                }
                None if state.is_over => return,
                None => {
                    let woken = self.changed.wait(state);
                    state = woken.unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    fn write(&self, waiting: &Waiting) {
        if let Err(error) = waiting.sidecar.save(&waiting.text) {
            self.lock().error = Some(error);
        }
    }
}
