//! On what terms the chosen backend works, in plain words beside what can be changed: the lock's switch
//! interval, and storage that is slow on purpose.

use egui::{Align, Frame, Layout, Margin, Popup, PopupCloseBehavior, RichText, Ui, vec2};

use crate::studio::engines::{STORAGE_WAIT_MS, Transport};
use crate::studio::session::Session;
use crate::studio::{BackendChoice, BackendKind};
use crate::ui::command::{Command, Outbox};
use crate::ui::theme::mark::BackendMark;
use crate::ui::theme::{Theme, font, size};
use crate::ui::widgets::{Icon, IconButton, Segment, Segmented, Stepper, text};

const WIDTH: f32 = 380.0;
const LABEL: f32 = 128.0;
const MOST_INTERVAL_MS: u32 = 1000;

/// What a backend is, and what to look at while it runs.
#[derive(Debug, Clone, Copy)]
pub struct Explained {
    pub what: &'static str,
    pub look_at: &'static str,
}

/// In plain words.
#[must_use]
pub const fn explained(kind: BackendKind) -> Explained {
    match kind {
        BackendKind::Single => Explained {
            what: "One worker takes one tile after another. Everything else is measured against it.",
            look_at: "one full lane; the core lanes below it add up to one core.",
        },
        BackendKind::Threads => Explained {
            what: "Workers are threads of this program. They read the same pixels in memory, so \
                   nothing is copied and starting them costs next to nothing.",
            look_at: "full lanes with nothing between the bars.",
        },
        BackendKind::Processes => Explained {
            what: "Workers are programs of their own, with memory of their own. Pixels have to \
                   travel to them and back; in return, one that crashes takes nothing with it.",
            look_at: "the block in which they start, and the slivers of sending and receiving at \
                      each tile.",
        },
        BackendKind::GlobalLock => Explained {
            what: "Threads that must hold one lock to compute, as Python's interpreter lock makes \
                   them. Who waits for it longer than the switch interval asks its holder to let go.",
            look_at: "at any moment one bar computes, however many workers there are.",
        },
    }
}

/// The button that opens the terms, beside the worker count.
pub(super) fn terms_button(ui: &mut Ui, session: &Session, outbox: &mut Outbox) {
    let choice = session.backend();
    let waits = choice.storage_wait_ms > 0;
    let button = IconButton::new(Icon::Gear, "How this backend works").chosen(waits);
    let button = ui.add(button);
    let frame = Frame::popup(ui.style()).inner_margin(Margin::same(size::GAP_M as i8));
    Popup::menu(&button)
        .width(WIDTH)
        .frame(frame)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| terms_ui(ui, choice, outbox));
}

fn terms_ui(ui: &mut Ui, choice: BackendChoice, outbox: &mut Outbox) {
    ui.spacing_mut().item_spacing.y = size::GAP_S;
    let words = explained(choice.kind);
    title_ui(ui, choice.kind);
    paragraph(ui, words.what);
    paragraph(ui, &format!("Look at: {}", words.look_at));
    if choice.kind == BackendKind::GlobalLock {
        interval_ui(ui, choice, outbox);
    }
    if choice.kind == BackendKind::Processes {
        transport_ui(ui, choice, outbox);
    }
    wait_ui(ui, choice, outbox);
}

fn title_ui(ui: &mut Ui, kind: BackendKind) {
    let theme = Theme::of(ui);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), 20.0));
    let at = egui::pos2(row.left() + size::DOT / 2.0, row.center().y);
    mark_of(kind).paint(ui.painter(), theme, at, size::DOT);
    let words = row.with_min_x(row.left() + size::DOT + size::GAP_S);
    text::left(ui, words, kind.label(), font::name(), theme.text);
}

fn interval_ui(ui: &mut Ui, choice: BackendChoice, outbox: &mut Outbox) {
    row(ui, "Switch interval", |ui| {
        let interval_ms = (choice.switch_interval_us / 1000).max(1);
        let stepper = Stepper::new("Switch interval, ms", 1..=MOST_INTERVAL_MS)
            .tip("How long a thread waits before it asks for the lock");
        if let Some(ms) = stepper.show(ui, interval_ms) {
            outbox.send(Command::SetBackend(
                choice.with_switch_interval_us(ms * 1000),
            ));
        }
        text::caption(ui, "ms · 5 as in CPython");
    });
}

fn transport_ui(ui: &mut Ui, choice: BackendChoice, outbox: &mut Outbox) {
    row(ui, "Pixels travel", |ui| {
        let segments = [Segment::new("by pipes"), Segment::new("in shared memory")];
        let chosen = Transport::ALL
            .iter()
            .position(|way| *way == choice.transport);
        let picked = Segmented::new("Pixels travel", &segments).show(ui, chosen);
        if let Some(picked) = picked.and_then(|idx| Transport::ALL.get(idx)) {
            outbox.send(Command::SetBackend(choice.with_transport(*picked)));
        }
    });
}

fn wait_ui(ui: &mut Ui, choice: BackendChoice, outbox: &mut Outbox) {
    let waits = choice.storage_wait_ms > 0;
    row(ui, "The work", |ui| {
        let waiting = format!("waits {STORAGE_WAIT_MS} ms a tile");
        let segments = [Segment::new("only computes"), Segment::new(&waiting)];
        let picked = Segmented::new("The work", &segments).show(ui, Some(usize::from(waits)));
        if let Some(picked) = picked {
            let wait_ms = if picked == 1 { STORAGE_WAIT_MS } else { 0 };
            outbox.send(Command::SetBackend(choice.with_storage_wait_ms(wait_ms)));
        }
    });
    paragraph(
        ui,
        "Waiting is simulated slow storage, in full runs alone. Who waits holds no lock: workers \
         overlap their waits, and under one lock still never their arithmetic.",
    );
}

fn row(ui: &mut Ui, label: &str, contents: impl FnOnce(&mut Ui)) {
    let theme = Theme::of(ui);
    let wanted = vec2(ui.available_width(), size::BUTTON);
    ui.allocate_ui_with_layout(wanted, Layout::left_to_right(Align::Center), |ui| {
        let (_, cell) = ui.allocate_space(vec2(LABEL, size::BUTTON));
        text::left(ui, cell, label, font::body(), theme.soft);
        contents(ui);
    });
}

fn paragraph(ui: &mut Ui, words: &str) {
    let ink = Theme::of(ui).soft;
    let words = RichText::new(words).font(font::caption()).color(ink);
    // A menu spreads its rows over its width; words in sentences shall stand close.
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.add(egui::Label::new(words).wrap());
    });
}

/// The dot of a backend.
#[must_use]
pub const fn mark_of(kind: BackendKind) -> BackendMark {
    match kind {
        BackendKind::Single => BackendMark::Single,
        BackendKind::Threads => BackendMark::Threads,
        BackendKind::Processes => BackendMark::Processes,
        BackendKind::GlobalLock => BackendMark::GlobalLock,
    }
}
