//! Filled outlines in pixels, with edges as soft as the share of each pixel they cover.
//!
//! Coverage is the signed area left of each edge, summed along the row (the method of Raph Levien's
//! font-rs): exact for outlines that do not overlap themselves, non-zero otherwise by clamping.

use super::shape::Color;

/// A picture in the making, opaque.
pub(super) struct Raster {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
    /// Area by pixel, and one more a row for what leaves it to the right.
    area: Vec<f32>,
}

impl Raster {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            rgb: vec![0; width * height * 3],
            area: vec![0.0; (width + 2) * height],
        }
    }

    pub(super) fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// Fills closed outlines: what an odd or even number of them holds alike, where they turn one way.
    pub(super) fn fill(&mut self, outlines: &[Vec<[f32; 2]>], color: Color) {
        let rows = || outlines.iter().flatten().map(|point| point[1]);
        let top = rows().fold(f32::INFINITY, f32::min).floor().max(0.0) as usize;
        let bottom = rows().fold(0.0_f32, f32::max).ceil();
        let bottom = (bottom.max(0.0) as usize).min(self.height);
        for outline in outlines {
            for (idx, from) in outline.iter().enumerate() {
                let to = outline[(idx + 1) % outline.len()];
                self.edge(*from, to);
            }
        }
        for y in top.min(bottom)..bottom {
            self.paint_row(y, color);
        }
    }

    fn paint_row(&mut self, y: usize, color: Color) {
        let stride = self.width + 2;
        let areas = &mut self.area[y * stride..(y + 1) * stride];
        let mut sum = 0.0;
        for (x, area) in areas.iter_mut().enumerate() {
            sum += std::mem::take(area);
            let coverage = sum.abs().min(1.0);
            if x >= self.width || coverage < 1.0 / 512.0 {
                continue;
            }
            let at = (y * self.width + x) * 3;
            for (sample, value) in self.rgb[at..at + 3].iter_mut().zip(color) {
                let mixed = f32::from(*sample) * (1.0 - coverage) + f32::from(value) * coverage;
                *sample = mixed.round() as u8;
            }
        }
    }

    /// Adds what one edge leaves to its right in each row it crosses.
    fn edge(&mut self, from: [f32; 2], to: [f32; 2]) {
        let (turn, top, bottom) = if from[1] < to[1] {
            (1.0, from, to)
        } else {
            (-1.0, to, from)
        };
        if top[1] == bottom[1] {
            return;
        }
        let slope = (bottom[0] - top[0]) / (bottom[1] - top[1]);
        let first = top[1].max(0.0);
        let last = bottom[1].min(self.height as f32);
        let mut y = first;
        while y < last {
            let row = y.floor();
            let until = (row + 1.0).min(last);
            let x_at = |y: f32| (top[0] + (y - top[1]) * slope).clamp(0.0, self.width as f32);
            let (x0, x1) = (x_at(y), x_at(until));
            self.span(row as usize, (x0.min(x1), x0.max(x1)), turn * (until - y));
            y = until;
        }
    }

    /// One row's piece of an edge between two places, `height` tall with its sign.
    fn span(&mut self, row: usize, (left, right): (f32, f32), height: f32) {
        let base = row * (self.width + 2);
        let first = left.floor() as usize;
        let last = (right.ceil() as usize).max(first + 1);
        if last == first + 1 {
            let mean = f32::midpoint(left, right) - first as f32;
            self.area[base + first] += height * (1.0 - mean);
            self.area[base + first + 1] += height * mean;
            return;
        }
        let mut covered = 0.0;
        for x in first..last {
            // How much of the piece lies left of this pixel's end, by area within the pixel.
            let (from, to) = (left.max(x as f32), right.min((x + 1) as f32));
            let share = (to - from) / (right - left);
            let before = (from - left) / (right - left);
            let within = share * ((x + 1) as f32 - f32::midpoint(from, to));
            let now = height * (before + within);
            self.area[base + x] += now - covered;
            covered = now;
        }
        self.area[base + last] += height - covered;
    }
}
