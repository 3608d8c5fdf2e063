//! Tiles that travel in memory both ends map: the same bytes, less of them moved, and what does not fit
//! goes by pipe.

use parallax::backend::cancel::Cancel;
use parallax::backend::processes::Transport;
use parallax::backend::single::Single;
use parallax::pixels::geometry::Size;
use parallax::pixels::image::{Depth, Layout};
use parallax::telemetry::event::Event;
use parallax::telemetry::sink::Recorder;

use crate::scene::{
    everything, exposure, in_two_passes, photo, plain, plan, pool_by, render, shared,
};

#[test]
fn a_photo_in_shared_memory_is_read_where_it_lies_and_the_bytes_are_the_same() {
    let size = Size::new(301, 211);
    for (layout, depth) in [
        (Layout::Rgb, Depth::Eight),
        (Layout::Rgba, Depth::Sixteen),
        (Layout::Gray, Depth::Eight),
    ] {
        let image = photo(size, layout, depth);
        let shared = shared(&image);
        let fused = plan(&image, &everything(), depth);
        let split = in_two_passes(plan(&image, &everything(), depth));
        let pools = Transport::ALL.map(|way| pool_by(2, way));
        for plan in [&fused, &split] {
            let expected = plain((plan, &image, 1024), &Single::default());
            for pool in &pools {
                for tile_px in [40, 256] {
                    assert!(
                        plain((plan, &image, tile_px), pool) == expected,
                        "{layout:?}"
                    );
                    assert!(
                        plain((plan, &shared, tile_px), pool) == expected,
                        "{layout:?}"
                    );
                }
            }
        }
    }
}

fn bytes_moved(way: Transport, is_shared: bool) -> (u64, u64) {
    let image = photo(Size::new(500, 400), Layout::Rgb, Depth::Eight);
    let plan = plan(&image, &exposure(), Depth::Eight);
    let image = if is_shared { shared(&image) } else { image };
    let recorder = Recorder::new(1000);
    let pool = pool_by(2, way);
    render((&plan, &image, 100), &pool, &recorder, &Cancel::default()).unwrap();
    let tiles = recorder.take().events.into_iter();
    let bytes = tiles.filter_map(|event| match event {
        Event::Tile(tile) => Some((tile.bytes_in, tile.bytes_out)),
        _ => None,
    });
    bytes.fold((0, 0), |sum, tile| (sum.0 + tile.0, sum.1 + tile.1))
}

#[test]
fn what_is_moved_is_counted_and_a_shared_photo_is_not_moved() {
    let pixels = 500 * 400 * 3;
    let by_pipe = bytes_moved(Transport::Pipes, true);
    let copied = bytes_moved(Transport::SharedMemory, false);
    let read_in_place = bytes_moved(Transport::SharedMemory, true);
    for (sent, received) in [by_pipe, copied] {
        assert!((pixels..pixels + pixels / 10).contains(&sent), "{sent}");
        assert!(
            (pixels..pixels + pixels / 10).contains(&received),
            "{received}"
        );
    }
    assert!(read_in_place.0 < 20_000, "{read_in_place:?}");
    assert!((pixels..pixels + pixels / 10).contains(&read_in_place.1));
}

#[test]
fn tiles_too_large_for_the_memory_go_by_pipe() {
    let image = photo(Size::new(2600, 2000), Layout::Rgba, Depth::Sixteen);
    let plan = plan(&image, &exposure(), Depth::Sixteen);
    let expected = plain((&plan, &image, 512), &Single::default());
    let pool = pool_by(1, Transport::SharedMemory);
    for image in [&image, &shared(&image)] {
        assert!(plain((&plan, image, 4096), &pool) == expected);
        assert!(plain((&plan, image, 512), &pool) == expected);
    }
}

#[test]
fn one_photo_after_another_is_never_taken_for_the_other() {
    let pool = pool_by(2, Transport::SharedMemory);
    let size = Size::new(200, 150);
    for n in 0..6_u32 {
        // Of the same size, and most likely under the name the one before had.
        let image = photo(
            Size::new(size.width + n % 2, size.height),
            Layout::Rgb,
            Depth::Eight,
        );
        let mut other = image.clone();
        if let parallax::pixels::image::SamplesMut::U8(samples) = other.samples.as_mut() {
            for sample in samples {
                *sample ^= n as u8;
            }
        }
        let plan = plan(&other, &exposure(), Depth::Eight);
        let expected = plain((&plan, &other, 64), &Single::default());
        assert!(
            plain((&plan, &shared(&other), 64), &pool) == expected,
            "{n}"
        );
    }
}
