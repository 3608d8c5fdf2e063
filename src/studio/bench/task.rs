//! A work made ready for one photo, so that its runs have nothing left to prepare.

use std::io::Cursor;
use std::sync::Arc;

use crate::backend::decoder::{DecoderError, PhotoFile};
use crate::backend::single::Single;
use crate::codecs::{
    CodecError, EncodeFormat, EncodeRequest, Format, Metadata, Reading, Watch, encode_on, read_file,
};
use crate::pixels::image::{Depth, Image};
use crate::recipe::Recipe;
use crate::studio::StudioError;
use crate::studio::full_run::{FullRun, OutputChoice, OutputProfile};
use crate::studio::photo::not_opened;

use super::job::{Scene, Work};

/// What a hand repeats.
pub(super) enum Task<'a> {
    Edit(FullRun<'a>),
    Copy(&'a Image),
    Decode(Jpeg),
    Encode {
        image: Arc<Image>,
        format: EncodeFormat,
    },
}

impl<'a> Task<'a> {
    pub(super) fn new(scene: &Scene<'a>, work: &'a Work) -> Result<Self, StudioError> {
        Ok(match work {
            Work::Edit(recipe) => Self::Edit(scene.full_run(recipe)),
            Work::Copy => Self::Copy(&scene.photo.image),
            Work::Decode => Self::Decode(Jpeg::new(scene, jpeg_of(scene)?)?),
            Work::Encode(format) => Self::Encode {
                image: eight_bit(scene)?,
                format: *format,
            },
        })
    }
}

/// A file in memory, for who decodes it.
pub(super) enum Jpeg {
    /// A process of its own.
    Handed(PhotoFile),
    /// This process.
    Here(Arc<Vec<u8>>),
}

impl Jpeg {
    fn new(scene: &Scene<'_>, bytes: Arc<Vec<u8>>) -> Result<Self, StudioError> {
        if scene.decoder.is_none() {
            return Ok(Self::Here(bytes));
        }
        let file = PhotoFile::from_bytes(&bytes);
        file.map(Self::Handed)
            .map_err(|error| not_opened(&scene.photo.path, error))
    }

    /// Decodes it once.
    pub(super) fn decode(&self, scene: &Scene<'_>) -> Result<Image, StudioError> {
        let watch = Watch::cancel(scene.cancel.flag());
        let here = |bytes| {
            let reading = Reading::open(bytes, scene.limits);
            let decoded = reading.and_then(|reading| reading.decode(&watch));
            decoded.map_err(DecoderError::from)
        };
        let decoded = match (self, scene.decoder) {
            (Self::Handed(file), Some(decoder)) => decoder
                .decode(file, scene.limits, &watch)
                .map(|photo| photo.decoded),
            (Self::Handed(file), None) => here(file.bytes()),
            (Self::Here(bytes), _) => here(bytes),
        };
        let decoded = decoded.map_err(|error| not_opened(&scene.photo.path, error))?;
        Ok(decoded.image)
    }
}

/// The photo as a JPEG.
fn jpeg_of(scene: &Scene<'_>) -> Result<Arc<Vec<u8>>, StudioError> {
    let photo = scene.photo;
    if photo.info.format == Format::Jpeg {
        return read_file(&photo.path, scene.limits).map_err(|source| StudioError::Open {
            path: photo.path.clone(),
            source,
        });
    }
    let image = eight_bit(scene)?;
    let mut bytes = Vec::new();
    let encoded = encode_into(scene, &image, (EncodeFormat::JPEG, 1), &mut bytes);
    encoded.map_err(|source| not_encoded(scene, source))?;
    Ok(Arc::new(bytes))
}

/// The photo with samples of 8 bits, in its own colours.
fn eight_bit(scene: &Scene<'_>) -> Result<Arc<Image>, StudioError> {
    let image = &scene.photo.image;
    if image.depth() == Depth::Eight {
        return Ok(Arc::clone(image));
    }
    let nothing = Recipe::empty();
    let full_run = FullRun {
        output: OutputChoice {
            profile: OutputProfile::Input,
            depth: Some(Depth::Eight),
        },
        ..scene.full_run(&nothing)
    };
    let finished = full_run.run(&Single::default())?;
    Ok(Arc::new(finished.image))
}

/// Writes the file over what `bytes` held.
pub(super) fn encode_into(
    scene: &Scene<'_>,
    image: &Image,
    (format, n_workers): (EncodeFormat, usize),
    bytes: &mut Vec<u8>,
) -> Result<(), CodecError> {
    let request = EncodeRequest {
        format,
        image,
        metadata: &Metadata::default(),
        icc: None,
    };
    bytes.clear();
    let watch = Watch::cancel(scene.cancel.flag());
    encode_on(n_workers, &request, &mut Cursor::new(bytes), &watch).map(drop)
}

pub(super) fn not_encoded(scene: &Scene<'_>, source: CodecError) -> StudioError {
    StudioError::Encode {
        path: scene.photo.path.clone(),
        source,
    }
}
