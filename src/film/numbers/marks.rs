//! Scene numbers written into the script, as Fountain does: `INT. KITCHEN - DAY #12#`.

use super::Numbers;
use crate::fountain::{ElementKind, Script, parse};
use crate::ids::SceneNumber;
use crate::scenes::{Scene, split};

impl Numbers {
    /// Brings the memory up to date and fills in the number of every scene.
    #[must_use]
    pub fn number(&self, mut scenes: Vec<Scene>) -> (Self, Vec<Scene>) {
        let updated = self.update(&scenes);
        for (scene, row) in scenes.iter_mut().zip(updated.present()) {
            scene.number.clone_from(&row.number);
        }
        (updated, scenes)
    }

    /// The memory with the scenes numbered 1, 2, 3, … and cut ones forgotten: what `renumber`
    /// does to the script, for one without numbers in it. Shots stay known.
    #[must_use]
    pub fn renumber(&self, scenes: &[Scene]) -> Self {
        let mut unmarked = scenes.to_vec();
        unmarked.iter_mut().for_each(|scene| scene.marked = None);
        let mut rows: Vec<_> = self.update(&unmarked).present().cloned().collect();
        for (at, row) in rows.iter_mut().enumerate() {
            row.number = SceneNumber::at(at);
        }
        Self { rows }
    }
}

/// The script with the number of each scene in its heading, in place of one that stood there.
/// Everything else is the same, byte for byte.
#[must_use]
pub fn write_numbers(script: &Script, scenes: &[Scene]) -> String {
    let numbers = scenes.iter().map(|scene| &scene.number);
    mark(script, scenes, numbers)
}

/// The script with its scenes numbered 1, 2, 3, …: a deliberate act, as every number may change.
/// What is filmed before the first heading counts, though it has no heading to carry its number.
#[must_use]
pub fn renumber(script: &Script) -> String {
    let scenes = split(script);
    let numbers: Vec<SceneNumber> = (0..scenes.len()).map(SceneNumber::at).collect();
    mark(script, &scenes, numbers.iter())
}

fn mark<'a>(
    script: &Script,
    scenes: &[Scene],
    numbers: impl Iterator<Item = &'a SceneNumber>,
) -> String {
    let lines = script.source_lines();
    let mut text = String::with_capacity(script.source.len() + scenes.len() * 8);
    let mut at = 0;
    for (scene, number) in scenes.iter().zip(numbers) {
        if scene.is_implicit() {
            continue;
        }
        let heading = &script.elements[scene.elements.start + scene.lead.len()];
        text.extend(lines[at..heading.lines.start].iter().copied());
        text.push_str(&marked(
            &lines[heading.lines.clone()].concat(),
            number.as_str(),
        ));
        at = heading.lines.end;
    }
    text.extend(lines[at..].iter().copied());
    text
}

/// One heading with this number. Of the places where the mark could go, the first that reads back
/// as the same heading with that number: over the mark that stands there, after the words, at the
/// end.
fn marked(source: &str, number: &str) -> String {
    let Some((words, old)) = read(source) else {
        return source.to_owned();
    };
    if old.as_deref() == Some(number) {
        return source.to_owned();
    }
    let mark = format!("#{number}#");
    let mut candidates = Vec::new();
    if let Some(old) = &old {
        let old = format!("#{old}#");
        for (at, _) in source.rmatch_indices(&old) {
            candidates.push([&source[..at], &mark, &source[at + old.len()..]].concat());
        }
    }
    let ends = [
        source.find(&words).map(|at| at + words.len()),
        Some(source.trim_end().len()),
    ];
    for end in ends.into_iter().flatten() {
        candidates.push([&source[..end], " ", &mark, &source[end..]].concat());
    }
    let expected = Some((words, Some(number.to_owned())));
    let fits = |candidate: &String| read(candidate) == expected;
    candidates
        .into_iter()
        .find(fits)
        .unwrap_or_else(|| source.to_owned())
}

/// The words and the number of a heading that stands alone.
fn read(source: &str) -> Option<(String, Option<String>)> {
    let script = parse(source);
    match script.elements.as_slice() {
        [only] => match &only.kind {
            ElementKind::SceneHeading { number } => Some((only.text.clone(), number.clone())),
            _ => None,
        },
        _ => None,
    }
}
