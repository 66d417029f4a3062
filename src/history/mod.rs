//! Commits, timelines, revisions and the operation log.
