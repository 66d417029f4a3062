//! Plain text into a script that says the same: for the import of screenplays that other programs
//! wrote as text, with the columns, page numbers and `(MORE)` of a printed page.

mod page;
mod paragraph;

use super::ast::{ElementKind, Script};
use super::parse::parse;
use page::Page;

/// The Fountain text of a plain text.
///
/// A page that is laid out for print loses what the print added (page numbers, running heads,
/// `(MORE)`, `CONTINUED:`, the breaks of full lines), and its scene numbers become Fountain's.
/// Any other text that has headings or speech is Fountain already and comes back as it is; so does
/// prose, but for lines that would be read as something else (`#1 fan`, a first line
/// `Rae: hello`): these are forced to be action.
#[must_use]
pub fn from_plain_text(text: &str) -> String {
    let script = parse(text);
    if let Some(page) = Page::read(text, &script) {
        return paragraph::fountain(&page);
    }
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
        let titles = script.title_page.iter().map(|entry| entry.lines.clone());
        let lines: Vec<usize> = titles.flatten().collect();
        forced(&script, |_| true, &lines)
    }
}

/// The script with a `!` before each line that is read as something else although it is `action`,
/// and before the `others`.
fn forced(script: &Script, action: impl Fn(usize) -> bool, others: &[usize]) -> String {
    let mut lines: Vec<String> = script
        .source_lines()
        .into_iter()
        .map(str::to_owned)
        .collect();
    let misread = script
        .elements
        .iter()
        .filter(|element| element.kind != ElementKind::Action)
        .flat_map(|element| element.lines.clone())
        .filter(|at| action(*at));
    for at in misread.chain(others.iter().copied()) {
        let line = &mut lines[at];
        let start = line.len() - line.trim_start_matches(['\u{feff}', ' ', '\t']).len();
        if !line[start..].trim().is_empty() {
            line.insert(start, '!');
        }
    }
    lines.concat()
}
