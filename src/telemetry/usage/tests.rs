//! What holds of usage on every system: a figure, where there is one, follows the work done.

use std::hint::black_box;
use std::time::{Duration, Instant};

use super::{peak_rss_bytes, process_cpu_ns, thread_cpu_ns};

/// Works until the calling thread's CPU clock says so, or, where there is none, for that long.
fn work(at_least: Duration) {
    let (began, cpu_began) = (Instant::now(), thread_cpu_ns());
    let done = || match (cpu_began, thread_cpu_ns()) {
        (Some(began), Some(now)) => now - began >= at_least.as_nanos() as u64,
        _ => began.elapsed() >= at_least,
    };
    while !done() {
        black_box((0..1000u64).map(black_box).sum::<u64>());
    }
}

#[test]
fn cpu_time_counts_work_of_this_thread_and_of_the_process() {
    let (thread, process) = (thread_cpu_ns(), process_cpu_ns());
    work(Duration::from_millis(5));
    if let (Some(before), Some(after)) = (thread, thread_cpu_ns()) {
        assert!(after - before >= 5_000_000);
    }
    if let (Some(before), Some(after)) = (process, process_cpu_ns()) {
        assert!(after - before >= 4_900_000, "{}", after - before);
    }
}

#[test]
fn cpu_time_does_not_count_sleep_of_this_thread() {
    let Some(before) = thread_cpu_ns() else {
        return;
    };
    std::thread::sleep(Duration::from_millis(60));
    let used = thread_cpu_ns().unwrap() - before;
    assert!(used < 30_000_000, "{used}");
}

#[test]
fn nothing_is_known_of_a_process_that_is_not() {
    assert_eq!(peak_rss_bytes(u32::MAX), None);
    assert_eq!(super::pss_bytes(u32::MAX), None);
}
