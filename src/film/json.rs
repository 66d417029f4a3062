//! How the files that are made of plain structs are printed.

use serde::Serialize;

/// Pretty JSON with a newline at the end.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain structs have no failing keys");
    text.push('\n');
    text
}
