//! Turns, and samples that lie in memory of others.

use super::*;

#[test]
fn a_quarter_turn_clockwise_moves_the_left_column_to_the_top() {
    let samples = Samples::U8(vec![1, 2, 3, 4, 5, 6]);
    let image = Image::new(
        Size::new(2, 3),
        Layout::Gray,
        samples,
        Arc::new(ColorSpace::srgb()),
    );
    let turned = image.turned(Turn::quarters(1));
    assert_eq!(turned.size, Size::new(3, 2));
    assert_eq!(turned.samples, Samples::U8(vec![5, 3, 1, 6, 4, 2]));
}

#[derive(Debug)]
struct Lent(Vec<u64>);

impl Memory for Lent {
    fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.0)[..6]
    }
}

#[test]
fn shared_samples_are_read_where_they_lie_and_copied_before_a_change() {
    let memory: Arc<dyn Memory> = Arc::new(Lent(vec![0x0003_0002_0001]));
    let shared = SharedSamples::new(Depth::Sixteen, Arc::clone(&memory)).unwrap();
    let mut samples = Samples::Shared(shared);
    assert_eq!(samples, Samples::U16(vec![1, 2, 3]));
    let SamplesRef::U16(read) = samples.as_ref() else {
        unreachable!()
    };
    assert_eq!(read.as_ptr().cast(), memory.bytes().as_ptr());
    let SamplesMut::U16(values) = samples.as_mut() else {
        unreachable!()
    };
    values[0] = 9;
    assert_eq!(samples, Samples::U16(vec![9, 2, 3]));
    assert_eq!(memory.bytes()[0], 1);
}

#[test]
fn four_quarter_turns_give_the_picture_back() {
    let samples = Samples::U16((0..70 * 131 * 3).map(|i| (i * 7 % 65521) as u16).collect());
    let image = Image::new(
        Size::new(70, 131),
        Layout::Rgb,
        samples,
        Arc::new(ColorSpace::srgb()),
    );
    let mut turned = image.clone();
    for _ in 0..4 {
        turned = turned.turned(Turn::quarters(1));
    }
    assert_eq!(turned.samples, image.samples);
}
