//! The chart's parts against what is known without them, and both forms whole.

use super::axis::Axis;
use super::glyphs::outlines;
use super::raster::Raster;
use super::shape::Anchor;
use super::{png, svg};
use crate::studio::lab::tests::scaling;

#[test]
fn axes_end_on_round_numbers() {
    for (most, end, step) in [
        (7.0, 8.0, 2.0),
        (100.0, 100.0, 20.0),
        (0.31, 0.4, 0.1),
        (1234.0, 1500.0, 500.0),
    ] {
        let axis = Axis::holding(most);
        assert!(
            (axis.end - end).abs() < 1e-9 && (axis.step - step).abs() < 1e-9,
            "{most}: {axis:?}"
        );
    }
    let axis = Axis::holding(0.31);
    let labels: Vec<String> = axis.ticks().map(|value| axis.label(value)).collect();
    assert_eq!(labels, ["0.0", "0.1", "0.2", "0.3", "0.4"]);
    assert_eq!(Axis::holding(f64::NAN), Axis::holding(1.0));
}

#[test]
fn filled_pixels_are_covered_by_their_share() {
    let mut raster = Raster::new(6, 4);
    let square = vec![[1.5, 1.0], [4.0, 1.0], [4.0, 2.5], [1.5, 2.5]];
    raster.fill(&[square], [200, 100, 0]);
    let rgb = raster.into_rgb();
    let at = |x: usize, y: usize| rgb[(y * 6 + x) * 3];
    assert_eq!(
        [at(0, 1), at(1, 1), at(2, 1), at(3, 1), at(4, 1)],
        [0, 100, 200, 200, 0]
    );
    assert_eq!([at(1, 2), at(2, 2), at(2, 3), at(2, 0)], [50, 100, 0, 0]);
    assert_eq!(rgb[(6 + 2) * 3..(6 + 2) * 3 + 3], [200, 100, 0]);
}

#[test]
fn a_slanted_edge_covers_the_area_below_it() {
    let mut raster = Raster::new(8, 8);
    let triangle = vec![[0.0, 0.0], [8.0, 8.0], [0.0, 8.0]];
    raster.fill(&[triangle], [255, 255, 255]);
    let sum: f64 = raster
        .into_rgb()
        .iter()
        .map(|value| f64::from(*value))
        .sum();
    let area = sum / 255.0 / 3.0;
    assert!((area - 32.0).abs() < 0.1, "{area}");
}

#[test]
fn what_lies_outside_is_cut_off() {
    let mut raster = Raster::new(4, 4);
    let huge = vec![[-90.0, -90.0], [90.0, -90.0], [90.0, 90.0], [-90.0, 90.0]];
    raster.fill(&[huge], [9, 9, 9]);
    assert!(raster.into_rgb().iter().all(|value| *value == 9));
}

#[test]
fn every_character_the_chart_writes_has_an_outline() {
    let text = svg(&scaling());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("<text") {
        rest = &rest[at..];
        let start = rest.find('>').unwrap() + 1;
        let end = rest.find("</text>").unwrap();
        for character in rest[start..end]
            .chars()
            .filter(|character| *character != ' ')
        {
            let drawn = outlines(&character.to_string(), [0.0, 20.0], 20.0, Anchor::Start);
            assert!(!drawn.is_empty(), "{character}");
        }
        rest = &rest[end..];
    }
    let right = outlines("300", [100.0, 20.0], 14.0, Anchor::End);
    assert!(
        right
            .iter()
            .flatten()
            .all(|point| point[0] <= 100.5 && point[0] > 70.0)
    );
}

#[test]
fn the_svg_is_well_formed_and_names_everybody() {
    let mut scaling = scaling();
    scaling.photo = "a <b> & \"c\".jpg".into();
    let text = svg(&scaling);
    for expected in [
        "threads",
        "processes (pipes)",
        "global-lock",
        "ideal",
        "ceiling",
        "knee",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(text.contains("a &lt;b&gt; &amp; &quot;c&quot;.jpg"));
    assert!(!text.contains("NaN") && !text.contains("inf"));
    let count = |what: &str| text.matches(what).count();
    assert_eq!(count("<svg "), count("</svg>"));
    assert_eq!(count("<text "), count("</text>"));
    assert_eq!(count("<"), count(">"));
}

#[test]
fn the_png_opens_and_shows_the_colours_of_the_svg() {
    let bytes = png(&scaling()).unwrap();
    let image = image::load_from_memory(&bytes).unwrap().into_rgb8();
    assert_eq!(image.dimensions(), (3000, 1280));
    for color in [
        [0x00, 0x9E, 0x73],
        [0xF0, 0xA0, 0x00],
        [0xA9, 0x6B, 0xE0],
        [0x20, 0x20, 0x20],
    ] {
        assert!(image.pixels().any(|pixel| pixel.0 == color), "{color:?}");
    }
}
