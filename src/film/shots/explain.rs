//! Why a shot is as it is, field by field: what decided it, by which rule, and the words of the script
//! that it follows from.

use super::beat::Reason;
use super::{camera, decompose, meanwhile, pacing, size, transition};
use crate::fountain::{Element, ElementKind};
use crate::prose;

/// What decided a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The field of a shot, as in its list.
    pub field: &'static str,
    /// `V1 decomposition` …
    pub pass: &'static str,
    /// Where in the rules, or what else it follows from.
    pub rule: String,
    /// In words.
    pub why: String,
    /// The words of the script; empty where it follows from none alone.
    pub words: String,
}

/// Where the words of a field stand in the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    /// In the reason itself, or nowhere.
    Quoted,
    /// The action of the shot.
    Action,
    /// The words spoken.
    Line,
    /// The cue above them.
    Cue,
    /// The heading.
    Heading,
    /// A sentence of the scene up to the shot that the field repeats.
    Earlier,
    /// The transition after the shot.
    Transition,
}

/// A field: what is said of it where no pass gave a reason, and where its words stand.
struct Explained {
    field: &'static str,
    /// Reasons of this pass whose rule begins with one of these belong to it.
    pass: &'static str,
    rules: &'static [&'static str],
    /// Rule and reason otherwise.
    usual: Option<(&'static str, &'static str)>,
    words: Words,
}

/// The fields in the order in which they are shown. A reason belongs to the first that takes it.
const FIELDS: &[Explained] = &[
    Explained {
        field: "meanwhile",
        pass: size::PASS,
        rules: &[meanwhile::RULE],
        usual: None,
        words: Words::Earlier,
    },
    Explained {
        field: "dialogue_tone",
        pass: decompose::PASS,
        rules: &["talk.tone", "talk.end", decompose::PARENTHETICAL],
        usual: None,
        words: Words::Line,
    },
    Explained {
        field: "dialogue_text",
        pass: decompose::PASS,
        rules: &["decompose.speech_words"],
        usual: Some(("the script", "the words under the cue")),
        words: Words::Line,
    },
    Explained {
        field: "dialogue_speaker",
        pass: decompose::PASS,
        rules: &["voice over"],
        usual: Some(("the script", "the cue above the words")),
        words: Words::Cue,
    },
    Explained {
        field: "content",
        pass: decompose::PASS,
        rules: &[""],
        usual: Some(("the script", "the sentences of the action")),
        words: Words::Action,
    },
    Explained {
        field: "characters_in_frame",
        pass: "",
        rules: &[],
        usual: Some((
            "the cast",
            "whom the content names or means, who speaks in the picture, whom the size takes in",
        )),
        words: Words::Action,
    },
    Explained {
        field: "shot_type",
        pass: size::PASS,
        rules: &[""],
        usual: None,
        words: Words::Quoted,
    },
    Explained {
        field: "lens_mm",
        pass: camera::PASS,
        rules: &["camera.lens"],
        usual: None,
        words: Words::Quoted,
    },
    Explained {
        field: "camera_height",
        pass: camera::PASS,
        rules: &["camera.height"],
        usual: Some(("camera.height", "nothing asks for another")),
        words: Words::Quoted,
    },
    Explained {
        field: "camera_movement",
        pass: camera::PASS,
        rules: &[""],
        usual: None,
        words: Words::Quoted,
    },
    Explained {
        field: "duration",
        pass: pacing::PASS,
        rules: &[""],
        usual: None,
        words: Words::Line,
    },
    Explained {
        field: "transition_to_next",
        pass: transition::PASS,
        rules: &[""],
        usual: None,
        words: Words::Transition,
    },
    Explained {
        field: "setting_ref",
        pass: "",
        rules: &[],
        usual: Some(("the script", "the heading of the scene")),
        words: Words::Heading,
    },
];

/// The words of a scene as far as a shot follows from them.
#[derive(Debug, Clone, Copy)]
pub struct Passage<'a> {
    /// The heading as written.
    pub heading: &'a str,
    /// What is filmed and cut by, of the whole scene.
    pub elements: &'a [&'a Element],
    /// First element of the shot.
    pub from: usize,
    /// End, exclusive.
    pub to: usize,
    /// What is seen in it.
    pub content: &'a str,
    /// What goes on in the shot while somebody speaks.
    pub meanwhile: Option<&'a str>,
}

/// What decided each field of a shot, in the order of the fields; several of one follow each other.
#[must_use]
pub fn why(reasons: &[Reason], passage: &Passage<'_>) -> Vec<Why> {
    let mut found: Vec<(usize, &Reason)> = Vec::new();
    for reason in reasons {
        let takes = |one: &Explained| {
            one.pass == reason.pass && one.rules.iter().any(|rule| reason.rule.starts_with(rule))
        };
        found.extend(FIELDS.iter().position(takes).map(|at| (at, reason)));
    }
    let mut all = Vec::new();
    for (at, one) in FIELDS.iter().enumerate() {
        let mut own = found.iter().filter(|(of, _)| *of == at).peekable();
        if own.peek().is_none()
            && let Some((rule, why)) = one.usual
        {
            all.push(Why {
                field: one.field,
                pass: one.pass,
                rule: rule.to_owned(),
                why: why.to_owned(),
                words: passage.words(one.words),
            });
        }
        for (_, reason) in own {
            let quoted = passage.quoted(&reason.why);
            all.push(Why {
                field: one.field,
                pass: reason.pass,
                rule: reason.rule.clone(),
                why: reason.why.clone(),
                words: quoted.unwrap_or_else(|| passage.words(one.words)),
            });
        }
    }
    all
}

impl Passage<'_> {
    /// The elements of the shot.
    fn own(&self) -> &[&Element] {
        let to = self.to.min(self.elements.len());
        self.elements.get(self.from..to).unwrap_or_default()
    }

    fn texts(&self, kinds: impl Fn(&ElementKind) -> bool) -> String {
        let own = self.own().iter().filter(|element| kinds(&element.kind));
        let texts: Vec<String> = own.map(|element| prose::plain(&element.text)).collect();
        texts.join(" ")
    }

    fn words(&self, words: Words) -> String {
        match words {
            Words::Quoted => String::new(),
            Words::Action => self.action(),
            Words::Line => {
                self.texts(|kind| matches!(kind, ElementKind::Dialogue | ElementKind::Lyric))
            }
            Words::Cue => {
                let cue =
                    |element: &&&Element| matches!(element.kind, ElementKind::Character { .. });
                let cue = self.own().iter().find(cue);
                cue.map(|cue| prose::plain(&cue.text)).unwrap_or_default()
            }
            Words::Heading => self.heading.to_owned(),
            Words::Earlier => self
                .meanwhile
                .and_then(|text| self.earlier(text))
                .unwrap_or_default(),
            Words::Transition => self.texts(|kind| matches!(kind, ElementKind::Transition)),
        }
    }

    /// Of the action, the sentences that are in the content.
    fn action(&self) -> String {
        let text = self.texts(|kind| matches!(kind, ElementKind::Action | ElementKind::Centered));
        let content = prose::tokens(self.content);
        let shown = |sentence: &&str| prose::contains_words(&content, &prose::tokens(sentence));
        let shown: Vec<&str> = prose::sentences(&text).into_iter().filter(shown).collect();
        if shown.is_empty() {
            text
        } else {
            shown.join(" ")
        }
    }

    /// The last sentence up to the shot that ends as `text` does, or holds its last words.
    fn earlier(&self, text: &str) -> Option<String> {
        /// So many words at the end tell a sentence.
        const ENOUGH: usize = 3;
        let words = prose::tokens(prose::sentences(text).first()?);
        let tail = &words[words.len().saturating_sub(ENOUGH)..];
        let before = self.elements.get(..self.to.min(self.elements.len()))?;
        let actions = before
            .iter()
            .rev()
            .filter(|element| element.kind == ElementKind::Action);
        actions
            .map(|element| prose::plain(&element.text))
            .find_map(|text| {
                let holds = |sentence: &&str| prose::contains_words(&prose::tokens(sentence), tail);
                prose::sentences(&text)
                    .into_iter()
                    .rfind(holds)
                    .map(str::to_owned)
            })
    }

    /// The sentence of the shot that holds what a reason quotes.
    fn quoted(&self, why: &str) -> Option<String> {
        let phrase = prose::tokens(why.split('"').nth(1)?);
        let texts = self.own().iter().map(|element| prose::plain(&element.text));
        texts.into_iter().find_map(|text| {
            let holds = |sentence: &&str| prose::contains_words(&prose::tokens(sentence), &phrase);
            prose::sentences(&text)
                .into_iter()
                .find(holds)
                .map(str::to_owned)
        })
    }
}
