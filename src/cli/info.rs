//! `parallax info`: what a photo's header says, and how the photo would be opened.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::exit::{self, Failure};
use super::options::LimitOptions;
use super::print::{print, print_json};
use crate::codecs::{Camera, PhotoInfo};

const EXAMPLES: &str = "\
Examples:
  parallax info photo.jpg
  parallax info photo.jpg --json | jq .width";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct InfoArgs {
    /// The photo to look at
    #[arg(value_name = "IN")]
    photo: PathBuf,

    /// Print JSON, for programs
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    limits: LimitOptions,
}

/// The form of `--json`.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    path: &'a str,
    format: String,
    /// Upright, as a person sees it.
    width: u32,
    height: u32,
    megapixels: f64,
    channels: String,
    bits: u8,
    orientation: u16,
    profile: Option<&'a str>,
    camera: &'a Camera,
    opening: String,
    opened_bits: u32,
    opened_profile: &'a str,
}

impl InfoArgs {
    pub(super) fn run(&self) -> Result<(), Failure> {
        let inspected = self
            .limits
            .decoder()
            .inspect(&self.photo, &self.limits.limits());
        let info = inspected.map_err(|error| exit::of_decoder(&error).about(&self.photo))?;
        if self.json {
            print_json(&self.report(&info))
        } else {
            print(&self.text(&info))
        }
    }

    fn report<'a>(&'a self, info: &'a PhotoInfo) -> Report<'a> {
        Report {
            version: 1,
            path: self.photo.to_str().unwrap_or_default(),
            format: info.format.to_string(),
            width: info.size.width,
            height: info.size.height,
            megapixels: info.size.megapixels(),
            channels: info.channels.to_string(),
            bits: info.bits,
            orientation: info.orientation,
            profile: info.profile.as_deref(),
            camera: &info.camera,
            opening: info.opening.to_string(),
            opened_bits: info.opening.depth.bits(),
            opened_profile: &info.opening.color,
        }
    }

    fn text(&self, info: &PhotoInfo) -> String {
        let PhotoInfo {
            format,
            size,
            channels,
            bits,
            orientation,
            profile,
            opening,
            camera,
        } = info;
        let name = self.photo.file_name().unwrap_or_default().to_string_lossy();
        let mut rows = vec![
            ("file", name.into_owned()),
            ("format", format!("{format}, {channels}, {bits} bit")),
            (
                "size",
                format!(
                    "{} × {}, {:.1} megapixels",
                    size.width,
                    size.height,
                    size.megapixels()
                ),
            ),
            (
                "profile",
                profile.clone().unwrap_or_else(|| "none".to_owned()),
            ),
            ("orientation", orientation_words(*orientation).to_owned()),
            ("opens", opening.to_string()),
        ];
        rows.extend(camera_rows(camera));
        rows.into_iter()
            .fold(String::new(), |mut text, (name, value)| {
                // Writing to a string cannot fail.
                let _infallible = writeln!(text, "{name:<12} {value}");
                text
            })
    }
}

/// What is done to lay the photo upright, by EXIF's number.
const fn orientation_words(orientation: u16) -> &'static str {
    match orientation {
        2 => "2: mirrored left to right",
        3 => "3: turned by half",
        4 => "4: mirrored top to bottom",
        5 => "5: mirrored and turned left",
        6 => "6: turned right",
        7 => "7: mirrored and turned right",
        8 => "8: turned left",
        _ => "1: upright",
    }
}

fn camera_rows(camera: &Camera) -> Vec<(&'static str, String)> {
    let Camera {
        make,
        model,
        lens,
        iso,
        focal_length_mm,
        f_number,
        exposure_s,
        taken,
    } = camera;
    let name: Vec<&str> = [make, model]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let exposure: Vec<String> = [
        exposure_s.map(shutter),
        f_number.map(|f| format!("f/{f}")),
        iso.map(|iso| format!("ISO {iso}")),
        focal_length_mm.map(|mm| format!("{mm} mm")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let rows = [
        ("camera", name.join(" ")),
        ("lens", lens.clone().unwrap_or_default()),
        ("exposure", exposure.join(", ")),
        ("taken", taken.clone().unwrap_or_default()),
    ];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// `1/250 s`, or `2.5 s` from a second on.
fn shutter(exposure_s: f64) -> String {
    if exposure_s < 1.0 {
        format!("1/{:.0} s", 1.0 / exposure_s)
    } else {
        format!("{exposure_s} s")
    }
}
