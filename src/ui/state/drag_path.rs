//! The way of one change of a slider from the hand to the screen.

use crate::studio::BackendKind;
use crate::studio::preview::Stamps;

/// Names of the stages, each by what ends it.
const STAGES: [&str; 6] = [
    "coalesced",
    "planned",
    "first tile",
    "last tile",
    "uploaded",
    "on screen",
];

/// See the module's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DragPath {
    pub backend: BackendKind,
    /// Earlier inputs that this picture answers as well.
    pub n_coalesced: u32,
    /// Ends of the stages, in nanoseconds since the input, in order.
    ends_ns: [u64; STAGES.len()],
}

impl DragPath {
    /// Of a picture that has been painted. A stage without a stamp took no time of its own.
    #[must_use]
    pub fn of(
        backend: BackendKind,
        stamps: &Stamps,
        (uploaded_ns, painted_ns): (u64, u64),
    ) -> Self {
        let stamped = [
            stamps.taken_ns,
            stamps.planned_ns,
            stamps.first_tile_ns,
            stamps.last_tile_ns,
            uploaded_ns,
            painted_ns,
        ];
        let mut latest_ns = 0;
        // Tiles of worker processes are on a translated clock, which may err by some microseconds.
        let ends_ns = stamped.map(|at_ns| {
            latest_ns = at_ns.saturating_sub(stamps.input_ns).max(latest_ns);
            latest_ns
        });
        Self {
            backend,
            n_coalesced: stamps.n_coalesced,
            ends_ns,
        }
    }

    /// Name and length of each stage, in order; together the whole way.
    #[must_use]
    pub fn stages(&self) -> [(&'static str, u64); STAGES.len()] {
        let mut began_ns = 0;
        let mut stages = [("", 0); STAGES.len()];
        for ((stage, name), end_ns) in stages.iter_mut().zip(STAGES).zip(self.ends_ns) {
            *stage = (name, end_ns - began_ns);
            began_ns = end_ns;
        }
        stages
    }

    /// From the input to the screen.
    #[must_use]
    pub const fn total_ns(&self) -> u64 {
        self.ends_ns[STAGES.len() - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_add_up_to_the_whole_way_and_never_run_backwards() {
        let stamps = Stamps {
            input_ns: 1000,
            taken_ns: 1100,
            planned_ns: 1150,
            first_tile_ns: 1140,
            last_tile_ns: 1900,
            n_coalesced: 2,
            ..Stamps::default()
        };
        let path = DragPath::of(BackendKind::Threads, &stamps, (2000, 2500));
        let lengths: Vec<u64> = path.stages().iter().map(|(_, ns)| *ns).collect();
        assert_eq!(lengths, [100, 50, 0, 750, 100, 500]);
        assert_eq!(path.total_ns(), 1500);
    }
}
