//! `parallax bench`: what is measured ([`suites`]), by whom ([`contenders`]), the command itself, and
//! the two forms of its figures: JSON for programs ([`report`]), a table for people.

mod command;
mod contenders;
mod memory;
mod overhead;
mod process_costs;
mod report;
mod scaling;
mod suites;
mod table;

pub(in crate::cli) use command::BenchArgs;
