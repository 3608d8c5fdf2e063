//! Asking the desktop for a file, on a thread of its own, because a dialog takes as long as a person.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, TryRecvError};

use super::command::FileSlot;

/// An answer sooner than this came from no person: there is no file dialog here.
const NO_PERSON: Duration = Duration::from_millis(250);

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    Photo,
    /// Where an export shall go, beginning with this.
    Target(PathBuf),
    /// Where the timing log shall go.
    Log,
    /// Where the lab's chart shall go.
    Chart,
    /// The file of an edit's parameter.
    EditFile(FileSlot),
}

/// Something that can ask. Waits for the person.
pub trait FilePicker: Send + Sync {
    /// `None` when the person cancelled, or when there is no dialog to show.
    fn pick(&self, question: &Question) -> Option<PathBuf>;
}

/// The desktop's own dialog.
#[derive(Debug, Default)]
pub struct DesktopPicker;

impl FilePicker for DesktopPicker {
    fn pick(&self, question: &Question) -> Option<PathBuf> {
        let dialog = rfd::FileDialog::new();
        match question {
            Question::Photo => dialog
                .set_title("Open photo")
                .add_filter("Photos", PHOTO_ENDINGS)
                .add_filter("All files", &["*"])
                .pick_file(),
            Question::Target(start) => dialog
                .set_title("Export to")
                .set_directory(start.parent().unwrap_or(start))
                .set_file_name(start.file_name().unwrap_or_default().to_string_lossy())
                .save_file(),
            Question::EditFile(_) => dialog
                .set_title("Choose a table of colours")
                .add_filter("Tables of colours", &["cube", "CUBE"])
                .add_filter("All files", &["*"])
                .pick_file(),
            Question::Chart => dialog
                .set_title("Save chart")
                .set_file_name("parallax-scaling.svg")
                .save_file(),
            Question::Log => dialog
                .set_title("Save timing log")
                .set_file_name("parallax-timings.csv")
                .save_file(),
        }
    }
}

const PHOTO_ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "gif", "ppm", "pgm", "pbm", "pnm", "JPG",
    "JPEG", "PNG", "TIF", "TIFF", "WEBP",
];

/// Answers with the same path every time: for tests.
#[derive(Debug, Default)]
pub struct FixedPicker(pub Option<PathBuf>);

impl FilePicker for FixedPicker {
    fn pick(&self, _: &Question) -> Option<PathBuf> {
        self.0.clone()
    }
}

/// What came of asking.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    Picked(Question, PathBuf),
    Cancelled,
    /// Nobody was asked: offer a field for the path.
    NoDialog(Question),
}

/// Asks one question at a time.
pub struct Asking {
    picker: Arc<dyn FilePicker>,
    open: Option<(Question, Instant, Receiver<Option<PathBuf>>)>,
}

impl Asking {
    #[must_use]
    pub fn new(picker: Arc<dyn FilePicker>) -> Self {
        Self { picker, open: None }
    }

    /// Shows the dialog unless one is open; `wake` is called when it is answered.
    pub fn ask(&mut self, question: Question, wake: impl FnOnce() + Send + 'static) {
        if self.open.is_some() {
            return;
        }
        let (sender, receiver) = crossbeam_channel::bounded(1);
        let (picker, asked) = (Arc::clone(&self.picker), question.clone());
        let spawned = std::thread::Builder::new()
            .name("file dialog".into())
            .spawn(move || {
                let picked = picker.pick(&asked);
                // The window may be gone by now; then nobody waits.
                drop(sender.send(picked));
                wake();
            });
        if spawned.is_ok() {
            self.open = Some((question, Instant::now(), receiver));
        }
    }

    /// The answer, once.
    pub fn poll(&mut self) -> Option<Answer> {
        let (_, asked, receiver) = self.open.as_ref()?;
        let waited = asked.elapsed();
        let picked = match receiver.try_recv() {
            Err(TryRecvError::Empty) => return None,
            other => other,
        };
        let (question, ..) = self.open.take()?;
        Some(match picked {
            Ok(Some(path)) => Answer::Picked(question, path),
            Ok(None) if waited < NO_PERSON => Answer::NoDialog(question),
            Ok(None) => Answer::Cancelled,
            // The dialog's thread ended without a word.
            Err(_) => Answer::NoDialog(question),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_of(picker: FixedPicker) -> Answer {
        let mut asking = Asking::new(Arc::new(picker));
        let (sender, woken) = crossbeam_channel::bounded(1);
        asking.ask(Question::Photo, move || sender.send(()).unwrap());
        woken.recv().unwrap();
        asking.poll().unwrap()
    }

    #[test]
    fn a_path_is_taken_and_an_instant_nothing_means_no_dialog() {
        let path = PathBuf::from("/a/b.jpg");
        let picked = answer_of(FixedPicker(Some(path.clone())));
        assert_eq!(picked, Answer::Picked(Question::Photo, path));
        assert_eq!(
            answer_of(FixedPicker(None)),
            Answer::NoDialog(Question::Photo)
        );
    }
}
