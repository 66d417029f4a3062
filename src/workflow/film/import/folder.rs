//! A folder with a screenplay in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Incoming, Refusal, Script};
use crate::object::RepoPath;
use crate::workflow::settings::{PROJECT_FILE, ProjectConfig};

/// Largest file that a folder's import takes, in bytes: what belongs into a project by hand.
const MAX_FILE_BYTES: u64 = 4 << 30;
/// Most files of one import.
const MAX_FILES: usize = 100_000;

/// Endings of what may be a screenplay, the empty one for none.
const TEXTS: &[&str] = &["txt", "text", ""];
const MARKDOWN: &[&str] = &["md", "markdown"];
/// Endings of other programs' screenplays.
const OTHERS: &[&str] = &[
    "fdx", "fadein", "highland", "celtx", "pdf", "docx", "doc", "odt", "rtf",
];

/// What a folder holds.
pub(super) struct Gathered {
    /// Its one screenplay.
    pub(super) script: Script,
    /// The other files, by where they go.
    pub(super) files: BTreeMap<RepoPath, Incoming>,
    /// What is left out, with the reason.
    pub(super) skipped: Vec<(String, String)>,
}

/// The files of a folder by where they go: one screenplay at its top becomes the script, the rest
/// keep their places.
pub(super) fn gather(folder: &Path) -> Result<Gathered, Refusal> {
    let mut skipped = Vec::new();
    let mut files = list(folder, &mut skipped)?;
    let (path, script) = find_script(folder, &files)?;
    files.remove(&path);
    if let Some(settings) = files.iter().find(|(path, _)| path.as_str() == PROJECT_FILE) {
        ProjectConfig::load(settings.1).map_err(|error| error.to_string())?;
    }
    let files = files
        .into_iter()
        .map(|(path, file)| (path, Incoming::File(file)));
    Ok(Gathered {
        script,
        files: files.collect(),
        skipped,
    })
}

/// The one screenplay: a file that is called so, else one that is one.
fn find_script(
    folder: &Path,
    files: &BTreeMap<RepoPath, PathBuf>,
) -> Result<(RepoPath, Script), Refusal> {
    let at_top = || files.iter().filter(|(path, _)| path.parent().is_none());
    let ends = |path: &RepoPath, endings: &[&str]| {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        endings.contains(&ending.as_str())
    };
    let named: Vec<_> = at_top()
        .filter(|(path, _)| ends(path, &["fountain", "spmd"]))
        .collect();
    if let [(path, file)] = named.as_slice() {
        let script = Script::read(file).map_err(|refusal| Refusal {
            reason: format!("{path}: {}", refusal.reason),
            hint: refusal.hint,
        })?;
        return Ok(((*path).clone(), script));
    }
    let mut names: Vec<&RepoPath> = named.iter().map(|(path, _)| *path).collect();
    let mut found = None;
    let mut other = None;
    // What is written about a film may quote a scene of it, so such a file comes last.
    for endings in [TEXTS, MARKDOWN, OTHERS] {
        if !names.is_empty() {
            break;
        }
        for (path, file) in at_top().filter(|(path, _)| ends(path, endings)) {
            match Script::read(file) {
                Ok(script) => {
                    names.push(path);
                    found = Some((path.clone(), script));
                }
                Err(refusal) if endings == OTHERS => {
                    other.get_or_insert((path, refusal));
                }
                Err(_) => {}
            }
        }
    }
    match (names.as_slice(), found, other) {
        ([_], Some(found), _) => Ok(found),
        ([], _, Some((path, refusal))) => Err(Refusal {
            reason: format!(
                "there is no screenplay in it that can be read; {path}: {}",
                refusal.reason
            ),
            hint: refusal.hint,
        }),
        ([], ..) => Err(Refusal::new(
            "there is no screenplay in it",
            "put a .fountain or .txt at its top; other files need no import: copy them into the \
             project's folder, and `aiut commit` keeps them",
        )),
        (many, ..) => {
            let shown: Vec<&str> = many.iter().map(|path| path.as_str()).collect();
            let first = folder.join(many[0].as_str());
            Err(Refusal::new(
                format!(
                    "it holds several screenplays ({}); import one of them",
                    shown.join(", ")
                ),
                format!("aiut import {}", first.display()),
            ))
        }
    }
}

/// The regular files of a folder, hidden ones left out.
fn list(
    folder: &Path,
    skipped: &mut Vec<(String, String)>,
) -> Result<BTreeMap<RepoPath, PathBuf>, String> {
    let mut files = BTreeMap::new();
    let walk = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .sort_by_file_name(std::cmp::Ord::cmp)
        .build();
    for entry in walk {
        let entry = entry.map_err(|error| error.to_string())?;
        let relative = entry
            .path()
            .strip_prefix(folder)
            .map_err(|error| error.to_string())?;
        let name = relative.to_string_lossy().replace('\\', "/");
        let Some(kind) = entry.file_type().filter(|_| !name.is_empty()) else {
            continue;
        };
        if kind.is_dir() {
            continue;
        }
        if !kind.is_file() {
            skipped.push((name, "not a regular file".to_owned()));
            continue;
        }
        if entry
            .metadata()
            .is_ok_and(|about| about.len() > MAX_FILE_BYTES)
        {
            skipped.push((name, "larger than 4 GiB".to_owned()));
            continue;
        }
        let path = match RepoPath::new(name.as_str()) {
            Ok(path) => path,
            Err(error) => {
                skipped.push((name, error.reason.to_owned()));
                continue;
            }
        };
        files.insert(path, entry.into_path());
        if files.len() > MAX_FILES {
            return Err(format!("it holds more than {MAX_FILES} files"));
        }
    }
    Ok(files)
}
