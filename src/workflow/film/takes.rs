//! The takes of an output: its generations, and what people put in their place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::plan::Planned;
use super::session::Session;
use super::{FilmError, suggest_output};
use crate::history::{Version, log, versions};
use crate::object::{CommitId, EntryId, FileId, GenerationId, RepoPath};
use crate::pipeline::{Item, Records};

/// Of so many commits of one second it is looked at what they brought in.
const MOST_IN_A_SECOND: usize = 64;

/// One take of an output.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Take {
    /// The output.
    pub path: RepoPath,
    /// Counted from 1, oldest first. It stays when others are let go of, so numbers may be left out.
    pub take: usize,
    /// Whether it is the one in the work tree.
    pub selected: bool,
    /// Whether people made it, or changed what was generated.
    pub by_hand: bool,
    /// The run; none for what people made.
    pub generation: Option<GenerationId>,
    /// What it made.
    pub id: FileId,
    /// Bytes.
    pub size: u64,
    /// The generator and its version; `by hand` for what people made.
    pub generator: String,
    /// The seed, if the generator took one.
    pub seed: Option<u64>,
    /// Millionths of a US dollar.
    pub cost_micro_usd: u64,
    /// Milliseconds since 1970: when the run ended, or when people's own was first committed; none
    /// before that.
    pub finished_ms: Option<i64>,
    /// Whether it was made from what is current now.
    pub current_inputs: bool,
    /// The first take with the same bytes, if that is another.
    pub same_as: Option<usize>,
    /// The generation that people changed, or its own. A remembered take has none: it only counts while
    /// takes are numbered.
    #[serde(skip)]
    pub(super) made_by: Option<GenerationId>,
    /// Where it stands among the takes of its file.
    #[serde(skip)]
    age: Age,
}

/// When a take came to be. It follows from what is stored and never changes, so that a later take does
/// not move an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Age {
    /// Milliseconds since 1970, and the order among what came to be then: what people committed at the
    /// beginning of a second, what generators made, and what people committed after that.
    At(i64, u8),
    /// In no commit yet.
    #[default]
    Now,
}

/// Every take of each of these outputs, oldest first.
///
/// # Errors
/// `UnknownOutput` for one that no stage makes; a damaged record.
pub(super) fn takes(
    session: &Session,
    planned: &Planned,
    paths: &[RepoPath],
) -> Result<Vec<Vec<Take>>, FilmError> {
    let items: HashMap<&RepoPath, &Item> = planned.items.iter().map(|i| (&i.path, i)).collect();
    let wanted = paths.iter().map(|path| (items.get(path).copied(), path));
    let found = all(session, wanted)?;
    for (path, takes) in paths.iter().zip(&found) {
        if !items.contains_key(path) && takes.iter().all(|take| take.by_hand) {
            return Err(suggest_output(planned, path.as_str()));
        }
    }
    Ok(found)
}

/// Every take of what lies at each of these paths, oldest first.
///
/// # Errors
/// A damaged record.
pub(super) fn all<'i>(
    session: &Session,
    wanted: impl IntoIterator<Item = (Option<&'i Item>, &'i RepoPath)>,
) -> Result<Vec<Vec<Take>>, FilmError> {
    let wanted: Vec<_> = wanted.into_iter().collect();
    let committed = committed(session, wanted.iter().map(|(_, path)| *path).collect())?;
    let takes_of = |(item, path): &(Option<&Item>, &RepoPath)| {
        let mut takes = generated(session, *item, path)?;
        let committed = committed.get(*path).map_or(&[][..], Vec::as_slice);
        takes.extend(by_hand(session, *item, path, &takes, committed)?);
        number(&mut takes, &session.records.numbers_gone(path));
        if let Some(at) = selected(session, path, &takes) {
            takes[at].selected = true;
        }
        Ok(takes)
    };
    wanted.iter().map(takes_of).collect()
}

/// What was committed at these paths, on whatever timeline, the newest first.
fn committed(
    session: &Session,
    paths: BTreeSet<&RepoPath>,
) -> Result<HashMap<RepoPath, Vec<Version>>, FilmError> {
    let view = session.project.view()?.1;
    let refs = view.refs(session.project.store())?.into_values();
    let heads: BTreeSet<CommitId> = refs.chain(view.head_commit()).collect();
    let heads: Vec<CommitId> = heads.into_iter().collect();
    let mut found: HashMap<RepoPath, Vec<Version>> = HashMap::new();
    for version in versions(session.project.store(), &heads, &paths)? {
        let of_path = found.entry(version.path.clone()).or_default();
        of_path.push(version);
    }
    Ok(found)
}

/// The takes of an output that generators made.
fn generated(
    session: &Session,
    item: Option<&Item>,
    path: &RepoPath,
) -> Result<Vec<Take>, FilmError> {
    let generations = session.records.generations_of(path);
    let mut takes = Vec::new();
    for id in generations? {
        let past = session.records.generation(&id)?;
        let Some(output) = past.generation.outputs.iter().find(|o| o.path == *path) else {
            continue;
        };
        takes.push(Take {
            path: path.clone(),
            take: 0,
            selected: false,
            by_hand: false,
            generation: Some(id),
            id: output.id,
            size: output.size,
            generator: format!("{} {}", past.action.generator, past.action.version),
            seed: past.generation.seed,
            cost_micro_usd: past.generation.cost_micro_usd,
            finished_ms: Some(past.generation.finished_ms),
            current_inputs: has_current_inputs(session, item, Some(id)),
            same_as: None,
            made_by: Some(id),
            age: Age::At(past.generation.finished_ms, 1),
        });
    }
    Ok(takes)
}

/// Whether the inputs of a generation are those of now; what was never generated has none.
fn has_current_inputs(
    session: &Session,
    item: Option<&Item>,
    made_by: Option<GenerationId>,
) -> bool {
    let now = item.and_then(|item| item.action.as_ref());
    let Some(made_by) = made_by else { return true };
    let past = session.records.generation(&made_by).ok();
    now.zip(past)
        .is_some_and(|(now, past)| now.reads == past.action.reads)
}

/// What lies, or lay on some timeline, at the path and came from no generator.
fn by_hand(
    session: &Session,
    item: Option<&Item>,
    path: &RepoPath,
    generated: &[Take],
    committed: &[Version],
) -> Result<Vec<Take>, FilmError> {
    let known: BTreeSet<FileId> = generated.iter().map(|take| take.id).collect();
    let take = |id, size, made_by, finished_ms, age| Take {
        path: path.clone(),
        take: 0,
        selected: false,
        by_hand: true,
        generation: None,
        id,
        size,
        generator: "by hand".to_owned(),
        seed: None,
        cost_micro_usd: 0,
        finished_ms,
        current_inputs: has_current_inputs(session, item, made_by),
        same_as: None,
        made_by,
        age,
    };
    let mut found: BTreeMap<FileId, Take> = BTreeMap::new();
    // The newest first, so that the oldest stays.
    for version in committed {
        let entry = &version.entry;
        if let EntryId::File(id) = entry.id
            && !known.contains(&id)
        {
            let age = age_of(session, version, generated)?;
            let time = version.time.unix_seconds.saturating_mul(1000);
            found.insert(id, take(id, entry.size, entry.made_by, Some(time), age));
        }
    }
    if let Some((id, size, made_by)) = session.present_at(path)
        && !known.contains(&id)
    {
        found
            .entry(id)
            .or_insert_with(|| take(id, size, made_by, None, Age::Now));
    }
    Ok(found.into_values().collect())
}

/// How old people's own take is that a commit brought in. A commit tells the second alone; of what was
/// generated in it, that came before which the commit or one below it knows.
fn age_of(session: &Session, of: &Version, generated: &[Take]) -> Result<Age, FilmError> {
    let second = of.time.unix_seconds;
    let begun = second.saturating_mul(1000);
    let in_second = |take: &&Take| {
        let made = take.finished_ms.map(|made| made.div_euclid(1000));
        made == Some(second)
    };
    if !generated.iter().any(|take| in_second(&take)) {
        return Ok(Age::At(begun, 0));
    }
    let store = session.project.store();
    let mut before = BTreeSet::new();
    for below in log(store, &[of.commit], &[], MOST_IN_A_SECOND)? {
        if below.commit.time.unix_seconds < second {
            break;
        }
        before.extend(below.commit.generations);
    }
    let made = generated.iter().filter(in_second);
    let made = made.filter(|take| take.generation.is_some_and(|id| before.contains(&id)));
    let last = made.filter_map(|take| take.finished_ms).max();
    Ok(last.map_or(Age::At(begun, 0), |last| Age::At(last, 2)))
}

/// Numbers takes by age, and says which are equal. What is in no commit yet is the youngest. `gone` are
/// the numbers of those that were let go of, by their runs: nobody else bears them.
fn number(takes: &mut [Take], gone: &BTreeMap<GenerationId, usize>) {
    takes.sort_by_key(|take| (take.age, take.generation, take.id));
    let taken: BTreeSet<usize> = gone.values().copied().collect();
    let mut free = (1..).filter(|number| !taken.contains(number));
    let mut first: BTreeMap<FileId, usize> = BTreeMap::new();
    for take in takes.iter_mut() {
        let own = take.generation.and_then(|id| gone.get(&id).copied());
        take.take = own
            .or_else(|| free.next())
            .expect("there is always another number");
        let same = *first.entry(take.id).or_insert(take.take);
        take.same_as = (same != take.take).then_some(same);
    }
}

/// Which take lies in the work tree: of equal ones that of the generation it came from.
fn selected(session: &Session, path: &RepoPath, takes: &[Take]) -> Option<usize> {
    let (id, _, made_by) = session.present_at(path)?;
    let equal = |at: &usize| takes[*at].id == id;
    let own = |at: &usize| takes[*at].made_by == made_by;
    let places = || (0..takes.len()).filter(equal);
    places().find(own).or_else(|| places().next())
}
