//! What several integration tests share.
#![allow(dead_code, reason = "each test binary uses its own part")]

mod corpus;
pub mod edits;
pub mod memory;

use std::path::Path;

/// A screenplay of the corpus, or nothing where the corpus is absent.
pub fn screenplay(name: &str) -> Option<String> {
    let bytes = corpus::file(name)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The film that comes with the project.
pub fn fixture() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/night-ferry/script.fountain");
    std::fs::read_to_string(path).expect("the fixture film")
}
