//! One path of a change, joined with what the current timeline holds there.

use super::conflicts::side_of;
use super::data::join_data;
use super::reopened::join_reopened;
use super::{RepositoryError, Result};
use crate::film::versions::{
    self, ScriptPlace, UnitKind, merge_scripts, open_marks, script_adds_up, script_holds,
};
use crate::history::{FileEntry, Project, TreeChange};
use crate::merge::{
    Choice, LIMIT_BYTES, MergedFile, Merger, Unsettled, Versions, join_toml, merge_file, pick,
    settle, settle_toml, toml_holds,
};
use crate::object::{Conflict, FileId, Generation, Place, RepoPath};
use crate::workflow::comparison::SCRIPT_EXTENSIONS;
use crate::worktree::Content;

/// The kinds of file that have identities of their own.
pub(super) const MERGERS: &[Merger] = &[
    Merger {
        extensions: SCRIPT_EXTENSIONS,
        holds: script_holds,
        adds_up: script_adds_up,
        join: join_scripts,
        settle: settle_script,
    },
    Merger {
        extensions: &["toml"],
        holds: toml_holds,
        adds_up: toml_holds,
        join: join_toml,
        settle: settle_toml,
    },
];

/// Whether a path is that of a screenplay.
pub(in crate::workflow) fn is_script(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    SCRIPT_EXTENSIONS.contains(&extension)
}

/// Two versions of a file joined by what its name says it is.
pub(in crate::workflow) fn join_files(
    path: &str,
    base: &[u8],
    ours: &[u8],
    theirs: &[u8],
) -> MergedFile {
    merge_file(MERGERS, path, base, ours, theirs)
}

/// Screenplays, by scene, paragraph and sentence.
fn join_scripts(base: &str, ours: &str, theirs: &str) -> Option<MergedFile> {
    let merged = merge_scripts(base, ours, theirs)?;
    let place = |place: ScriptPlace| Place {
        element: Some(element(&place)),
        line: Some(place.line),
        scene: place.heading,
        mark: Some(place.number.into()),
        base: place.base,
        ours: place.ours,
        theirs: place.theirs,
        ..Place::default()
    };
    let places: Vec<_> = merged.places.into_iter().map(place).collect();
    Some(MergedFile {
        bytes: merged.text.into_bytes(),
        conflict: (!places.is_empty()).then_some(places),
    })
}

/// What collides, in a word or two.
fn element(place: &ScriptPlace) -> String {
    let sides = [&place.ours, &place.theirs, &place.base];
    let first = sides
        .into_iter()
        .flatten()
        .find_map(|text| text.lines().next());
    let cue = first.map_or("", str::trim);
    match place.kind {
        UnitKind::Title => "title page".to_owned(),
        // A heading collides with all that stands under it.
        UnitKind::Heading if first.is_some_and(|_| is_whole_scene(place)) => "scene".to_owned(),
        UnitKind::Heading => "heading".to_owned(),
        UnitKind::Action => "action".to_owned(),
        UnitKind::Speech => format!("speech of {cue}"),
        UnitKind::Lyric => "lyric".to_owned(),
        UnitKind::Transition => "transition".to_owned(),
        UnitKind::Outline => "outline".to_owned(),
        UnitKind::Note => "note".to_owned(),
    }
}

fn is_whole_scene(place: &ScriptPlace) -> bool {
    let paragraphs = |text: &String| text.trim().lines().any(|line| line.trim().is_empty());
    [&place.ours, &place.theirs]
        .into_iter()
        .flatten()
        .any(paragraphs)
}

fn settle_script(
    versions: Versions<'_>,
    place: &Place,
    choice: Choice,
) -> Result<String, Unsettled> {
    let choice = match choice {
        Choice::Ours => versions::Choice::Ours,
        Choice::Theirs => versions::Choice::Theirs,
        Choice::Both => versions::Choice::Both,
    };
    let number = place
        .mark
        .and_then(|mark| u32::try_from(mark).ok())
        .ok_or(Unsettled::Edited)?;
    let settled = versions::settle(versions.stands, number, choice);
    settled.ok_or_else(|| match open_marks(versions.stands).contains(&number) {
        true => Unsettled::Half,
        false => Unsettled::Edited,
    })
}

/// What a path is to hold.
pub(super) enum Joined {
    /// This file, or none.
    Whole(Option<FileEntry>),
    /// This file, of which the other side has another take.
    Take(FileEntry),
    /// This file, and what it stands for.
    Collides(FileEntry, Box<Conflict>),
    /// There is no answer that could be kept, for this reason.
    Refused(String),
}

/// Joins a change with `ours`. Files that aiut keeps itself stay as they are.
///
/// # Errors
/// What the store says.
pub(super) fn join(
    project: &Project,
    change: &TreeChange,
    ours: Option<&FileEntry>,
    is_own: bool,
) -> Result<Joined> {
    let ours = ours.copied();
    let (base, theirs) = (change.before, change.after);
    if ours == base || ours == theirs {
        return Ok(Joined::Whole(theirs));
    }
    if is_own {
        return Ok(Joined::Whole(ours));
    }
    if content(ours) == content(theirs) && (base.is_none() || ours.is_none() || theirs.is_none()) {
        // The bytes are what they should be; whatever else is said of them here stays.
        return Ok(Joined::Whole(ours));
    }
    if let Some(joined) = join_data(project, change.path.as_str(), [base, ours, theirs])? {
        return Ok(Joined::Whole(Some(joined)));
    }
    if let Some(entry) = ours
        && let Some(id) = entry.conflict
    {
        let conflict = project.store().get::<Conflict>(id)?;
        let joined = join_reopened(project, change, &entry, &conflict)?;
        return Ok(joined.unwrap_or_else(in_conflict_already));
    }
    if theirs.is_some_and(|entry| entry.conflict.is_some()) {
        return Ok(in_conflict_already());
    }
    join_sides(project, &change.path, base, ours, theirs)
}

fn in_conflict_already() -> Joined {
    let reason = "it is in conflict already; `aiut resolve` settles that";
    Joined::Refused(reason.to_owned())
}

/// Joins two versions of a file, neither of them in conflict, that differ.
///
/// # Errors
/// What the store says.
pub(super) fn join_sides(
    project: &Project,
    path: &RepoPath,
    base: Option<FileEntry>,
    ours: Option<FileEntry>,
    theirs: Option<FileEntry>,
) -> Result<Joined> {
    if ours == base || ours == theirs {
        return Ok(Joined::Whole(theirs));
    }
    if theirs == base {
        return Ok(Joined::Whole(ours));
    }
    let made_anew = |side: Option<FileEntry>| {
        let run = side.and_then(|side| side.made_by);
        run.is_some() && run != base.and_then(|base| base.made_by)
    };
    match (base, ours, theirs) {
        (_, Some(our), Some(their))
            if made_anew(ours) && made_anew(theirs) && our.made_by != their.made_by =>
        {
            match join_made(project, path, our, their)? {
                Some(joined) => Ok(joined),
                None => Ok(collides(base, ours, theirs, Vec::new(), None)),
            }
        }
        (Some(base), Some(ours), Some(theirs)) => join_all(project, path, base, ours, theirs),
        (None, Some(our), Some(their)) => join_new(project, path, our, their),
        // Only its origin differs from what is to go.
        (Some(_), Some(_), None) if content(base) == content(ours) => Ok(Joined::Whole(None)),
        // A run made it anew where the other side has no use for it any more: what nothing calls for the
        // next run takes away, and what something does it would only make again.
        (Some(_), Some(one), None) | (Some(_), None, Some(one))
            if made_anew(Some(one)) && as_made(project, path, &one) == Some(one.id) =>
        {
            Ok(Joined::Whole(Some(one)))
        }
        _ => Ok(collides(base, ours, theirs, Vec::new(), None)),
    }
}

/// What the run that made a file wrote there; none where that is not known.
fn as_made(project: &Project, path: &RepoPath, side: &FileEntry) -> Option<FileId> {
    // Where the record is not there, people decide.
    let run = project.store().get::<Generation>(side.made_by?).ok()?;
    let mut outputs = run.outputs.iter();
    Some(outputs.find(|output| output.path == *path)?.id)
}

/// A file that runs made anew on both sides. What was edited by hand since is kept of both; where nothing
/// was, both are takes, and ours is used. None where it is not known what the runs wrote.
fn join_made(
    project: &Project,
    path: &RepoPath,
    ours: FileEntry,
    theirs: FileEntry,
) -> Result<Option<Joined>> {
    let (our_run, their_run) = (
        as_made(project, path, &ours),
        as_made(project, path, &theirs),
    );
    let (Some(our_run), Some(their_run)) = (our_run, their_run) else {
        return Ok(None);
    };
    if their_run == theirs.id {
        return Ok(Some(Joined::Take(ours)));
    }
    if our_run == ours.id {
        return Ok(Some(Joined::Take(theirs)));
    }
    let as_run = |id, side: FileEntry| {
        let size = project.store().file_size(id)?;
        Ok::<_, RepositoryError>(FileEntry { id, size, ..side })
    };
    let (our_run, their_run) = (as_run(our_run, ours)?, as_run(their_run, theirs)?);
    if let Some(by_hand) = their_hand(project, path, [&our_run, &their_run, &theirs])? {
        let stored = project.store().put_file_bytes(by_hand.as_bytes())?;
        let over_ours = FileEntry {
            id: stored.id,
            size: stored.size,
            exec: theirs.exec,
            ..ours
        };
        return Ok(Some(
            match join_all(project, path, our_run, ours, over_ours)? {
                Joined::Collides(stands, conflict) => {
                    let (base, theirs) = (Some(side_of(&their_run)), Some(side_of(&theirs)));
                    let conflict = Conflict {
                        base,
                        theirs,
                        ..*conflict
                    };
                    Joined::Collides(stands, Box::new(conflict))
                }
                joined => joined,
            },
        ));
    }
    join_all(project, path, their_run, ours, theirs).map(Some)
}

/// What was edited by hand in their version, put over what our run made: where the two runs came to
/// different fields, that is nobody's word, and gives way to a hand. None of a file without fields, and
/// where they edited what our run has no place for.
fn their_hand(
    project: &Project,
    path: &RepoPath,
    sides: [&FileEntry; 3],
) -> Result<Option<String>> {
    let is_small = sides.iter().all(|side| side.size <= LIMIT_BYTES);
    if !is_small || path.extension() != Some("json") {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for side in sides {
        let bytes = project.store().read_file(side.id, LIMIT_BYTES)?;
        let Ok(text) = String::from_utf8(bytes) else {
            return Ok(None);
        };
        texts.push(text);
    }
    let [our_run, their_run, theirs] = [&texts[0], &texts[1], &texts[2]];
    let Ok(fields) = serde_json::from_str::<serde_json::Value>(our_run) else {
        return Ok(None);
    };
    let [base, ours, edited] = [their_run, our_run, theirs].map(|text| text.as_bytes());
    let merged = merge_file(MERGERS, path.as_str(), base, ours, edited);
    let Ok(mut text) = String::from_utf8(merged.bytes) else {
        return Ok(None);
    };
    let places = merged.conflict.unwrap_or_default();
    if places.iter().any(|place| !is_field(place, &fields)) {
        return Ok(None);
    }
    for place in places.iter().rev() {
        let versions = Versions {
            stands: &text,
            ours: our_run,
            theirs,
        };
        match settle(MERGERS, path.as_str(), versions, place, Choice::Theirs) {
            Ok(settled) => text = settled,
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(text))
}

/// Whether a place is a field, and not a whole entry of a list, which one side may lack.
fn is_field(place: &Place, fields: &serde_json::Value) -> bool {
    let pointer = place.pointer.as_deref().filter(|_| !place.order);
    let Some(mut names) = pointer.map(|pointer| pointer.split('/').skip(1)) else {
        return false;
    };
    match (names.next(), names.count()) {
        (None, _) => false,
        (Some(_), 0) => true,
        (Some(list), 1) => !fields[list].is_array(),
        (Some(_), _) => true,
    }
}

/// A file that both sides have and nothing older had: by field where it has fields.
fn join_new(
    project: &Project,
    path: &RepoPath,
    ours: FileEntry,
    theirs: FileEntry,
) -> Result<Joined> {
    let extension = path
        .as_str()
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension);
    let empty: &[u8] = match extension {
        "json" => b"{}",
        "toml" => b"",
        _ => return Ok(collides(None, Some(ours), Some(theirs), Vec::new(), None)),
    };
    let stored = project.store().put_file_bytes(empty)?;
    let nothing = FileEntry::plain(Content {
        id: stored.id,
        size: stored.size,
        exec: ours.exec && theirs.exec,
    });
    Ok(match join_all(project, path, nothing, ours, theirs)? {
        Joined::Collides(stands, conflict) => {
            let base = None;
            Joined::Collides(stands, Box::new(Conflict { base, ..*conflict }))
        }
        joined => joined,
    })
}

pub(super) fn content(side: Option<FileEntry>) -> Option<Content> {
    side.map(|entry| entry.content())
}

/// A file that a side has under another name, or not at all: both sides kept.
pub(super) fn collision(
    base: Option<FileEntry>,
    ours: Option<FileEntry>,
    theirs: Option<FileEntry>,
) -> Joined {
    collides(base, ours, theirs, Vec::new(), None)
}

/// Both sides kept, and of them what stands for both: the joined file, else ours, else theirs.
fn collides(
    base: Option<FileEntry>,
    ours: Option<FileEntry>,
    theirs: Option<FileEntry>,
    places: Vec<Place>,
    stands: Option<FileEntry>,
) -> Joined {
    let conflict = Conflict {
        base: base.as_ref().map(side_of),
        ours: ours.as_ref().map(side_of),
        theirs: theirs.as_ref().map(side_of),
        places,
    };
    match stands.or(ours).or(theirs) {
        Some(entry) => Joined::Collides(entry, Box::new(conflict)),
        None => Joined::Whole(None),
    }
}

/// A file that all three versions have.
fn join_all(
    project: &Project,
    path: &RepoPath,
    base: FileEntry,
    ours: FileEntry,
    theirs: FileEntry,
) -> Result<Joined> {
    let both_kept = |places, stands| collides(Some(base), Some(ours), Some(theirs), places, stands);
    let made_by = pick(base.made_by, ours.made_by, theirs.made_by);
    // What was decided holds for the inputs that were looked at, and says so itself.
    let accepted = pick(base.accepted, ours.accepted, theirs.accepted).unwrap_or(ours.accepted);
    let Some(made_by) = made_by else {
        return Ok(both_kept(Vec::new(), None));
    };
    let exec = pick(base.exec, ours.exec, theirs.exec).unwrap_or(ours.exec);
    let entry = |id, size| FileEntry {
        made_by,
        accepted,
        ..FileEntry::plain(Content { id, size, exec })
    };
    if let Some((id, size)) = pick(
        (base.id, base.size),
        (ours.id, ours.size),
        (theirs.id, theirs.size),
    ) {
        return Ok(Joined::Whole(Some(entry(id, size))));
    }
    if [base, ours, theirs]
        .iter()
        .any(|side| side.size > LIMIT_BYTES)
    {
        return Ok(both_kept(Vec::new(), None));
    }
    let store = project.store();
    let read = |side: &FileEntry| store.read_file(side.id, LIMIT_BYTES);
    let texts = (read(&base)?, read(&ours)?, read(&theirs)?);
    let MergedFile { bytes, conflict } =
        merge_file(MERGERS, path.as_str(), &texts.0, &texts.1, &texts.2);
    let stored = store.put_file_bytes(&bytes)?;
    let stands = entry(stored.id, stored.size);
    Ok(match conflict {
        None => Joined::Whole(Some(stands)),
        // Chosen whole it comes with the origin of the side that is chosen.
        Some(places) if places.is_empty() => both_kept(places, None),
        Some(places) => both_kept(places, Some(stands)),
    })
}
