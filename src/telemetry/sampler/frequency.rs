//! Linux: clock frequencies of the cores, where `cpufreq` tells them (most virtual machines do not).
//!
//! Asking may wake a core, so that each is asked once a second, by turns.

use std::fs;

use super::sample::CoreLoad;

/// Samples after which a core's turn comes again.
const EVERY: usize = 10;

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Frequencies {
    mhz: Vec<Option<u32>>,
    n_asked: usize,
    /// The first core told nothing: the others will not either.
    is_silent: bool,
}

impl Frequencies {
    pub(super) fn tell(&mut self, cores: &mut [CoreLoad]) {
        self.mhz.resize(cores.len(), None);
        for (idx, (core, mhz)) in cores.iter_mut().zip(&mut self.mhz).enumerate() {
            if !self.is_silent && idx % EVERY == self.n_asked % EVERY {
                *mhz = ask(core.core);
                self.is_silent = idx == 0 && mhz.is_none();
            }
            core.mhz = *mhz;
        }
        self.n_asked += 1;
    }
}

fn ask(core: u32) -> Option<u32> {
    let path = format!("/sys/devices/system/cpu/cpu{core}/cpufreq/scaling_cur_freq");
    mhz_of(&fs::read_to_string(path).ok()?)
}

/// The file holds kilohertz.
fn mhz_of(text: &str) -> Option<u32> {
    let khz: u32 = text.trim().parse().ok()?;
    (khz > 0).then_some(khz / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilohertz_become_megahertz() {
        assert_eq!(mhz_of("3400123\n"), Some(3400));
        assert_eq!(mhz_of("<unknown>"), None);
        assert_eq!(mhz_of("0"), None);
    }
}
