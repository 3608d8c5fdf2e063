//! Draws the canvas and takes the mouse on it.

use egui::{
    Event, EventFilter, Id, Key, PointerButton, Rect, Response, Role, Sense, Stroke, StrokeKind,
    Ui, Vec2, WidgetInfo, vec2,
};

use crate::pixels::geometry::Size;
use crate::studio::BackendKind;
use crate::studio::preview::Stamps;
use crate::studio::session::Session;
use crate::studio::view::View;
use crate::ui::command::{Command, Outbox, ShowCommand};
use crate::ui::state::{Look, PointedPhoto, PointedTile};
use crate::ui::theme::{Surround, Theme, WELL, font, size};
use crate::ui::widgets::{photo_badge, progress_line, text, tile_outline, wipe_handle};

use super::crop_ui::crop_ui;
use super::empty_ui::{empty_ui, opening_over_ui, opening_ui};
use super::place::{Ground, panned, picture_rect, zoomed};
use super::sides_ui::{fits, sides_ui};
use super::state::{Canvas, full_size};

/// Free points around a fitted picture.
const FIT_MARGIN: f32 = 24.0;

/// Points of wheel travel that zoom by a factor of e.
const WHEEL_PER_E: f64 = 220.0;

/// Share of the canvas an arrow key pans by.
const KEY_PAN: f32 = 0.1;

/// Over the whole room there is; the window is cleared in the colour of the photo's surround, so that
/// no pixel here is painted twice. Returns number, backend and stamps of a preview that goes to the
/// screen for the first time.
pub fn canvas_ui(
    ui: &mut Ui,
    session: &Session,
    look: &mut Look,
    canvas: &mut Canvas,
    outbox: &mut Outbox,
) -> Option<((u64, BackendKind), Stamps)> {
    let ground = Ground::new(ui.available_rect_before_wrap(), ui.pixels_per_point());
    ui.set_clip_rect(ground.rect.intersect(ui.clip_rect()));
    canvas.ground = Some(ground);
    let surround = session.settings.window.surround_color();
    let response = sense(ui, ground.rect);
    canvas.pointer = response.hover_pos();
    let mut newest = None;
    if session.photo().is_some() {
        let view = keep_viewport(ui, session, ground, outbox);
        if let Some(frame) = session.preview()
            && canvas.shown.update(ui.ctx(), frame, look.shows_clipping)
        {
            newest = Some(((frame.seq, frame.backend.kind), frame.stamps));
        }
        let moved = full_size(session)
            .filter(|_| !canvas.is_cropping())
            .and_then(|full_size| hand(ui, &response, ground, (&view, full_size)));
        if let Some(moved) = moved {
            outbox.send(Command::SetView(moved));
        }
        if response.double_clicked() && !canvas.is_cropping() {
            outbox.show(ShowCommand::ToggleFit);
        }
        let view = moved.unwrap_or(view);
        picture_ui(ui, look, canvas, (ground, &view));
        both_ui(ui, session, (look, canvas), (ground, &view), outbox);
        tile_ui(ui, session, ground);
        tell_place(ui, session, canvas, ground);
        overlay_ui(ui, session, canvas, ground, outbox);
    } else if session.jobs().opening.is_none() {
        empty_ui(ui, session, surround, outbox);
    }
    jobs_ui(ui, session, (ground.rect, surround), outbox);
    drop_ui(ui, ground.rect, surround);
    newest
}

fn sense(ui: &Ui, rect: Rect) -> Response {
    let response = ui.interact(rect, Id::unique("canvas"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, ui.is_enabled(), "Photo canvas"));
    let filter = EventFilter {
        horizontal_arrows: true,
        vertical_arrows: true,
        ..EventFilter::default()
    };
    if response.has_focus() {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    }
    response
}

/// The session's view, with the viewport as it is now.
fn keep_viewport(ui: &Ui, session: &Session, ground: Ground, outbox: &mut Outbox) -> View {
    let view = View {
        viewport: ground.viewport(),
        margin_px: (FIT_MARGIN * ground.px_per_point).round() as u32,
        ..session.view()
    };
    // Before the window has its size, egui says ten thousand points.
    let is_real = ui.ctx().content_rect().width() < 9_999.0;
    if view != session.view() && is_real {
        outbox.send(Command::SetView(view));
    }
    view
}

/// Where wheel, drag and arrow keys lead.
fn hand(
    ui: &Ui,
    response: &Response,
    ground: Ground,
    (view, full_size): (&View, Size),
) -> Option<View> {
    if response.contains_pointer() {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = (f64::from(scroll) / WHEEL_PER_E).exp() * f64::from(pinch);
        if let Some(at) = response.hover_pos().filter(|_| factor != 1.0) {
            return Some(zoomed(ground, view, full_size, (factor, at)));
        }
    }
    let is_middle = response.dragged_by(PointerButton::Middle);
    if is_middle || response.dragged_by(PointerButton::Primary) {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
        let by = response.drag_delta();
        return (by != Vec2::ZERO).then(|| panned(ground, view, full_size, by));
    }
    if ui.input(|input| input.key_down(Key::Space)) && response.hovered() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grab);
    }
    let by = arrow_pan(ui, response)? * ground.rect.size();
    Some(panned(ground, view, full_size, by))
}

fn arrow_pan(ui: &Ui, response: &Response) -> Option<Vec2> {
    if !response.has_focus() {
        return None;
    }
    let by = ui.input(|input| {
        let presses = |key: Key| input.num_presses(key) as f32;
        vec2(
            presses(Key::ArrowLeft) - presses(Key::ArrowRight),
            presses(Key::ArrowUp) - presses(Key::ArrowDown),
        )
    });
    (by != Vec2::ZERO).then_some(by * KEY_PAN)
}

fn picture_ui(ui: &Ui, look: &mut Look, canvas: &Canvas, (ground, view): (Ground, &View)) {
    let shown = &canvas.shown;
    let painter = ui.painter().with_clip_rect(ui.clip_rect());
    let Some(visible) = shown.rect(ground, view) else {
        return;
    };
    let visible = visible.intersect(ground.rect);
    let has_before = shown.has_before() && !canvas.is_cropping();
    if look.is_before_held && has_before {
        shown.paint_before(&painter, ground, view);
        photo_badge(ui, visible, "Before", true);
        return;
    }
    shown.paint_edited(&painter, ground, view);
    if let Some(share) = look.wipe_share.filter(|_| has_before) {
        let left = visible.with_max_x(visible.left() + visible.width() * share);
        let left_painter = painter.with_clip_rect(painter.clip_rect().intersect(left));
        shown.paint_before(&left_painter, ground, view);
        photo_badge(ui, visible, "Before", true);
        photo_badge(ui, visible, "After", false);
        if let Some(moved) = wipe_handle(ui, visible, share) {
            look.wipe_share = Some(moved);
        }
    }
}

/// The edit on two backends, in the place of the preview.
fn both_ui(
    ui: &mut Ui,
    session: &Session,
    (look, canvas): (&mut Look, &mut Canvas),
    (ground, view): (Ground, &View),
    outbox: &mut Outbox,
) {
    let full_size = full_size(session).filter(|size| fits(session.sides(), *size));
    let (Some(sides), Some(full_size)) = (&mut look.sides, full_size) else {
        return;
    };
    let photo = picture_rect(ground, view, full_size);
    let both = (sides, &mut canvas.sides);
    sides_ui(ui, session, both, (ground.rect, photo), outbox);
}

/// The tile that is pointed at in the timeline, where its run computed what is shown.
fn tile_ui(ui: &Ui, session: &Session, ground: Ground) {
    let (Some(tile), Some(full_size)) = (PointedTile::heard(ui.ctx()), full_size(session)) else {
        return;
    };
    if tile.frame != full_size {
        return;
    }
    let photo = picture_rect(ground, &session.view(), full_size);
    let per_pixel = photo.width() / full_size.width.max(1) as f32;
    let part = tile.rect_in_frame;
    let at = |x: u32, y: u32| photo.min + vec2(x as f32, y as f32) * per_pixel;
    let rect = Rect::from_min_max(at(part.x, part.y), at(part.right(), part.bottom()));
    tile_outline(ui, rect, &tile.label, tile.color);
}

/// The timeline lights the bars of what was computed there.
fn tell_place(ui: &Ui, session: &Session, canvas: &Canvas, ground: Ground) {
    let place = canvas
        .pointer
        .zip(full_size(session))
        .and_then(|(at, full_size)| {
            let photo = picture_rect(ground, &session.view(), full_size);
            let inside = (at - photo.min) * (full_size.width.max(1) as f32 / photo.width());
            photo.contains(at).then(|| PointedPhoto {
                at: [inside.x, inside.y].map(|length| length.max(0.0) as u32),
                frame: full_size,
            })
        });
    PointedPhoto::tell(ui.ctx(), place);
}

fn overlay_ui(
    ui: &mut Ui,
    session: &Session,
    canvas: &mut Canvas,
    ground: Ground,
    outbox: &mut Outbox,
) {
    let (Some(tool), Some(full_size)) = (&mut canvas.crop, full_size(session)) else {
        return;
    };
    // Until the uncropped picture is there, the rectangle would lie on the wrong one.
    if full_size == tool.frame() {
        let photo = picture_rect(ground, &session.view(), full_size);
        crop_ui(ui, photo, tool, outbox);
    }
}

fn jobs_ui(
    ui: &mut Ui,
    session: &Session,
    (rect, surround): (Rect, Surround),
    outbox: &mut Outbox,
) {
    let jobs = session.jobs();
    if let Some(job) = &jobs.opening {
        if session.photo().is_none() {
            opening_ui(ui, job, surround, outbox);
        } else {
            opening_over_ui(ui, job, outbox);
        }
        progress_line(ui, rect, "Opening", Some(job.share_done()));
    } else if let Some(job) = &jobs.running {
        progress_line(ui, rect, "Running", Some(job.share_done()));
    } else if let Some(job) = &jobs.exporting {
        progress_line(ui, rect, "Exporting", Some(job.share_done()));
    }
}

/// Says that a file held over the window can be let go.
fn drop_ui(ui: &Ui, rect: Rect, surround: Surround) {
    let n_files = ui.input(|input| {
        let is_gone = input.events.contains(&Event::PointerGone);
        input.raw.hovered_files.len() * usize::from(!is_gone)
    });
    if n_files == 0 {
        return;
    }
    let theme = Theme::of(ui);
    let painter = ui.painter();
    let inner = rect.shrink(size::GAP_S);
    painter.rect_filled(rect, 0.0, surround.color().gamma_multiply(0.82));
    let line = Stroke::new(2.0, theme.accent);
    painter.rect_stroke(inner, size::RADIUS_CARD, line, StrokeKind::Inside);
    let badge = Rect::from_center_size(rect.center(), vec2(180.0, 36.0));
    painter.rect_filled(badge, size::RADIUS_CARD, WELL.badge);
    text::center(ui, badge, "Drop to open", font::title(), WELL.on_photo);
}
