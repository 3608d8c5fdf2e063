//! What parent and decoder say to each other, and how it lies in the stream.
//!
//! A message is its length and a checksum, four bytes each and little-endian, then postcard. Memory
//! that is handed over follows the message that speaks of it.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::backend::processes::message::build_id;
use crate::codecs::{CodecError, Format, LimitError, Limits, Metadata, Note, PhotoInfo};
use crate::pixels::color::ColorSpace;
use crate::system::sandbox::SandboxState;

/// Raised when a message changes.
const PROTOCOL_VERSION: u32 = 1;

/// Metadata at its limits, a profile of three long tables, and some.
const MAX_BYTES: u32 = 16 << 20;

/// To the decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Order {
    /// Read this file's header; the file follows.
    Open { limits: Limits },
    /// Decode it into this memory, which follows.
    Fill,
}

/// From the decoder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Report {
    /// First of all.
    Hello(Hello),
    Header(Box<HeaderReport>),
    /// Share of the picture done, 0…1.
    Progress(f32),
    /// The memory is full. Found out on the way.
    Done(Vec<Note>),
    Failed(Fault),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) protocol: u32,
    pub(super) build: String,
    pub(super) sandbox: SandboxState,
}

impl Hello {
    pub(super) fn new(sandbox: SandboxState) -> Self {
        Self {
            protocol: PROTOCOL_VERSION,
            build: build_id(),
            sandbox,
        }
    }

    /// Whether the two are of one build.
    pub(super) fn fits(&self) -> bool {
        self.protocol == PROTOCOL_VERSION && self.build == build_id()
    }
}

/// What a file's header says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct HeaderReport {
    pub(super) info: PhotoInfo,
    pub(super) metadata: Metadata,
    pub(super) notes: Vec<Note>,
    pub(super) color: ColorSpace,
    /// Whether the colours are those of the embedded profile, which is among the metadata.
    pub(super) is_color_embedded: bool,
}

/// A [`CodecError`] that travels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Fault {
    Unrecognised,
    Unsupported(String),
    Malformed {
        format: Format,
        why: String,
    },
    OverLimits(LimitError),
    /// Not the file's fault: the decoder says in words what it lacks.
    Other(String),
}

impl Fault {
    pub(super) fn of(error: &CodecError) -> Self {
        match error {
            CodecError::Unrecognised => Self::Unrecognised,
            CodecError::Unsupported(words) => Self::Unsupported(words.clone()),
            CodecError::Malformed { format, source } => Self::Malformed {
                format: *format,
                why: words_of(source.as_ref()),
            },
            CodecError::OverLimits(limit) => Self::OverLimits(limit.clone()),
            other => Self::Other(words_of(other)),
        }
    }
}

/// An error and its causes, each once, joined by colons.
fn words_of(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !words.ends_with(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        next = cause.source();
    }
    words
}

/// # Errors
/// When the stream takes nothing more.
pub(super) fn write_message<T: Serialize>(write: &mut impl Write, message: &T) -> io::Result<()> {
    let body = postcard::to_stdvec(message).map_err(io::Error::other)?;
    let mut bytes = Vec::with_capacity(8 + body.len());
    bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
    bytes.extend_from_slice(&body);
    write.write_all(&bytes)?;
    write.flush()
}

/// Why there is no next message.
#[derive(Debug, thiserror::Error)]
pub(super) enum MessageError {
    #[error("the stream ended")]
    Ended,
    #[error("a message of {0} bytes")]
    TooLong(u32),
    #[error("a message's checksum is wrong")]
    Checksum,
    #[error("a message that nobody sends: {0}")]
    Unreadable(#[from] postcard::Error),
}

/// The next message. Nothing is taken for its length before that was checked, and nothing beyond
/// its end is read.
pub(super) fn read_message<T: DeserializeOwned>(read: &mut impl Read) -> Result<T, MessageError> {
    let mut head = [0; 8];
    fill(read, &mut head)?;
    let [a, b, c, d, e, f, g, h] = head;
    let n_bytes = u32::from_le_bytes([a, b, c, d]);
    if n_bytes > MAX_BYTES {
        return Err(MessageError::TooLong(n_bytes));
    }
    let mut body = vec![0; n_bytes as usize];
    fill(read, &mut body)?;
    if crc32fast::hash(&body) != u32::from_le_bytes([e, f, g, h]) {
        return Err(MessageError::Checksum);
    }
    match postcard::take_from_bytes(&body)? {
        (message, []) => Ok(message),
        _ => Err(postcard::Error::DeserializeBadEncoding.into()),
    }
}

fn fill(read: &mut impl Read, bytes: &mut [u8]) -> Result<(), MessageError> {
    // Whatever a stream fails with, nothing more comes of it.
    read.read_exact(bytes).map_err(|error| {
        debug_assert_ne!(error.kind(), ErrorKind::Interrupted);
        MessageError::Ended
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reports() -> Vec<Report> {
        let missing = crate::system::sandbox::Missing {
            wall: crate::system::sandbox::Wall::Files,
            why: "not there".to_owned(),
        };
        let sandbox = SandboxState {
            missing: vec![missing],
            landlock_abi: Some(4),
        };
        vec![
            Report::Hello(Hello::new(sandbox)),
            Report::Progress(0.5),
            Report::Done(vec![Note::Damaged {
                percent_read: Some(7),
            }]),
            Report::Failed(Fault::Malformed {
                format: Format::Png,
                why: "cut".to_owned(),
            }),
        ]
    }

    fn stream() -> Vec<u8> {
        let mut bytes = Vec::new();
        for report in reports() {
            write_message(&mut bytes, &report).unwrap();
        }
        bytes
    }

    #[test]
    fn messages_come_out_as_they_went_in_and_nothing_is_read_beyond_them() {
        let bytes = stream();
        let mut rest = bytes.as_slice();
        for report in reports() {
            assert_eq!(read_message::<Report>(&mut rest).unwrap(), report);
        }
        assert!(matches!(
            read_message::<Report>(&mut rest),
            Err(MessageError::Ended)
        ));
    }

    #[test]
    fn a_false_length_is_refused_before_memory_is_taken() {
        let mut bytes = stream();
        bytes[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        let read = read_message::<Report>(&mut bytes.as_slice());
        assert!(matches!(read, Err(MessageError::TooLong(u32::MAX))));
    }

    proptest! {
        /// Whatever comes, a reader ends with a message or an error, never with a panic; and a
        /// message that was touched is never taken for another.
        #[test]
        fn mutated_streams_are_refused_or_read(
            at in any::<proptest::sample::Index>(),
            byte in any::<u8>(),
            cut in any::<proptest::sample::Index>(),
        ) {
            let whole = stream();
            let mut bytes = whole.clone();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes.truncate(cut.index(bytes.len()) + 1);
            let mut rest = bytes.as_slice();
            let mut n_read = 0;
            while let Ok(report) = read_message::<Report>(&mut rest) {
                prop_assert_eq!(&report, &reports()[n_read]);
                n_read += 1;
            }
        }

        #[test]
        fn noise_is_no_message(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read_message::<Report>(&mut noise.as_slice()).is_err());
            prop_assert!(read_message::<Order>(&mut noise.as_slice()).is_err());
        }
    }
}
