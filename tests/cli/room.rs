//! A fresh folder with the program in it, and what a run of it said.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

/// Nothing the tests ask for takes nearly as long; what hangs is a fault.
const DEADLINE: Duration = Duration::from_mins(2);

/// A folder of a test's own, and one in which the program keeps what it remembers.
pub(crate) struct Room(TempDir, TempDir);

/// What a run said and how it ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().unwrap(), TempDir::new().unwrap())
    }

    pub(crate) fn folder(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// A line for every run that was remembered.
    pub(crate) fn remembered(&self) -> Vec<String> {
        let file = self.1.path().join("data/runs.jsonl");
        let text = fs::read_to_string(file).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// A file lies where the folder should be.
    pub(crate) fn forbid_remembering(&self) {
        fs::write(self.1.path().join("data"), "no folder").unwrap();
    }

    /// Names of all files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Runs the program here, without a home, a display or a terminal.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Outcome {
        let mut command = assert_cmd::Command::new(program());
        command
            .args(args)
            .current_dir(self.folder())
            .env_remove("HOME")
            .env("PARALLAX_DATA_DIR", self.1.path())
            .env_remove("RUST_LOG")
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY")
            .timeout(DEADLINE);
        let output = command.output().unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// As [`Self::run`], from words without blanks in them.
    pub(crate) fn say(&self, line: &str) -> Outcome {
        self.run(line.split_whitespace())
    }
}

pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_parallax")
}

impl Outcome {
    /// Done, and nothing on stderr but warnings.
    #[track_caller]
    pub(crate) fn assert_done(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        let words = self
            .stderr
            .lines()
            .filter(|line| !line.trim_start().starts_with("WARN"));
        assert_eq!(words.count(), 0, "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn assert_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Refused with this code and one line that has all of `parts`.
    #[track_caller]
    pub(crate) fn assert_refused(self, code: i32, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with("parallax: "), "{self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "{part:?} is not in {self:?}");
        }
        self.assert_no_panic()
    }

    #[track_caller]
    pub(crate) fn assert_no_panic(self) -> Self {
        for word in ["panicked", "internal error", "RUST_BACKTRACE", "attempt to"] {
            assert!(!self.stderr.contains(word), "{self:?}");
        }
        self
    }
}

/// All files below a folder, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
