//! Chart, legend and advice; before the first measurement, what the lab does.

use egui::{Align, Layout, Rect, RichText, ScrollArea, Ui, UiBuilder, pos2, vec2};

use crate::studio::lab::Scaling;
use crate::studio::lab::advice::Advice;
use crate::studio::session::Session;
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Button, Segment, Segmented, text};

use super::figures::{Figure, curves};
use super::plot::{plot_ui, sign};

const WORDS: f32 = 300.0;
const SIGN: f32 = 22.0;

/// What the view remembers between frames.
#[derive(Debug, Default)]
pub(in super::super) struct ScalingState {
    figure: Figure,
}

/// Over the whole room there is.
pub(in super::super) fn scaling_ui(
    ui: &mut Ui,
    session: &Session,
    state: &mut ScalingState,
    outbox: &mut Outbox,
) {
    ui.spacing_mut().item_spacing.y = size::GAP_XS;
    let Some(scaling) = session.scaling() else {
        empty_ui(ui, session, outbox);
        return;
    };
    bar_ui(ui, session, state, outbox);
    let room = ui.available_rect_before_wrap();
    let (chart, words) = room.split_left_right_at_x((room.right() - WORDS).max(room.center().x));
    let curves = curves(scaling, state.figure);
    plot_ui(ui, chart, &curves, state.figure, scaling.n_cores);
    let words = words.with_min_x(words.left() + size::GAP_L);
    ui.scope_builder(UiBuilder::new().max_rect(words), |ui| {
        let list = ScrollArea::vertical().id_salt("advice").auto_shrink(false);
        list.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            advice_ui(ui, session, scaling);
            ui.add_space(size::GAP_S);
            for curve in &curves {
                let (_, row) = ui.allocate_space(vec2(ui.available_width(), 18.0));
                let at = row.with_max_x(row.left() + SIGN);
                sign(
                    ui,
                    Rect::from_min_max(at.min, pos2(at.right(), at.bottom())),
                    curve.stroked,
                );
                let label = row.with_min_x(at.right() + size::GAP_S);
                text::left(ui, label, &curve.label, font::caption(), Theme::of(ui).soft);
            }
        });
    });
}

fn empty_ui(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let words = "How much faster do more workers make this edit? The lab runs the whole photo with \
                 1, 2, … workers on every backend, and beyond the cores there are, in turn, and \
                 measures what so many cores of this machine can do at best. It takes a while and \
                 can be stopped.";
    text::caption(ui, words);
    ui.add_space(size::GAP_XS);
    let can_begin = session.photo().is_some() && session.jobs().running.is_none();
    let measure = Button::quiet("Measure scaling").enabled(can_begin);
    if ui.add(measure).clicked() {
        outbox.send(Command::MeasureScaling);
    }
    if session.photo().is_none() {
        text::caption(ui, "Open a photo first.");
    }
}

fn bar_ui(ui: &mut Ui, session: &Session, state: &mut ScalingState, outbox: &mut Outbox) {
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        let segments = Figure::ALL.map(|figure| Segment::new(figure.label()));
        let chosen = Figure::ALL
            .iter()
            .position(|figure| *figure == state.figure);
        if let Some(idx) = Segmented::new("Chart of", &segments).show(ui, chosen) {
            state.figure = Figure::ALL[idx];
        }
        let can_begin = session.photo().is_some() && session.jobs().running.is_none();
        let again = Button::quiet("Measure again").enabled(can_begin).tip(
            "The edit in hand, on every backend at every number of workers",
            "",
        );
        if ui.add(again).clicked() {
            outbox.send(Command::MeasureScaling);
        }
        let save = Button::quiet("Save the chart…").tip("As SVG or PNG", "");
        if ui.add(save).clicked() {
            outbox.send(Command::ChooseChart);
        }
    });
}

fn advice_ui(ui: &mut Ui, session: &Session, scaling: &Scaling) {
    let theme = Theme::of(ui);
    if session.is_scaling_outdated() {
        let words = "Measured on another edit or photo than the one in hand; measure again.";
        ui.label(
            RichText::new(words)
                .font(font::caption())
                .color(theme.warning),
        );
    }
    let words = Advice::of(scaling).map(|advice| advice.words());
    let words = words.unwrap_or_else(|| "Nothing could be measured.".to_owned());
    let words = RichText::new(words).font(font::body()).color(theme.text);
    ui.add(egui::Label::new(words).wrap());
    let bytes = if scaling.is_identical {
        "All made the same bytes."
    } else {
        "Not all made the same bytes: a fault in Parallax."
    };
    text::caption(
        ui,
        &format!("{} · {:.1} MP · {bytes}", scaling.photo, scaling.megapixels),
    );
}
