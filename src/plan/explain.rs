//! A plan as text, for people who want to know what will be computed, and for tests.

use std::fmt::Write as _;

use crate::filters::registry;
use crate::filters::spec::ParamKind;
use crate::filters::value::Value;
use crate::pixels::geometry::Rect;

use super::cost::{self, PassCost};
use super::graph::{Call, Input, Op, Pass, PassOutput, Plan};

/// One line a pass and one a step.
#[must_use]
pub fn explain(plan: &Plan) -> String {
    let mut text = String::new();
    let source = &plan.source;
    line(
        &mut text,
        format_args!(
            "photo {} × {}, {:?} {} bit, {}",
            source.size.width,
            source.size.height,
            source.layout,
            source.depth.bits(),
            source.color.name
        ),
    );
    if plan.is_copy {
        line(&mut text, format_args!("samples are copied, not computed"));
    }
    for (pass_idx, pass) in plan.passes.iter().enumerate() {
        explain_pass(&mut text, plan, pass_idx, pass);
    }
    if let Some(estimate) = estimate(plan) {
        line(&mut text, format_args!("{estimate}"));
    }
    text
}

/// What one worker is expected to move and to compute again, by the model of [`cost`].
fn estimate(plan: &Plan) -> Option<String> {
    let whole = Rect::of(plan.output_size());
    let tile_px = cost::planned_tile_px(plan, whole, 1).ok()?;
    let costs = cost::of_plan(plan, whole, tile_px).ok()?;
    let mib = |bytes: f64| bytes / f64::from(1 << 20);
    let sum = |of: fn(&PassCost) -> f64| costs.iter().map(of).sum::<f64>();
    let repeated_px = sum(|cost| cost.repeated_px);
    let once_px = (sum(|cost| cost.step_px) - repeated_px).max(1.0);
    Some(format!(
        "estimate: tiles of {tile_px}, {:.1} MiB read, {:.1} MiB written, {:.1} % computed again",
        mib(sum(|cost| cost.read_bytes)),
        mib(sum(|cost| cost.written_bytes)),
        100.0 * repeated_px / once_px
    ))
}

fn explain_pass(text: &mut String, plan: &Plan, pass_idx: usize, pass: &Pass) {
    let input = match pass.input {
        None => "maps alone".to_owned(),
        Some(Input::Photo) => "photo".to_owned(),
        Some(Input::Pass(idx)) => format!("pass {idx}"),
    };
    let size = pass.output_size;
    let output = match pass.output {
        PassOutput::Picture => format!(
            "picture {} × {}, {:?} {} bit, {}{}",
            size.width,
            size.height,
            plan.output.layout,
            plan.output.depth.bits(),
            plan.output.color.name,
            if plan.output.dither { ", dithered" } else { "" }
        ),
        PassOutput::Planes { n_planes } => {
            let mib = size.area() as f64 * f64::from(n_planes) * 4.0 / f64::from(1 << 20);
            format!(
                "{n_planes} planes {} × {}, {mib:.1} MiB",
                size.width, size.height
            )
        }
    };
    line(text, format_args!("pass {pass_idx}: {input} → {output}"));
    for step in &pass.steps {
        let what = match &step.op {
            Op::Point(call) => format!("point   {}", explain_call(call)),
            Op::Area(call) => format!("area    {}", explain_call(call)),
            Op::Codes(call) => format!("codes   {}", explain_call(call)),
            Op::Guided {
                call, map, factor, ..
            } => {
                format!("guided  {} by pass {map}, 1/{factor}", explain_call(call))
            }
            Op::Gather { call, .. } => format!("gather  for {}", call.filter),
            Op::Stage {
                call, stage_idx, ..
            } => format!("stage   {stage_idx} of {}", call.filter),
            Op::Reduce { factor } => format!("reduce  to 1/{factor}"),
            Op::Warp(warp) => {
                let size = warp.output_size;
                let percent = 100.0 * warp.magnification();
                format!(
                    "warp    to {} × {}, {percent:.1} %",
                    size.width, size.height
                )
            }
            Op::Place(place) => {
                let rect = place.input_rect;
                format!(
                    "place   {} × {} at {}, {}{}",
                    rect.width,
                    rect.height,
                    rect.x,
                    rect.y,
                    if place.turn.is_none() { "" } else { ", turned" }
                )
            }
        };
        line(text, format_args!("  {what}"));
    }
}

fn explain_call(call: &Call) -> String {
    let mut text = call.filter.clone();
    if let Some(filter) = registry::find(&call.filter) {
        for (param, value) in filter.spec().params.iter().zip(call.values.as_slice()) {
            let value = match (value, &param.kind) {
                (Value::Choice(idx), ParamKind::Choice(choice)) => {
                    choice.options[usize::from(*idx)].id.to_owned()
                }
                (Value::Choice(idx), _) => idx.to_string(),
                (Value::Pixels(pixels), _) => format!("{pixels} px"),
                (Value::Number(number), _) => number.to_string(),
                (Value::Curve(curve), _) if curve.is_straight() => "straight".to_owned(),
                (Value::Curve(curve), _) => curve.to_string(),
                (Value::Asset(None), _) => "none".to_owned(),
                (Value::Asset(Some(asset)), _) => {
                    format!("{} ({:?})", asset.file_name(), asset.cube())
                }
            };
            append(&mut text, format_args!(" {}={value}", param.id));
        }
    }
    if call.opacity < 1.0 {
        append(&mut text, format_args!(" opacity={}", call.opacity));
    }
    text
}

fn line(text: &mut String, args: std::fmt::Arguments<'_>) {
    append(text, args);
    text.push('\n');
}

fn append(text: &mut String, args: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(args);
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}
