//! Worker programs that are missing, other than expected, or ill-behaved.

use parallax::backend::BackendError;
use parallax::backend::processes::{Processes, WorkerProgram};
use parallax::backend::single::Single;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::pixels::simd::SimdLevel;

use crate::scene::{everything, photo, plain, plan, program};
use crate::support::skipped;

#[test]
fn a_program_that_is_missing_is_named_at_once() {
    let program = WorkerProgram::computing("/nowhere/parallax");
    let pool = Processes::new(2, program).unwrap();
    let error = pool.start().unwrap_err();
    assert!(matches!(error, BackendError::Start { .. }), "{error:?}");
    assert!(error.to_string().contains("/nowhere/parallax"), "{error}");
}

#[test]
#[cfg(unix)]
fn a_program_that_is_no_worker_is_given_up_with_its_own_words() {
    let script = "echo cannot open display >&2; exit 3";
    let program = WorkerProgram {
        program: "/bin/sh".into(),
        args: ["-c", script].map(Into::into).into(),
    };
    let error = Processes::new(3, program).unwrap().start().unwrap_err();
    let BackendError::PoolLost { cause } = error else {
        panic!("{error:?}");
    };
    assert!(
        cause.contains("/bin/sh") && cause.contains("exit code 3"),
        "{cause}"
    );
    assert!(cause.contains("cannot open display"), "{cause}");
}

#[test]
#[cfg(unix)]
fn a_program_that_talks_nonsense_is_given_up_and_not_believed() {
    let nonsense = ["yes", "printf 'PLX1%036d' 0; sleep 9", "cat /dev/zero"];
    for script in nonsense {
        let program = WorkerProgram {
            program: "/bin/sh".into(),
            args: ["-c", &format!("exec 2>/dev/null; {script}")]
                .map(Into::into)
                .into(),
        };
        let error = Processes::new(1, program).unwrap().start().unwrap_err();
        assert!(error.to_string().contains("protocol"), "{script}: {error}");
    }
}

/// The real worker, after a shell did something first.
fn after(script: &str) -> WorkerProgram {
    let worker = program();
    let script = format!(
        "{script} exec '{}' worker --role compute",
        worker.program.display()
    );
    WorkerProgram {
        program: "/bin/sh".into(),
        args: ["-c", &script].map(Into::into).into(),
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_of_another_simd_level_is_refused_in_words() {
    let other = SimdLevel::available()
        .into_iter()
        .find(|level| *level != SimdLevel::current());
    let Some(other) = other else {
        skipped("this machine has one SIMD level");
        return;
    };
    let program = after(&format!("PARALLAX_SIMD={other}"));
    let error = Processes::new(1, program).unwrap().start().unwrap_err();
    let BackendError::Start { source, .. } = error else {
        panic!("{error:?}");
    };
    let text = source.to_string();
    assert!(text.contains(&format!("SIMD level is {other}")), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_floods_stderr_works_all_the_same() {
    let image = photo(Size::new(64, 64), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &everything(), Depth::Eight);
    let flood = "head -c 10000000 /dev/zero | tr '\\0' x >&2;";
    let pool = Processes::new(2, after(flood)).unwrap();
    assert!(plain((&plan, &image, 16), &pool) == plain((&plan, &image, 16), &Single::default()));
}
