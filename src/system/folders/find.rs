//! Finding the folders.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::user_dirs::pictures_of;

/// Environment variable that puts every folder under one of its own: for tests and portable use.
pub const OVERRIDE: &str = "PARALLAX_DATA_DIR";

/// Name of our folder inside the system's.
const OWN_FOLDER: &str = "parallax";

/// Folders for one person on this system. They need not exist. `None` where the system has no
/// answer, such as without a home folder: then nothing is kept between runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folders {
    /// Settings.
    pub config: Option<PathBuf>,
    /// What a person would miss: recipes kept apart from photos, recent files.
    pub data: Option<PathBuf>,
    /// What can be made again.
    pub cache: Option<PathBuf>,
    /// Where file dialogs begin.
    pub pictures: Option<PathBuf>,
}

impl Folders {
    /// As the environment and the system say: [`OVERRIDE`], else the XDG variables on Unix and
    /// the customs of macOS and Windows, below the home folder.
    #[must_use]
    pub fn find() -> Self {
        let root = std::env::var_os(OVERRIDE).filter(|root| !root.is_empty());
        root.map_or_else(Self::of_system, |root: OsString| {
            Self::under(Path::new(&root))
        })
    }

    /// All folders under one.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        let root = std::path::absolute(root).unwrap_or_else(|_| root.to_owned());
        let folder = |name: &str| Some(root.join(name));
        Self {
            config: folder("config"),
            data: folder("data"),
            cache: folder("cache"),
            pictures: folder("pictures"),
        }
    }

    fn of_system() -> Self {
        let Ok(system) = etcetera::base_strategy::choose_native_strategy() else {
            return Self::default();
        };
        // An empty or relative home would put folders wherever the program was started.
        let own = |folder: PathBuf| folder.is_absolute().then(|| folder.join(OWN_FOLDER));
        let home = system.home_dir().to_owned();
        Self {
            config: own(system.config_dir()),
            data: own(system.data_dir()),
            cache: own(system.cache_dir()),
            pictures: home
                .is_absolute()
                .then(|| pictures_of(&home, &system.config_dir())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a process with this environment finds: this very test, started again.
    fn found_with(environment: &[(&str, &Path)]) -> String {
        let this = "system::folders::find::tests::answers_its_parent";
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", this, "--nocapture"])
            .env_clear()
            .env("PARALLAX_TEST_PRINT_FOLDERS", "1")
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn answers_its_parent() {
        if std::env::var_os("PARALLAX_TEST_PRINT_FOLDERS").is_some() {
            let answer = format!("{:?}\n", Folders::find());
            std::io::Write::write_all(&mut std::io::stdout(), answer.as_bytes()).unwrap();
        }
    }

    #[test]
    fn the_override_holds_everything() {
        let root = Path::new("/r");
        let found = found_with(&[(OVERRIDE, root), ("HOME", Path::new("/h"))]);
        assert!(
            found.contains(&format!("{:?}", Folders::under(root))),
            "{found}"
        );
        assert!(Folders::under(Path::new("x")).data.unwrap().is_absolute());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn home_and_the_xdg_variables_are_respected() {
        let found = found_with(&[
            ("HOME", Path::new("/h")),
            ("XDG_DATA_HOME", Path::new("/x/data")),
            // Relative ones are to be ignored (XDG Base Directory Specification).
            ("XDG_CACHE_HOME", Path::new("cache")),
        ]);
        let expected = Folders {
            config: Some("/h/.config/parallax".into()),
            data: Some("/x/data/parallax".into()),
            cache: Some("/h/.cache/parallax".into()),
            pictures: Some("/h".into()),
        };
        assert!(found.contains(&format!("{expected:?}")), "{found}");
    }

    #[test]
    fn without_a_home_there_is_an_answer_all_the_same() {
        // The system may know a home of its own accord, so only that there is an answer is sure.
        assert!(found_with(&[]).contains("Folders {"));
        let empty = found_with(&[("HOME", Path::new(""))]);
        assert!(
            !empty.contains("Some(\"parallax\")") && empty.contains("Folders {"),
            "{empty}"
        );
    }
}
