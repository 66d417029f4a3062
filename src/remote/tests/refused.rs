//! What a shared folder does not take, and that nothing is left of it.

use std::io::Cursor;

use super::support::{Desk, Studio, noise};
use crate::ids::{PackId, SessionId};
use crate::object::{
    Commit, CommitId, FileId, Object, ObjectId, ObjectKind, Person, Timestamp, Tree, TreeEntry,
};
use crate::store::{ExchangeWriter, RecordId};
use crate::wire::{Push, RefMove};
use crate::{Remote, RemoteError, Storage, write_parcel};

#[test]
fn refs_move_from_where_they_were_seen_and_forward() {
    let (rae, kim, studio) = (Desk::new(), Desk::new(), Studio::new());
    let remote = studio.open();
    let first = rae.commit("main", &[], &[("a", vec![1])]);
    rae.push(&remote, "main").unwrap();
    kim.fetch(&remote).unwrap();
    let mine = rae.commit("main", &[first], &[("a", vec![2])]);
    rae.push(&remote, "main").unwrap();
    let theirs = kim.commit("main", &[first], &[("b", vec![3])]);
    let refused = kim.push(&remote, "main").unwrap_err();
    assert!(
        matches!(&refused, RemoteError::NotForward(name) if name == "timelines/main"),
        "{refused}"
    );
    assert_eq!(remote.advertise().unwrap().refs["timelines/main"], mine);
    // By force, but only over what was seen.
    let mut request = crate::PushRequest {
        to: [("timelines/main".into(), Some(theirs))].into(),
        from: [("timelines/main".into(), Some(first))].into(),
        force: true,
    };
    let silent = crate::base::progress::Silent;
    let refused = crate::push(&remote, kim.store(), &request, &silent).unwrap_err();
    assert!(
        matches!(&refused, RemoteError::Moved(refs) if refs[0].found == Some(mine)),
        "{refused}"
    );
    request.from = [("timelines/main".into(), Some(mine))].into();
    crate::push(&remote, kim.store(), &request, &silent).unwrap();
    assert_eq!(remote.advertise().unwrap().refs["timelines/main"], theirs);
    // Taking a timeline away, and then the same push as before the force: it is another one.
    let away = crate::PushRequest {
        to: [("timelines/main".into(), None)].into(),
        ..Default::default()
    };
    let refused = crate::push(&remote, kim.store(), &away, &silent).unwrap_err();
    assert!(
        refused.to_string().contains("push that by force"),
        "{refused}"
    );
    let away = crate::PushRequest {
        force: true,
        ..away
    };
    crate::push(&remote, kim.store(), &away, &silent).unwrap();
    assert_eq!(remote.advertise().unwrap().refs, [].into());
    for _ in 0..2 {
        rae.push(&remote, "main").unwrap();
        assert_eq!(remote.advertise().unwrap().refs["timelines/main"], mine);
        crate::push(&remote, kim.store(), &away, &silent).unwrap();
    }
    studio.is_sound();
}

/// A pack of records that no honest store has together.
struct Crafted(ExchangeWriter<Vec<u8>>);

impl Crafted {
    fn new() -> Self {
        Self(ExchangeWriter::begin(Vec::new(), &[9; 16]).unwrap())
    }

    fn with(mut self, desk: &Desk, record: RecordId) -> Self {
        let carried = desk.store().carry(&record).unwrap().unwrap();
        self.0.push(&carried).unwrap();
        self
    }

    fn bytes(self) -> Vec<u8> {
        self.0.finish().unwrap()
    }
}

fn of<T: Object>(id: T::Id) -> RecordId {
    RecordId::of_object(T::KIND, *id.digest())
}

/// Uploads a pack and tries to have a ref moved to `tip`.
fn try_push(remote: &dyn Remote, name: u8, pack: &[u8], tip: CommitId) -> RemoteError {
    let session = SessionId([name; 16]);
    remote.begin(&session).unwrap();
    let bytes = pack.len() as u64;
    if !pack.is_empty() {
        let id = PackId([name; 16]);
        assert_eq!(
            remote
                .upload(&session, &id, bytes, 0, &mut Cursor::new(pack))
                .unwrap(),
            bytes
        );
    }
    let to = RefMove {
        from: None,
        to: Some(tip),
    };
    let push = Push {
        moves: [("timelines/x".to_owned(), to)].into(),
        force: false,
    };
    remote.commit(&session, &push).unwrap_err()
}

#[test]
fn what_names_more_than_was_sent_is_refused_and_leaves_nothing() {
    let (desk, studio) = (Desk::new(), Studio::new());
    let film = noise(300_000, 4);
    let first = desk.commit("main", &[], &[("a", vec![1]), ("film.mp4", film.clone())]);
    let second = desk.commit("main", &[first], &[("b", vec![2])]);
    let remote = studio.open();
    let commit: Commit = desk.store().get::<Commit>(first).unwrap();
    let (tree, file) = (of::<Tree>(commit.tree), RecordId::of_blob(FileId::of(&[1])));
    let layout = RecordId::of_layout(FileId::of(&film));
    let record = of::<Commit>(first);
    let missing = |error: RemoteError| match error {
        RemoteError::Missing(records) => records,
        error => panic!("{error}"),
    };
    // Nothing at all: an empty push is looked at, too.
    assert_eq!(missing(try_push(&remote, 1, &[], first)), [record]);
    // A commit without its tree, and a tree without its files.
    let pack = Crafted::new().with(&desk, record).bytes();
    assert_eq!(missing(try_push(&remote, 2, &pack, first)), [tree]);
    let pack = Crafted::new().with(&desk, tree).with(&desk, record).bytes();
    assert!(missing(try_push(&remote, 3, &pack, first)).contains(&file));
    // A layout without its chunks.
    let pack = Crafted::new()
        .with(&desk, file)
        .with(&desk, layout)
        .with(&desk, tree)
        .with(&desk, record);
    assert!(
        missing(try_push(&remote, 4, &pack.bytes(), first))
            .iter()
            .all(RecordId::is_chunk)
    );
    // Beside what is whole, something that no ref leads to: a later push may build on it.
    let whole = crate::plan(desk.store(), &[first], &[]).unwrap();
    let mut pack = Crafted::new();
    for listed in &whole {
        pack = pack.with(&desk, listed.record);
    }
    let pack = pack.with(&desk, of::<Commit>(second)).bytes();
    let wanted = missing(try_push(&remote, 5, &pack, first));
    assert_eq!(wanted.len(), 1);
    assert_eq!(wanted[0].object_kind(), Some(ObjectKind::Tree));
    assert_eq!(remote.advertise().unwrap().refs, [].into());
    for listed in &whole {
        assert_eq!(
            remote.missing(None, &[listed.record]).unwrap(),
            [listed.record]
        );
    }
    // What was uploaded is seen within its push alone.
    assert_eq!(
        remote
            .missing(Some(&SessionId([2; 16])), &[record])
            .unwrap(),
        []
    );
    studio.is_sound();
}

#[test]
fn what_is_damaged_or_lies_is_refused_and_thrown_away() {
    let (desk, studio) = (Desk::new(), Studio::new());
    let film = noise(300_000, 4);
    let first = desk.commit("main", &[], &[("film.mp4", film.clone())]);
    let remote = studio.open();
    let whole: Vec<RecordId> = crate::plan(desk.store(), &[first], &[])
        .unwrap()
        .iter()
        .map(|listed| listed.record)
        .collect();
    let mut pack = Vec::new();
    write_parcel(desk.store(), &whole, 0, &mut pack).unwrap();
    for (name, at) in [9, 40, 2000, pack.len() / 2, pack.len() - 70, pack.len() - 1]
        .into_iter()
        .enumerate()
    {
        let name = 10 + u8::try_from(name).unwrap();
        let mut pack = pack.clone();
        pack[at] ^= 4;
        let refused = try_push(&remote, name, &pack, first);
        assert!(
            matches!(refused, RemoteError::Refused(_)),
            "byte {at}: {refused}"
        );
        // It does not count as arrived any more.
        let session = SessionId([name; 16]);
        assert_eq!(remote.arrived(&session, &PackId([name; 16])).unwrap(), 0);
    }
    // A tree that says another length of a file than it has.
    let liar = Desk::new();
    let batch = liar.store().batch();
    let entry = TreeEntry::file("film.mp4", FileId::of(&film), 17);
    batch.put_seekable(Cursor::new(&film)).unwrap();
    let tree = batch.put(&Tree::new(vec![entry]).unwrap()).unwrap();
    let commit = Commit {
        tree,
        parents: vec![],
        author: Person {
            name: "Rae".into(),
            email: String::new(),
        },
        time: Timestamp {
            unix_seconds: 1,
            utc_offset_minutes: 0,
        },
        message: "lie".into(),
        generations: vec![],
    };
    let tip = batch.put(&commit).unwrap();
    batch.commit().unwrap();
    let listed = crate::plan(liar.store(), &[tip], &[]).unwrap();
    let records: Vec<RecordId> = listed.iter().map(|listed| listed.record).collect();
    let mut pack = Vec::new();
    write_parcel(liar.store(), &records, 0, &mut pack).unwrap();
    let refused = try_push(&remote, 30, &pack, tip).to_string();
    assert!(refused.contains("17 bytes"), "{refused}");
    // A pack of somebody's own store is none for exchange.
    let own = desk.root().join(".aiut/packs/00000001.pack");
    let refused = try_push(&remote, 31, &std::fs::read(own).unwrap(), first).to_string();
    assert!(refused.contains("stays in its project"), "{refused}");
    assert!(!Storage::has(&**remote_store(&remote), &of::<Commit>(tip)).unwrap());
    studio.is_sound();
}

fn remote_store(remote: &crate::FolderRemote) -> &std::sync::Arc<crate::store::Store> {
    remote.store()
}

#[test]
fn a_push_that_takes_too_long_ends() {
    let (desk, studio) = (Desk::new(), Studio::new());
    let tip = desk.commit("main", &[], &[("a", vec![1])]);
    let clock = std::sync::Arc::new(crate::base::clock::FixedClock::starting_at(1_000_000));
    let remote = studio.open_at(clock);
    let session = SessionId([3; 16]);
    let begun = remote.begin(&session).unwrap();
    assert_eq!(begun.expires, 1_000_000 + 24 * 3600);
    let pack = PackId([1; 16]);
    assert_eq!(
        remote
            .upload(&session, &pack, 100, 0, &mut Cursor::new(vec![0; 60]))
            .unwrap(),
        60
    );
    let wrong = remote
        .upload(&session, &pack, 100, 10, &mut Cursor::new(vec![0; 60]))
        .unwrap_err();
    assert!(matches!(wrong, RemoteError::Offset { have: 60 }), "{wrong}");
    let later = std::sync::Arc::new(crate::base::clock::FixedClock::starting_at(2_000_000));
    let remote = studio.open_at(later);
    assert!(matches!(
        remote.arrived(&session, &pack),
        Err(RemoteError::Ended)
    ));
    let to = RefMove {
        from: None,
        to: Some(tip),
    };
    let push = Push {
        moves: [("timelines/x".to_owned(), to)].into(),
        force: false,
    };
    assert!(matches!(
        remote.commit(&session, &push),
        Err(RemoteError::Ended)
    ));
    // It leaves nothing behind.
    remote.clear().unwrap();
    assert_eq!(
        std::fs::read_dir(studio.path.join("pushes"))
            .unwrap()
            .count(),
        0
    );
    desk.push(&remote, "main").unwrap();
}
