//! Films taken apart.

use proptest::prelude::*;

use super::streams::{Rule, Stream};
use super::*;
use crate::store::tests::movie::{Take, Writing, alone, film, pictures, sound};
use crate::store::tests::support::noise;

/// The film's pieces when it comes in portions of these lengths, and the file put together again.
fn taken_apart(bytes: &[u8], portions: &[usize]) -> (Vec<Piece<'static>>, Vec<u8>) {
    apart::taken_apart(bytes, portions).expect("a film whose tables can be followed")
}

/// A film, and how it is handed over.
fn films() -> impl Strategy<Value = (Vec<u8>, Vec<usize>)> {
    let take = (0..3_u8, 1..4_u64, 1..5_usize).prop_map(|(kind, seed, size)| match kind {
        0 => pictures(seed, size, 30_000 << size, seed > 2),
        1 => alone(seed, size * 60),
        _ => sound(seed, size * 10),
    });
    let takes = prop::collection::vec(take, 1..5);
    let portions = prop::collection::vec(1..300_000_usize, 1..20);
    let written = (takes, any::<u64>(), 1..5_usize, any::<bool>());
    (written, portions).prop_map(|((takes, order, together, moov_first), mut portions)| {
        // Where the head of a key frame is looked for, so much must fit.
        portions.push(80_000);
        let writing = Writing {
            order,
            together,
            moov_first,
            ..Writing::default()
        };
        (film(&takes, writing), portions)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_film_is_all_of_its_pieces_however_it_comes_in((bytes, portions) in films()) {
        let (pieces, file) = taken_apart(&bytes, &portions);
        prop_assert!(file == bytes);
        for piece in &pieces {
            prop_assert!((1..=fastcdc::MAX_CHUNK).contains(&piece.bytes.len()));
            prop_assert!(piece.joints.is_sorted());
            prop_assert!(piece.joints.iter().all(|joint| (1..piece.bytes.len()).contains(joint)));
        }
        let (at_once, _) = taken_apart(&bytes, &[bytes.len()]);
        let by_stream = |pieces: Vec<Piece<'static>>| {
            let mut pieces: Vec<_> = pieces.into_iter().map(|p| (p.stream, p.bytes)).collect();
            pieces.sort_by_key(|(stream, _)| *stream);
            pieces
        };
        prop_assert!(by_stream(pieces) == by_stream(at_once), "where it is cut depends on how it comes in");
    }
}

/// Pieces of a stream of samples.
fn pieces(rule: Rule, samples: &[(bool, Vec<u8>)]) -> Vec<Piece<'static>> {
    let mut stream = Stream::new(1, rule);
    let mut out = Vec::new();
    for (is_key, bytes) in samples {
        stream.begin(*is_key, bytes.len() as u64, &mut out);
        stream.append(bytes, &mut out);
        stream.end(&mut out);
    }
    stream.settle(true, &mut out);
    out
}

fn lengths(rule: Rule, samples: &[(bool, usize)]) -> Vec<usize> {
    let samples: Vec<_> = (0..)
        .zip(samples)
        .map(|(seed, (is_key, length))| (*is_key, noise(*length, seed)))
        .collect();
    let pieces = pieces(rule, &samples);
    pieces.iter().map(|piece| piece.bytes.len()).collect()
}

#[test]
fn a_piece_is_a_group_of_pictures_and_a_large_group_is_cut_from_its_key_frame_on() {
    let (key, other) = (true, false);
    let groups = [
        (key, 5000),
        (other, 600),
        (other, 600),
        (key, 7000),
        (other, 900),
    ];
    assert_eq!(lengths(Rule::Groups, &groups), [6200, 7900]);
    let large = [
        (key, 100_000),
        (other, 20_000),
        (other, 20_000),
        (other, 10),
        (key, 1000),
    ];
    assert_eq!(lengths(Rule::Groups, &large), [120_000, 20_010, 1000]);
    let vast = [(key, 600_000), (other, 1000), (key, 1000)];
    let whole = fastcdc::MAX_CHUNK;
    assert_eq!(
        lengths(Rule::Groups, &vast),
        [whole, whole, 600_000 - 2 * whole + 1000, 1000]
    );
    // One that is not worth a chunk joins the next, and where it ends is noted.
    let black = [(key, 100), (other, 20), (key, 9000)];
    assert_eq!(lengths(Rule::Groups, &black), [9120]);
    let samples = black.map(|(is_key, length)| (is_key, noise(length, 1)));
    assert_eq!(pieces(Rule::Groups, &samples)[0].joints, [120]);
}

#[test]
fn tracks_that_come_to_the_same_samples_are_soon_cut_alike() {
    let samples = |seed: u64, count: usize| match (alone(seed, count), sound(seed, count)) {
        (Take::Alone(compressed), Take::Sound(plain)) => [compressed, plain],
        _ => unreachable!("built as such"),
    };
    let [first, second] = [samples(1, 150), samples(2, 400)];
    for ((rule, first), second) in [Rule::Runs, Rule::Sound].into_iter().zip(first).zip(second) {
        let all = |samples: Vec<Vec<u8>>| -> Vec<_> {
            let samples: Vec<_> = samples.into_iter().map(|sample| (true, sample)).collect();
            pieces(rule, &samples)
                .into_iter()
                .map(|piece| piece.bytes)
                .collect()
        };
        let alone = all(second.clone());
        let behind = all([first, second].concat());
        // The first piece is not the same: it began earlier.
        let common = alone.iter().rev().zip(behind.iter().rev());
        let common = common.take_while(|(a, b)| a == b).count();
        assert_eq!(common, alone.len() - 1, "{rule:?}");
        let total: usize = alone.iter().map(|piece| piece.len()).sum();
        assert!((4000..16_000).contains(&(total / alone.len())), "{rule:?}");
    }
}

#[test]
fn silence_comes_in_pieces_that_are_not_too_long() {
    let silence = vec![(true, vec![0; 1000]); 300];
    for rule in [Rule::Runs, Rule::Sound] {
        let pieces = pieces(rule, &silence);
        let longest = pieces.iter().map(|piece| piece.bytes.len()).max();
        assert!(longest <= Some(66_000), "{rule:?}: {longest:?}");
    }
}
