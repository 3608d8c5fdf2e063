//! The guard of the house: floors, file sizes, first lines, names, and tables that must agree.
//!
//! Cargo keeps order between crates; inside one crate this test does. Comments are not looked at.

#![expect(clippy::unwrap_used, reason = "what the guard cannot read is a fault")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use parallax::filters::registry::FILTERS;
use parallax::telemetry::export::{Column, RUN_COLUMNS, TILE_COLUMNS, Table};

/// Rooms from the ground up; a room knows those on lower floors.
const FLOORS: [&[&str]; 7] = [
    &["pixels", "telemetry", "system"],
    &["codecs", "filters"],
    &["recipe"],
    &["plan"],
    &["backend"],
    &["studio"],
    &["cli", "ui"],
];

/// The one look across a floor: telemetry knows geometry and levels of pixels.
const SIDEWAYS: [(&str, &str); 1] = [("telemetry", "pixels")];

/// The window hands settings to the studio and never sees these.
const HIDDEN_FROM_UI: [&str; 2] = ["backend", "codecs"];

const MAX_LINES: usize = 400;

/// Names that say nothing.
const EMPTY_NAMES: [&str; 7] = [
    "utils", "util", "helpers", "helper", "manager", "common", "imp",
];

/// What stands in one place only: (text, where it may stand, why).
const ONE_PLACE: [(&str, &[&str], &str); 7] = [
    (
        "Color32::from_",
        &["src/ui/theme", "src/ui/panels/canvas/texture.rs"],
        "colours come from the theme; a texture's pixels are the photo's",
    ),
    (
        "egui::Slider",
        &["src/ui/widgets"],
        "the slider is a widget of ours",
    ),
    ("unsafe {", &["src/system"], "unsafe code lives in system"),
    ("unsafe fn", &["src/system"], "unsafe code lives in system"),
    (
        "println!",
        &["src/cli", "src/main.rs"],
        "rooms below the roof do not print",
    ),
    (
        "eprintln!",
        &["src/cli", "src/main.rs"],
        "rooms below the roof do not print",
    ),
    ("#[allow(", &[], "write #[expect(…, reason = …)]"),
];

struct Source {
    /// From the root of the repository, with slashes.
    path: String,
    text: String,
}

impl Source {
    /// Lines without comments, numbered from 1.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(idx, line)| (idx + 1, without_comment(line)))
    }

    /// As [`Self::code`], up to the tests at the end of the file.
    fn code_before_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }

    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        inside.split_once('/').map(|(room, _)| room)
    }

    /// Modules between the room and this file: 0 for the room's `mod.rs`.
    fn depth(&self) -> usize {
        let n_folders = self.path.matches('/').count() - 2;
        n_folders + usize::from(!self.path.ends_with("/mod.rs"))
    }
}

fn without_comment(line: &str) -> &str {
    match line.find("//") {
        // Addresses are no comments.
        Some(at) if !line[..at].ends_with(':') => &line[..at],
        _ => line,
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let inside = path.strip_prefix(root()).unwrap();
                let path_text = inside.to_str().unwrap().replace('\\', "/");
                let text = fs::read_to_string(&path).unwrap();
                sources.push(Source {
                    path: path_text,
                    text,
                });
            }
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

fn all_sources() -> Vec<Source> {
    ["src", "tests", "benches"]
        .into_iter()
        .flat_map(sources)
        .collect()
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn may_know(room: &str, other: &str) -> bool {
    let hidden = room == "ui" && HIDDEN_FROM_UI.contains(&other);
    let below = floor(other) < floor(room) && !hidden;
    room == other || below || SIDEWAYS.contains(&(room, other))
}

/// Rooms a line names by `crate::`, also within braces.
fn rooms_named(line: &str) -> Vec<&str> {
    let mut rooms = Vec::new();
    for (at, token) in line.match_indices("crate::") {
        let rest = &line[at + token.len()..];
        let inside = rest
            .strip_prefix('{')
            .map_or_else(|| vec![rest], |list| list.split(',').collect());
        rooms.extend(inside.into_iter().map(|part| first_word(part.trim())));
    }
    rooms.retain(|room| floor(room).is_some());
    rooms
}

fn first_word(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    &text[..end]
}

fn report(what: &str, faults: &[String]) {
    assert!(faults.is_empty(), "{what}:\n{}", faults.join("\n"));
}

#[test]
fn rooms_know_only_rooms_below_them() {
    let mut faults = Vec::new();
    for source in sources("src") {
        let Some(room) = source.room() else { continue };
        assert!(
            floor(room).is_some(),
            "{room} is on no floor: add it to this test and to the map"
        );
        for (line_no, line) in source.code() {
            for other in rooms_named(line)
                .into_iter()
                .filter(|other| !may_know(room, other))
            {
                faults.push(format!("{}:{line_no}: {room} knows {other}", source.path));
            }
        }
    }
    report("imports upward or sideways", &faults);
}

#[test]
fn no_path_leaves_its_room_by_super() {
    let mut faults = Vec::new();
    for source in sources("src")
        .into_iter()
        .filter(|source| source.room().is_some())
    {
        let mut n_allowed = source.depth();
        for (line_no, line) in source.code() {
            let is_inline_module =
                line.trim_start().starts_with("mod ") && line.trim_end().ends_with('{');
            n_allowed += usize::from(is_inline_module);
            let n_supers = line
                .matches("super::")
                .count()
                .min(line.find("super::").map_or(0, |at| {
                    let rest = &line[at..];
                    rest.as_bytes()
                        .chunks(7)
                        .take_while(|chunk| *chunk == b"super::")
                        .count()
                }));
            if n_supers > n_allowed {
                faults.push(format!("{}:{line_no}: {}", source.path, line.trim()));
            }
        }
    }
    report("write crate::ROOM instead", &faults);
}

#[test]
fn the_rule_of_floors_finds_what_it_should() {
    for (line, rooms) in [
        ("use crate::plan::Plan;", vec!["plan"]),
        (
            "let x: crate::ui::App = crate::cli::y();",
            vec!["ui", "cli"],
        ),
        (
            "use crate::{pixels::tile, studio};",
            vec!["pixels", "studio"],
        ),
        ("use crate::Error;", vec![]),
    ] {
        assert_eq!(rooms_named(line), rooms, "{line}");
    }
    assert!(may_know("ui", "studio") && may_know("recipe", "filters"));
    assert!(may_know("telemetry", "pixels") && !may_know("pixels", "telemetry"));
    for (room, other) in [
        ("ui", "cli"),
        ("ui", "backend"),
        ("codecs", "filters"),
        ("plan", "studio"),
    ] {
        assert!(!may_know(room, other), "{room} {other}");
    }
    assert_eq!(without_comment("let a = 1; // crate::ui"), "let a = 1; ");
}

#[test]
fn every_file_opens_by_saying_what_it_is_for_and_ends_in_time() {
    let mut faults = Vec::new();
    for Source { path, text } in all_sources() {
        if !text.starts_with("//! ") {
            faults.push(format!("{path}: the first line is no //! line"));
        }
        let n_lines = text.lines().count();
        if n_lines > MAX_LINES {
            faults.push(format!("{path}: {n_lines} lines, at most {MAX_LINES}"));
        }
        let stem = Path::new(&path).file_stem().unwrap().to_str().unwrap();
        if EMPTY_NAMES.contains(&stem) {
            faults.push(format!("{path}: the name says nothing"));
        }
    }
    report("files", &faults);
}

#[test]
fn what_has_one_place_stands_there_only() {
    let mut faults = Vec::new();
    for source in sources("src") {
        for (text, places, why) in ONE_PLACE {
            if places.iter().any(|place| source.path.starts_with(place)) {
                continue;
            }
            for (line_no, line) in source
                .code_before_tests()
                .filter(|(_, line)| line.contains(text))
            {
                // `eprintln!` contains `println!`; one report is enough.
                if text != "println!" || !line.contains("eprintln!") {
                    faults.push(format!("{}:{line_no}: {text} ({why})", source.path));
                }
            }
        }
    }
    report("out of place", &faults);
}

#[test]
fn no_test_is_switched_off() {
    let mark = concat!("#[", "ignore");
    let ignored = all_sources()
        .into_iter()
        .filter(|source| source.text.contains(mark));
    let faults: Vec<String> = ignored.map(|source| source.path).collect();
    report("ignored tests", &faults);
}

#[test]
fn every_filter_is_one_file_with_tests() {
    let sources = sources("src/filters");
    let mut faults = Vec::new();
    for filter in FILTERS {
        let name = filter.spec().id.replace('-', "_");
        let (file, folder) = (
            format!("src/filters/{name}.rs"),
            format!("src/filters/{name}/"),
        );
        let is_its = |source: &&Source| source.path == file || source.path.starts_with(&folder);
        let mut its = sources.iter().filter(is_its).peekable();
        if its.peek().is_none() {
            faults.push(format!("{name}: no file {file}"));
        } else if !its.any(|source| source.text.contains("#[test]")) {
            faults.push(format!("{name}: no tests"));
        }
    }
    report("filters", &faults);
}

/// Tables of the README, each between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.
fn readme_tables() -> [(&'static str, String); 2] {
    let mut parallax = Command::new(env!("CARGO_BIN_EXE_parallax"));
    let output = parallax.args(["filters", "--markdown"]).output().unwrap();
    let filters = String::from_utf8(output.stdout).unwrap();
    let (runs, tiles) = (columns(RUN_COLUMNS), columns(TILE_COLUMNS));
    let columns = format!("A row a run:\n\n{runs}\nA row a tile:\n\n{tiles}");
    [("filters", filters), ("columns", columns)]
}

fn columns<T: Table>(columns: &[Column<T>]) -> String {
    let mut text = "| column | meaning |\n|---|---|\n".to_owned();
    for column in columns {
        writeln!(text, "| `{}` | {} |", column.name, column.doc).unwrap();
    }
    text
}

#[test]
fn the_readme_has_the_tables_the_program_has() {
    let path: PathBuf = root().join("README.md");
    let mut readme = fs::read_to_string(&path).unwrap();
    let is_update = std::env::var_os("UPDATE_README").is_some();
    for (name, table) in readme_tables() {
        let (begin, end) = (
            format!("<!-- {name}:begin -->\n"),
            format!("<!-- {name}:end -->"),
        );
        let place = readme.find(&begin).zip(readme.find(&end));
        let (from, to) = place.unwrap_or_else(|| panic!("the README has no place for {name}"));
        let from = from + begin.len();
        if is_update {
            readme.replace_range(from..to, &table);
        } else {
            assert_eq!(
                &readme[from..to],
                table,
                "UPDATE_README=1 cargo test --test house"
            );
        }
    }
    if is_update {
        fs::write(path, readme).unwrap();
    }
}
