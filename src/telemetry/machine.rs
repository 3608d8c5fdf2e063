//! The machine a log was made on: facts that make its figures mean something, and no one's name.

use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

use crate::pixels::simd::SimdLevel;

/// What stands where the system does not tell.
const UNKNOWN: &str = "n/a";

/// Facts about a machine; `None` where the system does not tell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Machine {
    pub cpu_model: String,
    pub physical_cores: Option<u32>,
    pub logical_cores: u32,
    /// Cores this process may use, by affinity and container limits.
    pub usable_cores: u32,
    pub memory_bytes: Option<u64>,
    /// Such as `Linux (Debian GNU/Linux 12)`.
    pub os: String,
    pub kernel: Option<String>,
    /// The level kernels run at.
    pub simd_level: String,
    pub program_version: String,
}

impl Machine {
    /// Asks the system; takes a few milliseconds.
    #[must_use]
    pub fn gather() -> Self {
        let system = System::new_with_specifics(
            RefreshKind::nothing()
                .with_cpu(CpuRefreshKind::nothing())
                .with_memory(MemoryRefreshKind::nothing().with_ram()),
        )
        .ok();
        let cpus = system.as_ref().map_or(&[][..], System::cpus);
        let model = cpus.first().map(|cpu| cpu.brand().trim());
        let usable = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let memory_bytes = system.as_ref().map(System::total_memory);
        Self {
            cpu_model: model
                .filter(|name| !name.is_empty())
                .unwrap_or(UNKNOWN)
                .to_owned(),
            physical_cores: System::physical_core_count().ok().map(|n| n as u32),
            logical_cores: cpus.len().max(usable) as u32,
            usable_cores: usable as u32,
            memory_bytes: memory_bytes.filter(|&bytes| bytes > 0),
            os: System::long_os_version().unwrap_or_else(|_| UNKNOWN.to_owned()),
            kernel: System::kernel_version().ok(),
            simd_level: SimdLevel::current().name().to_owned(),
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_cores_memory_and_a_name() {
        let machine = Machine::gather();
        assert!(machine.logical_cores >= machine.usable_cores, "{machine:?}");
        assert!(machine.usable_cores >= 1);
        assert!(
            machine.memory_bytes.is_none_or(|bytes| bytes > 64 << 20),
            "{machine:?}"
        );
        assert!(!machine.cpu_model.is_empty() && !machine.os.is_empty());
        assert!(SimdLevel::from_name(&machine.simd_level).is_some());
    }
}
