//! Chooses the instruction set once and runs kernels with it.
//!
//! Kernels are plain loops that the compiler vectorises; [`vectorize`] compiles each of them for
//! every level and picks one at run time. No level changes a result: the loops hold to IEEE
//! arithmetic, and a fused multiply-add is a true one everywhere. `PARALLAX_SIMD` forces a level.

use std::fmt;
use std::sync::OnceLock;

use fearless_simd::{Level, Simd as _, dispatch};

/// An instruction set kernels are compiled for. `Portable` is what every processor of the
/// architecture has (SSE2 on x86-64).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SimdLevel {
    Portable,
    Sse42,
    Avx2,
    Avx512,
    Neon,
}

impl SimdLevel {
    pub const ALL: [Self; 5] = [
        Self::Portable,
        Self::Sse42,
        Self::Avx2,
        Self::Avx512,
        Self::Neon,
    ];

    /// The name `PARALLAX_SIMD` and the logs use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Sse42 => "sse4.2",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|level| level.name().eq_ignore_ascii_case(name))
    }

    /// The levels this machine can run, weakest first.
    #[must_use]
    pub fn available() -> Vec<Self> {
        Self::ALL
            .into_iter()
            .filter(|level| level.token().is_some())
            .collect()
    }

    /// The strongest level of this machine, or the one `PARALLAX_SIMD` names if it can run here.
    #[must_use]
    pub fn current() -> Self {
        static CURRENT: OnceLock<SimdLevel> = OnceLock::new();
        *CURRENT.get_or_init(|| {
            std::env::var("PARALLAX_SIMD")
                .ok()
                .and_then(|name| Self::from_name(&name))
                .filter(|level| level.token().is_some())
                .unwrap_or_else(Self::strongest)
        })
    }

    fn strongest() -> Self {
        let level = Level::new();
        Self::ALL
            .into_iter()
            .rev()
            .find(|l| l.matches(level))
            .unwrap_or(Self::Portable)
    }

    fn matches(self, level: Level) -> bool {
        self.token_from(level)
            .is_some_and(|token| std::mem::discriminant(&token) == std::mem::discriminant(&level))
    }

    /// What `fearless_simd` calls it; `None` where this machine has no such level.
    #[must_use]
    pub fn token(self) -> Option<Level> {
        self.token_from(Level::new())
    }

    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    fn token_from(self, level: Level) -> Option<Level> {
        match self {
            Self::Portable => Some(Level::baseline()),
            Self::Sse42 => level.as_sse4_2().map(Level::Sse4_2),
            Self::Avx2 => level.as_avx2().map(Level::Avx2),
            Self::Avx512 => level.as_avx512().map(Level::Avx512),
            Self::Neon => None,
        }
    }

    #[cfg(target_arch = "aarch64")]
    fn token_from(self, level: Level) -> Option<Level> {
        match self {
            Self::Neon => level.as_neon().map(Level::Neon),
            Self::Portable => Some(Level::baseline()),
            Self::Sse42 | Self::Avx2 | Self::Avx512 => None,
        }
    }

    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    fn token_from(self, _level: Level) -> Option<Level> {
        matches!(self, Self::Portable).then(Level::baseline)
    }
}

impl fmt::Display for SimdLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Runs `kernel` compiled for the level in force. The closure and all it calls must be
/// `#[inline(always)]`, or they are compiled for the portable level.
#[inline]
pub fn vectorize<R>(kernel: impl FnOnce() -> R) -> R {
    run_with(level_in_force(), kernel)
}

#[inline]
fn level_in_force() -> Level {
    static TOKEN: OnceLock<Level> = OnceLock::new();
    *TOKEN.get_or_init(|| SimdLevel::current().token().unwrap_or_else(Level::baseline))
}

/// The level in force, for the few kernels that are written with `fearless_simd`'s own vectors.
#[must_use]
pub fn level() -> Level {
    level_in_force()
}

/// For the few kernels that are written in AVX-512: the permission to run them, where that is the
/// level in force.
#[cfg(target_arch = "x86_64")]
pub fn avx512() -> Option<fearless_simd::Avx512> {
    level_in_force()
        .as_avx512()
        .filter(|_| SimdLevel::current() == SimdLevel::Avx512)
}

/// As [`vectorize`], at a level of the caller's choice: tests compare the levels' bytes with it.
///
/// # Panics
/// When this machine cannot run `level`.
pub fn vectorize_at<R>(level: SimdLevel, kernel: impl FnOnce() -> R) -> R {
    match level.token() {
        Some(token) => run_with(token, kernel),
        None => panic!("this machine has no {level}"),
    }
}

#[inline(always)]
fn run_with<R>(level: Level, kernel: impl FnOnce() -> R) -> R {
    dispatch!(level, simd => simd.vectorize(kernel))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_some_level_is_available() {
        for level in SimdLevel::ALL {
            assert_eq!(SimdLevel::from_name(level.name()), Some(level));
        }
        assert!(SimdLevel::available().contains(&SimdLevel::Portable));
        assert!(SimdLevel::available().contains(&SimdLevel::current()));
    }

    #[test]
    fn fused_multiply_add_is_fused_at_every_level() {
        let (a, b, c) = (1.000_000_1_f32, 1.000_000_1_f32, -1.000_000_2_f32);
        let exact = (f64::from(a) * f64::from(b) + f64::from(c)) as f32;
        for level in SimdLevel::available() {
            let a = std::hint::black_box([a; 16]);
            let got = vectorize_at(
                level,
                #[inline(always)]
                || a.map(|x| x.mul_add(b, c)),
            );
            assert_eq!(got, [exact; 16], "{level}");
        }
    }
}
