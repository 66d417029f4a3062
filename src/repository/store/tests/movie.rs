//! Films built from nothing but the specification, for tests: tracks, how they are interleaved, and
//! where the tables lie.

use super::support::noise;

/// One track.
#[derive(Debug, Clone)]
pub(in crate::store) enum Take {
    /// H.264: key frames and others.
    Pictures(Vec<(bool, Vec<u8>)>),
    /// Samples that stand alone, as those of AAC.
    Alone(Vec<Vec<u8>>),
    /// Uncompressed sound of four bytes a frame, in stretches.
    Sound(Vec<Vec<u8>>),
}

impl Take {
    fn samples(&self) -> Vec<&[u8]> {
        match self {
            Self::Pictures(frames) => frames.iter().map(|(_, bytes)| &bytes[..]).collect(),
            Self::Alone(samples) | Self::Sound(samples) => {
                samples.iter().map(|bytes| &bytes[..]).collect()
            }
        }
    }

    /// This take and another behind it.
    pub(in crate::store) fn then(self, next: Self) -> Self {
        match (self, next) {
            (Self::Pictures(a), Self::Pictures(b)) => Self::Pictures([a, b].concat()),
            (Self::Alone(a), Self::Alone(b)) => Self::Alone([a, b].concat()),
            (Self::Sound(a), Self::Sound(b)) => Self::Sound([a, b].concat()),
            other => panic!("{other:?} cannot be joined"),
        }
    }
}

/// How a film is written.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::store) struct Writing {
    /// The tables before the samples.
    pub(in crate::store) moov_first: bool,
    /// Offsets of 64 bits.
    pub(in crate::store) wide: bool,
    /// A size of 64 bits for the box of the samples.
    pub(in crate::store) large: bool,
    /// The last box says that it goes on to the end.
    pub(in crate::store) to_end: bool,
    /// The samples in two boxes.
    pub(in crate::store) halves: bool,
    /// Sizes of 16 bits where they fit.
    pub(in crate::store) compact: bool,
    /// Which track comes next: a number from which it is drawn.
    pub(in crate::store) order: u64,
    /// Most samples of a track that lie together.
    pub(in crate::store) together: usize,
}

pub(in crate::store) fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [&size.to_be_bytes()[..], kind, body].concat()
}

fn words(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// A table with its version, flags and count.
fn table(kind: &[u8; 4], count: usize, entries: &[u8]) -> Vec<u8> {
    boxed(kind, &[&words([0, count as u32])[..], entries].concat())
}

/// The description of H.264 with lengths of four bytes.
fn avc() -> Vec<u8> {
    let entry = [
        &[0; 78][..],
        &boxed(b"avcC", &[1, 100, 0, 31, 0xff, 0xe0, 0]),
    ]
    .concat();
    table(b"stsd", 1, &boxed(b"avc1", &entry))
}

fn sizes(take: &Take, writing: Writing) -> Vec<u8> {
    let samples = take.samples();
    if let Take::Sound(_) = take {
        let bytes: usize = samples.iter().map(|sample| sample.len()).sum();
        return boxed(b"stsz", &words([0, 4, (bytes / 4) as u32]));
    }
    let fits = samples.iter().all(|sample| sample.len() <= 0xffff);
    if writing.compact && fits {
        let lengths = samples
            .iter()
            .flat_map(|sample| (sample.len() as u16).to_be_bytes());
        let head = words([0, 16, samples.len() as u32]);
        return boxed(b"stz2", &[head, lengths.collect()].concat());
    }
    let lengths = words(samples.iter().map(|sample| sample.len() as u32));
    boxed(
        b"stsz",
        &[words([0, 0, samples.len() as u32]), lengths].concat(),
    )
}

/// The tables of a track whose chunks lie at these places, each with so many samples.
fn trak(take: &Take, chunks: &[(u64, u32)], writing: Writing) -> Vec<u8> {
    let runs = (1..)
        .zip(chunks)
        .flat_map(|(number, (_, samples))| [number, *samples, 1]);
    let mut stbl = match take {
        Take::Pictures(_) => avc(),
        _ => table(b"stsd", 0, &[]),
    };
    stbl.extend(table(b"stsc", chunks.len(), &words(runs)));
    stbl.extend(sizes(take, writing));
    let offsets = chunks.iter().map(|(offset, _)| *offset);
    stbl.extend(if writing.wide {
        let offsets: Vec<u8> = offsets.flat_map(u64::to_be_bytes).collect();
        table(b"co64", chunks.len(), &offsets)
    } else {
        table(
            b"stco",
            chunks.len(),
            &words(offsets.map(|offset| offset as u32)),
        )
    });
    if let Take::Pictures(frames) = take {
        let keys = (1..).zip(frames).filter(|(_, (is_key, _))| *is_key);
        let keys: Vec<u32> = keys.map(|(number, _)| number).collect();
        stbl.extend(table(b"stss", keys.len(), &words(keys.iter().copied())));
    }
    let minf = boxed(b"minf", &boxed(b"stbl", &stbl));
    boxed(b"trak", &boxed(b"mdia", &minf))
}

/// The film of these takes.
pub(in crate::store) fn film(takes: &[Take], writing: Writing) -> Vec<u8> {
    // Stretches of one track, in file order.
    let mut data = Vec::new();
    let mut chunks = vec![Vec::new(); takes.len()];
    let samples: Vec<Vec<&[u8]>> = takes.iter().map(Take::samples).collect();
    let mut next = vec![0; takes.len()];
    let mut draw = writing.order | 1;
    let mut middle = 0;
    loop {
        let open: Vec<usize> = (0..takes.len())
            .filter(|track| next[*track] < samples[*track].len())
            .collect();
        if open.is_empty() {
            break;
        }
        draw = draw
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let track = open[(draw >> 33) as usize % open.len()];
        let count = 1 + (draw >> 48) as usize % writing.together.max(1);
        let end = (next[track] + count).min(samples[track].len());
        let stretch = samples[track][next[track]..end].concat();
        let listed = match takes[track] {
            Take::Sound(_) => stretch.len() / 4,
            _ => end - next[track],
        };
        if listed > 0 {
            chunks[track].push((data.len() as u64, listed as u32));
        }
        data.extend_from_slice(&stretch);
        next[track] = end;
        if middle == 0 && draw.is_multiple_of(5) {
            middle = data.len();
        }
    }
    let head = boxed(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
    let halves = writing.halves && !writing.large;
    let mdat_head = if writing.large { 16 } else { 8 };
    let moov = |start: u64| {
        let traks = takes.iter().zip(&chunks).map(|(take, chunks)| {
            let place = |offset: u64| {
                let behind_second_head = halves && offset >= middle as u64;
                start + offset + if behind_second_head { 8 } else { 0 }
            };
            let chunks: Vec<_> = chunks.iter().map(|(at, n)| (place(*at), *n)).collect();
            trak(take, &chunks, writing)
        });
        let traks: Vec<u8> = traks.flatten().collect();
        boxed(b"moov", &[boxed(b"mvhd", &[0; 100]), traks].concat())
    };
    let before = head.len() + if writing.moov_first { moov(0).len() } else { 0 };
    let moov = moov((before + mdat_head) as u64);
    let mut mdat = if writing.large {
        let size = (data.len() as u64 + 16).to_be_bytes();
        [&words([1])[..], b"mdat", &size, &data].concat()
    } else if halves {
        [
            boxed(b"mdat", &data[..middle]),
            boxed(b"mdat", &data[middle..]),
        ]
        .concat()
    } else {
        boxed(b"mdat", &data)
    };
    if !writing.moov_first {
        let mut moov = moov;
        if writing.to_end {
            moov[..4].fill(0);
        }
        return [head, mdat, moov].concat();
    }
    if writing.to_end && !halves && !writing.large {
        mdat[..4].fill(0);
    }
    [head, moov, mdat].concat()
}

fn unit(first: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 1).unwrap();
    [&length.to_be_bytes()[..], &[first], body].concat()
}

/// Groups of pictures of random content: a key frame, and others a sixth its size. With `sets`, each
/// key frame has parameter sets before it, as after joining.
pub(in crate::store) fn pictures(seed: u64, groups: usize, key_bytes: usize, sets: bool) -> Take {
    let mut frames = Vec::new();
    for group in 0..groups as u64 {
        let mut key = Vec::new();
        if sets {
            key.extend(unit(0x67, &noise(25, 7)));
            key.extend(unit(0x68, &noise(5, 8)));
        }
        key.extend(unit(0x65, &noise(key_bytes, seed << 32 | group << 16)));
        frames.push((true, key));
        for frame in 1..12 {
            let bytes = noise(key_bytes / 6, seed << 32 | group << 16 | frame);
            frames.push((false, unit(0x41, &bytes)));
        }
    }
    Take::Pictures(frames)
}

/// So many samples of random content, about 350 bytes each.
pub(in crate::store) fn alone(seed: u64, count: usize) -> Take {
    let samples = (0..count as u64).map(|number| {
        let seed = 1 << 60 | seed << 32 | number;
        noise(300 + (noise(1, seed)[0] as usize % 100), seed)
    });
    Take::Alone(samples.collect())
}

/// So many stretches of 4 KiB of random sound.
pub(in crate::store) fn sound(seed: u64, count: usize) -> Take {
    let stretches = (0..count as u64).map(|number| noise(4096, 1 << 61 | seed << 32 | number));
    Take::Sound(stretches.collect())
}
