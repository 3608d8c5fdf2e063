//! What the camera wrote about the exposure, in one line under the histogram; a dash for what it did
//! not write, and a word where it wrote nothing.

use egui::{Align2, Role, Sense, Ui, WidgetInfo, vec2};

use crate::ui::theme::{Theme, font};
use crate::ui::widgets::text;

/// Sensitivity, focal length, aperture and exposure time, in words; empty where not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CameraFacts([String; 4]);

impl CameraFacts {
    /// From ISO, millimetres, f-number and seconds.
    #[must_use]
    pub fn new(
        iso: Option<u32>,
        focal_length_mm: Option<f64>,
        f_number: Option<f64>,
        exposure_s: Option<f64>,
    ) -> Self {
        let positive = |value: Option<f64>| value.filter(|value| *value > 0.0);
        Self([
            iso.map_or_else(String::new, |iso| format!("ISO {iso}")),
            positive(focal_length_mm).map_or_else(String::new, |mm| format!("{} mm", short(mm))),
            positive(f_number).map_or_else(String::new, |number| format!("ƒ/{}", short(number))),
            positive(exposure_s).map_or_else(String::new, exposure),
        ])
    }
}

/// One digit behind the point where it says something.
fn short(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    tenths.to_string()
}

/// `1/640 s`, `0.5 s`, `30 s`.
fn exposure(seconds: f64) -> String {
    if seconds < 0.3 {
        format!("1/{:.0} s", 1.0 / seconds)
    } else {
        format!("{} s", short(seconds))
    }
}

pub(super) fn camera_line(ui: &mut Ui, facts: &CameraFacts) {
    const HEIGHT: f32 = 18.0;
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    if facts.0.iter().all(String::is_empty) {
        let words = "No camera data";
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        text::left(
            ui,
            rect.shrink2(vec2(2.0, 0.0)),
            words,
            font::caption(),
            theme.faint,
        );
        return;
    }
    let shown = |fact: &String| {
        if fact.is_empty() {
            "–".to_owned()
        } else {
            fact.clone()
        }
    };
    let words = facts.0.each_ref().map(shown);
    response.widget_info(|| {
        let spoken = format!("Camera: {}", words.join(", "));
        WidgetInfo::labeled(Role::Label, true, spoken)
    });
    let aligns = [
        Align2::LEFT_CENTER,
        Align2::CENTER_CENTER,
        Align2::CENTER_CENTER,
        Align2::RIGHT_CENTER,
    ];
    let inside = rect.shrink2(vec2(2.0, 0.0));
    for (idx, (word, align)) in words.iter().zip(aligns).enumerate() {
        let share = idx as f32 / 3.0;
        let middle = inside.left() + inside.width() * share;
        let column = egui::Rect::from_center_size(
            egui::pos2(middle, inside.center().y),
            vec2(inside.width() / 2.0, HEIGHT),
        )
        .intersect(inside);
        let write = match align {
            Align2::LEFT_CENTER => text::left,
            Align2::RIGHT_CENTER => text::right,
            _ => text::center,
        };
        write(ui, column, word, font::caption(), theme.faint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exposures_read_as_photographers_write_them() {
        let facts = CameraFacts::new(Some(100), Some(50.0), Some(2.8), Some(1.0 / 640.0));
        assert_eq!(facts.0, ["ISO 100", "50 mm", "ƒ/2.8", "1/640 s"]);
        let facts = CameraFacts::new(None, Some(4.25), Some(0.0), Some(0.5));
        assert_eq!(facts.0, ["", "4.3 mm", "", "0.5 s"]);
    }
}
