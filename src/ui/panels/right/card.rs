//! One card of the stack, made from its filter's spec.

use egui::{Rect, Response, Ui};

use crate::filters::spec::{ParamKind, Spec};
use crate::recipe::{Edit, What};
use crate::ui::panels::figures;
use crate::ui::theme::size;
use crate::ui::widgets::text;
use crate::ui::widgets::{Button, CardAction, CardOutcome, CardView, EditCard};

use super::params::{Rows, RowsOutcome, rows_ui};
use super::slot::{Slot, SlotKey};

const JUDGE_AT_FULL: &str = "judge at 100 %";

/// What a card needs to know beside its slot.
#[derive(Debug, Clone, Copy)]
pub(super) struct CardFrame {
    pub(super) key: SlotKey,
    pub(super) is_open: bool,
    /// Over all workers, in the newest preview.
    pub(super) cost_ns: Option<u64>,
    /// The preview is smaller than the photo.
    pub(super) is_reduced: bool,
    pub(super) longer_side_px: f64,
}

/// What a card answers.
#[derive(Debug)]
pub(super) struct CardDone {
    pub(super) action: Option<CardAction>,
    pub(super) rows: RowsOutcome,
    pub(super) grip: Option<Response>,
    pub(super) rect: Rect,
}

pub(super) fn card_ui(ui: &mut Ui, slot: &Slot<'_>, frame: CardFrame) -> CardDone {
    let edit = slot.edit();
    let is_reduced = frame.is_reduced && edit.is_some_and(Edit::is_active);
    let judge = slot.spec().is_some_and(|spec| spec.judge_at_full) && is_reduced;
    let cost = frame.cost_ns.filter(|ns| *ns > 0).map(figures::duration);
    let view = CardView {
        title: slot.title(),
        cost: cost.as_deref(),
        remark: judge.then_some(JUDGE_AT_FULL),
        is_enabled: edit.is_none_or(|edit| edit.enabled),
        opacity: edit
            .filter(|edit| edit.has_opacity())
            .map(|edit| edit.opacity),
        is_edit: edit.is_some(),
    };
    match slot.spec() {
        Some(spec) if fits_a_row(spec) => done(EditCard::new(view).row(ui, frame.key, |ui| {
            let rows = contents(ui, slot, frame, true);
            if judge {
                text::caption(ui, JUDGE_AT_FULL);
            }
            rows
        })),
        Some(_) => {
            let card = EditCard::new(view);
            let outcome = card.block(ui, frame.key, frame.is_open, |ui| {
                contents(ui, slot, frame, false)
            });
            opened(outcome)
        }
        None => {
            let card = EditCard::new(view);
            let outcome = card.block(ui, frame.key, frame.is_open, |ui| why_ui(ui, edit));
            let by_words = outcome.inner == Some(true);
            CardDone {
                action: outcome.action.or(by_words.then_some(CardAction::Toggle)),
                rows: RowsOutcome::default(),
                grip: outcome.grip,
                rect: outcome.rect,
            }
        }
    }
}

/// One number or choice stands beside its name; a curve or a file needs room below it.
fn fits_a_row(spec: &Spec) -> bool {
    match spec.params {
        [] => true,
        [param] => matches!(param.kind, ParamKind::Number(_) | ParamKind::Choice(_)),
        _ => false,
    }
}

fn contents(ui: &mut Ui, slot: &Slot<'_>, frame: CardFrame, is_title: bool) -> RowsOutcome {
    let (Some(spec), Some(values)) = (slot.spec(), slot.values()) else {
        return RowsOutcome::default();
    };
    if spec.params.is_empty() {
        title_ui(ui, spec.label);
        return RowsOutcome::default();
    }
    let rows = Rows {
        key: frame.key,
        spec,
        longer_side_px: frame.longer_side_px,
        is_title,
    };
    rows_ui(ui, rows, &values)
}

/// A filter without parameters is only a name to switch on and off.
fn title_ui(ui: &mut Ui, title: &str) {
    let theme = crate::ui::theme::Theme::of(ui);
    let wanted = egui::vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(wanted, egui::Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, title));
    let font_id = crate::ui::theme::font::title();
    text::left(ui, rect, title, font_id, theme.text);
}

/// Why an edit cannot be done, and what can be done about it. True when it shall be switched off.
fn why_ui(ui: &mut Ui, edit: Option<&Edit>) -> bool {
    let Some((edit, What::Unavailable(unavailable))) = edit.map(|edit| (edit, &edit.what)) else {
        return false;
    };
    text::caption(ui, &format!("Kept as it was found: {}.", unavailable.why));
    ui.add_space(size::GAP_XS);
    if !edit.enabled {
        return false;
    }
    text::caption(ui, "While it is on, the picture cannot be made.");
    let is_asked = ui.add(Button::text("Switch it off")).clicked();
    ui.add_space(size::GAP_XS);
    is_asked
}

fn done(outcome: CardOutcome<RowsOutcome>) -> CardDone {
    CardDone {
        action: outcome.action,
        rows: outcome.inner,
        grip: outcome.grip,
        rect: outcome.rect,
    }
}

fn opened(outcome: CardOutcome<Option<RowsOutcome>>) -> CardDone {
    CardDone {
        action: outcome.action,
        rows: outcome.inner.unwrap_or_default(),
        grip: outcome.grip,
        rect: outcome.rect,
    }
}
