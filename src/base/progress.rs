//! How far long work is, told to whoever cares to show it.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// What work is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Files, records, packs.
    Items,
    /// Bytes.
    Bytes,
}

/// Hears how far a use case is.
pub trait Progress: Send + Sync {
    /// A part of the work begins, of so much where that is known.
    fn start(&self, what: &str, total: Option<u64>, unit: Unit);
    /// So much more is done. Called from any thread, and often.
    fn advance(&self, by: u64);
    /// The part is done.
    fn finish(&self);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _what: &str, _total: Option<u64>, _unit: Unit) {}
    fn advance(&self, _by: u64) {}
    fn finish(&self) {}
}

/// Where whoever wants to hear of progress can be found, once there is somebody: held by what does long
/// work deep below the command that was asked for it.
#[derive(Clone, Default)]
pub struct Listener(Arc<OnceLock<Arc<dyn Progress>>>);

impl Listener {
    /// From here on this one hears; only the first that is given.
    pub fn set(&self, progress: Arc<dyn Progress>) {
        let _ = self.0.set(progress);
    }

    /// A part of the work begins, if anybody listens.
    pub fn part(&self, what: &str, total: u64, unit: Unit) -> Part<'_> {
        let progress = self.0.get().map(|progress| &**progress);
        if let Some(progress) = progress {
            progress.start(what, Some(total), unit);
        }
        Part(progress)
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Listener")
    }
}

/// A part of some work, done when it is dropped.
#[must_use]
pub struct Part<'p>(Option<&'p dyn Progress>);

impl Part<'_> {
    /// So much more is done.
    pub fn advance(&self, by: u64) {
        if let Some(progress) = self.0 {
            progress.advance(by);
        }
    }
}

impl Drop for Part<'_> {
    fn drop(&mut self) {
        if let Some(progress) = self.0 {
            progress.finish();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Noted(Mutex<Vec<String>>);

    impl Noted {
        fn note(&self, what: String) {
            self.0.lock().expect("no panic while held").push(what);
        }
    }

    impl Progress for Noted {
        fn start(&self, what: &str, total: Option<u64>, unit: Unit) {
            self.note(format!("{what} {total:?} {unit:?}"));
        }
        fn advance(&self, by: u64) {
            self.note(format!("+{by}"));
        }
        fn finish(&self) {
            self.note("done".to_owned());
        }
    }

    #[test]
    fn a_listener_hears_what_begins_after_it_came() {
        let listener = Listener::default();
        listener.part("Nobody hears", 1, Unit::Items).advance(1);
        let noted = Arc::new(Noted::default());
        listener.clone().set(noted.clone());
        let part = listener.part("Reading", 7, Unit::Bytes);
        part.advance(5);
        drop(part);
        let heard = noted.0.lock().expect("no panic while held");
        assert_eq!(*heard, ["Reading Some(7) Bytes", "+5", "done"]);
    }
}
