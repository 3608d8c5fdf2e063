//! `parallax filters`: the table of filters, read from the specs alone.

use std::fmt::Write as _;

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;

use super::exit::Failure;
use super::print::{print, print_json};
use crate::filters::curve_points::CurvePoints;
use crate::filters::registry::FILTERS;
use crate::filters::spec::{NumberSpec, ParamKind, ParamSpec, Spec};
use crate::filters::value::Value;
use crate::recipe::label::{format_value, plain};

const EXAMPLES: &str = "\
Examples:
  parallax filters
  parallax filters --json | jq -r '.filters[].id'";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct FiltersArgs {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,

    /// Print the README's table
    #[arg(long, hide = true, conflicts_with = "json")]
    markdown: bool,
}

/// The form of `--json`.
#[derive(Serialize)]
struct Report {
    version: u32,
    filters: Vec<FilterReport>,
}

#[derive(Serialize)]
struct FilterReport {
    id: &'static str,
    label: &'static str,
    summary: &'static str,
    group: &'static str,
    rank: u16,
    formula: u32,
    has_opacity: bool,
    parameters: Vec<ParamReport>,
}

#[derive(Serialize)]
struct ParamReport {
    id: &'static str,
    label: &'static str,
    #[serde(flatten)]
    kind: KindReport,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
enum KindReport {
    Number {
        min: f64,
        max: f64,
        step: f64,
        unit: &'static str,
        identity: Option<f64>,
        on_add: f64,
    },
    Choice {
        options: Vec<&'static str>,
        on_add: &'static str,
    },
    Curve {
        min_points: usize,
        max_points: usize,
        on_add: &'static [[f64; 2]],
    },
    File {
        endings: &'static [&'static str],
    },
}

impl FiltersArgs {
    pub(super) fn run(&self) -> Result<(), Failure> {
        if self.json {
            let filters = specs().map(FilterReport::of).collect();
            print_json(&Report {
                version: 1,
                filters,
            })
        } else if self.markdown {
            print(&markdown())
        } else {
            print(&table())
        }
    }
}

fn specs() -> impl Iterator<Item = &'static Spec> {
    FILTERS.iter().map(|filter| filter.spec())
}

impl FilterReport {
    fn of(spec: &'static Spec) -> Self {
        Self {
            id: spec.id,
            label: spec.label,
            summary: spec.summary,
            group: spec.group.label(),
            rank: spec.rank,
            formula: spec.formula,
            has_opacity: !spec.is_geometry(),
            parameters: spec.params.iter().map(ParamReport::of).collect(),
        }
    }
}

impl ParamReport {
    fn of(param: &'static ParamSpec) -> Self {
        let kind = match &param.kind {
            ParamKind::Number(number) => KindReport::Number {
                min: number.min,
                max: number.max,
                step: number.step,
                unit: number.unit.symbol(),
                identity: number.identity,
                on_add: number.on_add,
            },
            ParamKind::Choice(choice) => KindReport::Choice {
                options: choice.options.iter().map(|option| option.id).collect(),
                on_add: choice.options[usize::from(choice.on_add)].id,
            },
            ParamKind::Curve(curve) => KindReport::Curve {
                min_points: 2,
                max_points: CurvePoints::MAX_POINTS,
                on_add: curve.on_add,
            },
            ParamKind::Asset(asset) => KindReport::File {
                endings: asset.endings,
            },
        };
        Self {
            id: param.id,
            label: param.label,
            kind,
        }
    }
}

/// A parameter's cells: range, identity, start.
fn cells(param: &ParamSpec) -> [String; 3] {
    match &param.kind {
        ParamKind::Number(number) => {
            let identity = number.identity.map(|value| format_value(number, value));
            [
                range(number),
                identity.unwrap_or_else(|| "–".to_owned()),
                format_value(number, number.on_add),
            ]
        }
        ParamKind::Choice(choice) => {
            let ids: Vec<&str> = choice.options.iter().map(|option| option.id).collect();
            let start = ids[usize::from(choice.on_add)].to_owned();
            [ids.join(" | "), "–".to_owned(), start]
        }
        ParamKind::Curve(_) => {
            let range = format!("2 to {} points x,y;x,y", CurvePoints::MAX_POINTS);
            let start = match param.on_add() {
                Value::Curve(curve) if !curve.is_straight() => curve.to_string(),
                _ => "straight".to_owned(),
            };
            [range, "straight".to_owned(), start]
        }
        ParamKind::Asset(asset) => [asset.what.to_owned(), "none".to_owned(), "none".to_owned()],
    }
}

fn range(number: &NumberSpec) -> String {
    let range = format!("{} … {}", plain(number.min), plain(number.max));
    number.unit.behind(&range)
}

fn table() -> String {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header([
            "filter",
            "parameter",
            "range",
            "does nothing at",
            "starts with",
        ]);
    for spec in specs() {
        if spec.params.is_empty() {
            table.add_row([spec.id, "–", "–", "–", "–"]);
        }
        for param in spec.params {
            let [range, identity, start] = cells(param);
            table.add_row([
                spec.id.to_owned(),
                param.id.to_owned(),
                range,
                identity,
                start,
            ]);
        }
    }
    let mut text = format!("{table}\n\n");
    for spec in specs() {
        let opacity = if spec.is_geometry() {
            " (has no opacity)"
        } else {
            ""
        };
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "{:<16} {}{opacity}", spec.id, spec.summary);
    }
    text.push_str("\nSet them with --set FILTER.PARAMETER=VALUE; opacity goes from 0 to 1.\n");
    text
}

fn markdown() -> String {
    let mut text = "| filter | what it does | parameters |\n|---|---|---|\n".to_owned();
    for spec in specs() {
        let params = match spec.params {
            [] => "–".to_owned(),
            params => in_words(params),
        };
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "| `{}` | {} | {params} |", spec.id, spec.summary);
    }
    text
}

/// Each parameter with its range; neighbours with the same range share it.
fn in_words(params: &'static [ParamSpec]) -> String {
    let range = |param: &ParamSpec| cells(param)[0].replace('|', "\\|");
    let groups = params.chunk_by(|one, other| range(one) == range(other));
    let words: Vec<String> = groups
        .map(|group| {
            let ids: Vec<String> = group
                .iter()
                .map(|param| format!("`{}`", param.id))
                .collect();
            format!("{} {}", ids.join(", "), range(&group[0]))
        })
        .collect();
    words.join("; ")
}
