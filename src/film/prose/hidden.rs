//! Characters that nobody sees.

/// A character that nobody sees, in a text that people read or send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it holds an invisible character, U+{:04X}", u32::from(*.0))]
pub struct Hidden(pub char);

/// The first character of a text that nobody sees: control characters, and signs that turn the
/// direction of text or stand for nothing.
#[must_use]
pub fn hidden(text: &str) -> Option<Hidden> {
    text.chars().find(|c| is_hidden(*c)).map(Hidden)
}

/// Whether nobody sees it.
pub(crate) fn is_hidden(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    // Tags, marks of annotation, and signs that stand for nothing.
    let stands_for_nothing =
        matches!(c, '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}');
    is_control || turns || stands_for_nothing
}
