//! What each filter gave when a person last looked at it: `UPDATE_GOLDEN=1` keeps what it gives now.

use std::path::{Path, PathBuf};

use image::RgbImage;
use parallax::pixels::image::{Depth, Samples};

use super::{PHOTO, filters, reduced, rendered};

/// Small enough for the repository, large enough to recognise the flower.
const LONG_SIDE_PX: f64 = 144.0;

/// Steps of 8 bits a sample may move: another machine rounds the same, a better formula does not.
const TOLERANCE: u8 = 1;

fn file_of(filter_id: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/filters/golden");
    folder.join(format!("{filter_id}.png"))
}

#[test]
fn pictures_are_what_they_were() {
    let size = PHOTO
        .size
        .scaled(LONG_SIDE_PX / f64::from(PHOTO.size.long_side()));
    let photo = reduced(&PHOTO, size);
    let updates = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for (spec, recipe) in filters() {
        let picture = rendered(&photo, size, 1.0, &recipe, Depth::Eight);
        let Samples::U8(samples) = picture.samples else {
            unreachable!("eight bits were asked for")
        };
        let now = RgbImage::from_raw(picture.size.width, picture.size.height, samples).unwrap();
        let file = file_of(spec.id);
        if updates {
            now.save(&file).unwrap();
        } else if let Err(why) = compare(&file, &now) {
            wrong.push(format!("{}: {why}", spec.id));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn compare(file: &Path, now: &RgbImage) -> Result<(), String> {
    let kept = image::open(file)
        .map_err(|error| error.to_string())?
        .into_rgb8();
    if kept.dimensions() != now.dimensions() {
        return Err(format!(
            "{:?} instead of {:?}",
            now.dimensions(),
            kept.dimensions()
        ));
    }
    let steps = kept.iter().zip(now.iter()).map(|(a, b)| a.abs_diff(*b));
    let worst = steps.max().unwrap_or(0);
    if worst > TOLERANCE {
        return Err(format!("a sample moved by {worst} steps"));
    }
    Ok(())
}

#[test]
fn adding_a_filter_shows() {
    let size = PHOTO.size.scaled(0.5);
    let photo = reduced(&PHOTO, size);
    let before = rendered(
        &photo,
        size,
        1.0,
        &parallax::recipe::Recipe::empty(),
        Depth::Eight,
    );
    for (spec, recipe) in filters() {
        let after = rendered(&photo, size, 1.0, &recipe, Depth::Eight);
        assert!(
            after.size != before.size || after.samples != before.samples,
            "{} as added changes nothing",
            spec.id
        );
    }
}
