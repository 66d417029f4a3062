//! The strict part of decoding: a walk over the heads of a DAG-CBOR item that allocates nothing,
//! so that what follows may trust every declared length.

use super::MAX_DEPTH;

/// How bytes fail to be one canonical item, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {what}")]
pub struct Malformed {
    /// Offset of the offending head.
    pub at: usize,
    /// The rule it breaks.
    pub what: &'static str,
}

/// Checks that `bytes` hold exactly one item of integers, text, byte strings, arrays, maps with
/// text keys in canonical order, booleans and null, every head in its shortest form.
pub(super) fn check(bytes: &[u8]) -> Result<(), Malformed> {
    let mut walk = Walk::new(bytes);
    walk.item(0)?;
    if walk.at == bytes.len() {
        Ok(())
    } else {
        walk.refuse(walk.at, "trailing bytes")
    }
}

/// A walk over heads.
pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Where it is.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The key of the next pair of a map.
    pub(super) fn key(&mut self) -> Result<&'a [u8], Malformed> {
        let start = self.at;
        match self.head()? {
            (3, length) => self.text(length),
            _ => self.refuse(start, "a key that is not text"),
        }
    }

    fn refuse<T>(&self, at: usize, what: &'static str) -> Result<T, Malformed> {
        Err(Malformed { at, what })
    }

    pub(super) fn take(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let rest = &self.bytes[self.at..];
        match usize::try_from(length) {
            Ok(length) if length <= rest.len() => {
                self.at += length;
                Ok(&rest[..length])
            }
            _ => self.refuse(self.at, "a length that goes beyond the end"),
        }
    }

    /// Major type and argument of the next head.
    pub(super) fn head(&mut self) -> Result<(u8, u64), Malformed> {
        let start = self.at;
        let first = self.take(1)?[0];
        let (major, low) = (first >> 5, first & 0x1f);
        let (argument, least) = match low {
            0..=23 => (u64::from(low), 0),
            24 => (big_endian(self.take(1)?), 24),
            25 => (big_endian(self.take(2)?), 1 << 8),
            26 => (big_endian(self.take(4)?), 1 << 16),
            27 => (big_endian(self.take(8)?), 1 << 32),
            _ => return self.refuse(start, "an indefinite or reserved length"),
        };
        if major == 7 && !(20..=22).contains(&low) {
            return self.refuse(start, "a float or an unknown simple value");
        }
        if argument < least {
            return self.refuse(start, "a number not in its shortest form");
        }
        Ok((major, argument))
    }

    pub(super) fn item(&mut self, depth: usize) -> Result<(), Malformed> {
        let start = self.at;
        if depth > MAX_DEPTH {
            return self.refuse(start, "nesting deeper than 32");
        }
        let (major, argument) = self.head()?;
        match major {
            0 | 1 | 7 => Ok(()),
            2 => self.take(argument).map(drop),
            3 => self.text(argument).map(drop),
            4 => {
                self.room_for(argument, 1)?;
                (0..argument).try_for_each(|_| self.item(depth + 1))
            }
            5 => {
                self.room_for(argument, 2)?;
                self.map(argument, depth)
            }
            _ => self.refuse(start, "a tag"),
        }
    }

    /// Every element takes at least a byte, so a larger count cannot be honest.
    fn room_for(&self, count: u64, bytes_each: u64) -> Result<(), Malformed> {
        let rest = (self.bytes.len() - self.at) as u64;
        if count <= rest / bytes_each {
            Ok(())
        } else {
            self.refuse(self.at, "more elements than bytes")
        }
    }

    fn text(&mut self, length: u64) -> Result<&'a [u8], Malformed> {
        let start = self.at;
        let text = self.take(length)?;
        if std::str::from_utf8(text).is_err() {
            return self.refuse(start, "text that is not UTF-8");
        }
        Ok(text)
    }

    fn map(&mut self, pairs: u64, depth: usize) -> Result<(), Malformed> {
        let mut previous: Option<&[u8]> = None;
        for _ in 0..pairs {
            let start = self.at;
            let key = self.key()?;
            // The canonical order: shorter keys first, then by bytes.
            if previous.is_some_and(|last| (last.len(), last) >= (key.len(), key)) {
                return self.refuse(start, "keys doubled or out of order");
            }
            previous = Some(key);
            self.item(depth + 1)?;
        }
        Ok(())
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_malformed_item_is_refused_for_its_own_reason() {
        for (bytes, what) in [
            (&b""[..], "a length that goes beyond the end"),
            (b"\x01\x01", "trailing bytes"),
            (b"\x18\x17", "a number not in its shortest form"),
            (b"\x19\x00\xff", "a number not in its shortest form"),
            (
                b"\x1b\0\0\0\0\xff\xff\xff\xff",
                "a number not in its shortest form",
            ),
            (b"\x5f\x41a\xff", "an indefinite or reserved length"),
            (
                b"\xfb\x3f\xf0\0\0\0\0\0\0",
                "a float or an unknown simple value",
            ),
            (b"\xf9\x3c\x00", "a float or an unknown simple value"),
            (b"\xf7", "a float or an unknown simple value"),
            (b"\xd8\x2a\x41a", "a tag"),
            (
                b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
                "more elements than bytes",
            ),
            (
                b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
                "more elements than bytes",
            ),
            (
                b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
                "a length that goes beyond the end",
            ),
            (b"\x62\xff\xfe", "text that is not UTF-8"),
            (b"\xa1\x01\x01", "a key that is not text"),
            (b"\xa2\x61a\x01\x61a\x01", "keys doubled or out of order"),
            (b"\xa2\x61b\x01\x61a\x01", "keys doubled or out of order"),
            (b"\xa2\x62aa\x01\x61b\x01", "keys doubled or out of order"),
        ] {
            assert_eq!(check(bytes).unwrap_err().what, what, "{bytes:x?}");
        }
    }

    #[test]
    fn depth_is_limited_and_the_limit_is_allowed() {
        let nested = |depth| [vec![0x81; depth], vec![0x01]].concat();
        assert_eq!(check(&nested(MAX_DEPTH)), Ok(()));
        assert_eq!(
            check(&nested(MAX_DEPTH + 1)).unwrap_err().what,
            "nesting deeper than 32"
        );
        assert!(check(&nested(1_000_000)).is_err());
    }

    #[test]
    fn canonical_items_pass() {
        for bytes in [
            &b"\x00"[..],
            b"\x18\x18",
            b"\xf6",
            b"\xa2\x61b\x01\x62aa\x80",
            b"\x43abc",
        ] {
            assert_eq!(check(bytes), Ok(()), "{bytes:x?}");
        }
    }
}
