//! Which names lie in `.aiut`, and what each one is: the table of `docs/format.md`.
//!
//! Only what is in the table is opened, replaced or removed. A name of it at which something else
//! stands, such as a link, is refused before any command begins; a name that is not in it is
//! somebody else's and is left.

use std::fs::TryLockError;
use std::io;

use super::folder::{FileKind, Folder, Foreign};

/// Names in `.aiut`.
const NAMES: [(&str, FileKind); 25] = [
    (".gitignore", FileKind::File),
    ("MESSAGE", FileKind::File),
    ("bisect", FileKind::File),
    ("checkout", FileKind::File),
    ("damaged", FileKind::Folder),
    ("format", FileKind::File),
    ("heads", FileKind::File),
    ("hooks", FileKind::Folder),
    ("incoming", FileKind::Folder),
    ("index", FileKind::Folder),
    ("ledger", FileKind::File),
    ("ledger.lock", FileKind::File),
    ("lock", FileKind::File),
    ("packs", FileKind::Folder),
    ("promised", FileKind::File),
    ("pushes", FileKind::Folder),
    ("remotes.toml", FileKind::File),
    ("scratch", FileKind::Folder),
    ("scratch.lock", FileKind::File),
    ("staging", FileKind::Folder),
    ("stat", FileKind::File),
    ("times", FileKind::File),
    ("tree", FileKind::File),
    ("unreachable", FileKind::File),
    ("worktree.lock", FileKind::File),
];

/// What a file in `staging` may be, beside the new one of its change or its former one.
const STAGED: [&str; 5] = ["", "former", "again", "part", "aside"];

/// The files of an index.
pub const INDEX_FILES: [&str; 3] = ["data.mdb", "lock.mdb", "boot"];

/// Names of files that are replaced whole by way of a temporary file in `.aiut`, beside those that
/// lie there: the time probe, and files of the project folder.
const REPLACED: [&str; 4] = ["moment", "aiut.toml", ".aiutignore", "approvals.toml"];

/// The programs in `hooks` that aiut runs; what else lies there is theirs.
pub const HOOKS: [&str; 8] = [
    "pre-commit",
    "post-commit",
    "pre-push",
    "pre-generate",
    "post-generate",
    "post-stale",
    "pre-receive",
    "post-receive",
];

/// What belongs at a name in a folder of `.aiut`; none for a name that is not aiut's.
#[must_use]
pub fn wanted(folder: &str, name: &str) -> Option<FileKind> {
    match folder {
        "" => {
            let named = NAMES.iter().find(|(known, _)| *known == name);
            let temporary = || replaced_by(name).map(|_| FileKind::File);
            named.map(|(_, kind)| *kind).or_else(temporary)
        }
        "packs" => pack_number(name).map(|_| FileKind::File),
        "incoming" => name
            .strip_suffix(".pack")
            .filter(|stem| is_unique_suffix(stem))
            .map(|_| FileKind::File),
        "index" => index_number(name).map(|_| FileKind::Folder),
        "damaged" => {
            let mut parts = name.splitn(3, '.');
            let pack = [parts.next()?, parts.next()?].join(".");
            let counted = parts.next().is_none_or(|count| number(count).is_some());
            (pack_number(&pack).is_some() && counted).then_some(FileKind::File)
        }
        "staging" => {
            let (change, of) = name.split_once('.').unwrap_or((name, ""));
            let known = STAGED.contains(&of) && name != format!("{change}.");
            (number(change).is_some() && known).then_some(FileKind::File)
        }
        "hooks" => HOOKS.contains(&name).then_some(FileKind::File),
        "pushes" => is_push(name).then_some(FileKind::Folder),
        "scratch" => is_scratch(name).then_some(FileKind::Folder),
        _ => None,
    }
}

/// Looks at every name of the table, in `.aiut` and one folder down, and takes away what processes
/// that died left of files they were replacing.
///
/// # Errors
/// [`Foreign`] for the first name, in their order, at which something else stands; any I/O error.
pub fn check(own: &Folder) -> io::Result<()> {
    let mut leftovers = Vec::new();
    let mut folders = Vec::new();
    let mut wrong = wrong_in(own, "", &mut |name, kind| {
        if replaced_by(name).is_some() {
            leftovers.push(name.to_owned());
        } else if kind == FileKind::Folder {
            folders.push(name.to_owned());
        }
    })?;
    for name in &folders {
        // Another process may be removing it.
        let Some(folder) = own.folder_if_any(name)? else {
            continue;
        };
        let mut indexes = Vec::new();
        let below = wrong_in(&folder, name, &mut |inner, _| {
            indexes.push(inner.to_owned())
        })?;
        wrong = earlier(wrong, below);
        if name == "index" {
            for number in indexes {
                let Some(index) = folder.folder_if_any(&number)? else {
                    continue;
                };
                for name in INDEX_FILES {
                    let found = index.find(name)?.map(|found| found.kind);
                    let below = found.filter(|kind| *kind != FileKind::File);
                    let below = below.map(|found| Foreign {
                        path: index.path_of(name),
                        found,
                        wanted: FileKind::File,
                    });
                    wrong = earlier(wrong, below);
                }
            }
        }
    }
    if let Some(wrong) = wrong {
        return Err(wrong.into());
    }
    for name in leftovers {
        // What cannot be removed, as in a read-only folder, is in nobody's way.
        let _ = remove_dead(own, &name);
    }
    Ok(())
}

/// Names that are not in the table, from `.aiut` on.
///
/// # Errors
/// Any I/O error.
pub fn strangers(own: &Folder) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![(String::new(), own.clone())];
    while let Some((of, folder)) = folders.pop() {
        for (name, kind) in folder.list()? {
            let path = [&of, &name].map(String::as_str).join("/");
            match wanted(&of, &name) {
                // Every folder there is that of a run.
                None if of == "scratch" && kind == FileKind::Folder => {}
                // A program may bring what it needs.
                None if of == "hooks" => {}
                None => found.push(path.trim_start_matches('/').to_owned()),
                Some(FileKind::Folder) if of.is_empty() && kind == FileKind::Folder => {
                    let inner = folder.folder_if_any(&name)?;
                    folders.extend(inner.map(|inner| (name.clone(), inner)));
                }
                Some(_) => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The first name of a folder that is not what it should be; each other one that is in the table is
/// passed on.
fn wrong_in(
    folder: &Folder,
    of: &str,
    known: &mut dyn FnMut(&str, FileKind),
) -> io::Result<Option<Foreign>> {
    let mut wrong = None;
    for (name, found) in folder.list()? {
        let Some(wanted) = wanted(of, &name) else {
            continue;
        };
        if found == wanted {
            known(&name, found);
            continue;
        }
        let path = folder.path_of(&name);
        let this = Foreign {
            path,
            found,
            wanted,
        };
        wrong = earlier(wrong, Some(this));
    }
    Ok(wrong)
}

/// The one of the earlier path, so that the same folder gives the same error each time.
fn earlier(one: Option<Foreign>, other: Option<Foreign>) -> Option<Foreign> {
    one.into_iter()
        .chain(other)
        .min_by(|one, other| one.path.cmp(&other.path))
}

/// Removes a temporary file unless the process that writes it lives, which holds a lock on it.
///
/// # Errors
/// Any I/O error.
pub fn remove_dead(folder: &Folder, name: &str) -> io::Result<()> {
    match folder.read_and_write(name)?.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
        Ok(()) => folder.remove_file(name),
    }
}

/// The temporary name under which a file of this name is written.
#[must_use]
pub fn temporary(name: &str, suffix: &str) -> String {
    format!(".{name}.{suffix}.tmp")
}

/// Which file a temporary name belongs to, if it is one.
#[must_use]
pub fn replaced_by(temporary: &str) -> Option<&str> {
    let name = target(temporary)?;
    let own = NAMES
        .iter()
        .any(|(known, kind)| *known == name && *kind == FileKind::File);
    (own || REPLACED.contains(&name) || HOOKS.contains(&name)).then_some(name)
}

/// Which file a temporary name would belong to, whatever file that is.
#[must_use]
pub fn target(temporary: &str) -> Option<&str> {
    let inner = temporary.strip_prefix('.')?.strip_suffix(".tmp")?;
    let (name, suffix) = inner.rsplit_once('.')?;
    (is_unique_suffix(suffix) && !name.is_empty()).then_some(name)
}

/// Whether a name is that of a temporary file beside the settings or the ignore rules of a project,
/// where aiut left them when it died in a folder that was no project yet.
#[must_use]
pub fn is_beside_settings(name: &str) -> bool {
    target(name).is_some_and(|name| matches!(name, "aiut.toml" | ".aiutignore"))
}

/// Highest number of a pack: eight digits.
const MAX_PACK_NUMBER: u32 = 99_999_999;

/// The number of a pack by the name of its file.
#[must_use]
pub fn pack_number(name: &str) -> Option<u32> {
    let number = name.strip_suffix(".pack")?.parse().ok()?;
    (number <= MAX_PACK_NUMBER && format!("{number:08}.pack") == name).then_some(number)
}

/// Highest number of an index: as with packs, far more than are ever made.
pub const MAX_INDEX_NUMBER: u32 = 99_999_999;

/// The number of an index by the name of its folder: from 1 on, without zeros before it.
#[must_use]
pub fn index_number(name: &str) -> Option<u32> {
    number(name).filter(|number| (1..=MAX_INDEX_NUMBER).contains(number))
}

/// Whether a name is that of a run's folder in `scratch/`.
fn is_scratch(name: &str) -> bool {
    let rest = name
        .strip_prefix("run-")
        .or_else(|| name.strip_prefix(".tmp"));
    rest.is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether a name is that of a push on its way: 32 hexadecimal digits.
fn is_push(name: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    name.len() == 32 && name.bytes().all(is_digit)
}

fn number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// `PROCESS-COUNTER`, as `atomic::unique_suffix` makes it.
fn is_unique_suffix(text: &str) -> bool {
    text.split_once('-')
        .is_some_and(|(process, counter)| number(process).is_some() && is_digits(counter))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_page_and_no_others() {
        let page = include_str!("../../docs/format.md");
        let listing = page.split("```").nth(1).unwrap();
        for (name, _) in NAMES {
            assert!(
                listing.contains(name),
                "docs/format.md does not list {name}"
            );
        }
        for (folder, name, kind) in [
            ("packs", "00000001.pack", Some(FileKind::File)),
            ("packs", "1.pack", None),
            ("packs", "00000001.pack.tmp", None),
            ("packs", "100000000.pack", None),
            ("incoming", "4711-0.pack", Some(FileKind::File)),
            ("incoming", "notes.pack", None),
            ("index", "12", Some(FileKind::Folder)),
            ("index", "012", None),
            ("index", "0", None),
            ("index", "+1", None),
            ("index", "99999999", Some(FileKind::Folder)),
            ("index", "100000000", None),
            ("index", "4294967295", None),
            ("damaged", "00000001.pack", Some(FileKind::File)),
            ("damaged", "00000001.pack.3", Some(FileKind::File)),
            ("damaged", "00000001.pack.old", None),
            ("staging", "0", Some(FileKind::File)),
            ("staging", "12.former", Some(FileKind::File)),
            ("staging", "12.", None),
            ("staging", "12.txt", None),
            ("staging", "a", None),
            ("scratch", ".tmpAbC123", Some(FileKind::Folder)),
            ("scratch", "run-AbC123", Some(FileKind::Folder)),
            ("scratch", "mine", None),
            ("hooks", "pre-commit", Some(FileKind::File)),
            ("hooks", "lint.sh", None),
            ("", ".pre-commit.12-3.tmp", Some(FileKind::File)),
            (
                "pushes",
                "0123456789abcdef0123456789abcdef",
                Some(FileKind::Folder),
            ),
            ("pushes", "0123456789ABCDEF0123456789abcdef", None),
            ("", ".stat.12-3.tmp", Some(FileKind::File)),
            ("", ".aiut.toml.12-3.tmp", Some(FileKind::File)),
            ("", "..aiutignore.12-3.tmp", Some(FileKind::File)),
            ("", ".notes.12-3.tmp", None),
            ("", ".stat.12.tmp", None),
            ("", "stat.12-3.tmp", None),
            ("", "ballast", None),
        ] {
            assert_eq!(wanted(folder, name), kind, "{folder}/{name}");
        }
    }

    #[test]
    fn a_temporary_name_reads_back() {
        let name = temporary("aiut.toml", &super::super::atomic::unique_suffix());
        assert_eq!(replaced_by(&name), Some("aiut.toml"));
        assert_eq!(target(&temporary("notes.md", "1-2")), Some("notes.md"));
    }

    #[test]
    fn leftovers_of_the_dead_go_and_what_is_being_written_or_foreign_stays() {
        let place = tempfile::tempdir().unwrap();
        let own = Folder::open(place.path()).unwrap();
        for name in [".stat.1-0.tmp", ".checkout.77-3.tmp", ".notes.1-0.tmp"] {
            own.create_new(name).unwrap();
        }
        let living = own.create_new(".tree.1-0.tmp").unwrap();
        living.try_lock().unwrap();
        check(&own).unwrap();
        let mut left: Vec<_> = own
            .list()
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        left.sort();
        assert_eq!(left, [".notes.1-0.tmp", ".tree.1-0.tmp"]);
        assert_eq!(strangers(&own).unwrap(), [".notes.1-0.tmp"]);
        drop(living);
    }
}
