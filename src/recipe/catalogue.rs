//! The filters a recipe may name, and which of them somebody meant.

use crate::filters::registry::FILTERS;
use crate::filters::spec::Spec;

use super::error::{Names, Quoted, RecipeError};

/// Suggestions for one wrong name.
const MAX_SUGGESTIONS: usize = 3;

/// Specs by id.
#[derive(Debug, Clone)]
pub struct Catalogue(Vec<&'static Spec>);

impl Default for Catalogue {
    fn default() -> Self {
        Self::all()
    }
}

impl Catalogue {
    /// Every filter of this Parallax.
    #[must_use]
    pub fn all() -> Self {
        Self(FILTERS.iter().map(|filter| filter.spec()).collect())
    }

    /// These filters only.
    #[must_use]
    pub fn of(specs: &[&'static Spec]) -> Self {
        Self(specs.to_vec())
    }

    #[must_use]
    pub fn find(&self, filter_id: &str) -> Option<&'static Spec> {
        self.0.iter().copied().find(|spec| spec.id == filter_id)
    }

    /// # Errors
    /// [`RecipeError::UnknownFilter`] with the nearest names.
    pub fn get(&self, filter_id: &str) -> Result<&'static Spec, RecipeError> {
        self.find(filter_id)
            .ok_or_else(|| RecipeError::UnknownFilter {
                given: Quoted::new(filter_id),
                nearest: Names {
                    names: self.nearest(filter_id),
                    last_word: "or",
                },
            })
    }

    /// Ids that differ by a few letters, or of which `given` is a part; nearest first.
    fn nearest(&self, given: &str) -> Vec<&'static str> {
        let given: Vec<u8> = given.bytes().take(64).collect();
        let given_lower = given.to_ascii_lowercase();
        let max_distance = 1 + given.len() / 4;
        let mut near: Vec<(usize, &'static str)> = self
            .0
            .iter()
            .filter_map(|spec| {
                let id = spec.id.as_bytes();
                let is_part =
                    given.len() >= 3 && id.windows(given.len()).any(|part| part == given_lower);
                let distance = n_changed_letters(&given_lower, id);
                let rank = if is_part { 1 } else { distance };
                (rank <= max_distance).then_some((rank, spec.id))
            })
            .collect();
        near.sort_unstable();
        near.truncate(MAX_SUGGESTIONS);
        near.into_iter().map(|(_, id)| id).collect()
    }
}

/// Levenshtein's distance: letters added, left out or changed.
fn n_changed_letters(one: &[u8], other: &[u8]) -> usize {
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row_idx, letter) in one.iter().enumerate() {
        let mut diagonal = row_idx;
        above[0] = row_idx + 1;
        for (column_idx, other_letter) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != other_letter);
            diagonal = above[column_idx + 1];
            above[column_idx + 1] = change.min(diagonal + 1).min(above[column_idx] + 1);
        }
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_of_known_pairs() {
        assert_eq!(n_changed_letters(b"kitten", b"sitting"), 3);
        assert_eq!(n_changed_letters(b"", b"blur"), 4);
        assert_eq!(n_changed_letters(b"blur", b"blur"), 0);
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        let catalogue = crate::recipe::specimens::catalogue();
        let message = |given| catalogue.get(given).unwrap_err().to_string();
        assert_eq!(
            message("exposre"),
            "there is no filter \"exposre\"; did you mean exposure?"
        );
        assert_eq!(
            message("zzzzzz"),
            "there is no filter \"zzzzzz\"; `parallax filters` lists them all"
        );
        assert!(message("Exposure").contains("did you mean exposure"));
        assert!(message(&"é\n".repeat(5000)).chars().count() < 140);
    }
}
