//! Lines survive the day, stand in order, and are compared only with what is comparable.

use std::fs;
use std::io::Write as _;

use crate::studio::run_log::RunRow;
use crate::system::folders::Folders;
use crate::telemetry::ids::RunId;
use crate::telemetry::log::RunWithEvents;
use crate::telemetry::machine::Machine;
use crate::telemetry::record::{FileName, RunRecord};

use super::file::{FILE_NAME, append, read, rename};
use super::line::RunLine;
use super::{Keeping, LineFilter, LineOrder, Outdated, RunHistory, SortKey, keep_line};

fn machine() -> Machine {
    Machine {
        cpu_model: "Test CPU".into(),
        usable_cores: 4,
        program_version: "0.1.0".into(),
        ..Machine::default()
    }
}

fn line(id: u64, backend: &str, wall_ns: u64) -> RunLine {
    let record = RunRecord {
        id: RunId(id),
        started_at: format!("2026-02-03T04:05:{id:02}.000Z"),
        backend: backend.to_owned(),
        n_workers: if backend == "single" { 1 } else { 4 },
        job_key: "0a1b".into(),
        wall_ns,
        recipe: "version = 1\n[[edit]]\nfilter = \"blur\"\n".into(),
        ..RunRecord::default()
    };
    let row = RunRow::once(RunWithEvents {
        record,
        ..RunWithEvents::default()
    });
    RunLine::of(&row, &machine())
}

fn opened(folders: &Folders) -> (RunHistory, usize) {
    let (sender, receiver) = crossbeam_channel::bounded(1);
    let keeping = Keeping::new(folders, move |lines| sender.send(lines).unwrap()).unwrap();
    let mut history = RunHistory::new(keeping);
    let earlier = receiver.recv().unwrap();
    let n_earlier = earlier.len();
    history.take_earlier(earlier);
    (history, n_earlier)
}

#[test]
fn runs_and_their_names_are_there_again_tomorrow() {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders::under(folder.path());
    let (mut history, n_earlier) = opened(&folders);
    assert_eq!(n_earlier, 0);
    history.push(line(1, "single", 8000));
    history.push(line(2, "threads", 2000));
    let key = history.lines()[1].key.clone();
    assert!(history.rename(&key, "  my run "));
    drop(history);
    let (history, n_earlier) = opened(&folders);
    assert_eq!(n_earlier, 2);
    assert_eq!(history.find(&key).unwrap().name, "my run");
    let mut expected = line(2, "threads", 2000).record;
    expected.started_at = history.lines()[1].record.started_at.clone();
    assert_eq!(history.lines()[1].record, expected);
    let choice = history.lines()[1].choice().unwrap();
    assert_eq!(choice.n_workers, 4);
}

#[test]
fn a_half_line_and_a_newer_one_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders::under(folder.path());
    drop(opened(&folders).0);
    let path = folders.data.clone().unwrap().join(FILE_NAME);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let newer = "{\"version\":99,\"what\":\"from tomorrow\"}";
    let mut file = fs::File::create(&path).unwrap();
    write!(file, "{newer}\n{{\"version\":1,\"key\":\"cut o").unwrap();
    drop(file);
    let (mut history, n_earlier) = opened(&folders);
    assert_eq!(n_earlier, 0);
    history.push(line(1, "single", 8000));
    let key = history.lines()[0].key.clone();
    history.rename(&key, "kept");
    drop(history);
    assert_eq!(read(&path).len(), 1);
    assert!(
        fs::read_to_string(&path).unwrap().contains(newer),
        "what is newer stays"
    );
}

#[test]
fn the_file_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let one = serde_json::to_string(&line(1, "single", 8000)).unwrap();
    fs::write(&path, format!("{one}\n").repeat(2201)).unwrap();
    assert_eq!(read(&path).len(), 2000);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2000);
}

#[test]
fn a_file_that_no_window_cuts_is_cut_by_who_adds_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let mut large = line(1, "single", 8000);
    large.record.recipe = "x".repeat(1 << 20);
    let one = serde_json::to_string(&large).unwrap();
    fs::write(&path, format!("{one}\n").repeat(16)).unwrap();
    append(&path, &line(2, "threads", 2000)).unwrap();
    let lines = read(&path);
    assert!(fs::metadata(&path).unwrap().len() <= 8 << 20);
    assert_eq!(lines.last().unwrap().record.backend, "threads");
    assert!(lines.len() > 1, "the newest of the old ones stay");
}

#[test]
fn who_writes_at_once_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folders = Folders::under(folder.path());
    let path = folders.data.clone().unwrap().join(FILE_NAME);
    keep_line(&folders, &line(1, "single", 8000)).unwrap();
    let first = read(&path)[0].key.clone();
    std::thread::scope(|scope| {
        for writer in 0..4_u64 {
            let folders = &folders;
            scope.spawn(move || {
                for idx in 0..20 {
                    let id = 100 + writer * 100 + idx;
                    keep_line(folders, &line(id, "threads", id)).unwrap();
                }
            });
        }
        for idx in 0..20 {
            rename(&path, &first, &format!("name {idx}")).unwrap();
        }
    });
    let lines = read(&path);
    assert_eq!(lines.len(), 81);
    assert_eq!(lines[0].name, "name 19");
}

#[test]
fn the_fair_yardstick_is_taken_and_an_outdated_one_marked() {
    let mut history = RunHistory::default();
    history.push(line(1, "single", 8000));
    let mut other_day = line(2, "single", 9000);
    other_day.record.started_at = "2026-03-01T00:00:00.000Z".into();
    history.push(other_day);
    let threads = line(3, "threads", 2000);
    let standing = history.standing(&threads);
    assert_eq!(
        (standing.speedup, standing.efficiency),
        (Some(4.0), Some(1.0))
    );
    assert_eq!(standing.outdated, None, "the run of the same day is taken");
    let mut later = line(4, "threads", 3000);
    later.record.started_at = "2026-04-01T00:00:00.000Z".into();
    let standing = history.standing(&later);
    assert_eq!(
        (standing.single_wall_ns, standing.outdated),
        (Some(9000), Some(Outdated::OtherDay))
    );
    later.cpu_model = "Other CPU".into();
    assert_eq!(
        history.standing(&later).outdated,
        Some(Outdated::OtherMachine)
    );
    later.record.job_key = "other".into();
    assert_eq!(history.standing(&later).speedup, None);
}

#[test]
fn a_ceiling_measured_once_is_remembered_for_its_job_and_machine() {
    let mut measured = line(1, "threads", 2000);
    measured.record.ceiling_wall_ns = Some(1800);
    let mut history = RunHistory::default();
    history.push(measured);
    history.push(line(2, "threads", 2100));
    assert_eq!(history.ceiling_of("0a1b", 4, &machine()), Some(1800));
    assert_eq!(history.ceiling_of("0a1b", 3, &machine()), None);
    assert_eq!(history.ceiling_of("other", 4, &machine()), None);
    let elsewhere = Machine {
        cpu_model: "Other CPU".into(),
        ..machine()
    };
    assert_eq!(history.ceiling_of("0a1b", 4, &elsewhere), None);
}

#[test]
fn lines_are_filtered_by_words_and_sorted_with_the_unknown_last() {
    let mut lines = [
        line(1, "single", 8000),
        line(2, "threads", 2000),
        line(3, "processes", 4000),
    ];
    lines[2].record.photo.file_name = FileName::from("Rome.jpg".to_owned());
    lines[0].record.cpu_ns = Some(5);
    lines[1].record.cpu_ns = Some(7);
    let mut history = RunHistory::default();
    for line in lines {
        history.push(line);
    }
    let by = |key, is_descending| LineOrder { key, is_descending };
    let all = LineFilter::default();
    assert_eq!(history.sorted(&all, LineOrder::NEWEST_FIRST), [2, 1, 0]);
    assert_eq!(history.sorted(&all, by(SortKey::Wall, false)), [1, 2, 0]);
    assert_eq!(history.sorted(&all, by(SortKey::Cpu, false)), [0, 1, 2]);
    assert_eq!(history.sorted(&all, by(SortKey::Cpu, true)), [1, 0, 2]);
    assert_eq!(history.sorted(&all, by(SortKey::Speedup, true)), [1, 2, 0]);
    let words = |text: &str| LineFilter {
        text: text.into(),
        ..LineFilter::default()
    };
    assert_eq!(
        history.sorted(&words("BLUR thre"), LineOrder::default()),
        [1]
    );
    assert_eq!(history.sorted(&words("rome"), LineOrder::default()), [2]);
    let single = LineFilter {
        backend: Some("single".into()),
        ..LineFilter::default()
    };
    assert_eq!(history.sorted(&single, LineOrder::default()), [0]);
}
