//! The sheet of shortcuts, from the table that the keys themselves follow.

use egui::{Align, Context, Layout, RichText, ScrollArea, Ui, vec2};

use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{kbd, text};

use super::sheet::sheet;

const WIDTH: f32 = 640.0;
const HEIGHT: f32 = 620.0;

/// What a key does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortcut {
    /// As key caps read: "Ctrl+Shift+E".
    pub keys: String,
    pub does: String,
}

/// Shortcuts that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortcutGroup {
    pub title: String,
    pub shortcuts: Vec<Shortcut>,
}

/// True when it shall close.
pub(super) fn shortcuts_sheet(ctx: &Context, groups: &[ShortcutGroup]) -> bool {
    let ((), closed) = sheet(ctx, "Shortcuts", WIDTH, |ui| {
        let height = HEIGHT.min(ui.ctx().content_rect().height() - 160.0);
        let list = ScrollArea::vertical()
            .auto_shrink([false, true])
            .max_height(height)
            .min_scrolled_height(height);
        list.show(ui, |ui| {
            let half = half_of(groups);
            ui.set_width(ui.available_width() - size::GAP_M);
            ui.spacing_mut().item_spacing.x = size::GAP_XL;
            ui.columns(2, |columns| {
                groups_ui(&mut columns[0], &groups[..half]);
                groups_ui(&mut columns[1], &groups[half..]);
            });
        });
    });
    closed
}

/// How many groups stand in the first column, so that both are about as long.
fn half_of(groups: &[ShortcutGroup]) -> usize {
    let rows = |group: &ShortcutGroup| group.shortcuts.len() + 2;
    let all: usize = groups.iter().map(rows).sum();
    let mut so_far = 0;
    for (idx, group) in groups.iter().enumerate() {
        if so_far + rows(group) / 2 >= all / 2 {
            return idx;
        }
        so_far += rows(group);
    }
    groups.len()
}

fn groups_ui(ui: &mut Ui, groups: &[ShortcutGroup]) {
    ui.spacing_mut().item_spacing = vec2(size::GAP_S, 2.0);
    for group in groups {
        text::section(ui, &group.title);
        for shortcut in &group.shortcuts {
            shortcut_ui(ui, shortcut);
        }
        ui.add_space(size::GAP_M);
    }
}

fn shortcut_ui(ui: &mut Ui, shortcut: &Shortcut) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), size::ROW);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        let does = RichText::new(&shortcut.does).font(font::body());
        ui.label(does.color(theme.text));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            kbd(ui, &shortcut.keys);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_columns_are_about_as_long() {
        let group = |n: usize| ShortcutGroup {
            title: "Group".to_owned(),
            shortcuts: vec![
                Shortcut {
                    keys: "A".to_owned(),
                    does: "does".to_owned(),
                };
                n
            ],
        };
        assert_eq!(half_of(&[group(4), group(4), group(4), group(4)]), 2);
        assert_eq!(half_of(&[group(12), group(2), group(2), group(2)]), 1);
        assert_eq!(half_of(&[]), 0);
    }
}
