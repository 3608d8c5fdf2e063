//! How pixels travel between the parent and its workers.

use serde::{Deserialize, Serialize};

/// Control goes by pipes in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// Through the same pipes.
    #[default]
    Pipes,
    /// In memory that both map: the photo once, where it lies in such memory already, else what a
    /// tile reads; and what it makes.
    SharedMemory,
}

impl Transport {
    pub const ALL: [Self; 2] = [Self::Pipes, Self::SharedMemory];

    /// The name flags and logs use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pipes => "pipes",
            Self::SharedMemory => "shared-memory",
        }
    }
}
