//! Defringe's planes of a tile, and its three passes over them.

use super::rows::{Shape, clean_row, gradient_row, seen_gradient_row, share_row};
use crate::filters::kernel::Work;
use crate::filters::kernels::field::Field;
use crate::filters::kernels::finite::finite;
use crate::filters::kernels::roots::{split_row, straighten};
use crate::pixels::geometry::Rect;
use crate::pixels::simd::vectorize;
use crate::pixels::tile::Tile;

/// p, u, v and alpha of a tile and all that is read around it.
pub(super) struct Planes {
    p: Field,
    u: Field,
    v: Field,
    alpha: Option<Field>,
    /// Frame position of the fields' corner; may lie outside.
    left: i64,
    top: i64,
}

impl Planes {
    pub(super) fn of(input: &Tile, rect: Rect, margin: usize, work: &mut Work<'_>) -> Self {
        let mut field = |plane_idx| Field::around(input, plane_idx, rect, margin, work.scratch);
        let [mut p, mut u, mut v] = [field(0), field(1), field(2)];
        let alpha = (input.n_planes() > 3).then(|| field(3));
        let [r, g, b] = [&mut p, &mut u, &mut v].map(Field::values_mut);
        let weights = alpha.as_ref().map(Field::values);
        vectorize(
            #[inline(always)]
            || {
                if let Some(alpha) = weights {
                    straighten(r, alpha);
                    straighten(g, alpha);
                    straighten(b, alpha);
                }
                split_row(r, g, b);
            },
        );
        Self {
            p,
            u,
            v,
            alpha,
            left: i64::from(rect.x) - margin as i64,
            top: i64::from(rect.y) - margin as i64,
        }
    }

    pub(super) fn finish(self, work: &mut Work<'_>) {
        for field in [self.p, self.u, self.v].into_iter().chain(self.alpha) {
            field.finish(work.scratch);
        }
    }

    /// Where row `row_idx` of a tile at `rect` begins in the fields.
    const fn start(&self, rect: Rect, row_idx: usize) -> usize {
        let x = (rect.x as i64 - self.left) as usize;
        let y = (rect.y as i64 - self.top) as usize + row_idx;
        y * self.p.width() + x
    }

    pub(super) fn write_gradient(&self, gradient: &mut Tile) {
        let rect = gradient.rect();
        let (n, width) = (rect.width as usize, self.p.width());
        for row_idx in 0..rect.height as usize {
            let start = self.start(rect, row_idx);
            let beside = [start - 1, start + 1, start - width, start + width];
            let p = beside.map(|at| &self.p.values()[at..at + n]);
            let out = &mut gradient.row_mut(0, row_idx)[..n];
            match &self.alpha {
                None => vectorize(
                    #[inline(always)]
                    || gradient_row(p, out),
                ),
                Some(alpha) => {
                    let alpha = beside.map(|at| &alpha.values()[at..at + n]);
                    vectorize(
                        #[inline(always)]
                        || seen_gradient_row(p, alpha, out),
                    );
                }
            }
        }
    }

    /// What each pixel adds to the neighbourhood's colour: its weight, and u and v times that.
    pub(super) fn write_shares(&self, shape: &Shape, edges: &Tile, shares: &mut Tile) {
        let rect = shares.rect();
        let n = rect.width as usize;
        let len = shares.stride() * rect.height as usize;
        let stride = shares.stride();
        let (weight, colors) = shares.data_mut().split_at_mut(len);
        let (su, sv) = colors.split_at_mut(len);
        for row_idx in 0..rect.height as usize {
            let range = self.start(rect, row_idx)..self.start(rect, row_idx) + n;
            let row = row_idx * stride..row_idx * stride + n;
            let out = [&mut weight[row.clone()], &mut su[row.clone()], &mut sv[row]];
            let color = [
                &self.u.values()[range.clone()],
                &self.v.values()[range.clone()],
            ];
            let edge = &edges.row(0, row_idx)[..n];
            let alpha = self.alpha.as_ref().map(|alpha| &alpha.values()[range]);
            vectorize(
                #[inline(always)]
                || share_row(shape, color, edge, alpha, out),
            );
        }
    }

    pub(super) fn write(
        &self,
        shape: &Shape,
        [edges, means]: [&Tile; 2],
        input: &Tile,
        output: &mut Tile,
    ) {
        output.copy_from(input);
        let rect = output.rect();
        let n = rect.width as usize;
        let (left, top) = (rect.x - edges.rect().x, rect.y - edges.rect().y);
        for row_idx in 0..rect.height as usize {
            let range = self.start(rect, row_idx)..self.start(rect, row_idx) + n;
            let planes = [&self.p, &self.u, &self.v].map(|f| &f.values()[range.clone()]);
            let alpha = self.alpha.as_ref().map(|alpha| &alpha.values()[range]);
            let edge = &edges.row(0, top as usize + row_idx)[left as usize..][..n];
            let means = [0, 1, 2].map(|plane_idx| &means.row(plane_idx, row_idx)[..n]);
            let row = output.color_row_mut(row_idx);
            let out = [row.r, row.g, row.b].map(|color| &mut color[..n]);
            vectorize(
                #[inline(always)]
                || match alpha {
                    None => clean_row::<false>(shape, planes, (edge, means), &[], out),
                    Some(alpha) => clean_row::<true>(shape, planes, (edge, means), alpha, out),
                },
            );
            if let Some(alpha) = row.a {
                vectorize(
                    #[inline(always)]
                    || alpha.iter_mut().for_each(|a| *a = finite(*a)),
                );
            }
        }
    }
}
