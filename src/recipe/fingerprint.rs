//! The hash of what a recipe does to a photo: part of a job's key, and of a cache's.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::filters::value::Value;

use super::edit::{Edit, What};
use super::stack::Recipe;

/// SHA-256 of the edits that change the picture. Names, ids, and edits that are switched off, at
/// their identity or unavailable do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Recipe {
    /// Equal for recipes that make the same picture from the same photo by the same formulas.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(b"parallax recipe 1\0");
        for edit in self.edits() {
            if edit.is_active() {
                feed(&mut hash, edit);
            }
        }
        Fingerprint(hash.finalize().into())
    }
}

/// Every part has a fixed length or its length before it, so that no two edits read alike.
fn feed(hash: &mut Sha256, edit: &Edit) {
    let What::Known {
        spec,
        values,
        formula,
    } = &edit.what
    else {
        return;
    };
    hash.update((spec.id.len() as u32).to_le_bytes());
    hash.update(spec.id);
    hash.update(formula.to_le_bytes());
    feed_number(hash, edit.opacity);
    hash.update((values.as_slice().len() as u32).to_le_bytes());
    for value in values.as_slice() {
        match value {
            Value::Number(number) => {
                hash.update([0]);
                feed_number(hash, *number);
            }
            Value::Pixels(pixels) => {
                hash.update([1]);
                feed_number(hash, *pixels);
            }
            Value::Choice(option_idx) => {
                hash.update([2]);
                hash.update(option_idx.to_le_bytes());
            }
            Value::Curve(curve) => {
                hash.update([3]);
                hash.update((curve.points().len() as u32).to_le_bytes());
                for &coordinate in curve.points().as_flattened() {
                    feed_number(hash, coordinate);
                }
            }
            Value::Asset(None) => hash.update([4]),
            // Where the file lay does not matter.
            Value::Asset(Some(asset)) => {
                hash.update([5]);
                hash.update(asset.sha256());
            }
        }
    }
}

/// Both zeros are one.
fn feed_number(hash: &mut Sha256, number: f64) {
    hash.update((number + 0.0).to_bits().to_le_bytes());
}
