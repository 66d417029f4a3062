//! The screenplays that tests read: those of `fixtures/`, and the corpus where it is.

#![allow(dead_code, reason = "each test uses some of it")]

use super::corpus;

/// One file of the corpus, if it is text; nothing where the corpus is absent.
pub(crate) fn read(path: &str) -> Option<String> {
    String::from_utf8(corpus::file(path)?).ok()
}

/// The files of a folder with this ending, in order.
pub(crate) fn folder(path: &str, ending: &str) -> Vec<(String, String)> {
    let Some(root) = corpus::corpus() else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(root.join(path)).expect("a folder of the corpus");
    let mut files: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let named = name.ends_with(ending);
            let text = named.then(|| read(&format!("{path}/{name}")))??;
            Some((name, text))
        })
        .collect();
    files.sort();
    files
}

/// The screenplays of `fixtures/` and every Fountain file of the corpus.
pub(crate) fn screenplays() -> Vec<(String, String)> {
    let folders = [
        "feature",
        "short",
        "public-domain",
        "fdx",
        "conformance/screenplain",
        "conformance/screenplay-tools",
        "conformance/nyousefi-Fountain",
        "conformance/afterwriting-fdx",
    ];
    let real = folders.iter().flat_map(|path| folder(path, ".fountain"));
    corpus::own().into_iter().chain(real).collect()
}
