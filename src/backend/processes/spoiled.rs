//! Answers spoiled on order, for tests; see `backend/faults.rs`.

use std::io::{self, Write};

use crate::backend::faults::{Good, Remade, write_instead};

use super::frame::{Kind, encode_front};
use super::message::{DoneHeader, decode, encode};
use super::outbox::Answer;

/// Writes a wrong answer in place of a good one where that was ordered; whether it did.
///
/// # Errors
/// When the stream cannot be written.
pub(super) fn write_spoiled(write: &mut impl Write, answer: &Answer) -> io::Result<bool> {
    if answer.kind != Kind::Done {
        return Ok(false);
    }
    let payload = answer.body.bytes();
    let remade = |what| remade(answer, payload, what);
    write_instead(
        write,
        &Good {
            tile: answer.tile,
            front: encode_front(
                answer.kind,
                (answer.job, answer.tile),
                &answer.header,
                payload,
            ),
            payload,
            remade: &remade,
        },
    )
}

fn remade(answer: &Answer, payload: &[u8], what: Remade) -> Vec<u8> {
    let (mut job, mut tile) = (answer.job, answer.tile);
    let (mut header, mut payload) = (answer.header.clone(), payload.to_vec());
    match what {
        Remade::Tile => tile += 1_000_000,
        Remade::Job => job += 1,
        Remade::Rect => {
            if let Ok(mut done) = decode::<DoneHeader>(&header) {
                done.rect.x += 1;
                header = encode(&done);
            }
        }
        Remade::Short => payload.truncate(payload.len() / 2),
        Remade::Long => payload.extend_from_slice(&[0; 4096]),
    }
    let mut frame = encode_front(answer.kind, (job, tile), &header, &payload);
    frame.extend_from_slice(&payload);
    frame
}
