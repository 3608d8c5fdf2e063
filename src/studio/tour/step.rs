//! The five steps: what each says, asks and runs.

use crate::studio::engines::{BackendChoice, BackendKind, STORAGE_WAIT_MS};

/// Threads that share one lock, to show that a hundred are as one.
const MANY: usize = 100;

/// Where their number starts from.
const FEW: usize = 4;

/// One of the five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TourStep {
    OneWorker,
    Threads,
    Processes,
    GlobalLock,
    WorkThatWaits,
}

/// What a run of a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TourRun {
    /// Under its bar and its lanes.
    pub label: &'static str,
    pub choice: BackendChoice,
    /// Worker processes are started anew.
    pub is_cold: bool,
    /// A worker process is killed at work.
    pub loses_a_worker: bool,
}

/// The end card's answer, in the order of the switch.
pub const WHICH_TO_USE: [(&str, &str); 4] = [
    (
        "Single",
        "when other work wants the cores, and to measure the others by.",
    ),
    (
        "Threads",
        "for arithmetic on shared memory: nothing to copy, every core busy.",
    ),
    (
        "Processes",
        "when the code may crash, leak or must not be trusted: each has its own memory.",
    ),
    (
        "Global lock",
        "never by choice; where a language has one, threads help only while they wait.",
    ),
];

impl TourStep {
    pub const ALL: [Self; 5] = [
        Self::OneWorker,
        Self::Threads,
        Self::Processes,
        Self::GlobalLock,
        Self::WorkThatWaits,
    ];

    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OneWorker => "One worker",
            Self::Threads => "Threads",
            Self::Processes => "Processes",
            Self::GlobalLock => "A hundred threads, one lock",
            Self::WorkThatWaits => "The same lock, work that waits",
        }
    }

    /// What happens when its button is pressed.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::OneWorker => {
                "The photo is cut into tiles, and one worker computes them one after the other."
            }
            Self::Threads => {
                "As many threads as cores take tiles from one queue. They share one memory."
            }
            Self::Processes => {
                "Processes with memory of their own: started cold, then run warm, then one is killed at \
                 work. Every tile travels to its process and back."
            }
            Self::GlobalLock => {
                "First four threads, then a hundred, as CPython runs them: whoever computes must hold \
                 the one lock."
            }
            Self::WorkThatWaits => {
                "Now every tile first waits 20 ms, as for slow storage (simulated), and lets the lock go \
                 while it waits. Once with one worker, once with a hundred threads."
            }
        }
    }

    /// What to look at in the lanes.
    #[must_use]
    pub const fn look_at(self) -> &'static str {
        match self {
            Self::OneWorker => "One lane is full. The core lanes below add up to one.",
            Self::Threads => "Every lane is full, and nothing stands between the bars.",
            Self::Processes => {
                "The start block at the left, the slivers at each tile, the lane that ends and is reborn."
            }
            Self::GlobalLock => "At any moment one bar computes; all others wait for the lock.",
            Self::WorkThatWaits => "The waits lie on top of each other; the computing never does.",
        }
    }

    /// To be answered before the button is pressed: faster, the same, slower?
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::OneWorker => {
                "One worker, while the other cores have nothing to do: how does that compare with all cores at work?"
            }
            Self::Threads => "As many threads as cores: how will they compare with the one worker?",
            Self::Processes => {
                "Warm processes instead of threads: how will they compare with the threads?"
            }
            Self::GlobalLock => {
                "A hundred threads that share one lock: how will they compare with one worker?"
            }
            Self::WorkThatWaits => {
                "A hundred threads, one lock, and work that waits: how will they compare with one worker that waits?"
            }
        }
    }

    /// What the button says.
    #[must_use]
    pub const fn button(self) -> &'static str {
        match self {
            Self::OneWorker => "Run one worker",
            Self::Threads => "Run threads",
            Self::Processes => "Run processes, and kill one",
            Self::GlobalLock => "Run 4, then 100 threads on one lock",
            Self::WorkThatWaits => "Let the work wait",
        }
    }

    /// From 0.
    #[must_use]
    pub const fn idx(self) -> usize {
        self as usize
    }

    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self.idx() + 1).copied()
    }
}

/// The runs of a step, in their order; the last one that is whole is what the step is about.
#[must_use]
pub fn runs_of(step: TourStep, n_cores: usize) -> Vec<TourRun> {
    let run = |label, kind, n_workers| TourRun {
        label,
        choice: BackendChoice::new(kind, n_workers),
        is_cold: false,
        loses_a_worker: false,
    };
    let waits = |run: TourRun| TourRun {
        choice: run.choice.with_storage_wait_ms(STORAGE_WAIT_MS),
        ..run
    };
    let processes = |label| run(label, BackendKind::Processes, n_cores);
    match step {
        TourStep::OneWorker => vec![run("one worker", BackendKind::Single, 1)],
        TourStep::Threads => vec![run("threads", BackendKind::Threads, n_cores)],
        TourStep::Processes => vec![
            TourRun {
                is_cold: true,
                ..processes("processes, cold")
            },
            processes("processes, warm"),
            TourRun {
                loses_a_worker: true,
                ..processes("processes, one killed")
            },
        ],
        TourStep::GlobalLock => vec![
            run("one lock, 4 threads", BackendKind::GlobalLock, FEW),
            run("one lock, 100 threads", BackendKind::GlobalLock, MANY),
        ],
        TourStep::WorkThatWaits => vec![
            waits(run("work that waits, one worker", BackendKind::Single, 1)),
            waits(run(
                "work that waits, 100 threads",
                BackendKind::GlobalLock,
                MANY,
            )),
        ],
    }
}
