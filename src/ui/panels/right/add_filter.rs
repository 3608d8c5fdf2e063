//! "Add a filter": a field to search with, and the filters it finds below it, by group. Arrows choose,
//! Enter adds.

use egui::{Key, Modifiers, Popup, PopupCloseBehavior, Rect, RichText, ScrollArea, Ui, vec2};

use crate::filters::registry::FILTERS;
use crate::filters::spec::{Group, Spec};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{MenuItem, search_field};

const NAME: &str = "Add a filter";
/// Enough for all filters; a low window scrolls.
const LIST_HEIGHT: f32 = 620.0;
const FOOTER: f32 = 48.0;

/// What the field remembers between frames.
#[derive(Debug, Default)]
pub(super) struct AddFilter {
    text: String,
    is_open: bool,
    chosen_idx: usize,
    /// The keyboard shall come here in the next frame.
    pub(super) wants_focus: bool,
}

/// The field with its list; the filter that was chosen.
pub(super) fn add_filter_ui(ui: &mut Ui, state: &mut AddFilter) -> Option<&'static Spec> {
    let field = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), size::BUTTON));
    let found = found_by(&state.text);
    let was_moved = state.move_by_keys(ui, found.len());
    let outcome = search_field(ui, NAME, &mut state.text);
    if std::mem::take(&mut state.wants_focus) {
        outcome.response.request_focus();
        state.open("");
    }
    if outcome.response.clicked() || (outcome.is_changed && !state.text.is_empty()) {
        let text = state.text.clone();
        state.open(&text);
    }
    if outcome.is_cleared {
        state.is_open = false;
    }
    if !state.is_open {
        return None;
    }
    let found = found_by(&state.text);
    state.chosen_idx = state.chosen_idx.min(found.len().saturating_sub(1));
    let by_enter = outcome.is_submitted.then(|| found.get(state.chosen_idx));
    let (by_click, list) = list_ui(ui, field, &found, (state.chosen_idx, was_moved));
    let pressed_at = ui.input(|input| {
        let at = input.pointer.interact_pos();
        at.filter(|_| input.pointer.any_pressed())
    });
    let is_elsewhere = |at: egui::Pos2| !field.contains(at) && !list.contains(at);
    let tabbed = outcome.response.lost_focus() && ui.input(|input| input.key_pressed(Key::Tab));
    let picked = by_enter.flatten().copied().or(by_click);
    if picked.is_some() || tabbed || pressed_at.is_some_and(is_elsewhere) {
        state.is_open = false;
    }
    if picked.is_some() {
        state.text.clear();
    }
    picked
}

impl AddFilter {
    fn open(&mut self, text: &str) {
        self.is_open = true;
        self.chosen_idx = best_idx(&found_by(text), text);
    }

    fn move_by_keys(&mut self, ui: &Ui, n_found: usize) -> bool {
        if !self.is_open || n_found == 0 {
            return false;
        }
        let (up, down) = ui.input_mut(|input| {
            (
                input.consume_key(Modifiers::NONE, Key::ArrowUp),
                input.consume_key(Modifiers::NONE, Key::ArrowDown),
            )
        });
        if up {
            self.chosen_idx = self.chosen_idx.checked_sub(1).unwrap_or(n_found - 1);
        }
        if down {
            self.chosen_idx = (self.chosen_idx + 1) % n_found;
        }
        up || down
    }
}

/// Filters by name, and from three letters on by group or purpose too; all for no words. By group,
/// then in canonical order.
fn found_by(text: &str) -> Vec<&'static Spec> {
    let wanted = text.trim().to_lowercase();
    let n_letters = wanted.chars().count();
    let is_found = |spec: &&'static Spec| {
        let label = spec.label.to_lowercase();
        let begins_a_word = label.split(' ').any(|word| word.starts_with(&wanted));
        let has = |words: &str| words.to_lowercase().contains(&wanted);
        begins_a_word
            || (n_letters >= 2 && (has(&label) || has(spec.id)))
            || (n_letters >= 3 && (has(spec.group.label()) || has(spec.summary)))
    };
    let specs = FILTERS.iter().map(|filter| filter.spec());
    let mut found: Vec<&'static Spec> = specs.filter(is_found).collect();
    found.sort_by_key(|spec| (spec.group, spec.rank));
    found
}

/// The one that Enter takes at once: whose name begins with the text, else whose name has it.
fn best_idx(found: &[&'static Spec], text: &str) -> usize {
    let wanted = text.trim().to_lowercase();
    let named = |is_it: &dyn Fn(&str) -> bool| {
        found
            .iter()
            .position(|spec| is_it(&spec.label.to_lowercase()))
    };
    named(&|label| label.starts_with(&wanted))
        .or_else(|| named(&|label| label.contains(&wanted)))
        .unwrap_or_default()
}

fn list_ui(
    ui: &Ui,
    field: Rect,
    found: &[&'static Spec],
    (chosen_idx, follows): (usize, bool),
) -> (Option<&'static Spec>, Rect) {
    let id = ui.make_persistent_id("add filter list");
    let popup = Popup::new(id, ui.ctx().clone(), field, ui.layer_id())
        .open(true)
        .width(field.width())
        .gap(size::GAP_XS)
        .close_behavior(PopupCloseBehavior::IgnoreClicks);
    let shown = popup.show(|ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        let room = ui.ctx().content_rect().bottom() - field.bottom() - FOOTER;
        let height = LIST_HEIGHT.min(room.max(FOOTER));
        let list = ScrollArea::vertical()
            .max_height(height)
            .min_scrolled_height(height);
        let picked = list
            .show(ui, |ui| items_ui(ui, found, (chosen_idx, follows)))
            .inner;
        footer_ui(ui, found.get(chosen_idx).copied());
        picked
    });
    shown.map_or((None, Rect::NOTHING), |shown| {
        (shown.inner, shown.response.rect)
    })
}

/// `follows`: the list scrolls to the chosen one.
fn items_ui(
    ui: &mut Ui,
    found: &[&'static Spec],
    (chosen_idx, follows): (usize, bool),
) -> Option<&'static Spec> {
    let theme = Theme::of(ui);
    let mut picked = None;
    let mut group: Option<Group> = None;
    for (idx, spec) in found.iter().enumerate() {
        if group != Some(spec.group) {
            group = Some(spec.group);
            ui.add_space(if idx == 0 { 2.0 } else { size::GAP_S });
            ui.horizontal(|ui| {
                ui.add_space(size::GAP_S);
                let head = RichText::new(spec.group.label()).font(font::caption());
                ui.label(head.color(theme.faint));
            });
        }
        if follows && idx == chosen_idx {
            let row = vec2(ui.available_width(), size::ROW);
            ui.scroll_to_rect(Rect::from_min_size(ui.cursor().min, row), None);
        }
        if MenuItem::new(spec.label).chosen(idx == chosen_idx).show(ui) {
            picked = Some(*spec);
        }
    }
    picked
}

/// What the chosen filter does, or that nothing was found.
fn footer_ui(ui: &mut Ui, chosen: Option<&'static Spec>) {
    let theme = Theme::of(ui);
    let words = chosen.map_or_else(
        || "No filter of that name. Clear the field to see them all.".to_owned(),
        |spec| format!("{} {}", spec.label, spec.summary),
    );
    ui.add_space(size::GAP_XS);
    ui.horizontal_wrapped(|ui| {
        ui.add_space(size::GAP_S);
        ui.label(RichText::new(words).font(font::caption()).color(theme.soft));
    });
    ui.add_space(size::GAP_XS);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_find_by_name_group_and_purpose() {
        let labels = |text: &str| -> Vec<&str> {
            let found = found_by(text);
            found.iter().map(|spec| spec.label).collect()
        };
        assert_eq!(found_by("").len(), FILTERS.len());
        assert!(labels("blur").contains(&"Blur"));
        assert!(labels("GEOM").contains(&"Crop"));
        assert!(labels("noise").contains(&"Median"));
        assert!(labels("zzz").is_empty());
        assert!(!labels("s").contains(&"Crop"), "one letter begins a name");
    }

    #[test]
    fn enter_takes_the_name_that_begins_with_the_text() {
        let found = found_by("s");
        assert!(found[best_idx(&found, "s")].label.starts_with('S'));
        let found = found_by("vig");
        assert_eq!(found[best_idx(&found, "vig")].id, "vignette");
    }
}
