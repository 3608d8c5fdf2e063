//! Regions packed and unpacked, and payloads that are not what they say.

use super::*;
use crate::pixels::color::ColorSpace;
use crate::pixels::image::Layout;
use crate::plan::graph::Input;

fn source(depth: Depth) -> SourceForm {
    SourceForm {
        size: crate::pixels::geometry::Size::new(40, 30),
        layout: Layout::Rgb,
        depth,
        color: ColorSpace::srgb(),
    }
}

fn needs() -> [Need; 2] {
    [
        Need {
            input: Input::Photo,
            rect: Rect::new(7, 5, 9, 11),
        },
        Need {
            input: Input::Pass(0),
            rect: Rect::new(3, 4, 5, 2),
        },
    ]
}

/// By a worker that keeps nothing.
fn unpacked<'a>(
    forms: &[RegionForm],
    source: &'a SourceForm,
    bytes: &'a [u8],
    scratch: &mut Scratch,
) -> Result<Vec<Unpacked<'a>>, WrongRegions> {
    let store = Store::default();
    let origin = Origin {
        source,
        photo: None,
        pieces: &[],
        store: &store,
    };
    let buffers = Buffers::default();
    let mut rooms = Rooms {
        scratch,
        buffers: &buffers,
    };
    unpack_regions(forms, origin, bytes, &mut rooms)
}

#[test]
fn regions_come_out_as_they_went_in() {
    let samples: Vec<u16> = (0..40 * 30 * 3).map(|i| (i * 31 % 65_521) as u16).collect();
    let photo = ImageView {
        rect: Rect::new(0, 0, 40, 30),
        layout: Layout::Rgb,
        samples: SamplesRef::U16(&samples),
    };
    let mut planes = Tile::new(Rect::new(2, 3, 20, 20), 2);
    for (i, value) in planes.data_mut().iter_mut().enumerate() {
        *value = i as f32;
    }
    let planes = [Some(planes)];
    let sources = Sources {
        photo,
        planes: &planes,
    };
    let mut payload = Payload::default();
    let mut room = Room::Payload(&mut payload);
    let forms = pack_regions(&needs(), &sources, PhotoWay::Sent, &mut room);
    assert_eq!(
        packed_bytes(&needs(), &sources, PhotoWay::Sent),
        payload.len()
    );
    let mut part = vec![1; payload.len()];
    let in_part = pack_regions(
        &needs(),
        &sources,
        PhotoWay::Sent,
        &mut Room::Part(&mut part, 0),
    );
    assert_eq!((&in_part, &part[..]), (&forms, payload.bytes()));
    let source = source(Depth::Sixteen);
    let regions = unpacked(&forms, &source, payload.bytes(), &mut Scratch::default()).unwrap();
    let [Unpacked::Photo(view), Unpacked::Planes(tile)] = &regions[..] else {
        panic!("one photo, one tile of planes");
    };
    let SamplesRef::U16(got) = view.samples else {
        panic!("sixteen bits");
    };
    let pixel = ((5 + 10) * 40 + 7 + 8) * 3;
    assert_eq!(got[(10 * 9 + 8) * 3..], samples[pixel..pixel + 3]);
    let original = planes[0].as_ref().unwrap();
    assert_eq!(tile.rect(), Rect::new(3, 4, 5, 2));
    for (plane_idx, y) in [(0, 0), (1, 1)] {
        assert_eq!(
            tile.row(plane_idx, y)[..5],
            original.row(plane_idx, y + 1)[1..6]
        );
    }
}

#[test]
fn regions_that_do_not_fill_the_payload_are_refused() {
    let mut payload = Payload::default();
    payload.set_len(9 * 11 * 3 + 1);
    let form = |rect| RegionForm {
        rect,
        kind: RegionKind::Photo,
    };
    let huge = Rect::new(0, 0, u32::MAX, u32::MAX);
    for rect in [Rect::new(7, 5, 9, 11), Rect::new(7, 5, 10, 11), huge] {
        let forms = [form(rect)];
        let source = source(Depth::Eight);
        let mut scratch = Scratch::default();
        let result = unpacked(&forms, &source, payload.bytes(), &mut scratch);
        assert!(result.is_err());
    }
}
