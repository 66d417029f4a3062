//! The screenplays that tests read where they lie, and skip where they are absent.

#![allow(dead_code, reason = "each test uses some of it")]

use std::path::PathBuf;

#[allow(
    clippy::disallowed_methods,
    reason = "tests are told where the corpus lies"
)]
fn root() -> PathBuf {
    match std::env::var_os("AIUT_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
    }
}

/// One file of the corpus.
pub(crate) fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

/// The files of a folder with this ending, in order.
pub(crate) fn folder(path: &str, ending: &str) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(root().join(path)) else {
        return Vec::new();
    };
    let mut files: Vec<(String, String)> = entries
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            let text = read(&format!("{path}/{name}"))?;
            name.ends_with(ending).then_some((name, text))
        })
        .collect();
    files.sort();
    files
}

/// Every Fountain file of the corpus.
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
    folders
        .iter()
        .flat_map(|path| folder(path, ".fountain"))
        .collect()
}
