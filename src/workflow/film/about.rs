//! Questions about outputs that are named as people name them: `2-11`, `cuts scene 2`, a path.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::answers::Question;
use super::named::{FilmNames, Targets, UnknownName};
use super::plan::Planned;
use super::session::Session;
use super::shots::LockedShot;
use super::takes::{self, Take};
use super::{FilmError, query, suggest_output};
use crate::film::ids::scene_of_shot;
use crate::generate::Target;
use crate::object::RepoPath;
use crate::pipeline::{Cause, Item, Options, Reason, Records as _, State};

/// Why an output has its state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Why {
    /// The last output, of those named, that needs work: what it waits for is part of its cause.
    #[serde(flatten)]
    pub cause: Cause,
    /// What else of those named needs work, for causes of its own.
    pub others: Vec<RepoPath>,
    /// The locked shots that it holds, or that it is made for.
    pub locked: Vec<LockedShot>,
    /// What is to be said of its scene for them: that it has another length.
    pub remark: Option<String>,
}

/// Fewest digits of an id that are taken for one.
const MIN_DIGITS: usize = 4;

impl Session<'_> {
    /// Why what is named has its state; nothing named is the whole film.
    ///
    /// # Errors
    /// `UnknownName` when no stage makes it.
    pub fn why(&self, targets: &Targets) -> Result<Why, FilmError> {
        self.answer(&Question::about("why", targets), |planned| {
            self.why_of(planned, targets)
        })
    }

    fn why_of(&self, planned: &Planned, targets: &Targets) -> Result<Why, FilmError> {
        let named = self.outputs(planned, targets)?;
        let work: Vec<&Item> = named
            .iter()
            .copied()
            .filter(|item| item.state.needs_work())
            .collect();
        // Of several outputs that are named, some are not even known while a file is broken.
        let broken: Vec<&Item> = planned
            .items
            .iter()
            .filter(|item| named.len() != 1 && item.state == State::Broken)
            .collect();
        let pool = match (work.is_empty(), broken.is_empty()) {
            (false, _) => &work,
            (true, false) => &broken,
            (true, true) => &named,
        };
        let item = self
            .furthest(pool)
            .ok_or_else(|| suggest_output(planned, &targets.text()))?;
        let cause = query::why(self, planned, item.path.as_str())?;
        let mut told = BTreeSet::new();
        paths_of(&cause, &mut told);
        let others: BTreeSet<&RepoPath> = broken.iter().map(|item| &item.path).collect();
        let work = work.iter().map(|item| &item.path);
        let work = work.filter(|path| !others.contains(path));
        let others = broken.iter().map(|item| &item.path).chain(work).cloned();
        let others = others
            .filter(|path| !told.contains(path.as_str()))
            .collect();
        let (locked, remark) = self.held(planned, item);
        Ok(Why {
            cause,
            others,
            locked,
            remark,
        })
    }

    /// Every take of the outputs that are named, by output, oldest first.
    ///
    /// # Errors
    /// `UnknownName` when no stage makes them.
    pub fn takes(&self, targets: &Targets) -> Result<Vec<Take>, FilmError> {
        self.answer(&Question::about("takes", targets), |planned| {
            let paths = self.paths(planned, targets)?;
            Ok(takes::takes(self, planned, &paths)?.concat())
        })
    }

    /// The take that is named, of one of these outputs.
    ///
    /// # Errors
    /// As [`which_take`](Self::which_take).
    pub fn take_named(&self, targets: &Targets, take: &str) -> Result<Take, FilmError> {
        let (path, number) = self.which_take(targets, take)?;
        let mut found = self.takes(targets)?.into_iter();
        let take = found.find(|found| found.path == path && found.take == number);
        take.ok_or_else(|| FilmError::UnknownTake {
            path: path.to_string(),
            take: number,
            takes: Vec::new(),
        })
    }

    /// The take of one output that is meant by `take`: its number there, or the beginning of the id
    /// of its content or of its run.
    ///
    /// # Errors
    /// `UnknownTake`; `UnknownName` when several outputs have such a take, or none has.
    pub fn which_take(
        &self,
        targets: &Targets,
        take: &str,
    ) -> Result<(RepoPath, usize), FilmError> {
        let planned = self.plan(Options::default())?;
        let paths = self.paths(&planned, targets)?;
        let mut found = Vec::new();
        let mut several = Vec::new();
        let all = takes::takes(self, &planned, &paths)?;
        for (path, takes) in paths.iter().zip(all) {
            // Where one can choose at all, one of several outputs is meant.
            if takes.len() < 2 && paths.len() > 1 {
                continue;
            }
            several.push((path, takes.iter().map(|take| take.take).collect::<Vec<_>>()));
            found.extend(take_of(&takes, take).map(|number| (path.clone(), number)));
        }
        match (found.as_slice(), several.as_slice()) {
            ([one], _) => Ok(one.clone()),
            ([], [(path, takes)]) => {
                let (path, takes) = (path.to_string(), takes.clone());
                Err(match take.parse() {
                    Ok(take) => FilmError::UnknownTake { path, take, takes },
                    Err(_) => UnknownName::of(
                        format!("{take} is not a take of {path}"),
                        [format!("aiut takes {path}   lists them")],
                    )
                    .into(),
                })
            }
            ([], _) => {
                let message = format!("nothing of {} has a take {take} to choose", targets.text());
                let hint = format!("aiut takes {}   lists them", targets.text());
                Err(UnknownName::of(message, [hint]).into())
            }
            (many, _) => {
                let message = format!(
                    "{} outputs of {} have a take {take}",
                    many.len(),
                    targets.text()
                );
                let hints = many
                    .iter()
                    .map(|(path, _)| format!("aiut pick {path} {take}"));
                Err(UnknownName::of(message, hints).into())
            }
        }
    }

    /// What a file is made from, and what is made from it.
    ///
    /// # Errors
    /// `UnknownOutput` when neither a file nor an output is there.
    pub fn dependencies(&self, targets: &Targets) -> Result<query::Dependencies, FilmError> {
        self.answer(&Question::about("dependencies", targets), |planned| {
            self.dependencies_of(planned, targets)
        })
    }

    fn dependencies_of(
        &self,
        planned: &Planned,
        targets: &Targets,
    ) -> Result<query::Dependencies, FilmError> {
        let names = FilmNames::of(&self.pipeline, planned);
        let is_file = |path: &RepoPath| planned.snapshot.slot(path.as_str()).is_some();
        let found = names.parse(targets, &is_file)?;
        if let [Target::Path(path)] = found.as_slice()
            && let Ok(path) = RepoPath::new(path)
            && is_file(&path)
        {
            return query::dependencies(self, planned, &path);
        }
        let named = items_of(planned, &found);
        let item = self
            .furthest(&named)
            .ok_or_else(|| suggest_output(planned, &targets.text()))?;
        query::dependencies(self, planned, &item.path)
    }

    /// The stage that made what lies at a path, and what it read for that; none for what people made.
    pub(super) fn made_at(&self, path: &RepoPath) -> Option<(String, Vec<String>)> {
        let made_by = self.tracked.get(path)?.made_by?;
        let past = self.records.generation(&made_by).ok()?;
        let reads = past.action.reads.keys().cloned().collect();
        Some((past.action.stage.clone(), reads))
    }

    /// The one shot that is named.
    ///
    /// # Errors
    /// `UnknownName` for anything else.
    pub(super) fn one_shot(
        &self,
        planned: &Planned,
        targets: &Targets,
    ) -> Result<String, FilmError> {
        let found = FilmNames::of(&self.pipeline, planned).parse(targets, &|_| false)?;
        match found.as_slice() {
            [Target::Item(shot)] if scene_of_shot(shot).is_some() => Ok(shot.clone()),
            _ => Err(UnknownName::of(
                format!("{} is not one shot", targets.text()),
                [
                    "write it as 12-3, the third shot of scene 12, or as its files: 012_003"
                        .to_owned(),
                ],
            )
            .into()),
        }
    }

    /// The one scene that is named, or that of the shot, as a file stem.
    ///
    /// # Errors
    /// `UnknownName` for anything else.
    pub(super) fn one_scene(
        &self,
        planned: &Planned,
        targets: &Targets,
    ) -> Result<String, FilmError> {
        let found = FilmNames::of(&self.pipeline, planned).parse(targets, &|_| false)?;
        let stem = match found.as_slice() {
            [Target::Scene(stem)] => Some(stem.as_str()),
            [Target::Item(shot)] => scene_of_shot(shot),
            _ => None,
        };
        stem.map(str::to_owned).ok_or_else(|| {
            let hint = "aiut scenes   lists them".to_owned();
            UnknownName::of(format!("{} is not one scene", targets.text()), [hint]).into()
        })
    }

    /// The outputs that are named; all of the film if nothing is.
    pub(super) fn outputs<'p>(
        &self,
        planned: &'p Planned,
        targets: &Targets,
    ) -> Result<Vec<&'p Item>, FilmError> {
        if targets.is_empty() {
            return Ok(planned.items.iter().collect());
        }
        let names = FilmNames::of(&self.pipeline, planned);
        Ok(items_of(planned, &names.parse(targets, &|_| false)?))
    }

    /// The outputs that are named, and a path that was once one.
    fn paths(&self, planned: &Planned, targets: &Targets) -> Result<Vec<RepoPath>, FilmError> {
        let names = FilmNames::of(&self.pipeline, planned);
        let was = |path: &RepoPath| {
            let runs = self.records.generations_of(path);
            runs.is_ok_and(|runs| !runs.is_empty())
        };
        let found = names.parse(targets, &was)?;
        let mut paths: Vec<RepoPath> = Vec::new();
        for target in &found {
            let before = paths.len();
            let items = planned.items.iter().filter(|item| target.names(item));
            paths.extend(items.map(|item| item.path.clone()));
            if let (true, Target::Path(path)) = (paths.len() == before, target) {
                paths.extend(RepoPath::new(path).ok());
            }
        }
        Ok(paths)
    }

    /// The output of the last stage: what the others are made for.
    pub(super) fn furthest<'i>(&self, items: &[&'i Item]) -> Option<&'i Item> {
        let stages = self.pipeline.stages();
        let place = |item: &Item| stages.iter().position(|stage| stage.name == item.stage);
        let last = items.iter().map(|item| place(item)).max()?;
        items.iter().copied().find(|item| place(item) == last)
    }
}

pub(super) fn items_of<'p>(planned: &'p Planned, targets: &[Target]) -> Vec<&'p Item> {
    let items = planned.items.iter();
    items
        .filter(|item| targets.iter().any(|target| target.names(item)))
        .collect()
}

fn paths_of<'c>(cause: &'c Cause, into: &mut BTreeSet<&'c str>) {
    into.insert(cause.path.as_str());
    for Reason { because, .. } in &cause.reasons {
        if let Some(because) = because {
            paths_of(because, into);
        }
    }
}

fn take_of(takes: &[Take], typed: &str) -> Option<usize> {
    if let Ok(number) = typed.parse::<usize>()
        && takes.iter().any(|take| take.take == number)
    {
        return Some(number);
    }
    let digits = typed.to_ascii_lowercase();
    let is_id = digits.len() >= MIN_DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let mut meant = takes.iter().filter(|take| {
        let begins = |id: String| id.starts_with(&digits);
        is_id
            && (begins(take.id.to_string())
                || take.generation.is_some_and(|run| begins(run.to_string())))
    });
    match (meant.next(), meant.next()) {
        (Some(one), None) => Some(one.take),
        _ => None,
    }
}
