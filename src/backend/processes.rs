//! stub
use super::{Backend, BackendError, PassWork};
use std::ffi::OsString;
use std::path::PathBuf;
#[derive(Clone, Debug)]
pub struct WorkerProgram {
    pub program: PathBuf,
    pub args: Vec<OsString>,
}
pub struct Processes;
impl Processes {
    pub fn new(_: WorkerProgram, _: usize) -> Result<Self, BackendError> {
        Ok(Self)
    }
}
impl Backend for Processes {
    fn name(&self) -> &'static str {
        "processes"
    }
    fn n_workers(&self) -> usize {
        1
    }
    fn run_pass(&self, _: &PassWork<'_, '_>) -> Result<(), BackendError> {
        Err(BackendError::Stopped)
    }
}
/// Stub of the worker's entry.
///
/// # Errors
/// Always.
pub fn run_worker_main() -> Result<(), BackendError> {
    Err(BackendError::PoolLost {
        cause: "not built yet".to_owned(),
    })
}
