//! Curves of made-up points.

use crate::studio::BackendKind;
use crate::studio::lab::{Point, Scaling, Series};
use crate::ui::theme::mark::BackendMark;

use super::figures::{Curve, Figure, Stroked, curves, most_workers};

const THREADS: Stroked = Stroked::Measured {
    mark: BackendMark::Threads,
    is_hollow: false,
};

fn point(n_workers: usize, ms: u64) -> Point {
    Point {
        n_workers,
        runs_ns: vec![ms * 1_000_000],
        ..Point::default()
    }
}

/// A tenth of the work is serial; four cores.
fn scaling() -> Scaling {
    Scaling {
        photo: "meadow.jpg".to_owned(),
        megapixels: 4.0,
        recipe: String::new(),
        job_key: String::new(),
        n_cores: 4,
        single: point(1, 1000),
        series: vec![Series {
            backend: BackendKind::Threads,
            transport: None,
            points: vec![point(1, 1000), point(2, 550), point(4, 325), point(8, 325)],
        }],
        ceiling: vec![point(1, 1000), point(2, 520), point(4, 290)],
        is_identical: true,
    }
}

fn find(curves: &[Curve], stroked: Stroked) -> &Curve {
    curves
        .iter()
        .find(|curve| curve.stroked == stroked)
        .unwrap()
}

#[test]
fn every_curve_has_its_figure() {
    let curves = curves(&scaling(), Figure::Speedup);
    let measured = find(&curves, THREADS);
    let (n_workers, speedup) = measured.points[2];
    assert_eq!(n_workers, 4.0);
    assert!((speedup - 1000.0 / 325.0).abs() < 1e-9);
    let ideal = find(&curves, Stroked::Ideal);
    assert_eq!(
        ideal.points.last(),
        Some(&(8.0, 4.0)),
        "no more than the cores there are"
    );
    let fit = find(&curves, Stroked::Fit(BackendMark::Threads));
    assert_eq!(fit.label, "threads: Amdahl, 10 % serial");
    assert_eq!(find(&curves, Stroked::Ceiling).points.len(), 3);
    assert_eq!(measured.recommended, Some(4));
}

#[test]
fn efficiency_falls_beyond_the_cores_and_time_is_in_nanoseconds() {
    let efficiency = curves(&scaling(), Figure::Efficiency);
    let measured = find(&efficiency, THREADS);
    assert!(measured.points[3].1 < measured.points[2].1);
    let time = curves(&scaling(), Figure::Time);
    let measured = find(&time, THREADS);
    assert_eq!(measured.points[0], (1.0, 1e9));
    assert_eq!(most_workers(&scaling()), 8);
}
