//! The first law on real photos: the same bytes on every backend, for any number of workers and any
//! size of tile. By default a selection in which every two settings meet; all of it, on every photo,
//! with `PARALLAX_LONG_TESTS=1`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use parallax::backend::Backend;
use parallax::backend::cancel::Cancel;
use parallax::backend::processes::WorkerProgram;
use parallax::codecs::{Limits, Watch};
use parallax::recipe::{Catalogue, Recipe, set};
use parallax::studio::engines::{BackendChoice, Engines};
use parallax::studio::full_run::{FullRun, OutputChoice};
use parallax::studio::{BackendKind, Photo};
use parallax::telemetry::record::RunKind;

/// Two of the six look at their neighbourhood.
const SIX_EDITS: [&str; 6] = [
    "white-balance.temperature=12",
    "exposure.ev=0.35",
    "contrast.amount=18",
    "blur.radius=2.5",
    "sharpen.amount=70",
    "grain.amount=25",
];

const WORKERS: [usize; 4] = [1, 2, 3, 7];
const TILES: [u32; 3] = [64, 250, 1024];

/// Photos of the short run: of different sizes, neither side a multiple of a tile.
const N_SHORT: usize = 1;

/// One way to run a job.
#[derive(Debug, Clone, Copy)]
struct Way {
    kind: BackendKind,
    n_workers: usize,
    tile_px: u32,
}

fn every_way() -> Vec<Way> {
    let mut ways = Vec::new();
    for kind in BackendKind::ALL {
        for n_workers in WORKERS {
            for tile_px in TILES {
                ways.push(Way {
                    kind,
                    n_workers,
                    tile_px,
                });
            }
        }
    }
    ways
}

/// The fewest ways, found greedily, in which every pair of settings still meets.
fn pairs_of_settings(all: &[Way]) -> Vec<Way> {
    let pairs = |way: &Way| {
        let Way {
            kind,
            n_workers,
            tile_px,
        } = *way;
        [
            format!("{kind:?} {n_workers}"),
            format!("{kind:?} of {tile_px}"),
            format!("{n_workers} of {tile_px}"),
        ]
    };
    let mut missing: Vec<String> = all.iter().flat_map(pairs).collect();
    missing.sort();
    missing.dedup();
    let mut chosen = Vec::new();
    while !missing.is_empty() {
        let n_new = |way: &&Way| {
            pairs(way)
                .iter()
                .filter(|pair| missing.contains(pair))
                .count()
        };
        let Some(best) = all.iter().max_by_key(n_new).copied() else {
            break;
        };
        missing.retain(|pair| !pairs(&best).contains(pair));
        chosen.push(best);
    }
    chosen
}

fn is_long() -> bool {
    std::env::var_os("PARALLAX_LONG_TESTS").is_some_and(|value| value == "1")
}

/// Photos of the corpus, smallest file first; or a loud word and none.
fn photos() -> Vec<PathBuf> {
    let Some(folder) = support::corpus("photos") else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(folder).unwrap();
    let mut photos: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    photos.sort_by_key(|path| (path.metadata().unwrap().len(), path.clone()));
    if !is_long() {
        photos.truncate(N_SHORT);
    }
    photos
}

fn program() -> WorkerProgram {
    WorkerProgram {
        program: env!("CARGO_BIN_EXE_parallax").into(),
        args: ["worker", "--role", "compute"].map(Into::into).to_vec(),
    }
}

fn sha256_of(photo: &Photo, recipe: &Recipe, backend: &dyn Backend, tile_px: u32) -> String {
    let run = FullRun {
        photo,
        recipe,
        output: OutputChoice::default(),
        kind: RunKind::Full,
        tile_px: Some(tile_px),
        hashes_output: true,
        cancel: &Cancel::default(),
        listener: None,
    };
    run.run(backend).unwrap().run.record.output_sha256.unwrap()
}

#[test]
fn every_way_of_running_makes_the_same_bytes() {
    let recipe = set::from_flags(&SIX_EDITS, &Catalogue::default()).unwrap();
    let all = every_way();
    let ways = if is_long() {
        all
    } else {
        pairs_of_settings(&all)
    };
    for path in photos() {
        let photo = Photo::load_here(&path, &Limits::default(), &Watch::NONE).unwrap();
        let engines = Engines::new(program());
        let single = engines
            .get(BackendChoice::new(BackendKind::Single, 1))
            .unwrap();
        let expected = sha256_of(&photo, &recipe, &*single, 512);
        let mut in_order = ways.clone();
        // Ways of one pool after one another: a pool of processes is not started for each.
        in_order.sort_by_key(|way| (way.kind.id(), way.n_workers, way.tile_px));
        for way in in_order {
            let backend: Arc<dyn Backend> = engines
                .get(BackendChoice::new(way.kind, way.n_workers))
                .unwrap();
            let made = sha256_of(&photo, &recipe, &*backend, way.tile_px);
            assert_eq!(made, expected, "{} {way:?}", path.display());
        }
    }
}

/// A few real files, through the program itself.
#[test]
fn files_of_one_recipe_are_the_same_on_every_backend() {
    let Some(photo) = photos().into_iter().next() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut first: Option<Vec<u8>> = None;
    for (backend, workers, tile) in [
        ("single", "1", "1024"),
        ("threads", "3", "250"),
        ("processes", "2", "500"),
    ] {
        let target = folder.path().join(format!("{backend}.jpg"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_parallax"));
        command.arg("apply").arg(&photo).arg("-o").arg(&target);
        command.arg("--no-history");
        command.args(["--backend", backend, "--workers", workers, "--tile", tile]);
        for edit in SIX_EDITS {
            command.args(["--set", edit]);
        }
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let bytes = std::fs::read(&target).unwrap();
        match &first {
            Some(first) => assert!(*first == bytes, "{backend}"),
            None => first = Some(bytes),
        }
    }
}

#[test]
fn the_short_selection_has_every_pair_of_settings() {
    let all = every_way();
    let chosen = pairs_of_settings(&all);
    assert!(chosen.len() < all.len() / 2, "{}", chosen.len());
    for way in &all {
        assert!(
            chosen
                .iter()
                .any(|c| c.kind == way.kind && c.tile_px == way.tile_px)
        );
        assert!(
            chosen
                .iter()
                .any(|c| c.kind == way.kind && c.n_workers == way.n_workers)
        );
        assert!(
            chosen
                .iter()
                .any(|c| c.n_workers == way.n_workers && c.tile_px == way.tile_px)
        );
    }
}
