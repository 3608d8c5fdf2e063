//! A tile's pixels packed for the way and unpacked again: regions going out, output coming back.
//!
//! Samples are read in place at the other end; planes are laid out anew, since tiles pad their rows.

use crate::backend::canvas::TilePixels;
use crate::backend::regions::{Region, Sources};
use crate::pixels::geometry::Rect;
use crate::pixels::image::{Depth, ImageView, Samples, SamplesRef};
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::Tile;
use crate::plan::graph::SourceForm;
use crate::plan::program::Need;

use super::message::{Piece, RegionForm, RegionKind};
use super::payload::{Buffers, Payload, REGION_ALIGN};
use super::store::Store;

/// Where a tile's pixels are packed: a payload that grows, or a part of an arena, which is as long as
/// [`packed_bytes`] tells.
pub(super) enum Room<'a> {
    Payload(&'a mut Payload),
    /// And how much of it is packed.
    Part(&'a mut [u8], usize),
}

impl Room<'_> {
    fn extend(&mut self, n_bytes: usize) -> &mut [u8] {
        match self {
            Self::Payload(payload) => payload.extend(n_bytes),
            Self::Part(bytes, n_packed) => {
                let start = n_packed.next_multiple_of(REGION_ALIGN);
                bytes[*n_packed..start].fill(0);
                *n_packed = start + n_bytes;
                &mut bytes[start..*n_packed]
            }
        }
    }
}

/// How a tile's part of the photo gets to its worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhotoWay<'a> {
    /// With the tile.
    Sent,
    /// The worker reads it itself.
    Shared,
    /// With the tile, as far as the worker does not keep it.
    Pieces(&'a [Piece]),
}

/// Bytes that [`pack_regions`] packs.
pub(super) fn packed_bytes(needs: &[Need], sources: &Sources<'_>, way: PhotoWay<'_>) -> usize {
    let mut end = 0_usize;
    let mut add = |area: u64, pixel_bytes: usize| {
        end = end.next_multiple_of(REGION_ALIGN) + area as usize * pixel_bytes;
    };
    for need in needs {
        match sources.region(need) {
            Region::Photo(view) => {
                let pixel_bytes = view.layout.channels() * view.samples.depth().bytes();
                match way {
                    PhotoWay::Shared => {}
                    PhotoWay::Sent => add(need.rect.area(), pixel_bytes),
                    PhotoWay::Pieces(pieces) => {
                        sent(pieces).for_each(|rect| add(rect.area(), pixel_bytes));
                    }
                }
            }
            Region::Planes(tile) => add(need.rect.area(), tile.n_planes() * size_of::<f32>()),
        }
    }
    end
}

/// Those of the pieces that travel.
fn sent(pieces: &[Piece]) -> impl Iterator<Item = Rect> {
    let missing = pieces.iter().filter(|piece| piece.kept.is_none());
    missing.map(|piece| piece.rect)
}

/// Copies what a tile reads, but for what its worker has of the photo.
pub(super) fn pack_regions(
    needs: &[Need],
    sources: &Sources<'_>,
    way: PhotoWay<'_>,
    room: &mut Room<'_>,
) -> Vec<RegionForm> {
    let pack = |need: &Need| {
        let kind = match (sources.region(need), way) {
            (Region::Photo(_), PhotoWay::Shared) => RegionKind::SharedPhoto,
            (Region::Photo(view), PhotoWay::Sent) => {
                pack_photo(&view, need.rect, room);
                RegionKind::Photo
            }
            (Region::Photo(view), PhotoWay::Pieces(pieces)) => {
                sent(pieces).for_each(|rect| pack_photo(&view, rect, room));
                RegionKind::Pieces
            }
            (Region::Planes(tile), _) => pack_planes(tile, need.rect, room),
        };
        RegionForm {
            rect: need.rect,
            kind,
        }
    };
    needs.iter().map(pack).collect()
}

fn pack_photo(view: &ImageView<'_>, rect: Rect, room: &mut Room<'_>) {
    let channels = view.layout.channels();
    let (samples, sample_bytes): (&[u8], usize) = match view.samples {
        SamplesRef::U8(samples) => (samples, 1),
        SamplesRef::U16(samples) => (bytemuck::cast_slice(samples), 2),
    };
    let pixel_bytes = channels * sample_bytes;
    let stride = view.rect.width as usize * pixel_bytes;
    let row_bytes = rect.width as usize * pixel_bytes;
    let top = (rect.y.saturating_sub(view.rect.y)) as usize;
    let left = (rect.x.saturating_sub(view.rect.x)) as usize * pixel_bytes;
    let target = room.extend(row_bytes * rect.height as usize);
    for (row_idx, row) in target.chunks_exact_mut(row_bytes.max(1)).enumerate() {
        let start = (top + row_idx) * stride + left;
        row.copy_from_slice(&samples[start..start + row_bytes]);
    }
}

fn pack_planes(tile: &Tile, rect: Rect, room: &mut Room<'_>) -> RegionKind {
    let width = rect.width as usize;
    let row_bytes = width * size_of::<f32>();
    let top = (rect.y.saturating_sub(tile.rect().y)) as usize;
    let left = (rect.x.saturating_sub(tile.rect().x)) as usize;
    let height = rect.height as usize;
    let target = room.extend(row_bytes * height * tile.n_planes());
    for (idx, row) in target.chunks_exact_mut(row_bytes.max(1)).enumerate() {
        let from = tile.row(idx / height, top + idx % height);
        row.copy_from_slice(bytemuck::cast_slice(&from[left..left + width]));
    }
    RegionKind::Planes {
        n_planes: tile.n_planes() as u8,
    }
}

/// Packed planes of a finished tile.
pub(super) fn pack_tile(tile: &Tile, room: &mut Room<'_>) {
    pack_planes(tile, tile.rect(), room);
}

/// What a tile's regions were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tile's regions are not what its pass reads")]
pub(super) struct WrongRegions;

/// One region of a payload, as the tile routine takes it.
pub(super) enum Unpacked<'a> {
    Photo(ImageView<'a>),
    /// Put together from pieces.
    Assembled(Rect, Payload),
    Planes(Tile),
}

impl Unpacked<'_> {
    pub(super) fn region(&self, source: &SourceForm) -> Region<'_> {
        match self {
            Self::Photo(view) => Region::Photo(*view),
            Self::Assembled(rect, payload) => Region::Photo(view(*rect, source, payload.bytes())),
            Self::Planes(tile) => Region::Planes(tile),
        }
    }
}

/// Where regions come from, beside what a tile brings.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a, 's> {
    pub(super) source: &'a SourceForm,
    /// The whole photo, where it is shared.
    pub(super) photo: Option<&'a [u8]>,
    pub(super) pieces: &'s [Piece],
    pub(super) store: &'s Store,
}

/// Memory that regions are laid out in.
pub(super) struct Rooms<'a> {
    pub(super) scratch: &'a mut Scratch,
    pub(super) buffers: &'a Buffers,
}

/// Reads regions from where they lie in `bytes`, in what is kept, or in the photo that is shared whole.
///
/// # Errors
/// When the bytes are not exactly the regions that `forms` tell of.
pub(super) fn unpack_regions<'a>(
    forms: &[RegionForm],
    origin: Origin<'a, '_>,
    bytes: &'a [u8],
    rooms: &mut Rooms<'_>,
) -> Result<Vec<Unpacked<'a>>, WrongRegions> {
    let source = origin.source;
    let mut end = 0_usize;
    let mut regions = Vec::with_capacity(forms.len());
    for form in forms {
        if form.kind == RegionKind::SharedPhoto {
            let whole = Rect::of(source.size);
            let photo = origin.photo.filter(|_| whole.contains(form.rect));
            let photo = photo.ok_or(WrongRegions)?;
            regions.push(Unpacked::Photo(view(whole, source, photo)));
            continue;
        }
        let start = end.next_multiple_of(REGION_ALIGN);
        if form.kind == RegionKind::Pieces {
            let mut payload = rooms.buffers.take();
            let sent = (source, bytes.get(start..).unwrap_or_default());
            let (store, pieces) = (origin.store, origin.pieces);
            let n_sent = store.assemble(form.rect, pieces, sent, &mut payload)?;
            // Where nothing of it was sent, there is no gap before it either.
            end = if n_sent > 0 { start + n_sent } else { end };
            regions.push(Unpacked::Assembled(form.rect, payload));
            continue;
        }
        let n_bytes = form_bytes(form, source).ok_or(WrongRegions)?;
        end = start.checked_add(n_bytes).ok_or(WrongRegions)?;
        let bytes = bytes.get(start..end).ok_or(WrongRegions)?;
        regions.push(match form.kind {
            RegionKind::Photo | RegionKind::Pieces | RegionKind::SharedPhoto => {
                Unpacked::Photo(view(form.rect, source, bytes))
            }
            RegionKind::Planes { n_planes } => {
                let mut tile = rooms.scratch.tile(form.rect, n_planes.into());
                unpack_planes(bytes, &mut tile);
                Unpacked::Planes(tile)
            }
        });
    }
    if end == bytes.len() {
        Ok(regions)
    } else {
        Err(WrongRegions)
    }
}

/// Bytes a region takes; `None` when they cannot be counted.
fn form_bytes(form: &RegionForm, source: &SourceForm) -> Option<usize> {
    let pixel_bytes = match form.kind {
        RegionKind::Photo | RegionKind::Pieces | RegionKind::SharedPhoto => {
            source.layout.channels() * source.depth.bytes()
        }
        RegionKind::Planes { n_planes } => usize::from(n_planes) * size_of::<f32>(),
    };
    let area = usize::try_from(form.rect.area()).ok()?;
    area.checked_mul(pixel_bytes)
}

fn view<'a>(rect: Rect, source: &SourceForm, bytes: &'a [u8]) -> ImageView<'a> {
    let samples = match source.depth {
        Depth::Eight => SamplesRef::U8(bytes),
        Depth::Sixteen => SamplesRef::U16(bytemuck::cast_slice(bytes)),
    };
    ImageView {
        rect,
        layout: source.layout,
        samples,
    }
}

fn unpack_planes(bytes: &[u8], tile: &mut Tile) {
    let (width, height) = (tile.rect().width as usize, tile.rect().height as usize);
    let rows = bytes.chunks_exact((width * size_of::<f32>()).max(1));
    for (idx, row) in rows.enumerate() {
        let target = tile.row_mut(idx / height, idx % height);
        bytemuck::cast_slice_mut(&mut target[..width]).copy_from_slice(row);
        target[width..].fill(0.0);
    }
}

/// Pixels of a finished tile that travel as they are.
#[derive(Debug)]
pub(super) enum Body {
    Empty,
    Payload(Payload),
    Samples(Samples),
}

impl Body {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Empty => &[],
            Self::Payload(payload) => payload.bytes(),
            Self::Samples(samples) => samples.as_ref().bytes(),
        }
    }
}

/// Lays a finished tile's pixels into exactly as many bytes.
pub(super) fn lay_out(pixels: &TilePixels, bytes: &mut [u8]) {
    match pixels {
        TilePixels::Samples(samples) => bytes.copy_from_slice(samples.as_ref().bytes()),
        TilePixels::Planes(tile) => pack_tile(tile, &mut Room::Part(bytes, 0)),
        // They are there.
        TilePixels::Laid => {}
    }
}

/// Splits a finished tile into what travels and what the desk takes back.
pub(super) fn pack_output(
    pixels: TilePixels,
    take_payload: impl FnOnce() -> Payload,
) -> (Body, Option<Tile>) {
    match pixels {
        TilePixels::Samples(samples) => (Body::Samples(samples), None),
        TilePixels::Laid => (Body::Empty, None),
        TilePixels::Planes(tile) => {
            let mut payload = take_payload();
            pack_tile(&tile, &mut Room::Payload(&mut payload));
            (Body::Payload(payload), Some(tile))
        }
    }
}

#[cfg(test)]
mod tests;
