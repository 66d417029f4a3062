//! What a stage must hold to be one.

use toml::{Table, Value};

use super::command::{COMMAND, Wrong, check_command};
use super::makes::Makes;
use super::pattern::{overlap, wildcards};
use super::price::PriceUnit;
use super::seconds::Seconds;
use super::stage::{Each, Stage};
use super::stages::PipelineError;

/// What a key of a stage holds.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Texts,
    Flag,
    Table,
    Price,
    Seconds,
}

/// What each key holds, with how people are told; of those that only commands have tells `command.rs`, and
/// of words that are not known the reader of TOML.
const HOLDS: &[(&str, Holds, &str)] = &[
    ("title", Holds::Text, "a text"),
    (
        "each",
        Holds::Text,
        "scene, shot, character or location, or the key left out for one file for the whole film",
    ),
    (
        "from",
        Holds::Text,
        "what another stage writes, as in \"shots/{scene}.json\"",
    ),
    (
        "reads",
        Holds::Texts,
        "a list of what it reads, as in [\"scenes/{scene}.json\"]",
    ),
    (
        "writes",
        Holds::Text,
        "the file it makes, as in \"posters/{scene}.png\"",
    ),
    ("makes", Holds::Text, "the name of a kind of file"),
    ("by", Holds::Text, "the name of a generator"),
    ("keep", Holds::Flag, "true or false"),
    ("price", Holds::Price, "{ per = \"image\", usd = 0.05 }"),
    (
        "seconds",
        Holds::Seconds,
        "how long its clips can be, as in { shortest = 2, longest = 10 }, up to 1800",
    ),
    (
        "needs_approval",
        Holds::Texts,
        "a list of stages, as in [\"prompts\"]",
    ),
    (
        "with",
        Holds::Table,
        "a table of parameters, as in { paper = \"grey\" }",
    ),
];

/// Checks what kind of value each key of a stage holds, before its table is read.
pub(super) fn check_kinds(table: &Table) -> Result<(), Wrong> {
    for (key, holds, wanted) in HOLDS {
        if let Some(value) = table.get(*key)
            && !holds.is(value)
        {
            let found = found(value);
            return Err(Wrong::new(key, format!("expected {wanted}; found {found}")));
        }
    }
    Ok(())
}

impl Holds {
    fn is(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_str(),
            Self::Texts => value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_str)),
            Self::Flag => value.is_bool(),
            Self::Table => value.is_table(),
            Self::Price => value
                .as_table()
                .is_some_and(|price| price.get("per").is_none_or(Value::is_str)),
            Self::Seconds => value
                .as_table()
                .is_some_and(|range| Seconds::of(range).is_some()),
        }
    }
}

/// A value as it is told: short ones as they stand.
fn found(value: &Value) -> String {
    match value {
        Value::Table(_) => "another table".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        other => other.to_string(),
    }
}

/// Refuses a stage that cannot work, whatever the others are.
pub(super) fn check(name: &str, stage: &Stage) -> Result<(), PipelineError> {
    let malformed = |reason: String| PipelineError::Malformed {
        stage: name.to_owned(),
        key: None,
        reason,
    };
    check_command(stage).map_err(|wrong| wrong.of(name))?;
    if stage.seconds.is_some() && stage.makes != Some(Makes::Clip) {
        return Err(PipelineError::Malformed {
            stage: name.to_owned(),
            key: Some("seconds"),
            reason: "this is of a stage that makes clips: how long they can be".to_owned(),
        });
    }
    let path = |read: &str| read.split('#').next() == Some(&*stage.writes);
    if stage.by == COMMAND && stage.reads.iter().any(|read| path(read)) {
        return Err(PipelineError::Malformed {
            stage: name.to_owned(),
            key: Some("reads"),
            reason: format!("it reads {}, which it makes itself", stage.writes),
        });
    }
    let wrong = |key, reason: String| PipelineError::Malformed {
        stage: name.to_owned(),
        key: Some(key),
        reason,
    };
    if let Some(makes) = stage.makes.filter(|makes| makes.each() != stage.each) {
        let each = makes.each();
        let each = each.map_or("runs once".to_owned(), |each| {
            format!("has each = {:?}", each.key())
        });
        let reason = format!("a stage that makes {:?} {each}", makes.word());
        return Err(wrong("makes", reason));
    }
    if stage.from.is_some() && stage.each != Some(Each::Shot) {
        let reason = "this goes with each = \"shot\": of all else the script says what there is";
        return Err(wrong("from", reason.to_owned()));
    }
    if let Some(each) = stage.each {
        let slot = each.slot();
        if stage.writes.matches(slot).count() != 1 {
            return Err(malformed(format!(
                "`writes` must hold {slot} once, as the stage makes one file for each {}",
                each.key()
            )));
        }
    }
    if stage.each != Some(Each::Shot)
        && stage
            .price
            .is_some_and(|price| price.per == PriceUnit::Second)
    {
        return Err(malformed(
            "a price per second is for stages that make something for each shot".to_owned(),
        ));
    }
    let sample = stage.output("012");
    if let Err(error) = crate::object::RepoPath::new(sample) {
        return Err(malformed(format!(
            "`writes` is not a path inside the project: {}",
            error.reason
        )));
    }
    Ok(())
}

/// What a reader of TOML says, in the words of people who write settings.
pub(super) fn in_words(message: &str) -> String {
    let types = [
        ("u64", "a whole number"),
        ("u32", "a whole number"),
        ("invalid type: ", "found "),
        ("unknown variant ", "there is no "),
        ("unknown field ", "unknown key "),
        ("missing field ", "it lacks "),
    ];
    let words = types.into_iter();
    words.fold(message.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    })
}

/// Refuses two stages that may write the same file, and would do so in turns for ever. It is said of
/// the one that the project's own settings name.
pub(super) fn check_apart(stages: &[Stage], own: &Table) -> Result<(), PipelineError> {
    for (at, one) in stages.iter().enumerate() {
        for other in &stages[at + 1..] {
            if !overlap(&wildcards(&one.writes), &wildcards(&other.writes)) {
                continue;
            }
            let (stage, taken) = match own.contains_key(&other.name) {
                true => (other, one),
                false => (one, other),
            };
            return Err(PipelineError::Malformed {
                stage: stage.name.clone(),
                key: Some("writes"),
                reason: format!(
                    "stage {} writes {} already: a file has one stage",
                    taken.name, taken.writes
                ),
            });
        }
    }
    Ok(())
}
