//! One path of a change, joined with what the current timeline holds there.

use super::Result;
use super::conflicts::side_of;
use crate::film::versions::{self, ScriptPlace, UnitKind, merge_scripts, open_marks};
use crate::history::{FileEntry, Project, TreeChange};
use crate::merge::{
    Choice, LIMIT_BYTES, MergedFile, Merger, Unsettled, Versions, join_toml, merge_file, pick,
    settle_toml,
};
use crate::object::{Conflict, Place};
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
    let open = |side: Option<FileEntry>| side.is_some_and(|entry| entry.conflict.is_some());
    if open(ours) || open(theirs) {
        let reason = "it is in conflict already; `aiut resolve` settles that";
        return Ok(Joined::Refused(reason.to_owned()));
    }
    match (base, ours, theirs) {
        (Some(base), Some(ours), Some(theirs)) => join_all(project, change, base, ours, theirs),
        // Only its origin differs from what is to go.
        (Some(_), Some(_), None) if content(base) == content(ours) => Ok(Joined::Whole(None)),
        _ => Ok(collides(base, ours, theirs, Vec::new(), None)),
    }
}

fn content(side: Option<FileEntry>) -> Option<Content> {
    side.map(|entry| entry.content())
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
    change: &TreeChange,
    base: FileEntry,
    ours: FileEntry,
    theirs: FileEntry,
) -> Result<Joined> {
    let both_kept = |places, stands| collides(Some(base), Some(ours), Some(theirs), places, stands);
    let made_by = pick(base.made_by, ours.made_by, theirs.made_by);
    let accepted = pick(base.accepted, ours.accepted, theirs.accepted);
    let (Some(made_by), Some(accepted)) = (made_by, accepted) else {
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
        merge_file(MERGERS, change.path.as_str(), &texts.0, &texts.1, &texts.2);
    let stored = store.put_file_bytes(&bytes)?;
    let stands = entry(stored.id, stored.size);
    Ok(match conflict {
        None => Joined::Whole(Some(stands)),
        // Chosen whole it comes with the origin of the side that is chosen.
        Some(places) if places.is_empty() => both_kept(places, None),
        Some(places) => both_kept(places, Some(stands)),
    })
}
