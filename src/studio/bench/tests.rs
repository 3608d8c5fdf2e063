//! Ratios from known times, and every work done on a photo of a few pixels.

use std::path::Path;

use crate::backend::cancel::Cancel;
use crate::backend::processes::WorkerProgram;
use crate::codecs::{EncodeFormat, EncodeRequest, Limits, Metadata, Watch, encode};
use crate::pixels::geometry::Size;
use crate::pixels::image::{Depth, Layout};
use crate::pixels::patterns::busy;
use crate::recipe::{Catalogue, set};
use crate::studio::engines::{BackendChoice, Engines};
use crate::studio::full_run::hash_samples;
use crate::studio::{BackendKind, Photo};

use super::{Bench, Contender, Lap, Measured, Scene, Standing, Work};

fn lap(started_ns: u64, wall_ns: u64) -> Lap {
    Lap {
        started_ns,
        wall_ns,
        cpu_ns: Some(wall_ns),
        bytes_moved: 0,
    }
}

fn measured(contender: Contender, wall_ns: &[u64]) -> Measured {
    Measured {
        contender,
        transport: None,
        megapixels: 1.0,
        laps: wall_ns.iter().map(|wall_ns| lap(0, *wall_ns)).collect(),
        output_sha256: None,
        record: None,
    }
}

fn threads(n_workers: usize) -> Contender {
    Contender::Backend(BackendChoice::new(BackendKind::Threads, n_workers))
}

#[test]
fn medians_are_compared_and_not_single_runs() {
    let all = [
        measured(Contender::YARDSTICK, &[900, 100, 400]),
        measured(threads(2), &[50, 999, 200, 250]),
        measured(Contender::Ceiling { n_workers: 2 }, &[190, 180, 170]),
    ];
    let [single, two, _] = &all;
    assert_eq!(single.median().unwrap().wall_ns, 400);
    assert_eq!(two.median().unwrap().wall_ns, 200);
    assert_eq!(two.min_ns(), Some(50));
    let expected = Standing {
        speedup: Some(2.0),
        efficiency: Some(1.0),
        ceiling_share: Some(0.9),
    };
    assert_eq!(two.standing(&all), expected);
    assert_eq!(two.standing(&all[1..2]), Standing::default());
    assert_eq!(single.standing(&all).ceiling_share, None);
    assert_eq!(measured(Contender::YARDSTICK, &[]).median(), None);
}

#[test]
fn side_by_side_lasts_from_the_first_start_to_the_last_end() {
    let both = Lap::of_side_by_side(&[lap(100, 500), lap(140, 560)]);
    assert_eq!((both.started_ns, both.wall_ns), (100, 300));
    assert_eq!(both.cpu_ns, Some(530));
}

/// A photo of a few pixels as a file of its own.
fn photo(folder: &Path, depth: Depth) -> Photo {
    let path = folder.join("in.png");
    let image = busy(Size::new(70, 41), Layout::Rgb, depth);
    let request = EncodeRequest {
        format: EncodeFormat::Png,
        image: &image,
        metadata: &Metadata::default(),
        icc: None,
    };
    let mut file = std::fs::File::create(&path).unwrap();
    encode(&request, &mut file, &Watch::NONE).unwrap();
    Photo::load_here(&path, &Limits::default(), &Watch::NONE).unwrap()
}

fn run(photo: &Photo, work: &Work, contenders: &[Contender]) -> Vec<Measured> {
    let nobody = WorkerProgram {
        program: "no-such-program".into(),
        args: Vec::new(),
    };
    let bench = Bench {
        scene: Scene {
            photo,
            limits: &Limits::default(),
            decoder: None,
            tile_px: None,
            cancel: &Cancel::default(),
        },
        work,
        contenders,
        n_runs: 2,
        listener: None,
    };
    bench.run(&Engines::new(nobody), &|_| ()).unwrap()
}

#[test]
fn every_work_is_done_by_those_who_can_and_always_alike() {
    let folder = tempfile::tempdir().unwrap();
    let sets = ["exposure.ev=1".to_owned(), "blur.radius=2".to_owned()];
    let recipe = set::from_flags(&sets, &Catalogue::default()).unwrap();
    let all = [
        Contender::YARDSTICK,
        threads(2),
        Contender::Ceiling { n_workers: 1 },
        Contender::Ceiling { n_workers: 3 },
    ];
    for depth in [Depth::Eight, Depth::Sixteen] {
        let photo = photo(folder.path(), depth);
        for (work, n_able) in [
            (Work::Edit(recipe.clone()), 4),
            (Work::Copy, 3),
            (Work::Decode, 3),
            (Work::Encode(EncodeFormat::JPEG), 4),
        ] {
            let measured = run(&photo, &work, &all);
            assert_eq!(measured.len(), n_able, "{work:?}");
            for one in &measured {
                assert_eq!(one.laps.len(), 2, "{work:?}");
                assert!(one.laps.iter().all(|lap| lap.wall_ns > 0), "{work:?}");
                assert!(one.output_sha256.is_some(), "{work:?}");
                assert_eq!(one.output_sha256, measured[0].output_sha256, "{work:?}");
                assert!((one.megapixels - 0.00287).abs() < 1e-9, "{work:?}");
                let is_edit = matches!(work, Work::Edit(_));
                let is_backend = matches!(one.contender, Contender::Backend(_));
                let median_ns = one.median().map(|lap| lap.wall_ns);
                let recorded_ns = one.record.as_ref().map(|record| record.wall_ns);
                let is_alone = one.contender.n_workers() == 1 || is_backend;
                let expected_ns = median_ns.filter(|_| is_edit && is_alone);
                assert_eq!(recorded_ns, expected_ns, "{work:?} {:?}", one.contender);
            }
        }
    }
}

#[test]
fn a_copy_is_the_photo_and_nobody_may_be_able() {
    let folder = tempfile::tempdir().unwrap();
    let photo = photo(folder.path(), Depth::Eight);
    let copied = run(&photo, &Work::Copy, &[Contender::YARDSTICK]);
    let hash = hash_samples(&photo.image.samples);
    assert_eq!(copied[0].output_sha256, Some(hash));
    assert!(run(&photo, &Work::Copy, &[threads(2)]).is_empty());
}
