//! Takes "us" who watch out of what is left of a sentence.

use super::find::{can_stand, is_open, replace_words};
use super::word::{Word, first_word, words};

/// Openings of clauses that say less than nothing without what "we" do in them.
const SUBORDINATE: &[&str] = &[
    "as", "while", "when", "though", "although", "than", "like", "until", "because", "if",
];

/// Whether something is still said to "us" or of "us" who watch.
pub(super) fn speaks_of_us(text: &str) -> bool {
    let mut open = false;
    let mut at = 0;
    words(text).iter().any(|word| {
        open = is_open(open, &text[at..word.start]);
        at = word.start;
        let whole = text[word.start..word.end].to_lowercase();
        let first = whole.split(['\'', '’']).next().unwrap_or(&whole);
        // "U.S." is not us.
        let us = matches!(first, "we" | "us" | "our" | "ourselves");
        us && !open && text[word.start..word.end] != *"US"
    })
}

/// Takes out the clauses that speak of "us" who watch, or the end of them that does: `He smiles like we know
/// him, and sits` → `He smiles, and sits.` `None` where nothing whole is left.
pub(super) fn without_us(text: &str) -> Option<String> {
    if !speaks_of_us(text) {
        return Some(text.to_owned());
    }
    let text = replace_words(text, "us", "the camera", "");
    let text = replace_words(&text, "our", "the", "");
    if !speaks_of_us(&text) {
        return Some(text);
    }
    let kept: Vec<&str> = text
        .split(", ")
        .filter_map(|clause| {
            if speaks_of_us(clause) {
                before_us(clause)
            } else {
                Some(clause)
            }
        })
        .collect();
    let rest = kept.join(", ");
    // What begins as the script lets it begin stands as well as it did.
    let first = first_word(&rest)
        .map(|word| word.lower())
        .unwrap_or_default();
    let begins = kept
        .first()
        .is_some_and(|first| text.starts_with(&format!("{first},")))
        && !SUBORDINATE.contains(&first.as_str())
        && !first.ends_with("ing");
    (words(&rest).len() >= 3 && (begins || can_stand(&rest))).then(|| ended(&rest))
}

fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// What a clause says before it comes to "us": `the backpack we saw earlier` → `the backpack`. None if it
/// is about nothing else, or would hang.
fn before_us(clause: &str) -> Option<&str> {
    /// Words that lead to "us".
    const LEADING: &[&str] = &[
        "that",
        "than",
        "what",
        "which",
        "where",
        "when",
        "like",
        "if",
        "as",
        "because",
        "how",
        "why",
        "whom",
        "all",
        "everything",
        "until",
        "before",
        "so",
        "and",
        "but",
        "just",
        "though",
        "the",
        "way",
        "only",
        "something",
        "since",
    ];
    let all = words(clause);
    let us = all.iter().position(|word| {
        let lower = clause[word.start..word.end].to_lowercase();
        matches!(lower.split(['\'', '’']).next(), Some("we" | "ourselves"))
    })?;
    let leading = |word: &Word<'_>| LEADING.contains(&word.lower().as_str());
    let kept = all[..us].iter().rposition(|word| !leading(word))? + 1;
    let subordinate = all
        .first()
        .is_some_and(|word| SUBORDINATE.contains(&word.lower().as_str()));
    let head = &clause[..all[kept - 1].end];
    let whole = kept >= 2 && !subordinate && !super::dangling(head, super::Ending::Open);
    whole.then_some(head)
}
