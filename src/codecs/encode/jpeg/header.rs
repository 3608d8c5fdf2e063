//! What stands before the scan, written by jpeg-encoder, and the tables it announces.

use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};

use super::entropy::{Codes, ZIGZAG};
use super::transform::Quantizer;

/// Segments: a baseline frame, Huffman and quantisation tables, a scan.
const SOF0: u8 = 0xC0;
const DHT: u8 = 0xC4;
const DQT: u8 = 0xDB;
const SOS: u8 = 0xDA;

/// What a header shall say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Announced<'a> {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) is_gray: bool,
    pub(super) quality: u8,
    pub(super) sampling: SamplingFactor,
    /// 0 for none.
    pub(super) restart_interval: u16,
    pub(super) exif: Option<&'a [u8]>,
    pub(super) icc: Option<&'a [u8]>,
}

/// A header and its tables, those of brightness before those of colour.
#[derive(Debug)]
pub(super) struct Header {
    /// From the start of the file to that of the scan's own bits.
    pub(super) bytes: Vec<u8>,
    pub(super) quantizers: Vec<Quantizer>,
    pub(super) dc: Vec<Codes>,
    pub(super) ac: Vec<Codes>,
}

impl Header {
    /// `None` when the library wrote something else than expected.
    pub(super) fn write(announced: &Announced<'_>) -> Result<Option<Self>, EncodingError> {
        // One row is the least that has a header.
        let (color, n_channels) = if announced.is_gray {
            (ColorType::Luma, 1)
        } else {
            (ColorType::Rgb, 3)
        };
        let row = vec![0; usize::from(announced.width) * n_channels];
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, announced.quality);
        encoder.set_sampling_factor(announced.sampling);
        encoder.set_restart_interval(announced.restart_interval);
        if let Some(exif) = announced.exif {
            encoder.add_exif_metadata(exif)?;
        }
        if let Some(icc) = announced.icc {
            encoder.add_icc_profile(icc)?;
        }
        encoder.encode(&row, announced.width, 1, color)?;
        Ok(Self::read(file, announced.height))
    }

    fn read(mut file: Vec<u8>, height: u16) -> Option<Self> {
        let (mut quantizers, mut dc, mut ac) = (Vec::new(), Vec::new(), Vec::new());
        let mut at = 2;
        loop {
            let (&[0xFF, kind, high, low], _) = file.get(at..)?.split_first_chunk()? else {
                return None;
            };
            let end = at + 2 + usize::from(u16::from_be_bytes([high, low]));
            let content = file.get_mut(at + 4..end)?;
            match kind {
                DQT => quantizers.push(quantizer(content)?),
                DHT => {
                    let (&[class], rest) = content.split_first_chunk()?;
                    let (counts, symbols) = rest.split_first_chunk()?;
                    let tables = if class < 16 { &mut dc } else { &mut ac };
                    tables.push(Codes::new(counts, symbols));
                }
                SOF0 => content
                    .get_mut(1..3)?
                    .copy_from_slice(&height.to_be_bytes()),
                SOS => break file.truncate(end),
                _ => {}
            }
            at = end;
        }
        let n = dc.len().min(ac.len()).min(quantizers.len());
        (n > 0).then_some(Self {
            bytes: file,
            quantizers,
            dc,
            ac,
        })
    }
}

fn quantizer(content: &[u8]) -> Option<Quantizer> {
    let mut divisors = [[0; 8]; 8];
    for ((row, column), divisor) in ZIGZAG.into_iter().zip(content.get(1..65)?) {
        divisors[row][column] = *divisor;
    }
    Some(Quantizer::new(&divisors))
}
