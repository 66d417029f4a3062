//! The people of a scene as its prompts need them, made once for all shots of the scene.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::looks::Asset;
use crate::prose::{self, Spelt};

/// Everybody seen or heard in a scene, as in the `assets` of its looks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "BTreeMap<String, Asset>")]
pub struct People {
    assets: BTreeMap<String, Asset>,
    by_name: HashMap<String, String>,
    spellings: BTreeMap<String, String>,
}

impl From<BTreeMap<String, Asset>> for People {
    fn from(assets: BTreeMap<String, Asset>) -> Self {
        let mut by_name = HashMap::with_capacity(assets.len());
        let mut spellings = BTreeMap::new();
        for (slug, asset) in &assets {
            by_name
                .entry(asset.name.clone())
                .or_insert_with(|| slug.clone());
            add_spelling(&mut spellings, &asset.name);
            add_spelling(&mut spellings, &asset.full_name);
        }
        Self {
            assets,
            by_name,
            spellings,
        }
    }
}

impl People {
    /// What somebody looks like.
    pub fn get(&self, slug: &str) -> Option<&Asset> {
        self.assets.get(slug)
    }

    /// The slug of the one with that name (as in shot lists).
    pub fn slug(&self, name: &str) -> Option<&str> {
        self.by_name.get(name).map(String::as_str)
    }

    /// Everybody with their slugs, in the order of these.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Asset)> {
        self.assets.iter()
    }
}

/// How the words of names are spelt in a shot: as those in its frame are, else as those of the scene.
pub(super) struct ShotSpellings<'a> {
    people: &'a People,
    own: BTreeMap<String, String>,
}

impl<'a> ShotSpellings<'a> {
    pub(super) fn new<'n>(people: &'a People, names: impl Iterator<Item = &'n str>) -> Self {
        let mut own = BTreeMap::new();
        names.for_each(|name| add_spelling(&mut own, name));
        Self { people, own }
    }
}

impl Spelt for ShotSpellings<'_> {
    fn spelt(&self, lower: &str) -> Option<&str> {
        if matches!(lower, "the" | "and" | "of" | "a") {
            return None;
        }
        let own = self.own.get(lower).or(self.people.spellings.get(lower));
        own.map(String::as_str)
    }
}

fn add_spelling(spellings: &mut BTreeMap<String, String>, name: &str) {
    // A role (`OLD MAN`) is spelt as the noun it is.
    if crate::cast::is_role(name) {
        spellings.extend(crate::cast::nouns(name));
        return;
    }
    for word in prose::words(name) {
        let (lower, shown) = (word.lower(), prose::display_name(word.text));
        spellings.extend(crate::cast::with_eszett(&lower, &shown));
        spellings.insert(lower, shown);
    }
}
