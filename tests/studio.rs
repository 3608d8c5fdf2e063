//! A session without a window: runs are kept and compared, the lab, two backends side by side and the
//! tour bring what they promise.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::pixels::patterns::busy;
use parallax::studio::engines::Engines;
use parallax::studio::run_history::{LineFilter, LineOrder, Source};
use parallax::studio::run_log::save_log;
use parallax::studio::session::{
    CannotRepeat, Limits, Session, SessionOptions, Update, WorkerProgram,
};
use parallax::studio::tour::{Guess, TourStep};
use parallax::studio::{BackendChoice, BackendKind};
use parallax::system::folders::Folders;
use parallax::telemetry::event::RunOutcome;

fn program(role: &str) -> WorkerProgram {
    WorkerProgram {
        program: env!("CARGO_BIN_EXE_parallax").into(),
        args: ["worker", "--role", role].map(Into::into).to_vec(),
    }
}

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let image = busy(Size::new(331, 217), Layout::Rgb, Depth::Eight);
        let parallax::pixels::image::Samples::U8(samples) = image.samples else {
            unreachable!()
        };
        let picture = image::RgbImage::from_raw(331, 217, samples).unwrap();
        picture.save(folder.path().join("in.png")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn session(&self) -> Session {
        self.session_with("compute")
    }

    fn session_with(&self, role_of_workers: &str) -> Session {
        let session = Session::new(SessionOptions {
            worker_program: program(role_of_workers),
            folders: Folders::under(&self.path("data")),
            limits: Limits::default(),
            requires_sandbox: false,
            keeps_edits: false,
            wake: Arc::new(|| ()),
        });
        session.unwrap()
    }

    fn opened(&self) -> Session {
        self.open_in(self.session())
    }

    fn open_in(&self, mut session: Session) -> Session {
        session.open(&self.path("in.png"));
        until(&mut session, |update| {
            matches!(update, Update::Opened { .. })
        });
        session
    }
}

/// Polls until an update is the wanted one; fails on what failed, and after two minutes.
fn until(session: &mut Session, wanted: impl Fn(&Update) -> bool) -> Update {
    let patience = Instant::now() + Duration::from_mins(2);
    while Instant::now() < patience {
        for update in session.poll() {
            if wanted(&update) {
                return update;
            }
            let text = format!("{update:?}");
            assert!(!text.contains("Failed"), "{text}");
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    panic!("nothing happened");
}

fn run_on(session: &mut Session, kind: BackendKind, n_workers: usize) {
    session.run_full_on(BackendChoice::new(kind, n_workers));
    until(session, |update| matches!(update, Update::RunDone(_)));
}

#[test]
fn runs_are_kept_named_compared_and_made_again_tomorrow() {
    let room = Room::new();
    let mut session = room.opened();
    run_on(&mut session, BackendKind::Single, 1);
    run_on(&mut session, BackendKind::GlobalLock, 3);
    let keys: Vec<_> = session
        .history()
        .lines()
        .iter()
        .map(|line| line.key.clone())
        .collect();
    assert_eq!(keys.len(), 2);
    let locked = session.history().find(&keys[1]).unwrap();
    assert!(session.history().standing(locked).speedup.is_some());
    assert_eq!(
        session.run_of(locked).unwrap().tiles.len() as u32,
        locked.record.n_tiles
    );
    let pair = session.pair_of(&keys[0], &keys[1]).unwrap();
    assert!(pair.is_same_job && pair.is_identical == Some(true));
    assert!(
        pair.other_changes
            .iter()
            .any(|line| line == "backend single → global-lock")
    );
    assert!(session.rename_run(&keys[1], "a lock"));
    drop(session);

    let mut session = room.session();
    until(&mut session, |update| {
        matches!(update, Update::HistoryLoaded)
    });
    let lines = session.history().lines();
    assert_eq!((lines.len(), lines[1].name.as_str()), (2, "a lock"));
    assert_eq!(lines[1].source, Source::Earlier);
    assert!(session.run_of(&lines[1]).is_none(), "tiles are not kept");
    let refused = session.repeat_run(&keys[1]).unwrap_err();
    assert!(matches!(refused, CannotRepeat::OtherPhoto(name) if name == "in.png"));
    session.open(&room.path("in.png"));
    until(&mut session, |update| {
        matches!(update, Update::Opened { .. })
    });
    session.repeat_run(&keys[1]).unwrap();
    until(&mut session, |update| matches!(update, Update::RunDone(_)));
    let again = &session.history().lines()[2].record;
    let before = &session.history().lines()[1].record;
    assert!(again.same_job(before) && again.identical_output(before) == Some(true));
    assert_eq!(
        (again.n_workers, again.switch_interval_ns),
        (3, before.switch_interval_ns)
    );
    let newest = session
        .history()
        .sorted(&LineFilter::default(), LineOrder::NEWEST_FIRST);
    assert_eq!(newest, [2, 1, 0]);
}

#[test]
fn a_run_that_fails_is_in_the_table_with_its_cause_and_measures_nobody() {
    let room = Room::new();
    let mut session = room.open_in(room.session_with("cook"));
    session.run_full_on(BackendChoice::new(BackendKind::Processes, 2));
    let failed = until(&mut session, |update| {
        matches!(update, Update::RunFailed(_))
    });
    let Update::RunFailed(failure) = failed else {
        unreachable!()
    };
    assert!(failure.is_pool_lost, "{failure:?}");
    let record = session.runs.rows()[0].record().clone();
    assert_eq!(record.outcome, RunOutcome::Failed);
    let cause = record.cause.as_deref().unwrap();
    assert!(cause.contains("do not stay alive"), "{cause}");
    assert!(!record.faults.is_empty(), "who died is told");
    let line = session.history().lines()[0].clone();
    assert_eq!(line.record, record);
    run_on(&mut session, BackendKind::Single, 1);
    let standing = session.history().standing(&line);
    assert_eq!(standing.speedup, None);
    // The log in its largest form takes it, and gives it back.
    let file = room.path("log.json");
    save_log(&session.runs.to_log(), &file).unwrap();
    let mut saved = std::fs::File::open(file).unwrap();
    let log = parallax::telemetry::export::read(&mut saved).unwrap();
    assert_eq!(log.runs[0].record, record);
}

#[test]
fn a_log_that_was_saved_opens_beside_the_runs() {
    let room = Room::new();
    let mut session = room.opened();
    run_on(&mut session, BackendKind::Threads, 2);
    for name in ["a.json", "a.trace.json", "a.csv", "a.tiles.csv"] {
        save_log(&session.runs.to_log(), &room.path(name)).unwrap();
        session.open_log(&room.path(name));
        let opened = until(&mut session, |update| {
            matches!(update, Update::LogOpened { .. })
        });
        let Update::LogOpened { n_runs, .. } = opened else {
            unreachable!()
        };
        assert_eq!(n_runs, 1, "{name}");
        let line = session.history().lines().last().unwrap();
        let tiles = session.run_of(line).unwrap().tiles.len();
        assert_eq!(tiles == 0, name == "a.csv", "{name}");
    }
    let own = session.history().lines()[0].key.clone();
    let theirs = session.history().lines()[1].key.clone();
    let pair = session.pair_of(&own, &theirs).unwrap();
    assert_eq!(pair.figures[0].change_percent(), Some(0.0));
    std::fs::write(room.path("b.json"), "{}").unwrap();
    session.open_log(Path::new(&room.path("b.json")));
    let patience = Instant::now() + Duration::from_mins(1);
    while Instant::now() < patience {
        let updates = session.poll();
        if updates
            .iter()
            .any(|update| matches!(update, Update::LogFailed { .. }))
        {
            return;
        }
    }
    panic!("a file that is no log was opened");
}

#[test]
fn two_backends_side_by_side_differ_nowhere() {
    let room = Room::new();
    let mut session = room.opened();
    let (left, right) = (
        BackendChoice::new(BackendKind::Processes, 2),
        BackendChoice::new(BackendKind::GlobalLock, 4),
    );
    session.run_sides(left, right);
    let done = until(&mut session, |update| {
        matches!(update, Update::SidesDone { .. })
    });
    assert!(matches!(done, Update::SidesDone { is_identical: true }));
    let sides = session.sides().unwrap();
    assert_eq!(sides.left.run.record.backend, "processes");
    assert_eq!(sides.right.picture.size, Size::new(331, 217));
    assert_eq!(sides.left.picture, sides.right.picture);
    assert_eq!(session.history().lines().len(), 2);
}

#[test]
fn who_measures_several_sizes_of_a_pool_has_each_of_them() {
    let engines = Engines::new(program("compute"));
    for kind in [
        BackendKind::Processes,
        BackendKind::Threads,
        BackendKind::GlobalLock,
    ] {
        let pool = |n_workers| {
            engines
                .apart()
                .get(BackendChoice::new(kind, n_workers))
                .unwrap()
        };
        let (one, three) = (pool(1), pool(3));
        assert_eq!((one.n_workers(), three.n_workers()), (1, 3), "{kind:?}");
        assert!(
            three.n_at_once()
                == if kind == BackendKind::GlobalLock {
                    1
                } else {
                    3
                }
        );
    }
}

#[test]
fn the_lab_gives_runs_their_ceiling() {
    let room = Room::new();
    let mut session = room.opened();
    session.measure_scaling();
    until(&mut session, |update| matches!(update, Update::ScalingDone));
    let scaling = Arc::clone(session.scaling().unwrap());
    assert!(scaling.is_identical);
    assert!(scaling.series.len() >= 3 && !session.is_scaling_outdated());
    let n_cores = scaling.n_cores;
    run_on(&mut session, BackendKind::Threads, n_cores);
    let line = session.history().lines().last().unwrap();
    assert_eq!(line.record.ceiling_wall_ns, scaling.ceiling_ns(n_cores));
    assert!(session.history().standing(line).ceiling_share.is_some());
}

#[test]
fn the_tour_says_what_its_own_runs_showed() {
    let room = Room::new();
    let mut session = room.opened();
    for step in TourStep::ALL {
        session.run_tour_step(step, Some(Guess::Same));
        until(
            &mut session,
            |update| matches!(update, Update::TourStepDone(done) if *done == step),
        );
        let shown = session.tour().shown(step).unwrap();
        assert!(shown.conclusion.sentence.ends_with('.'), "{shown:?}");
        assert!(!shown.conclusion.sentence.contains("DIFFERS"), "{shown:?}");
        assert_eq!(shown.guess, Some(Guess::Same));
    }
    assert_eq!(session.tour().bars().len(), 5);
    let waits = session.tour().shown(TourStep::WorkThatWaits).unwrap();
    assert!(waits.conclusion.did_show, "{waits:?}");
    let processes = &session.tour().shown(TourStep::Processes).unwrap().runs;
    assert_eq!(processes.len(), 3);
    assert!(
        processes
            .iter()
            .all(|(_, _, run)| run.output_sha256 == processes[0].2.output_sha256)
    );
    assert!(session.recipe().is_empty(), "the edit in hand is as it was");
}
