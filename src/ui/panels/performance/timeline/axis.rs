//! The time below the lanes: round figures, never crowded, at every zoom.

use egui::{Rangef, Rect, Stroke, Ui, pos2, vec2};

use crate::ui::panels::figures;
use crate::ui::theme::{Theme, font};
use crate::ui::widgets::text;

use super::paint::Place;

pub(super) const HEIGHT: f32 = 20.0;
const TICK_EVERY: f32 = 84.0;

/// Below `place`, over its width.
pub(super) fn axis_ui(ui: &Ui, row: Rect, place: &Place) {
    let theme = Theme::of(ui);
    let span = place.span;
    let n_most = (place.rect.width() / TICK_EVERY).max(1.0) as u64;
    let step_ns = tick_step_ns(span.length as u64, n_most);
    let first = (span.start / step_ns as f64).ceil() as u64;
    let line = Stroke::new(1.0, theme.line_inner);
    let mut at_ns = first * step_ns;
    while at_ns as f64 <= span.end_ns() {
        let x = place.x_at(at_ns as f64);
        ui.painter()
            .vline(x, Rangef::new(row.top(), row.top() + 3.0), line);
        let middle = x.clamp(row.left() + 24.0, row.right() - 24.0);
        let words =
            Rect::from_center_size(pos2(middle, row.center().y + 2.0), vec2(TICK_EVERY, HEIGHT));
        let label = tick_label(at_ns, step_ns);
        text::center(ui, words, &label, font::caption(), theme.faint);
        at_ns += step_ns;
    }
}

/// As exact as the ticks are close.
fn tick_label(at_ns: u64, step_ns: u64) -> String {
    if at_ns == 0 {
        return "0".to_owned();
    }
    let (unit, name) = match step_ns {
        0..1_000_000 if at_ns < 1_000_000 => (1e3, "µs"),
        0..1_000_000_000 if at_ns < 10_000_000_000 => (1e6, "ms"),
        _ => (1e9, "s"),
    };
    let step = step_ns as f64 / unit;
    let n_digits = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{:.n_digits$} {name}", at_ns as f64 / unit)
}

/// How long a stretch is, in words: of the whole run, or of what is shown of it.
pub(super) fn span_words(place: &Place) -> String {
    let length = figures::duration(place.span.length as u64);
    if place.span.is_whole() {
        format!("the whole run, {length}")
    } else {
        let from = figures::duration(place.span.start as u64);
        format!("{length} from {from}")
    }
}

/// 1, 2 or 5 times a power of ten, so that at most `n_most` ticks fit.
fn tick_step_ns(duration_ns: u64, n_most: u64) -> u64 {
    let least = duration_ns / n_most.max(1);
    let mut decade = 1;
    loop {
        for factor in [1, 2, 5] {
            if decade * factor > least {
                return decade * factor;
            }
        }
        decade *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_never_crowd() {
        assert_eq!(tick_step_ns(268_000_000, 6), 50_000_000);
        assert_eq!(tick_step_ns(9_000_000, 4), 5_000_000);
        assert_eq!(tick_step_ns(0, 5), 1);
        for duration_ns in [1, 999, 123_456_789, 98_765_432_100] {
            assert!(duration_ns / tick_step_ns(duration_ns, 7) <= 7);
        }
    }

    #[test]
    fn labels_tell_neighbouring_ticks_apart() {
        assert_eq!(tick_label(50_000_000, 50_000_000), "50 ms");
        assert_eq!(tick_label(1_250_000_000, 50_000_000), "1250 ms");
        assert_eq!(tick_label(2_000_000_000, 1_000_000_000), "2 s");
        assert_eq!(tick_label(123_456_000, 2_000), "123.456 ms");
        assert_eq!(tick_label(20_000, 5_000), "20 µs");
    }
}
