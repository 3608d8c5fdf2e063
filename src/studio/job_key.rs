//! What makes two runs comparable: the hash of everything that decides the pixels they compute.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::pixels::geometry::Rect;
use crate::plan::graph::Plan;

use super::photo::hex;

/// Hash of photo, plan (recipe, scale and output are in it), region and what each tile waits for
/// simulated storage, in hexadecimal. Speed-up and "identical" exist only between runs of one key.
#[must_use]
pub fn job_key(photo_sha256: &str, plan: &Plan, region: Rect, storage_wait: Duration) -> String {
    let mut hash = Sha256::new();
    hash.update(photo_sha256.as_bytes());
    // A plan holds only numbers and names, which postcard always takes.
    hash.update(postcard::to_stdvec(plan).unwrap_or_default());
    for side in [region.x, region.y, region.width, region.height] {
        hash.update(side.to_le_bytes());
    }
    if !storage_wait.is_zero() {
        hash.update(storage_wait.as_nanos().to_le_bytes());
    }
    hex(&hash.finalize()[..16])
}
