//! Prose into a script that says the same: for the import of `.txt` files.

use super::ast::{ElementKind, Script};
use super::parse::parse;

/// The Fountain text of a plain text. A text that has headings or speech is Fountain already and
/// comes back as it is; so does prose, but for lines that would be read as something else
/// (`#1 fan`, a first line `Rae: hello`): these are forced to be action.
#[must_use]
pub fn from_plain_text(text: &str) -> String {
    let script = parse(text);
    let is_screenplay = script.elements.iter().any(|element| {
        matches!(
            element.kind,
            ElementKind::SceneHeading { .. } | ElementKind::Character { .. }
        )
    });
    let has_title = script
        .title_page
        .iter()
        .any(|entry| entry.key.eq_ignore_ascii_case("title"));
    if is_screenplay || has_title {
        text.to_owned()
    } else {
        forced(&script)
    }
}

fn forced(script: &Script) -> String {
    let mut lines: Vec<String> = script
        .source_lines()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let misread = script
        .elements
        .iter()
        .filter(|element| element.kind != ElementKind::Action);
    let titles = script.title_page.iter().map(|entry| entry.lines.clone());
    for at in misread
        .map(|element| element.lines.clone())
        .chain(titles)
        .flatten()
    {
        let line = &mut lines[at];
        let start = line.len() - line.trim_start_matches(['\u{feff}', ' ', '\t']).len();
        if !line[start..].trim().is_empty() {
            line.insert(start, '!');
        }
    }
    lines.concat()
}
