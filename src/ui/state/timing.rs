//! How long it takes from the hand to the screen, and what a frame costs the window's thread.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::studio::BackendKind;
use crate::studio::preview::Stamps;
use crate::telemetry::clock::now_ns;
use crate::telemetry::summary::{Rolling, Summary};
use crate::telemetry::usage::thread_cpu_ns;

use super::DragPath;

/// Latencies that the status bar's median is of.
const N_RECENT: usize = 60;

/// Measurements kept for a report; an hour of dragging does not reach it.
const MAX_KEPT: usize = 200_000;

/// A picture on its way to the screen, stamped when it has been painted.
#[derive(Debug)]
struct OnItsWay {
    seq: u64,
    stamps: Stamps,
    backend: BackendKind,
    /// The frame's own work was done and painting began; 0 before that.
    handed_over_ns: u64,
    painting: Painting,
}

/// Stamps that the painter leaves; 0 until then.
#[derive(Debug, Clone, Default)]
pub struct Painting {
    uploaded_ns: Arc<AtomicU64>,
    painted_ns: Arc<AtomicU64>,
}

impl Painting {
    /// The picture lies on the card; nothing of the frame is drawn yet.
    pub fn stamp_uploaded(&self) {
        self.uploaded_ns.store(now_ns(), Ordering::Relaxed);
    }

    /// Everything of the frame is drawn.
    pub fn stamp_painted(&self) {
        self.painted_ns.store(now_ns(), Ordering::Relaxed);
    }
}

/// One picture from the input that asked for it to the screen, in nanoseconds.
#[derive(Debug, Clone, Copy, Serialize)]
struct Journey {
    seq: u64,
    input_to_painted_ns: u64,
    input_to_taken_ns: u64,
    compute_ns: u64,
    computed_to_painted_ns: u64,
    /// Of these the painting itself.
    painting_ns: u64,
}

/// What a frame cost outside painting.
#[derive(Debug, Clone, Copy, Serialize)]
struct FrameCost {
    /// CPU time of the window's thread; `None` where the system does not tell.
    cpu_ns: Option<u64>,
    wall_ns: u64,
}

/// Where a report is left for whoever asked for it.
pub type ReportSlot = Arc<Mutex<Option<String>>>;

/// See the module's own words.
#[derive(Debug)]
pub struct Timing {
    report_slot: Option<ReportSlot>,
    on_its_way: Option<OnItsWay>,
    to_screen: Rolling,
    /// Everything since the start; `None` when nobody asked for a report.
    kept: Option<Kept>,
    began: Option<(Option<u64>, u64)>,
    /// When the input of this frame was handed over by the system.
    noted_ns: Option<u64>,
    /// Previews that answer an edit and are not painted yet.
    edits: BTreeSet<u64>,
    last_path: Option<DragPath>,
}

#[derive(Debug, Default, Serialize)]
struct Kept {
    journeys: Vec<Journey>,
    frames: Vec<FrameCost>,
}

/// A report in figures a person reads first; the single measurements follow.
#[derive(Debug, Serialize)]
struct Report<'a> {
    version: u32,
    input_to_painted_ms: Option<Figures>,
    preview_compute_ms: Option<Figures>,
    painting_ms: Option<Figures>,
    ui_cpu_ms: Option<Figures>,
    ui_wall_ms: Option<Figures>,
    #[serde(flatten)]
    kept: &'a Kept,
}

#[derive(Debug, Serialize)]
struct Figures {
    count: usize,
    median: f64,
    p95: f64,
    p99: f64,
    max: f64,
}

impl Timing {
    /// With a slot for a report everything is kept, else the latest.
    #[must_use]
    pub fn new(report_slot: Option<ReportSlot>) -> Self {
        Self {
            kept: report_slot.is_some().then(Kept::default),
            report_slot,
            on_its_way: None,
            to_screen: Rolling::new(N_RECENT),
            began: None,
            noted_ns: None,
            edits: BTreeSet::new(),
            last_path: None,
        }
    }

    /// The input of the next frame is here.
    pub fn note_input(&mut self) {
        self.noted_ns = Some(now_ns());
    }

    /// When the input of this frame was here.
    #[must_use]
    pub fn input_ns(&mut self) -> u64 {
        self.noted_ns.take().unwrap_or_else(now_ns)
    }

    /// The preview of this number will answer a change of the recipe: its way to the screen counts,
    /// that of a preview for a new view does not.
    pub fn note_edit(&mut self, seq: u64) {
        self.edits.insert(seq);
    }

    /// A frame's own work begins.
    pub fn begin_frame(&mut self) {
        self.take_painted();
        self.began = Some((thread_cpu_ns(), now_ns()));
    }

    /// A frame's own work is done; painting follows.
    pub fn end_frame(&mut self) {
        if let Some(way) = &mut self.on_its_way
            && way.handed_over_ns == 0
        {
            way.handed_over_ns = now_ns();
        }
        let (Some((cpu_ns, wall_ns)), Some(kept)) = (self.began.take(), &mut self.kept) else {
            return;
        };
        let cpu_ns = cpu_ns.zip(thread_cpu_ns());
        let cost = FrameCost {
            cpu_ns: cpu_ns.map(|(began, ended)| ended.saturating_sub(began)),
            wall_ns: now_ns().saturating_sub(wall_ns),
        };
        if kept.frames.len() < MAX_KEPT {
            kept.frames.push(cost);
        }
    }

    /// A new picture goes to the screen in this frame. The painter stamps what is returned.
    pub fn expect(&mut self, (seq, backend): (u64, BackendKind), stamps: Stamps) -> Painting {
        let painting = Painting::default();
        let is_first_answer = self.edits.remove(&seq);
        // Older ones were overtaken.
        self.edits = self.edits.split_off(&seq);
        if is_first_answer {
            self.on_its_way = Some(OnItsWay {
                seq,
                stamps,
                backend,
                handed_over_ns: 0,
                painting: painting.clone(),
            });
        }
        painting
    }

    /// The way of the latest change made by hand.
    #[must_use]
    pub const fn last_path(&self) -> Option<DragPath> {
        self.last_path
    }

    /// From input to painted, of the latest changes made by hand.
    #[must_use]
    pub fn to_screen(&self) -> Option<Summary> {
        self.to_screen.summary()
    }

    /// All measurements as JSON; `None` when they were not kept.
    #[must_use]
    pub fn report(&mut self) -> Option<String> {
        self.take_painted();
        let kept = self.kept.as_ref()?;
        let journeys = &kept.journeys;
        let report = Report {
            version: 1,
            input_to_painted_ms: figures(journeys.iter().map(|one| one.input_to_painted_ns)),
            preview_compute_ms: figures(journeys.iter().map(|one| one.compute_ns)),
            painting_ms: figures(journeys.iter().map(|one| one.painting_ns)),
            ui_cpu_ms: figures(kept.frames.iter().filter_map(|one| one.cpu_ns)),
            ui_wall_ms: figures(kept.frames.iter().map(|one| one.wall_ns)),
            kept,
        };
        serde_json::to_string_pretty(&report).ok()
    }

    /// Leaves the report in its slot.
    pub fn hand_in(&mut self) {
        let report = self.report();
        if let Some(slot) = &self.report_slot {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = report;
        }
    }

    fn take_painted(&mut self) {
        let Some(way) = &self.on_its_way else { return };
        let painted_ns = way.painting.painted_ns.load(Ordering::Relaxed);
        if painted_ns == 0 {
            return;
        }
        let uploaded_ns = way.painting.uploaded_ns.load(Ordering::Relaxed);
        let ends = (uploaded_ns, painted_ns);
        self.last_path = Some(DragPath::of(way.backend, &way.stamps, ends));
        let Stamps {
            input_ns,
            taken_ns,
            computed_ns,
            ..
        } = way.stamps;
        let journey = Journey {
            seq: way.seq,
            input_to_painted_ns: painted_ns.saturating_sub(input_ns),
            input_to_taken_ns: taken_ns.saturating_sub(input_ns),
            compute_ns: way.stamps.compute_ns(),
            computed_to_painted_ns: painted_ns.saturating_sub(computed_ns),
            painting_ns: painted_ns.saturating_sub(way.handed_over_ns),
        };
        self.on_its_way = None;
        self.to_screen.push(journey.input_to_painted_ns);
        if let Some(kept) = &mut self.kept
            && kept.journeys.len() < MAX_KEPT
        {
            kept.journeys.push(journey);
        }
    }
}

fn figures(values_ns: impl Iterator<Item = u64>) -> Option<Figures> {
    let mut sorted: Vec<u64> = values_ns.collect();
    sorted.sort_unstable();
    let ms = |value: u64| value as f64 / 1e6;
    let rank = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1];
    let max = ms(*sorted.last()?);
    Some(Figures {
        count: sorted.len(),
        median: ms(rank(50)),
        p95: ms(rank(95)),
        p99: ms(rank(99)),
        max,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_counts_once_and_only_when_painted() {
        let mut timing = Timing::new(Some(ReportSlot::default()));
        let kind = BackendKind::Threads;
        let of_view = timing.expect((6, kind), Stamps::default());
        of_view.stamp_painted();
        timing.begin_frame();
        assert_eq!(timing.to_screen(), None);
        timing.note_edit(7);
        let painting = timing.expect((7, kind), Stamps::default());
        timing.begin_frame();
        assert_eq!(timing.to_screen(), None);
        painting.stamp_uploaded();
        painting.stamp_painted();
        timing.begin_frame();
        timing.begin_frame();
        assert_eq!(timing.to_screen().unwrap().count, 1);
        let path = timing.last_path().unwrap();
        assert!(path.stages()[4].1 > 0, "{path:?}");
        timing.end_frame();
        let report: serde_json::Value = serde_json::from_str(&timing.report().unwrap()).unwrap();
        assert_eq!(report["journeys"][0]["seq"], 7);
        assert_eq!(report["ui_wall_ms"]["count"], 1);
    }
}
