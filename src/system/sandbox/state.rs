//! Which walls stand around a process, as a value that is shown and logged.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that holds a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Wall {
    /// No files, and by newer kernels no network: Landlock.
    Files,
    /// No programs, processes, sockets or files by system call: seccomp.
    Calls,
    /// Bounds on memory, processor time and dumps.
    Limits,
    /// Nothing is gained by starting other programs, and nobody reads its memory.
    Privileges,
    /// Nothing of the parent is open in it.
    Descriptors,
}

impl Wall {
    pub const ALL: [Self; 5] = [
        Self::Files,
        Self::Calls,
        Self::Limits,
        Self::Privileges,
        Self::Descriptors,
    ];

    /// As a person reads it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Files => "Landlock",
            Self::Calls => "seccomp",
            Self::Limits => "resource limits",
            Self::Privileges => "no new privileges",
            Self::Descriptors => "closed descriptors",
        }
    }
}

/// A wall that does not stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    pub wall: Wall,
    pub why: String,
}

/// How much stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SandboxLevel {
    Full,
    Partial,
    None,
}

/// What holds a process. Shown as `full`, `partial: without …` or `none: …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxState {
    /// In the order of [`Wall::ALL`].
    pub missing: Vec<Missing>,
    /// Which version of Landlock holds files.
    pub landlock_abi: Option<u32>,
}

impl SandboxState {
    #[must_use]
    pub fn level(&self) -> SandboxLevel {
        let is_missing = |wall: &Wall| self.missing.iter().any(|missing| missing.wall == *wall);
        if self.missing.is_empty() {
            SandboxLevel::Full
        } else if [Wall::Files, Wall::Calls].iter().all(is_missing) {
            // What is left bounds accidents, not attacks.
            SandboxLevel::None
        } else {
            SandboxLevel::Partial
        }
    }

    #[must_use]
    pub fn is_full(&self) -> bool {
        self.level() == SandboxLevel::Full
    }

    /// `full`, `partial` or `none`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.level() {
            SandboxLevel::Full => "full",
            SandboxLevel::Partial => "partial",
            SandboxLevel::None => "none",
        }
    }
}

impl fmt::Display for SandboxState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())?;
        for (idx, Missing { wall, why }) in self.missing.iter().enumerate() {
            let before = if idx == 0 { ": without" } else { "," };
            write!(f, "{before} {} ({why})", wall.name())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(walls: &[Wall]) -> SandboxState {
        let missing = |wall: &Wall| Missing {
            wall: *wall,
            why: "not there".to_owned(),
        };
        SandboxState {
            missing: walls.iter().map(missing).collect(),
            landlock_abi: None,
        }
    }

    #[test]
    fn what_is_missing_decides_the_word() {
        assert_eq!(without(&[]).to_string(), "full");
        assert_eq!(
            without(&[Wall::Files, Wall::Limits]).to_string(),
            "partial: without Landlock (not there), resource limits (not there)"
        );
        assert_eq!(without(&Wall::ALL).word(), "none");
        assert_eq!(without(&[Wall::Limits]).level(), SandboxLevel::Partial);
    }
}
