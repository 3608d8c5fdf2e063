//! Moving a card by its grip: where it would land, and the line that shows it.

use egui::{Rect, Stroke, Ui};

use crate::recipe::EditId;
use crate::ui::theme::Theme;

/// An edit's card as it lies on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct CardPlace {
    pub(super) id: EditId,
    pub(super) rect: Rect,
}

/// Before how many cards from the end of the list the pointer is: 0 above the first.
pub(super) fn gap_at(places: &[CardPlace], y: f32) -> usize {
    let above = places.iter().filter(|place| place.rect.center().y < y);
    above.count()
}

/// Where the card at `from_idx` stands after being dropped into this gap; `None` where it stays.
pub(super) fn landing_idx(from_idx: usize, gap: usize) -> Option<usize> {
    if gap == from_idx || gap == from_idx + 1 {
        None
    } else if gap > from_idx {
        Some(gap - 1)
    } else {
        Some(gap)
    }
}

/// The line in the gap, half way between the cards.
pub(super) fn drop_line(ui: &Ui, places: &[CardPlace], gap: usize) {
    let between = ui.spacing().item_spacing.y / 2.0;
    let above = gap.checked_sub(1).and_then(|idx| places.get(idx));
    let (rect, y) = match (above, places.get(gap)) {
        (Some(above), _) => (above.rect, above.rect.bottom() + between),
        (None, Some(below)) => (below.rect, below.rect.top() - between),
        (None, None) => return,
    };
    let stroke = Stroke::new(2.0, Theme::of(ui).accent);
    ui.painter().hline(rect.x_range(), y, stroke);
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;

    #[test]
    fn a_card_lands_where_the_line_is() {
        let places: Vec<CardPlace> = (0..3)
            .map(|idx| CardPlace {
                id: EditId(idx),
                rect: Rect::from_min_size(pos2(0.0, 40.0 * idx as f32), vec2(100.0, 34.0)),
            })
            .collect();
        assert_eq!(gap_at(&places, -5.0), 0);
        assert_eq!(gap_at(&places, 60.0), 2);
        assert_eq!(gap_at(&places, 500.0), 3);
        assert_eq!(landing_idx(0, 3), Some(2));
        assert_eq!(landing_idx(2, 0), Some(0));
        assert_eq!(landing_idx(1, 1), None);
        assert_eq!(landing_idx(1, 2), None);
    }
}
