//! The few fields of Linux's `/proc` files that the sampler needs (proc(5)).

/// Ticks a second of every figure in `/proc`; 100 on all architectures Rust supports.
const USER_HZ: u64 = 100;

/// Ticks a core spent since the system began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct CoreTicks {
    pub(super) core: u32,
    pub(super) busy: u64,
    pub(super) total: u64,
}

/// The `cpuN` lines of `/proc/stat`.
pub(super) fn core_ticks(stat: &str) -> Vec<CoreTicks> {
    // They stand together at the top; the lines below them are long.
    let lines = stat.lines().take_while(|line| line.starts_with("cpu"));
    lines.filter_map(core_line).collect()
}

/// `cpuN user nice system idle iowait irq softirq steal guest guest_nice`; guests count in user.
fn core_line(line: &str) -> Option<CoreTicks> {
    let mut words = line.split_ascii_whitespace();
    let core = words.next()?.strip_prefix("cpu")?.parse().ok()?;
    let mut ticks = [0u64; 8];
    for (tick, word) in ticks.iter_mut().zip(words) {
        *tick = word.parse().ok()?;
    }
    let [user, nice, system, idle, iowait, irq, softirq, steal] = ticks;
    let busy = user + nice + system + irq + softirq + steal;
    Some(CoreTicks {
        core,
        busy,
        total: busy + idle + iowait,
    })
}

/// CPU time of a thread, from `/proc/PID/task/TID/schedstat`; `None` where the kernel keeps none.
pub(super) fn schedstat_run_ns(text: &str) -> Option<u64> {
    text.split_ascii_whitespace().next()?.parse().ok()
}

/// What `/proc/PID/task/TID/stat` tells of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ThreadStat {
    /// In steps of a tick, 10 ms.
    pub(super) run_ns: u64,
    /// The core it ran on last.
    pub(super) core: u32,
}

pub(super) fn thread_stat(text: &str) -> Option<ThreadStat> {
    // A name may hold spaces and parentheses, so count from its last one; field 3 comes next.
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let user: u64 = fields.nth(14 - 3)?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let core = fields.nth(39 - 16)?.parse().ok()?;
    Some(ThreadStat {
        run_ns: (user + system) * (1_000_000_000 / USER_HZ),
        core,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_lines_are_read_and_the_sum_line_is_not() {
        let stat = "cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 100 5 20 800 40 1 4 30 7 0\n\
                    cpu11 1 2 3 4\nintr 12345 0 0\nctxt 1\n";
        let expected = [
            CoreTicks {
                core: 0,
                busy: 160,
                total: 1000,
            },
            CoreTicks {
                core: 11,
                busy: 6,
                total: 10,
            },
        ];
        assert_eq!(core_ticks(stat), expected);
        assert_eq!(core_ticks("cpu0 x 1\n"), []);
        assert_eq!(core_ticks(""), []);
    }

    #[test]
    fn a_thread_with_an_evil_name_is_read() {
        // Fields numbered as in proc(5); 14 and 15 are user and system ticks, 39 the core.
        let numbered: Vec<String> = (4..=52).map(|field| field.to_string()).collect();
        let text = format!("1234 (a) b (c R 1) S {}\n", numbered.join(" "));
        let expected = ThreadStat {
            run_ns: 290_000_000,
            core: 39,
        };
        assert_eq!(thread_stat(&text), Some(expected));
        assert_eq!(thread_stat("1234 (x) S 1 2"), None);
        assert_eq!(thread_stat(""), None);
    }

    #[test]
    fn schedstat_begins_with_the_run_time() {
        assert_eq!(schedstat_run_ns("123456789 55 7\n"), Some(123_456_789));
        assert_eq!(schedstat_run_ns(""), None);
    }
}
