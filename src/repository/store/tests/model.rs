//! The store against a model in memory, over random lives: what was stored, forgotten in a
//! dropped batch, refused, reopened, rebuilt.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::support::{Sandbox, noise, publish};
use crate::object::{FileId, OperationId, Tree, TreeEntry, TreeId};
use crate::store::{Store, StoreError};

#[derive(Debug, Clone)]
enum Step {
    /// Files of these seeds and sizes, and perhaps an operation; committed or not.
    Batch {
        files: Vec<(u8, usize)>,
        operation: Operate,
        commit: bool,
    },
    Reopen,
    LoseIndex,
    Rebuild,
}

#[derive(Debug, Clone, Copy)]
enum Operate {
    No,
    OnCurrent,
    OnOther,
}

fn step() -> impl Strategy<Value = Step> {
    let size = prop_oneof![5 => 0..3000_usize, 2 => 60_000..300_000_usize, 1 => Just(9 << 20)];
    let operation = prop_oneof![2 => Just(Operate::No), 2 => Just(Operate::OnCurrent), 1 => Just(Operate::OnOther)];
    let batch = (
        vec((0..12_u8, size), 0..5),
        operation,
        prop::bool::weighted(0.8),
    )
        .prop_map(|(files, operation, commit)| Step::Batch {
            files,
            operation,
            commit,
        });
    prop_oneof![8 => batch, 2 => Just(Step::Reopen), 1 => Just(Step::LoseIndex), 1 => Just(Step::Rebuild)]
}

#[derive(Default)]
struct Model {
    files: BTreeMap<FileId, (u8, usize)>,
    trees: BTreeMap<TreeId, Tree>,
    current: Option<OperationId>,
}

impl Model {
    fn check(&self, store: &Store) {
        for (id, (seed, size)) in &self.files {
            assert!(store.read_file(*id, u64::MAX).unwrap() == content(*seed, *size));
        }
        for (id, tree) in &self.trees {
            assert_eq!(&store.get::<Tree>(*id).unwrap(), tree);
        }
        let stored: Vec<FileId> = store.resolve_file("", usize::MAX).unwrap();
        assert_eq!(stored, self.files.keys().copied().collect::<Vec<_>>());
        let mut trees = store.ids::<Tree>().unwrap();
        // That of every commit of `publish`.
        trees.retain(|id| store.get::<Tree>(*id).unwrap() != Tree::default());
        assert_eq!(trees, self.trees.keys().copied().collect::<Vec<_>>());
        assert_eq!(store.view().unwrap().0, self.current);
    }
}

/// Half of them shrink, and those of one seed share most of their bytes.
fn content(seed: u8, size: usize) -> Vec<u8> {
    match seed % 2 {
        0 => noise(size, u64::from(seed)),
        _ => [seed, b'a', b'\n']
            .iter()
            .copied()
            .cycle()
            .take(size)
            .collect(),
    }
}

fn live(steps: &[Step]) {
    let sandbox = Sandbox::new();
    let mut store = sandbox.open();
    let mut model = Model::default();
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Batch {
                files,
                operation,
                commit,
            } => {
                let batch = store.batch();
                let mut added = Model {
                    current: model.current,
                    ..Model::default()
                };
                for (seed, size) in files {
                    let stored = batch.put_file(&content(*seed, *size)[..]).unwrap();
                    assert_eq!(stored.size, *size as u64);
                    added.files.insert(stored.id, (*seed, *size));
                    let entry = TreeEntry::file(format!("{seed}"), stored.id, stored.size);
                    let tree = Tree::new(vec![entry]).unwrap();
                    added.trees.insert(batch.put(&tree).unwrap(), tree);
                }
                let expected = match operation {
                    Operate::No => None,
                    Operate::OnCurrent => Some(model.current),
                    Operate::OnOther => Some(Some(OperationId::from_bytes([9; 32]))),
                };
                if let Some(expected) = expected {
                    added.current =
                        Some(publish(&batch, expected, &format!("step {number}")).unwrap());
                }
                if *commit {
                    match (batch.commit(), operation) {
                        (Err(StoreError::Conflict { .. }), Operate::OnOther) => {}
                        (Ok(_), Operate::No | Operate::OnCurrent) => {
                            model.files.extend(added.files);
                            model.trees.extend(added.trees);
                            model.current = added.current;
                        }
                        (result, _) => panic!("{result:?}"),
                    }
                }
            }
            Step::Reopen => {
                drop(store);
                store = sandbox.open();
            }
            Step::LoseIndex => {
                drop(store);
                sandbox.delete_index();
                store = sandbox.open();
            }
            Step::Rebuild => store.rebuild_index().unwrap(),
        }
        model.check(&store);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_store_is_what_the_model_says(steps in vec(step(), 1..12)) {
        live(&steps);
    }
}
