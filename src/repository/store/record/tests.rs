use super::*;

fn parsed(record: &Record) -> Header {
    Header::parse(&record.header.to_bytes()).unwrap()
}

#[test]
fn a_record_reads_back_compressed_or_not() {
    for raw in [
        b"INT. KITCHEN - DAY\n".repeat(100),
        (0..=255).collect(),
        vec![],
    ] {
        let record = Record::new(RecordKind::Blob, *blake3::hash(&raw).as_bytes(), &raw, true);
        assert_eq!(parsed(&record), record.header);
        assert_eq!(record.header.open(record.payload), Ok(raw));
    }
}

#[test]
fn a_flipped_bit_anywhere_is_found() {
    let raw = b"EXT. ROAD - NIGHT\n".repeat(20);
    let id = *blake3::hash(&raw).as_bytes();
    let compressed = Record::new(RecordKind::Blob, id, &raw, true);
    let named = Record::new(RecordKind::Blob, id, &raw, false);
    assert_eq!(named.header.encoding, Encoding::Named);
    // Its id says nothing of its bytes.
    let plain = Record::new(RecordKind::Layout, id, &raw, false);
    assert_eq!(plain.header.encoding, Encoding::Plain);
    for record in [compressed, named, plain] {
        let mut bytes = Vec::new();
        record.append_to(&mut bytes);
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let (head, payload) = flipped.split_at(HEADER_BYTES);
            let opened = Header::parse(head.try_into().unwrap())
                .and_then(|header| header.open(payload.to_vec()));
            assert!(opened.is_err(), "{:?}: bit {bit}", record.header);
        }
    }
}

#[test]
fn what_was_written_before_payloads_were_checked_by_their_ids_is_read() {
    let raw = b"EXT. ROAD - NIGHT\n".to_vec();
    let id = *blake3::hash(&raw).as_bytes();
    let header = Header::new(RecordKind::Blob, Encoding::Plain, raw.len(), id, &raw);
    assert_eq!(header.open(raw.clone()), Ok(raw));
    let mut bytes = header.to_bytes();
    (bytes[0], bytes[1]) = (RecordKind::Layout.code(), Encoding::Named.code());
    let refused = Header::parse(&bytes);
    assert!(refused.is_err(), "a layout has nothing but its check");
}

#[test]
fn absurd_lengths_and_bombs_are_refused_before_they_are_unpacked() {
    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
    let honest = Header::new(RecordKind::Chunk, Encoding::Zstd, 64 << 20, [0; 32], &bomb);
    let refused = Header::parse(&honest.to_bytes());
    assert_eq!(refused, Err("a length beyond the limit of its kind"));
    // One that lies about its length gets no more room than it declared.
    let liar = Header::new(RecordKind::Chunk, Encoding::Zstd, 1 << 20, [0; 32], &bomb);
    assert_eq!(
        liar.open(bomb),
        Err("its zstd frame does not hold what it should")
    );
    let mut lengths = honest.to_bytes();
    lengths[4..12].copy_from_slice(&[0xff; 8]);
    assert!(Header::parse(&lengths).is_err());
}

#[test]
fn every_kind_has_one_number() {
    for code in 0..=255 {
        if let Some(kind) = RecordKind::from_code(code) {
            assert_eq!(kind.code(), code);
        }
    }
}
