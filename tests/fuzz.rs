//! The fuzz targets over the kept corpora, and over mutations of them: `AIUT_SEED` chooses which,
//! `AIUT_MUTATIONS` how many of each target. `make fuzz` goes on from there, guided by coverage.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[path = "support/random.rs"]
#[allow(unreachable_pub, reason = "shared with other tests")]
mod random;
#[path = "fuzz/targets.rs"]
mod targets;

use std::path::{Path, PathBuf};

use random::Random;
use targets::TARGETS;

/// One change of the sort that finds bugs: a flipped bit, a byte of note, a cut, a copy, a piece
/// of another.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = random.below(bytes.len() + 1);
    let of_note = [
        0, 1, 0x7f, 0x80, 0xff, b'/', b'.', b'\n', b'"', b'~', 0x5b, 0x9f,
    ];
    match random.below(6) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 if at < bytes.len() => bytes[at] = of_note[random.below(of_note.len())],
        2 => bytes.insert(at, of_note[random.below(of_note.len())]),
        3 => {
            let end = (at + random.below(64)).min(bytes.len());
            drop(bytes.drain(at..end));
        }
        4 => {
            let end = (at + random.below(64)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            bytes.splice(at..at, piece);
        }
        _ => {
            let from = random.below(other.len() + 1);
            let to = (from + random.below(64)).min(other.len());
            bytes.splice(at..at, other[from..to].iter().copied());
        }
    }
}

fn number(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(target);
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).unwrap();
        (path, bytes)
    };
    paths.into_iter().map(read).collect()
}

/// Runs one target over its corpus and so many mutations; tells the input of a panic.
fn run(name: &str, mutations: u64) {
    let (_, target) = TARGETS.into_iter().find(|(n, _)| *n == name).unwrap();
    let corpus = corpus(name);
    assert!(corpus.len() >= 4, "a corpus of {}", corpus.len());
    for (path, bytes) in &corpus {
        println!("{}", path.display());
        target(bytes);
    }
    let seed = number("AIUT_SEED", 1);
    println!("AIUT_SEED={seed}");
    let mut random = Random::new(seed);
    for round in 0..number("AIUT_MUTATIONS", mutations) {
        let mut bytes = corpus[random.below(corpus.len())].1.clone();
        let other = &corpus[random.below(corpus.len())].1;
        for _ in 0..=random.below(4) {
            mutate(&mut random, &mut bytes, other);
        }
        let input = bytes.clone();
        let outcome = std::panic::catch_unwind(|| target(&bytes));
        assert!(
            outcome.is_ok(),
            "round {round} of {name}: {:?}",
            Shown(&input)
        );
    }
}

/// Bytes as text, as far as they are, for a message.
struct Shown<'b>(&'b [u8]);

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let most = &self.0[..self.0.len().min(4000)];
        write!(f, "{} bytes, b\"{}\"", self.0.len(), most.escape_ascii())
    }
}

#[test]
fn objects() {
    run("object", 20_000);
}

#[test]
fn tree_names() {
    run("tree_name", 20_000);
}

#[test]
fn ref_names_beside_those_of_git() {
    run("ref_name", 600);
}

#[test]
fn packs() {
    run("pack", 60);
}

#[test]
fn packs_with_torn_ends() {
    run("pack_recovery", 60);
}

#[test]
fn screenplays() {
    run("fountain", 2_000);
}

#[test]
fn shot_lists() {
    run("shot_list", 2_000);
}

#[test]
fn settings() {
    run("config", 1_000);
}

#[test]
fn pictures() {
    run("picture", 2_000);
}

#[test]
fn films() {
    run("film", 4_000);
}

/// In the corpus, `good_` films are cut by their tables, and `bad_` ones as any file: their tables
/// lie, or lead nowhere.
#[test]
fn films_of_the_corpus_are_told_apart() {
    for (path, bytes) in corpus("film") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let followed = aiut::store::film_in_pieces(&bytes, 1 << 16).is_some();
        assert_eq!(followed, name.starts_with("good_"), "{name}");
    }
}

/// In the corpus, `good_` shot lists are taken, and `bad_` ones refused.
#[test]
fn shot_lists_of_the_corpus_are_told_apart() {
    for (path, bytes) in corpus("shot_list") {
        let name = path.file_name().unwrap().to_str().unwrap();
        let read = targets::read_shot_list(&bytes);
        assert_eq!(read.is_ok(), name.starts_with("good_"), "{name}: {read:?}");
    }
}

/// In the corpus, `good_` pictures give a prompt, `odd_` ones are read and give what they may, and
/// `bad_` ones are refused: as a whole, or as an image to be looked at.
#[test]
fn pictures_of_the_corpus_are_told_apart() {
    use aiut::exchange::picture::{read, recover};
    use aiut::media::still;
    let mut wrong = Vec::new();
    for (path, bytes) in corpus("picture") {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let read = read(&bytes);
        let right = match name.split_once('_').unwrap().0 {
            "good" => read.is_ok_and(|picture| recover(&picture).is_some()),
            "odd" => read.is_ok(),
            _ => read.is_err() || still::decode(&bytes).is_err(),
        };
        if !right {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
