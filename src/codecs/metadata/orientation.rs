//! Patches a raw EXIF block in place: orientation made upright, the thumbnail removed.
//!
//! An edited photo's embedded thumbnail would show the photo before the edit, cropped parts and
//! all. So the link from the main directory to the thumbnail's is zeroed, and the thumbnail's own
//! bytes too. Nothing moves, so offsets inside makers' notes stay right.

use super::directory::{Directory, fill};

const ORIENTATION: u16 = 0x0112;
const THUMBNAIL_OFFSET: u16 = 0x0201;
const THUMBNAIL_LENGTH: u16 = 0x0202;

/// The orientation an EXIF block states: 1…8, or `None` where it states none or nonsense.
#[must_use]
pub fn orientation_of(block: &[u8]) -> Option<u16> {
    let number = Directory::first(block)?.number(block, ORIENTATION)?;
    u16::try_from(number).ok().filter(|n| (1..=8).contains(n))
}

/// Makes an EXIF block fit an upright, edited picture. A block that cannot be read stays as it is.
pub fn make_upright(block: &mut [u8]) {
    let Some(main) = Directory::first(block) else {
        return;
    };
    if let Some((at, kind)) = main.value_of(block, ORIENTATION) {
        const LONG: u16 = 4;
        let one: &[u8] = match (main.big_endian, kind == LONG) {
            (false, false) => &[1, 0],
            (false, true) => &[1, 0, 0, 0],
            (true, false) => &[0, 1],
            (true, true) => &[0, 0, 0, 1],
        };
        fill(block, at, one);
    }
    drop_thumbnail(block, &main);
}

fn drop_thumbnail(block: &mut [u8], main: &Directory) {
    let link_at = main.link_at();
    let Some(offset) = main.u32_at(block, link_at).filter(|&offset| offset != 0) else {
        return;
    };
    if let Some(second) = Directory::at_offset(block, main.big_endian, offset) {
        let start = second.number(block, THUMBNAIL_OFFSET);
        let length = second.number(block, THUMBNAIL_LENGTH);
        if let (Some(start), Some(length)) = (start, length) {
            let start = (start as usize).min(block.len());
            let end = start.saturating_add(length as usize).min(block.len());
            // A JPEG is expected there; a lying offset must not wipe the directories.
            if block[start..end].starts_with(&[0xFF, 0xD8]) {
                block[start..end].fill(0);
            }
        }
    }
    fill(block, link_at, &[0; 4]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Orientation 6, a maker's note of four bytes, and a second directory with a six-byte thumbnail.
    fn block(big_endian: bool) -> Vec<u8> {
        let n16 = |n: u16| {
            if big_endian {
                n.to_be_bytes()
            } else {
                n.to_le_bytes()
            }
        };
        let n32 = |n: u32| {
            if big_endian {
                n.to_be_bytes()
            } else {
                n.to_le_bytes()
            }
        };
        let short = |n: u16| [n16(n), [0, 0]].concat();
        let entry = |tag: u16, kind: u16, value: &[u8]| {
            [&n16(tag)[..], &n16(kind), &n32(1), value].concat()
        };
        let magic: &[u8] = if big_endian { b"MM\0\x2A" } else { b"II\x2A\0" };
        [
            magic,
            &n32(8),
            &n16(2),
            &entry(0x0112, 3, &short(6)),
            &entry(0x927C, 7, b"note"),
            &n32(38),
            &n16(2),
            &entry(0x0201, 4, &n32(68)),
            &entry(0x0202, 4, &n32(6)),
            &n32(0),
            b"\xFF\xD8thmb",
        ]
        .concat()
    }

    #[test]
    fn orientation_and_thumbnail_go_and_the_rest_stays() {
        for big_endian in [false, true] {
            let before = block(big_endian);
            assert_eq!(orientation_of(&before), Some(6));
            let mut after = before.clone();
            make_upright(&mut after);
            assert_eq!(orientation_of(&after), Some(1));
            assert_eq!(after.len(), before.len());
            assert_eq!(&after[68..], &[0; 6]);
            assert_eq!(&after[34..38], &[0; 4]);
            assert_eq!(&after[22..34], &before[22..34], "maker's note");
        }
    }

    #[test]
    fn every_cut_block_is_survived() {
        let whole = block(true);
        for length in 0..whole.len() {
            let mut cut = whole[..length].to_vec();
            make_upright(&mut cut);
            assert!(matches!(orientation_of(&cut), None | Some(1)));
            assert_eq!(cut.len(), length);
        }
    }
}
