//! Films in the store: they come back whole, whatever their tables say, and what is in one of them
//! already is stored once.

use std::io::{Cursor, sink};
use std::time::{Duration, Instant};

use proptest::collection::vec;
use proptest::prelude::*;

use super::movie::{Take, Writing, alone, film, pictures, sound};
use super::support::{Sandbox, noise};
use crate::object::FileId;
use crate::store::Store;
use crate::store::outline::Outline;

fn used(sandbox: &Sandbox) -> u64 {
    let packs = sandbox.packs().into_iter();
    packs.map(|pack| pack.metadata().unwrap().len()).sum()
}

fn stored(store: &Store, bytes: &[u8]) {
    let stored = store.put_file_bytes(bytes).unwrap();
    assert_eq!(stored.id, FileId::of(bytes));
    assert_eq!(store.file_size(stored.id).unwrap(), bytes.len() as u64);
    assert!(store.read_file(stored.id, u64::MAX).unwrap() == bytes);
}

/// What the store grows by, in thousandths of the file.
fn growth(sandbox: &Sandbox, store: &Store, bytes: &[u8]) -> u64 {
    let before = used(sandbox);
    stored(store, bytes);
    (used(sandbox) - before) * 1000 / bytes.len() as u64
}

const SPARSE: Writing = Writing {
    together: 3,
    order: 1,
    moov_first: false,
    wide: false,
    large: false,
    to_end: false,
    halves: false,
    compact: false,
};

#[test]
fn joined_films_add_next_to_nothing_to_their_clips() {
    type Sound = fn(u64) -> Take;
    let kinds: [(&str, Sound); 2] = [
        ("AAC", |seed| alone(seed, 140)),
        ("PCM", |seed| sound(seed, 140)),
    ];
    for (name, sound) in kinds {
        let sandbox = Sandbox::new();
        let store = sandbox.open();
        let mut joined: Option<[Take; 2]> = None;
        for seed in 1..20 {
            let order = seed;
            let clip = [pictures(seed, 2, 60_000, false), sound(seed)];
            stored(&store, &film(&clip, Writing { order, ..SPARSE }));
            let next = [pictures(seed, 2, 60_000, true), sound(seed)];
            joined = Some(match joined {
                None => next,
                Some([a, b]) => {
                    let [c, d] = next;
                    [a.then(c), b.then(d)]
                }
            });
        }
        let joined = joined.unwrap();
        let writing = Writing {
            order: 99,
            ..SPARSE
        };
        let grown = growth(&sandbox, &store, &film(&joined, writing));
        assert!(grown <= 10, "{name}: {grown} ‰ for the film");
        let moved = Writing {
            order: 5,
            moov_first: true,
            wide: true,
            large: true,
            ..SPARSE
        };
        let grown = growth(&sandbox, &store, &film(&joined, moved));
        assert!(
            grown <= 10,
            "{name}: {grown} ‰ for the film written otherwise"
        );
    }
}

#[test]
fn a_clip_that_begins_later_adds_next_to_nothing() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let whole = [pictures(1, 20, 60_000, false), alone(1, 2000)];
    stored(&store, &film(&whole, SPARSE));
    let [Take::Pictures(mut frames), Take::Alone(mut samples)] = whole else {
        unreachable!("built above")
    };
    frames.drain(..5 * 12);
    samples.drain(..501);
    let grown = growth(
        &sandbox,
        &store,
        &film(&[Take::Pictures(frames), Take::Alone(samples)], SPARSE),
    );
    assert!(grown <= 10, "{grown} ‰");
}

#[test]
fn a_stream_that_nobody_can_look_into_is_stored_all_the_same() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let bytes = film(&[pictures(1, 4, 60_000, false), sound(1, 100)], SPARSE);
    let id = store.put_file(&bytes[..]).unwrap().id;
    assert!(store.read_file(id, u64::MAX).unwrap() == bytes);
}

#[test]
fn a_track_that_says_little_does_not_hold_up_a_long_film() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    // One title at the very beginning: without an end, all that follows would wait for its chunk.
    let takes = [
        pictures(1, 3000, 2000, false),
        alone(1, 36_000),
        Take::Alone(vec![b"NIGHT FERRY".to_vec()]),
    ];
    let writing = Writing {
        together: 1,
        ..SPARSE
    };
    stored(&store, &film(&takes, writing));

    let mut outline = Outline::new(3);
    outline.stretch(1, 11);
    assert_eq!(outline.held_up_by(), None);
    for _ in 0..40_000 {
        outline.stretch(0, 5000);
        outline.stretch(2, 700);
    }
    assert_eq!(outline.held_up_by(), Some(1));
}

/// Prints how fast films are stored and read back, cut by their tables and by FastCDC, in turns. Run with
/// `cargo test --release -p aiut-repository how_fast_a_film -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn how_fast_a_film_is_cut_beside_fastcdc() {
    let takes = [pictures(1, 1500, 120_000, false), alone(1, 60_000)];
    let bytes = film(&takes, SPARSE);
    let megabytes = bytes.len() as f64 / 1e6;
    for round in 1..=3 {
        for by_tables in [false, true] {
            let sandbox = Sandbox::new();
            let store = sandbox.open();
            let start = Instant::now();
            let stored = if by_tables {
                store.put_seekable(Cursor::new(&bytes))
            } else {
                store.put_file(&bytes[..])
            };
            let written = start.elapsed();
            let start = Instant::now();
            store.copy_file(stored.unwrap().id, &mut sink()).unwrap();
            let read = start.elapsed();
            let speed = |took: Duration| megabytes / took.as_secs_f64();
            println!(
                "{megabytes:.0} MB, {round}: by {}: stored {:.0} MB/s, read back {:.0} MB/s",
                if by_tables { "its tables" } else { "FastCDC" },
                speed(written),
                speed(read)
            );
        }
    }
}

/// What may happen to a file.
#[derive(Debug, Clone)]
enum Harm {
    /// A bit is flipped.
    Flip(prop::sample::Index, u8),
    /// It ends early.
    Truncate(prop::sample::Index),
    /// Four bytes have the highest value.
    Huge(prop::sample::Index),
    /// Bytes from elsewhere in it stand here.
    Splice(prop::sample::Index, prop::sample::Index, usize),
    /// Bytes are gone.
    Cut(prop::sample::Index, usize),
}

fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        3 => (at(), 0..8_u8).prop_map(|(at, bit)| Harm::Flip(at, bit)),
        1 => at().prop_map(Harm::Truncate),
        3 => at().prop_map(Harm::Huge),
        2 => (at(), at(), 1..200_usize).prop_map(|(a, b, n)| Harm::Splice(a, b, n)),
        1 => (at(), 1..50_usize).prop_map(|(at, n)| Harm::Cut(at, n)),
    ]
}

/// The tables are a small part of a film, so most harm is done there.
fn place(at: &prop::sample::Index, bytes: &[u8]) -> usize {
    let everywhere = at.index(bytes.len());
    let moov = bytes.windows(4).position(|kind| kind == b"moov");
    match moov {
        Some(moov) if !everywhere.is_multiple_of(4) => {
            moov + everywhere % (bytes.len() - moov).min(6000)
        }
        _ => everywhere,
    }
}

impl Harm {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, bit) => {
                let at = place(at, bytes);
                bytes[at] ^= 1 << bit;
            }
            Self::Truncate(at) => bytes.truncate(place(at, bytes)),
            Self::Huge(at) => {
                let at = place(at, bytes) & !3;
                let end = (at + 4).min(bytes.len());
                bytes[at..end].fill(0xff);
            }
            Self::Splice(from, to, length) => {
                let (from, to) = (place(from, bytes), place(to, bytes));
                let length = (*length).min(bytes.len() - from.max(to));
                bytes.copy_within(from..from + length, to);
            }
            Self::Cut(at, length) => {
                let at = place(at, bytes);
                bytes.drain(at..(at + length).min(bytes.len()));
            }
        }
    }
}

fn writing() -> impl Strategy<Value = Writing> {
    (any::<[bool; 6]>(), any::<u64>(), 1..6_usize).prop_map(|(flags, order, together)| {
        let [moov_first, wide, large, to_end, halves, compact] = flags;
        Writing {
            moov_first,
            wide,
            large,
            to_end,
            halves,
            compact,
            order,
            together,
        }
    })
}

fn take() -> impl Strategy<Value = Take> {
    let size = prop_oneof![
        1 => Just(0_usize),
        6 => 1..3000_usize,
        2 => 3000..40_000_usize,
        1 => 200_000..600_000_usize,
    ];
    let sample = (size, 0..20_u64).prop_map(|(size, seed)| noise(size, seed));
    let frames = vec((any::<bool>(), sample.clone()), 0..40);
    prop_oneof![
        frames.prop_map(Take::Pictures),
        (0..40_u64, 1..5_usize, any::<bool>())
            .prop_map(|(seed, groups, sets)| pictures(seed, groups, 9000, sets)),
        vec(sample, 0..40).prop_map(Take::Alone),
        vec((1..4000_usize, 0..20_u64), 0..40).prop_map(|parts| {
            Take::Sound(
                parts
                    .into_iter()
                    .map(|(frames, seed)| noise(frames * 4, seed))
                    .collect(),
            )
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_film_comes_back_whole_also_a_broken_one(
        takes in vec(take(), 1..4),
        writing in writing(),
        harm in vec(harm(), 0..4),
    ) {
        let sandbox = Sandbox::new();
        let store = sandbox.open();
        let mut bytes = film(&takes, writing);
        stored(&store, &bytes);
        for harm in harm {
            harm.apply(&mut bytes);
            stored(&store, &bytes);
        }
    }

    #[test]
    fn bytes_that_only_begin_like_a_film_come_back_whole(
        kind in prop::sample::select(vec!["ftyp", "moov", "mdat", "wide", "free"]),
        size in 0..40_u32,
        seed in any::<u64>(),
        length in 60_000..200_000_usize,
    ) {
        let sandbox = Sandbox::new();
        let bytes = [&size.to_be_bytes()[..], kind.as_bytes(), &noise(length, seed)].concat();
        stored(&sandbox.open(), &bytes);
    }
}
