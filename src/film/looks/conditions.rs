//! The table of states: by which words they show, what causes and what ends them, and what pauses do.

use std::sync::LazyLock;

use crate::prose;
use crate::scenes::Heading;
use crate::words::{Lasts, TimeOfDay};

/// What lies between a scene and the one before, as its heading tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pause {
    /// It goes on without a break.
    None,
    /// Time passes, how much is not told.
    Some,
    /// Another day.
    Days,
    /// Months or years.
    Ages,
}

impl Pause {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::None => "the action goes on",
            Self::Some => "time has passed since the scene before",
            Self::Days => "it is another day",
            Self::Ages => "months or years have passed",
        }
    }
}

/// What lasts a day is kept for so many scenes of somebody in which nothing more is said of it: who tells
/// no more of a bruise has forgotten it, or healed it.
pub(super) const MOST_SCENES: u32 = 2;

/// Whether a state that lasts so long is still there after a pause.
pub(super) fn survives(lasts: Lasts, pause: Pause) -> bool {
    match lasts {
        Lasts::Scene => pause == Pause::None,
        Lasts::Day => pause < Pause::Days,
        Lasts::Always => pause < Pause::Ages,
    }
}

pub(super) struct State {
    pub(super) tag: &'static str,
    shows: &'static [&'static str],
    causes: &'static [&'static str],
    ends: &'static [&'static str],
    /// What somebody does, where and in what, that causes it.
    pub(super) does: Option<Does>,
    /// What does it to somebody.
    pub(super) done: Option<Done>,
    pub(super) lasts: Lasts,
}

/// "Falls into the icy river": a verb, then a word for where, then close by a noun.
pub(super) struct Does {
    pub(super) verbs: &'static [&'static str],
    pub(super) ways: &'static [&'static str],
    pub(super) nouns: &'static [&'static str],
}

/// "A wave hits her": a noun, then close by a verb, then whom.
pub(super) struct Done {
    pub(super) nouns: &'static [&'static str],
    pub(super) verbs: &'static [&'static str],
}

#[rustfmt::skip]
const INTO: &[&str] = &[
    "falls", "jumps", "dives", "plunges", "slips", "wades", "crashes", "drops", "leaps", "swims", "sinks", "tumbles", "goes", "thrown",
    "steps", "dragged", "pulled", "lands", "splashes", "rolls", "crawls", "struggles", "climbs", "emerges", "surfaces", "staggers",
];
#[rustfmt::skip]
const WATERS: &[&str] = &[
    "water", "river", "lake", "sea", "ocean", "pool", "pond", "surf", "stream", "waves", "canal", "creek", "flood", "swamp",
    "fountain", "rapids", "current", "sewage",
];
const BY_WATER: Done = Done {
    nouns: &[
        "water", "river", "wave", "waves", "flood", "current", "surf", "rain", "hose", "bucket",
        "rapids",
    ],
    verbs: &[
        "takes", "hits", "drenches", "soaks", "swallows", "drags", "sweeps", "covers", "washes",
        "carries", "engulfs", "douses",
    ],
};

impl State {
    /// Whether what ends it is a change of clothes, which ends what is worn too.
    pub(super) fn ends_with_clothes(&self) -> bool {
        std::ptr::eq(self.ends, CHANGED)
    }
}

const WASHED: &[&str] = &[
    "washes",
    "is washed",
    "freshly washed",
    "showers",
    "freshly showered",
    "takes a shower",
    "out of the shower",
    "bathes",
    "takes a bath",
    "out of the bath",
    "cleans up",
    "is cleaned up",
    "cleans himself",
    "cleans herself",
    "is clean",
    "is clean again",
    "wipes the blood",
    "wipes the mud",
    "wipes the dirt",
    "scrubs",
];
const CHANGED: &[&str] = &[
    "changes into",
    "changes out of",
    "new clothes",
    "clean clothes",
    "fresh clothes",
    "dry clothes",
    "changes clothes",
    "gets dressed",
    "now dressed",
    "puts on a clean",
    "puts on a fresh",
    "has changed",
];

#[rustfmt::skip]
const STATES: &[State] = &[
    State { tag: "wet", shows: &["drenched", "soaked", "soaking", "sopping", "dripping", "wet clothes"],
        causes: &["falls into the water", "falls in the water", "jumps into the water", "jumps into the river", "falls into the river", "dives into the water", "dives into the river", "dives into the lake", "dives into the sea", "dives into the pool", "jumps into the lake", "jumps into the sea", "falls into the lake", "falls into the sea", "jumps into the pool", "falls into the pool", "dunking his head", "dunking her head", "in the pouring rain", "swims"],
        ends: &["dries off", "towels off", "dries himself", "dries herself", "is dry", "now dry", "dried off", "dry clothes", "changes into", "changes clothes"], lasts: Lasts::Scene,
        does: Some(Does { verbs: INTO, ways: &["into", "in", "through", "under", "beneath", "out", "from"], nouns: WATERS }), done: Some(BY_WATER) },
    State { tag: "muddy", shows: &["muddy", "caked in mud", "covered in mud"],
        causes: &["falls into the mud", "falls in the mud", "slips in the mud", "rolls in the mud", "in a muddy puddle", "crawls through the mud"], ends: WASHED, lasts: Lasts::Day,
        does: Some(Does { verbs: INTO, ways: &["into", "in", "through", "out"], nouns: &["mud", "muck", "bog", "mire"] }), done: None },
    State { tag: "bloodied", shows: &["bloody", "bloodied", "bleeding", "covered in blood", "blood on his", "blood on her"],
        causes: &["is shot", "is stabbed", "gets shot", "gets stabbed", "cuts himself", "cuts herself", "cuts his hand", "cuts her hand", "cuts his finger", "cuts her finger", "gashes"], ends: WASHED, lasts: Lasts::Day, does: None, done: None },
    State { tag: "in torn clothes", shows: &["ragged", "tattered", "torn clothes", "torn shirt", "ripped shirt", "shoeless and torn"],
        causes: &["rips his shirt", "tears his shirt", "rips her dress", "tears her dress", "tears his jacket"], ends: CHANGED, lasts: Lasts::Day, does: None, done: None },
    State { tag: "dirty", shows: &["dirty", "filthy", "grimy", "covered in dust", "sooty", "grubby"],
        causes: &["rolls across the dirt", "roll across the dirt", "falls in the dirt"], ends: WASHED, lasts: Lasts::Day, does: None, done: None },
    State { tag: "bruised", shows: &["bruised", "black eye", "battered face", "swollen eye"],
        causes: &["takes the beating", "is beaten"], ends: &["has healed", "have healed", "healed", "bruises are gone"], lasts: Lasts::Day, does: None, done: None },
    State { tag: "sweating", shows: &["sweating", "sweaty", "drips with sweat"], causes: &[], ends: WASHED, lasts: Lasts::Scene, does: None, done: None },
    State { tag: "barefoot", shows: &["barefoot", "shoeless", "bare feet", "bare foot"],
        causes: &["takes off his shoes", "takes off her shoes", "kicks off his shoes", "kicks off her shoes"],
        ends: &["puts on his shoes", "puts on her shoes", "shoes back"], lasts: Lasts::Day, does: None, done: None },
    State { tag: "shirtless", shows: &["shirtless", "bare chested", "bare chest"], causes: &["takes off his shirt"], ends: CHANGED, lasts: Lasts::Scene, does: None, done: None },
    State { tag: "naked", shows: &["naked", "nude"], causes: &["takes off his clothes", "takes off her clothes"], ends: CHANGED, lasts: Lasts::Scene, does: None, done: None },
    State { tag: "bandaged", shows: &["bandaged", "in bandages", "arm in a sling"], causes: &["is bandaged", "bandages his", "bandages her"],
        ends: &["takes off the bandage", "removes the bandage", "bandages are gone", "bandage is gone", "has healed", "have healed", "healed"], lasts: Lasts::Day, does: None, done: None },
    State { tag: "pregnant", shows: &["pregnant"], causes: &[], ends: &["gives birth", "no longer pregnant"], lasts: Lasts::Always, does: None, done: None },
];

/// The phrases of the table, taken apart once.
pub(super) struct Phrases {
    pub(super) shows: Vec<Vec<String>>,
    pub(super) causes: Vec<Vec<String>>,
    pub(super) ends: Vec<Vec<String>>,
}

static PHRASES: LazyLock<Vec<Phrases>> = LazyLock::new(|| {
    let apart = |phrases: &[&str]| phrases.iter().map(|phrase| prose::tokens(phrase)).collect();
    let words = |state: &State| Phrases {
        shows: apart(state.shows),
        causes: apart(state.causes),
        ends: apart(state.ends),
    };
    STATES.iter().map(words).collect()
});

/// Every state with its phrases.
pub(super) fn states() -> impl Iterator<Item = (&'static State, &'static Phrases)> {
    STATES.iter().zip(PHRASES.iter())
}

/// Whether a heading tells that the scene plays in another time or in somebody's head.
pub(super) fn aside(heading: &Heading) -> bool {
    let remarks = heading.tail.as_deref().unwrap_or_default();
    let words = prose::tokens(remarks);
    let year = words
        .iter()
        .any(|word| word.len() == 4 && word.chars().all(|c| c.is_ascii_digit()));
    const TIMES: &[&str] = &[
        "flashback",
        "flashforward",
        "dream",
        "fantasy",
        "memory",
        "story",
        "nightmare",
        "vision",
    ];
    year || words.iter().any(|word| TIMES.contains(&word.as_str()))
}

/// What passes, and how long that is.
#[rustfmt::skip]
const SPANS: &[(&str, Pause)] = &[
    ("day", Pause::Days), ("days", Pause::Days), ("morning", Pause::Days), ("week", Pause::Days), ("weeks", Pause::Days),
    ("month", Pause::Ages), ("months", Pause::Ages), ("year", Pause::Ages), ("years", Pause::Ages),
    ("decade", Pause::Ages), ("decades", Pause::Ages), ("season", Pause::Ages), ("winter", Pause::Ages),
    ("jours", Pause::Days), ("jour", Pause::Days), ("semaine", Pause::Days), ("semaines", Pause::Days), ("mois", Pause::Ages),
    ("an", Pause::Ages), ("ans", Pause::Ages), ("années", Pause::Ages),
    ("tag", Pause::Days), ("tage", Pause::Days), ("wochen", Pause::Days), ("woche", Pause::Days), ("monate", Pause::Ages),
    ("monat", Pause::Ages), ("jahre", Pause::Ages), ("jahr", Pause::Ages),
    ("días", Pause::Days), ("semanas", Pause::Days), ("meses", Pause::Ages), ("años", Pause::Ages),
    ("giorni", Pause::Days), ("settimane", Pause::Days), ("mesi", Pause::Ages), ("anni", Pause::Ages),
];
/// In brackets behind a heading: another time of the year.
#[rustfmt::skip]
const SEASONS: &[&str] = &["spring", "summer", "autumn", "fall", "winter", "été", "hiver", "printemps", "automne", "sommer", "herbst"];
/// Right after what passes: that it has passed.
#[rustfmt::skip]
const PASSED: &[&str] = &[
    "later", "pass", "passes", "passed", "after", "plus", "après", "passent", "später", "vergehen", "después", "dopo",
];
/// Right before a day: that it is not the same one.
const NEXT: &[&str] = &["next", "following", "another"];
/// So many elements of a scene are read for what has passed before it.
const BEGINNING: usize = 3;

/// What the words at the beginning of a scene, on a title or in the action, tell to have passed:
/// `SUPER: THREE YEARS LATER`, "The next morning."
pub(super) fn told_pause(scene: &crate::breakdown::SceneText<'_>) -> Pause {
    use crate::fountain::ElementKind;
    let first = scene.elements.iter().take(BEGINNING);
    let first = first.take_while(|element| !matches!(element.kind, ElementKind::Character { .. }));
    let heading = scene.heading.tail.iter().chain(&scene.heading.time);
    let told = first
        .filter(|element| element.kind == ElementKind::Action)
        .filter_map(|element| {
            prose::sentences(&element.text)
                .first()
                .map(|text| passed(text))
        });
    let said = heading.map(|text| passed(text));
    let season = scene
        .heading
        .tail
        .iter()
        .flat_map(|tail| prose::tokens(tail));
    let season = season
        .filter(|word| SEASONS.contains(&word.as_str()))
        .map(|_| Pause::Ages);
    told.chain(said).chain(season).max().unwrap_or(Pause::None)
}

fn passed(text: &str) -> Pause {
    /// A longer sentence tells more than that time has passed.
    const MOST: usize = 9;
    let words = prose::tokens(text);
    if words.len() > MOST {
        return Pause::None;
    }
    let span = |(at, word): (usize, &String)| {
        let (_, pause) = SPANS.iter().find(|(span, _)| span == word)?;
        let after = words.get(at + 1).map_or("", String::as_str);
        let before = at.checked_sub(1).map_or("", |at| words[at].as_str());
        let day = *pause == Pause::Days && NEXT.contains(&before);
        (day || PASSED.contains(&after)).then_some(*pause)
    };
    let found = words.iter().enumerate().filter_map(span);
    found.max().unwrap_or(Pause::None)
}

/// What lies between a scene and the one before.
pub(super) fn pause_before(heading: &Heading) -> Pause {
    if heading.continues() {
        Pause::None
    } else if heading.another_day() || returns(heading) {
        Pause::Days
    } else {
        Pause::Some
    }
}

/// Whether a heading tells that the story comes back from another time: `(PRESENT)`, `PRESENT DAY`.
fn returns(heading: &Heading) -> bool {
    let said = [heading.tail.as_deref(), heading.time.as_deref()];
    let mut words = said.into_iter().flatten().flat_map(prose::tokens);
    words.any(|word| word == "present")
}

/// A state seen at night and again by day has a night behind it, unless the action goes on.
pub(super) fn night_between(seen: TimeOfDay, now: TimeOfDay, pause: Pause) -> Pause {
    use TimeOfDay::{Morning, Unsaid};
    let light = !now.is_dark() && now != Unsaid;
    let slept = seen.is_dark() && light || now == Morning && seen != Morning;
    if pause == Pause::Some && slept {
        Pause::Days
    } else {
        pause
    }
}

/// Whether a scene's last transition lets time pass.
pub(super) fn time_passes(scene: &crate::breakdown::SceneText<'_>) -> bool {
    let last = scene
        .elements
        .last()
        .filter(|element| element.kind == crate::fountain::ElementKind::Transition);
    let words = last
        .map(|element| prose::tokens(&prose::plain(&element.text)))
        .unwrap_or_default();
    words.iter().any(|word| {
        matches!(
            word.as_str(),
            "dissolve" | "crossfade" | "fade" | "fades" | "transition"
        )
    })
}
