//! Frame rates as exact fractions, and what follows from them: frames in a time, samples in frames.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Frames a second, a fraction in lowest terms: 24 is 24/1, 23.976 is 24000/1001.
///
/// Written as a whole number where it is one, and as the text `"24000/1001"` where it is not, so
/// that nothing stored holds a float. Read from either, and from the decimals that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FrameRate {
    frames: u32,
    seconds: u32,
}

/// The whole rates that there are.
const WHOLE: std::ops::RangeInclusive<u32> = 1..=240;

/// The whole rates whose 1000/1001 is a rate too: NTSC and its doubles.
const NTSC: [u32; 4] = [24, 30, 48, 60];

/// What is no frame rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {FRAME_RATES}, found {found}")]
pub struct NoFrameRate {
    found: String,
}

/// What may stand for a frame rate, for messages.
pub const FRAME_RATES: &str =
    "a frame rate: 23.976, 29.97, 47.952, 59.94 or a whole number from 1 to 240";

impl FrameRate {
    /// The rate of cinema.
    pub const FILM: Self = Self {
        frames: 24,
        seconds: 1,
    };

    /// A whole number of frames a second; none where it is not from 1 to 240.
    #[must_use]
    pub fn whole(frames: u32) -> Option<Self> {
        WHOLE
            .contains(&frames)
            .then_some(Self { frames, seconds: 1 })
    }

    /// So many frames in so many seconds, as programs say it; none where that is no rate of a film.
    #[must_use]
    pub fn of(frames: u32, seconds: u32) -> Option<Self> {
        let (mut a, mut b) = (frames, seconds);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = a.max(1);
        match (frames / divisor, seconds / divisor) {
            (frames, 1) => Self::whole(frames),
            (frames, 1001) if frames % 1000 == 0 && NTSC.contains(&(frames / 1000)) => Some(Self {
                frames,
                seconds: 1001,
            }),
            _ => None,
        }
    }

    /// 24000 of 24000/1001.
    #[must_use]
    pub fn numerator(self) -> u32 {
        self.frames
    }

    /// 1001 of 24000/1001.
    #[must_use]
    pub fn denominator(self) -> u32 {
        self.seconds
    }

    /// Whether it is a whole number of frames a second.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.seconds == 1
    }

    /// The whole number that time code counts a second by: 24 of 23.976, 30 of 29.97.
    #[must_use]
    pub fn nominal(self) -> u32 {
        self.frames.div_ceil(self.seconds)
    }

    /// Ticks a second in which every frame is a whole number of them: the time scale of a clip.
    #[must_use]
    pub fn time_scale(self) -> u32 {
        match self.seconds {
            1 => self.frames * 1000,
            _ => self.frames,
        }
    }

    /// Frames that so many milliseconds last, rounded to the nearest.
    #[must_use]
    pub fn frames_in(self, milliseconds: u64) -> u32 {
        self.frames_of(milliseconds, 1000)
    }

    /// Frames that `numerator / denominator` seconds last, rounded to the nearest, halves up.
    #[must_use]
    pub fn frames_of(self, numerator: u64, denominator: u64) -> u32 {
        let (above, below) = self.product(numerator, denominator);
        saturate((above + below / 2) / below)
    }

    /// The same, rounded up: the fewest frames that last as long.
    #[must_use]
    pub fn frames_to_hold(self, numerator: u64, denominator: u64) -> u32 {
        let (above, below) = self.product(numerator, denominator);
        saturate(above.div_ceil(below))
    }

    /// The same, rounded down: the most frames that last no longer.
    #[must_use]
    pub fn frames_within(self, numerator: u64, denominator: u64) -> u32 {
        let (above, below) = self.product(numerator, denominator);
        saturate(above / below)
    }

    fn product(self, numerator: u64, denominator: u64) -> (u128, u128) {
        (
            u128::from(numerator) * u128::from(self.frames),
            u128::from(denominator.max(1)) * u128::from(self.seconds),
        )
    }

    /// How many of `units` a second so many frames last, rounded to the nearest, halves up: samples
    /// at 48,000, microseconds at 1,000,000.
    #[must_use]
    pub fn units_of(self, frames: u64, units: u64) -> u64 {
        let (above, below) = self.time_of(frames, units);
        u64::try_from((above + below / 2) / below).unwrap_or(u64::MAX)
    }

    /// The same, rounded down.
    #[must_use]
    pub fn whole_units_of(self, frames: u64, units: u64) -> u64 {
        let (above, below) = self.time_of(frames, units);
        u64::try_from(above / below).unwrap_or(u64::MAX)
    }

    /// The same, rounded up.
    #[must_use]
    pub fn units_to_hold(self, frames: u64, units: u64) -> u64 {
        let (above, below) = self.time_of(frames, units);
        u64::try_from(above.div_ceil(below)).unwrap_or(u64::MAX)
    }

    fn time_of(self, frames: u64, units: u64) -> (u128, u128) {
        let units = u128::from(frames) * u128::from(self.seconds) * u128::from(units);
        (units, u128::from(self.frames))
    }

    /// `23.976`, `24`: as people call it.
    #[must_use]
    pub fn decimal(self) -> String {
        let thousandths = self.frames_of_thousandths();
        let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    fn frames_of_thousandths(self) -> u64 {
        let (frames, seconds) = (u64::from(self.frames), u64::from(self.seconds));
        (frames * 1000 + seconds / 2) / seconds
    }

    /// The rate that a decimal such as `23.976` or `23.98` means: a whole one, or that NTSC rate
    /// which it is when rounded or cut to so many places, two at least.
    fn of_decimal(text: &str) -> Option<Self> {
        let (whole, places) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_number(whole) || !is_number(places) {
            return None;
        }
        let whole: u32 = whole.parse().ok()?;
        let places = places.trim_end_matches('0');
        if places.is_empty() {
            return Self::whole(whole);
        }
        // More places than a float of 64 bits has say nothing more.
        if !(2..=16).contains(&places.len()) {
            return None;
        }
        let scale = 10_u128.pow(u32::try_from(places.len()).ok()?);
        let said = u128::from(whole) * scale + places.parse::<u128>().ok()?;
        let is_meant = |frames: &u32| {
            let above = u128::from(*frames) * 1000 * scale;
            said == above / 1001 || said == (above + 500) / 1001
        };
        let frames = NTSC.into_iter().find(is_meant)?;
        Self::of(frames * 1000, 1001)
    }
}

fn saturate(frames: u128) -> u32 {
    u32::try_from(frames).unwrap_or(u32::MAX)
}

/// `24`, `24000/1001`: as it is stored, and as ffmpeg takes it.
impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds {
            1 => write!(f, "{}", self.frames),
            _ => write!(f, "{}/{}", self.frames, self.seconds),
        }
    }
}

impl FromStr for FrameRate {
    type Err = NoFrameRate;

    /// Reads `24`, `24000/1001`, `23.976`.
    fn from_str(text: &str) -> Result<Self, NoFrameRate> {
        let trimmed = text.trim();
        let found = match trimmed.split_once('/') {
            None => Self::of_decimal(trimmed),
            Some((frames, seconds)) => {
                let number = |text: &str| {
                    let text = text.trim();
                    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                    text.parse::<u32>().ok().filter(|_| digits)
                };
                number(frames)
                    .zip(number(seconds))
                    .and_then(|(frames, seconds)| Self::of(frames, seconds))
            }
        };
        found.ok_or_else(|| NoFrameRate {
            found: format!("{text:?}"),
        })
    }
}

impl Serialize for FrameRate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.seconds {
            1 => to.serialize_u32(self.frames),
            _ => to.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for FrameRate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Read;

        impl Visitor<'_> for Read {
            type Value = FrameRate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{FRAME_RATES}")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<FrameRate, E> {
                number.to_string().parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<FrameRate, E> {
                number.to_string().parse().map_err(E::custom)
            }

            /// The shortest decimal that reads as this float is what was written.
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<FrameRate, E> {
                number.to_string().parse().map_err(E::custom)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<FrameRate, E> {
                text.parse().map_err(E::custom)
            }
        }

        from.deserialize_any(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> FrameRate {
        text.parse().expect(text)
    }

    #[test]
    fn a_decimal_means_the_exact_fraction() {
        for (said, exact) in [
            ("23.976", "24000/1001"),
            ("23.98", "24000/1001"),
            ("23.97602397602398", "24000/1001"),
            ("24000/1001", "24000/1001"),
            ("48000/2002", "24000/1001"),
            ("29.97", "30000/1001"),
            ("29.970", "30000/1001"),
            ("29.97003", "30000/1001"),
            ("47.952", "48000/1001"),
            ("59.94", "60000/1001"),
            ("59.9401", "60000/1001"),
            ("24", "24"),
            ("24.0", "24"),
            ("25/1", "25"),
            ("120", "120"),
            ("240", "240"),
        ] {
            assert_eq!(rate(said).to_string(), exact, "{said}");
        }
        for wrong in [
            "0",
            "241",
            "-24",
            "+24",
            "23.9",
            "29.9",
            "24.5",
            "23.9761",
            "1/0",
            "0/1",
            "24000/1002",
            "fast",
            "",
            ".976",
            "24,5",
            "1e3",
            "NaN",
            "inf",
            "25000/1001",
            "24/1/1",
            "23.97602397602397602397602397",
        ] {
            assert!(wrong.parse::<FrameRate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_written_is_read_again_and_holds_no_float() {
        for text in [
            "1",
            "24",
            "25",
            "240",
            "24000/1001",
            "30000/1001",
            "48000/1001",
            "60000/1001",
        ] {
            let written = serde_json::to_value(rate(text)).expect("plain");
            assert!(!written.is_f64(), "{written}");
            let read: FrameRate = serde_json::from_value(written).expect("read");
            assert_eq!(read, rate(text));
            assert_eq!(rate(&read.decimal()), read);
        }
        assert_eq!(
            serde_json::to_string(&FrameRate::FILM).expect("plain"),
            "24"
        );
        let read: FrameRate = serde_json::from_str("23.976").expect("a number");
        assert_eq!(read, rate("24000/1001"));
        let told = serde_json::from_str::<FrameRate>("23.9").expect_err("no rate");
        assert!(told.to_string().contains("23.9"), "{told}");
    }

    #[test]
    fn lengths_are_exact() {
        let ntsc = rate("29.97");
        // Ten minutes and a frame drop 18 numbers: 17,982 frames last 600 seconds less 0.6 ms.
        assert_eq!(ntsc.frames_of(600, 1), 17_982);
        assert_eq!(ntsc.units_of(30_000, 48_000), 1001 * 48_000);
        assert_eq!(ntsc.units_of(1, 48_000), 1602);
        assert_eq!(rate("23.976").units_of(1, 48_000), 2002);
        assert_eq!(FrameRate::FILM.frames_in(1_020), 24);
        assert_eq!(FrameRate::FILM.frames_in(1_021), 25);
        assert_eq!(FrameRate::FILM.frames_to_hold(1001, 1000), 25);
        assert_eq!(FrameRate::FILM.frames_within(1999, 1000), 47);
        assert_eq!(FrameRate::FILM.frames_of(u64::MAX, 1), u32::MAX);
        assert_eq!((ntsc.nominal(), ntsc.time_scale()), (30, 30_000));
        assert_eq!(
            (FrameRate::FILM.nominal(), FrameRate::FILM.time_scale()),
            (24, 24_000)
        );
        assert_eq!(
            (rate("59.94").decimal(), rate("25").decimal()),
            ("59.94".into(), "25".into())
        );
    }
}
