//! Trees that stand for more than a commit may have, planted with right ids and checksums: every
//! command that would go through one says so before it does, `fsck` tells of it, and what is just
//! allowed works.

use std::path::Path;

use crate::base::causes::with_causes;
use crate::base::clock::FixedClock;
use crate::base::lock::Holder;
use crate::history::{Caller, Project};
use crate::object::{FileId, MAX_PATH_NAMES, Person, Tree, TreeEntry, TreeId};
use crate::store::Batch;
use crate::workflow::progress::Silent;
use crate::workflow::repository::{
    self as commands, CommitRequest, FsckRequest, GcRequest, LogOptions, LogRequest, Scope,
    SwitchTarget,
};
use crate::workflow::search::{SearchRequest, search};

fn author() -> Person {
    Person {
        name: "Rae".into(),
        email: "rae@example.org".into(),
    }
}

/// A folder that names the one below it under each of these names, and so on down to one file.
fn tower(batch: &Batch<'_>, file: FileId, height: usize, names: &[&str]) -> TreeId {
    let mut tree = Tree::new(vec![TreeEntry::file("f", file, 0)]).unwrap();
    for _ in 0..height {
        let (id, size) = (batch.put(&tree).unwrap(), tree.size());
        let entries = names.iter().map(|name| TreeEntry::dir(*name, id, size));
        tree = Tree::new(entries.collect()).unwrap();
    }
    batch.put(&tree).unwrap()
}

/// A project with a good commit, a commit of a tower on `main`, and a good one on that.
fn with_tower(
    root: &Path,
    caller: &Caller<'_>,
    height: usize,
    names: &[&str],
) -> (Project, String) {
    let project = commands::init(root, caller, crate::object::ProjectId::random())
        .unwrap()
        .0;
    crate::base::atomic::write(&root.join("script.fountain"), b"INT. A - DAY\n").unwrap();
    let request = CommitRequest {
        author: &author(),
        message: "Begin",
        scope: Scope::all(),
        own: &(),
        generations: vec![],
    };
    let good = commands::commit(&project, caller, &request).unwrap();
    let good = good.commit.unwrap().id;
    let good = project.store().get::<crate::object::Commit>(good).unwrap();
    let mut transaction = project.transaction(caller).unwrap();
    let file = transaction.batch().put_file_bytes(b"").unwrap().id;
    let tree = tower(transaction.batch(), file, height, names);
    let now = caller.clock.now();
    let planted = transaction.commit(tree, &author(), now, "Planted", vec![]);
    let planted = planted.unwrap().to_string();
    let after = transaction.commit(good.tree, &author(), now, "Good", vec![]);
    after.unwrap();
    transaction.publish(caller, vec![], None).unwrap();
    (project, planted)
}

/// What each command says that would go through the tree of this commit, by its name.
fn say(
    project: &Project,
    caller: &Caller<'_>,
    planted: &str,
) -> Vec<(&'static str, Option<String>)> {
    let now = caller.clock.now();
    let mut said = Vec::new();
    macro_rules! say {
        ($name:literal, $result:expr) => {
            said.push(($name, $result.err().map(|error| with_causes(&error))));
        };
    }
    say!("ls", commands::ls(project, planted, now));
    let scope = Scope::all();
    let id = project.resolve(planted, now).unwrap().commit;
    let pipeline = crate::pipeline::Pipeline::film();
    say!("show", commands::show(project, &pipeline, id, &scope));
    say!(
        "restore",
        commands::restore(project, caller, &scope, Some(planted))
    );
    let target = SwitchTarget::New {
        name: "other",
        start: Some(planted),
    };
    say!("switch", commands::switch(project, caller, target, false));
    say!(
        "revert",
        commands::revert(project, caller, &author(), planted, None, None, &())
    );
    let words = ["f".to_owned()];
    let request = SearchRequest {
        words: &words,
        everywhere: true,
        limit: 100,
        ..SearchRequest::default()
    };
    say!("search", search(project, &pipeline, &request));
    say!(
        "du",
        commands::du(project, &pipeline, &scope, caller.clock.now())
    );
    said
}

fn findings(root: &Path) -> Vec<String> {
    let report = commands::fsck(root, &Holder::default(), FsckRequest::default(), &Silent);
    let findings = report.unwrap().findings.into_iter();
    let line = |found: commands::FsckFinding| {
        format!(
            "{}, in {} commits",
            found.what,
            found.affects.iter().map(|a| a.commits.len()).sum::<usize>()
        )
    };
    findings.map(line).collect()
}

#[test]
fn trees_that_stand_for_too_much_are_refused_before_they_are_gone_through() {
    let clock = FixedClock::starting_at(1_795_176_000);
    let caller = Caller {
        holder: Holder::default(),
        clock: &clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    };
    let wide = "files and folders, and a commit may have 3000000";
    let long = "a".repeat(250);
    let other = "b".repeat(250);
    for (height, names, limit) in [
        (30, &["a", "b"][..], wide),
        (20_000, &["d"], "a path may have 512 names"),
        (
            17,
            &[&*long, &other],
            "and those of a commit may have 536870912",
        ),
        (
            70,
            &["a", "b"],
            "more files and folders than can be counted",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (project, planted) = with_tower(folder.path(), &caller, height, names);
        for (command, said) in say(&project, &caller, &planted) {
            let said = said.unwrap_or_else(|| panic!("{height}: {command} did it"));
            assert!(
                said.contains(limit) && said.contains("tree "),
                "{height}: {command}: {said}"
            );
        }
        assert!(
            commands::status(&project, &Scope::all())
                .unwrap()
                .changes
                .is_empty()
        );
        let found = findings(folder.path());
        assert_eq!(found.len(), 1, "{height}: {found:?}");
        assert!(
            found[0].contains(limit) && found[0].ends_with("in 1 commits"),
            "{found:?}"
        );
        assert!(
            height != 30 || found[0].contains(" 3221225470 files"),
            "{found:?}"
        );
        // Nothing in it is damaged, so what is needed can be told.
        let gc = GcRequest {
            grace_days: 0,
            dry_run: false,
        };
        commands::gc(&project, &caller, gc).unwrap();
        let log = LogRequest {
            spans: &[],
            scope: Scope::all(),
            limit: 10,
            now: caller.clock.now(),
            options: LogOptions::default(),
        };
        assert_eq!(commands::log(&project, &log).unwrap().len(), 3);
    }
}

#[test]
fn the_deepest_tree_that_may_be_goes_through_every_command() {
    let clock = FixedClock::starting_at(1_795_176_000);
    let caller = Caller {
        holder: Holder::default(),
        clock: &clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    };
    let folder = tempfile::tempdir().unwrap();
    let (project, planted) = with_tower(folder.path(), &caller, MAX_PATH_NAMES - 1, &["d"]);
    for (command, said) in say(&project, &caller, &planted) {
        assert_eq!(said, None, "{command}");
    }
    commands::undo(&project, &caller).unwrap();
    let path = ["d"; MAX_PATH_NAMES - 1].join("/") + "/f";
    assert_eq!(std::fs::read(folder.path().join(&path)).unwrap(), b"");
    assert_eq!(findings(folder.path()), [""; 0]);
    // An edit at the very bottom, and a folder below it that is one too many.
    crate::base::atomic::write(&folder.path().join(&path), b"good").unwrap();
    let below = folder
        .path()
        .join(path.strip_suffix("/f").unwrap())
        .join("d");
    std::fs::create_dir(&below).unwrap();
    crate::base::atomic::write(&below.join("f"), b"more").unwrap();
    let status = commands::status(&project, &Scope::all()).unwrap();
    assert_eq!(status.changes.modified.len(), 1);
    assert!(status.changes.added.is_empty());
    assert!(format!("{:?}", status).contains("more than 511 folders"));
    let request = CommitRequest {
        author: &author(),
        message: "Deep",
        scope: Scope::all(),
        own: &(),
        generations: vec![],
    };
    commands::commit(&project, &caller, &request).unwrap();
    assert_eq!(findings(folder.path()), [""; 0]);
}
