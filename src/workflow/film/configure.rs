//! `aiut config`: a setting changed where it belongs, checked as a whole before it is written.

use std::collections::BTreeSet;

use serde::Serialize;

use super::FilmError;
use super::configuration::{check_generators, check_named, stages};
use crate::film::shots::Rules;
use crate::film::words::OwnHeadingWords;
use crate::generate::builtin;
use crate::history::{Caller, Project, Step, Steps, Survey, plan_changes};
use crate::object::{FileId, OperationId, RepoPath};
use crate::workflow::settings::{
    Change, Edit, Layer, Layers, Origin, PROJECT_FILE, ProjectConfig, Setting, SettingsError,
};
use crate::worktree::Content;

/// What became of a setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Configured {
    /// `film.fps`
    pub key: String,
    /// Whose setting it is.
    pub layer: Layer,
    /// The file it stands in.
    pub file: String,
    /// What it was; none if nothing.
    pub before: Option<toml::Value>,
    /// Where that came from.
    pub before_origin: Option<Origin>,
    /// What it is now; none if nothing.
    pub after: Option<toml::Value>,
    /// Where that comes from.
    pub after_origin: Option<Origin>,
    /// Whether the file changed.
    pub changed: bool,
    /// The operation that `undo` takes back; none for the user's own settings, or where there is no
    /// project yet.
    pub operation: Option<OperationId>,
}

/// Changes a setting. In a project it is an operation like any other: `undo` takes it back.
///
/// # Errors
/// `Settings` says what is wrong with the key, the value, or the settings as they would be; nothing
/// is written then.
pub fn configure(
    layers: &Layers,
    project: Option<(&Project, &Caller<'_>)>,
    key: &str,
    change: Change<'_>,
) -> Result<Configured, FilmError> {
    let mut edit = layers.edit(key, change)?;
    let project = project.filter(|(project, _)| {
        edit.layer == Layer::Project && edit.path == project.root().join(PROJECT_FILE)
    });
    if edit.layer == Layer::Project
        && let Err(error) = check(&edit, key, project.is_some())
    {
        // `version = 2` may be meant as the text "2".
        let as_text = match change {
            Change::Set(value) if edit.is_free => layers.edit(key, Change::SetText(value)).ok(),
            _ => None,
        };
        match as_text.filter(|edit| check(edit, key, project.is_some()).is_ok()) {
            Some(as_text) => edit = as_text,
            None => return Err(error),
        }
    }
    let operation = match project {
        _ if !edit.is_change() => None,
        Some((project, caller)) => publish(project, caller, &edit)?,
        None => {
            edit.write()?;
            None
        }
    };
    Ok(Configured::of(edit, operation))
}

impl Configured {
    fn of(edit: Edit, operation: Option<OperationId>) -> Self {
        let changed = edit.is_change();
        let Setting {
            key,
            value: before,
            origin: before_origin,
            ..
        } = edit.before;
        Self {
            key,
            layer: edit.layer,
            file: match edit.layer {
                Layer::Project => PROJECT_FILE.to_owned(),
                Layer::User => edit.path.display().to_string(),
            },
            before,
            before_origin,
            after: edit.after.value,
            after_origin: edit.after.origin,
            changed,
            operation,
        }
    }
}

/// Refuses settings that the commands which read them would refuse. What was wrong before and has
/// nothing to do with the change stays as it is. Where there is no project yet, stages may still
/// lack something.
fn check(edit: &Edit, key: &str, is_project: bool) -> Result<(), FilmError> {
    let wrong_with = |text: &str| whole(text, edit, is_project).err();
    let Some(error) = wrong_with(&edit.new) else {
        return Ok(());
    };
    let FilmError::Settings(SettingsError::Invalid {
        key: place,
        problem,
        hint,
        ..
    }) = error
    else {
        return Err(error);
    };
    let was_wrong = edit.old.as_deref().and_then(wrong_with).is_some_and(|old| {
        matches!(&old, FilmError::Settings(SettingsError::Invalid { key, problem: before, .. })
            if *key == place && *before == problem)
    });
    let concerns = place.starts_with(key) || key.starts_with(&place);
    if was_wrong && (!concerns || edit.after.value.is_none()) {
        return Ok(());
    }
    Err(SettingsError::BadValue {
        key: place,
        problem,
        hint,
    }
    .into())
}

fn whole(text: &str, edit: &Edit, is_project: bool) -> Result<(), FilmError> {
    let config = ProjectConfig::parse(text, &edit.path)?;
    let generators = builtin();
    check_named(&config, &generators)?;
    if is_project {
        check_generators(&config, &stages(&config)?, &generators)?;
    }
    if let Some(engine) = config.engine()
        && let Err(error) = Rules::with(engine)
    {
        return Err(config.invalid("engine", error.to_string(), None).into());
    }
    if let Some(headings) = config.headings()
        && let Err(error) = headings.clone().try_into::<OwnHeadingWords>()
    {
        return Err(config
            .invalid("headings", error.message().to_owned(), None)
            .into());
    }
    Ok(())
}

/// Writes the project's file as one operation.
fn publish(
    project: &Project,
    caller: &Caller<'_>,
    edit: &Edit,
) -> Result<Option<OperationId>, FilmError> {
    let transaction = project.transaction(caller)?;
    let path = RepoPath::new(PROJECT_FILE).expect("a safe name");
    let head = transaction.view.head_commit();
    let head = head
        .map(|id| project.store().get::<crate::object::Commit>(id))
        .transpose()?;
    let paths = BTreeSet::from([path.clone()]);
    let survey = Survey::of_paths(project, head.map(|commit| commit.tree), &paths)?;
    let now = survey.content(&path);
    let read = edit.old.as_deref().map(|text| FileId::of(text.as_bytes()));
    if now.is_none() && read.is_some() {
        // It is there and no file of the project, such as one that is ignored: nothing to undo.
        edit.write()?;
        return Ok(None);
    }
    let batch = project.store().batch();
    let stored = batch.put_file_bytes(edit.new.as_bytes())?;
    batch.commit()?;
    let to = Content {
        id: stored.id,
        size: stored.size,
        exec: now.is_some_and(|now| now.exec),
    };
    // What was read is what is replaced: what came since is told, and not lost.
    let from = now.filter(|now| Some(now.id) == read);
    let steps = Steps::from([(path, Step { from, to: Some(to) })]);
    let plan = plan_changes(&survey, &steps)?;
    if !plan.edited.is_empty() {
        return Err(FilmError::Uncommitted(PROJECT_FILE.to_owned()));
    }
    Ok(Some(transaction.publish(caller, plan.changes, None)?))
}
