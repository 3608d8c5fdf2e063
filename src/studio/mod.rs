//! Floor 5: where it meets. An open photo, its recipe and history, and the jobs done with them:
//! preview, full run, compare, export, bench; plus what is kept between days.
//!
//! The two doors above (`cli`, `ui`) speak only to this floor about photos, files and backends. No
//! call here waits for a decoder, a kernel or a disk unless its doc says so: such work runs on
//! threads of its own and answers through [`session::Session::poll`].

pub mod autosave;
pub mod bench;
pub mod compare;
pub mod engines;
pub mod error;
pub mod export;
pub mod full_run;
pub mod job_key;
pub mod keeper;
pub mod lab;
pub mod monitor;
pub mod photo;
pub mod presets;
pub mod preview;
pub mod pyramid;
pub mod recipe_changes;
pub mod run_history;
pub mod run_log;
pub mod run_pair;
pub mod sample;
pub mod session;
pub mod settings;
pub mod side_by_side;
pub mod tour;
pub mod view;
pub mod workers;

pub use engines::{BackendChoice, BackendKind};
pub use error::StudioError;
pub use photo::Photo;
