//! Test harness: applies a prepared filter to a whole picture, at once or tile by tile.
//!
//! The plainest way of running each shape of kernel; opacity, plans and threads are left out.

use std::sync::atomic::AtomicBool;

use crate::filters::kernel::{AreaKernel, GatherKernel, Guided, Prepared, Stop, Work};
use crate::filters::kernels::grid::{Upsampler, cells_for, reduce};
use crate::pixels::geometry::{Rect, Size, tiles_of};
use crate::pixels::scratch::Scratch;
use crate::pixels::tile::Tile;

/// The whole picture in one tile.
pub(crate) fn whole(prepared: &Prepared, picture: &Tile) -> Tile {
    in_tiles(prepared, picture, picture.size())
}

/// Each tile computed from copies of just what the kernel says it needs.
pub(crate) fn in_tiles(prepared: &Prepared, picture: &Tile, tile_size: Size) -> Tile {
    let frame = picture.size();
    let mut output = Tile::new(Rect::of(frame), picture.n_planes());
    match prepared {
        Prepared::Point(kernel) => {
            output.copy_from(picture);
            for row_idx in 0..frame.height as usize {
                kernel.row(&mut output.color_row_mut(row_idx));
            }
        }
        Prepared::Area(kernel) => area(kernel.as_ref(), picture, &mut output, tile_size),
        Prepared::Guided(guided) => self::guided(guided, picture, &mut output, tile_size),
        Prepared::Geometry(_) | Prepared::Warp(_) => unreachable!("geometry has no kernel"),
    }
    output
}

/// Asserts that tiles of several sizes give the bits of the whole, and gives the whole back.
pub(crate) fn same_in_any_tile(prepared: &Prepared, picture: &Tile) -> Tile {
    let expected = whole(prepared, picture);
    for side in [7, 64] {
        let tiled = in_tiles(prepared, picture, Size::new(side, side));
        assert_same_bits(&tiled, &expected, side);
    }
    expected
}

fn assert_same_bits(a: &Tile, b: &Tile, side: u32) {
    let n = a.rect().width as usize;
    for plane_idx in 0..a.n_planes() {
        for row_idx in 0..a.rect().height as usize {
            let rows = [a, b].map(|tile| &tile.row(plane_idx, row_idx)[..n]);
            let differs = rows[0]
                .iter()
                .zip(rows[1])
                .position(|(a, b)| a.to_bits() != b.to_bits());
            assert_eq!(differs, None, "tile {side}, row {row_idx}");
        }
    }
}

fn area(kernel: &dyn AreaKernel, picture: &Tile, output: &mut Tile, tile_size: Size) {
    let frame = picture.size();
    let stop = AtomicBool::new(false);
    let mut scratch = Scratch::default();
    for rect in tiles_of(frame, tile_size) {
        let input = part(picture, kernel.input_rect(rect, frame));
        let mut tile = Tile::new(rect, output.n_planes());
        let mut work = Work {
            scratch: &mut scratch,
            stop: Stop::new(&stop),
        };
        kernel.run(&input, &mut tile, &mut work).unwrap();
        paste(&tile, output);
    }
}

fn guided(guided: &Guided, picture: &Tile, output: &mut Tile, tile_size: Size) {
    let frame = picture.size();
    let grid = frame.reduced(guided.factor);
    let mut map = gathered(guided.gather.as_ref(), guided.factor, picture, tile_size);
    for stage in &guided.stages {
        let mut next = Tile::new(Rect::of(grid), map.n_planes());
        area(stage.as_ref(), &map, &mut next, tile_size);
        map = next;
    }
    let mut scratch = Scratch::default();
    for rect in tiles_of(frame, tile_size) {
        let cells = part(&map, cells_for(rect, guided.factor, grid));
        let mut upsampler = Upsampler::new(&cells, guided.factor, grid, rect, &mut scratch);
        let mut tile = part(picture, rect);
        if !guided.apply.reads_input() {
            tile.data_mut().fill(f32::NAN);
        }
        let mut rows = vec![vec![f32::NAN; tile.stride()]; map.n_planes()];
        for row_idx in 0..rect.height {
            let mut planes: Vec<&mut [f32]> = rows.iter_mut().map(Vec::as_mut_slice).collect();
            upsampler.row(rect.y + row_idx, &mut planes);
            let guide: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
            let mut row = tile.color_row_mut(row_idx as usize);
            guided.apply.row(&mut row, &guide);
        }
        upsampler.finish(&mut scratch);
        paste(&tile, output);
    }
}

fn gathered(gather: &dyn GatherKernel, factor: u32, picture: &Tile, tile_size: Size) -> Tile {
    let frame = picture.size();
    let grid = frame.reduced(factor);
    let n_planes = gather.n_planes(picture.n_planes() == 4);
    let mut map = Tile::new(Rect::of(grid), n_planes);
    for cell_rect in tiles_of(grid, tile_size) {
        let rect = cell_rect.enlarged_within(factor, frame);
        let mut pixels = part(picture, rect);
        let mut planes = Tile::new(rect, n_planes);
        let stride = planes.stride();
        for row_idx in 0..rect.height as usize {
            let row = pixels.color_row_mut(row_idx);
            let mut rows: Vec<&mut [f32]> = planes
                .planes_mut()
                .map(|plane| &mut plane[row_idx * stride..(row_idx + 1) * stride])
                .collect();
            gather.row(&row, &mut rows);
        }
        let mut cells = Tile::new(cell_rect, n_planes);
        reduce(&planes, factor, frame, &mut cells);
        paste(&cells, &mut map);
    }
    map
}

fn part(from: &Tile, rect: Rect) -> Tile {
    let mut tile = Tile::new(rect, from.n_planes());
    tile.copy_from(from);
    tile
}

fn paste(tile: &Tile, onto: &mut Tile) {
    let (left, top) = (tile.rect().x as usize, tile.rect().y as usize);
    let width = tile.rect().width as usize;
    for plane_idx in 0..tile.n_planes() {
        for row_idx in 0..tile.rect().height as usize {
            let source = &tile.row(plane_idx, row_idx)[..width];
            onto.row_mut(plane_idx, top + row_idx)[left..left + width].copy_from_slice(source);
        }
    }
}

/// The index that stands at `i` beside a row and its mirror images.
pub(crate) fn fold(i: i64, len: u32) -> usize {
    let len = i64::from(len);
    let i = i.rem_euclid(2 * len);
    i.min(2 * len - 1 - i) as usize
}

/// A picture of `size` whose values lie in 0…1: waves, edges and noise.
pub(crate) fn test_picture(size: Size, n_planes: usize) -> Tile {
    let mut tile = Tile::new(Rect::of(size), n_planes);
    for plane_idx in 0..n_planes {
        for y in 0..size.height {
            let row = &mut tile.row_mut(plane_idx, y as usize)[..size.width as usize];
            for (x, value) in row.iter_mut().enumerate() {
                *value = test_value(x as u32, y, plane_idx as u32);
            }
        }
    }
    tile
}

fn test_value(x: u32, y: u32, plane_idx: u32) -> f32 {
    let hash = (x * 7919 + y * 104_729 + plane_idx * 31).wrapping_mul(2_654_435_761);
    let noise = (hash >> 8) as f32 / 16_777_216.0;
    let wave = ((x * (3 + plane_idx) + y * 2) % 64) as f32 / 64.0;
    let edge = ((x / 13 + y / 17) % 2) as f32;
    0.2 * noise + 0.35 * wave + 0.45 * edge
}
