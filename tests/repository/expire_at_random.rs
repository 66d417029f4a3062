//! Operations and takes that are let go of between whatever else is done: nothing that is held is lost.

use aiut::object::Head;
use aiut::workflow::repository::{self as commands, SwitchTarget};
use proptest::prelude::*;

use super::expire::{assert_readable, assert_whole, collect, delete_unused, expire};
use super::upkeep::assert_sound;
use super::world::{World, generate, idle};

#[derive(Debug, Clone)]
enum Step {
    Commit(u8),
    Generate(u8),
    Undo,
    Redo,
    Fork(usize),
    Switch(usize),
    Delete(usize),
    Restore(usize),
    DeleteTakes,
    Expire,
    Collect(u32),
}

const NAMES: [&str; 3] = ["main", "one", "two"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..4_u8).prop_map(Step::Commit),
        6 => (0..6_u8).prop_map(Step::Generate),
        6 => Just(Step::Undo),
        3 => Just(Step::Redo),
        2 => (0..NAMES.len()).prop_map(Step::Fork),
        2 => (0..NAMES.len()).prop_map(Step::Switch),
        2 => (0..NAMES.len()).prop_map(Step::Delete),
        2 => (0..12_usize).prop_map(Step::Restore),
        3 => Just(Step::DeleteTakes),
        2 => Just(Step::Expire),
        3 => prop_oneof![Just(0_u32), Just(30)].prop_map(Step::Collect),
    ]
}

fn take_step(world: &World, step: &Step, day: i64) {
    let caller = world.caller("step");
    let project = &world.project;
    match step {
        Step::Commit(text) => {
            world.write("script", &text.to_string());
            drop(world.try_commit("Commit", &[]));
        }
        Step::Generate(n) => {
            let view = project.view().unwrap().1;
            if matches!(view.head(), Head::Timeline(_)) {
                generate(world, u64::from(*n));
            }
        }
        Step::Undo => drop(world.undo()),
        Step::Redo => drop(world.redo()),
        Step::Fork(n) => {
            let name = NAMES[*n];
            let target = SwitchTarget::New { name, start: None };
            drop(commands::switch(project, &caller, target, false));
        }
        Step::Switch(n) => {
            let target = SwitchTarget::Timeline(NAMES[*n]);
            drop(commands::switch(project, &caller, target, true));
        }
        Step::Delete(n) => {
            drop(commands::delete_timelines(
                project,
                &caller,
                &[NAMES[*n].to_owned()],
                true,
            ));
        }
        Step::Restore(n) => {
            let log = commands::op_log(project, usize::MAX).unwrap();
            if let Some(operation) = log.get(*n) {
                let id = operation.id.to_string();
                drop(commands::op_restore(project, &caller, &id, true));
            }
        }
        Step::DeleteTakes => drop(delete_unused(world)),
        Step::Expire => drop(expire(world, day, 90)),
        Step::Collect(grace) => drop(collect(world, day, *grace)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// Whatever is let go of and freed in between: all that timelines, tags and the operations that
    /// stay lead to can be read, and the packs alone say the same.
    #[test]
    fn nothing_that_is_held_is_ever_lost(steps in prop::collection::vec(step(), 1..40)) {
        let world = World::with(&[("script", "0")]);
        generate(&world, 0);
        for (n, step) in steps.iter().enumerate() {
            if n == steps.len() / 2 {
                // So that some of what was done is old.
                world.write("script", "in between");
                drop(world.try_commit("In between", &[]));
                idle(&world, 55);
            }
            take_step(&world, step, 200 + n as i64);
        }
        assert_whole(&world);
        assert_readable(&world);
        for _ in 0..8 {
            let back = world.undo();
            assert_sound(world.folder.path());
            if back.is_err() {
                break;
            }
        }
        assert_whole(&world);
        assert_readable(&world);
    }
}
