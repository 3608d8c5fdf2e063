//! A desk to open the window on: a folder with a small photo, and hands and eyes for what is on the
//! screen.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parallax::studio::session::{Limits, Session, SessionOptions, WorkerProgram};
use parallax::system::folders::Folders;
use parallax::ui::App;
use parallax::ui::app::AppOptions;
use parallax::ui::picker::FixedPicker;

pub(crate) type Window = Harness<'static, App>;

/// A folder with a small photo in it, and a place for settings and edits.
pub(crate) struct Desk {
    pub(crate) root: tempfile::TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let picture = image::RgbImage::from_fn(600, 400, |x, y| {
            image::Rgb([(x * 255 / 600) as u8, (y * 255 / 400) as u8, 90])
        });
        let desk = Self { root };
        picture.save(desk.photo()).unwrap();
        desk
    }

    pub(crate) fn photo(&self) -> PathBuf {
        self.root.path().join("meadow.png")
    }

    /// A window on this desk; `picked` is what its file dialog answers.
    pub(crate) fn window(&self, photo: Option<&Path>, picked: Option<&Path>) -> Window {
        let options = AppOptions {
            session: SessionOptions {
                worker_program: WorkerProgram {
                    program: env!("CARGO_BIN_EXE_parallax").into(),
                    args: ["worker", "--role", "compute"].map(Into::into).into(),
                },
                folders: Folders::under(&self.root.path().join("kept")),
                limits: Limits::default(),
                requires_sandbox: false,
                keeps_edits: true,
                wake: Arc::new(|| {}),
            },
            picker: Arc::new(FixedPicker(picked.map(Path::to_owned))),
            photo: photo.map(Path::to_owned),
            sample: None,
            report: None,
            photographer: None,
        };
        Harness::builder()
            .with_size(vec2(1500.0, 950.0))
            .build_eframe(|creation| App::new(&creation.egui_ctx, options).unwrap())
    }

    pub(crate) fn with_photo(&self) -> Window {
        let mut window = self.window(Some(&self.photo()), None);
        until(&mut window, Session::is_preview_settled);
        window
    }
}

/// Runs frames until the session says so.
#[track_caller]
pub(crate) fn until(window: &mut Window, is_so: impl Fn(&Session) -> bool) {
    until_seen(window, |window| is_so(window.state().session()));
}

#[track_caller]
pub(crate) fn until_seen(window: &mut Window, mut is_so: impl FnMut(&Window) -> bool) {
    let patience = Instant::now() + Duration::from_mins(1);
    while !is_so(window) {
        assert!(Instant::now() < patience, "it never came to that");
        window.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    window.step();
}

pub(crate) fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.key_press_modifiers(modifiers, key);
    window.run_steps(2);
}

pub(crate) fn shows(window: &Window, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}
