//! Floor 1: files into pictures and pictures into files, one file a format.
//!
//! Bytes come in as one [`DecodeRequest`] and leave as one [`Decoded`], so that decoding can move
//! into a process of its own. Sizes are checked against [`Limits`] from the header, before memory
//! is taken. Decoding keeps the depth the file had; the picture comes out upright, in a colour
//! space of curves and a matrix. What was done on the way is told in [`Note`]s.
//!
//! Nothing here touches pixels beyond that: converting to linear light is `convert`'s work. Nothing
//! here names files, except `source`, which reads them; writing them safely is `system`'s work.

pub mod decode;
pub mod encode;
mod error;
mod format;
mod guard;
mod limits;
pub mod metadata;
mod request;
mod source;
mod watch;

pub use decode::{Reading, decode, inspect};
pub use encode::{EncodeFormat, EncodeRequest, Subsampling, Target, encode, encode_on};
pub use error::{CodecError, LimitError};
pub use format::Format;
pub use guard::{inside_decoder, leave_decoding_to_others};
pub use limits::Limits;
pub use metadata::Metadata;
pub use request::{
    Camera, Channels, DecodeRequest, Decoded, MetadataKind, Note, Opening, PhotoInfo,
};
pub use source::{decode_file, inspect_file, open_file, read_file};
pub use watch::Watch;
