//! Checkouts that succeed, fail half way, are interrupted, or meet symlinks.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::worktree::tests::project;

fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

fn content(text: &str) -> Option<Content> {
    Some(Content {
        id: FileId::of(text.as_bytes()),
        size: text.len() as u64,
        exec: false,
    })
}

fn change(at: &str, before: &str, after: &str) -> Change {
    let content = |text: &str| content(text).filter(|_| !text.is_empty());
    Change {
        path: path(at),
        before: content(before),
        after: content(after),
        seen: None,
    }
}

fn journal(changes: Vec<Change>) -> Journal {
    Journal {
        operation: Some(OperationId::from_bytes([0; 32])),
        changes,
    }
}

/// A store of these texts.
fn store(texts: &[&str]) -> impl Fn(FileId, &mut dyn Write) -> Result<(), FetchError> + Sync {
    let texts: BTreeMap<FileId, String> = texts
        .iter()
        .map(|text| (FileId::of(text.as_bytes()), (*text).to_owned()))
        .collect();
    move |id, to| Ok(to.write_all(texts.get(&id).ok_or("not in store")?.as_bytes())?)
}

/// All of a checkout, as if its operation had been published; put back where it fails.
fn checkout(tree: &WorkTree, journal: &Journal, fetch: &Fetch<'_>) -> Result<(), WorkTreeError> {
    let mut prepared = tree.prepare(journal, fetch)?;
    if let Err(error) = prepared.apply() {
        assert_eq!(prepared.put_back(fetch, &|_, _| false).unwrap(), []);
        return Err(error);
    }
    assert_eq!(prepared.finish(), []);
    Ok(())
}

/// Every file of the project with its text.
fn files(tree: &WorkTree) -> Vec<(String, String)> {
    let scan = tree.scan(
        tree.look(&StatCache::default()),
        [].iter(),
        &BTreeSet::new(),
    );
    let read = |path: &RepoPath| std::fs::read_to_string(tree.root().join(path.as_str()));
    scan.files
        .keys()
        .map(|path| (path.to_string(), read(path).unwrap()))
        .collect()
}

fn owned(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn files_and_folders_give_way_to_one_another_and_empty_folders_go() {
    let (folder, tree) = project(&[("a", "1"), ("b/c/d", "2"), ("e/f", "3"), ("e/g", "4")]);
    let journal = journal(vec![
        change("a", "1", ""),
        change("a/x", "", "5"),
        change("b", "", "6"),
        change("b/c/d", "2", ""),
        change("e/f", "3", ""),
    ]);
    checkout(&tree, &journal, &store(&["5", "6"])).unwrap();
    assert_eq!(
        files(&tree),
        owned(&[("a/x", "5"), ("b", "6"), ("e/g", "4")])
    );
    assert!(tree.interrupted().unwrap().is_none());
    assert!(!folder.path().join(".aiut/staging").exists());
}

#[test]
fn an_edit_since_the_plan_stops_everything_and_everything_is_put_back() {
    let (folder, tree) = project(&[("a", "1"), ("b", "edited"), ("d", "4")]);
    let journal = journal(vec![
        change("a", "1", "one"),
        change("b", "2", "two"),
        change("d", "4", ""),
    ]);
    let error = checkout(&tree, &journal, &store(&["1", "one", "two", "4"])).unwrap_err();
    assert!(matches!(&error, WorkTreeError::ChangedMeanwhile { path } if path.as_str() == "b"));
    assert_eq!(
        files(&tree),
        owned(&[("a", "1"), ("b", "edited"), ("d", "4")])
    );
    assert!(!folder.path().join(".aiut/checkout").exists());
}

#[test]
fn a_content_that_cannot_be_had_changes_nothing() {
    let (_folder, tree) = project(&[("a", "1"), ("b", "2")]);
    let journal = journal(vec![change("a", "1", "one"), change("b", "2", "two")]);
    let error = checkout(&tree, &journal, &store(&["one"])).unwrap_err();
    assert!(matches!(&error, WorkTreeError::Fetch { path, .. } if path.as_str() == "b"));
    assert_eq!(files(&tree), owned(&[("a", "1"), ("b", "2")]));
    assert!(tree.interrupted().unwrap().is_none());
}

#[test]
fn an_interrupted_checkout_is_put_back_but_for_what_was_edited_since() {
    let (folder, tree) = project(&[("a", "1"), ("b", "2"), ("c", "3")]);
    let journal = journal(vec![
        change("a", "1", "one"),
        change("b", "2", "two"),
        change("c", "3", ""),
        change("d", "", "four"),
    ]);
    let fetch = store(&["1", "2", "3", "one", "two", "four"]);
    // The process dies before it can publish.
    tree.prepare(&journal, &fetch).unwrap().apply().unwrap();
    atomic::write(&folder.path().join("b"), b"edited").unwrap();
    let found = tree.interrupted().unwrap().unwrap();
    assert_eq!(found, journal);
    let left = tree.put_back(&found, &fetch, &|_, _| false).unwrap();
    let kept_as = Some(path("b.kept"));
    let path = path("b");
    assert_eq!(left, [LeftAlone { path, kept_as }]);
    assert_eq!(
        files(&tree),
        owned(&[("a", "1"), ("b", "edited"), ("b.kept", "2"), ("c", "3")])
    );
    assert!(tree.interrupted().unwrap().is_none());
}

/// Saves as an editor does: a new file, moved over the old one.
fn save(tree: &WorkTree, at: &str, text: &str) {
    atomic::write(&tree.root().join(at), text.as_bytes()).unwrap();
}

#[test]
fn what_is_saved_while_a_file_is_put_back_stays() {
    let (_folder, tree) = project(&[("a", "1")]);
    let journal = journal(vec![change("a", "1", "one")]);
    let fetch = store(&["1", "one"]);
    tree.prepare(&journal, &fetch).unwrap().apply().unwrap();
    std::fs::remove_file(tree.root().join(".aiut/staging/0")).unwrap();
    // The former file must come from the store. Meanwhile somebody saves the new one.
    let slow = |id, to: &mut dyn Write| {
        save(&tree, "a", "edited");
        fetch(id, to)
    };
    let left = tree.put_back(&journal, &slow, &|_, _| false).unwrap();
    assert_eq!(files(&tree), owned(&[("a", "edited"), ("a.kept", "1")]));
    let kept_as = Some(path("a.kept"));
    let path = path("a");
    assert_eq!(left, [LeftAlone { path, kept_as }]);
}

#[test]
fn a_staged_edit_is_kept_though_the_path_holds_what_it_did() {
    let (_folder, tree) = project(&[("a", "1"), ("b", "2")]);
    let journal = journal(vec![change("a", "1", "one"), change("b", "2", "")]);
    let fetch = store(&["1", "one"]);
    tree.prepare(&journal, &fetch).unwrap().apply().unwrap();
    // As a process leaves it that ends between a move and the look at what it moved.
    for (slot, at, text) in [("0", "a", "1"), ("1", "b", "2")] {
        save(&tree, &format!(".aiut/staging/{slot}"), "edited");
        save(&tree, at, text);
    }
    let left = tree.put_back(&journal, &fetch, &|_, _| true).unwrap();
    assert_eq!(left.len(), 2);
    assert_eq!(
        files(&tree),
        owned(&[
            ("a", "1"),
            ("a.kept", "edited"),
            ("b", "2"),
            ("b.kept", "edited")
        ])
    );
}

#[test]
fn what_is_laid_beside_is_named_though_something_else_fails_first() {
    let (_folder, tree) = project(&[("a", "1"), ("b", "2"), ("c", "3")]);
    let changes = [("a", "1"), ("b", "2"), ("c", "3")].map(|(at, was)| change(at, was, "new"));
    let journal = journal(changes.to_vec());
    let fetch = store(&["new"]);
    tree.prepare(&journal, &fetch).unwrap().apply().unwrap();
    save(&tree, "c", "edited");
    std::fs::remove_file(tree.root().join(".aiut/staging/1")).unwrap();
    let put_back = |fetch: &Fetch<'_>| tree.put_back(&journal, fetch, &|_, _| false);
    let error = put_back(&fetch).unwrap_err();
    assert!(matches!(&error, WorkTreeError::Fetch { path, .. } if path.as_str() == "b"));
    let left = put_back(&store(&["2"])).unwrap();
    let kept_as = Some(path("c.kept"));
    let path = path("c");
    assert_eq!(left, [LeftAlone { path, kept_as }]);
    assert_eq!(
        files(&tree),
        owned(&[("a", "1"), ("b", "2"), ("c", "edited"), ("c.kept", "3")])
    );
}

#[test]
fn a_name_that_the_journal_has_is_not_taken_for_what_is_laid_beside() {
    let (_folder, tree) = project(&[("b", "2"), ("b.kept", "3")]);
    let journal = journal(vec![change("b", "2", "two"), change("b.kept", "3", "")]);
    let fetch = store(&["2", "3", "two"]);
    tree.prepare(&journal, &fetch).unwrap().apply().unwrap();
    save(&tree, "b", "edited");
    let left = tree.put_back(&journal, &fetch, &|_, _| false).unwrap();
    assert_eq!(left[0].kept_as, Some(path("b.kept-2")));
    assert_eq!(
        files(&tree),
        owned(&[("b", "edited"), ("b.kept", "3"), ("b.kept-2", "2")])
    );
}

#[test]
fn what_is_written_into_a_replaced_file_that_was_open_is_kept_beside() {
    for dies in [false, true] {
        let (_folder, tree) = project(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let journal = journal(vec![
            change("a", "1", "one"),
            change("b", "2", ""),
            change("c", "3", "three"),
        ]);
        let open = |at: &str| {
            let mut options = std::fs::OpenOptions::new();
            options.append(true).open(tree.root().join(at)).unwrap()
        };
        let mut files_open = ["a", "b"].map(open);
        let mut prepared = tree.prepare(&journal, &store(&["one", "three"])).unwrap();
        prepared.apply().unwrap();
        for file in &mut files_open {
            file.write_all(b" and more").unwrap();
        }
        let kept = if dies {
            drop(prepared);
            tree.forget_published(&journal).unwrap()
        } else {
            prepared.finish()
        };
        let of = |at: &str| LeftAlone {
            path: path(at),
            kept_as: Some(path(&format!("{at}.kept"))),
        };
        assert_eq!(kept, [of("a"), of("b")]);
        assert_eq!(
            files(&tree),
            owned(&[
                ("a", "one"),
                ("a.kept", "1 and more"),
                ("b.kept", "2 and more"),
                ("c", "three")
            ])
        );
        assert!(tree.interrupted().unwrap().is_none());
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_written_removed_or_read_through_a_symlink() {
    let outside = tempfile::tempdir().unwrap();
    atomic::write(&outside.path().join("key"), b"secret").unwrap();
    let (folder, tree) = project(&[("a", "1")]);
    std::os::unix::fs::symlink(outside.path(), folder.path().join("shots")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("key"), folder.path().join("k")).unwrap();
    let fetch = store(&["new", "secret"]);
    for bad in [
        change("shots/key", "secret", "new"),
        change("shots/key", "secret", ""),
        change("shots/other", "", "new"),
        change("k", "secret", "new"),
        change("k", "", "new"),
        change("k", "secret", ""),
    ] {
        let error = checkout(&tree, &journal(vec![bad.clone()]), &fetch).unwrap_err();
        assert!(error.to_string().contains("a symlink"), "{bad:?}: {error}");
    }
    assert!(matches!(
        tree.read(&path("shots/key"), &read::hash),
        Err(WorkTreeError::Symlink { .. })
    ));
    assert_eq!(
        std::fs::read(outside.path().join("key")).unwrap(),
        b"secret"
    );
    assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn the_executable_bit_is_given_and_taken() {
    let (folder, tree) = project(&[("run.sh", "1")]);
    let exec = |exec| content("1").map(|content| Content { exec, ..content });
    let path = path("run.sh");
    let on = journal(vec![Change {
        path: path.clone(),
        before: exec(false),
        after: exec(true),
        seen: None,
    }]);
    checkout(&tree, &on, &store(&["1"])).unwrap();
    let mode = || Stat::of(&std::fs::metadata(folder.path().join("run.sh")).unwrap()).exec;
    assert!(mode());
    let off = journal(vec![Change {
        before: exec(true),
        after: exec(false),
        ..on.changes[0].clone()
    }]);
    checkout(&tree, &off, &store(&["1"])).unwrap();
    assert!(!mode());
}
