//! Every text on its surface can be read, and backends stay apart for colour-blind eyes.

use egui::Color32;

use super::mark::BackendMark;
use super::{Surround, Theme, WELL};

fn to_linear(channel: u8) -> f64 {
    let encoded = f64::from(channel) / 255.0;
    if encoded <= 0.04045 {
        encoded / 12.92
    } else {
        ((encoded + 0.055) / 1.055).powf(2.4)
    }
}

fn linear(color: Color32) -> [f64; 3] {
    [color.r(), color.g(), color.b()].map(to_linear)
}

/// WCAG 2.1 relative luminance.
fn luminance(color: Color32) -> f64 {
    let [r, g, b] = linear(color);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: Color32, other: Color32) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

#[track_caller]
fn check(ink: (&str, Color32), ground: (&str, Color32), least: f64) {
    let ratio = contrast(ink.1, ground.1);
    assert!(
        ratio >= least,
        "{} on {}: {ratio:.2} : 1, at least {least} is needed",
        ink.0,
        ground.0
    );
}

#[test]
fn what_informs_can_be_read_on_its_surface() {
    for theme in [Theme::dark(), Theme::light()] {
        let quiet_grounds = [
            ("panel", theme.panel),
            ("card", theme.card),
            ("field", theme.field),
        ];
        let control_grounds = [("control", theme.control), ("hover", theme.hover)];
        let pressed = [("pressed", theme.pressed)];
        for ground in quiet_grounds {
            check(("faint", theme.faint), ground, 4.5);
            check(("off", theme.off), ground, 3.0);
            check(("ok", theme.ok), ground, 4.5);
            check(("warning", theme.warning), ground, 4.5);
            check(("error", theme.error), ground, 4.5);
        }
        for ground in control_grounds {
            check(("faint on control", theme.faint_on_control), ground, 4.5);
            check(("off on control", theme.off_on_control), ground, 3.0);
        }
        for ground in quiet_grounds
            .into_iter()
            .chain(control_grounds)
            .chain(pressed)
        {
            check(("text", theme.text), ground, 4.5);
            check(("soft", theme.soft), ground, 4.5);
        }
        for (name, accent) in [
            ("accent", theme.accent),
            ("accent hover", theme.accent_hover),
            ("accent pressed", theme.accent_pressed),
        ] {
            check(("on accent", theme.on_accent), (name, accent), 4.5);
        }
        check(("text", theme.text), ("selection", theme.selection), 4.5);
    }
}

#[test]
fn the_focus_ring_and_knobs_stand_out() {
    for theme in [Theme::dark(), Theme::light()] {
        for ground in [
            ("panel", theme.panel),
            ("card", theme.card),
            ("control", theme.control),
        ] {
            check(("focus", theme.focus), ground, 3.0);
            check(("knob", theme.knob), ground, 3.0);
            check(("accent", theme.accent), ground, 3.0);
        }
    }
}

#[test]
fn instruments_and_surrounds_can_be_read() {
    let ground = ("well", WELL.ground);
    for ink in [
        ("text", WELL.text),
        ("soft", WELL.soft),
        ("faint", WELL.faint),
    ] {
        check(ink, ground, 4.5);
    }
    for backend in BackendMark::ALL {
        check(("backend", backend.color()), ground, 3.0);
    }
    for surround in Surround::ALL {
        check(
            ("text", surround.text()),
            (surround.label(), surround.color()),
            4.5,
        );
    }
}

#[test]
fn greys_have_no_tint() {
    for theme in [Theme::dark(), Theme::light()] {
        for color in [
            theme.panel,
            theme.card,
            theme.control,
            theme.text,
            theme.soft,
            theme.faint,
        ] {
            assert!(
                color.r() == color.g() && color.g() == color.b(),
                "{color:?}"
            );
        }
    }
}

/// Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
const DEFICIENCIES: [(&str, [[f64; 3]; 3]); 4] = [
    ("none", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

fn seen(color: Color32, matrix: &[[f64; 3]; 3]) -> [f64; 3] {
    let rgb = linear(color);
    matrix.map(|row| (row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2]).clamp(0.0, 1.0))
}

/// CIE L*a*b* for D65.
fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let curve = |t: f64| {
        if t > 216.0 / 24389.0 {
            t.cbrt()
        } else {
            (24389.0 / 27.0 * t + 16.0) / 116.0
        }
    };
    let x = curve((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
    let y = curve(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
    let z = curve((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIE76 is coarse, so the threshold is far above the 2.3 of a just noticeable difference.
const LEAST_DELTA_E: f64 = 20.0;

#[test]
fn backends_stay_apart_for_colour_blind_eyes() {
    for (name, matrix) in &DEFICIENCIES {
        for (idx, one) in BackendMark::ALL.iter().enumerate() {
            for other in &BackendMark::ALL[idx + 1..] {
                let (a, b) = (
                    lab(seen(one.color(), matrix)),
                    lab(seen(other.color(), matrix)),
                );
                let square: f64 = a.iter().zip(&b).map(|(a, b)| (a - b) * (a - b)).sum();
                let delta_e = square.sqrt();
                assert!(
                    delta_e >= LEAST_DELTA_E,
                    "{one:?} and {other:?} with {name}: ΔE {delta_e:.1}"
                );
            }
        }
    }
}

#[test]
fn fonts_hold_every_sign_the_window_writes() {
    let ctx = egui::Context::default();
    Theme::apply(&ctx, super::ThemeChoice::Dark);
    ctx.run_ui(egui::RawInput::default(), |ui| {
        for font_id in [
            super::font::body(),
            super::font::title(),
            super::font::name(),
        ] {
            ui.fonts_mut(|fonts| {
                for sign in "−×·…°→↑↓←⌘⇧⌥±–—ƒ%√≈✓".chars() {
                    assert!(fonts.has_glyph(&font_id, sign), "{sign} in {font_id:?}");
                }
                let widths: Vec<f32> = ('0'..='9')
                    .map(|digit| fonts.glyph_width(&font_id, digit))
                    .collect();
                assert!(
                    widths.iter().all(|width| *width == widths[0]),
                    "tabular digits: {widths:?}"
                );
            });
        }
    })
    .drop_without_applying_deltas();
}
