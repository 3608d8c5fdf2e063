//! Bands of rows made side by side and taken in order: what makes the encoders parallel.
//!
//! Bands are cut by the picture alone, so a file's bytes do not depend on how many threads made it.

use std::collections::BTreeMap;
use std::ops::Range;

use crossbeam_channel::bounded;
use rayon::ThreadPoolBuilder;

use crate::codecs::error::CodecError;
use crate::codecs::format::Format;
use crate::codecs::guard::guarded;
use crate::codecs::watch::Watch;

/// Whole rows, of which the last band may have fewer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bands {
    n_rows: usize,
    n_rows_a_band: usize,
}

impl Bands {
    /// Bands of at most `wanted`, in multiples of `unit` rows, but at least one such unit. `wanted`
    /// and `row` are counted in whatever the caller counts: bytes or pixels.
    pub(super) fn cut(n_rows: usize, row: usize, wanted: usize, unit: usize) -> Self {
        let n_units = wanted / (row.max(1) * unit);
        Self {
            n_rows,
            n_rows_a_band: n_units.max(1) * unit,
        }
    }

    pub(super) fn count(self) -> usize {
        self.n_rows.div_ceil(self.n_rows_a_band)
    }

    /// Of every band but the last, which may be lower; a picture of one band may be lower too.
    pub(super) fn rows_a_band(self) -> usize {
        self.n_rows_a_band
    }

    pub(super) fn rows(self, band_idx: usize) -> Range<usize> {
        let start = band_idx * self.n_rows_a_band;
        start..self.n_rows.min(start + self.n_rows_a_band)
    }
}

/// Who makes the bands of one file.
#[derive(Clone, Copy)]
pub(super) struct Crew<'a> {
    /// 0 or 1: the calling thread alone.
    pub(super) n_workers: usize,
    pub(super) format: Format,
    pub(super) watch: Watch<'a>,
}

impl Crew<'_> {
    /// Makes every band and hands them over in order, on the calling thread; tells progress and
    /// looks at the stop flag before each. At most twice as many bands as workers are alive.
    ///
    /// # Errors
    /// Those of `make` and `take`; cancelled. What was already begun is then finished and dropped.
    pub(super) fn in_order<T: Send>(
        &self,
        n_bands: usize,
        make: impl Fn(usize) -> Result<T, CodecError> + Sync,
        mut take: impl FnMut(usize, T) -> Result<(), CodecError>,
    ) -> Result<(), CodecError> {
        let make = |band_idx: usize| {
            if self.watch.is_cancelled() {
                return Err(CodecError::Cancelled);
            }
            // On a thread of ours nobody else would catch a library's panic.
            guarded(self.format, || make(band_idx))
        };
        let mut take = |band_idx: usize, band: T| {
            self.watch.step(band_idx as f32 / n_bands as f32)?;
            take(band_idx, band)
        };
        let n_workers = self.n_workers.min(n_bands);
        let pool = (n_workers > 1)
            .then(|| {
                ThreadPoolBuilder::new()
                    .num_threads(n_workers)
                    .thread_name(|worker_idx| format!("encoder {worker_idx}"))
                    .build()
            })
            .and_then(Result::ok);
        // Without threads to be had, the file is still written.
        let Some(pool) = pool else {
            return (0..n_bands).try_for_each(|band_idx| take(band_idx, make(band_idx)?));
        };
        pool.in_place_scope(|scope| {
            let (made, finished) = bounded(2 * n_workers + 1);
            let make = &make;
            let mut n_begun = 0;
            let mut early = BTreeMap::new();
            for wanted in 0..n_bands {
                while n_begun < n_bands.min(wanted + 2 * n_workers) {
                    let (made, band_idx) = (made.clone(), n_begun);
                    // The receiver is gone only after an error, when nobody wants the band.
                    scope.spawn(move |_| drop(made.send((band_idx, make(band_idx)))));
                    n_begun += 1;
                }
                let band = loop {
                    if let Some(band) = early.remove(&wanted) {
                        break band;
                    }
                    let Ok((band_idx, band)) = finished.recv() else {
                        break Err(CodecError::Cancelled);
                    };
                    early.insert(band_idx, band);
                };
                take(wanted, band?)?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use super::*;

    fn crew(n_workers: usize, watch: Watch<'_>) -> Crew<'_> {
        Crew {
            n_workers,
            format: Format::Png,
            watch,
        }
    }

    #[test]
    fn bands_cover_every_row_once() {
        for (n_rows, row, wanted, unit) in [(1, 5, 100, 8), (97, 10, 333, 16), (64, 1, 1, 1)] {
            let bands = Bands::cut(n_rows, row, wanted, unit);
            let mut next = 0;
            for band_idx in 0..bands.count() {
                let rows = bands.rows(band_idx);
                assert!(rows.start == next && rows.end > next);
                assert!(rows.start.is_multiple_of(unit));
                next = rows.end;
            }
            assert_eq!(next, n_rows);
        }
    }

    #[test]
    fn bands_come_in_order_and_only_so_many_live() {
        for n_workers in [0, 1, 2, 7] {
            let n_alive = AtomicUsize::new(0);
            let mut taken = Vec::new();
            let outcome = crew(n_workers, Watch::NONE).in_order(
                100,
                |band_idx| {
                    let n = n_alive.fetch_add(1, Ordering::SeqCst) + 1;
                    assert!(n <= 2 * n_workers.max(1), "{n} with {n_workers}");
                    Ok(band_idx * 3)
                },
                |band_idx, band| {
                    n_alive.fetch_sub(1, Ordering::SeqCst);
                    taken.push((band_idx, band));
                    Ok(())
                },
            );
            assert!(outcome.is_ok());
            assert!(taken.iter().copied().eq((0..100).map(|i| (i, i * 3))));
        }
    }

    #[test]
    fn a_panic_an_error_and_the_stop_flag_end_it() {
        for n_workers in [1, 3] {
            let flag = AtomicBool::new(false);
            let nothing: &[u8] = &[];
            let panicked = crew(n_workers, Watch::NONE).in_order(
                9,
                |band_idx| Ok(if band_idx == 4 { nothing[0] } else { 0 }),
                |_, _| Ok(()),
            );
            assert!(matches!(panicked, Err(CodecError::Malformed { .. })));
            let mut n_taken = 0;
            let stopped = crew(n_workers, Watch::cancel(&flag)).in_order(1000, Ok, |_, _| {
                n_taken += 1;
                flag.store(n_taken == 5, Ordering::Relaxed);
                Ok(())
            });
            assert!(matches!(stopped, Err(CodecError::Cancelled)));
            assert_eq!(n_taken, 5);
        }
    }
}
