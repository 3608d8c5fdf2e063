//! What other threads say to the session, and what the session says to the window.

use std::error::Error;
use std::path::PathBuf;

use crate::backend::BackendError;
use crate::telemetry::ids::RunId;
use crate::telemetry::log::Log;

use super::super::StudioError;
use super::super::compare::Compared;
use super::super::export::Exported;
use super::super::full_run::{Finished, Unfinished};
use super::super::lab::Scaling;
use super::super::preview::PreviewFrame;
use super::super::run_history::RunLine;
use super::super::side_by_side::SideBySide;
use super::super::tour::TourStep;
use super::jobs::JobId;
use super::opening::Opened;
use super::past::CannotOpenLog;
use super::tour::StepRuns;

/// Something the window should show.
#[derive(Debug)]
pub enum Update {
    /// A photo is open; `notes` tell what was done differently than its file asked.
    Opened {
        has_edits: bool,
        notes: Vec<String>,
    },
    /// The file of this name.
    OpenFailed {
        name: String,
        failure: Failure,
    },
    /// [`super::Session::preview`] has a newer picture.
    Preview,
    PreviewFailed(Failure),
    /// A full run is in the table.
    RunDone(RunId),
    RunFailed(Failure),
    /// Every backend is in the table; `identical` where all hashes are known.
    CompareDone {
        identical: Option<bool>,
    },
    Exported {
        path: PathBuf,
        n_bytes: u64,
        elapsed_ns: u64,
        notes: Vec<String>,
    },
    ExportFailed(Failure),
    AutosaveFailed(Failure),
    /// Runs of earlier days are in the history.
    HistoryLoaded,
    /// The runs of a log are in the history.
    LogOpened {
        name: String,
        n_runs: usize,
    },
    LogFailed {
        name: String,
        failure: Failure,
    },
    /// [`super::Session::scaling`] has new points.
    ScalingDone,
    ScalingFailed(Failure),
    /// [`super::Session::sides`] has the edit on two backends.
    SidesDone {
        is_identical: bool,
    },
    SidesFailed(Failure),
    /// [`super::Session::tour`] has what the step showed.
    TourStepDone(TourStep),
    TourFailed(Failure),
}

/// An error in words: what happened, why, in one sentence each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub what: String,
    /// The causes, outermost first, joined; empty where there are none.
    pub why: String,
    /// Worker processes were lost or would not start: the same work can be done on threads.
    pub is_pool_lost: bool,
}

impl Failure {
    #[must_use]
    pub fn of(error: &(dyn Error + 'static)) -> Self {
        let mut causes = Vec::new();
        let mut cause = error.source();
        while let Some(error) = cause {
            causes.push(error.to_string());
            cause = error.source();
        }
        Self {
            what: error.to_string(),
            why: causes.join(": "),
            is_pool_lost: matches!(
                error.downcast_ref(),
                Some(StudioError::Run(
                    BackendError::PoolLost { .. }
                        | BackendError::PoisonTile { .. }
                        | BackendError::Start { .. }
                ))
            ),
        }
    }
}

/// From a job's thread to the session.
pub(super) enum Message {
    Preview(Box<Result<PreviewFrame, StudioError>>),
    Opened(JobId, Box<Result<Opened, StudioError>>),
    Ran(JobId, Box<Result<Finished, Box<Unfinished>>>),
    Compared(JobId, Result<Vec<Compared>, StudioError>),
    Exported(JobId, Box<Result<Exported, Box<Unfinished>>>),
    Earlier(Vec<RunLine>),
    Log(String, Box<Result<Log, CannotOpenLog>>),
    Scaled(JobId, Box<Result<Scaling, StudioError>>),
    Sides(JobId, Box<Result<SideBySide, StudioError>>),
    Toured(JobId, Box<Result<StepRuns, StudioError>>),
}
