//! Made-up points whose law is known, and a lab on a photo of a few pixels.

use crate::studio::engines::BackendKind;

use super::advice::{Advice, Limit};
use super::fit::{amdahl, knee, recommended};
use super::{Point, Scaling, Series, worker_counts};

/// Times by Amdahl's law with a serial share.
fn by_law(counts: &[usize], single: f64, serial: f64) -> Vec<(usize, f64)> {
    let time = |n: &usize| (*n, single * (serial + (1.0 - serial) / *n as f64));
    counts.iter().map(time).collect()
}

fn point(n_workers: usize, ms: f64) -> Point {
    Point {
        n_workers,
        runs_ns: vec![(ms * 1e6) as u64; 3],
        ..Point::default()
    }
}

fn series(backend: BackendKind, transport: Option<&str>, times: &[(usize, f64)]) -> Series {
    Series {
        backend,
        transport: transport.map(str::to_owned),
        points: times.iter().map(|(n, ms)| point(*n, *ms)).collect(),
    }
}

/// Four cores whose memory gives out at three times one core.
pub(super) fn scaling() -> Scaling {
    let counts = [1, 2, 3, 4, 6, 8];
    let mut threads = by_law(&counts, 1000.0, 0.1);
    threads[4].1 = threads[3].1;
    threads[5].1 = threads[3].1 * 1.02;
    let slower: Vec<_> = threads
        .iter()
        .map(|(n, ms)| (*n, ms * 1.3 + 20.0))
        .collect();
    let flat: Vec<_> = counts.iter().map(|n| (*n, 1010.0)).collect();
    let mut processes = series(BackendKind::Processes, Some("pipes"), &slower);
    for point in &mut processes.points {
        point.bytes_moved = 191_000_000;
    }
    Scaling {
        photo: "Rome.jpg".into(),
        megapixels: 24.0,
        recipe: String::new(),
        job_key: "0a".into(),
        n_cores: 4,
        single: point(1, 1000.0),
        series: vec![
            series(BackendKind::Threads, None, &threads),
            processes,
            series(BackendKind::GlobalLock, None, &flat),
        ],
        ceiling: vec![
            point(1, 1000.0),
            point(2, 500.0),
            point(3, 350.0),
            point(4, 312.5),
        ],
        is_identical: true,
    }
}

#[test]
fn the_fit_finds_the_law_points_were_made_by() {
    for serial in [0.0, 0.07, 0.4, 1.0] {
        let fit = amdahl(&by_law(&[1, 2, 3, 4, 8], 812.0, serial)).unwrap();
        assert!(
            (fit.serial_share - serial).abs() < 1e-9,
            "{serial}: {fit:?}"
        );
        assert!(
            (fit.single_ns - 812.0).abs() < 1e-6 && fit.rms_error < 1e-9,
            "{fit:?}"
        );
        assert!((fit.time_ns(4.0) - 812.0 * (serial + (1.0 - serial) / 4.0)).abs() < 1e-6);
    }
}

#[test]
fn a_fit_is_made_only_where_it_can_be_doubted_and_stays_within_the_possible() {
    assert_eq!(amdahl(&by_law(&[1, 2], 100.0, 0.1)), None);
    assert_eq!(amdahl(&[(1, 100.0), (1, 101.0), (2, 60.0)]), None);
    // Faster than shared-out work could be: no negative serial share.
    let fit = amdahl(&[(1, 100.0), (2, 45.0), (4, 20.0)]).unwrap();
    assert!(fit.serial_share == 0.0 && fit.rms_error > 0.01, "{fit:?}");
    assert!(fit.limit().is_infinite());
    // Slower with every worker: nothing is shared out.
    let fit = amdahl(&[(1, 100.0), (2, 110.0), (4, 130.0)]).unwrap();
    assert_eq!(fit.serial_share, 1.0);
}

#[test]
fn noise_moves_the_fit_a_little() {
    let mut times = by_law(&[1, 2, 3, 4, 6, 8], 1000.0, 0.1);
    for (idx, (_, time)) in times.iter_mut().enumerate() {
        *time *= if idx % 2 == 0 { 1.02 } else { 0.98 };
    }
    let fit = amdahl(&times).unwrap();
    assert!((fit.serial_share - 0.1).abs() < 0.03, "{fit:?}");
    assert!(fit.rms_error > 0.005 && fit.rms_error < 0.03, "{fit:?}");
}

#[test]
fn the_knee_is_where_a_worker_brings_less_than_half_of_itself() {
    let times = |speedups: &[(usize, f64)]| -> Vec<(usize, f64)> {
        speedups
            .iter()
            .map(|(n, speedup)| (*n, 100.0 / speedup))
            .collect()
    };
    let bends = times(&[(1, 1.0), (2, 1.9), (4, 3.1), (8, 3.9)]);
    assert_eq!(knee(&bends, 100.0), Some(4));
    assert_eq!(knee(&times(&[(1, 1.0), (2, 1.95), (4, 3.6)]), 100.0), None);
    assert_eq!(
        knee(&times(&[(1, 1.0), (2, 1.0), (4, 1.0)]), 100.0),
        Some(1)
    );
    assert_eq!(knee(&[], 100.0), None);
}

#[test]
fn the_fewest_workers_that_are_as_good_are_recommended() {
    assert_eq!(
        recommended(&[(1, 100.0), (2, 52.0), (4, 30.0), (8, 29.0)]),
        Some(4)
    );
    assert_eq!(recommended(&[(1, 100.0), (2, 101.0)]), Some(1));
    assert_eq!(recommended(&[]), None);
}

#[test]
fn advice_names_the_way_and_what_limits_it() {
    let scaling = scaling();
    let advice = Advice::of(&scaling).unwrap();
    assert_eq!(
        (advice.backend, advice.n_workers),
        (BackendKind::Threads, 4)
    );
    assert!((advice.speedup - 1000.0 / 325.0).abs() < 0.01);
    let share = advice.ceiling_share.unwrap();
    assert!((share - 312.5 / 325.0).abs() < 0.01, "{share}");
    let kinds: Vec<&str> = advice
        .limits
        .iter()
        .map(|limit| match limit {
            Limit::Machine { .. } => "machine",
            Limit::Serial { .. } => "serial",
            Limit::Transport { .. } => "transport",
            Limit::Lock { .. } => "lock",
        })
        .collect();
    assert_eq!(kinds, ["machine", "serial", "transport", "lock"]);
    let words = advice.words();
    assert!(
        words.starts_with("Use threads with 4 workers: 3.1 times as fast as one core, 96 % of"),
        "{words}"
    );
    assert!(
        words.contains("10 % of the work is not shared out"),
        "{words}"
    );
    assert!(words.contains("191 MB travel"), "{words}");
}

#[test]
fn where_nobody_is_faster_one_worker_is_advised() {
    let mut scaling = scaling();
    scaling
        .series
        .retain(|series| series.backend == BackendKind::GlobalLock);
    let advice = Advice::of(&scaling).unwrap();
    assert_eq!((advice.backend, advice.n_workers), (BackendKind::Single, 1));
    assert!(
        advice.words().starts_with("One worker is as fast"),
        "{}",
        advice.words()
    );
}

#[test]
fn worker_counts_reach_all_cores_and_beyond() {
    assert_eq!(worker_counts(1), [1, 2]);
    assert_eq!(worker_counts(2), [1, 2, 3, 4]);
    assert_eq!(worker_counts(4), [1, 2, 3, 4, 6, 8]);
    assert_eq!(worker_counts(6), [1, 2, 3, 4, 6, 9, 12]);
    for n_cores in [16, 24, 64, 96, 256] {
        let counts = worker_counts(n_cores);
        assert!(counts.len() <= 12, "{counts:?}");
        assert!(
            counts.contains(&1) && counts.contains(&n_cores) && counts.contains(&(2 * n_cores))
        );
    }
}

#[test]
fn points_keep_their_median_and_their_standing() {
    let scaling = scaling();
    let threads = &scaling.series[0];
    let four = threads.at(4).unwrap();
    assert_eq!(
        scaling.efficiency(four),
        scaling.speedup(four).map(|speedup| speedup / 4.0)
    );
    assert_eq!(scaling.ceiling_ns(4), Some(312_500_000));
    assert_eq!(scaling.ceiling_ns(5), None);
    let uneven = Point {
        n_workers: 2,
        runs_ns: vec![9, 1, 5, 7],
        ..Point::default()
    };
    assert_eq!((uneven.median_ns(), uneven.min_ns()), (5, 1));
    assert_eq!(
        (uneven.spread(), point(1, 5.0).spread()),
        (Some(8.0 / 5.0), Some(0.0))
    );
    let mut noisy = scaling.clone();
    noisy.single.runs_ns = vec![1_000_000_000, 1_300_000_000, 900_000_000];
    let words = Advice::of(&noisy).unwrap().words();
    assert!(words.contains("varied by 40 %"), "{words}");
    assert_eq!(scaling.speedup(&Point::default()), None);
}
