//! Sets of jobs that come with the program.

use clap::ValueEnum;
use tracing::warn;

use crate::cli::exit::Failure;
use crate::cli::recipes;
use crate::codecs::{EncodeFormat, Subsampling};
use crate::filters::registry::FILTERS;
use crate::filters::value::Values;
use crate::recipe::Recipe;
use crate::recipe::shipped::{PEERS, SHIPPED, TOUR};
use crate::studio::bench::{Job, Work};

/// What some encoders make of quality 92 unless told otherwise.
const JPEG_420: EncodeFormat = EncodeFormat::Jpeg {
    quality: 92,
    subsampling: Subsampling::S420,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Suite {
    /// Every preset that comes with Parallax
    Presets,
    /// The works other programs are measured by, a JPEG both ways, and a plain copy
    Peers,
    /// Every filter alone, as its menu entry adds it
    Filters,
    /// One heavy edit, to watch the workers at
    Tour,
}

impl Suite {
    /// The name flags and reports use.
    pub(super) fn id(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    pub(super) fn jobs(self) -> Result<Vec<Job>, Failure> {
        match self {
            Self::Presets => edits(SHIPPED),
            Self::Peers => peers(),
            Self::Filters => Ok(filters()),
            Self::Tour => edits(&[TOUR]),
        }
    }
}

fn edits(texts: &[&str]) -> Result<Vec<Job>, Failure> {
    let named = recipes::of_texts(texts)?;
    let jobs = named.into_iter().map(|(what, recipe)| Job {
        what,
        work: Work::Edit(recipe),
    });
    Ok(jobs.collect())
}

fn peers() -> Result<Vec<Job>, Failure> {
    let job = |what: &str, work| Job {
        what: what.to_owned(),
        work,
    };
    let mut jobs = vec![job("copy", Work::Copy)];
    jobs.extend(edits(PEERS)?);
    jobs.push(job("decode", Work::Decode));
    jobs.push(job("encode", Work::Encode(EncodeFormat::JPEG)));
    jobs.push(job("encode-420", Work::Encode(JPEG_420)));
    Ok(jobs)
}

fn filters() -> Vec<Job> {
    let mut jobs = Vec::new();
    for spec in FILTERS.iter().map(|filter| filter.spec()) {
        let values = Values::on_add(spec);
        if values.is_identity(spec) {
            warn!("{} is skipped: it does nothing without a file", spec.id);
            continue;
        }
        let (recipe, _) = Recipe::empty().inserted(spec, &values);
        jobs.push(Job {
            what: spec.id.to_owned(),
            work: Work::Edit(recipe),
        });
    }
    jobs
}
