//! A screenplay divided into scenes.
//!
//! A scene runs from its heading to the next. A script without headings is one scene; what is
//! filmed before the first heading is a scene of its own.

mod digest;
mod heading;
mod intercut;
mod pages;

use std::ops::Range;

use crate::fountain::{Element, ElementKind, Script, plain};
use crate::ids::SceneNumber;

pub use heading::{Heading, time_of_day};
pub use intercut::Absent;
pub use pages::{eighths, eighths_in_frames, format_eighths};

/// One scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// Its place in the script, from 0.
    pub index: usize,
    /// The production number. [`split`] fills in what the script says, and for other scenes their
    /// place; the memory of `numbers.toml` fills in what stays theirs.
    pub number: SceneNumber,
    /// The number that the script says between `#` marks.
    pub marked: Option<SceneNumber>,
    /// The parts of its heading; all empty for a scene without one.
    pub heading: Heading,
    /// Who speaks in it from another place, where it is cut against that.
    pub absent: Vec<Absent>,
    /// The act that the sections of the script say it lies in.
    pub act: Option<Act>,
    /// Whether the scene before it ends on `INTERCUT WITH:`, so that people of that one speak in it.
    pub follows_intercut: bool,
    /// Its elements in the script, heading included.
    pub elements: Range<usize>,
    /// What stands between the title page and its heading (`FADE IN:`): of the first scene only.
    pub lead: Vec<Element>,
    /// Its elements after the heading, remarks included.
    pub body: Vec<Element>,
    /// Its source lines, counted from 0, end exclusive.
    pub lines: Range<usize>,
}

/// An act, from a section such as `# Act Two`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The title of the section.
    pub title: String,
    /// Which act, counted from 1, if the title says so in digits, Roman numerals or words.
    pub number: Option<u32>,
}

impl Scene {
    /// Whether it has no heading.
    #[must_use]
    pub fn is_implicit(&self) -> bool {
        self.heading.raw.is_empty()
    }

    /// Whether it was cut and only its place is kept: the heading or the whole body is `OMITTED`.
    #[must_use]
    pub fn is_omitted(&self) -> bool {
        let omitted = |text: &str| {
            let text = plain(text);
            let word = text
                .trim()
                .trim_matches(['(', ')', '[', ']', '.', '-', ' ']);
            word.eq_ignore_ascii_case("OMITTED") || word.eq_ignore_ascii_case("OMIT")
        };
        let mut filmed = self.body.iter().filter(|element| element.kind.is_filmed());
        match (filmed.next(), filmed.next()) {
            (None, _) => omitted(&self.heading.raw),
            (Some(only), None) => omitted(&only.text),
            _ => false,
        }
    }
}

/// The scenes of a script in order; none if nothing in it is filmed.
#[must_use]
pub fn split(script: &Script) -> Vec<Scene> {
    let elements = &script.elements;
    let headings: Vec<usize> = (0..elements.len())
        .filter(|at| matches!(elements[*at].kind, ElementKind::SceneHeading { .. }))
        .collect();
    let first = headings.first().copied().unwrap_or(elements.len());
    let opens = elements[..first].iter().any(is_opening_scene);
    let mut scenes = Vec::with_capacity(headings.len() + 1);
    if opens {
        scenes.push(scene(script, 0..first, None));
    }
    for (at, heading) in headings.iter().enumerate() {
        let start = if at == 0 && !opens { 0 } else { *heading };
        let end = headings.get(at + 1).copied().unwrap_or(elements.len());
        scenes.push(scene(script, start..end, Some(*heading)));
    }
    take_over_places(&mut scenes);
    intercut::find(&mut scenes);
    let mut intercut = false;
    for (index, scene) in scenes.iter_mut().enumerate() {
        scene.follows_intercut = std::mem::replace(&mut intercut, ends_on_intercut(&scene.body));
        scene.index = index;
        if scene.marked.is_none() {
            scene.number = SceneNumber::at(index);
        }
    }
    name_acts(elements, &mut scenes);
    scenes
}

fn ends_on_intercut(body: &[Element]) -> bool {
    let last = body
        .iter()
        .rev()
        .find(|element| element.kind.is_filmed() || element.kind == ElementKind::Transition);
    last.is_some_and(|last| {
        let text = plain(&last.text);
        let word = text.trim().get(.."INTERCUT".len());
        word.is_some_and(|word| word.eq_ignore_ascii_case("INTERCUT"))
    })
}

/// Whether an element before the first heading makes a scene there: `FADE IN:` and titles do not.
fn is_opening_scene(element: &Element) -> bool {
    let text = plain(&element.text);
    let fades_in = text
        .trim()
        .trim_end_matches([':', '.'])
        .eq_ignore_ascii_case("FADE IN");
    element.kind.is_filmed() && element.kind != ElementKind::Centered && !fades_in
}

/// Gives scenes whose headings say no place, but a time (`LATER`), what happens or how it is seen (`ANNA'S POV`), that of the scene before.
fn take_over_places(scenes: &mut [Scene]) {
    if let Some(first) = scenes.first_mut() {
        first.heading.name_what_is_said();
    }
    for at in 1..scenes.len() {
        let (before, rest) = scenes.split_at_mut(at);
        let (before, heading) = (&before[at - 1].heading, &mut rest[0].heading);
        if heading.setting.is_empty() || heading.is_no_place() {
            heading.inherit(before);
        }
    }
}

fn scene(script: &Script, range: Range<usize>, heading: Option<usize>) -> Scene {
    let elements = &script.elements;
    let body_start = heading.map_or(range.start, |at| at + 1);
    let lead = elements[range.start..heading.unwrap_or(range.start)].to_vec();
    let body = elements[body_start..range.end].to_vec();
    let said = match heading.map(|at| &elements[at].kind) {
        Some(ElementKind::SceneHeading { number }) => number.as_deref(),
        _ => None,
    };
    let marked: Option<SceneNumber> = said.and_then(|number| number.parse().ok());
    let within = &elements[range.clone()];
    let lines = match (within.first(), within.last()) {
        (Some(first), Some(last)) => first.lines.start..last.lines.end,
        _ => 0..0,
    };
    Scene {
        index: 0,
        number: marked.clone().unwrap_or_else(|| SceneNumber::at(0)),
        marked,
        heading: heading
            .map(|at| Heading::read(&elements[at].text, &script.words))
            .unwrap_or_default(),
        absent: Vec::new(),
        act: None,
        follows_intercut: false,
        elements: range,
        lead,
        body,
        lines,
    }
}

/// Gives each scene the last act section above its heading (above its end, if it has none).
fn name_acts(elements: &[Element], scenes: &mut [Scene]) {
    let mut act = None;
    let mut at = 0;
    for scene in scenes {
        let body_start = scene.elements.end - scene.body.len();
        while at < body_start {
            if matches!(elements[at].kind, ElementKind::Section { .. }) {
                act = Act::parse(&elements[at].text).or(act);
            }
            at += 1;
        }
        scene.act.clone_from(&act);
    }
}

impl Act {
    /// Reads `Act Two`, `ACT II: The Flood`, `act 2`.
    fn parse(title: &str) -> Option<Self> {
        let title = plain(title);
        let mut words = title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty());
        if !words.next()?.eq_ignore_ascii_case("ACT") {
            return None;
        }
        let number = words.next().and_then(ordinal);
        Some(Self {
            title: title.trim().to_owned(),
            number,
        })
    }
}

fn ordinal(word: &str) -> Option<u32> {
    const WORDS: [[&str; 2]; 9] = [
        ["ONE", "I"],
        ["TWO", "II"],
        ["THREE", "III"],
        ["FOUR", "IV"],
        ["FIVE", "V"],
        ["SIX", "VI"],
        ["SEVEN", "VII"],
        ["EIGHT", "VIII"],
        ["NINE", "IX"],
    ];
    word.parse().ok().or_else(|| {
        let is = |names: &[&str; 2]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
        (1..)
            .zip(&WORDS)
            .find(|(_, names)| is(names))
            .map(|(number, _)| number)
    })
}
