//! Production numbers of scenes, and ids of shots, that stay what they are while the script
//! changes.
//!
//! Identity over time needs memory: [`Numbers`] is the content of `numbers.toml`, a row a scene.
//! Everything here is a pure function of that memory and the script.

mod align;
mod alike;
mod file;
mod marks;
mod matching;
mod number;
mod shots;
mod sketch;
mod update;

use std::collections::HashMap;

use serde::Deserialize;

use crate::ids::SceneNumber;

pub(crate) use align::{ascending, best_in_order, by_count, common};
pub use file::{MAX_NUMBERS_BYTES, NumbersError};
pub use marks::{renumber, write_numbers};
pub use matching::same_scenes;
pub use shots::{RememberedShot, ShotMemory, assign_shot_ids};

/// Which scene is which: rows in script order, cut scenes where their numbers belong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Numbers {
    /// In the order of the script.
    pub rows: Vec<Row>,
}

/// What is remembered of one scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: SceneNumber,
    /// Its heading as last seen, without number.
    pub heading: String,
    /// The first 16 hexadecimal digits of its content digest.
    pub digest: String,
    /// A few of its words, in alphabetical order.
    pub words: Vec<String>,
    /// Whether it is still there.
    pub omission: Omission,
    /// Its shots.
    pub shots: ShotMemory,
}

/// Whether a remembered scene is in the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Omission {
    /// It is.
    #[default]
    Present,
    /// The script says `OMITTED` in its place.
    Shown,
    /// The script says nothing of it.
    Cut,
}

impl Numbers {
    /// The rows that have a scene in the script, `OMITTED` ones included: after
    /// [`update`](Self::update) one for each scene, in order.
    pub fn present(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| row.omission != Omission::Cut)
    }

    /// The places of the rows by their numbers.
    #[must_use]
    pub fn places(&self) -> HashMap<SceneNumber, usize> {
        let mut places = HashMap::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            places.entry(row.number.clone()).or_insert(at);
        }
        places
    }
}
