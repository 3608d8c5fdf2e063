//! Frames there and back, cut short at every byte, and bytes that are no frames.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits {
    header_bytes: 1 << 12,
    payload_bytes: 1 << 16,
};

fn written(kind: Kind, identity: (u64, u32), header: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut stream = Vec::new();
    write_frame(&mut stream, kind, identity, header, payload).unwrap();
    stream
}

fn read(stream: &[u8]) -> Result<Option<Frame>, FrameError> {
    read_frame(&mut Cursor::new(stream), || LIMITS, &Buffers::default())
}

/// Takes and gives one byte at a time.
struct Trickle<T>(T);

impl<T: Read> Read for Trickle<T> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let n = bytes.len().min(1);
        self.0.read(&mut bytes[..n])
    }
}

impl<T: Write> Write for Trickle<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(&bytes[..bytes.len().min(1)])
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

proptest! {
    #[test]
    fn frames_come_out_as_they_went_in(
        kind_idx in 0..Kind::ALL.len(),
        job: u64,
        tile: u32,
        header in proptest::collection::vec(any::<u8>(), 0..300),
        payload in proptest::collection::vec(any::<u8>(), 0..3000),
    ) {
        let kind = Kind::ALL[kind_idx];
        let mut stream = written(kind, (job, tile), &header, &payload);
        let mut trickled = Vec::new();
        write_frame(&mut Trickle(&mut trickled), kind, (job, tile), &header, &payload).unwrap();
        prop_assert_eq!(&stream, &trickled);
        stream.extend(written(Kind::Goodbye, (0, 0), &[], &[]));
        let mut stream = Trickle(Cursor::new(stream));
        let buffers = Buffers::default();
        let frame = read_frame(&mut stream, || LIMITS, &buffers).unwrap().unwrap();
        prop_assert_eq!((frame.kind, frame.job, frame.tile), (kind, job, tile));
        prop_assert_eq!(&frame.header, &header);
        prop_assert_eq!(frame.payload.bytes(), &payload[..]);
        buffers.give(frame.payload);
        let last = read_frame(&mut stream, || LIMITS, &buffers).unwrap().unwrap();
        prop_assert_eq!((last.kind, last.payload.len()), (Kind::Goodbye, 0));
        prop_assert!(read_frame(&mut stream, || LIMITS, &buffers).unwrap().is_none());
    }

    #[test]
    fn a_frame_with_any_bit_turned_is_no_frame(bit in 0..8 * (HEAD_LEN + 40 + 90)) {
        let mut stream = written(Kind::Done, (7, 3), &[5; 40], &[6; 90]);
        stream[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(read(&stream).is_err());
    }

    #[test]
    fn any_bytes_are_refused(stream in proptest::collection::vec(any::<u8>(), 1..200)) {
        prop_assert!(read(&stream).is_err());
    }
}

#[test]
fn a_frame_cut_short_is_truncated_wherever_it_is_cut() {
    let stream = written(Kind::Tile, (1, 2), b"header", b"payload");
    assert!(read(&[]).unwrap().is_none());
    for len in 1..stream.len() {
        let error = read(&stream[..len]).unwrap_err();
        assert!(matches!(error, FrameError::Truncated), "{len}: {error}");
    }
}

/// A head whose own checksum is right, whatever it claims.
fn head(header_len: u32, payload_len: u64, kind: u16) -> Vec<u8> {
    let mut head = written(Kind::Done, (1, 1), &[], &[])[..36].to_vec();
    head[4..6].copy_from_slice(&kind.to_le_bytes());
    head[20..24].copy_from_slice(&header_len.to_le_bytes());
    head[24..32].copy_from_slice(&payload_len.to_le_bytes());
    head.extend_from_slice(&crc32fast::hash(&head).to_le_bytes());
    head
}

#[test]
fn lengths_above_the_limits_are_refused_before_anything_is_taken() {
    for (header_len, payload_len) in [
        (u32::MAX, 0),
        (0, u64::MAX),
        (0, u64::from(u32::MAX)),
        (LIMITS.header_bytes + 1, 0),
        (0, LIMITS.payload_bytes + 1),
    ] {
        // Were a length believed, the stream would be read on and found truncated.
        let error = read(&head(header_len, payload_len, 9)).unwrap_err();
        assert!(matches!(error, FrameError::TooLong { .. }), "{error}");
    }
    let error = read(&head(0, 0, 4711)).unwrap_err();
    assert!(matches!(error, FrameError::UnknownKind(4711)), "{error}");
}

#[test]
fn a_false_length_within_the_limits_costs_no_more_than_a_step() {
    let limits = Limits {
        header_bytes: 0,
        payload_bytes: 1 << 40,
    };
    let stream = head(0, 1 << 40, 9);
    let buffers = Buffers::default();
    // A terabyte taken at once would end this test.
    let result = read_frame(&mut Cursor::new(stream), || limits, &buffers);
    assert!(matches!(result, Err(FrameError::Truncated)));
}
