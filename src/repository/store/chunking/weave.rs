//! A file taken apart into its streams, in one pass over its bytes.

use std::mem::take;

use super::fastcdc::PLAIN;
use super::mp4::nal::{self, MAX_HEAD_BYTES};
use super::mp4::tables::{Form, Walk};
use super::mp4::{Plan, Sample};
use super::streams::{Rule, Stream};
use super::{Piece, REST};

/// The stream of a track's samples; that of their heads is the next.
fn body_of(track: u8) -> u16 {
    1 + 2 * u16::from(track)
}

/// Takes a film's bytes in file order and hands out pieces.
#[derive(Debug)]
pub(in crate::store) struct Weave {
    plan: Plan,
    walk: Walk,
    /// The sample that comes next.
    next: Option<Sample>,
    /// Where in the file the next byte lies.
    at: u64,
    /// Bytes of the sample begun that are still to come.
    left: u64,
    /// The stream of the sample begun.
    current: u16,
    streams: Vec<Stream>,
    log: Vec<(u16, u64)>,
}

impl Weave {
    pub(in crate::store) fn new(plan: Plan) -> Self {
        let mut streams = vec![Stream::new(REST, Rule::Bytes(PLAIN))];
        for (number, track) in (0..).zip(plan.tracks()) {
            let rule = match track.form() {
                Form::Sound => Rule::Sound,
                Form::Groups => Rule::Groups,
                Form::Alone => Rule::Runs,
            };
            streams.push(Stream::new(body_of(number), rule));
            streams.push(Stream::new(body_of(number) + 1, Rule::Each));
        }
        let mut walk = plan.walk();
        Self {
            next: walk.next(&plan).ok().flatten(),
            plan,
            walk,
            at: 0,
            left: 0,
            current: REST,
            streams,
            log: Vec::new(),
        }
    }

    /// How many streams there are.
    pub(in crate::store) fn streams(&self) -> usize {
        self.streams.len()
    }

    /// Takes bytes that follow those taken before, and returns how many. Unless they end the file, a
    /// few may be left over, to be handed in again with more behind them.
    pub(in crate::store) fn feed(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        out: &mut Vec<Piece<'_>>,
    ) -> usize {
        let mut done = 0;
        while done < bytes.len() {
            let rest = &bytes[done..];
            if self.left > 0 {
                let now = &rest[..usize_of(self.left).min(rest.len())];
                self.append(self.current, now, out);
                self.left -= now.len() as u64;
                if self.left == 0 {
                    self.stream(self.current).end(out);
                }
                done += now.len();
                continue;
            }
            match self.next {
                Some(sample) if sample.offset > self.at => {
                    let gap = usize_of(sample.offset - self.at).min(rest.len());
                    self.append(REST, &rest[..gap], out);
                    done += gap;
                }
                Some(sample) => {
                    debug_assert_eq!(sample.offset, self.at, "samples do not overlap");
                    let wanted = usize_of(sample.length).min(MAX_HEAD_BYTES);
                    let nal = self.plan.tracks()[usize::from(sample.track)].nal();
                    let nal = nal.filter(|_| sample.is_key);
                    if nal.is_some() && rest.len() < wanted && !at_end {
                        break;
                    }
                    let body = body_of(sample.track);
                    let heads = nal.map_or_else(Vec::new, |nal| {
                        nal::heads(&rest[..wanted.min(rest.len())], sample.length, nal)
                    });
                    let mut apart = 0;
                    for head in heads {
                        self.append(body + 1, &rest[apart..apart + head], out);
                        self.stream(body + 1).end(out);
                        apart += head;
                    }
                    done += apart;
                    self.left = sample.length - apart as u64;
                    self.current = body;
                    let left = self.left;
                    self.stream(body).begin(sample.is_key, left, out);
                    self.next = self.walk.next(&self.plan).ok().flatten();
                }
                None => {
                    self.append(REST, rest, out);
                    done = bytes.len();
                }
            }
        }
        for stream in &mut self.streams {
            stream.settle(at_end, out);
        }
        done
    }

    /// Ends the open piece of a stream for which too much else has to wait.
    pub(in crate::store) fn end_piece(&mut self, stream: u16, out: &mut Vec<Piece<'_>>) {
        self.stream(stream).settle(true, out);
    }

    /// How many bytes of which streams came since this was last asked, in file order.
    pub(in crate::store) fn take_log(&mut self) -> Vec<(u16, u64)> {
        take(&mut self.log)
    }

    fn append(&mut self, stream: u16, bytes: &[u8], out: &mut Vec<Piece<'_>>) {
        self.stream(stream).append(bytes, out);
        self.at += bytes.len() as u64;
        match self.log.last_mut() {
            Some((last, length)) if *last == stream => *length += bytes.len() as u64,
            _ => self.log.push((stream, bytes.len() as u64)),
        }
    }

    fn stream(&mut self, number: u16) -> &mut Stream {
        &mut self.streams[usize::from(number)]
    }
}

/// A length that is only compared with that of bytes in memory.
fn usize_of(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
