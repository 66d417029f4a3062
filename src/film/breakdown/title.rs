//! Words that stand on the screen by themselves.

use crate::fountain::{Element, ElementKind};
use crate::prose;

/// What a script ends on, in some languages. Written as action or as a transition it is a title all
/// the same.
#[rustfmt::skip]
const ENDS: &[&str] = &[
    "the end", "end", "fin", "la fin", "ende", "das ende", "fine", "fim", "el fin", "koniec", "конец", "the end?", "to be continued",
    "end of film", "end of pilot", "end of episode", "à suivre", "fortsetzung folgt", "continuará", "continua", "终", "剧终", "完", "終",
    "おわり", "끝",
];

/// The words of a title card, if the element is one: centred text, or what a script ends on.
#[must_use]
pub fn screen_title(element: &Element) -> Option<String> {
    let text = prose::plain(&element.text);
    match element.kind {
        ElementKind::Centered => Some(text),
        ElementKind::Action | ElementKind::Transition => {
            let bare = text.trim_matches(|c: char| c.is_whitespace() || ".!<>\"*_-–—".contains(c));
            let is_end = ENDS.contains(&bare.to_lowercase().as_str());
            is_end.then(|| bare.to_owned())
        }
        _ => None,
    }
}

/// Whether a scene's last picture is a title card.
pub(super) fn ends_on_title(elements: &[&Element]) -> bool {
    let mut pictures = elements.iter().rev().filter_map(|element| {
        let title = screen_title(element).filter(|title| !title.is_empty());
        // A fade after it changes nothing.
        (title.is_some() || element.kind != ElementKind::Transition).then_some(title.is_some())
    });
    pictures.next().unwrap_or(false)
}
