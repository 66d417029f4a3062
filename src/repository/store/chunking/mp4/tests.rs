//! Tables that can be followed, and those that lie.

use std::io::Cursor;

use super::boxes::MAX_CHILDREN;
use super::tables::Form;
use super::*;
use crate::store::tests::movie::{Take, Writing, alone, boxed, film, pictures, sound};

const WRITING: Writing = Writing {
    together: 4,
    order: 3,
    moov_first: false,
    wide: false,
    large: false,
    to_end: false,
    halves: false,
    compact: false,
};

fn plan_of(bytes: &[u8]) -> Option<Plan> {
    plan(&bytes[..bytes.len().min(100)], &mut Cursor::new(bytes)).unwrap()
}

fn takes() -> [Take; 3] {
    [pictures(1, 3, 4000, true), alone(1, 100), sound(1, 30)]
}

/// Where a box of this kind has its body.
fn body(bytes: &[u8], kind: &[u8; 4]) -> usize {
    let mut found = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, found)| found == kind);
    let (at, _) = found.next_back().unwrap();
    at + 4
}

/// The film with a number of one table set to another, in the last track that has the table.
fn with(takes: &[Take], kind: &[u8; 4], field: usize, number: u32) -> Vec<u8> {
    let mut bytes = film(takes, WRITING);
    let at = body(&bytes, kind) + field;
    bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
    bytes
}

#[test]
fn every_sample_of_every_way_of_writing_is_found() {
    let takes = takes();
    let bytes_of_samples = |take: &Take| match take {
        Take::Pictures(frames) => frames.iter().map(|(_, bytes)| bytes.len()).sum::<usize>(),
        Take::Alone(samples) | Take::Sound(samples) => samples.iter().map(Vec::len).sum(),
    };
    for flags in 0..64 {
        let flag = |bit: u32| flags >> bit & 1 == 1;
        let writing = Writing {
            moov_first: flag(0),
            wide: flag(1),
            large: flag(2),
            to_end: flag(3),
            halves: flag(4),
            compact: flag(5),
            ..WRITING
        };
        let bytes = film(&takes, writing);
        let plan = plan_of(&bytes).unwrap_or_else(|| panic!("{writing:?}"));
        let forms: Vec<Form> = plan.tracks().iter().map(Track::form).collect();
        assert_eq!(forms, [Form::Groups, Form::Alone, Form::Sound]);
        assert_eq!(plan.tracks()[0].nal().map(|nal| nal.length_bytes), Some(4));
        let mut read = vec![Vec::new(); 3];
        let mut keys = 0;
        let mut walk = plan.walk();
        while let Some(sample) = walk.next(&plan).unwrap() {
            let range = sample.offset as usize..(sample.offset + sample.length) as usize;
            read[usize::from(sample.track)].extend_from_slice(&bytes[range]);
            keys += usize::from(sample.track == 0 && sample.is_key);
        }
        assert_eq!(keys, 3, "{writing:?}");
        for (take, read) in takes.iter().zip(&read) {
            let all = match take {
                Take::Pictures(frames) => frames.iter().map(|(_, bytes)| &bytes[..]).collect(),
                Take::Alone(samples) | Take::Sound(samples) => {
                    samples.iter().map(|bytes| &bytes[..]).collect::<Vec<_>>()
                }
            };
            assert_eq!(read.len(), bytes_of_samples(take));
            assert!(*read == all.concat(), "{writing:?}");
        }
    }
}

#[test]
fn sizes_of_four_bits_are_read() {
    // Three samples of 5, 9 and 12 bytes, packed by hand.
    let stsz = boxed(b"stz2", &[0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3, 0x59, 0xc0]);
    let stsc = boxed(
        b"stsc",
        &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 1],
    );
    let stco = boxed(b"stco", &[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 100]);
    let stbl = boxed(b"stbl", &[stsz, stsc, stco].concat());
    let moov = boxed(b"trak", &boxed(b"mdia", &boxed(b"minf", &stbl)));
    let plan = Plan::of(moov, 1000).unwrap();
    let mut walk = plan.walk();
    let mut next = || {
        walk.next(&plan)
            .unwrap()
            .map(|sample| (sample.offset, sample.length))
    };
    let found = [next(), next(), next(), next()];
    assert_eq!(
        found,
        [Some((100, 5)), Some((105, 9)), Some((114, 12)), None]
    );
}

#[test]
fn tables_that_claim_more_than_there_is_give_no_plan() {
    let takes = takes();
    assert!(plan_of(&film(&takes, WRITING)).is_some());
    let huge = [u32::MAX, u32::MAX / 2, 1 << 30, 100_000];
    for count in huge {
        for (kind, field) in [(b"stco", 4), (b"stsc", 4)] {
            let bytes = with(&takes, kind, field, count);
            assert!(plan_of(&bytes).is_none(), "{kind:?} of {count}");
        }
        // The last track is sound; without it, it is one whose sizes are listed.
        let bytes = with(&takes[..2], b"stsz", 8, count);
        assert!(plan_of(&bytes).is_none(), "{count} sizes");
        let bytes = with(&takes[..1], b"stss", 4, count);
        assert!(plan_of(&bytes).is_none(), "{count} key frames");
        // So many frames of sound in one stretch lie beyond the file.
        let mut bytes = with(&takes, b"stsz", 8, count);
        let last = body(&bytes, b"stsc") + 4;
        let runs = u32_of(&bytes, last) as usize;
        let samples = last + 4 + 12 * (runs - 1) + 4;
        bytes[samples..samples + 4].copy_from_slice(&count.to_be_bytes());
        assert!(plan_of(&bytes).is_none(), "{count} frames");
    }
}

fn u32_of(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

#[test]
fn samples_outside_the_file_or_within_each_other_give_no_plan() {
    let takes = takes();
    let good = film(&takes, WRITING);
    let first = u32_of(&good, body(&good, b"stco") + 8);
    let end = good.len() as u32;
    for offset in [u32::MAX, first + 1, end - 1, end] {
        let bytes = with(&takes, b"stco", 8, offset);
        assert!(plan_of(&bytes).is_none(), "at {offset}");
    }
    for (field, number, what) in [
        (8, 2, "chunks that begin with the second"),
        (12, 0, "a chunk without samples"),
        (20, 1, "chunks that do not ascend"),
    ] {
        assert!(
            plan_of(&with(&takes, b"stsc", field, number)).is_none(),
            "{what}"
        );
    }
    // A sample that is longer than the room up to the next.
    assert!(plan_of(&with(&takes[..2], b"stsz", 12, 100_000)).is_none());
    // Two tracks of the same bytes.
    let bytes = film(&takes[..1], WRITING);
    let trak = body(&bytes, b"trak") - 8;
    let moov = [&bytes[trak..], &bytes[trak..]].concat();
    assert!(Plan::of(bytes[trak..].to_vec(), bytes.len() as u64).is_some());
    assert!(Plan::of(moov, bytes.len() as u64).is_none());
}

#[test]
fn boxes_that_do_not_fit_give_no_plan() {
    let good = film(&takes(), WRITING);
    let moov = body(&good, b"moov") - 8;
    let head = |size: u32| {
        let mut bytes = good.clone();
        bytes[moov..moov + 4].copy_from_slice(&size.to_be_bytes());
        bytes
    };
    for size in [2, 7, 9, u32::MAX] {
        assert!(plan_of(&head(size)).is_none(), "a box of {size}");
    }
    let mut large = head(1);
    for size in [0, 15, u64::MAX, 1 << 40] {
        large[moov + 8..moov + 16].copy_from_slice(&u64::to_be_bytes(size));
        assert!(plan_of(&large).is_none(), "a large box of {size}");
    }
    assert!(
        plan_of(&good[..good.len() - 1]).is_none(),
        "a file cut short"
    );
    assert!(plan_of(&good[..moov]).is_none(), "no tables");
    let twice = [&good[..], &good[moov..]].concat();
    assert!(plan_of(&twice).is_none(), "two sets of tables");
    let many = [&good[..], &boxed(b"free", &[]).repeat(MAX_BOXES)].concat();
    assert!(plan_of(&many).is_none(), "boxes without end");
    let vast = [
        &good[..],
        &boxed(b"moov", &vec![0; MAX_MOOV_BYTES as usize]),
    ]
    .concat();
    assert!(plan_of(&vast).is_none(), "tables above the limit");
    let padded = [&good[..], &boxed(b"free", &[0; 999])].concat();
    assert!(plan_of(&padded).is_some(), "a box more does no harm");
}

#[test]
fn films_that_are_of_another_kind_give_no_plan() {
    let trak = boxed(b"trak", b"");
    for (moov, what) in [
        (boxed(b"mvhd", &[0; 100]), "no track"),
        (trak, "a track without tables"),
    ] {
        assert!(Plan::of(moov, 1000).is_none(), "{what}");
    }
    let one = film(&[alone(1, 100)], WRITING);
    let moov = one[body(&one, b"moov")..].to_vec();
    assert!(Plan::of(moov.clone(), one.len() as u64).is_some());
    let fragments = [&moov[..], &boxed(b"mvex", &[])].concat();
    assert!(Plan::of(fragments, one.len() as u64).is_none());
    let crowded = [moov, boxed(b"free", &[]).repeat(MAX_CHILDREN)].concat();
    assert!(Plan::of(crowded, one.len() as u64).is_none());
    let many: Vec<Take> = (0..=MAX_TRACKS as u64)
        .map(|seed| alone(seed, 30))
        .collect();
    assert!(plan_of(&film(&many, WRITING)).is_none(), "too many tracks");
    assert!(plan_of(&film(&many[1..], WRITING)).is_some());
    // Samples of a few bytes each, woven one by one: the layout would outgrow them.
    let tiny = || Take::Alone(vec![vec![7; 3]; 5000]);
    let writing = Writing {
        together: 1,
        ..WRITING
    };
    assert!(plan_of(&film(&[tiny(), tiny()], writing)).is_none());
    for other in [
        &b"RIFF\0\0\0\0WAVEfmt "[..],
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"",
        b"\0\0\0\x08",
    ] {
        assert!(plan_of(other).is_none(), "{other:?}");
    }
}

#[test]
fn what_is_no_film_is_looked_at_no_further() {
    /// Cannot be read at all.
    struct Closed;
    impl Read for Closed {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::Other.into())
        }
    }
    impl Seek for Closed {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Err(io::ErrorKind::Other.into())
        }
    }
    assert!(
        plan(b"FADE IN:\n\nINT. KITCHEN", &mut Closed)
            .unwrap()
            .is_none()
    );
    assert!(plan(b"\0\0\0\x18ftypisom", &mut Closed).is_err());
}
