//! The guided tour: five steps, a guess before each, one sentence of the run's own figures after it, and
//! a card at the end. What is said and run comes from the studio; `view` leads through it, `end_card`
//! sums it up.

mod end_card;
mod view;

pub(super) use view::{BelowStep, TourState, tour_ui};
