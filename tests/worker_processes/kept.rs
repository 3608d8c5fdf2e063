//! Photos that several passes read: sent once, kept by who needs them, sent again to who lost them.

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::Transport;
use parallax::backend::single::Single;
use parallax::filters::registry::find;
use parallax::filters::value::Values;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Image, Layout, Samples};
use parallax::plan::Plan;
use parallax::plan::graph::Input;
use parallax::recipe::Recipe;
use parallax::telemetry::event::Event;
use parallax::telemetry::sink::Recorder;

use crate::deaths::Killer;
use crate::scene::{deaths, photo, plain, plan, pool, pool_by, render};

/// Filters that make maps of the photo, and one that reads a neighbourhood of it.
fn thrice_read() -> Recipe {
    ["clarity", "shadows", "sharpen"]
        .into_iter()
        .fold(Recipe::empty(), |recipe, id| {
            let spec = find(id).unwrap().spec();
            recipe.inserted(spec, &Values::on_add(spec)).0
        })
}

fn scene(depth: Depth) -> (Image, Plan, Samples) {
    let image = photo(Size::new(900, 700), Layout::Rgb, depth);
    let plan = plan(&image, &thrice_read(), Depth::Eight);
    let n_reading = plan.passes.iter().filter(|p| p.input == Some(Input::Photo));
    assert_eq!(n_reading.count(), 3, "or these tests test nothing");
    let expected = plain((&plan, &image, 1024), &Single::default());
    (image, plan, expected)
}

/// Bytes sent to workers for passes that read the photo.
fn photo_bytes(plan: &Plan, events: &[Event]) -> u64 {
    let sent = events.iter().filter_map(|event| match event {
        Event::Tile(tile) => {
            let input = plan.passes[usize::from(tile.pass.0)].input;
            (input == Some(Input::Photo)).then_some(tile.bytes_in)
        }
        _ => None,
    });
    sent.sum()
}

#[test]
fn a_photo_that_three_passes_read_is_sent_once_and_its_surroundings() {
    let (image, plan, expected) = scene(Depth::Sixteen);
    let whole = image.samples.as_ref().bytes().len() as u64;
    for n_workers in [1, 3] {
        let pool = pool(n_workers);
        for _ in 0..2 {
            let recorder = Recorder::new(100_000);
            let got = render((&plan, &image, 128), &pool, &recorder, &Cancel::default()).unwrap();
            assert!(got == expected, "{n_workers} workers");
            let sent = photo_bytes(&plan, &recorder.take().events);
            assert!(sent > whole, "a new run's photo may be another: {sent}");
            // Surroundings and maps; thrice were 3.3. On a busy machine several workers take over
            // much from each other.
            let most = if n_workers == 1 { 17 } else { 27 };
            assert!(sent < whole * most / 10, "{sent} of {whole}");
        }
    }
}

#[test]
fn whoever_takes_a_dead_workers_place_is_sent_what_it_kept() {
    let (image, plan, expected) = scene(Depth::Eight);
    for (n_workers, every) in [(1, 9), (2, 5), (3, 3)] {
        let pool = pool(n_workers);
        let killer = Killer::new(every, 25);
        let got = render((&plan, &image, 100), &pool, &killer, &Cancel::default()).unwrap();
        assert!(got == expected, "{n_workers} workers");
        let events = killer.recorder.take().events;
        assert!(deaths(&events).len() > 5);
        assert!(plain((&plan, &image, 64), &pool) == expected);
    }
}

#[test]
fn runs_that_take_turns_on_one_pool_never_read_each_others_photos() {
    let (image, plan, expected) = scene(Depth::Eight);
    let other = Image {
        samples: match &image.samples {
            Samples::U8(samples) => Samples::U8(samples.iter().map(|v| !v).collect()),
            _ => unreachable!(),
        },
        ..image.clone()
    };
    let other_expected = plain((&plan, &other, 1024), &Single::default());
    for way in Transport::ALL {
        let pool = pool_by(2, way);
        std::thread::scope(|scope| {
            for (image, expected) in [(&image, &expected), (&other, &other_expected)] {
                let (pool, plan) = (&pool, &plan);
                scope.spawn(move || {
                    for _ in 0..4 {
                        assert!(plain((plan, image, 128), pool) == *expected);
                    }
                });
            }
        });
    }
}
