//! Packs read by nothing but what `docs/format.md` says, as another program would.

use std::collections::BTreeMap;
use std::io::Read;

use super::support::{Sandbox, generate, noise, publish};
use crate::object::FileId;

type Records = BTreeMap<(u8, [u8; 32]), Vec<u8>>;

fn u32_at(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

/// The records of one pack, by kind and id.
fn read_pack(pack: &[u8]) -> Records {
    assert_eq!(
        (&pack[..8], &pack[8..12]),
        (&b"aiutpack"[..], &[1, 0, 1, 0][..])
    );
    let check = blake3::hash(&[&pack[..12], &pack[16..32]].concat());
    assert_eq!(&pack[12..16], &check.as_bytes()[..4]);
    let mut records = Records::new();
    let (mut at, mut batch) = (32, Vec::new());
    let mut headers = blake3::Hasher::new_derive_key("aiut 2026 batch v1");
    while at < pack.len() {
        let (stored, raw) = (u32_at(pack, at + 4), u32_at(pack, at + 8));
        let (kind, encoding, id) = (pack[at], pack[at + 1], pack[at + 12..at + 44].to_vec());
        let payload = &pack[at + 48..at + 48 + stored];
        let checked = if encoding == 2 { &[] } else { payload };
        let check = blake3::hash(&[&pack[at..at + 44], checked].concat());
        assert_eq!(&pack[at + 44..at + 48], &check.as_bytes()[..4]);
        let content = match encoding {
            0 => payload.to_vec(),
            2 if ![3, 48].contains(&kind) => payload.to_vec(),
            1 => zstd::bulk::decompress(payload, raw).unwrap(),
            _ => panic!("encoding {encoding}"),
        };
        let context = match kind {
            1 | 2 => None,
            4 => Some("aiut 2026 layout part v1"),
            16 => Some("aiut 2026 tree v1"),
            17 => Some("aiut 2026 commit v1"),
            18 => Some("aiut 2026 action v1"),
            19 => Some("aiut 2026 generation v1"),
            20 => Some("aiut 2026 acceptance v1"),
            21 => Some("aiut 2026 operation v1"),
            22 => Some("aiut 2026 view v1"),
            23 => Some("aiut 2026 expiry v1"),
            24 => Some("aiut 2026 refs v1"),
            25 => Some("aiut 2026 conflict v1"),
            49 => Some("aiut 2026 footer v1"),
            _ => Some(""),
        };
        match context {
            None => assert_eq!(id, blake3::hash(&content).as_bytes()),
            Some("") => assert!([3, 48].contains(&kind)),
            Some(context) => assert_eq!(id, blake3::derive_key(context, &content)),
        }
        match kind {
            48 => {
                assert_eq!(id, headers.finalize().as_bytes());
                assert_eq!(&content[..12], b"aiut batch\r\n");
                assert_eq!(u32_at(&content, 20), batch.len());
                records.extend(batch.drain(..));
                headers = blake3::Hasher::new_derive_key("aiut 2026 batch v1");
            }
            49 => {
                let trailer = &pack[at + 48 + stored..];
                assert_eq!((&trailer[..8], u32_at(trailer, 8)), (&b"aiutseal"[..], at));
                assert_eq!(trailer.len(), 16);
                for entry in content.chunks(50) {
                    let offset = u32_at(entry, 34);
                    assert_eq!(entry[..2], pack[offset..offset + 2]);
                    assert_eq!(entry[2..34], pack[offset + 12..offset + 44]);
                    assert_eq!(entry[42..50], pack[offset + 4..offset + 12]);
                }
                assert!(
                    content
                        .chunks(50)
                        .is_sorted_by_key(|entry| (entry[0], &entry[2..34]))
                );
                assert_eq!(content.len() / 50, records.len());
                break;
            }
            _ => {
                headers.update(&pack[at..at + 48]);
                batch.push(((kind, id.try_into().unwrap()), content));
            }
        }
        at += 48 + stored;
    }
    records
}

type Heads = (u64, Vec<[u8; 32]>, BTreeMap<usize, ([u8; 16], usize)>);

/// What the last record of a journal says, and all of them of packs.
fn read_journal(journal: &[u8]) -> Heads {
    assert_eq!((&journal[..8], journal[8]), (&b"aiuthead"[..], 1));
    assert_eq!(
        journal[48..64],
        blake3::hash(&journal[..48]).as_bytes()[..16]
    );
    let mut found: Heads = (0, Vec::new(), BTreeMap::new());
    let mut at = 64;
    while u32_at(journal, at) > 0 {
        let record = &journal[at..at + u32_at(journal, at)];
        let (body, end) = record.split_at(record.len() - 17);
        let (check, last) = end.split_at(16);
        assert_eq!(last, [0xff]);
        let hash = blake3::hash(&[&journal[16..48], body].concat());
        assert_eq!(check, &hash.as_bytes()[..16]);
        let sequence = u64::from_le_bytes(body[4..12].try_into().unwrap());
        assert!(found.0 == 0 || found.0 + 1 == sequence);
        let heads = usize::from(body[12]);
        let packs = 13 + 32 * heads;
        let ids = body[13..packs].chunks_exact(32);
        found.1 = ids.map(|id| id.try_into().unwrap()).collect();
        found.0 = sequence;
        let listed = &body[packs + 4..];
        assert_eq!(listed.len(), 28 * u32_at(body, packs));
        for pack in listed.chunks_exact(28) {
            let known = (pack[4..20].try_into().unwrap(), u32_at(pack, 20));
            found.2.insert(u32_at(pack, 0), known);
        }
        at += record.len();
    }
    assert!(journal[at..].iter().all(|byte| *byte == 0));
    found
}

fn number(bytes: &mut &[u8]) -> usize {
    let mut number = 0;
    for shift in (0..).step_by(7) {
        let byte = bytes.split_off_first().unwrap();
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

/// Hands out the bytes of a file, piece by piece. Returns how many there are.
fn read_file(records: &Records, kind: u8, id: [u8; 32], out: &mut impl FnMut(&[u8])) -> usize {
    if let Some(blob) = records.get(&(1, id)).filter(|_| kind == 3) {
        out(blob);
        return blob.len();
    }
    let mut layout = &records[&(kind, id)][..];
    let form = *layout.split_off_first().unwrap();
    let total = number(&mut layout);
    let listed: Vec<([u8; 32], usize)> = (0..number(&mut layout))
        .map(|_| {
            (
                layout.split_off(..32).unwrap().try_into().unwrap(),
                number(&mut layout),
            )
        })
        .collect();
    let mut read = 0;
    if form == 1 {
        for (part, length) in listed {
            assert_eq!(read_file(records, 4, part, out), length);
            read += length;
        }
    } else {
        for _ in 0..number(&mut layout) {
            let head = number(&mut layout);
            let chunk = head >> 1;
            if head & 1 == 1 {
                let (offset, length) = (number(&mut layout), number(&mut layout));
                out(&records[&(2, listed[chunk].0)][offset..offset + length]);
                read += length;
            } else {
                for (id, length) in &listed[chunk..chunk + number(&mut layout)] {
                    assert_eq!(records[&(2, *id)].len(), *length);
                    out(&records[&(2, *id)]);
                    read += length;
                }
            }
        }
    }
    assert_eq!((read, layout), (total, &[][..]));
    read
}

#[test]
fn a_reader_written_from_the_document_reads_everything() {
    let sandbox = Sandbox::new();
    let store = sandbox.open();
    let files = [
        b"FADE IN:\n".to_vec(),
        b"INT. KITCHEN - DAY\n".repeat(50),
        noise(500_000, 1),
        b"EXT. ROAD - NIGHT\n".repeat(40_000),
        noise(10 << 20, 2),
    ];
    let mut ids: Vec<FileId> = files
        .iter()
        .map(|bytes| store.put_file(&bytes[..]).unwrap().id)
        .collect();
    // Long enough for a layout in parts: chunks of zeros have the largest size.
    let zeros = std::io::repeat(0).take((4096 + 3) * (256 << 10) + 5);
    ids.push(store.put_file(zeros).unwrap().id);
    generate(&store, "012_003", "frames/012_003.png", b"png");
    ids.push(FileId::of(b"png"));
    let batch = store.batch();
    let operation = publish(&batch, None, "aiut commit").unwrap();
    batch.commit().unwrap();

    let mut records = Records::new();
    for pack in sandbox.packs() {
        records.extend(read_pack(&std::fs::read(pack).unwrap()));
    }
    for id in ids {
        let mut hasher = blake3::Hasher::new();
        let size = read_file(&records, 3, *id.as_bytes(), &mut |bytes| {
            hasher.update(bytes);
        });
        assert_eq!(hasher.finalize().as_bytes(), id.as_bytes());
        assert_eq!(
            store.copy_file(id, &mut std::io::sink()).unwrap(),
            size as u64
        );
    }
    assert!(records.contains_key(&(21, *operation.as_bytes())));
    let journal = std::fs::read(sandbox.path.join("heads")).unwrap();
    let (sequence, heads, packs) = read_journal(&journal);
    assert!(sequence > 1);
    assert_eq!(heads, [*operation.as_bytes()]);
    for (number, path) in (1..).zip(sandbox.packs()) {
        let bytes = std::fs::read(path).unwrap();
        let known: ([u8; 16], usize) = packs[&number];
        assert_eq!((&known.0[..], known.1), (&bytes[16..32], bytes.len()));
    }
    assert!(
        records.keys().any(|(kind, _)| *kind == 4),
        "a layout in parts"
    );
}
