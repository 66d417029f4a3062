//! Which run of the system this is, from its start to its end.

/// What no other run of the system has: after a power failure it is another one. None where the system
/// does not tell.
#[must_use]
pub fn id() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let id = text.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_as_long_as_the_system_runs() {
        assert_eq!(id(), id());
        if cfg!(target_os = "linux") && std::path::Path::new("/proc/sys/kernel").exists() {
            assert!(id().is_some_and(|id| id.len() >= 16));
        }
    }
}
