//! Commits with several parents: through the library, and as git sees the same history.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use aiut::history::{Span, entry_at, log, versions};
use aiut::object::{Commit, CommitId, FileId, RepoPath};
use aiut::workflow::repository::{self as commands, LogOptions, LogRequest, Scope};

use super::revisions::bare_commit;
use super::world::{World, path, rae};

/// Merges, with the files of HEAD.
fn merge(world: &World, further: &[CommitId], message: &str) -> CommitId {
    let caller = world.caller("merge");
    let mut transaction = world.project.transaction(&caller).unwrap();
    let head = world.head().unwrap();
    let tree = world.project.store().get::<Commit>(head).unwrap().tree;
    let id = transaction
        .commit_joining(further, tree, &rae(), world.now(), message, vec![])
        .unwrap();
    transaction.publish(&caller, vec![], None).unwrap();
    id
}

/// What was ever committed at a path, and when first: each commit asked by itself.
fn asked_one_by_one(world: &World, heads: &[CommitId], at: &RepoPath) -> BTreeSet<(FileId, i64)> {
    let store = world.project.store();
    let mut found = std::collections::BTreeMap::new();
    for logged in log(store, heads, &[], usize::MAX).unwrap() {
        let entry = entry_at(store, logged.commit.tree, at).unwrap();
        if let Some(id) = entry.and_then(|entry| entry.file_id()) {
            found.insert(id, logged.commit.time.unix_seconds);
        }
    }
    found.into_iter().collect()
}

#[test]
fn what_lay_at_many_paths_is_found_in_one_walk() {
    let world = World::with(&[("frames/1.png", "1"), ("frames/2.png", "1"), ("a", "file")]);
    world.fork("side");
    world.write("frames/1.png", "of the side");
    world.write("frames.txt", "a name that begins so");
    world.commit("Side");
    world.write("frames/deep/1.png", "deep");
    let side = world.commit("Deeper");
    world.switch("main").unwrap();
    world.write("frames/2.png", "2");
    world.commit("Main");
    world.remove("a");
    world.write("a/b", "in a folder of that name");
    world.commit("A folder");
    let joined = merge(&world, &[side], "Join");
    world.write("frames/1.png", "after");
    world.remove("frames/2.png");
    world.commit("After");
    world.write("frames/2.png", "1");
    let last = world.commit("As it was");
    let paths = [
        "frames/1.png",
        "frames/2.png",
        "frames/deep/1.png",
        "frames.txt",
        "a",
        "a/b",
        "no",
    ];
    let paths: Vec<RepoPath> = paths.into_iter().map(path).collect();
    for heads in [&[last][..], &[side], &[joined, side], &[last, side]] {
        let all = versions(world.project.store(), heads, &paths.iter().collect()).unwrap();
        for at in &paths {
            let of_path = all.iter().filter(|version| version.path == *at);
            let mut found = std::collections::BTreeMap::new();
            for version in of_path {
                // The newest first: the oldest stays.
                found.extend(
                    version
                        .entry
                        .file_id()
                        .map(|id| (id, version.time.unix_seconds)),
                );
            }
            let found: BTreeSet<_> = found.into_iter().collect();
            assert_eq!(
                found,
                asked_one_by_one(&world, heads, at),
                "{at} of {heads:?}"
            );
        }
    }
}

#[test]
fn a_merge_follows_head_first_and_can_be_taken_back() {
    let world = World::with(&[("a", "1")]);
    let base = world.head().unwrap();
    world.fork("side");
    world.write("b", "1");
    let side = world.commit("Side");
    world.switch("main").unwrap();
    world.write("a", "2");
    let main = world.commit("Main");
    let joined = merge(&world, &[side], "Join");
    let parents = |id| world.project.store().get::<Commit>(id).unwrap().parents;
    assert_eq!(parents(joined), [main, side]);
    for (text, expected) in [
        ("HEAD^", main),
        ("HEAD^1", main),
        ("HEAD^2", side),
        ("HEAD~", main),
        ("HEAD~2", base),
        ("HEAD^2~", base),
        ("HEAD^2^", base),
    ] {
        let found = world.project.resolve(text, world.now()).unwrap();
        assert_eq!(found.commit, expected, "{text}");
    }
    let error = world.project.resolve("HEAD^3", world.now()).unwrap_err();
    assert!(error.to_string().contains("has only 2 parents"), "{error}");
    // An operation before the merge is taken back no more, and the merge is what is named.
    let log = commands::op_log(&world.project, 2).unwrap();
    let made = log[0].id.short();
    world.write("c", "1");
    world.commit("Later");
    let caller = world.caller("undo");
    let error = commands::undo_operation(&world.project, &caller, &made).unwrap_err();
    match error {
        commands::RepositoryError::BuiltUpon { commit, .. } => {
            assert_eq!(commit, Some(joined.short()));
        }
        other => panic!("{other}"),
    }
    world.undo().unwrap();
    world.undo().unwrap();
    assert_eq!(world.head(), Some(main));
    world.redo().unwrap();
    assert_eq!(world.head(), Some(joined));
}

#[test]
fn a_parent_is_named_once() {
    let world = World::with(&[("a", "1")]);
    let head = world.head().unwrap();
    let tree = world.project.store().get::<Commit>(head).unwrap().tree;
    let caller = world.caller("merge");
    let mut transaction = world.project.transaction(&caller).unwrap();
    let twice = transaction.commit_joining(&[head], tree, &rae(), world.now(), "x", vec![]);
    assert!(twice.is_err());
}

fn git(folder: &Path, arguments: &[&str], input: &str) -> Result<String, String> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(arguments);
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("HOME", folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout).unwrap()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
fn reachable_sets_parents_spans_and_order_are_those_of_git() {
    if Command::new("git").arg("--version").output().is_err() {
        eprintln!("there is no git to compare with");
        return;
    }
    let mut state = 11_u64;
    let mut below = |limit: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize % limit
    };
    for round in 0..6 {
        let world = World::new();
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "-q", "--bare"], "").unwrap();
        let count = 4 + below(10);
        let (mut ids, mut import) = (Vec::new(), String::new());
        // Clocks are wrong in every other history.
        let mut times: Vec<i64> = (0..count as i64).map(|n| 1_000_000 + 10 * n).collect();
        if round % 2 == 1 {
            for index in 0..count {
                times.swap(index, below(count));
            }
        }
        for (n, time) in times.iter().enumerate() {
            let mut parents: Vec<usize> = Vec::new();
            for _ in 0..[0, 1, 1, 2, 2, 3][below(6)] {
                if n > 0 {
                    let parent = below(n);
                    if !parents.contains(&parent) {
                        parents.push(parent);
                    }
                }
            }
            let of: Vec<CommitId> = parents.iter().map(|parent| ids[*parent]).collect();
            ids.push(bare_commit(&world, &of, *time));
            import += &format!(
                "reset refs/heads/x{n}\ncommit refs/heads/x{n}\nmark :{}\ncommitter R <r@e> {time} +0000\ndata {}\n{n}\n",
                n + 1,
                n.to_string().len()
            );
            for (at, parent) in parents.iter().enumerate() {
                let word = if at == 0 { "from" } else { "merge" };
                import += &format!("{word} :{}\n", parent + 1);
            }
            import += "\n";
        }
        git(folder.path(), &["fast-import", "--quiet"], &import).unwrap();
        let number = |id: CommitId| ids.iter().position(|known| *known == id).unwrap();
        let listed = |word: &str| -> Option<Vec<usize>> {
            let asked = ["log", "--date-order", "--format=%s", word, "--"];
            let text = git(folder.path(), &asked, "").ok()?;
            Some(text.lines().map(|line| line.parse().unwrap()).collect())
        };
        let told = |word: &str| -> Vec<usize> {
            let spans = [Span::parse(word)];
            let request = LogRequest {
                spans: &spans,
                scope: Scope::all(),
                limit: usize::MAX,
                now: world.now(),
                options: LogOptions::default(),
            };
            let log = commands::log(&world.project, &request).unwrap();
            log.into_iter()
                .map(|entry| number(entry.commit.id))
                .collect()
        };
        for n in 0..count {
            let hex = ids[n].to_hex();
            assert_eq!(Some(told(&hex)), listed(&format!("x{n}")), "{round}: {n}");
            for step in ["^1", "^2", "^3", "^0", "~2", "^2~1", "^2^2"] {
                let asked = format!("x{n}{step}");
                let asked = ["log", "-1", "--format=%s", &asked, "--"];
                let theirs = git(folder.path(), &asked, "").ok();
                let theirs = theirs.map(|text| text.trim().parse::<usize>().unwrap());
                let ours = world.project.resolve(&format!("{hex}{step}"), world.now());
                let ours = ours.ok().map(|found| number(found.commit));
                assert_eq!(ours, theirs, "{round}: x{n}{step}");
            }
            let other = below(count);
            for dots in ["..", "..."] {
                let ours = told(&format!("{hex}{dots}{}", ids[other].to_hex()));
                let theirs = listed(&format!("x{n}{dots}x{other}")).unwrap();
                assert_eq!(ours, theirs, "{round}: x{n}{dots}x{other}");
            }
            let bases = format!("x{other}");
            let bases = git(
                folder.path(),
                &["merge-base", "--all", &format!("x{n}"), &bases],
                "",
            );
            let bases: BTreeSet<usize> = bases
                .unwrap_or_default()
                .lines()
                .map(|hex| listed(hex).unwrap()[0])
                .collect();
            let ours = aiut::history::merge_base(world.project.store(), ids[n], ids[other]);
            let ours = ours.unwrap().map(number);
            assert_eq!(ours.is_none(), bases.is_empty(), "{round}: {n} {other}");
            assert!(ours.is_none_or(|base| bases.contains(&base)));
        }
    }
}
