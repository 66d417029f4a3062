//! The sample tables of a track (ISO/IEC 14496-12, 8.7): which bytes of the file are its samples.
//!
//! They are read where they lie, entry by entry, and never unfolded, so what they claim costs no
//! memory.

use std::ops::Range;

use super::boxes::{Table, children, first, u32_at};
use super::nal::{Codec, Nal};
use super::{Plan, Sample};

/// Samples of one size below this are those of uncompressed sound.
const MAX_SOUND_BYTES: u32 = 1024;
/// Bytes of a sample entry before its boxes, with its head: that of pictures.
const VISUAL_ENTRY_BYTES: usize = 86;

/// What a track's samples are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Form {
    /// Frames of uncompressed sound: what lies together counts as one sample.
    Sound,
    /// Key frames, each followed by what builds on it.
    Groups,
    /// Each stands alone.
    Alone,
}

#[derive(Debug, Clone, Copy)]
enum Sizes {
    Constant {
        size: u32,
        count: u32,
    },
    Table(Table),
    /// Four bits each.
    Halves {
        table: Table,
        count: u32,
    },
}

/// The tables of one track.
#[derive(Debug)]
pub(in crate::store) struct Track {
    sizes: Sizes,
    offsets: Table,
    /// First chunk, samples in a chunk, description.
    runs: Table,
    /// Numbers of the key frames; all of them are where there is no table.
    keys: Option<Table>,
    nal: Option<Nal>,
}

impl Track {
    /// Reads a `trak` box. `None` when it does not hold what it should.
    pub(super) fn parse(moov: &[u8], trak: Range<usize>) -> Option<Self> {
        let mut area = trak;
        for kind in [b"mdia", b"minf", b"stbl"] {
            area = first(&children(moov, area)?, kind)?;
        }
        let boxes = children(moov, area)?;
        let table = |kind, width| Table::parse(moov, &first(&boxes, kind)?, width);
        let sizes = match first(&boxes, b"stsz") {
            Some(body) => {
                let size = u32_at(&moov[body.clone()], 4)?;
                let count = u32_at(&moov[body.clone()], 8)?;
                match size {
                    0 => Sizes::Table(Table::behind(moov, &body, 8, 4)?),
                    size => Sizes::Constant { size, count },
                }
            }
            None => compact(moov, first(&boxes, b"stz2")?)?,
        };
        let keys = match first(&boxes, b"stss") {
            Some(body) => Some(Table::parse(moov, &body, 4)?),
            None => None,
        };
        let track = Self {
            sizes,
            offsets: match first(&boxes, b"stco") {
                Some(_) => table(b"stco", 4)?,
                None => table(b"co64", 8)?,
            },
            runs: table(b"stsc", 12)?,
            keys,
            nal: first(&boxes, b"stsd").and_then(|body| nal_of(moov, body)),
        };
        let runs = track.runs;
        let starts_at_one = runs.count == 0 || runs.field(moov, 0, 0) == 1;
        let ascends =
            (1..runs.count).all(|run| runs.field(moov, run - 1, 0) < runs.field(moov, run, 0));
        let has_samples = (0..runs.count).all(|run| runs.field(moov, run, 1) > 0);
        let is_whole = runs.count > 0 || track.offsets.count == 0;
        (starts_at_one && ascends && has_samples && is_whole).then_some(track)
    }

    pub(in crate::store) fn form(&self) -> Form {
        match (self.sizes, self.keys) {
            (Sizes::Constant { size, .. }, _) if size < MAX_SOUND_BYTES => Form::Sound,
            (_, Some(_)) => Form::Groups,
            (_, None) => Form::Alone,
        }
    }

    /// How its samples hold NAL units, if they do.
    pub(in crate::store) fn nal(&self) -> Option<Nal> {
        self.nal
    }

    fn samples(&self) -> u32 {
        match self.sizes {
            Sizes::Constant { count, .. } | Sizes::Halves { count, .. } => count,
            Sizes::Table(table) => table.count,
        }
    }

    fn size(&self, moov: &[u8], sample: u32) -> u64 {
        match self.sizes {
            Sizes::Constant { size, .. } => u64::from(size),
            Sizes::Table(table) => table.number(moov, sample),
            Sizes::Halves { table, .. } => {
                let both = table.number(moov, sample / 2);
                if sample.is_multiple_of(2) {
                    both >> 4
                } else {
                    both & 0xf
                }
            }
        }
    }
}

/// The sizes in the body of an `stz2` box.
fn compact(moov: &[u8], body: Range<usize>) -> Option<Sizes> {
    let field = *moov[body.clone()].get(7)?;
    match field {
        8 | 16 => Some(Sizes::Table(Table::behind(
            moov,
            &body,
            8,
            usize::from(field) / 8,
        )?)),
        4 => {
            let count = u32_at(&moov[body.clone()], 8)?;
            let table = Table::of_bytes(&body, 12, count.div_ceil(2))?;
            Some(Sizes::Halves { table, count })
        }
        _ => None,
    }
}

/// How the samples that an `stsd` box describes hold NAL units, if all of them do so alike.
fn nal_of(moov: &[u8], body: Range<usize>) -> Option<Nal> {
    let entries = children(moov, body.start.checked_add(8)?.min(body.end)..body.end)?;
    let mut found = entries.into_iter().map(|(kind, entry)| {
        let codec = match &kind {
            b"avc1" | b"avc3" => Codec::Avc,
            b"hvc1" | b"hev1" => Codec::Hevc,
            _ => return None,
        };
        let within = (entry.start + VISUAL_ENTRY_BYTES - 8).min(entry.end)..entry.end;
        let boxes = children(moov, within)?;
        let (kind, at) = match codec {
            Codec::Avc => (b"avcC", 4),
            Codec::Hevc => (b"hvcC", 21),
        };
        let length = moov[first(&boxes, kind)?].get(at)?;
        Some(Nal {
            codec,
            length_bytes: (length & 3) + 1,
        })
    });
    let nal = found.next()??;
    found.all(|other| other == Some(nal)).then_some(nal)
}

/// Where the reading of one track's tables is.
#[derive(Debug, Clone, Default)]
struct Cursor {
    /// Chunks begun.
    chunk: u32,
    /// Entry of `stsc` that is in force.
    run: u32,
    /// Samples of the chunk still to come.
    left: u32,
    /// Where the next of them lies.
    at: u64,
    /// Samples handed out.
    sample: u32,
    /// Entry of `stss` that comes next.
    key: u32,
    /// The next sample, if it was looked at.
    ahead: Option<Sample>,
    ended: bool,
}

impl Cursor {
    /// Looks at the next sample that has bytes.
    fn peek(&mut self, moov: &[u8], track: &Track, number: u8) -> Option<Sample> {
        while self.ahead.is_none() && !self.ended {
            self.ahead = self.step(moov, track, number);
        }
        self.ahead
    }

    fn step(&mut self, moov: &[u8], track: &Track, number: u8) -> Option<Sample> {
        let samples = track.samples();
        if self.sample == samples || self.left == 0 && self.chunk == track.offsets.count {
            self.ended = true;
            return None;
        }
        if self.left == 0 {
            self.at = track.offsets.number(moov, self.chunk);
            self.chunk += 1;
            let next = self.run + 1;
            if next < track.runs.count && track.runs.field(moov, next, 0) <= self.chunk {
                self.run = next;
            }
            self.left = track
                .runs
                .field(moov, self.run, 1)
                .min(samples - self.sample);
        }
        let together = if track.form() == Form::Sound {
            self.left
        } else {
            1
        };
        let length = track.size(moov, self.sample) * u64::from(together);
        self.left -= together;
        self.sample += together;
        let sample = Sample {
            offset: self.at,
            length,
            track: number,
            is_key: self.is_key(moov, track),
        };
        // Beyond any file; where a sample ends up that begins there is found out with its place.
        self.at = self.at.saturating_add(length);
        (length > 0).then_some(sample)
    }

    /// Whether the sample just counted is a key frame.
    fn is_key(&mut self, moov: &[u8], track: &Track) -> bool {
        let Some(keys) = track.keys else { return true };
        while self.key < keys.count && keys.number(moov, self.key) < u64::from(self.sample) {
            self.key += 1;
        }
        self.key < keys.count && keys.number(moov, self.key) == u64::from(self.sample)
    }
}

/// The samples of all tracks in file order.
#[derive(Debug, Clone)]
pub(in crate::store) struct Walk {
    cursors: Vec<Cursor>,
    /// Where the sample handed out last ends.
    end: u64,
}

/// Samples overlap, or lie elsewhere than in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Misplaced;

impl Walk {
    pub(super) fn new(tracks: usize) -> Self {
        Self {
            cursors: vec![Cursor::default(); tracks],
            end: 0,
        }
    }

    /// The next sample of any track.
    ///
    /// # Errors
    /// `Misplaced` when it begins before the last one ended, or does not end within the file.
    pub(in crate::store) fn next(&mut self, plan: &Plan) -> Result<Option<Sample>, Misplaced> {
        let mut next: Option<Sample> = None;
        for ((number, track), cursor) in (0..).zip(plan.tracks()).zip(&mut self.cursors) {
            if let Some(sample) = cursor.peek(plan.moov(), track, number)
                && next.is_none_or(|other| sample.offset < other.offset)
            {
                next = Some(sample);
            }
        }
        let Some(sample) = next else { return Ok(None) };
        self.cursors[usize::from(sample.track)].ahead = None;
        let end = sample.offset.checked_add(sample.length).ok_or(Misplaced)?;
        if sample.offset < self.end || end > plan.file_bytes() {
            return Err(Misplaced);
        }
        self.end = end;
        Ok(Some(sample))
    }
}
