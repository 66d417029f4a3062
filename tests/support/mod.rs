//! What several integration tests share.
#![allow(dead_code, reason = "each test binary uses its own part")]

mod corpus;
pub mod edits;
pub mod memory;

/// A screenplay of the corpus, or nothing where the corpus is absent.
pub fn screenplay(name: &str) -> Option<String> {
    let bytes = corpus::file(name)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// One of the films that come with the project, by the name of its folder.
pub fn fixture(name: &str) -> String {
    let all = corpus::own();
    let film = all.into_iter().find(|(film, _)| film == name);
    film.unwrap_or_else(|| panic!("no fixture {name}")).1
}
