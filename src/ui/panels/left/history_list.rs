//! Every step since the photo was opened. A click goes back, or forward again, to after that step.

use egui::{ScrollArea, Ui};

use crate::recipe::History;
use crate::ui::command::{EditCommand, Outbox};
use crate::ui::panels::figures;
use crate::ui::theme::size;
use crate::ui::widgets::{ListRow, text};

use super::measured::Measured;

/// What the list shows.
#[derive(Debug, Clone, Copy)]
pub struct HistoryView<'a> {
    pub history: &'a History,
    /// From the wish to the photo being ready.
    pub open_ns: u64,
}

pub(super) fn history_list_ui(
    ui: &mut Ui,
    view: Option<HistoryView<'_>>,
    measured: &Measured,
    fills_height: bool,
    outbox: &mut Outbox,
) {
    ui.horizontal(|ui| {
        ui.add_space(size::GAP_M);
        text::section(ui, "History");
    });
    let Some(HistoryView { history, open_ns }) = view else {
        ui.horizontal(|ui| {
            ui.add_space(size::GAP_M);
            text::caption(ui, "Every step is kept here.");
        });
        return;
    };
    let position = history.position();
    let list = ScrollArea::vertical()
        .id_salt("history")
        .auto_shrink([false, !fills_height]);
    list.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let opened = figures::duration(open_ns);
        let row = ListRow::new("Opened").figure(&opened).chosen(position == 0);
        jump_on_click(&ui.add(row), 0, position, outbox);
        for (idx, action) in history.entries().enumerate() {
            let n_done = idx + 1;
            let cost = measured.of(idx, action.at_ms).map(figures::duration);
            let row = ListRow::new(&action.label)
                .figure(cost.as_deref().unwrap_or_default())
                .chosen(n_done == position)
                .ahead(n_done > position);
            let response = ui.push_id(idx, |ui| ui.add(row)).inner;
            keep_in_sight(ui, &response, n_done == position);
            jump_on_click(&response, n_done, position, outbox);
        }
    });
}

fn jump_on_click(response: &egui::Response, n_done: usize, position: usize, outbox: &mut Outbox) {
    if response.clicked() && n_done != position {
        outbox.edit(EditCommand::Jump(n_done));
    }
}

/// Follows the current step when it changes, and lets people scroll otherwise.
fn keep_in_sight(ui: &Ui, row: &egui::Response, is_current: bool) {
    if !is_current {
        return;
    }
    let id = egui::Id::unique("history shown");
    let last = ui.data(|data| data.get_temp::<egui::Id>(id));
    if last != Some(row.id) {
        ui.data_mut(|data| data.insert_temp(id, row.id));
        row.scroll_to_me(None);
    }
}
