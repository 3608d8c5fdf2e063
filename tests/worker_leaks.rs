//! Pools come and go without leaving anything behind. A file of its own, so that no other test opens
//! descriptors or starts threads meanwhile.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::fs;
use std::path::Path;

use parallax::backend::Backend as _;
use parallax::backend::processes::{Processes, Transport, WorkerProgram};

fn n_entries(folder: &str) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn fifty_pools_leave_no_process_descriptor_or_thread() {
    let cycle = |transport: Transport| {
        let program = WorkerProgram::computing(env!("CARGO_BIN_EXE_parallax"));
        let pool = Processes::new(3, program).unwrap().by(transport);
        pool.start().unwrap();
        pool.worker_pids()
    };
    // What is set up once a process is not a leak.
    let mut pids = cycle(Transport::SharedMemory);
    let before = (n_entries("/proc/self/fd"), n_entries("/proc/self/task"));
    for n in 0..50 {
        pids.extend(cycle(Transport::ALL[n % 2]));
    }
    assert_eq!(pids.len(), 3 * 51);
    let left: Vec<_> = pids
        .iter()
        .filter(|pid| Path::new(&format!("/proc/{pid}")).exists())
        .collect();
    assert!(left.is_empty(), "neither process nor zombie: {left:?}");
    // Threads that only had to end may take a moment to be gone.
    for _ in 0..400 {
        if n_entries("/proc/self/task") <= before.1 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // There may be fewer: threads of the first pool may have been ending still.
    let after = (n_entries("/proc/self/fd"), n_entries("/proc/self/task"));
    assert!(
        after.0 <= before.0,
        "descriptors: {after:?}, before {before:?}"
    );
    assert!(after.1 <= before.1, "threads: {after:?}, before {before:?}");
}
