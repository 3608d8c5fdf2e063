//! What mouse and keys make of a curve, as gestures of which each is one undo step.

use std::time::Duration;

use egui::{Event, EventFilter, Key, Pos2, Rect, Response, Ui};

use crate::filters::curve_points::CurvePoints;
use crate::filters::kernels::monotone::MonotoneCubic;
use crate::ui::widgets::slider::Stage;

use super::{place_of, point_at};

/// A press this near to a point takes it.
const GRAB_REACH: f32 = 11.0;
/// A point dragged so far out of the field is gone.
const OUT_REACH: f32 = 22.0;
/// How long after the last key a burst is over.
const BURST_PAUSE_S: f64 = 0.6;
/// What an arrow key moves, and with Shift.
const STEP: f64 = 0.01;
const FINE_STEP: f64 = 0.001;

/// Between frames: what is being changed, and which point the keys mean.
#[derive(Debug, Clone, Default)]
pub(super) struct Gesture {
    running: Option<Running>,
    selected: usize,
    /// Cancelled with the button still down.
    is_dead: bool,
}

#[derive(Debug, Clone)]
struct Running {
    before: CurvePoints,
    now: CurvePoints,
    has_started: bool,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// The point with this index of the curve before.
    Drag(usize),
    Keys {
        ends_at_s: f64,
    },
}

type Change = (CurvePoints, Stage);

impl Gesture {
    /// The curve to show: the gesture's own while it runs.
    pub(super) fn shown<'a>(&'a self, curve: &'a CurvePoints) -> &'a CurvePoints {
        self.running.as_ref().map_or(curve, |running| &running.now)
    }

    pub(super) fn selected(&self, curve: &CurvePoints) -> usize {
        self.selected.min(curve.points().len() - 1)
    }

    /// The point to be marked: the dragged, pointed at, or chosen one.
    pub(super) fn marked(
        &self,
        ui: &Ui,
        response: &Response,
        field: Rect,
        curve: &CurvePoints,
    ) -> Option<usize> {
        if self.running.is_some() || response.has_focus() {
            return Some(self.selected(curve));
        }
        let at = ui.input(|input| input.pointer.hover_pos())?;
        response.hovered().then(|| near(field, curve, at))?
    }

    /// How long until a burst of keys ends.
    pub(super) fn wait(&self, ui: &Ui) -> Option<Duration> {
        let Kind::Keys { ends_at_s } = self.running.as_ref()?.kind else {
            return None;
        };
        let wait_s = (ends_at_s - ui.input(|input| input.time)).clamp(0.0, 1.0);
        Some(Duration::from_millis((wait_s * 1e3) as u64 + 1))
    }

    /// Whatever was done in this frame.
    pub(super) fn step(
        &mut self,
        ui: &Ui,
        response: &Response,
        field: Rect,
        curve: &CurvePoints,
    ) -> Option<Change> {
        let esc =
            |input: &mut egui::InputState| input.consume_key(egui::Modifiers::NONE, Key::Escape);
        if self.running.is_some() && ui.input_mut(esc) {
            return self.cancel();
        }
        if let Some(change) = self.pointer(ui, response, field, curve) {
            return Some(change);
        }
        let now_s = ui.input(|input| input.time);
        if let Some(next) = self.keys(ui, response, curve) {
            return self.changed(
                curve,
                next,
                Kind::Keys {
                    ends_at_s: now_s + BURST_PAUSE_S,
                },
            );
        }
        let is_over = match self.running.as_ref()?.kind {
            Kind::Keys { ends_at_s } => now_s >= ends_at_s || response.lost_focus(),
            Kind::Drag(_) => false,
        };
        if is_over { self.commit() } else { None }
    }

    fn pointer(
        &mut self,
        ui: &Ui,
        response: &Response,
        field: Rect,
        curve: &CurvePoints,
    ) -> Option<Change> {
        let at = response.interact_pointer_pos();
        if !ui.input(|input| input.pointer.any_down()) {
            self.is_dead = false;
        }
        let shown = self.shown(curve).clone();
        if let (true, Some(at)) = (response.secondary_clicked(), at) {
            let next = near(field, &shown, at).and_then(|idx| without(&shown, idx))?;
            return self.at_once(curve, next);
        }
        if let (true, Some(at)) = (response.double_clicked(), at) {
            if near(field, &shown, at).is_some() {
                return None;
            }
            let (next, idx) = with_point(&shown, point_at(field, at))?;
            self.selected = idx;
            return self.at_once(curve, next);
        }
        if response.clicked() || response.drag_started() {
            response.request_focus();
        }
        let is_down = ui.input(|input| input.pointer.primary_down());
        if let Some(Kind::Drag(idx)) = self.running.as_ref().map(|running| running.kind) {
            if !is_down {
                return self.commit();
            }
            let (at, before) = (at?, self.running.as_ref()?.before.clone());
            let next = dragged(field, &before, idx, at);
            self.selected = idx;
            return self.changed(curve, next, Kind::Drag(idx));
        }
        if is_down && !self.is_dead && response.is_pointer_button_down_on() {
            let idx = near(field, &shown, at?)?;
            self.selected = idx;
            let ended = self.commit();
            let is_same = ended.is_none();
            let now = ended.as_ref().map_or(&shown, |(now, _)| now).clone();
            self.running = is_same.then(|| Running::new(&now, Kind::Drag(idx)));
            return ended;
        }
        None
    }

    fn keys(&mut self, ui: &Ui, response: &Response, curve: &CurvePoints) -> Option<CurvePoints> {
        if !response.has_focus()
            || matches!(
                self.running,
                Some(Running {
                    kind: Kind::Drag(_),
                    ..
                })
            )
        {
            return None;
        }
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let start = self.shown(curve).clone();
        let mut now = start.clone();
        let events = ui.input(|input| input.events.clone());
        for event in &events {
            if let Event::Key {
                key,
                pressed: true,
                modifiers,
                ..
            } = event
                && !modifiers.command
                && !modifiers.alt
            {
                let step = if modifiers.shift { FINE_STEP } else { STEP };
                now = self.after_key(*key, step, now);
            }
        }
        (now != start).then_some(now)
    }

    fn after_key(&mut self, key: Key, step: f64, curve: CurvePoints) -> CurvePoints {
        let idx = self.selected(&curve);
        let last = curve.points().len() - 1;
        let moved = |[dx, dy]: [f64; 2]| {
            let [x, y] = curve.points()[idx];
            moved_to(&curve, idx, [x + dx * step, y + dy * step])
        };
        match key {
            Key::PageUp => self.selected = (idx + 1).min(last),
            Key::PageDown => self.selected = idx.saturating_sub(1),
            Key::ArrowLeft => return moved([-1.0, 0.0]),
            Key::ArrowRight => return moved([1.0, 0.0]),
            Key::ArrowUp => return moved([0.0, 1.0]),
            Key::ArrowDown => return moved([0.0, -1.0]),
            Key::Delete | Key::Backspace => {
                if let Some(next) = without(&curve, idx) {
                    self.selected = idx.min(last - 1);
                    return next;
                }
            }
            Key::Insert | Key::Plus => {
                let from = idx.min(last - 1);
                let x = f64::midpoint(curve.points()[from][0], curve.points()[from + 1][0]);
                let y = MonotoneCubic::new(&curve).at(x).clamp(0.0, 1.0);
                if let Some((next, idx)) = with_point(&curve, [x, y]) {
                    self.selected = idx;
                    return next;
                }
            }
            _ => {}
        }
        curve
    }

    fn changed(&mut self, curve: &CurvePoints, next: CurvePoints, kind: Kind) -> Option<Change> {
        let running = self
            .running
            .get_or_insert_with(|| Running::new(curve, kind));
        running.kind = kind;
        if running.now == next {
            return None;
        }
        running.now = next.clone();
        let stage = if std::mem::replace(&mut running.has_started, true) {
            Stage::Moving
        } else {
            Stage::Started
        };
        Some((next, stage))
    }

    /// One change that needs no gesture; it ends the one that runs.
    fn at_once(&mut self, curve: &CurvePoints, next: CurvePoints) -> Option<Change> {
        self.running = None;
        (next != *curve).then_some((next, Stage::Committed))
    }

    fn commit(&mut self) -> Option<Change> {
        let running = self.running.take().filter(|running| running.has_started)?;
        let stage = if running.now == running.before {
            Stage::Cancelled
        } else {
            Stage::Committed
        };
        Some((running.now, stage))
    }

    fn cancel(&mut self) -> Option<Change> {
        let running = self.running.take()?;
        self.is_dead = matches!(running.kind, Kind::Drag(_));
        let is_shown = running.has_started;
        is_shown.then_some((running.before, Stage::Cancelled))
    }
}

impl Running {
    fn new(curve: &CurvePoints, kind: Kind) -> Self {
        Self {
            before: curve.clone(),
            now: curve.clone(),
            has_started: false,
            kind,
        }
    }
}

/// The point that a press at `at` takes.
fn near(field: Rect, curve: &CurvePoints, at: Pos2) -> Option<usize> {
    let distance = |point: &[f64; 2]| place_of(field, *point).distance(at);
    let (idx, point) = curve
        .points()
        .iter()
        .enumerate()
        .min_by(|(_, one), (_, other)| distance(one).total_cmp(&distance(other)))?;
    (distance(point) <= GRAB_REACH).then_some(idx)
}

/// The curve with a point pulled to `at`: beside it as far as its neighbours, gone outside the field.
fn dragged(field: Rect, curve: &CurvePoints, idx: usize, at: Pos2) -> CurvePoints {
    let is_out = !field.expand(OUT_REACH).contains(at);
    let is_end = idx == 0 || idx + 1 == curve.points().len();
    match without(curve, idx) {
        Some(fewer) if is_out && !is_end => fewer,
        _ => moved_to(curve, idx, point_at(field, at)),
    }
}

/// With a point moved, held between its neighbours and inside the field.
fn moved_to(curve: &CurvePoints, idx: usize, [x, y]: [f64; 2]) -> CurvePoints {
    let mut points = curve.points().to_vec();
    let gap = 1.001 * CurvePoints::MIN_GAP;
    let low = if idx == 0 {
        0.0
    } else {
        points[idx - 1][0] + gap
    };
    let high = points.get(idx + 1).map_or(1.0, |next| next[0] - gap);
    if low > high {
        return curve.clone();
    }
    points[idx] = [x.clamp(low, high), y.clamp(0.0, 1.0)].map(|c| (c * 1e4).round() / 1e4);
    CurvePoints::new(&points).unwrap_or_else(|_| curve.clone())
}

/// `None` where two points are left, which make the curve.
fn without(curve: &CurvePoints, idx: usize) -> Option<CurvePoints> {
    let mut points = curve.points().to_vec();
    points.remove(idx);
    CurvePoints::new(&points).ok()
}

/// With one point more, and its index. `None` where there is no room for it.
fn with_point(curve: &CurvePoints, point: [f64; 2]) -> Option<(CurvePoints, usize)> {
    let mut points = curve.points().to_vec();
    let idx = points.partition_point(|[x, _]| *x < point[0]);
    points.insert(idx, point);
    CurvePoints::new(&points).ok().map(|curve| (curve, idx))
}
