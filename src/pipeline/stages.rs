//! The stages of a project: the film pipeline that ships with aiut, with the project's changes laid
//! over it, checked and put in order.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::{Table, Value};

use super::check::{check, check_apart, check_kinds, in_words};
use super::command::check_command_keys;
use super::makes::{Layout, Makes, Naming};
use super::order::{check_approvals, in_order, under};
use super::pattern::{overlap, wildcards};
use super::price::{Price, PriceUnit};
use super::stage::{Each, Stage};

/// The film pipeline, as `aiut stages` shows it.
pub const FILM: &str = include_str!("film.toml");

/// The key that gives a stage of the film another name.
const REPLACES: &str = "replaces";

/// The stages of a project, each after those whose outputs it reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    stages: Vec<Stage>,
    layout: Arc<Layout>,
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
        let tables = laid_over(overrides)?;
        let mut stages = Vec::new();
        for (name, mut table) in tables {
            check_kinds(&table)
                .and_then(|()| check_command_keys(&table))
                .map_err(|wrong| wrong.of(&name))?;
            let own = overrides.get(&name).and_then(Value::as_table);
            let own_makes = own.is_some_and(|own| own.contains_key("makes"));
            table.remove(REPLACES);
            let mut stage: Stage =
                table
                    .try_into()
                    .map_err(|error: toml::de::Error| PipelineError::Malformed {
                        stage: name.clone(),
                        key: None,
                        reason: in_words(error.message()),
                    })?;
            // What a project lets run over something else makes another kind of file.
            if !own_makes && stage.makes.is_some_and(|makes| makes.each() != stage.each) {
                stage.makes = None;
            }
            check(&name, &stage)?;
            if stage.title.is_empty() {
                stage.title.clone_from(&name);
            }
            stage.name = name;
            stages.push(stage);
        }
        check_apart(&stages, overrides)?;
        connect(&mut stages, overrides)?;
        let stages = in_order(stages)?;
        check_approvals(&stages)?;
        Ok(Self {
            layout: Arc::new(Layout::of_stages(&stages)),
            stages,
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

    /// A stage, and all that it stands on: the stages whose outputs it reads, and those that these read.
    #[must_use]
    pub fn under(&self, name: &str) -> BTreeSet<String> {
        under(&self.stages, name)
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

    /// Where the files of each kind lie.
    #[must_use]
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// Whether the stage of this name makes files of this kind.
    #[must_use]
    pub fn does(&self, stage: &str, makes: Makes) -> bool {
        self.stage(stage)
            .is_some_and(|stage| stage.makes == Some(makes))
    }

    /// The stage that makes `path`, and the item it makes it for.
    #[must_use]
    pub fn maker_of(&self, path: &str) -> Option<(&Stage, String)> {
        self.stages
            .iter()
            .find_map(|stage| Some((stage, stage.item_of(path)?)))
    }
}

/// The tables of the film's stages with a project's laid over them, in order.
fn laid_over(overrides: &Table) -> Result<Vec<(String, Table)>, PipelineError> {
    let film: Table = FILM
        .parse()
        .expect("the film pipeline is part of the binary");
    let Some(Value::Table(film)) = film.get("stage").cloned() else {
        unreachable!("the film pipeline has stages");
    };
    let tables = film.into_iter().map(|(name, table)| match table {
        Value::Table(table) => (name, table),
        _ => unreachable!("stages are tables"),
    });
    let mut tables: Vec<(String, Table)> = tables.collect();
    let place =
        |tables: &[(String, Table)], name: &str| tables.iter().position(|(known, _)| known == name);
    for (name, changes) in overrides {
        let malformed = |key, reason: String| PipelineError::Malformed {
            stage: name.clone(),
            key,
            reason,
        };
        let Value::Table(changes) = changes else {
            return Err(malformed(None, "expected a table".to_owned()));
        };
        let at = match changes.get(REPLACES) {
            None => place(&tables, name),
            Some(Value::String(old)) => {
                let refuse =
                    |reason: &str| Err(malformed(Some(REPLACES), format!("stage {old} {reason}")));
                match place(&tables, old) {
                    _ if overrides.contains_key(old) => {
                        return refuse("is changed here itself: a stage has one name");
                    }
                    _ if place(&tables, name).is_some() => {
                        return refuse("cannot take the name of another stage");
                    }
                    None => return refuse("is not one of the film's own"),
                    Some(at) => {
                        tables[at].0.clone_from(name);
                        Some(at)
                    }
                }
            }
            Some(_) => {
                return Err(malformed(
                    Some(REPLACES),
                    "expected the name of a stage".to_owned(),
                ));
            }
        };
        let at = at.unwrap_or_else(|| {
            tables.push((name.clone(), Table::new()));
            tables.len() - 1
        });
        let changes = changes.clone().into_iter();
        tables[at].1.extend(changes);
    }
    Ok(tables)
}

/// Finds what each stage runs over and reads among what the others write. What is wrong with two
/// stages is said of the one that the project's own settings name.
fn connect(stages: &mut [Stage], own: &Table) -> Result<(), PipelineError> {
    let malformed = |stage: &Stage, key, reason| PipelineError::Malformed {
        stage: stage.name.clone(),
        key: Some(key),
        reason,
    };
    let mut bible = BTreeSet::new();
    let own_last = |stage: &&Stage| own.contains_key(&stage.name);
    let (changed, shipped): (Vec<&Stage>, Vec<&Stage>) = stages.iter().partition(own_last);
    for stage in shipped.into_iter().chain(changed) {
        if let Some(makes) = stage.makes.filter(|makes| makes.is_of_bible())
            && !bible.insert(makes)
        {
            let reason = format!("another stage makes {:?} already", makes.word());
            return Err(malformed(stage, "makes", reason));
        }
    }
    let made: Vec<(Makes, String, Naming)> = stages
        .iter()
        .filter_map(|stage| Some((stage.makes?, stage.writes.clone(), stage.naming())))
        .collect();
    let lists: Vec<_> = made
        .iter()
        .filter(|(makes, ..)| *makes == Makes::ShotList)
        .collect();
    for stage in stages {
        for read in &stage.reads {
            let path = wildcards(read.split('#').next().unwrap_or(read));
            for (makes, writes, naming) in &made {
                if overlap(&path, &wildcards(writes)) {
                    let input = stage.inputs.entry(*makes);
                    input.or_insert_with(|| naming.clone());
                }
            }
        }
        if stage.each != Some(Each::Shot) {
            continue;
        }
        let mut from = lists.iter().filter(|(_, writes, _)| {
            let wanted = stage.from.as_ref();
            wanted.is_none_or(|from| from == writes)
        });
        stage.lists = from.next().map(|(.., naming)| naming.clone());
        let reason = match &stage.from {
            Some(from) if stage.lists.is_none() => {
                format!(
                    "no stage that makes {:?} writes {from}",
                    Makes::ShotList.word()
                )
            }
            None if from.next().is_some() => format!(
                "more than one stage makes {:?}: say which one's, as in from = {:?}",
                Makes::ShotList.word(),
                lists[0].1
            ),
            _ => continue,
        };
        return Err(malformed(stage, "from", reason));
    }
    Ok(())
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
    fn a_stage_waits_for_the_approval_of_what_it_stands_on_alone() {
        let told = |text: &str| {
            let own: Table = toml::from_str(text).unwrap();
            Pipeline::new(&own)
                .map(|_| ())
                .map_err(|error| error.to_string())
        };
        assert_eq!(
            told("[frames]\nneeds_approval = [\"prompts\", \"shots\"]\n"),
            Ok(())
        );
        for (name, reason) in [
            ("clips", "clips is made from what this stage makes"),
            ("frames", "frames is made from what this stage makes"),
            ("promts", "there is no stage \"promts\""),
        ] {
            let error = told(&format!("[frames]\nneeds_approval = [{name:?}]\n")).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
        let under = film().under("prompts");
        assert!(
            under.contains("shots") && under.contains("prompts"),
            "{under:?}"
        );
        assert!(!under.contains("frames"), "{under:?}");
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
        for (wrong, told) in [
            ("price = 5", "expected { per = \"image\""),
            ("price = { per = 1 }", "expected { per = \"image\""),
            ("with = 3", "expected a table of parameters"),
            ("reads = \"x\"", "expected a list of what it reads"),
            ("reads = [1]", "expected a list of what it reads"),
            ("writes = 1", "expected the file it makes"),
            ("keep = \"yes\"", "expected true or false"),
            ("each = 3", "expected scene, shot, character or location"),
            ("by = []", "expected the name of a generator"),
        ] {
            let said = broken(&format!("frames = {{ {wrong} }}"));
            assert!(said.contains(told) && !said.contains("struct"), "{said}");
        }
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
