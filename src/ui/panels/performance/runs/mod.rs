//! The runs as tables: a short one beside the lanes, the whole one in a tab of its own, where runs are
//! sorted, found, named, run again and compared two by two.
//!
//! `columns` turns runs into cells; the others draw.

mod columns;
mod compact;
mod compare;
mod grid;
mod tab;

pub(super) use compact::{runs_ui, table_width};
pub(super) use tab::{RunsState, runs_tab_ui};

#[cfg(test)]
mod tests;
