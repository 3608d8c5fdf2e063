//! The Chrome trace-event format: one event as JSON, and the array they stand in.
//!
//! Format: "Trace Event Format" of the Chromium project; times in microseconds.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

/// One event; which fields belong to which phase (`ph`) is the format's matter.
#[derive(Debug, Serialize)]
pub(super) struct TraceEvent<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    cat: &'a str,
    ph: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ts: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dur: Option<f64>,
    pid: u64,
    tid: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Of an instant: `t`, on its thread's track.
    #[serde(skip_serializing_if = "Option::is_none")]
    s: Option<&'a str>,
    /// Of a flow's end: `e`, bound to the slice around it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bp: Option<&'a str>,
    #[serde(skip_serializing_if = "Value::is_null")]
    args: Value,
}

/// A track: what the format calls a thread of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Track {
    pub(super) pid: u64,
    pub(super) tid: u64,
}

/// Place of an event in a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    Start,
    Step,
    End,
}

/// Writes the array, event by event.
pub(super) struct TraceWriter<'a> {
    out: &'a mut dyn Write,
    n_events: usize,
}

impl<'a> TraceWriter<'a> {
    /// Begins the file; `about` stands beside the events as `otherData`.
    pub(super) fn begin(out: &'a mut dyn Write, about: &Value) -> io::Result<Self> {
        out.write_all(b"{\"displayTimeUnit\":\"ms\",\"otherData\":")?;
        serde_json::to_writer(&mut *out, about)?;
        out.write_all(b",\"traceEvents\":[")?;
        Ok(Self { out, n_events: 0 })
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")
    }

    /// Names a process and says where it stands among the others.
    pub(super) fn process(&mut self, pid: u64, name: &str) -> io::Result<()> {
        let track = Track { pid, tid: 0 };
        self.metadata("process_name", track, serde_json::json!({ "name": name }))?;
        self.metadata(
            "process_sort_index",
            track,
            serde_json::json!({ "sort_index": pid }),
        )
    }

    /// Names a track; tracks stand in order of their numbers.
    pub(super) fn track(&mut self, track: Track, name: &str) -> io::Result<()> {
        self.metadata("thread_name", track, serde_json::json!({ "name": name }))?;
        self.metadata(
            "thread_sort_index",
            track,
            serde_json::json!({ "sort_index": track.tid }),
        )
    }

    pub(super) fn slice(
        &mut self,
        track: Track,
        name: &str,
        (start_ns, end_ns): (u64, u64),
        args: Value,
    ) -> io::Result<()> {
        self.event(&TraceEvent {
            cat: "parallax",
            ts: Some(micros(start_ns)),
            dur: Some(micros(end_ns.saturating_sub(start_ns))),
            args,
            ..blank(name, "X", track)
        })
    }

    pub(super) fn instant(&mut self, track: Track, name: &str, at_ns: u64) -> io::Result<()> {
        self.event(&TraceEvent {
            cat: "parallax",
            ts: Some(micros(at_ns)),
            s: Some("t"),
            ..blank(name, "i", track)
        })
    }

    /// Values of a counter from `at_ns` on, by series.
    pub(super) fn counter(
        &mut self,
        track: Track,
        name: &str,
        at_ns: u64,
        values: Value,
    ) -> io::Result<()> {
        self.event(&TraceEvent {
            ts: Some(micros(at_ns)),
            args: values,
            ..blank(name, "C", track)
        })
    }

    /// A flow's event binds to the slice of the track that holds `at_ns`.
    pub(super) fn flow(
        &mut self,
        track: Track,
        id: &str,
        flow: Flow,
        at_ns: u64,
    ) -> io::Result<()> {
        let (ph, bp) = match flow {
            Flow::Start => ("s", None),
            Flow::Step => ("t", None),
            Flow::End => ("f", Some("e")),
        };
        self.event(&TraceEvent {
            cat: "tile",
            ts: Some(micros(at_ns)),
            id: Some(id),
            bp,
            ..blank("tile", ph, track)
        })
    }

    fn metadata(&mut self, name: &str, track: Track, args: Value) -> io::Result<()> {
        self.event(&TraceEvent {
            args,
            ..blank(name, "M", track)
        })
    }

    fn event(&mut self, event: &TraceEvent<'_>) -> io::Result<()> {
        let separator: &[u8] = if self.n_events == 0 { b"\n" } else { b",\n" };
        self.out.write_all(separator)?;
        self.n_events += 1;
        Ok(serde_json::to_writer(&mut *self.out, event)?)
    }
}

fn blank<'a>(name: &'a str, ph: &'a str, track: Track) -> TraceEvent<'a> {
    TraceEvent {
        name,
        cat: "",
        ph,
        ts: None,
        dur: None,
        pid: track.pid,
        tid: track.tid,
        id: None,
        s: None,
        bp: None,
        args: Value::Null,
    }
}

fn micros(ns: u64) -> f64 {
    ns as f64 / 1e3
}
