//! Turns compose, rectangles map, tiles cover.

use super::*;

fn all_turns() -> impl Iterator<Item = Turn> {
    (0..8).map(|bits| Turn::new(bits & 1 != 0, bits & 2 != 0, bits & 4 != 0))
}

#[test]
fn two_turns_in_a_row_are_the_composed_turn() {
    let input = Size::new(5, 3);
    for first in all_turns() {
        for second in all_turns() {
            let both = first.then(second);
            let middle = first.output_size(input);
            let output = second.output_size(middle);
            assert_eq!(output, both.output_size(input));
            for y in 0..output.height {
                for x in 0..output.width {
                    let (mx, my) = second.input_pixel(x, y, output);
                    assert_eq!(
                        first.input_pixel(mx, my, middle),
                        both.input_pixel(x, y, output)
                    );
                }
            }
        }
    }
}

#[test]
fn the_input_rect_holds_exactly_the_input_pixels() {
    let output = Size::new(7, 9);
    let rect = Rect::new(1, 2, 3, 4);
    for turn in all_turns() {
        let mut bounds: Option<(u32, u32, u32, u32)> = None;
        for y in rect.y..rect.bottom() {
            for x in rect.x..rect.right() {
                let (ix, iy) = turn.input_pixel(x, y, output);
                let (l, t, r, b) = bounds.unwrap_or((ix, iy, ix, iy));
                bounds = Some((l.min(ix), t.min(iy), r.max(ix), b.max(iy)));
            }
        }
        let (l, t, r, b) = bounds.unwrap();
        let expected = Rect::from_corners(l, t, r + 1, b + 1);
        assert_eq!(turn.input_rect(rect, output), expected);
    }
}

#[test]
fn four_quarters_are_no_turn() {
    let once = Turn::quarters(1);
    assert_eq!(once.then(once), Turn::quarters(2));
    assert_eq!(once.then(once).then(once), Turn::quarters(-1));
    assert!(Turn::quarters(4).is_none());
    // A quarter clockwise brings the lower left corner to the upper left.
    assert_eq!(once.input_pixel(0, 0, Size::new(2, 3)), (0, 1));
}

#[test]
fn tiles_cover_a_frame_once() {
    for (width, height, tile) in [(1, 1, 64), (130, 65, 64), (64, 1, 7), (5, 300, 256)] {
        let frame = Size::new(width, height);
        let tiles = tiles_of(frame, Size::new(tile, tile));
        assert_eq!(tiles.iter().map(|t| t.area()).sum::<u64>(), frame.area());
        for (i, a) in tiles.iter().enumerate() {
            assert!(tiles[i + 1..].iter().all(|b| a.intersect(*b).is_empty()));
        }
    }
}
