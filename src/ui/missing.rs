//! Why there is no window, in one sentence each: what is missing and how to get it. What works
//! without one is said by whoever knows the commands.

use std::any::Any;
use std::path::PathBuf;

use crate::studio::StudioError;
use crate::system::atomic_save::SaveError;

/// What Debian and Ubuntu call the libraries a window needs.
const PACKAGES: &str =
    "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libegl1 libgl1-mesa-dri";

/// No window, or none to the end.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    #[error(
        "there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set); start it from a desktop"
    )]
    NoDisplay,
    #[error("the display does not answer; check DISPLAY or WAYLAND_DISPLAY")]
    DeadDisplay,
    #[error(
        "the window needs libraries that are not installed; on Debian or Ubuntu: apt-get install {PACKAGES}"
    )]
    NoLibrary,
    #[error(
        "no OpenGL driver was found for the window; on Debian or Ubuntu: apt-get install libegl1 libgl1-mesa-dri"
    )]
    NoGraphics,
    #[error("the window could not be opened: {0}")]
    Other(String),
    #[error(transparent)]
    Session(#[from] StudioError),
    #[error(transparent)]
    Save(#[from] SaveError),
    #[error("the picture of the window was not taken within five minutes")]
    NoPicture(PathBuf),
}

impl WindowError {
    /// Before anything is loaded: whether there can be a display at all.
    pub(super) fn probe() -> Option<Self> {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let needs_one = cfg!(all(unix, not(target_os = "macos")));
        let names = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"];
        (needs_one && !names.into_iter().any(is_set)).then_some(Self::NoDisplay)
    }

    pub(super) fn of(error: &eframe::Error) -> Self {
        match error {
            eframe::Error::WinitEventLoop(error) => Self::of_event_loop(&error.to_string()),
            eframe::Error::Winit(error) => Self::Other(first_line(&error.to_string())),
            eframe::Error::NoGlutinConfigs(..)
            | eframe::Error::Glutin(_)
            | eframe::Error::OpenGL(_) => Self::NoGraphics,
            eframe::Error::AppCreation(error) => Self::Other(first_line(&error.to_string())),
        }
    }

    fn of_event_loop(words: &str) -> Self {
        if words.contains("shared librar") || words.contains("libwayland") {
            Self::NoLibrary
        } else if words.contains("neither") {
            Self::NoDisplay
        } else if words.contains("connection") || words.contains("connect") {
            Self::DeadDisplay
        } else {
            Self::Other(first_line(words))
        }
    }

    /// The window's libraries panic where a further one is missing. `None` for any other panic.
    pub(super) fn of_panic(payload: &(dyn Any + Send)) -> Option<Self> {
        panic_words(payload)
            .is_some_and(is_about_library)
            .then_some(Self::NoLibrary)
    }
}

/// Whether a panic's words say that a library could not be loaded.
pub(super) fn is_about_library(words: &str) -> bool {
    words.starts_with("Library ") && words.contains("could not be loaded")
}

pub(super) fn panic_words(payload: &(dyn Any + Send)) -> Option<&str> {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| payload.downcast_ref::<&str>().copied())
}

fn first_line(words: &str) -> String {
    words.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_one_line_without_debug_text() {
        let errors = [
            WindowError::NoDisplay,
            WindowError::DeadDisplay,
            WindowError::NoLibrary,
            WindowError::NoGraphics,
            WindowError::Other("x".to_owned()),
        ];
        for error in errors {
            let words = error.to_string();
            assert!(
                !words.contains(['\n', '{', '(']) || words.contains("DISPLAY"),
                "{words}"
            );
        }
    }

    #[test]
    fn the_words_of_the_libraries_below_are_understood() {
        let of = WindowError::of_event_loop;
        assert!(matches!(
            of("os error at x.rs:1: neither WAYLAND_DISPLAY nor DISPLAY is set."),
            WindowError::NoDisplay
        ));
        assert!(matches!(
            of("Failed to open connection to X server"),
            WindowError::DeadDisplay
        ));
        assert!(matches!(
            of("Failed to load one of xlib's shared libraries"),
            WindowError::NoLibrary
        ));
        let panic: Box<dyn Any + Send> =
            Box::new("Library libxkbcommon-x11.so could not be loaded.".to_owned());
        assert!(matches!(
            WindowError::of_panic(&*panic),
            Some(WindowError::NoLibrary)
        ));
        let other: Box<dyn Any + Send> = Box::new("index out of bounds");
        assert!(WindowError::of_panic(&*other).is_none());
    }
}
