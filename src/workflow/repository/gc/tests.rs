use super::*;
use crate::base::clock::{Clock, FixedClock};
use crate::base::lock::Holder;
use crate::object::{
    Action, Commit, CommitId, Expiry, Generation, GenerationId, Output, Tree, TreeEntry,
};
use crate::store::Stored;
use crate::workflow::progress::Silent;
use crate::workflow::repository::{FsckRequest, fsck, undo, unused_takes};

const DAY_ZERO: i64 = 1_795_176_000;

fn caller(clock: &dyn Clock) -> Caller<'_> {
    Caller {
        holder: Holder::default(),
        clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    }
}

/// Stores a take that nothing leads to.
fn take(project: &Project, cost_micro_usd: u64) -> (GenerationId, Stored) {
    let store = project.store();
    let frame = format!("a frame for {cost_micro_usd}");
    let frame = store.put_file_bytes(frame.as_bytes()).unwrap();
    let action = Action {
        schema: 1,
        stage: "frames".into(),
        item: "1".into(),
        generator: "panel".into(),
        version: "1".into(),
        parameters: Default::default(),
        reads: Default::default(),
    };
    let run = Generation {
        action: store.put(&action).unwrap(),
        outputs: vec![Output {
            path: "1.png".parse().unwrap(),
            id: frame.id,
            size: frame.size,
        }],
        request: None,
        answer: None,
        model: None,
        seed: Some(0),
        cost_micro_usd,
        started_ms: 0,
        finished_ms: 1,
        tools: Default::default(),
        inputs: Default::default(),
    };
    (store.put(&run).unwrap(), frame)
}

/// A commit with a take, undone, and the take let go of.
fn film() -> (tempfile::TempDir, Project, CommitId, GenerationId) {
    let folder = tempfile::tempdir().unwrap();
    let clock = FixedClock::starting_at(DAY_ZERO);
    let caller = caller(&clock);
    let project =
        Project::init(folder.path(), &caller, crate::object::ProjectId::random()).unwrap();
    let (run, frame) = take(&project, 0);
    let mut entry = TreeEntry::file("1.png", frame.id, frame.size);
    entry.made_by = Some(run);
    let mut transaction = project.transaction(&caller).unwrap();
    let tree = transaction
        .batch()
        .put(&Tree::new(vec![entry]).unwrap())
        .unwrap();
    let author = crate::object::Person {
        name: "Rae".into(),
        email: "rae@example.org".into(),
    };
    let commit = transaction
        .commit(tree, &author, clock.now(), "Take", vec![run])
        .unwrap();
    transaction.publish(&caller, vec![], None).unwrap();
    undo(&project, &caller).unwrap();
    assert_eq!(
        unused_takes(&project)
            .unwrap()
            .let_go(&project, &caller)
            .unwrap(),
        1
    );
    (folder, project, commit, run)
}

/// Collects at once; `act` works as soon as all is prepared.
fn collect_while(project: &Project, act: impl FnOnce(&Caller<'_>)) {
    let clock = FixedClock::starting_at(DAY_ZERO + DAY);
    let caller = caller(&clock);
    let request = GcRequest {
        grace_days: 0,
        dry_run: false,
    };
    collect(project, &caller, request, HashSet::new(), || act(&caller)).unwrap();
    let root = project.root();
    let request = FsckRequest {
        data: true,
        repair: false,
    };
    let report = fsck(root, &Holder::default(), request, &Silent).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn what_was_let_go_of_and_nobody_wants_goes() {
    let (_folder, project, commit, run) = film();
    collect_while(&project, |_| {});
    assert!(!project.store().has::<Generation>(run).unwrap());
    assert!(project.store().has::<Commit>(commit).unwrap());
}

#[test]
fn what_a_run_made_is_kept_as_long_as_that_is_under_way() {
    let (_folder, project, _, let_go) = film();
    let (take, bytes) = take(&project, 500_000);
    let share = || {
        let own = project.tree().own();
        FileLock::share(own, super::super::SCRATCH_LOCK, std::time::Duration::ZERO).unwrap()
    };
    let is_there = |take| project.store().has::<Generation>(take).unwrap();
    let run = share();
    collect_while(&project, |_| {});
    assert!(is_there(take), "of a run that lived all the time");
    drop(run);
    let mut run = None;
    collect_while(&project, |_| run = Some(share()));
    assert!(is_there(take), "of a run that gc met at its end");
    assert!(is_there(let_go), "it may bring this back");
    assert!(project.store().file_size(bytes.id).is_ok());
    drop(run);
    collect_while(&project, |_| {});
    assert!(!is_there(take) && !is_there(let_go), "the run has ended");
}

#[test]
fn what_is_taken_back_while_gc_works_is_kept() {
    let (_folder, project, _, run) = film();
    collect_while(&project, |caller| drop(undo(&project, caller).unwrap()));
    assert!(project.store().has::<Generation>(run).unwrap());
    let expiry = crate::history::current_expiry(project.store()).unwrap();
    assert_eq!(expiry, Expiry::default());
}

#[test]
fn a_commit_that_is_taken_up_while_gc_works_keeps_its_take() {
    let (_folder, project, commit, run) = film();
    collect_while(&project, |caller| {
        let mut transaction = project.transaction(caller).unwrap();
        transaction
            .set_ref("timelines/again", None, Some(commit))
            .unwrap();
        transaction.publish(caller, vec![], None).unwrap();
    });
    assert!(project.store().has::<Generation>(run).unwrap());
}

#[test]
fn operations_that_are_taken_back_while_gc_works_are_kept() {
    let (_folder, project, ..) = film();
    let clock = FixedClock::starting_at(DAY_ZERO);
    let caller = caller(&clock);
    for n in 0..110 {
        let mut transaction = project.transaction(&caller).unwrap();
        let head = crate::object::Head::Timeline(format!("t{n}"));
        transaction.view.stand_on(project.store(), head).unwrap();
        transaction.publish(&caller, vec![], None).unwrap();
    }
    let old = super::super::old_operations(&project, DAY_ZERO + DAY)
        .unwrap()
        .unwrap();
    let_go_of_operations(&project, &caller, &old).unwrap();
    collect_while(&project, |caller| drop(undo(&project, caller).unwrap()));
    let log = crate::history::operations(project.store(), usize::MAX).unwrap();
    assert!(
        log.last().unwrap().operation.parents.is_empty(),
        "all of the log is there"
    );
}
