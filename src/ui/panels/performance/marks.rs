//! Which colour and shape stands for a backend or a phase of the log.

use crate::studio::BackendKind;
use crate::telemetry::event::Phase;
use crate::ui::theme::WELL;
use crate::ui::theme::mark::{BackendMark, PhaseMark};
use crate::ui::widgets::CoreInks;

pub(super) const fn of_kind(kind: BackendKind) -> BackendMark {
    match kind {
        BackendKind::Single => BackendMark::Single,
        BackendKind::Threads => BackendMark::Threads,
        BackendKind::Processes => BackendMark::Processes,
        BackendKind::GlobalLock => BackendMark::GlobalLock,
    }
}

/// By the name records use; `None` for a backend this Parallax does not have.
pub(super) fn of_name(backend: &str) -> Option<BackendMark> {
    BackendKind::from_id(backend).map(of_kind)
}

/// A tile that lies at its worker counts as waiting: the worker has not begun it.
pub(super) const fn of_phase(phase: Phase, backend: BackendMark) -> PhaseMark {
    match phase {
        Phase::Computing => PhaseMark::Computing(backend),
        Phase::Sending => PhaseMark::Sending,
        Phase::Receiving => PhaseMark::Receiving,
        Phase::Writing => PhaseMark::Writing,
        Phase::LockWait => PhaseMark::LockWait,
        Phase::SlowStorage => PhaseMark::SlowStorage,
        Phase::Waiting | Phase::Queued => PhaseMark::Waiting,
    }
}

/// What this program computes itself has the chosen backend's colour, what its worker processes do has
/// that of processes.
pub(super) fn core_inks(kind: BackendKind) -> CoreInks {
    let ours = match kind {
        BackendKind::Processes => WELL.luma,
        _ => of_kind(kind).color(),
    };
    CoreInks {
        ours,
        workers: BackendMark::Processes.color(),
    }
}
