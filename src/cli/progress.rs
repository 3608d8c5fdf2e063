//! A line of progress on a terminal, fed by the same events as every other view; nothing elsewhere.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::telemetry::event::Event;
use crate::telemetry::sink::Sink;

/// How finely a share done is shown.
const STEPS: u64 = 1000;

/// One bar for all that a command does, one phase after another.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Draws only where stderr is a terminal.
    pub(super) fn new() -> Self {
        let target = if io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(STEPS), target);
        if let Ok(style) = ProgressStyle::with_template("{msg:>10} {wide_bar} {percent:>3} %") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// A new phase of which shares will be told.
    pub(super) fn begin(&self, what: &'static str) {
        self.0.set_message(what);
        self.0.set_length(STEPS);
        self.0.set_position(0);
    }

    pub(super) fn share(&self, done: f32) {
        self.0.set_position((f64::from(done) * STEPS as f64) as u64);
    }

    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Sink for Progress {
    fn record(&self, event: Event) {
        match event {
            Event::RunStarted { .. } => {
                self.0.set_message("computing");
                self.0.set_length(0);
                self.0.set_position(0);
            }
            Event::PassStarted { n_tiles, .. } => self.0.inc_length(u64::from(n_tiles)),
            Event::Tile(_) => self.0.inc(1),
            Event::RunEnded { .. } => self.begin("saving"),
            Event::PassEnded { .. } | Event::Worker(_) | Event::Note { .. } => {}
        }
    }
}
