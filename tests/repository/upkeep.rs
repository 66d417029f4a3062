//! `fsck`, `gc`, `du`.

use std::path::{Path, PathBuf};

use aiut::base::clock::FixedClock;
use aiut::base::lock::Holder;
use aiut::history::Project;
use aiut::pipeline::Pipeline;
use aiut::workflow::progress::Silent;
use aiut::workflow::repository::{
    self as commands, FsckReport, FsckRequest, GcRequest, Scope, fsck,
};

use super::world::{START, World, caller, path};

pub(super) const DAY: i64 = 86_400;

pub(super) fn checked(root: &Path, data: bool, repair: bool) -> FsckReport {
    let request = FsckRequest { data, repair };
    fsck(root, &Holder::default(), request, &Silent).unwrap()
}

/// What was found, in words.
pub(super) fn told(report: &FsckReport) -> Vec<String> {
    let findings = report.findings.iter();
    findings.map(|finding| finding.what.clone()).collect()
}

pub(super) fn assert_sound(root: &Path) {
    let report = checked(root, true, false);
    assert_eq!(told(&report), [""; 0]);
    assert!(report.is_sound());
}

pub(super) fn packs(world: &World) -> Vec<PathBuf> {
    let packs = std::fs::read_dir(world.at(".aiut/packs")).unwrap();
    let mut packs: Vec<_> = packs.map(|entry| entry.unwrap().path()).collect();
    packs.sort();
    packs
}

/// The offset in a pack at which these bytes stand.
pub(super) fn find(pack: &Path, needle: &[u8]) -> usize {
    let bytes = std::fs::read(pack).unwrap();
    let found = bytes
        .windows(needle.len())
        .position(|window| window == needle);
    found.expect("it lies in the pack")
}

pub(super) fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 0x20;
    std::fs::write(path, bytes).unwrap();
}

/// Short enough not to be compressed, so that it is found in the pack.
pub(super) const IDEA: &str = "A coat that nobody owns.";

/// Bytes that do not shrink.
fn noise() -> Vec<u8> {
    let mut bytes = vec![0; 50_000];
    blake3::Hasher::new().finalize_xof().fill(&mut bytes);
    bytes
}

/// Three commits; the idea is the same in all of them.
pub(super) fn film() -> World {
    let world = World::with(&[("idea.md", IDEA), ("shots/1", "one"), ("shots/2", "two")]);
    world.write("shots/1", "one, better");
    world.commit("Better");
    world.fork("what-if");
    world.write("shots/3", "three");
    world.commit("Third");
    world
}

#[test]
fn a_damaged_file_is_named_with_its_commits_and_stored_again_from_the_folder() {
    let world = film();
    assert_sound(world.folder.path());
    let pack = packs(&world).remove(0);
    flip(&pack, find(&pack, IDEA.as_bytes()));
    let quick = checked(world.folder.path(), false, false);
    assert!(quick.is_sound(), "payloads are only read with --data");
    let report = checked(world.folder.path(), true, false);
    let [finding] = report.findings.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(finding.pack.as_deref(), Some("packs/00000001.pack"));
    assert_eq!(
        finding.id.as_deref(),
        Some(blake3::hash(IDEA.as_bytes()).to_hex().as_str())
    );
    let [affected] = finding.affects.as_slice() else {
        panic!("{finding:?}");
    };
    assert_eq!(
        (affected.path.as_ref(), affected.commits.len()),
        (Some(&path("idea.md")), 3)
    );
    assert_eq!(
        affected.commits[0],
        world.head().unwrap(),
        "the newest first"
    );
    assert_eq!(finding.remedy, "stored again from idea.md in the folder");

    let damaged = std::fs::read(&pack).unwrap();
    let mended = checked(world.folder.path(), true, true);
    assert!(mended.is_sound(), "{mended:?}");
    assert_eq!(mended.plan, report.plan, "it did what it had said");
    assert_sound(world.folder.path());
    assert_eq!(
        std::fs::read(world.at(".aiut/damaged/00000001.pack")).unwrap(),
        damaged
    );
    let again = Project::open(world.folder.path()).unwrap();
    let mut bytes = Vec::new();
    commands::cat(&again, "HEAD~2:idea.md", world.now(), None, &mut bytes).unwrap();
    assert_eq!(bytes, IDEA.as_bytes());
    let log = commands::op_log(&again, usize::MAX).unwrap();
    assert_eq!(log.len(), 5, "the whole log is there");
}

#[test]
fn a_damaged_file_that_was_renamed_is_found_in_the_folder_all_the_same() {
    let world = film();
    let pack = packs(&world).remove(0);
    flip(&pack, find(&pack, IDEA.as_bytes()));
    std::fs::rename(world.at("idea.md"), world.at("moved.md")).unwrap();
    let mended = checked(world.folder.path(), true, true).mended.unwrap();
    assert_eq!(
        (mended.restored, mended.left),
        (vec![path("moved.md")], vec![])
    );
}

#[test]
fn what_cannot_be_mended_stays_told_and_the_rest_is_mended() {
    let world = film();
    let pack = packs(&world).remove(0);
    flip(&pack, find(&pack, IDEA.as_bytes()));
    world.write("idea.md", "Another idea altogether.");
    let report = checked(world.folder.path(), true, true);
    let left = report.mended.as_ref().unwrap().left.as_slice();
    let [left] = left else { panic!("{report:?}") };
    assert_eq!((left.what.as_str(), left.kind), ("it is missing", "file"));
    assert_eq!(left.affects.len(), 1);
    assert!(
        left.remedy.starts_with("no sound copy is here"),
        "{}",
        left.remedy
    );
    assert!(!report.is_sound());
    // Another copy of the project has it: its packs beside ours give it back.
    let other = World::with(&[("idea.md", IDEA)]);
    std::fs::copy(&packs(&other)[0], world.at(".aiut/packs/00000003.pack")).unwrap();
    let project = Project::open(world.folder.path()).unwrap();
    let id = aiut::object::FileId::of(IDEA.as_bytes());
    assert_eq!(project.store().read_file(id, 100).unwrap(), IDEA.as_bytes());
    assert_sound(world.folder.path());
}

#[test]
fn a_damaged_tree_is_told_with_the_folder_that_it_was() {
    let world = film();
    let pack = packs(&world).remove(0);
    // The tree of shots/ in the first two commits; its entry for shot 2 never changed.
    let bytes = std::fs::read(&pack).unwrap();
    let id = blake3::hash(b"two");
    let at = bytes
        .windows(32)
        .position(|window| window == id.as_bytes())
        .expect("some tree names it");
    // The first hit is the header of the file's own record, the next lies in a tree.
    let next = bytes[at + 32..]
        .windows(32)
        .position(|window| window == id.as_bytes());
    if let Some(next) = next {
        flip(&pack, at + 32 + next);
        let report = checked(world.folder.path(), true, false);
        let finding = &report.findings[0];
        assert_eq!(finding.object, Some("tree"));
        let folders: Vec<_> = finding
            .affects
            .iter()
            .map(|affected| &affected.path)
            .collect();
        assert!(folders.contains(&&Some(path("shots"))), "{folders:?}");
    }
}

#[test]
fn nothing_that_an_operation_led_to_is_ever_collected() {
    let world = film();
    world.write("shots/1", "never committed");
    let scope = Scope::of(vec![path("shots/1")]);
    commands::restore(&world.project, &world.caller("restore"), &scope, None).unwrap();
    let target = commands::SwitchTarget::Timeline("main");
    commands::switch(&world.project, &world.caller("switch"), target, false).unwrap();
    let names = ["what-if".to_owned()];
    commands::delete_timelines(&world.project, &world.caller("branch -d"), &names, true).unwrap();
    world.undo().unwrap();
    world.undo().unwrap();
    // Stored, and then nothing came of it.
    let loose = world.project.store().put_file_bytes(&noise()).unwrap().id;
    let collect = |day: i64, grace_days| {
        let clock = FixedClock::starting_at(START + day * DAY);
        let request = GcRequest {
            grace_days,
            dry_run: false,
        };
        commands::gc(&world.project, &caller(&clock, "gc"), request)
            .unwrap()
            .collected
    };
    assert_eq!((collect(1, 30).records, collect(1, 30).waiting), (0, 1));
    // The clock stood at 1970 for a while.
    assert_eq!(collect(-START / DAY, 30).records, 0);
    assert_eq!(collect(30, 30).records, 0);
    assert!(world.project.store().contains_file(loose).unwrap());
    assert_eq!(collect(32, 30).records, 1);
    assert!(!world.project.store().contains_file(loose).unwrap());
    assert_sound(world.folder.path());
    for _ in 0..2 {
        world.redo().unwrap();
    }
    for _ in 0..3 {
        world.undo().unwrap();
    }
    assert_eq!(world.read("shots/1"), "never committed");
    for _ in 0..4 {
        world.undo().unwrap();
    }
    assert!(world.subjects().is_empty());
    for _ in 0..4 {
        world.redo().unwrap();
    }
    assert_eq!(world.subjects().len(), 3);
}

#[test]
fn gc_refuses_while_something_is_missing() {
    let world = film();
    let pack = packs(&world).remove(0);
    flip(&pack, find(&pack, IDEA.as_bytes()) - 40);
    let request = GcRequest {
        grace_days: 0,
        dry_run: false,
    };
    let before = packs(&world);
    let error = commands::gc(&world.project, &world.caller("gc"), request).unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with("nothing is thrown away before that is mended"),
        "{text}"
    );
    assert_eq!(
        error.hint().as_deref(),
        Some("`aiut fsck` says what is wrong and what mends it")
    );
    assert_eq!(packs(&world), before);
}

#[test]
fn du_counts_every_byte_of_the_packs_once() {
    let world = film();
    world.project.store().put_file_bytes(&noise()).unwrap();
    let pipeline = Pipeline::new(&Default::default()).unwrap();
    let report = commands::du(&world.project, &pipeline, &Scope::all(), world.now()).unwrap();
    assert_eq!((report.folder_files, report.packs), (4, Some(1)));
    let folder: u64 = world.files().values().map(|text| text.len() as u64).sum();
    assert_eq!(report.folder_bytes, folder);
    let kinds: Vec<_> = report
        .kinds
        .iter()
        .map(|kind| (kind.kind.as_str(), kind.contents))
        .collect();
    assert_eq!(kinds[..2], [("idea", 1), ("other files", 4)]);
    let stored: u64 = report.kinds.iter().map(|kind| kind.stored_bytes).sum();
    let all = stored + report.unreachable_bytes;
    // What remains are the pack's header, the ends of batches and the heads.
    let pack = report.pack_bytes.unwrap();
    assert!(all < pack && pack - all < 2000, "{all} of {pack}");
    assert!(report.unreachable_bytes > 0);
    let [main, other] = report.timelines.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!((main.timeline.as_str(), main.own_bytes), ("main", 0));
    assert_eq!(main.stored_bytes, report.shared_bytes);
    assert_eq!(other.stored_bytes, report.shared_bytes + other.own_bytes);
    let shots = Scope::of(vec![path("shots")]);
    let report = commands::du(&world.project, &pipeline, &shots, world.now()).unwrap();
    assert_eq!((report.folder_files, report.kinds.len()), (3, 1));
    let nowhere = Scope::of(vec![path("nowhere")]);
    assert!(commands::du(&world.project, &pipeline, &nowhere, world.now()).is_err());
}
