//! Where a program keeps things on this system: settings, data, what can be made again, pictures.
//!
//! Making the folders, and what goes into them, is the matter of those who use them.

mod find;
mod user_dirs;

pub use find::{Folders, OVERRIDE};
