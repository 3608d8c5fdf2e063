//! The figures of a bench as a table for people.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::report::{Report, ResultReport};

const HEADER: [&str; 10] = [
    "what",
    "backend",
    "workers",
    "min ms",
    "median ms",
    "MP/s",
    "speed-up",
    "efficiency",
    "of ceiling",
    "memory",
];

/// Lines about the table and under its header: suites have too many rows for more.
pub(super) const STYLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('═').junction('═'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

pub(super) fn text(report: &Report) -> String {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(HEADER);
    for result in &report.results {
        table.add_row(cells(result));
    }
    for column_idx in 2..HEADER.len() {
        if let Some(column) = table.column_mut(column_idx) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let photo = &report.photo;
    format!(
        "{} × {}, {:.1} megapixels · {}, {} cores, {}\n{table}\n{}\n",
        photo.width,
        photo.height,
        photo.megapixels,
        report.machine.cpu_model,
        report.machine.usable_cores,
        report.machine.simd_level,
        verdict(&report.results)
    )
}

fn cells(result: &ResultReport) -> [String; HEADER.len()] {
    let percent = |share| format!("{:.0} %", share * 100.0);
    [
        result.what.clone(),
        match &result.transport {
            Some(transport) => format!("{} ({transport})", result.contender),
            None => result.contender.to_owned(),
        },
        result.workers.to_string(),
        format!("{:.1}", result.min_ms),
        format!("{:.1}", result.median_ms),
        or_unknown(result.megapixels_per_s, |rate| format!("{rate:.1}")),
        or_unknown(result.speedup_vs_single, |speedup| format!("{speedup:.2}")),
        or_unknown(result.efficiency, percent),
        or_unknown(result.ceiling_share, percent),
        or_unknown(result.peak_rss_bytes, |bytes| {
            format!("{} MiB", bytes >> 20)
        }),
    ]
}

fn or_unknown<T>(value: Option<T>, format: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "n/a".to_owned(), format)
}

/// Whether everyone made the same bytes of each job.
fn verdict(results: &[ResultReport]) -> &'static str {
    let is_known = results.iter().all(|result| result.output_sha256.is_some());
    let differs = |result: &ResultReport| {
        let first = results.iter().find(|other| other.what == result.what);
        first.is_some_and(|first| first.output_sha256 != result.output_sha256)
    };
    if is_known && !results.iter().any(differs) {
        "all outputs of a job are identical"
    } else {
        "OUTPUTS DIFFER: please report this"
    }
}
