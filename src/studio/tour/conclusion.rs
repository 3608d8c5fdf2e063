//! What a step's runs showed: the answer to its guess, and one sentence of their own figures.

use super::figures::{TourFigures, TourSoFar, counted, megabytes, seconds, times};
use super::step::TourStep;

/// Beyond so much a difference is one.
const MARGIN: f64 = 1.15;

/// Threads that reach this much of their number show what they can.
const WELL_SHARED: f64 = 0.75;

/// How a run compares with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guess {
    Faster,
    Same,
    Slower,
}

impl Guess {
    pub const ALL: [Self; 3] = [Self::Faster, Self::Same, Self::Slower];

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Faster => "faster",
            Self::Same => "the same",
            Self::Slower => "slower",
        }
    }

    /// By how many times as fast it was; within 15 % is the same.
    #[must_use]
    pub fn of_ratio(times_as_fast: f64) -> Self {
        if times_as_fast >= MARGIN {
            Self::Faster
        } else if times_as_fast <= 1.0 / MARGIN {
            Self::Slower
        } else {
            Self::Same
        }
    }
}

/// What to say after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    /// The right guess; `None` where nothing was there to compare with.
    pub answer: Option<Guess>,
    pub sentence: String,
    /// Whether the effect showed; else the sentence says what showed instead.
    pub did_show: bool,
}

/// What `runs` of a step showed, in the order of [`super::runs_of`]; `None` where runs are missing.
#[must_use]
pub fn conclude(step: TourStep, runs: &[TourFigures], before: &TourSoFar) -> Option<Conclusion> {
    match (step, runs) {
        (TourStep::OneWorker, [one]) => Some(one_worker(one, before)),
        (TourStep::Threads, [threads]) => Some(of_threads(threads, before)),
        (TourStep::Processes, [cold, warm, killed]) => {
            Some(of_processes(cold, warm, killed, before))
        }
        (TourStep::GlobalLock, [_, many]) => Some(of_lock(many, before)),
        (TourStep::WorkThatWaits, [one, many]) => Some(of_waits(one, many)),
        _ => None,
    }
}

fn one_worker(one: &TourFigures, before: &TourSoFar) -> Conclusion {
    let did = format!(
        "One worker did all {} tiles in {}",
        one.n_tiles,
        seconds(one.wall_ns)
    );
    let busy = one.computing_ns as f64 / one.wall_ns.max(1) as f64;
    let (sentence, did_show) = if before.n_cores <= 1 {
        (
            format!("{did}; this program may use one core only, so nobody else could have helped."),
            false,
        )
    } else if busy < 0.8 {
        let percent = busy * 100.0;
        (
            format!(
                "{did}, of which it computed for {percent:.0} %; the rest went into moving pixels and waiting."
            ),
            false,
        )
    } else {
        (format!("{did}; the other cores had nothing to do."), true)
    };
    Conclusion {
        answer: against_threads(one, before.threads.as_ref()),
        sentence,
        did_show,
    }
}

/// How one worker compares with all cores at work; `None` until those were measured.
#[must_use]
pub fn against_threads(one: &TourFigures, threads: Option<&TourFigures>) -> Option<Guess> {
    let threads = threads.filter(|threads| threads.n_workers > 1)?;
    Some(Guess::of_ratio(one.times_as_fast_as(threads)))
}

fn of_threads(threads: &TourFigures, before: &TourSoFar) -> Conclusion {
    let n = usize::from(threads.n_workers);
    let read = format!(
        "{} threads read the same pixels in memory, so nothing was copied: {}",
        counted(n),
        seconds(threads.wall_ns)
    );
    let Some(one) = &before.one_worker else {
        return Conclusion {
            answer: None,
            sentence: format!("{read}."),
            did_show: false,
        };
    };
    let ratio = threads.times_as_fast_as(one);
    let did_show = n > 1 && ratio >= WELL_SHARED * n as f64;
    let sentence = match before.ceiling {
        _ if n <= 1 => format!("{read}. With one core, one thread is all there is room for."),
        Some(ceiling) if !did_show => format!(
            "{read}, {} as fast, and this machine's ceiling is {ceiling:.1}: so much is all its cores \
             have to give.",
            times(ratio)
        ),
        _ if !did_show => format!(
            "{read}, {} as fast: other work wanted the cores, or they share their units.",
            times(ratio)
        ),
        _ => format!("{read}, {} as fast.", times(ratio)),
    };
    Conclusion {
        answer: Some(Guess::of_ratio(ratio)),
        sentence,
        did_show,
    }
}

fn of_processes(
    cold: &TourFigures,
    warm: &TourFigures,
    killed: &TourFigures,
    before: &TourSoFar,
) -> Conclusion {
    let reference = before.threads.as_ref().or(before.one_worker.as_ref());
    let is_right = match (&warm.output_sha256, &killed.output_sha256) {
        (Some(warm), Some(killed)) => warm == killed,
        _ => false,
    };
    let died = match (killed.n_faults, is_right) {
        (0, _) => "no process died this time, for the work was done before",
        (_, true) => "in return one died and the picture is still right",
        (_, false) => "one died, and THE PICTURE DIFFERS: please report this",
    };
    let start = match cold.spawn_ns {
        0 => String::new(),
        ns => format!(" and the cold start took {} more", seconds(ns)),
    };
    let travelled = megabytes(warm.bytes_moved);
    let took = seconds(warm.wall_ns);
    let ratio = reference.map(|threads| warm.times_as_fast_as(threads));
    let against = reference
        .map(|threads| seconds(threads.wall_ns))
        .unwrap_or_default();
    let is_slower = ratio.is_some_and(|ratio| ratio < 1.0);
    let sentence = if is_slower {
        format!(
            "Each process has its own memory, so {travelled} had to travel, {took} instead of \
             {against}{start}; {died}."
        )
    } else if reference.is_some() {
        format!(
            "Each process has its own memory, so {travelled} had to travel; that hid behind the \
             computing, {took} where threads took {against}{start}; {died}."
        )
    } else {
        format!(
            "Each process has its own memory, so {travelled} had to travel in {took}{start}; {died}."
        )
    };
    Conclusion {
        answer: ratio.map(Guess::of_ratio),
        sentence,
        did_show: is_slower && killed.n_faults > 0 && is_right,
    }
}

fn of_lock(many: &TourFigures, before: &TourSoFar) -> Conclusion {
    let n = usize::from(many.n_workers);
    let threads = match n {
        100 => "A hundred threads".to_owned(),
        n => format!("{} threads", counted(n)),
    };
    let took = seconds(many.wall_ns);
    let rule = format!("{threads}, one lock: only its holder may compute");
    let Some(one) = &before.one_worker else {
        return Conclusion {
            answer: None,
            sentence: format!("{rule}: {took}."),
            did_show: false,
        };
    };
    let ratio = many.times_as_fast_as(one);
    let alone = seconds(one.wall_ns);
    let answer = Guess::of_ratio(ratio);
    let sentence = match answer {
        Guess::Same => format!("{rule}, so it takes as long as one worker: {took} and {alone}."),
        Guess::Slower => format!(
            "{rule}, and handing the lock round costs time as well: {took}, where one worker took \
             {alone}."
        ),
        Guess::Faster => format!(
            "{rule}, yet it took {took} and the one worker {alone}: something else slowed the one \
             worker down; run both again."
        ),
    };
    Conclusion {
        answer: Some(answer),
        sentence,
        did_show: answer == Guess::Same,
    }
}

fn of_waits(one: &TourFigures, many: &TourFigures) -> Conclusion {
    let ratio = many.times_as_fast_as(one);
    let (took, alone) = (seconds(many.wall_ns), seconds(one.wall_ns));
    let rule = "Waiting lets the lock go, so threads overlap their waits, never their arithmetic";
    let did_show = Guess::of_ratio(ratio) == Guess::Faster;
    let sentence = if did_show {
        format!(
            "{rule}: {took} instead of {}.",
            alone.trim_end_matches(" s")
        )
    } else {
        let computing = seconds(many.computing_ns);
        format!(
            "{rule}: {took} and {alone}, for {computing} of it is arithmetic, which no thread overlaps."
        )
    };
    Conclusion {
        answer: Some(Guess::of_ratio(ratio)),
        sentence,
        did_show,
    }
}
