//! The guided tour: five steps, each preceded by a guess and ended by one sentence made of this run's
//! own figures, with another wording where the effect did not show.
//!
//! [`TourStep`] is what a step says and runs, [`conclude`] is what its runs showed; both are pure.
//! Running is the session's matter, on a copy of the edit in hand with the tour's load.

mod conclusion;
mod figures;
mod step;

#[cfg(test)]
mod tests;

pub use conclusion::{Conclusion, Guess, against_threads, conclude};
pub use figures::{TourFigures, TourSoFar};
pub use step::{TourRun, TourStep, WHICH_TO_USE, runs_of};
