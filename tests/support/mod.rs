//! What several integration tests share.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod edits;
pub mod memory;

use std::path::{Path, PathBuf};

/// The folder of real screenplays, where there is one.
pub fn corpus() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = match std::env::var_os("AIUT_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => here.join("../shared/corpus"),
    };
    folder.is_dir().then_some(folder)
}

/// A screenplay of the corpus, or nothing where it is absent.
pub fn screenplay(name: &str) -> Option<String> {
    let bytes = std::fs::read(corpus()?.join(name)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The film that comes with the project.
pub fn fixture() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/night-ferry/script.fountain");
    std::fs::read_to_string(path).expect("the fixture film")
}
