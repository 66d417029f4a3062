//! One path of a change, joined with what the current timeline holds there.

use super::Result;
use super::conflicts::side_of;
use super::data::join_data;
use super::reopened::join_reopened;
use crate::film::versions::{self, ScriptPlace, UnitKind, merge_scripts, open_marks};
use crate::history::{FileEntry, Project, TreeChange};
use crate::merge::{
    Choice, LIMIT_BYTES, MergedFile, Merger, Unsettled, Versions, join_toml, merge_file, pick,
    settle_toml,
};
use crate::object::{Conflict, FileId, Generation, Place, RepoPath};
use crate::workflow::comparison::SCRIPT_EXTENSIONS;
use crate::worktree::Content;

/// The kinds of file that have identities of their own.
pub(super) const MERGERS: &[Merger] = &[
    Merger {
        extensions: SCRIPT_EXTENSIONS,
        join: join_scripts,
        settle: settle_script,
    },
    Merger {
        extensions: &["toml"],
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
    let base = FileEntry {
        id: their_run,
        size: project.store().file_size(their_run)?,
        ..theirs
    };
    join_all(project, path, base, ours, theirs).map(Some)
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
