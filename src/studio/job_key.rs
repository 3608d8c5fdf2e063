//! What makes two runs comparable: the hash of everything that decides the pixels they compute.

use sha2::{Digest as _, Sha256};

use crate::pixels::geometry::Rect;
use crate::plan::graph::Plan;

use super::photo::hex;

/// Hash of photo, plan (recipe, scale and output are in it) and region, in hexadecimal. Speed-up
/// and "identical" exist only between runs of one key.
#[must_use]
pub fn job_key(photo_sha256: &str, plan: &Plan, region: Rect) -> String {
    let mut hash = Sha256::new();
    hash.update(photo_sha256.as_bytes());
    // A plan holds only numbers and names, which postcard always takes.
    hash.update(postcard::to_stdvec(plan).unwrap_or_default());
    for side in [region.x, region.y, region.width, region.height] {
        hash.update(side.to_le_bytes());
    }
    hex(&hash.finalize()[..16])
}
