//! Landlock: a rule set that allows no path at all, and no network where the kernel knows it.

use std::io;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, LandlockStatus, Ruleset,
    RulesetAttr as _, RulesetStatus, Scope,
};

/// What the kernel may know at most; of older ones, what they know.
const NEWEST: ABI = ABI::V6;

/// From now on this thread, and all it starts, opens, changes and removes no file, binds and
/// connects no TCP port, and signals nobody outside. Answers which version of Landlock holds it.
pub(super) fn leave_files() -> io::Result<u32> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(NEWEST)))
        .and_then(|rules| rules.scope(Scope::from_all(NEWEST)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(io::Error::other)?;
    match (status.ruleset, status.landlock) {
        (
            RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced,
            LandlockStatus::Available { effective_abi, .. },
        ) => Ok(effective_abi as u32),
        (_, LandlockStatus::NotImplemented) => Err(io::Error::other("not in this kernel")),
        (_, LandlockStatus::NotEnabled) => Err(io::Error::other("not enabled in this kernel")),
        _ => Err(io::Error::other("not enforced")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only a thread is held, so that the test's own process is not.
    #[test]
    fn a_thread_that_left_files_opens_and_writes_none() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("sibling");
        std::fs::write(&path, "x").unwrap();
        let (file, folder) = (path.clone(), here.path().to_owned());
        let named = std::thread::Builder::new().name("held".to_owned());
        let held = named.spawn(move || {
            let abi = leave_files();
            let denied = |outcome: io::Result<()>| {
                outcome.is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
            };
            let tries = [
                denied(std::fs::read("/etc/passwd").map(drop)),
                denied(std::fs::read(&file).map(drop)),
                denied(std::fs::write(folder.join("new"), "x")),
                denied(std::fs::remove_file(&file)),
            ];
            (abi, tries)
        });
        match held.unwrap().join().unwrap() {
            (Ok(abi), tries) => assert!(abi >= 1 && tries == [true; 4], "{abi}: {tries:?}"),
            (Err(why), _) => {
                use std::io::Write as _;
                let line = format!("\nSKIPPED: Landlock is not there: {why}\n");
                drop(io::stderr().write_all(line.as_bytes()));
            }
        }
        assert!(path.exists());
    }
}
