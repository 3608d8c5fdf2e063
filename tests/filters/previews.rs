//! A preview against the export reduced to its size: how far a person sees them apart.
//!
//! The differences stand in a table of `src/filters/README.md`, which this test holds to what it
//! measures; `UPDATE_README=1` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use parallax::filters::spec::Spec;
use parallax::pixels::image::{Depth, Image, Samples};
use parallax::recipe::Recipe;

use super::{PHOTO, filters, reduced, rendered};

const BEGIN: &str = "<!-- previews: begin -->\n";
const END: &str = "<!-- previews: end -->";

/// Mean difference a filter may show that does not say "judge at 100 %". Geometry is left out: in a
/// preview it lies up to half a pixel aside, which at an eighth of a small photo is four pixels.
const MAX_MEAN: f64 = 1.25;

/// CIE 1976 colour differences of all pixels: mean and 95th percentile.
#[derive(Debug, Clone, Copy)]
struct Difference {
    mean: f64,
    p95: f64,
}

fn difference(a: &Image, b: &Image) -> Difference {
    let (Samples::U16(a), Samples::U16(b)) = (&a.samples, &b.samples) else {
        unreachable!("sixteen bits were asked for")
    };
    let pixels = a.chunks_exact(3).zip(b.chunks_exact(3));
    let mut differences: Vec<f64> = pixels
        .map(|(a, b)| {
            let (a, b) = (lab(a), lab(b));
            (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
        })
        .collect();
    differences.sort_by(f64::total_cmp);
    Difference {
        mean: differences.iter().sum::<f64>() / differences.len() as f64,
        p95: differences[differences.len() * 95 / 100],
    }
}

/// CIE L*a*b* under D65 of an sRGB pixel.
fn lab(pixel: &[u16]) -> [f64; 3] {
    let linear = |code: u16| {
        let v = f64::from(code) / 65535.0;
        if v <= 0.04045 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    let [r, g, b] = [linear(pixel[0]), linear(pixel[1]), linear(pixel[2])];
    let xyz = [
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.072175 * b,
        (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883,
    ];
    let f = |t: f64| {
        if t > 0.008856 {
            t.cbrt()
        } else {
            7.787 * t + 16.0 / 116.0
        }
    };
    let [x, y, z] = xyz.map(f);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Of the previews at ½, ¼ and ⅛.
fn differences(recipe: &Recipe) -> [Difference; 3] {
    let full = rendered(&PHOTO, PHOTO.size, 1.0, recipe, Depth::Sixteen);
    [0.5, 0.25, 0.125].map(|scale| {
        let photo = reduced(&PHOTO, PHOTO.size.scaled(scale));
        let preview = rendered(&photo, PHOTO.size, scale, recipe, Depth::Sixteen);
        difference(&preview, &reduced(&full, preview.size))
    })
}

fn row(text: &mut String, spec: &Spec, differences: &[Difference; 3]) {
    let [half, quarter, eighth] = differences.map(|d| format!("{:.2} / {:.2}", d.mean, d.p95));
    let judged = if spec.judge_at_full { "yes" } else { "" };
    writeln!(
        text,
        "| `{}` | {half} | {quarter} | {eighth} | {judged} |",
        spec.id
    )
    .unwrap();
}

#[test]
fn previews_show_what_exports_will() {
    let mut table =
        "| filter | 1/2 | 1/4 | 1/8 | judge at 100 % |\n|---|---|---|---|---|\n".to_owned();
    let mut wrong = Vec::new();
    for (spec, recipe) in filters() {
        let differences = differences(&recipe);
        row(&mut table, spec, &differences);
        let worst = differences.iter().map(|d| d.mean).fold(0.0, f64::max);
        if worst > MAX_MEAN && !spec.judge_at_full && !spec.is_geometry() {
            wrong.push(format!(
                "{} differs by {worst:.2} and does not say so",
                spec.id
            ));
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/filters/README.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (kept, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&file, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(kept, table, "UPDATE_README=1 writes the table anew");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
