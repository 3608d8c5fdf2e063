//! Who decodes: which program in which role, how patiently it is waited for, and on which terms.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::backend::processes::WorkerProgram;
use crate::codecs::{Limits, PhotoInfo, Watch};
use crate::system::sandbox::SandboxState;

use super::decoding::{DecodedPhoto, Greeted, Patience};
use super::error::DecoderError;
use super::photo_file::{OpenFile, PhotoFile};
use super::worker::Worker;

/// Starts a decoder process for every file.
#[derive(Debug, Clone)]
pub struct Decoder {
    program: WorkerProgram,
    pub(super) requires_sandbox: bool,
    pub(super) patience: Patience,
}

impl Decoder {
    /// The program that computes, in the role of one that decodes.
    #[must_use]
    pub fn beside(worker: &WorkerProgram) -> Self {
        let role = ["worker", "--role", "decode"].map(Into::into);
        Self::with_program(WorkerProgram {
            program: worker.program.clone(),
            args: role.into(),
        })
    }

    /// Another program, or another role of it.
    #[must_use]
    pub fn with_program(program: WorkerProgram) -> Self {
        Self {
            program,
            requires_sandbox: false,
            patience: Patience::default(),
        }
    }

    /// Whether a decoder that some wall is missing around is sent home without a file.
    #[must_use]
    pub const fn requiring_sandbox(mut self, is_required: bool) -> Self {
        self.requires_sandbox = is_required;
        self
    }

    #[must_use]
    pub const fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// Which walls stand around a decoder on this system: one is started and asked.
    ///
    /// # Errors
    /// When it cannot be started, or ends.
    pub fn probe(&self) -> Result<SandboxState, DecoderError> {
        let worker = Worker::start(self)?;
        Greeted::greet(worker, self, &Watch::NONE).map(|greeted| greeted.sandbox)
    }

    /// What a file's header says.
    ///
    /// # Errors
    /// As [`Self::decode`].
    pub fn inspect(&self, path: &Path, limits: &Limits) -> Result<PhotoInfo, DecoderError> {
        let source = OpenFile::new(path, limits)?;
        let worker = Worker::start(self)?;
        let file = source.read()?;
        let greeted = Greeted::greet(worker, self, &Watch::NONE)?;
        let opened = greeted.open(&file, limits, self, &Watch::NONE)?;
        Ok(opened.header.info)
    }

    /// Decodes bytes that are read already.
    ///
    /// # Errors
    /// What the decoder says of the file; or how it failed.
    pub fn decode(
        &self,
        file: &PhotoFile,
        limits: &Limits,
        watch: &Watch<'_>,
    ) -> Result<DecodedPhoto, DecoderError> {
        let greeted = Greeted::greet(Worker::start(self)?, self, watch)?;
        greeted.open(file, limits, self, watch)?.fill(self, watch)
    }

    /// Reads and decodes a file; its bytes are given to `meanwhile` on a thread of its own while
    /// the decoder works.
    ///
    /// # Errors
    /// As [`Self::decode`], or the file cannot be read.
    pub fn open<T: Send>(
        &self,
        path: &Path,
        limits: &Limits,
        watch: &Watch<'_>,
        meanwhile: impl FnOnce(&[u8]) -> T + Send,
    ) -> Result<(DecodedPhoto, T), DecoderError> {
        // A file that is not there costs no process; one that is, is read while the process starts.
        let source = OpenFile::new(path, limits)?;
        let worker = Worker::start(self)?;
        let file = source.read()?;
        let greeted = Greeted::greet(worker, self, watch)?;
        let opened = greeted.open(&file, limits, self, watch)?;
        std::thread::scope(|scope| {
            let beside = std::thread::Builder::new()
                .name("beside the decoder".to_owned())
                .spawn_scoped(scope, || meanwhile(file.bytes()))
                .map_err(DecoderError::Start)?;
            let decoded = opened.fill(self, watch);
            let told = beside
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            Ok((decoded?, told))
        })
    }

    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program.program);
        command
            .args(&self.program.args)
            .env_clear()
            .stderr(Stdio::piped());
        // Windows starts nothing without it.
        if let (true, Some(root)) = (cfg!(windows), std::env::var_os("SystemRoot")) {
            command.env("SystemRoot", root);
        }
        // A group of its own: an interrupt from the terminal is the parent's to answer.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }
}
