//! What comes before the picture in a key frame: NAL units that joining adds or takes away.

/// How far into a key frame they are looked for, in bytes.
pub(in crate::store) const MAX_HEAD_BYTES: usize = 64 << 10;
/// How many there may be.
const MAX_HEADS: usize = 8;
/// A sample with less than so many bytes for each of them is not taken apart.
const BYTES_PER_HEAD: u64 = 64;

/// How a track's samples hold NAL units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Nal {
    pub(in crate::store) codec: Codec,
    /// Bytes of the length before each unit: 1 to 4.
    pub(in crate::store) length_bytes: u8,
}

/// Whose NAL units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Codec {
    Avc,
    Hevc,
}

impl Codec {
    /// Whether the unit that begins with this byte is a parameter set, a delimiter, or supplemental
    /// information (H.264 table 7-1, H.265 table 7-1).
    fn is_head(self, first: u8) -> bool {
        match self {
            Self::Avc => matches!(first & 0x1f, 6..=9 | 13 | 15),
            Self::Hevc => matches!(first >> 1 & 0x3f, 32..=35 | 39),
        }
    }
}

/// Lengths, with their length fields, of the units before the picture of a sample. `start` holds the
/// first of its `length` bytes.
pub(in crate::store) fn heads(start: &[u8], length: u64, nal: Nal) -> Vec<usize> {
    let mut heads = Vec::new();
    let mut rest = start;
    while heads.len() < MAX_HEADS {
        let Some((field, unit)) = rest.split_at_checked(usize::from(nal.length_bytes)) else {
            break;
        };
        let bytes = field
            .iter()
            .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        match unit.first() {
            Some(first) if (1..=unit.len()).contains(&bytes) && nal.codec.is_head(*first) => {
                heads.push(field.len() + bytes);
                rest = &unit[bytes..];
            }
            _ => break,
        }
    }
    if length < heads.len() as u64 * BYTES_PER_HEAD {
        heads.clear();
    }
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    const AVC: Nal = Nal {
        codec: Codec::Avc,
        length_bytes: 4,
    };

    fn unit(first: u8, length: usize) -> Vec<u8> {
        let mut unit = (length as u32).to_be_bytes().to_vec();
        unit.push(first);
        unit.resize(4 + length, 0xa5);
        unit
    }

    #[test]
    fn parameter_sets_and_the_like_are_apart_and_the_picture_is_not() {
        let sample = [
            unit(0x67, 20),
            unit(0x68, 4),
            unit(0x06, 600),
            unit(0x65, 500),
        ]
        .concat();
        assert_eq!(heads(&sample, sample.len() as u64, AVC), [24, 8, 604]);
        let hevc = Nal {
            codec: Codec::Hevc,
            ..AVC
        };
        let sample = [
            unit(0x40, 20),
            unit(0x42, 40),
            unit(0x44, 7),
            unit(0x26, 500),
        ]
        .concat();
        assert_eq!(heads(&sample, sample.len() as u64, hevc), [24, 44, 11]);
        // Behind the picture, nothing is apart.
        let sample = [unit(0x65, 500), unit(0x67, 20)].concat();
        assert!(heads(&sample, sample.len() as u64, AVC).is_empty());
    }

    #[test]
    fn lengths_that_lie_take_nothing_apart() {
        for field in [[0; 4], [0xff; 4], [0, 0, 4, 0]] {
            let sample = [&field[..], &[0x67; 600]].concat();
            assert!(
                heads(&sample, sample.len() as u64, AVC).is_empty(),
                "{field:?}"
            );
        }
        assert!(heads(&[], 0, AVC).is_empty());
        assert!(heads(&[0, 0, 0, 1], 4, AVC).is_empty());
        // Many tiny ones cost more than they can save.
        let sample = unit(0x67, 1).repeat(100);
        assert!(heads(&sample, sample.len() as u64, AVC).is_empty());
        assert_eq!(heads(&sample, 10_000, AVC), [5; MAX_HEADS]);
    }
}
