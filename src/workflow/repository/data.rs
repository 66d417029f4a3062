//! Files that aiut writes row by row, joined by taking the rows of both sides.

use super::Result;
use crate::history::{FileEntry, Project};
use crate::merge::LIMIT_BYTES;
use crate::pipeline::{APPROVALS, Approvals, NOTES, Thread};
use crate::worktree::Content;

/// Files that aiut writes row by row, so that both sides' rows are taken and nothing collides.
struct Data {
    is_it: fn(&str) -> bool,
    /// Joins two versions; there may be none that both grew out of. None for what cannot be read.
    join: fn(base: Option<&str>, ours: &str, theirs: &str) -> Option<String>,
}

const DATA: &[Data] = &[
    Data {
        is_it: |path| path == APPROVALS,
        join: |base, ours, theirs| {
            let read = |text: &str| Approvals::parse(text).ok();
            let base = base.map_or_else(|| Some(Approvals::default()), read)?;
            Some(Approvals::join(&base, &read(ours)?, &read(theirs)?).print())
        },
    },
    Data {
        is_it: |path| path.starts_with(NOTES) && path.ends_with(".toml"),
        join: |_, ours, theirs| {
            let read = |text: &str| Thread::parse(text).ok();
            Some(Thread::join(&read(ours)?, &read(theirs)?).print())
        },
    },
];

/// The rows of both sides of such a file; none for another file, and where one side cannot be read, or took the file out.
pub(super) fn join_data(
    project: &Project,
    path: &str,
    [base, ours, theirs]: [Option<FileEntry>; 3],
) -> Result<Option<FileEntry>> {
    let Some(data) = DATA.iter().find(|data| (data.is_it)(path)) else {
        return Ok(None);
    };
    let read = |side: Option<FileEntry>| -> Result<Option<String>> {
        let Some(entry) = side.filter(|entry| entry.size <= LIMIT_BYTES) else {
            return Ok(None);
        };
        let bytes = project.store().read_file(entry.id, LIMIT_BYTES)?;
        Ok(String::from_utf8(bytes).ok())
    };
    let (base, ours, theirs) = (read(base)?, read(ours)?, read(theirs)?);
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return Ok(None);
    };
    let Some(joined) = (data.join)(base.as_deref(), &ours, &theirs) else {
        return Ok(None);
    };
    let stored = project.store().put_file_bytes(joined.as_bytes())?;
    Ok(Some(FileEntry::plain(Content {
        id: stored.id,
        size: stored.size,
        exec: false,
    })))
}
