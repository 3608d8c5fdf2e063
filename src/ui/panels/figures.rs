//! How times, sizes and counts read in the panels, so that the same figure never has two forms.

/// `45 µs`, `1.9 ms`, `22 ms`, `1.32 s`.
#[must_use]
pub fn duration(ns: u64) -> String {
    let ms = ns as f64 / 1e6;
    if ns > 0 && ms < 0.095 {
        let digits = usize::from(ns < 1000);
        format!("{:.digits$} µs", ms * 1e3)
    } else if ms >= 9999.5 {
        format!("{:.1} s", ms / 1e3)
    } else if ms >= 999.5 {
        format!("{:.2} s", ms / 1e3)
    } else {
        format!("{} ms", milliseconds(ns))
    }
}

/// Milliseconds without their unit, for columns: `1.9`, `22`, `1320`.
#[must_use]
pub fn milliseconds(ns: u64) -> String {
    let ms = ns as f64 / 1e6;
    if ms < 9.95 {
        format!("{ms:.1}")
    } else {
        format!("{ms:.0}")
    }
}

/// `640 kB`, `103 MB`, in thousands as file managers count.
#[must_use]
pub fn bytes(n_bytes: u64) -> String {
    let mb = n_bytes as f64 / 1e6;
    if mb < 0.95 {
        format!("{:.0} kB", n_bytes as f64 / 1e3)
    } else if mb < 99.5 {
        format!("{mb:.1} MB")
    } else {
        format!("{mb:.0} MB")
    }
}

/// `1 worker`, `4 workers`.
#[must_use]
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_two_or_three_digits() {
        assert_eq!(duration(1_940_000), "1.9 ms");
        assert_eq!(duration(45_200), "45 µs");
        assert_eq!(duration(400), "0.4 µs");
        assert_eq!(duration(22_400_000), "22 ms");
        assert_eq!(duration(999_600_000), "1.00 s");
        assert_eq!(duration(12_340_000_000), "12.3 s");
        assert_eq!(milliseconds(9_960_000), "10");
        assert_eq!(bytes(640_000), "640 kB");
        assert_eq!(bytes(103_400_000), "103 MB");
        assert_eq!(counted(1, "worker", "workers"), "1 worker");
    }
}
