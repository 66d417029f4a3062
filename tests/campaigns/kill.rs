//! The program killed at a random moment of a command, again and again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use aiut::object::{FileId, Head, OperationId};

use super::inspect::{Seen, files_of, inspect};
use super::{SCRIPT, SETTINGS, noise, number, seed};
use crate::edits::Random;
use crate::world::World;

/// A project is given up for a new one after so many rounds, as all of it is read in each.
const ROUNDS_A_PROJECT: u64 = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Deed {
    Commit,
    Branch,
    Switch,
    Restore,
    Undo,
    Generate,
    Merge,
    Rebase,
}

const DEEDS: [Deed; 8] = [
    Deed::Commit,
    Deed::Branch,
    Deed::Switch,
    Deed::Restore,
    Deed::Undo,
    Deed::Generate,
    Deed::Merge,
    Deed::Rebase,
];

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum End {
    /// Killed, and nothing had happened.
    Before,
    /// Killed, and it had happened.
    After,
    /// Done before it could be killed.
    Done,
}

struct Campaign {
    world: World,
    random: Random,
    /// Operations of commands that ended with exit code 0.
    acknowledged: Vec<OperationId>,
    /// How long each deed takes by what was seen of it: longer after a kill, shorter when it was
    /// done before.
    usual: HashMap<Deed, Duration>,
}

#[test]
fn a_command_that_is_killed_has_happened_or_not_and_nothing_is_lost() {
    let rounds = number("AIUT_CAMPAIGN", 200);
    let mut campaign = Campaign {
        world: project(),
        random: Random::new(seed()),
        acknowledged: Vec::new(),
        usual: HashMap::new(),
    };
    let mut ends: BTreeMap<(Deed, End), u64> = BTreeMap::new();
    let mut files = 0;
    for round in 0..rounds {
        if round > 0 && round % ROUNDS_A_PROJECT == 0 {
            campaign.world = project();
            campaign.acknowledged.clear();
        }
        let deed = DEEDS[round as usize % DEEDS.len()];
        let (end, read) = campaign.round(round, deed);
        *ends.entry((deed, end)).or_default() += 1;
        files += read;
    }
    println!("{rounds} rounds, {files} files read: {ends:?}");
    let killed: u64 = ends
        .iter()
        .filter(|((_, end), _)| *end != End::Done)
        .map(|(_, count)| count)
        .sum();
    assert!(killed * 3 > rounds, "most are killed before they are done");
}

/// Two timelines whose files differ.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("aiut.toml", SETTINGS);
    world.write("script.fountain", SCRIPT);
    world.write("kept.txt", "kept");
    for file in 0..20 {
        world.write(&format!("notes/{file}"), format!("main {file}"));
    }
    world.ok(&["commit", "-q", "-m", "Main"]);
    world.ok(&["switch", "-q", "-c", "other"]);
    for file in 0..15 {
        world.write(&format!("notes/{file}"), format!("other {file}"));
    }
    world.write("only/here", noise(300_000, 7));
    world.ok(&["commit", "-q", "-m", "Other"]);
    world
}

impl Campaign {
    /// One command, killed; then everything that must hold.
    fn round(&mut self, round: u64, deed: Deed) -> (End, usize) {
        let (arguments, mine) = self.prepare(round, deed);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let before = inspect(&self.world.path(""));
        let tree_before = files_of(&self.world.path(""));
        let said = format!("round {round}: {arguments:?}");

        let done = self.run_and_kill(deed, &arguments);
        let status = self.world.run(&["status", "--json"]);
        assert_eq!(status.code, Some(0), "{said}\n{status}");
        let after = inspect(&self.world.path(""));
        let tree_after = files_of(&self.world.path(""));

        for operation in &self.acknowledged {
            assert!(after.has(*operation), "{said}: lost {operation}");
        }
        assert!(after.has(before.current()), "{said}: the log goes on");
        let published = after.current() != before.current();
        assert!(published || !done, "{said}: acknowledged and not there");
        for path in &mine {
            let stays = tree_after.get(path) == tree_before.get(path);
            assert!(stays || deed == Deed::Restore, "{said}: {path} is lost");
        }
        if published {
            self.check_published(&said, deed, &after, round);
            check_files(&said, &tree_before, &tree_after, &after, &mine, deed);
        } else {
            assert_eq!(before.view, after.view, "{said}");
            let paths: BTreeSet<_> = tree_before.keys().chain(tree_after.keys()).collect();
            for path in paths.into_iter().filter(|path| *path != "numbers.toml") {
                let same = tree_before.get(path) == tree_after.get(path);
                assert!(same, "{said}: nothing happened, but {path} changed");
            }
        }
        if done {
            self.acknowledged.push(after.current());
        }
        self.go_on(&said, deed, published, &tree_before, &mine);
        let end = match (done, published) {
            (true, _) => End::Done,
            (_, true) => End::After,
            _ => End::Before,
        };
        (end, after.files)
    }

    /// Sets the scene. Returns what to type, and the files that no commit has.
    fn prepare(&mut self, round: u64, deed: Deed) -> (Vec<String>, Vec<String>) {
        let mine = vec![format!("mine/{round}"), "kept.txt".to_owned()];
        for path in &mine {
            self.world
                .write(path, format!("nobody has this yet {round}"));
        }
        let typed = match deed {
            Deed::Commit => {
                let large = if self.random.below(4) == 0 {
                    9 << 20
                } else {
                    70_000
                };
                self.world.write("notes/large", noise(large, round));
                for file in 0..5 {
                    self.world
                        .write(&format!("notes/{file}"), format!("round {round}, {file}"));
                }
                format!("commit -q -m round-{round} notes")
            }
            Deed::Branch => format!("branch -q branch-{round}"),
            Deed::Switch => format!("switch -q {}", self.elsewhere()),
            Deed::Restore => {
                let edited = format!("notes/{}", 15 + self.random.below(5));
                self.world
                    .write(&edited, format!("edited in round {round}"));
                return (
                    vec!["restore".into(), "-q".into(), edited.clone()],
                    [mine, vec![edited]].concat(),
                );
            }
            Deed::Undo => {
                self.acknowledge(&["switch", "-q", self.elsewhere()]);
                "undo -q".to_owned()
            }
            Deed::Generate => {
                let line = format!("Nobody is coming for us, {round}.");
                self.world.write(
                    "script.fountain",
                    SCRIPT.replace("Nobody is coming for us.", &line),
                );
                "generate -q frames --jobs 2".to_owned()
            }
            Deed::Merge => format!("merge -q {}", self.fork(round)),
            Deed::Rebase => format!("rebase -q {}", self.fork(round)),
        };
        (typed.split(' ').map(str::to_owned).collect(), mine)
    }

    /// Another timeline with a commit of its own, and one here that it does not have; its name.
    fn fork(&mut self, round: u64) -> String {
        let status = self.world.json(&["status"]);
        let here = status["head"]["timeline"].as_str().unwrap().to_owned();
        let side = format!("side-{round}");
        self.acknowledge(&["switch", "-q", "-c", &side]);
        for file in 5..10 {
            let text = format!("side {round}, {file}");
            self.world.write(&format!("notes/{file}"), text);
        }
        self.world.write("notes/side", noise(200_000, round));
        self.acknowledge(&["commit", "-q", "-m", "Side", "notes"]);
        self.acknowledge(&["switch", "-q", &here]);
        for file in 10..13 {
            let text = format!("here {round}, {file}");
            self.world.write(&format!("notes/{file}"), text);
        }
        self.acknowledge(&["commit", "-q", "-m", "Here", "notes"]);
        side
    }

    /// The timeline that is not the current one.
    fn elsewhere(&self) -> &'static str {
        let status = self.world.json(&["status"]);
        match status["head"]["timeline"].as_str() {
            Some("main") => "other",
            _ => "main",
        }
    }

    /// Runs a command to its end, and remembers its operation.
    fn acknowledge(&mut self, arguments: &[&str]) {
        self.world.ok(arguments);
        let log = self.world.json(&["op", "log", "-n", "1"]);
        let id = log[0]["id"].as_str().unwrap();
        self.acknowledged.push(id.parse().unwrap());
    }

    /// Runs a command and kills it within the time that it usually takes. Returns whether it was
    /// done before.
    fn run_and_kill(&mut self, deed: Deed, arguments: &[&str]) -> bool {
        let usual = self.usual.get(&deed).copied();
        let first = if deed == Deed::Generate { 400 } else { 40 };
        let usual = usual.unwrap_or(Duration::from_millis(first));
        let share = self.random.below(1100) as u32;
        let delay = usual * share / 1000;
        let mut command = self.world.command(&self.world.path(""), arguments);
        let started = Instant::now();
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while started.elapsed() < delay {
            std::thread::yield_now();
            if finished(&mut child, arguments) {
                self.usual.insert(deed, usual * 4 / 5);
                return true;
            }
        }
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            return true;
        }
        if share > 500 {
            // It was not met at its end, which is where most is written.
            self.usual.insert(deed, usual * 3 / 2);
        }
        false
    }

    /// What the command was to do is done.
    fn check_published(&self, said: &str, deed: Deed, after: &Seen, round: u64) {
        let head = after.view.head_commit().unwrap();
        match deed {
            Deed::Commit => {
                assert_eq!(
                    after.commits[&head].message.trim(),
                    format!("round-{round}"),
                    "{said}"
                );
            }
            Deed::Branch => {
                let made = after.refs.get(&format!("timelines/branch-{round}"));
                assert_eq!(made, Some(&head), "{said}");
            }
            Deed::Switch => assert!(matches!(after.view.head(), Head::Timeline(_)), "{said}"),
            Deed::Undo => assert!(after.operations[0].1.undoes.is_some(), "{said}"),
            Deed::Merge | Deed::Rebase => {
                let side = after.refs[&format!("timelines/side-{round}")];
                let parents = &after.commits[&head].parents;
                assert_eq!(parents.last(), Some(&side), "{said}");
                assert_eq!(
                    parents.len(),
                    1 + usize::from(deed == Deed::Merge),
                    "{said}"
                );
            }
            Deed::Restore | Deed::Generate => {}
        }
    }

    /// The next commands succeed, and what was overwritten on purpose comes back.
    fn go_on(
        &mut self,
        said: &str,
        deed: Deed,
        published: bool,
        tree_before: &BTreeMap<String, Vec<u8>>,
        mine: &[String],
    ) {
        match deed {
            Deed::Restore => {
                let edited = &mine[2];
                if published {
                    self.acknowledge(&["undo", "-q"]);
                }
                let now = std::fs::read(self.world.path(edited)).ok();
                assert_eq!(
                    now.as_ref(),
                    tree_before.get(edited),
                    "{said}: it is brought back"
                );
                self.acknowledge(&["restore", "-q", edited]);
            }
            Deed::Generate => self.world.ok(&["generate", "-q", "frames"]).clear(),
            _ => {}
        }
        self.world.write("after", said);
        if deed == Deed::Generate {
            // A run commits the sources first, this one among them.
            self.world.write("kept.txt", "kept");
        } else {
            std::fs::remove_file(self.world.path(&mine[0])).unwrap();
            self.acknowledge(&["restore", "-q", "kept.txt"]);
        }
        self.acknowledge(&[
            "commit", "-q", "-m", "Goes on", "after", "notes", "kept.txt",
        ]);
        let incoming = std::fs::read_dir(self.world.path(".aiut/incoming")).unwrap();
        assert_eq!(incoming.count(), 0, "{said}: a leftover");
    }
}

fn finished(child: &mut Child, arguments: &[&str]) -> bool {
    let Some(status) = child.try_wait().unwrap() else {
        return false;
    };
    let mut text = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    assert!(status.success(), "{arguments:?} failed: {text}");
    true
}

/// After an operation each file is as it was or as the new commit has it, and never half.
fn check_files(
    said: &str,
    before: &BTreeMap<String, Vec<u8>>,
    now: &BTreeMap<String, Vec<u8>>,
    after: &Seen,
    mine: &[String],
    deed: Deed,
) {
    let head: BTreeMap<&str, FileId> = after
        .head
        .iter()
        .map(|(path, entry)| (path.as_str(), entry.id))
        .collect();
    let moves = matches!(deed, Deed::Switch | Deed::Undo | Deed::Merge | Deed::Rebase);
    let paths: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    for path in paths.into_iter().filter(|path| *path != "numbers.toml") {
        let found = now.get(path);
        let committed = found.map(|bytes| FileId::of(bytes)) == head.get(path.as_str()).copied();
        let kept = found == before.get(path);
        assert!(committed || kept, "{said}: {path} is neither old nor new");
        assert!(
            committed || !moves || mine.contains(path),
            "{said}: {path} did not move along"
        );
    }
}
