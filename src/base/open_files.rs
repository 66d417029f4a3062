//! How many files this process may have open at once.

/// Makes room for `count` files to be open, as far as the system allows: what is in force at first is
/// often far less. Where that is not enough, opening one says so.
#[cfg(unix)]
pub fn allow_open_files(count: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let mut limit = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(count).unwrap_or(u64::MAX);
    let wanted = wanted.saturating_add(SPARE);
    if limit.current.is_none_or(|current| current >= wanted) {
        return;
    }
    limit.current = Some(limit.maximum.map_or(wanted, |most| most.min(wanted)));
    let _ = setrlimit(Resource::Nofile, limit);
}

/// Makes room for `count` files to be open: there is no such limit here.
#[cfg(not(unix))]
pub fn allow_open_files(_count: usize) {}

/// Files that are open beside these: streams, locks, the index, threads at their work.
#[cfg(unix)]
const SPARE: u64 = 256;
