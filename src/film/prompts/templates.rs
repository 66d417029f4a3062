//! The table of templates: which parts a prompt has, in which order, how they are joined, how long it
//! may be, and what goes first where it gets too long.
//!
//! A template's version moves on when its prompts read differently for the same shot.

use crate::words::{PromptPart, Target};

use PromptPart::{
    Action, Air, Camera, Framing, Length, Lens, Light, Line, Meanwhile, Mood, Person, Place,
    Placing, Sound, Style, Title,
};

/// One way of writing prompts.
#[derive(Debug)]
pub(super) struct Template {
    /// Its name.
    pub(super) target: Target,
    /// Moves on with what it writes.
    pub(super) version: u32,
    /// The start frame's prompt.
    pub(super) frame: Form,
    /// The clip's prompt.
    pub(super) video: Form,
}

/// How one prompt is put together.
#[derive(Debug)]
pub(super) struct Form {
    /// Characters that it may have.
    pub(super) most: usize,
    /// How its parts are written.
    pub(super) join: Join,
    /// Its parts, in order.
    pub(super) rows: &'static [Row],
}

/// How parts are written one behind the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    /// As whole sentences.
    Sentences,
    /// As phrases between commas, without end marks.
    Tags,
    /// As lines, `Title: sentences`.
    Lines,
}

/// A place in a form.
#[derive(Debug)]
pub(super) struct Row {
    /// Above it, where parts are lines; with the same one before, it goes on in that line.
    pub(super) title: &'static str,
    /// What stands there.
    pub(super) part: PromptPart,
}

/// Parts as they are given up where a prompt gets too long, the first ones first. What happens, the
/// words, the framing and the place are kept to the last.
pub(super) const GIVEN_UP: &[PromptPart] = &[
    Sound, Mood, Air, Lens, Length, Style, Light, Meanwhile, Placing, Person, Camera, Action,
    Place, Line, Framing,
];

const fn row(title: &'static str, part: PromptPart) -> Row {
    Row { title, part }
}

/// Every template; the first one is the default. Lengths: the shortest limit that models of the kind
/// are known to have, in characters (Runway's prompts have 1000 UTF-16 units; two chunks of CLIP's
/// 77 tokens are some 600 characters; Veo reads 1024 tokens).
pub(super) const TEMPLATES: &[Template] = &[
    Template {
        target: Target::Sentences,
        version: 1,
        frame: Form {
            most: 2000,
            join: Join::Sentences,
            rows: &[
                row("", Title),
                row("", Framing),
                row("", Placing),
                row("", Lens),
                row("", Action),
                row("", Line),
                row("", Meanwhile),
                row("", Mood),
                row("", Person),
                row("", Place),
                row("", Light),
                row("", Air),
                row("", Style),
            ],
        },
        video: Form {
            most: 1000,
            join: Join::Sentences,
            rows: &[
                row("", Title),
                row("", Camera),
                row("", Action),
                row("", Line),
                row("", Meanwhile),
                row("", Place),
                row("", Length),
            ],
        },
    },
    Template {
        target: Target::Tags,
        version: 1,
        frame: Form {
            most: 600,
            join: Join::Tags,
            rows: &[
                row("", Title),
                row("", Framing),
                row("", Action),
                row("", Meanwhile),
                row("", Person),
                row("", Place),
                row("", Light),
                row("", Air),
                row("", Mood),
                row("", Style),
                row("", Lens),
            ],
        },
        video: Form {
            most: 600,
            join: Join::Tags,
            rows: &[
                row("", Title),
                row("", Framing),
                row("", Action),
                row("", Meanwhile),
                row("", Camera),
                row("", Person),
                row("", Place),
                row("", Style),
            ],
        },
    },
    Template {
        target: Target::Sections,
        version: 1,
        frame: Form {
            most: 2000,
            join: Join::Lines,
            rows: &[
                row("Title", Title),
                row("Shot", Framing),
                row("Shot", Placing),
                row("Shot", Lens),
                row("Action", Action),
                row("Action", Line),
                row("Action", Meanwhile),
                row("Action", Mood),
                row("People", Person),
                row("Place", Place),
                row("Light", Light),
                row("Mood", Air),
                row("Style", Style),
            ],
        },
        video: Form {
            most: 2000,
            join: Join::Lines,
            rows: &[
                row("Title", Title),
                row("Shot", Framing),
                row("Shot", Placing),
                row("Camera", Camera),
                row("Action", Action),
                row("Action", Meanwhile),
                row("Dialogue", Line),
                row("People", Person),
                row("Place", Place),
                row("Light", Light),
                row("Sound", Sound),
                row("Style", Style),
                row("Length", Length),
            ],
        },
    },
];

/// The template of a target.
pub(super) fn template(target: Target) -> &'static Template {
    let mut all = TEMPLATES.iter();
    all.find(|template| template.target == target)
        .unwrap_or(&TEMPLATES[0])
}

impl Form {
    /// Whether it has a place for a part.
    pub(super) fn has(&self, part: PromptPart) -> bool {
        self.rows.iter().any(|row| row.part == part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Vocabulary as _;

    #[test]
    fn every_target_has_one_template_and_every_part_has_its_rank() {
        for target in Target::ALL {
            let of = |template: &&Template| template.target == *target;
            assert_eq!(TEMPLATES.iter().filter(of).count(), 1, "{target}");
        }
        for form in TEMPLATES.iter().flat_map(|one| [&one.frame, &one.video]) {
            for row in form.rows.iter().filter(|row| row.part != Title) {
                assert!(GIVEN_UP.contains(&row.part), "{}", row.part);
            }
            let titled = form.rows.iter().all(|row| !row.title.is_empty());
            assert_eq!(titled, form.join == Join::Lines);
        }
    }
}
