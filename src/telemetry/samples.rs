//! Small made-up measurements for this room's tests.

use super::event::{Phase, PhaseSpan, StepTime, TileRecord};
use super::ids::{EditId, PassIdx, RunId, TileIdx, WorkerIdx};
use super::machine::Machine;
use super::record::{FileName, PassRecord, PhotoFacts, RunRecord, StepLabel};
use crate::pixels::geometry::{Rect, Size};

pub(crate) const RUN: RunId = RunId(7);

/// A tile of run [`RUN`] that starts at 1000 · (tile + 1) ns: 100 ns sending, 300 computing, 50 receiving.
pub(crate) fn tile(tile_idx: u32, worker: u16) -> TileRecord {
    let start = 1000 * (u64::from(tile_idx) + 1);
    TileRecord {
        run: RUN,
        pass: PassIdx(0),
        tile: TileIdx(tile_idx),
        rect_in_frame: Rect::new(64 * tile_idx, 0, 64, 48),
        worker: WorkerIdx(worker),
        core: Some(u32::from(worker)),
        core_changed: false,
        phases: vec![
            PhaseSpan::new(Phase::Sending, start, start + 100),
            PhaseSpan::new(Phase::Computing, start + 100, start + 400),
            PhaseSpan::new(Phase::Receiving, start + 400, start + 450),
        ],
        cpu_ns: Some(290),
        steps: vec![
            StepTime {
                step_idx: 0,
                elapsed_ns: 120,
            },
            StepTime {
                step_idx: 1,
                elapsed_ns: 170,
            },
        ],
        bytes_in: 4096,
        bytes_out: 2048,
        attempt: 1,
    }
}

/// A done run of one job, whatever the backend.
pub(crate) fn run(backend: &str, n_workers: u16, wall_ns: u64) -> RunRecord {
    let step = |edit: u64, label: &str| StepLabel {
        edit: Some(EditId(edit)),
        label: label.to_owned(),
    };
    RunRecord {
        id: RUN,
        started_at: "2026-02-03T04:05:06.789Z".into(),
        started_ns: 1000,
        backend: backend.to_owned(),
        n_workers,
        tile_size: Size::new(64, 48),
        photo: PhotoFacts {
            file_name: FileName::from("löwe, \"zahn\".jpg".to_owned()),
            size: Size::new(640, 480),
            depth_bits: 8,
            profile: "sRGB".into(),
            sha256: "c0ffee".into(),
            sandbox: Some("full".into()),
        },
        recipe: "version = 1\n".into(),
        region_in_frame: Rect::new(0, 0, 640, 480),
        scale: 1.0 / 3.0,
        output: "memory".into(),
        job_key: "0a1b".into(),
        wall_ns,
        cpu_ns: Some(wall_ns / 2),
        n_tiles: 2,
        simd_level: "avx2".into(),
        passes: vec![PassRecord {
            pass: PassIdx(0),
            n_tiles: 2,
            wall_ns,
            steps: vec![step(3, "exposure"), step(4, "blur")],
        }],
        ..RunRecord::default()
    }
}

pub(crate) fn machine() -> Machine {
    Machine {
        cpu_model: "Test CPU".into(),
        physical_cores: Some(2),
        logical_cores: 4,
        usable_cores: 3,
        memory_bytes: Some(1 << 33),
        os: "Test OS 1".into(),
        kernel: None,
        simd_level: "avx2".into(),
        program_version: "0.1.0".into(),
    }
}
