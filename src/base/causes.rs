//! What an error says, and why.

use std::error::Error;

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
    fn each_cause_is_told_once() {
        let system = std::io::Error::other("the disk is gone");
        let error = Trouble::Film(Box::new(Trouble::Repeats(system)));
        assert_eq!(
            with_causes(&error),
            "cannot open the film: cannot read: the disk is gone"
        );
    }
}
