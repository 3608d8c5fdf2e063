//! The two ends of the pipeline: samples of a picture to rows of linear light, and back.
//!
//! Both are exact where nothing was edited: a sample that goes through [`Decoder`] and [`Encoder`]
//! of one colour space comes back as it was, at 8 and at 16 bits (tested for every value).

mod byte_table;
mod decode;
mod encode;
mod row_curve;
mod srgb_bytes;

pub use decode::Decoder;
pub use encode::{Encoder, OutputFormat};

/// Row-major f32 matrix, as rows of pixels use it.
type RowMatrix = [[f32; 3]; 3];

fn to_row_matrix(m: &super::color::Matrix3) -> Option<RowMatrix> {
    let is_identity = m
        .iter()
        .flatten()
        .zip(super::color::IDENTITY3.iter().flatten())
        .all(|(value, identity)| (value - identity).abs() < 1e-9);
    (!is_identity).then(|| m.map(|row| row.map(|value| value as f32)))
}

#[inline(always)]
fn mix(m: &RowMatrix, r: &mut [f32], g: &mut [f32], b: &mut [f32]) {
    let n = r.len().min(g.len()).min(b.len());
    let (r, g, b) = (&mut r[..n], &mut g[..n], &mut b[..n]);
    for i in 0..n {
        let (x, y, z) = (r[i], g[i], b[i]);
        r[i] = m[0][2].mul_add(z, m[0][1].mul_add(y, m[0][0] * x));
        g[i] = m[1][2].mul_add(z, m[1][1].mul_add(y, m[1][0] * x));
        b[i] = m[2][2].mul_add(z, m[2][1].mul_add(y, m[2][0] * x));
    }
}

#[cfg(test)]
mod tests;
