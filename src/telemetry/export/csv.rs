//! The tables of `columns` as CSV: a header, then rows (RFC 4180, UTF-8, line feeds).

use std::io::{self, Write};

use super::columns::{Column, RUN_COLUMNS, RunRow, TILE_COLUMNS, Table, TileRow};
use crate::telemetry::log::Log;

pub(super) fn write_runs(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    let rows = log.runs.iter().map(|run| RunRow::new(log, run));
    write_rows(RUN_COLUMNS, rows, out)
}

pub(super) fn write_tiles(log: &Log, out: &mut dyn Write) -> io::Result<()> {
    let rows = log.runs.iter().flat_map(TileRow::all_of);
    write_rows(TILE_COLUMNS, rows, out)
}

fn write_rows<'a, T: Table>(
    columns: &[Column<T>],
    rows: impl Iterator<Item = T::Row<'a>>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(columns.iter().map(|column| column.name))?;
    for row in rows {
        csv.write_record(columns.iter().map(|column| (column.cell)(&row)))?;
    }
    csv.flush()
}
