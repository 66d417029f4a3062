//! `aiut fsck --repair`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Serialize;

use super::{Examined, FsckFinding, FsckRequest, Result, Sources};
use crate::base::lock::Holder;
use crate::history::Broken;
use crate::object::{FileId, RepoPath};
use crate::store::{self, Store};
use crate::workflow::progress::{Progress, Unit};
use crate::worktree::{AIUT_FOLDER, Bytes, FetchError, StatCache, WorkTree, hash};

/// What was mended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MendReport {
    /// Damaged packs that were moved to `damaged/`.
    pub set_aside: Vec<String>,
    /// Their sound records, in a new pack now.
    pub records_kept: usize,
    /// Files of the folder whose bytes were stored again.
    pub restored: Vec<RepoPath>,
    /// What is still wrong.
    pub left: Vec<FsckFinding>,
}

/// Looks in the folder for the bytes of the broken files: where they should lie, and if they do
/// not, everywhere.
pub(super) fn sources(root: &Path, examined: &Examined) -> Result<Sources> {
    let mut wanted: BTreeSet<FileId> = examined.reached.broken_files.keys().copied().collect();
    let mut sources = Sources::new();
    if wanted.is_empty() {
        return Ok(sources);
    }
    let tree = WorkTree::open(root)?;
    let mut likely = BTreeSet::new();
    for (broken, affected) in &examined.affected {
        if matches!(broken, Broken::File(_)) {
            likely.extend(affected.iter().filter_map(|affected| affected.path.clone()));
        }
    }
    let scan = tree.scan(
        tree.look(&StatCache::default()),
        std::iter::empty(),
        &likely,
    );
    let (first, rest): (Vec<_>, Vec<_>) = scan
        .files
        .keys()
        .cloned()
        .partition(|path| likely.contains(path));
    for path in first.into_iter().chain(rest) {
        if wanted.is_empty() {
            break;
        }
        // What cannot be read now is no help.
        if let Ok((id, _)) = tree.read(&path, &hash)
            && wanted.remove(&id)
        {
            sources.insert(id, path);
        }
    }
    Ok(sources)
}

/// What is done, in this order.
pub(super) fn plan(examined: &Examined, sources: &Sources) -> Vec<String> {
    // No operation says where such a project stands, so nothing can be made anew.
    if examined.is_foreign() {
        return Vec::new();
    }
    let plan = examined.check.plan();
    let mut steps = Vec::new();
    for number in &plan.set_aside {
        steps.push(format!(
            "write the sound records of packs/{number:08}.pack to a new pack, then move it to \
             {AIUT_FOLDER}/damaged/"
        ));
    }
    if !plan.is_empty() {
        steps.push("make a new index from the packs".to_owned());
    }
    let by_path: BTreeMap<&RepoPath, &FileId> =
        sources.iter().map(|(id, path)| (path, id)).collect();
    for (path, id) in by_path {
        steps.push(format!(
            "store file {} again from {path}, which holds its bytes",
            id.short()
        ));
    }
    steps
}

/// Does what the plan says, and checks again.
pub(super) fn mend(
    root: &Path,
    holder: &Holder,
    request: FsckRequest,
    examined: &Examined,
    sources: &Sources,
    progress: &dyn Progress,
) -> Result<MendReport> {
    let folder = root.join(AIUT_FOLDER);
    let plan = examined.check.plan();
    progress.start("Mending", None, Unit::Items);
    // Nobody has looked at the index: there is a new one in any case.
    let records_kept = store::repair(&folder, holder, &examined.check, &plan)?.records;
    progress.finish();
    let restored = restore(root, &folder, holder, sources)?;
    let after = Examined::take(root, holder, request.data, progress)?;
    let left = after.findings(&super::mend::sources(root, &after)?);
    let name = |number: &u32| format!("packs/{number:08}.pack");
    Ok(MendReport {
        set_aside: plan.set_aside.iter().map(name).collect(),
        records_kept,
        restored,
        left,
    })
}

/// Stores files of the folder again.
fn restore(
    root: &Path,
    folder: &Path,
    holder: &Holder,
    sources: &Sources,
) -> Result<Vec<RepoPath>> {
    let mut restored = Vec::new();
    if sources.is_empty() {
        return Ok(restored);
    }
    let store = Store::open(folder)?.with_holder(holder.clone());
    let tree = WorkTree::open(root)?;
    for (id, path) in sources {
        let put = |bytes: &mut dyn Bytes| -> Result<FileId, FetchError> {
            Ok(store.put_seekable(bytes)?.id)
        };
        let (found, _) = tree.read(path, &put)?;
        if found != *id {
            // It was edited since it was looked at; what it holds now is stored, and no help.
            continue;
        }
        if store.copy_file(*id, &mut std::io::sink()).is_err() {
            // Its layout is there and cuts it another way than files are cut today.
            let fill = |bytes: &mut dyn Bytes| -> Result<FileId, FetchError> {
                store.fill_layout(*id, bytes)?;
                Ok(*id)
            };
            tree.read(path, &fill)?;
        }
        restored.push(path.clone());
    }
    restored.sort();
    Ok(restored)
}
