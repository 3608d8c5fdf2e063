//! One hand at one task, again and again, in memory that is in use already.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::backend::spare_memory::SpareMemory;
use crate::backend::{Backend, BackendError};
use crate::pixels::geometry::Size;
use crate::pixels::image::{Image, Samples, SamplesMut, SamplesRef};
use crate::studio::StudioError;
use crate::studio::full_run::hash_samples;
use crate::studio::photo::hex;
use crate::telemetry::clock::now_ns;
use crate::telemetry::record::RunRecord;
use crate::telemetry::usage::thread_cpu_ns;

use super::job::Scene;
use super::measured::Lap;
use super::task::{Task, encode_into, not_encoded};

/// Does one picture at a time.
pub(super) struct Hand<'a> {
    scene: Scene<'a>,
    task: &'a Task<'a>,
    backend: Arc<dyn Backend>,
    shelf: &'a Shelf,
    made: Made,
    /// Millions of pixels of the last output; those of the photo where that is a file.
    megapixels: f64,
    /// Of the last run of an edit.
    record: Option<RunRecord>,
}

/// Memory that may be written over: hands of one task share it, for they seldom work at once.
pub(super) struct Shelf {
    memory: SpareMemory,
    files: Mutex<Vec<Vec<u8>>>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            memory: SpareMemory::up_to(u64::MAX),
            files: Mutex::default(),
        }
    }
}

impl Shelf {
    fn file(&self) -> Vec<u8> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.pop().unwrap_or_default()
    }

    fn put(&self, made: Made) {
        match made {
            Made::Nothing => {}
            Made::Picture(_, samples) => self.memory.keep_samples(samples),
            Made::File(bytes) => {
                let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
                files.push(bytes);
            }
        }
    }
}

/// What the last run left.
#[derive(Default)]
enum Made {
    #[default]
    Nothing,
    Picture(Size, Samples),
    File(Vec<u8>),
}

impl<'a> Hand<'a> {
    pub(super) const fn new(
        scene: Scene<'a>,
        task: &'a Task<'a>,
        backend: Arc<dyn Backend>,
        shelf: &'a Shelf,
    ) -> Self {
        Self {
            scene,
            task,
            backend,
            shelf,
            made: Made::Nothing,
            megapixels: 0.0,
            record: None,
        }
    }

    /// Does the task once. The output's memory is that of a run before, as in a program that works
    /// on one photo after another; a decoder takes its own, and what it took before goes within
    /// the clock.
    pub(super) fn run(&mut self) -> Result<Lap, StudioError> {
        if self.scene.cancel.is_stopped() {
            return Err(BackendError::Stopped.into());
        }
        let (made, lap) = match self.task {
            Task::Edit(full_run) => {
                let finished = full_run.run_into(&*self.backend, &self.shelf.memory)?;
                let Image { size, samples, .. } = finished.image;
                let lap = Lap::of(&finished.run.record);
                self.record = Some(finished.run.record);
                (Made::Picture(size, samples), lap)
            }
            Task::Copy(image) => {
                let len = image.samples.len();
                let mut samples = self.shelf.memory.samples(image.depth(), len);
                timed(|| {
                    copy(&image.samples, &mut samples);
                    Ok(Made::Picture(image.size, samples))
                })?
            }
            Task::Decode(jpeg) => timed(|| {
                self.shelf.memory.clear();
                let Image { size, samples, .. } = jpeg.decode(&self.scene)?;
                Ok(Made::Picture(size, samples))
            })?,
            Task::Encode { image, format } => {
                let mut bytes = self.shelf.file();
                let n_workers = self.backend.n_workers();
                timed(|| {
                    encode_into(&self.scene, image, (*format, n_workers), &mut bytes)
                        .map_err(|source| not_encoded(&self.scene, source))?;
                    Ok(Made::File(bytes))
                })?
            }
        };
        self.made = made;
        self.megapixels = match &self.made {
            Made::Picture(size, _) => size.megapixels(),
            Made::Nothing | Made::File(_) => self.scene.photo.image.size.megapixels(),
        };
        Ok(lap)
    }

    /// How the backend's pixels travel.
    pub(super) fn transport(&self) -> Option<&'static str> {
        self.backend.transport()
    }

    /// Millions of pixels of the last output; those of the photo where that is a file.
    pub(super) const fn megapixels(&self) -> f64 {
        self.megapixels
    }

    /// Of the last run, where the task is an edit.
    pub(super) const fn take_record(&mut self) -> Option<RunRecord> {
        self.record.take()
    }

    /// Lets others write over the last output.
    pub(super) fn give_back(&mut self) {
        self.shelf.put(std::mem::take(&mut self.made));
    }

    /// SHA-256 of the last output, before it is given back.
    pub(super) fn output_sha256(&self) -> Option<String> {
        match &self.made {
            Made::Nothing => None,
            Made::Picture(_, samples) => Some(hash_samples(samples)),
            Made::File(bytes) => Some(hex(&Sha256::digest(bytes))),
        }
    }
}

fn copy(from: &Samples, to: &mut Samples) {
    match (from.as_ref(), to.as_mut()) {
        (SamplesRef::U8(from), SamplesMut::U8(to)) => to.copy_from_slice(from),
        (SamplesRef::U16(from), SamplesMut::U16(to)) => to.copy_from_slice(from),
        _ => unreachable!("the copy was made for these samples"),
    }
}

/// Clocks work of this thread.
fn timed(work: impl FnOnce() -> Result<Made, StudioError>) -> Result<(Made, Lap), StudioError> {
    let cpu_before_ns = thread_cpu_ns();
    let started_ns = now_ns();
    let made = work()?;
    let wall_ns = now_ns() - started_ns;
    let cpu_ns = cpu_before_ns
        .zip(thread_cpu_ns())
        .map(|(before, after)| after - before);
    let lap = Lap {
        started_ns,
        wall_ns,
        cpu_ns,
        bytes_moved: 0,
    };
    Ok((made, lap))
}
