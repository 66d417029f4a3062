//! A film taken apart and put together again, for tests and for fuzzing.

use std::io::Cursor;

use super::Piece;
use super::mp4;
use super::weave::Weave;

/// How many bytes of a file are looked at before it counts as a film.
const START: usize = 100;

/// The pieces of a film that comes in portions of these lengths, and the file put together again
/// from them; none where it is cut as any other file is.
///
/// # Panics
/// Where a byte is lost, or is in two pieces.
pub(in crate::store) fn taken_apart(
    bytes: &[u8],
    portions: &[usize],
) -> Option<(Vec<Piece<'static>>, Vec<u8>)> {
    let plan = mp4::plan(&bytes[..bytes.len().min(START)], &mut Cursor::new(bytes))
        .expect("memory can be read")?;
    let mut weave = Weave::new(plan);
    let mut pieces = Vec::new();
    let (mut at, mut end) = (0, 0);
    for portion in portions.iter().copied().cycle() {
        end = (end + portion).min(bytes.len());
        let at_end = end == bytes.len();
        let mut now = Vec::new();
        at += weave.feed(&bytes[at..end], at_end, &mut now);
        let owned = now.into_iter().map(|piece| Piece {
            stream: piece.stream,
            bytes: piece.bytes.into_owned().into(),
            joints: piece.joints,
        });
        pieces.extend(owned);
        if at_end {
            break;
        }
    }
    assert_eq!(at, bytes.len());
    let mut streams = vec![Vec::new(); weave.streams()];
    for piece in &pieces {
        streams[usize::from(piece.stream)].extend_from_slice(&piece.bytes);
    }
    let mut streams: Vec<&[u8]> = streams.iter().map(|bytes| &bytes[..]).collect();
    let mut file = Vec::new();
    for (stream, length) in weave.take_log() {
        let length = usize::try_from(length).expect("no more than the file has");
        let next = streams[usize::from(stream)].split_off(..length);
        file.extend_from_slice(next.expect("its stream has the bytes"));
    }
    assert!(streams.iter().all(|left| left.is_empty()));
    Some((pieces, file))
}

/// As [`taken_apart`], for whoever fuzzes: the lengths of the pieces, and the file.
#[cfg(feature = "attacks")]
pub fn film_in_pieces(bytes: &[u8], portion: usize) -> Option<(Vec<usize>, Vec<u8>)> {
    let (pieces, file) = taken_apart(bytes, &[portion.max(1)])?;
    Some((pieces.iter().map(|piece| piece.bytes.len()).collect(), file))
}
