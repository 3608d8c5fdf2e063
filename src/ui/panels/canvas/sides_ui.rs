//! The edit on two backends, side by side on the photo: a wipe between them, what each took, and the
//! map of their differences, which must be empty.

use std::sync::Arc;

use egui::{
    Align, Color32, ColorImage, Context, Id, Layout, Painter, Rect, Role, Sense, TextureHandle,
    TextureOptions, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::pixels::geometry::Size;
use crate::studio::session::Session;
use crate::studio::side_by_side::{Difference, Side, SideBySide};
use crate::studio::{BackendChoice, BackendKind};
use crate::ui::command::{Command, Outbox, ShowCommand};
use crate::ui::panels::figures;
use crate::ui::state::SidesLook;
use crate::ui::theme::mark::PhaseMark;
use crate::ui::theme::{Theme, WELL, font, size};
use crate::ui::widgets::{Button, Icon, IconButton, drop_down, photo_badge, text, wipe_handle};

use super::side_picture::SidePicture;

const STRIP: f32 = 40.0;
const CHOICE: f32 = 132.0;
const BADGE: f32 = 26.0;

/// Both pictures and their map on the card.
#[derive(Default)]
pub(super) struct SidesShown {
    of: Option<Arc<SideBySide>>,
    left: Option<SidePicture>,
    right: Option<SidePicture>,
    map: Option<TextureHandle>,
}

impl SidesShown {
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    fn follow(&mut self, ctx: &Context, sides: &Arc<SideBySide>) {
        let is_same = self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, sides));
        if is_same {
            return;
        }
        self.clear();
        self.of = Some(Arc::clone(sides));
        self.left = Some(SidePicture::new(ctx, "left side", &sides.left.picture));
        self.right = Some(SidePicture::new(ctx, "right side", &sides.right.picture));
        let map = sides.difference.as_ref().map(map_of);
        self.map = map.map(|map| ctx.load_texture("difference", map, TextureOptions::NEAREST));
    }
}

/// Black where both are the same, brighter the further apart they are: one unit shows already.
fn map_of(difference: &Difference) -> ColorImage {
    let size = [difference.map_size.width, difference.map_size.height].map(|side| side as usize);
    let most = f32::from(difference.max_ulp.max(1));
    let ink = PhaseMark::LockWait.color();
    let color = |ulp: &u16| match ulp {
        0 => WELL.trough,
        ulp => ink.gamma_multiply(0.5 + 0.5 * f32::from(*ulp) / most),
    };
    ColorImage::new(size, difference.map.iter().map(color).collect())
}

/// Over the photo at `photo`, and a strip along the canvas' upper edge.
pub(super) fn sides_ui(
    ui: &mut Ui,
    session: &Session,
    (look, shown): (&mut SidesLook, &mut SidesShown),
    (ground, photo): (Rect, Rect),
    outbox: &mut Outbox,
) {
    if let Some(sides) = session.sides() {
        shown.follow(ui.ctx(), sides);
        let visible = photo.intersect(ground);
        // The words on the photo keep clear of the strip.
        let strip = ground.top() + STRIP + size::GAP_S;
        let words = visible.with_min_y(visible.top().max(strip));
        pictures_ui(ui, sides, (look, shown), (visible, words, photo));
    }
    strip_ui(ui, session, look, ground, outbox);
}

fn pictures_ui(
    ui: &mut Ui,
    sides: &SideBySide,
    (look, shown): (&mut SidesLook, &mut SidesShown),
    (visible, words, photo): (Rect, Rect, Rect),
) {
    let painter = ui.painter().with_clip_rect(visible);
    if look.shows_map {
        paint(&painter, shown.map.as_ref(), photo);
        difference_badge(ui, sides.difference.as_ref(), visible);
        return;
    }
    let wiped = visible.with_max_x(visible.left() + visible.width() * look.share);
    let left = painter.with_clip_rect(wiped);
    for (picture, side, painter) in [
        (&mut shown.right, &sides.right, &painter),
        (&mut shown.left, &sides.left, &left),
    ] {
        if let Some(picture) = picture {
            picture.look(ui.ctx(), &side.picture, photo, visible);
            picture.paint(painter, &side.picture, photo);
        }
    }
    photo_badge(ui, words, &words_of(&sides.left, None), true);
    let against = words_of(&sides.right, Some(&sides.left));
    photo_badge(ui, words, &against, false);
    if let Some(moved) = wipe_handle(ui, visible, look.share) {
        look.share = moved;
    }
    difference_badge(ui, sides.difference.as_ref(), visible);
}

fn paint(painter: &Painter, texture: Option<&TextureHandle>, photo: Rect) {
    if let Some(texture) = texture {
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        painter.image(texture.id(), photo, uv, Color32::WHITE);
    }
}

/// `threads 4 · 221 ms · 3.8 times as fast`.
fn words_of(side: &Side, against: Option<&Side>) -> String {
    let record = &side.run.record;
    let words = format!(
        "{} {} · {}",
        side.choice.kind.label(),
        record.n_workers,
        figures::duration(record.wall_ns)
    );
    if let Some(other) = against.map(|side| side.run.record.wall_ns) {
        let ratio = other as f64 / record.wall_ns.max(1) as f64;
        return if ratio >= 1.0 {
            format!("{words} · {ratio:.2} times as fast")
        } else {
            format!("{words} · {:.2} times as slow", 1.0 / ratio)
        };
    }
    words
}

/// Whether both made the same bytes, in the photo's lower left corner.
fn difference_badge(ui: &Ui, difference: Option<&Difference>, visible: Rect) {
    let theme = Theme::dark();
    let (icon, ink, words) = match difference {
        Some(difference) if difference.is_empty() => {
            let n = n_samples(difference.n_samples);
            let words = format!("difference map empty: 0 of {n} samples differ, 0 ULP");
            (Icon::Ok, theme.ok, words)
        }
        Some(difference) => {
            let words = format!(
                "{} of {} samples differ, by up to {} ULP",
                n_samples(difference.n_different),
                n_samples(difference.n_samples),
                difference.max_ulp
            );
            (Icon::Error, theme.error, words)
        }
        None => (
            Icon::Error,
            theme.error,
            "the two pictures differ in shape".to_owned(),
        ),
    };
    let width = text::width(ui, &words, font::caption()) + 2.0 * size::GAP_S + 20.0;
    let rect = Rect::from_min_size(
        pos2(
            visible.left() + size::GAP_M,
            visible.bottom() - size::GAP_M - BADGE,
        ),
        vec2(width, BADGE),
    );
    ui.painter().rect_filled(rect, 4.0, WELL.badge);
    let at = pos2(rect.left() + size::GAP_S + 7.0, rect.center().y);
    icon.paint_sized(ui.painter(), at, 14.0, ink);
    let inside = rect.with_min_x(at.x + 13.0);
    text::left(ui, inside, &words, font::caption(), WELL.text);
    let response = ui.interact(rect, Id::unique("difference badge"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

/// `512`, `47.6 million`.
fn n_samples(n: u64) -> String {
    if n < 1_000_000 {
        n.to_string()
    } else {
        format!("{:.1} million", n as f64 / 1e6)
    }
}

fn strip_ui(
    ui: &mut Ui,
    session: &Session,
    look: &mut SidesLook,
    ground: Rect,
    outbox: &mut Outbox,
) {
    let width = (2.0 * CHOICE + 380.0).min(ground.width() - 2.0 * size::GAP_S);
    let rect = Rect::from_center_size(
        pos2(ground.center().x, ground.top() + STRIP / 2.0 + size::GAP_S),
        vec2(width, STRIP),
    );
    let theme = Theme::of(ui);
    ui.painter()
        .rect_filled(rect, size::RADIUS_CARD, theme.panel);
    let layout = Layout::left_to_right(Align::Center);
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(size::GAP_S, 0.0)))
        .layout(layout);
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP_S;
        for (idx, name) in ["Left backend", "Right backend"].into_iter().enumerate() {
            if idx == 1 {
                text::caption(ui, "against");
            }
            if let Some(choice) = choice_ui(ui, name, look.choices[idx]) {
                look.choices[idx] = choice;
                look.ran_for = None;
            }
        }
        let running = session.jobs().running.is_some();
        let again = Button::quiet("Run both").enabled(!running);
        if ui.add(again).clicked() {
            outbox.send(Command::RunSides);
        }
        let map = IconButton::new(Icon::Table, "Map of differences").chosen(look.shows_map);
        if ui.add(map).clicked() {
            look.shows_map = !look.shows_map;
        }
        if session.sides().is_none() {
            let words = if running {
                "running both …"
            } else {
                "not run yet"
            };
            text::caption(ui, words);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let close = IconButton::new(Icon::Close, "Close the two backends").small();
            if ui.add(close).clicked() {
                outbox.show(ShowCommand::ToggleSides);
            }
        });
    });
}

fn choice_ui(ui: &mut Ui, name: &str, choice: BackendChoice) -> Option<BackendChoice> {
    let labels = BackendKind::ALL.map(BackendKind::label);
    let chosen = BackendKind::ALL
        .iter()
        .position(|kind| *kind == choice.kind);
    let picked = ui.allocate_ui(vec2(CHOICE, size::BUTTON), |ui| {
        drop_down(ui, name, &labels, chosen.unwrap_or_default())
    });
    let kind = BackendKind::ALL.get(picked.inner?)?;
    Some(choice.of_kind(*kind, choice.n_workers.max(look_workers())))
}

/// A side that was single-core has all cores when it becomes something else.
fn look_workers() -> usize {
    crate::studio::engines::n_cores()
}

/// Whether the sides are of a picture of this size: else they would lie on the wrong one.
pub(super) fn fits(sides: Option<&Arc<SideBySide>>, full_size: Size) -> bool {
    sides.is_none_or(|sides| sides.left.run.record.region_in_frame.size() == full_size)
}
