//! Integer names of the things events speak of; what they mean belongs to those who count them.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// One preview or full run; counted up over the life of the program.
    RunId(u64)
);
id!(
    /// Place of a pass in its plan, from 0.
    PassIdx(u16)
);
id!(
    /// Place of a tile in its pass, row by row from the top left, from 0.
    TileIdx(u32)
);
id!(
    /// A worker's lane, from 0. A worker process that takes a dead one's place takes its lane.
    WorkerIdx(u16)
);
id!(
    /// An edit of the recipe, stable while the edit lives.
    EditId(u64)
);
