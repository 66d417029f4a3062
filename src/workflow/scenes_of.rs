//! Where the scenes of a version of a screenplay begin, and what they are called.

use crate::film::ids::{SceneNumber, scene_name, scenes_named};
use crate::film::scenes::Scene;
use crate::object::RepoPath;
use crate::pipeline::{NUMBERS, read_numbers};

/// The scenes of a version, in its order.
pub(super) struct SceneLines {
    /// The number of each.
    pub(super) numbers: Vec<SceneNumber>,
    /// The first line of each, from 1.
    lines: Vec<usize>,
}

/// The scenes with their numbers, as the `numbers.toml` that `read` gives remembers them.
pub(super) fn scene_lines(
    scenes: &[Scene],
    read: &dyn Fn(&RepoPath) -> Option<Vec<u8>>,
) -> SceneLines {
    let path = RepoPath::new(NUMBERS).expect("a safe name");
    let known = read(&path).and_then(|bytes| read_numbers(&bytes).ok());
    let updated = known.unwrap_or_default().update(scenes);
    SceneLines {
        numbers: updated.present().map(|row| row.number.clone()).collect(),
        lines: scenes.iter().map(|scene| scene.lines.start + 1).collect(),
    }
}

impl SceneLines {
    /// The place of the scene that `asked` names.
    ///
    /// # Errors
    /// The names of all of them, where it names none or several.
    pub(super) fn place(&self, asked: &str) -> Result<usize, Vec<String>> {
        let stems: Vec<String> = self.numbers.iter().map(SceneNumber::stem).collect();
        let found = scenes_named(asked, stems.iter().map(String::as_str));
        let place = match found.as_slice() {
            [stem] => stems.iter().position(|known| known == stem),
            _ => None,
        };
        place.ok_or_else(|| stems.iter().map(|stem| scene_name(stem)).collect())
    }

    /// The first line of the scene that `asked` names, from 1.
    ///
    /// # Errors
    /// As [`Self::place`].
    pub(super) fn line(&self, asked: &str) -> Result<usize, Vec<String>> {
        self.place(asked).map(|place| self.lines[place])
    }
}
