//! Stages as data: the film pipeline that ships with aiut, and a project's changes to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use super::command::{COMMAND, check_command, check_command_keys};
use super::pattern::{overlap, wildcards};
use super::price::{Price, PriceUnit};

/// The film pipeline, as `aiut stages` shows it.
pub const FILM: &str = include_str!("film.toml");

/// The word for people in place of a generator.
pub const BY_HAND: &str = "hand";

/// What a `[stage.NAME]` may hold.
pub const STAGE_KEYS: [&str; 14] = [
    "title", "each", "reads", "writes", "by", "keep", "price", "with", "command", "code",
    "version", "timeout", "memory", "size",
];

/// What a stage runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Each {
    /// Every scene of the script that is not omitted.
    Scene,
    /// Every shot of every shot list.
    Shot,
    /// Every member of the cast.
    Character,
    /// Every place.
    Location,
}

impl Each {
    /// The word that stands in braces in `writes` and `reads`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Scene => "scene",
            Self::Shot => "shot",
            Self::Character => "character",
            Self::Location => "location",
        }
    }
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The name in `[stage.NAME]`.
    #[serde(skip_deserializing)]
    pub name: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// What it runs over; once, if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// What it may read.
    #[serde(default)]
    pub reads: Vec<String>,
    /// The file it makes for each.
    pub writes: String,
    /// The generator that makes it; `hand` for people.
    pub by: String,
    /// Whether the file belongs to people once it is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
    /// What a unit costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Parameters for the generator; part of the action, so changing one makes outputs stale.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub with: BTreeMap<String, String>,
    /// With `by = "command"`: program and arguments. Those that name files of the project are
    /// handed over with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<String>,
    /// Further files that the command executes: modules that a script imports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub code: Vec<String>,
    /// What people call the tool as it is now; part of the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Seconds that the command may take for an item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u32>,
    /// MiB of address space that each of its processes may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
    /// MiB that its output may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u32>,
    /// Reads whatever it likes: aiut's own eyes, never a stage of a file.
    #[serde(skip)]
    pub(super) unrestricted: bool,
}

impl Stage {
    /// No stage of the pipeline: what aiut itself reads with, where nothing is generated.
    #[must_use]
    pub fn reading_everything() -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            each: None,
            reads: Vec::new(),
            writes: String::new(),
            by: String::new(),
            keep: false,
            price: None,
            with: BTreeMap::new(),
            command: Vec::new(),
            code: Vec::new(),
            version: None,
            timeout: None,
            memory: None,
            size: None,
            unrestricted: true,
        }
    }

    /// Whether people make its output.
    #[must_use]
    pub fn by_hand(&self) -> bool {
        self.by == BY_HAND
    }

    /// The word for what it runs over; `film` if it runs once.
    #[must_use]
    pub fn each_name(&self) -> &'static str {
        self.each.map_or("film", Each::key)
    }

    /// The file it makes for `item`.
    #[must_use]
    pub fn output(&self, item: &str) -> String {
        match self.each {
            Some(each) => self.writes.replace(&format!("{{{}}}", each.key()), item),
            None => self.writes.clone(),
        }
    }

    /// The item whose output `path` would be, if it is one of this stage's.
    #[must_use]
    pub fn item_of(&self, path: &str) -> Option<String> {
        let Some(each) = self.each else {
            return (self.writes == path).then(String::new);
        };
        let (head, tail) = self.writes.split_once(&format!("{{{}}}", each.key()))?;
        let item = path.strip_prefix(head)?.strip_suffix(tail)?;
        (!item.is_empty() && !item.contains('/')).then(|| item.to_owned())
    }
}

/// The stages of a project, each after those whose outputs it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    stages: Vec<Stage>,
}

/// Why a project's stages cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PipelineError {
    /// A stage's table does not hold what a stage needs.
    #[error("[stage.{stage}]: {reason}")]
    Malformed {
        /// The stage.
        stage: String,
        /// The key that is wrong, if it is one.
        key: Option<&'static str>,
        /// What is wrong with it.
        reason: String,
    },
    /// Two stages read each other's outputs.
    #[error("[stage.{0}] reads what depends on its own output")]
    Cycle(String),
}

impl Pipeline {
    /// The film pipeline as it ships.
    ///
    /// # Panics
    /// Never: it is part of the binary, and a test reads it.
    #[must_use]
    pub fn film() -> Self {
        Self::new(&Table::new()).expect("the film pipeline is well formed")
    }

    /// The film pipeline with a project's `[stage.…]` tables laid over it.
    ///
    /// # Errors
    /// Names the stage that is malformed or part of a cycle.
    pub fn new(overrides: &Table) -> Result<Self, PipelineError> {
        let film: Table = FILM
            .parse()
            .expect("the film pipeline is part of the binary");
        let Some(Value::Table(mut tables)) = film.get("stage").cloned() else {
            unreachable!("the film pipeline has stages");
        };
        for (name, changes) in overrides {
            let malformed = |reason: &str| PipelineError::Malformed {
                stage: name.clone(),
                key: None,
                reason: reason.to_owned(),
            };
            let Value::Table(changes) = changes else {
                return Err(malformed("expected a table"));
            };
            let table = tables
                .entry(name.clone())
                .or_insert_with(|| Value::Table(Table::new()));
            let Value::Table(table) = table else {
                unreachable!("stages are tables")
            };
            for (key, value) in changes {
                table.insert(key.clone(), value.clone());
            }
        }
        let mut stages = Vec::new();
        for (name, table) in tables {
            if let Value::Table(table) = &table {
                check_command_keys(table).map_err(|wrong| wrong.of(&name))?;
            }
            let mut stage: Stage =
                table
                    .try_into()
                    .map_err(|error: toml::de::Error| PipelineError::Malformed {
                        stage: name.clone(),
                        key: None,
                        reason: in_words(error.message()),
                    })?;
            check(&name, &stage)?;
            if stage.title.is_empty() {
                stage.title.clone_from(&name);
            }
            stage.name = name;
            stages.push(stage);
        }
        check_apart(&stages, overrides)?;
        Ok(Self {
            stages: in_order(stages)?,
        })
    }

    /// The same stages; one without a price of its own takes that of its generator. Each price is
    /// a generator's name, what is counted, and millionths of a US dollar.
    #[must_use]
    pub fn with_prices(mut self, prices: impl Iterator<Item = (String, String, u64)>) -> Self {
        let prices: Vec<_> = prices.collect();
        for stage in &mut self.stages {
            let price = prices.iter().find(|(name, ..)| *name == stage.by);
            if let (None, Some((_, per, micro_usd))) = (&stage.price, price)
                && let Some(per) = PriceUnit::parse(per)
            {
                let micro_usd = *micro_usd;
                stage.price = Some(Price { per, micro_usd });
            }
        }
        self
    }

    /// The stages, each after those it reads from.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage of this name.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// The stage that makes `path`, and the item it makes it for.
    #[must_use]
    pub fn maker_of(&self, path: &str) -> Option<(&Stage, String)> {
        self.stages
            .iter()
            .find_map(|stage| Some((stage, stage.item_of(path)?)))
    }
}

fn check(name: &str, stage: &Stage) -> Result<(), PipelineError> {
    let malformed = |reason: String| PipelineError::Malformed {
        stage: name.to_owned(),
        key: None,
        reason,
    };
    check_command(stage).map_err(|wrong| wrong.of(name))?;
    let path = |read: &str| read.split('#').next() == Some(&*stage.writes);
    if stage.by == COMMAND && stage.reads.iter().any(|read| path(read)) {
        return Err(PipelineError::Malformed {
            stage: name.to_owned(),
            key: Some("reads"),
            reason: format!("it reads {}, which it makes itself", stage.writes),
        });
    }
    if let Some(each) = stage.each {
        let slot = format!("{{{}}}", each.key());
        if stage.writes.matches(&slot).count() != 1 {
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
fn in_words(message: &str) -> String {
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
fn check_apart(stages: &[Stage], own: &Table) -> Result<(), PipelineError> {
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

/// Each stage after those whose outputs it reads, else in the order given.
fn in_order(stages: Vec<Stage>) -> Result<Vec<Stage>, PipelineError> {
    let needs = |a: &Stage, b: &Stage| {
        a.name != b.name
            && a.sources().any(|read| {
                let path = read.split_once('#').map_or(&*read, |(path, _)| path);
                overlap(&wildcards(path), &wildcards(&b.writes))
            })
    };
    let mut ordered: Vec<Stage> = Vec::with_capacity(stages.len());
    let mut waiting = stages;
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .position(|stage| !waiting.iter().any(|other| needs(stage, other)))
            .ok_or_else(|| PipelineError::Cycle(waiting[0].name.clone()))?;
        ordered.push(waiting.remove(ready));
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film() -> Pipeline {
        Pipeline::new(&Table::new()).expect("the film pipeline is well formed")
    }

    #[test]
    fn a_file_has_one_stage_and_a_command_reads_nothing_that_it_makes() {
        let told = |text: &str| {
            let table: Table = text.parse().expect("TOML");
            Pipeline::new(&table).expect_err(text).to_string()
        };
        let command = "each = \"scene\"\nby = \"command\"\ncommand = [\"x\"]\n";
        for (writes, taken) in [
            (
                "scenes/{scene}.json",
                "stage scenes writes scenes/{scene}.json already",
            ),
            (
                "frames/{scene}.png",
                "stage frames writes frames/{shot}.png already",
            ),
        ] {
            let told = told(&format!("[x]\nwrites = \"{writes}\"\n{command}"));
            assert!(told.contains("[stage.x]") && told.contains(taken), "{told}");
        }
        let both = format!(
            "[x]\nwrites = \"y/{{scene}}.json\"\n{command}[y]\nwrites = \"y/{{scene}}.json\"\n{command}"
        );
        assert!(told(&both).contains("already: a file has one stage"));
        let own = format!(
            "[x]\nwrites = \"y/{{scene}}.json\"\nreads = [\"y/{{scene}}.json#/a\"]\n{command}"
        );
        assert!(told(&own).contains("it reads y/{scene}.json, which it makes itself"));
    }

    #[test]
    fn every_stage_comes_after_those_it_reads_from() {
        let names: Vec<_> = film().stages().iter().map(|s| s.name.clone()).collect();
        let at = |name: &str| names.iter().position(|n| n == name).expect(name);
        assert!(at("script") < at("scenes"));
        assert!(at("scenes") < at("shots"));
        assert!(at("looks") < at("prompts"));
        assert!(at("voices") < at("clips"));
        assert!(at("clips") < at("cuts"));
        assert_eq!(at("film"), names.len() - 1);
    }

    #[test]
    fn an_output_names_its_item_and_back() {
        let film = film();
        let frames = film.stage("frames").expect("frames");
        assert_eq!(frames.output("012_003"), "frames/012_003.png");
        assert_eq!(
            frames.item_of("frames/012_003.png").as_deref(),
            Some("012_003")
        );
        assert_eq!(frames.item_of("frames/a/b.png"), None);
        assert_eq!(
            film.maker_of("film.mp4").map(|(s, _)| s.name.as_str()),
            Some("film")
        );
    }

    #[test]
    fn a_project_changes_one_key_and_adds_a_stage() {
        let changes: Table = r#"
            frames = { with = { paper = "grey" } }
            [posters]
            each = "scene"
            reads = ["frames/*.png"]
            writes = "posters/{scene}.png"
            by = "panel"
        "#
        .parse()
        .expect("TOML");
        let pipeline = Pipeline::new(&changes).expect("well formed");
        let frames = pipeline.stage("frames").expect("frames");
        assert_eq!(frames.by, "panel");
        assert_eq!(frames.with["paper"], "grey");
        let names: Vec<_> = pipeline.stages().iter().map(|s| s.name.as_str()).collect();
        let at = |name: &str| names.iter().position(|n| *n == name).expect(name);
        assert!(at("frames") < at("posters"));
    }

    #[test]
    fn a_stage_that_cannot_work_is_named() {
        let broken = |text: &str| {
            Pipeline::new(&text.parse().expect("TOML"))
                .expect_err("refused")
                .to_string()
        };
        assert!(broken("frames = 3").contains("[stage.frames]"));
        assert!(broken("frames = { writes = \"frames/x.png\" }").contains("{shot}"));
        assert!(
            broken("frames = { writes = \"../{shot}.png\" }")
                .contains("is not a path inside the project")
        );
        assert!(broken("x = { by = \"panel\" }").contains("writes"));
        assert!(
            broken("scenes = { reads = [\"film.mp4\"] }").contains("depends on its own output")
        );
    }
}
