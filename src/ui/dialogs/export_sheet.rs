//! The export sheet: where to, in which form, and on which backend. It closes on Start; how far the
//! export is stands on the Export button.

use egui::{Context, Ui};

use crate::filters::spec::{NumberSpec, Track, Unit};
use crate::studio::BackendKind;
use crate::studio::export::IfExists;
use crate::studio::full_run::OutputProfile;
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::size;
use crate::ui::widgets::{Button, ParamSlider, Segment, Segmented, drop_down, path_field, text};

use super::export_form::{ExportForm, Form};
use super::sheet::{buttons_row, field_row, sheet};

const WIDTH: f32 = 520.0;

static QUALITY: NumberSpec = NumberSpec {
    min: 1.0,
    max: 100.0,
    step: 1.0,
    identity: Some(92.0),
    on_add: 92.0,
    unit: Unit::None,
    decimals: 0,
    track: Track::Plain,
};

/// True when the sheet shall close.
pub(super) fn export_sheet(
    ctx: &Context,
    form: &mut ExportForm,
    is_new: bool,
    outbox: &mut Outbox,
) -> bool {
    let (started, closed) = sheet(ctx, "Export", WIDTH, |ui| form_ui(ui, form, is_new, outbox));
    started || closed
}

fn form_ui(ui: &mut Ui, form: &mut ExportForm, is_new: bool, outbox: &mut Outbox) -> bool {
    let problem = form.problem();
    let is_typed = !form.path_text.trim().is_empty();
    let path = path_field(
        ui,
        "File",
        &mut form.path_text,
        problem.filter(|_| is_typed),
    );
    if path.is_changed {
        form.path_changed();
    }
    if path.wants_dialog
        && let Some(target) = form.target()
    {
        outbox.send(Command::ChooseTarget(target));
    }
    if let (Some(field), true) = (path.field, is_new) {
        ui.memory_mut(|memory| memory.request_focus(field));
    }
    if let Some(words) = form.exists_words() {
        text::caption(ui, words);
    }
    ui.add_space(size::GAP_XS);
    match form.form() {
        Some(Form::Jpeg) => jpeg_ui(ui, form),
        Some(Form::Png | Form::Tiff) => depth_ui(ui, form),
        None => {}
    }
    size_ui(ui, form);
    profile_ui(ui, form);
    if_exists_ui(ui, form);
    backend_ui(ui, form);
    buttons_row(ui, |ui| {
        let wish = form.wish();
        let start = Button::main("Export")
            .enabled(wish.is_some())
            .min_width(96.0);
        let is_asked = ui.add(start).clicked() || path.is_submitted;
        let is_cancelled = ui.add(Button::quiet("Cancel")).clicked();
        match wish {
            Some(wish) if is_asked => {
                outbox.send(Command::Export(wish));
                true
            }
            Some(_) | None => is_cancelled,
        }
    })
}

fn jpeg_ui(ui: &mut Ui, form: &mut ExportForm) {
    let quality = f64::from(form.settings.quality);
    let slider = ParamSlider::new("Quality", &QUALITY).label_width(104.0);
    if let Some(change) = slider.show(ui, "quality", quality).change {
        form.settings.quality = change.value.round().clamp(1.0, 100.0) as u8;
    }
    let segments = [
        Segment {
            tip: "Every pixel keeps its own colour",
            ..Segment::new("4:4:4")
        },
        Segment {
            tip: "Colour at half the width",
            ..Segment::new("4:2:2")
        },
        Segment {
            tip: "Colour at half the width and height: the smallest file",
            ..Segment::new("4:2:0")
        },
    ];
    let values = [444, 422, 420];
    let chosen = values
        .iter()
        .position(|value| *value == form.settings.subsampling);
    if let Some(idx) = choice(ui, "Colour detail", &segments, chosen) {
        form.settings.subsampling = values[idx];
    }
}

fn depth_ui(ui: &mut Ui, form: &mut ExportForm) {
    let segments = [
        Segment::new("As the photo"),
        Segment::new("8 bit"),
        Segment::new("16 bit"),
    ];
    let values = [None, Some(8), Some(16)];
    let chosen = values
        .iter()
        .position(|value| *value == form.settings.depth_bits);
    if let Some(idx) = choice(ui, "Depth", &segments, chosen) {
        form.settings.depth_bits = values[idx];
    }
}

fn size_ui(ui: &mut Ui, form: &mut ExportForm) {
    let at_most = |label| Segment {
        tip: "Pixels of the longer side; smaller pictures stay as they are",
        ..Segment::new(label)
    };
    let segments = [
        Segment::new("Full"),
        at_most("4096 px"),
        at_most("2048 px"),
        at_most("1080 px"),
    ];
    let values = [None, Some(4096), Some(2048), Some(1080)];
    let chosen = values
        .iter()
        .position(|value| *value == form.settings.long_side_px);
    if let Some(idx) = choice(ui, "Size", &segments, chosen) {
        form.settings.long_side_px = values[idx];
    }
}

fn profile_ui(ui: &mut Ui, form: &mut ExportForm) {
    let segments = [
        Segment {
            tip: "Looks right everywhere",
            ..Segment::new("sRGB")
        },
        Segment {
            tip: "The colour profile that the photo came with",
            ..Segment::new("As the photo")
        },
    ];
    let values = [OutputProfile::Srgb, OutputProfile::Input];
    let chosen = values
        .iter()
        .position(|value| *value == form.settings.profile);
    if let Some(idx) = choice(ui, "Colours", &segments, chosen) {
        form.settings.profile = values[idx];
    }
}

fn if_exists_ui(ui: &mut Ui, form: &mut ExportForm) {
    let segments = [Segment::new("Keep both"), Segment::new("Replace")];
    let values = [IfExists::KeepBoth, IfExists::Replace];
    let chosen = values
        .iter()
        .position(|value| *value == form.settings.if_exists);
    if let Some(idx) = choice(ui, "If it exists", &segments, chosen) {
        form.settings.if_exists = values[idx];
    }
}

fn backend_ui(ui: &mut Ui, form: &mut ExportForm) {
    let words = BackendKind::ALL.map(|kind| form.backend_words(kind));
    let labels = words.each_ref().map(String::as_str);
    let chosen = BackendKind::ALL.iter().position(|kind| *kind == form.kind);
    let picked = field_row(ui, "Runs on", |ui| {
        drop_down(ui, "Runs on", &labels, chosen.unwrap_or_default())
    });
    if let Some(kind) = picked.and_then(|idx| BackendKind::ALL.get(idx)) {
        form.kind = *kind;
    }
}

fn choice(
    ui: &mut Ui,
    name: &str,
    segments: &[Segment<'_>],
    chosen: Option<usize>,
) -> Option<usize> {
    field_row(ui, name, |ui| {
        Segmented::new(name, segments).fill_width().show(ui, chosen)
    })
}
