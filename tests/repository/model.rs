//! Random sequences of commands against a model that is a few maps in memory.

use std::collections::BTreeMap;

use aiut::workflow::repository::{self as commands, SwitchTarget};
use proptest::prelude::*;

use super::world::World;

type Files = BTreeMap<String, String>;

/// A path, what it held before, and after.
type FileStep = (String, Option<String>, Option<String>);

#[derive(Debug, Clone)]
enum Step {
    Write(usize, u8),
    Remove(usize),
    Commit,
    Fork(usize),
    Switch(usize),
    Discard(usize),
    Undo,
    Redo,
}

const PATHS: [&str; 6] = ["a", "b", "d/x", "d/y", "d/e/z", "f"];
const NAMES: [&str; 3] = ["main", "one", "two"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..PATHS.len(), 0..4_u8).prop_map(|(path, text)| Step::Write(path, text)),
        2 => (0..PATHS.len()).prop_map(Step::Remove),
        4 => Just(Step::Commit),
        2 => (0..NAMES.len()).prop_map(Step::Fork),
        4 => (0..NAMES.len()).prop_map(Step::Switch),
        1 => (0..NAMES.len()).prop_map(Step::Discard),
        3 => Just(Step::Undo),
        2 => Just(Step::Redo),
    ]
}

/// Refs and what they hold: each timeline is the list of its trees.
#[derive(Debug, Clone, PartialEq, Eq)]
struct State {
    head: String,
    timelines: BTreeMap<String, Vec<Files>>,
}

impl State {
    fn committed(&self) -> Files {
        self.timelines
            .get(&self.head)
            .and_then(|trees| trees.last())
            .cloned()
            .unwrap_or_default()
    }
}

/// A done step: how to get back, and forth.
#[derive(Debug, Clone)]
struct Done {
    before: State,
    after: State,
    /// Files that the step changed.
    files: Vec<FileStep>,
}

struct Model {
    state: State,
    folder: Files,
    done: Vec<Done>,
    undone: Vec<Done>,
}

impl Model {
    fn record(&mut self, after: State, files: Vec<FileStep>) {
        for (path, _, text) in &files {
            match text {
                Some(text) => self.folder.insert(path.clone(), text.clone()),
                None => self.folder.remove(path),
            };
        }
        let before = std::mem::replace(&mut self.state, after.clone());
        self.done.push(Done {
            before,
            after,
            files,
        });
        self.undone.clear();
    }

    fn commit(&mut self) {
        if self.state.committed() != self.folder {
            let mut after = self.state.clone();
            after
                .timelines
                .entry(after.head.clone())
                .or_default()
                .push(self.folder.clone());
            self.record(after, vec![]);
        }
    }

    /// What switching changes, or none when it must refuse.
    fn switch(&self, name: &str, discard: bool) -> Option<Vec<FileStep>> {
        let from = self.state.committed();
        let to = self.state.timelines.get(name)?.last()?.clone();
        let mut changes = Vec::new();
        for path in PATHS {
            let (now, old, new) = (self.folder.get(path), from.get(path), to.get(path));
            let differs = old != new || (discard && new.is_some());
            if differs && now != new {
                if now.is_some() && now != old && !discard {
                    return None;
                }
                changes.push((path.to_owned(), now.cloned(), new.cloned()));
            }
        }
        Some(changes)
    }

    fn take_back(&mut self, back: bool) -> bool {
        let Some(done) = (if back {
            self.done.last()
        } else {
            self.undone.last()
        })
        .cloned() else {
            return false;
        };
        let steps: Vec<_> = done
            .files
            .iter()
            .map(|(path, before, after)| {
                if back {
                    (path, after, before)
                } else {
                    (path, before, after)
                }
            })
            .collect();
        let clean = |(path, from, to): &(&String, &Option<String>, &Option<String>)| {
            let now = self.folder.get(*path);
            now.is_none() || now == to.as_ref() || now == from.as_ref()
        };
        if !steps.iter().all(clean) {
            return false;
        }
        for (path, _, to) in steps {
            match to {
                Some(text) => self.folder.insert(path.clone(), text.clone()),
                None => self.folder.remove(path),
            };
        }
        if back {
            self.undone.extend(self.done.pop());
            self.state = done.before;
        } else {
            self.done.extend(self.undone.pop());
            self.state = done.after;
        }
        true
    }
}

fn check(world: &World, model: &Model) {
    assert_eq!(world.files(), model.folder);
    let view = world.project.view().unwrap().1;
    assert_eq!(
        *view.head(),
        aiut::object::Head::Timeline(model.state.head.clone())
    );
    for name in NAMES {
        let expected = model
            .state
            .timelines
            .get(name)
            .and_then(|trees| trees.last());
        let found = commands::ls(&world.project, &format!("timelines/{name}"), world.now());
        assert_eq!(found.is_ok(), expected.is_some(), "{name}");
        let Some(expected) = expected else { continue };
        let found: Files = found
            .unwrap()
            .iter()
            .map(|file| {
                let path = file.path.to_string();
                let text = world.cat(&format!("timelines/{name}:{path}")).unwrap();
                (path, text)
            })
            .collect();
        assert_eq!(&found, expected, "{name}");
    }
    let is_clean = model.folder == model.state.committed();
    assert_eq!(world.status().is_empty(), is_clean);
}

fn play(steps: &[Step]) {
    let world = World::new();
    let state = State {
        head: "main".into(),
        timelines: BTreeMap::new(),
    };
    let mut model = Model {
        state,
        folder: Files::new(),
        done: vec![],
        undone: vec![],
    };
    for step in steps {
        match step {
            Step::Write(at, text) => {
                // Of one length, so that only content and times tell them apart.
                let text = format!("text {text}");
                world.write(PATHS[*at], &text);
                model.folder.insert(PATHS[*at].into(), text);
            }
            Step::Remove(at) => {
                if model.folder.remove(PATHS[*at]).is_some() {
                    world.remove(PATHS[*at]);
                }
            }
            Step::Commit => {
                world.try_commit("Step", &[]).unwrap();
                model.commit();
            }
            Step::Fork(at) => {
                let target = SwitchTarget::New {
                    name: NAMES[*at],
                    start: None,
                };
                let made =
                    commands::switch(&world.project, &world.caller("switch -c"), target, false);
                let exists = model.state.timelines.contains_key(NAMES[*at]);
                assert_eq!(made.is_ok(), !exists);
                if !exists {
                    let mut after = model.state.clone();
                    if let Some(trees) = after.timelines.get(&after.head).cloned() {
                        after.timelines.insert(NAMES[*at].into(), trees);
                    }
                    after.head = NAMES[*at].into();
                    if after != model.state {
                        model.record(after, vec![]);
                    }
                }
            }
            Step::Switch(at) | Step::Discard(at) => {
                let (name, discard) = (NAMES[*at], matches!(step, Step::Discard(_)));
                let target = SwitchTarget::Timeline(name);
                let went =
                    commands::switch(&world.project, &world.caller("switch"), target, discard);
                if !model.state.timelines.contains_key(name) {
                    assert_eq!(went.is_ok(), model.state.head == name);
                    continue;
                }
                match model.switch(name, discard) {
                    None => assert!(went.is_err()),
                    Some(changes) => {
                        went.unwrap();
                        let after = State {
                            head: name.into(),
                            ..model.state.clone()
                        };
                        if after != model.state || !changes.is_empty() {
                            model.record(after, changes);
                        }
                    }
                }
            }
            Step::Undo => assert_eq!(world.undo().is_ok(), model.take_back(true)),
            Step::Redo => assert_eq!(world.redo().is_ok(), model.take_back(false)),
        }
        check(&world, &model);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn commands_do_what_a_few_maps_in_memory_do(steps in prop::collection::vec(step(), 1..40)) {
        play(&steps);
    }
}
