//! The screenplays that tests read: the project's own, and the real ones where they lie.

use std::path::{Path, PathBuf};
use std::sync::Once;

/// The folder of real screenplays: `AIUT_CORPUS`, else the one beside the checkout. Where there is
/// none, it is said once that what needs it is skipped; with `AIUT_CORPUS_REQUIRED` set that is a
/// failure.
#[allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests are told where the corpus lies, and tell what they leave out"
)]
pub(super) fn corpus() -> Option<PathBuf> {
    static TOLD: Once = Once::new();
    let folder = match std::env::var_os("AIUT_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => checkout().join("../shared/corpus"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("AIUT_CORPUS_REQUIRED").is_none(),
        "AIUT_CORPUS_REQUIRED is set, and there is no folder {}",
        folder.display()
    );
    TOLD.call_once(|| {
        eprintln!(
            "skipped: no screenplays in {} (AIUT_CORPUS names another folder)",
            folder.display()
        );
    });
    None
}

/// The folder of the workspace: the crate of a test lies in it, or is it.
fn checkout() -> &'static Path {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = folders.find(|folder| folder.join("fixtures").is_dir());
    found.expect("the crate lies in a checkout")
}

/// The bytes of one file of the corpus, or nothing where the whole corpus is absent.
///
/// # Panics
/// When the corpus is there and the file is not.
pub(super) fn file(path: &str) -> Option<Vec<u8>> {
    let file = corpus()?.join(path);
    Some(std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
}

/// The screenplays of `fixtures/`, by name: they are there in every checkout, so what runs over the
/// corpus runs over each kind of screenplay without it.
#[allow(dead_code, reason = "not every test binary reads them")]
pub(super) fn own() -> Vec<(String, String)> {
    let folder = checkout().join("fixtures");
    let films = std::fs::read_dir(&folder).expect("the folder of fixtures");
    let mut found: Vec<(String, String)> = films
        .map(|film| {
            let film = film.expect("an entry of the fixtures");
            let name = film.file_name().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(film.path().join("script.fountain"))
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, text)
        })
        .collect();
    found.sort();
    found
}
