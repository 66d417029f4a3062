//! What is tried with arbitrary bytes, and what must hold whatever they are. A target panics where
//! it does not.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each fuzz target is a program with one of them"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use aiut::base::lock::Holder;
use aiut::exchange::picture;
use aiut::film::bible::StyleRecord;
use aiut::film::fountain;
use aiut::film::prompts::{Inputs, People, SceneHead, Settings, request};
use aiut::film::shots::ShotList;
use aiut::media::still;
use aiut::object::{
    self, Acceptance, Action, Commit, Conflict, Expiry, FileId, Generation, Object, Operation,
    ProjectId, Refs, RepoPath, Tree, TreeEntry, View, check_name, check_ref_name,
};
use aiut::pipeline::{Contents, Parsed, Pipeline, Snapshot, Unread};
use aiut::store::{Store, Watch, check, film_in_pieces};
use aiut::workflow::settings::{ProjectConfig, edited, removed};

/// A target and its name, which its folder of the corpus has, too.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 10] = [
    ("object", object),
    ("tree_name", tree_name),
    ("ref_name", ref_name),
    ("pack", pack),
    ("pack_recovery", pack_recovery),
    ("fountain", fountain),
    ("shot_list", shot_list),
    ("config", config),
    ("picture", picture),
    ("film", film),
];

/// The first byte chooses the kind, the rest is an encoding. What decodes is the one encoding of
/// what it decodes to.
pub fn object(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    match kind % 10 {
        0 => {
            if let Some(tree) = one_encoding::<Tree>(bytes) {
                let names = tree.entries().iter().map(|entry| check_name(&entry.name));
                names.for_each(|name| name.expect("a decoded tree has safe names"));
            }
        }
        1 => drop(one_encoding::<Commit>(bytes)),
        2 => drop(one_encoding::<Action>(bytes)),
        3 => drop(one_encoding::<Generation>(bytes)),
        4 => drop(one_encoding::<Acceptance>(bytes)),
        5 => drop(one_encoding::<Operation>(bytes)),
        6 => drop(one_encoding::<View>(bytes)),
        7 => drop(one_encoding::<Expiry>(bytes)),
        8 => drop(one_encoding::<Conflict>(bytes)),
        _ => drop(one_encoding::<Refs>(bytes)),
    }
}

fn one_encoding<T: Object>(bytes: &[u8]) -> Option<T> {
    let decoded = object::decode::<T>(bytes).ok()?;
    let again = object::encode(&decoded).expect("what was decoded can be encoded");
    if again != bytes {
        // Keys of a later aiut, which an object of this kind does not hand on.
        assert!(again.len() < bytes.len(), "two encodings of one object");
        let known = object::decode::<T>(&again).expect("what is encoded can be decoded");
        assert_eq!(
            object::encode(&known).ok(),
            Some(again),
            "it is no encoding"
        );
        assert_eq!(known.references(), decoded.references());
    }
    decoded.references();
    Some(decoded)
}

/// A name that passes is one step down into a folder and stands in a tree that reads back; one
/// that does not is refused by encoder and decoder alike.
pub fn tree_name(bytes: &[u8]) {
    let Ok(name) = std::str::from_utf8(bytes) else {
        return;
    };
    let id = FileId::from_bytes([0; 32]);
    let tree = |name: &str| Tree::new(vec![TreeEntry::file(name, id, 1)]);
    if check_name(name).is_ok() {
        let mut steps = Path::new(name).components();
        let step = steps.next().expect("a name is not empty");
        assert!(matches!(step, std::path::Component::Normal(n) if n == name));
        assert!(steps.next().is_none() && !name.contains(['/', '\\', '\0', ':']));
        assert!(!name.eq_ignore_ascii_case(".aiut") && !name.eq_ignore_ascii_case(".git"));
        let tree = tree(name).expect("a safe name stands in a tree");
        let bytes = object::encode(&tree).expect("a tree of safe names");
        assert_eq!(object::decode::<Tree>(&bytes), Ok(tree));
        return;
    }
    assert!(tree(name).is_err());
    // The same tree as an attacker encodes it: with a name of as many bytes put in its place.
    if !(1..=255).contains(&name.len()) {
        return;
    }
    let stand_in = "Q".repeat(name.len());
    let mut bytes = object::encode(&tree(&stand_in).expect("plain")).expect("a tree");
    let at = bytes
        .windows(name.len())
        .position(|w| w == stand_in.as_bytes())
        .expect("the name stands in the encoding");
    bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
    assert!(object::decode::<Tree>(&bytes).is_err(), "{name:?} decoded");
}

/// What may name a timeline may name a branch of git, and but for what aiut keeps for itself the
/// other way round. See `git check-ref-format`.
pub fn ref_name(bytes: &[u8]) {
    let Ok(name) = std::str::from_utf8(bytes) else {
        return;
    };
    // Neither can be given to a program as an argument.
    if name.contains('\0') || name.len() > 1000 {
        assert!(check_ref_name(name).is_err());
        return;
    }
    let git = std::process::Command::new("git")
        .arg("check-ref-format")
        .arg(format!("refs/heads/{name}"))
        .status();
    let Ok(git) = git else { return };
    let ours = check_ref_name(name);
    // A name of several words is a nuisance in every shell; `@` and `HEAD` are revisions, `-` begins
    // an option. Control characters above ASCII do to a terminal what those below do.
    let stricter = name == "@"
        || name == "HEAD"
        || name.starts_with('-')
        || name.contains(|c: char| c.is_whitespace() || c.is_control());
    assert!(
        ours.is_ok() == git.success() || (git.success() && stricter),
        "{name:?}: git says {git}, aiut {ours:?}"
    );
}

/// Bytes of a file that neither repeat nor shrink.
fn noise(length: usize, seed: u8) -> Vec<u8> {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// The files in the packs of the corpus: small ones, one that is cut up, one that repeats.
fn files() -> [Vec<u8>; 4] {
    [
        b"INT. KITCHEN - NIGHT\n".to_vec(),
        noise(900, 1),
        noise(70_000, 2),
        b"She waits. ".repeat(9000),
    ]
}

/// A store in a folder of its own, with the index gone and these bytes as its only pack.
fn store_of(pack: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(".aiut");
    drop(Store::create(&path, ProjectId::from_bytes([7; 16])));
    let _ = std::fs::remove_dir_all(path.join("index"));
    aiut::base::atomic::write(&path.join("packs/00000001.pack"), pack).expect("a pack");
    (folder, path)
}

struct Unwatched;

impl Watch for Unwatched {
    fn begin(&self, _what: &str, _bytes: u64) {}
    fn advance(&self, _bytes: u64) {}
}

/// The pack that the corpus begins with.
pub fn sound_pack() -> &'static [u8] {
    static PACK: OnceLock<Vec<u8>> = OnceLock::new();
    PACK.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(".aiut");
        let store = Store::create(&path, ProjectId::from_bytes([7; 16]))
            .and_then(|_| Store::open(&path))
            .expect("a store");
        for file in files() {
            store.put_file_bytes(&file).expect("a stored file");
        }
        drop(store);
        std::fs::read(path.join("packs/00000001.pack")).expect("its pack")
    })
}

/// A pack of any bytes: what it serves is what was asked for, or nothing; a check says so if
/// something is missing.
pub fn pack(bytes: &[u8]) {
    let (_folder, path) = store_of(bytes);
    let checked = check(&path, &Holder::default(), true, &Unwatched);
    let Ok(store) = Store::open(&path) else {
        return;
    };
    for file in files() {
        let id = FileId::of(&file);
        match store.read_file(id, u64::MAX) {
            Ok(read) => assert!(read == file, "wrong bytes of {id}"),
            // It was there, by the index that was made of the pack, and cannot be read.
            Err(error) if store.contains_file(id).unwrap_or(false) => {
                let found = checked.as_ref().map_or(1, |check| check.findings.len());
                assert!(found > 0, "no finding, and yet {error}");
            }
            Err(_) => {}
        }
    }
}

/// A sound pack with any bytes behind it, as a crash may leave them: what was acknowledged is
/// there, by the index and without it, and the store can be written to.
pub fn pack_recovery(tail: &[u8]) {
    let (_folder, path) = store_of(sound_pack());
    drop(Store::open(&path).expect("a sound store"));
    for index in ["kept", "lost"] {
        let mut torn = sound_pack().to_vec();
        torn.extend_from_slice(tail);
        let pack = path.join("packs/00000001.pack");
        if std::fs::read(&pack).expect("the pack") != torn {
            aiut::base::atomic::write(&pack, &torn).expect("a torn pack");
        }
        if index == "lost" {
            std::fs::remove_dir_all(path.join("index")).expect("an index");
        }
        let store = Store::open(&path).expect("a store with a torn end");
        for file in files() {
            let read = store.read_file(FileId::of(&file), u64::MAX);
            assert!(read.expect("what was acknowledged") == file);
        }
        let new = noise(500, 77);
        let id = store.put_file_bytes(&new).expect("a store to write to").id;
        assert!(store.read_file(id, u64::MAX).expect("what was written") == new);
    }
}

/// A screenplay is printed back byte for byte.
pub fn fountain(bytes: &[u8]) {
    let Ok(text) = fountain::decode(bytes) else {
        assert!(fountain::read(bytes).is_err());
        return;
    };
    assert_eq!(fountain::parse(text).print(), text);
    match fountain::read(bytes) {
        Ok(script) => assert_eq!(script.print(), text),
        Err(error) => assert_eq!(error, fountain::DecodeError::Empty),
    }
    let _ = fountain::from_plain_text(text);
}

/// A project with one file.
struct OnlyFile(Vec<u8>);

impl Contents for OnlyFile {
    fn read(&self, _: &FileId) -> Result<Vec<u8>, Unread> {
        Ok(self.0.clone())
    }
}

/// A shot list as a file of a project, read and checked as every stage reads it.
///
/// # Errors
/// What is wrong with it, as people are told.
pub fn read_shot_list(bytes: &[u8]) -> Result<serde_json::Value, String> {
    let path = RepoPath::new(SHOT_LIST).expect("a safe path");
    let project = Snapshot::new(
        [(path, FileId::of(bytes))],
        Arc::new(serde_json::Value::Null),
        Pipeline::film().layout().clone(),
        Arc::new(OnlyFile(bytes.to_vec())),
        Arc::new(Parsed::default()),
    );
    let read = project
        .document(SHOT_LIST)
        .map_err(|error| error.to_string())?;
    Ok((*read.expect("the file is there")).clone())
}

const SHOT_LIST: &str = "shots/001.json";

/// A shot list that passes the check of people's files is a list; it is written the same way again,
/// passes once more, and every shot of it becomes a request. One that does not is refused by name.
pub fn shot_list(bytes: &[u8]) {
    let value = match read_shot_list(bytes) {
        Ok(value) => value,
        Err(told) => {
            assert!(told.starts_with(SHOT_LIST) && told.len() > SHOT_LIST.len() + 2);
            return;
        }
    };
    let list: ShotList = serde_json::from_value(value).expect("what passed the check is a list");
    let text = list.to_json();
    let again = read_shot_list(text.as_bytes()).expect("what aiut writes passes");
    assert_eq!(
        serde_json::from_value::<ShotList>(again).ok(),
        Some(list.clone())
    );
    let (people, characters, style) = (People::default(), BTreeMap::new(), StyleRecord::default());
    let head = SceneHead::from(&list);
    let settings = Settings::default();
    for shot in list.shots.iter().take(50) {
        let made = request(&Inputs {
            scene: &head,
            shot,
            people: &people,
            characters: &characters,
            location: None,
            style: &style,
            width: 1280,
            height: 720,
            settings: &settings,
        });
        assert!(!made.video.prompt.is_empty() && made.shot == shot.shot_id);
        assert_eq!(made.frame.panel.frames, shot.duration);
    }
}

/// A film is all of its pieces, whatever its tables say and in whatever portions it comes; its length
/// chooses them.
pub fn film(bytes: &[u8]) {
    /// Longest piece that is cut, in bytes.
    const LONGEST: usize = 256 << 10;
    let portions = [1 << 20, 4096, 1000, 257];
    let portion = portions[bytes.len() % 4];
    if let Some((pieces, film)) = film_in_pieces(bytes, portion) {
        assert!(film == bytes, "other bytes");
        assert!(pieces.iter().all(|length| (1..=LONGEST).contains(length)));
    }
}

/// Settings are read or refused with the file's name; a value that is set is set, and gone again
/// when it is taken out.
pub fn config(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let path = Path::new("aiut.toml");
    if let Err(error) = ProjectConfig::parse(text, path) {
        assert!(error.to_string().contains("aiut.toml"), "{error}");
        assert!(edited(text, path, "film.title", "Other").is_err());
        return;
    }
    let title = "Three \"Rooms\"\n[stage.x]";
    let set = edited(text, path, "film.title", title).expect("a title can be set");
    let config = ProjectConfig::parse(&set, path).expect("what was edited can be read");
    assert_eq!(config.film.title, title);
    let gone = removed(&set, path, "film.title").expect("what was edited can be edited");
    let config = ProjectConfig::parse(&gone.expect("it was set"), path).expect("it can be read");
    assert_eq!(config.film.title, "Untitled");
}

/// What a stranger's picture says of its making is read within bounds, and no longer than what
/// stands in it; its pixels take no more room than a picture may.
pub fn picture(bytes: &[u8]) {
    if let Ok(read) = picture::read(bytes) {
        let texts: usize = read
            .texts
            .iter()
            .map(|(key, text)| key.len() + text.len())
            .sum();
        assert!(texts <= 64 << 20, "{texts} bytes of texts");
        if let Some(recovered) = picture::recover(&read) {
            assert!(recovered.prompt.len() <= texts && !recovered.prompt.is_empty());
        }
    }
    if let Ok(image) = still::decode(bytes) {
        assert!(image.width().max(image.height()) <= still::MAX_SIDE);
    }
}
