//! The table is whole and without doubles.

use std::collections::HashSet;

use super::*;

#[test]
fn no_two_lines_share_their_keys() {
    let mut seen = HashSet::new();
    for shortcut in SHORTCUTS {
        assert!(seen.insert(shortcut.keys), "{}", shortcut.keys);
    }
}

#[test]
fn every_group_has_a_line_and_tooltips_find_theirs() {
    for group in KeyGroup::ALL {
        assert!(SHORTCUTS.iter().any(|shortcut| shortcut.group == group));
    }
    assert_eq!(keys_of("Undo"), "Ctrl+Z");
    assert_eq!(keys_of("no such thing"), "");
}
