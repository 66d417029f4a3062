//! What an error says, and why.

use std::error::Error;
use std::io::{self, ErrorKind};

/// What the system has no more of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shortage {
    /// The disk holds no more bytes, or no more files.
    Room,
    /// No more files may be open at once.
    OpenFiles,
    /// No file of this process may be so long.
    FileSize,
}

/// What the system had no more of, where an error comes of that.
#[must_use]
pub fn shortage(error: &(dyn Error + 'static)) -> Option<Shortage> {
    let mut next = Some(error);
    while let Some(error) = next {
        let system = error.downcast_ref::<io::Error>();
        if let Some(found) = system.and_then(of_system) {
            return Some(found);
        }
        // What an error of this kind was made of is no cause of it to `source`.
        let inner = system.and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

fn of_system(error: &io::Error) -> Option<Shortage> {
    // Too many files of this process, or of all.
    let too_many: &[i32] = match cfg!(windows) {
        true => &[4],
        false => &[24, 23],
    };
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Shortage::Room),
        ErrorKind::FileTooLarge => Some(Shortage::FileSize),
        _ => error
            .raw_os_error()
            .filter(|code| too_many.contains(code))
            .map(|_| Shortage::OpenFiles),
    }
}

/// An error with its causes, on one line. A cause that the text repeats already is not added.
#[must_use]
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let why = cause.to_string();
        if !text.contains(&why) {
            text = format!("{text}: {why}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    enum Trouble {
        #[error("cannot open the film")]
        Film(#[source] Box<Trouble>),
        #[error("cannot read: {0}")]
        Repeats(#[source] std::io::Error),
    }

    #[test]
    fn what_the_system_has_no_more_of_is_found_beneath_whatever_wraps_it() {
        let wrap = |error| Trouble::Film(Box::new(Trouble::Repeats(error)));
        let full = || io::Error::from(ErrorKind::StorageFull);
        assert_eq!(shortage(&wrap(full())), Some(Shortage::Room));
        let twice = wrap(io::Error::other(wrap(full())));
        assert_eq!(shortage(&twice), Some(Shortage::Room));
        let open = wrap(io::Error::from_raw_os_error(if cfg!(windows) {
            4
        } else {
            24
        }));
        assert_eq!(shortage(&open), Some(Shortage::OpenFiles));
        // Words alone are nothing of the system's.
        let said = io::Error::other(full().to_string());
        assert_eq!(shortage(&wrap(said)), None);
    }

    #[test]
    fn each_cause_is_told_once() {
        let system = std::io::Error::other("the disk is gone");
        let error = Trouble::Film(Box::new(Trouble::Repeats(system)));
        assert_eq!(
            with_causes(&error),
            "cannot open the film: cannot read: the disk is gone"
        );
    }
}
