//! An MP4 or QuickTime film, cut by its sample tables.
//!
//! [`plan`] finds the tables, wherever in the file they lie, and makes sure that they can be followed:
//! that no sample lies outside the file or within another. What is left of the file, heads of boxes and
//! the tables themselves, is in no track. A film in fragments (`moof`) has its samples elsewhere; it has
//! no plan.

mod boxes;
pub(in crate::store) mod nal;
pub(in crate::store) mod tables;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Seek, SeekFrom};

use boxes::{Head, MAX_HEAD, children};
use tables::{Track, Walk};

/// Largest `moov` box that is read, in bytes: the tables of some ten hours.
const MAX_MOOV_BYTES: u64 = 64 << 20;
/// Boxes of a file that are looked at.
const MAX_BOXES: usize = 1024;
/// Tracks of a film.
const MAX_TRACKS: usize = 32;
/// Each stretch of one track takes up to ten bytes of the layout. Where they are shorter than this in
/// the mean, cutting by FastCDC costs less.
const MIN_MEAN_STRETCH: u64 = 256;

/// How a film is to be cut.
#[derive(Debug)]
pub(in crate::store) struct Plan {
    moov: Vec<u8>,
    tracks: Vec<Track>,
    file_bytes: u64,
}

/// Bytes of the file that belong to one track: a sample, or a stretch of uncompressed sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Sample {
    pub(in crate::store) offset: u64,
    /// At least one byte.
    pub(in crate::store) length: u64,
    pub(in crate::store) track: u8,
    pub(in crate::store) is_key: bool,
}

/// How to cut the file that begins with `start`, if it is a film. Only then is it read elsewhere; its
/// position afterwards is anywhere.
///
/// # Errors
/// Those of reading.
pub(in crate::store) fn plan(
    start: &[u8],
    file: &mut (impl Read + Seek),
) -> io::Result<Option<Plan>> {
    if !is_film(start) {
        return Ok(None);
    }
    let file_bytes = file.seek(SeekFrom::End(0))?;
    let moov = find_moov(file, file_bytes)?;
    Ok(moov.and_then(|moov| Plan::of(moov, file_bytes)))
}

/// Whether a file may be one by the kind of its first box.
fn is_film(start: &[u8]) -> bool {
    let kind = start.get(4..8).unwrap_or_default();
    [
        b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot",
    ]
    .iter()
    .any(|known| kind == *known)
}

/// The body of the one `moov` box of a file. Nothing where boxes do not fit, and where there are
/// several or none.
fn find_moov(file: &mut (impl Read + Seek), file_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let mut at = 0;
    let mut moov = None;
    for _ in 0..MAX_BOXES {
        if file_bytes - at < 8 {
            let mut found = Vec::new();
            let Some((start, length)) = moov else {
                return Ok(None);
            };
            file.seek(SeekFrom::Start(start))?;
            file.by_ref().take(length).read_to_end(&mut found)?;
            return Ok((found.len() as u64 == length).then_some(found));
        }
        let mut bytes = Vec::with_capacity(MAX_HEAD);
        file.seek(SeekFrom::Start(at))?;
        file.by_ref()
            .take(MAX_HEAD as u64)
            .read_to_end(&mut bytes)?;
        let Some(head) = Head::parse(&bytes, file_bytes - at) else {
            return Ok(None);
        };
        match &head.kind {
            b"moov" if moov.is_some() || head.size > MAX_MOOV_BYTES => return Ok(None),
            b"moov" => moov = Some((at + head.head, head.size - head.head)),
            _ => {}
        }
        at += head.size;
    }
    Ok(None)
}

impl Plan {
    /// The plan that the body of a `moov` box leads to, if it can be followed and is worth it.
    fn of(moov: Vec<u8>, file_bytes: u64) -> Option<Self> {
        let mut tracks = Vec::new();
        for (kind, body) in children(&moov, 0..moov.len())? {
            match &kind {
                b"trak" if tracks.len() == MAX_TRACKS => return None,
                b"trak" => tracks.push(Track::parse(&moov, body)?),
                b"mvex" => return None,
                _ => {}
            }
        }
        let plan = Self {
            moov,
            tracks,
            file_bytes,
        };
        plan.is_sound().then_some(plan)
    }

    /// Whether every sample lies in the file, on its own, and stretches are not too short.
    fn is_sound(&self) -> bool {
        let mut walk = self.walk();
        let (mut stretches, mut last) = (0, None);
        loop {
            match walk.next(self) {
                Err(_) => return false,
                Ok(None) => break,
                Ok(Some(sample)) => {
                    let follows = last == Some((sample.track, sample.offset));
                    stretches += u64::from(!follows);
                    last = Some((sample.track, sample.offset + sample.length));
                }
            }
        }
        stretches > 0 && stretches * MIN_MEAN_STRETCH <= self.file_bytes
    }

    pub(in crate::store) fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// The samples of all tracks in file order.
    pub(in crate::store) fn walk(&self) -> Walk {
        Walk::new(self.tracks.len())
    }

    fn moov(&self) -> &[u8] {
        &self.moov
    }

    fn file_bytes(&self) -> u64 {
        self.file_bytes
    }
}
