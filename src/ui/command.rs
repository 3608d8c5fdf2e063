//! Everything a person can ask the window for. Panels send commands; `dispatch` carries them out.
//!
//! A panel sees the session read-only, so what changes it can be found here and in `dispatch`.

use std::path::PathBuf;

use crate::recipe::action::BurstKey;
use crate::recipe::{EditId, Recipe};
use crate::studio::BackendChoice;
use crate::studio::run_history::LineKey;
use crate::studio::session::ExportWish;
use crate::studio::tour::{Guess, TourStep};
use crate::studio::view::View;

/// One wish.
#[derive(Debug, Clone)]
pub enum Command {
    /// Ask for a photo: the system's dialog, or a field for its path where there is none.
    ChoosePhoto,
    Open(PathBuf),
    OpenSample,
    Edit(EditCommand),
    SetView(View),
    Show(ShowCommand),
    SetBackend(BackendChoice),
    Run,
    Compare,
    /// A full run on threads, whatever backend is chosen.
    RunOnThreads,
    /// The last export once more, on threads.
    ExportOnThreads,
    /// Kill the worker process of this id, to see the work go on without it.
    KillWorker(u32),
    /// The open photo's job once on a single core, whatever backend is chosen: what speed-ups are
    /// measured against.
    MeasureSingle,
    /// Ask the desktop where an export shall go, beginning here; the export sheet takes the answer.
    ChooseTarget(PathBuf),
    Export(ExportWish),
    /// Ask the desktop for the file of an edit's parameter.
    ChooseFile(FileSlot),
    /// Read this file for an edit's parameter.
    LoadFile(FileSlot, PathBuf),
    /// The last export again, to the next free name.
    ExportAgain,
    Stop(JobSlot),
    /// Ask where the timing log shall go.
    ChooseLog,
    SaveLog(PathBuf),
    /// What the performance panel shows, as a PNG.
    SavePanel(PathBuf),
    /// Open a timing log for comparison.
    OpenLog(PathBuf),
    /// Make a run of the table again, as it was.
    RunAgain(LineKey),
    /// A name of the person's own for a run.
    NameRun(LineKey, String),
    /// The edit in hand at every number of workers.
    MeasureScaling,
    /// Ask where the lab's chart shall go.
    ChooseChart,
    SaveChart(PathBuf),
    RunTourStep(TourStep, Option<Guess>),
    RestartTour,
    /// Both sides of the edit on two backends once more.
    RunSides,
    /// Show a file in the system's file manager.
    Reveal(PathBuf),
    /// Save the recipe as a preset.
    SavePreset(String),
    /// Close the window.
    Quit,
}

/// The parameter a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileSlot {
    pub edit: EditId,
    pub param_idx: usize,
}

/// A change of the recipe. A panel makes the recipe after it; the history keeps the one before.
#[derive(Debug, Clone)]
pub enum EditCommand {
    /// One change at once: a typed value, a preset, a new edit, a switch.
    Step {
        after: Recipe,
        label: String,
    },
    /// A drag has come to this; the first one begins it.
    Drag {
        after: Recipe,
        label: String,
    },
    DragEnd,
    DragCancel,
    /// One of a burst of small steps: wheel, arrow keys.
    Nudge {
        key: BurstKey,
        after: Recipe,
        label: String,
    },
    Undo,
    Redo,
    /// To the state after this many entries of the history.
    Jump(usize),
}

/// What is on the screen, apart from the picture itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShowCommand {
    /// The unedited picture, while a key is held.
    Before(bool),
    ToggleWipe,
    ToggleClipping,
    ToggleCrop,
    /// All panels at once.
    TogglePanels,
    TogglePerformance,
    /// The edit on two backends, left and right of a wipe.
    ToggleSides,
    /// The performance panel into a window of its own, or back.
    DetachPerformance,
    /// In points.
    PerformanceHeight(u32),
    ToggleShortcuts,
    ToggleExport,
    ToggleTheme,
    NextSurround,
    ToggleFit,
    ZoomIn,
    ZoomOut,
    FocusFilterSearch,
    Dismiss,
}

/// Which of the jobs that go on side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobSlot {
    Opening,
    Running,
    Exporting,
}

/// Where panels put their commands; emptied once a frame.
#[derive(Debug, Default)]
pub struct Outbox(Vec<Command>);

impl Outbox {
    pub fn send(&mut self, command: Command) {
        self.0.push(command);
    }

    pub fn edit(&mut self, command: EditCommand) {
        self.send(Command::Edit(command));
    }

    pub fn show(&mut self, command: ShowCommand) {
        self.send(Command::Show(command));
    }

    /// Everything sent since the last call, oldest first.
    pub fn take(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.0)
    }
}
