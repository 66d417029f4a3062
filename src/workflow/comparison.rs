//! Two versions of a project side by side: reads what `diff` needs to say how they differ.

use std::cmp::Ordering;

use crate::diff::{
    Content, FileChange, LIMIT_BYTES, Side, Status, as_text, likeness, pair, text_diff,
};

/// One version of a project: a commit, or the work tree.
pub struct Version<'a, E> {
    /// Every file that is compared, sorted by path.
    pub files: Vec<Side>,
    /// Reads one of them, never more than so many bytes.
    pub read: &'a dyn Fn(&Side, u64) -> Result<Vec<u8>, E>,
}

/// How two versions differ, with `context` lines around each change of a text.
///
/// # Errors
/// The first file that could not be read.
pub fn compare<E>(
    old: &Version<'_, E>,
    new: &Version<'_, E>,
    context: usize,
) -> Result<Vec<FileChange>, E> {
    let (mut removed, mut added, mut found) = (Vec::new(), Vec::new(), Vec::new());
    let (mut before, mut after) = (old.files.iter().peekable(), new.files.iter().peekable());
    loop {
        let order = match (before.peek(), after.peek()) {
            (Some(old), Some(new)) => old.path.cmp(&new.path),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        let was = before.next_if(|_| order.is_le());
        let is = after.next_if(|_| order.is_ge());
        match (was, is) {
            (Some(was), Some(is)) if was.id == is.id && was.exec == is.exec => {}
            (Some(was), Some(is)) => {
                found.push((Status::Modified, Some(was.clone()), Some(is.clone())));
            }
            (was, is) => {
                removed.extend(was.cloned());
                added.extend(is.cloned());
            }
        }
    }
    let mut failure = None;
    found.extend(pair(removed, added, |was, is| {
        if failure.is_some() || was.size.max(is.size) > LIMIT_BYTES {
            return None;
        }
        match ((old.read)(was, LIMIT_BYTES), (new.read)(is, LIMIT_BYTES)) {
            (Ok(was), Ok(is)) => Some(likeness(as_text(&was)?, as_text(&is)?)),
            (Err(error), _) | (_, Err(error)) => {
                failure = Some(error);
                None
            }
        }
    }));
    if let Some(error) = failure {
        return Err(error);
    }
    let mut changes = Vec::with_capacity(found.len());
    for (status, was, is) in found {
        let content = content(old, was.as_ref(), new, is.as_ref(), context)?;
        changes.push(FileChange {
            status,
            old: was,
            new: is,
            content,
        });
    }
    changes.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(changes)
}

fn content<E>(
    old: &Version<'_, E>,
    was: Option<&Side>,
    new: &Version<'_, E>,
    is: Option<&Side>,
    context: usize,
) -> Result<Content, E> {
    if let (Some(was), Some(is)) = (was, is)
        && was.id == is.id
    {
        return Ok(Content::Same);
    }
    let sides = || was.into_iter().chain(is);
    if sides().any(|side| side.size > LIMIT_BYTES) {
        return Ok(Content::Large { limit: LIMIT_BYTES });
    }
    let read = |version: &Version<'_, E>, side: Option<&Side>| match side {
        Some(side) => (version.read)(side, LIMIT_BYTES),
        None => Ok(Vec::new()),
    };
    let (was, is) = (read(old, was)?, read(new, is)?);
    Ok(match (as_text(&was), as_text(&is)) {
        (Some(was), Some(is)) => Content::Text(text_diff(was, is, context)),
        _ => Content::Binary,
    })
}
