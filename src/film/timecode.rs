//! Time code: `01:00:00:00`, a name for each frame of a film, dropping or not.

use std::fmt;

use crate::rate::FrameRate;

/// The name of a frame at a rate, as editors write it.
///
/// Time code counts whole frames, so at 29.97 an hour of it lasts 3.6 seconds longer than an hour.
/// Drop-frame time code makes up for that: it leaves out the first two numbers of each minute (four
/// at 59.94) but each tenth. No frame is dropped, only its number.
///
/// ```text
/// 29.97, drop       00:00:59;29  00:01:00;02      00:09:59;29  00:10:00;00
/// 29.97, non-drop   00:00:59:29  00:01:00:00
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeCode {
    frame: u64,
    rate: FrameRate,
    drops: bool,
}

/// Why a text is no time code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoTimeCode {
    /// It has another form.
    #[error("{0:?} is not a time code such as 01:00:00:00, or 01:00:00;00 for drop-frame")]
    Form(String),
    /// There is no drop-frame at this rate.
    #[error("there is no drop-frame time code at {0} frames a second: 29.97 and 59.94 have it")]
    NoDrop(String),
    /// Minutes, seconds or frames go beyond what there is.
    #[error("{0:?} goes beyond 59 minutes, 59 seconds or {1} frames")]
    Beyond(String, u32),
    /// Drop-frame leaves this number out.
    #[error("{0:?} is a number that drop-frame time code leaves out")]
    Dropped(String),
}

/// Minutes in a group, of which all but the first drop numbers.
const GROUP: u64 = 10;

impl TimeCode {
    /// The time code of a frame, counted from 0 at 00:00:00:00, that drops no number.
    #[must_use]
    pub fn non_drop(frame: u64, rate: FrameRate) -> Self {
        Self {
            frame,
            rate,
            drops: false,
        }
    }

    /// The same in drop-frame; none at a rate that has none.
    #[must_use]
    pub fn drop_frame(frame: u64, rate: FrameRate) -> Option<Self> {
        (dropped(rate) > 0).then_some(Self {
            frame,
            rate,
            drops: true,
        })
    }

    /// As it is usual at this rate: drop-frame where there is one, so that it keeps to the clock.
    #[must_use]
    pub fn usual(frame: u64, rate: FrameRate) -> Self {
        Self::drop_frame(frame, rate).unwrap_or(Self::non_drop(frame, rate))
    }

    /// Reads `01:00:00:00`, and `01:00:00;00` or `01;00;00;00` for drop-frame.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str, rate: FrameRate) -> Result<Self, NoTimeCode> {
        let form = || NoTimeCode::Form(text.to_owned());
        let parts: Vec<&str> = text.split([':', ';']).collect();
        let [hours, minutes, seconds, frames] = parts.as_slice() else {
            return Err(form());
        };
        let number = |part: &str| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            let fits = digits && (1..=6).contains(&part.len());
            part.parse::<u64>().ok().filter(|_| fits).ok_or_else(form)
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        let (seconds, frames) = (number(seconds)?, number(frames)?);
        let nominal = u64::from(rate.nominal());
        if minutes > 59 || seconds > 59 || frames >= nominal {
            return Err(NoTimeCode::Beyond(text.to_owned(), rate.nominal() - 1));
        }
        let minutes = hours * 60 + minutes;
        let counted = (minutes * 60 + seconds) * nominal + frames;
        let drops = text.contains(';');
        if !drops {
            return Ok(Self::non_drop(counted, rate));
        }
        let dropped = dropped(rate);
        if dropped == 0 {
            return Err(NoTimeCode::NoDrop(rate.decimal()));
        }
        if seconds == 0 && frames < dropped && minutes % GROUP != 0 {
            return Err(NoTimeCode::Dropped(text.to_owned()));
        }
        Ok(Self {
            frame: counted - dropped * (minutes - minutes / GROUP),
            rate,
            drops,
        })
    }

    /// The frame that it names, counted from 0 at 00:00:00:00.
    #[must_use]
    pub fn frame(self) -> u64 {
        self.frame
    }

    /// Whether it leaves numbers out.
    #[must_use]
    pub fn drops(self) -> bool {
        self.drops
    }

    /// The number by which time code counts this frame: dropped ones included.
    fn counted(self) -> u64 {
        let dropped = if self.drops { dropped(self.rate) } else { 0 };
        if dropped == 0 {
            return self.frame;
        }
        let minute = u64::from(self.rate.nominal()) * 60;
        let group = minute * GROUP - dropped * (GROUP - 1);
        let (groups, within) = (self.frame / group, self.frame % group);
        // The first minute of a group drops nothing, each of the others its first numbers.
        let minutes = match within.checked_sub(minute) {
            Some(rest) => rest / (minute - dropped) + 1,
            None => 0,
        };
        self.frame + dropped * (groups * (GROUP - 1) + minutes)
    }
}

/// Numbers that drop-frame leaves out at the beginning of a minute: two at 29.97, four at 59.94;
/// none at rates without drop-frame.
fn dropped(rate: FrameRate) -> u64 {
    match (rate.is_whole(), rate.nominal()) {
        (false, 30) => 2,
        (false, 60) => 4,
        _ => 0,
    }
}

impl fmt::Display for TimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nominal = u64::from(self.rate.nominal());
        let counted = self.counted();
        let (seconds, frames) = (counted / nominal, counted % nominal);
        let digits = if nominal > 100 { 3 } else { 2 };
        write!(
            f,
            "{:02}:{:02}:{:02}{}{frames:0digits$}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            if self.drops { ';' } else { ':' },
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(text: &str) -> FrameRate {
        text.parse().expect(text)
    }

    const RATES: [&str; 12] = [
        "23.976", "24", "25", "29.97", "30", "47.952", "48", "50", "59.94", "60", "120", "7",
    ];

    #[test]
    fn the_numbers_around_a_minute_are_those_of_the_field() {
        for (at, frame, shown) in [
            ("29.97", 1_799, "00:00:59;29"),
            ("29.97", 1_800, "00:01:00;02"),
            ("29.97", 17_981, "00:09:59;29"),
            ("29.97", 17_982, "00:10:00;00"),
            ("29.97", 107_892, "01:00:00;00"),
            ("59.94", 3_599, "00:00:59;59"),
            ("59.94", 3_600, "00:01:00;04"),
            ("59.94", 35_964, "00:10:00;00"),
            ("59.94", 215_784, "01:00:00;00"),
            ("23.976", 1_440, "00:01:00:00"),
            ("24", 86_400, "01:00:00:00"),
            ("120", 119, "00:00:00:119"),
        ] {
            let code = TimeCode::usual(frame, rate(at));
            assert_eq!(code.to_string(), shown, "{at}");
            assert_eq!(TimeCode::parse(shown, rate(at)), Ok(code), "{at}");
        }
        let whole = TimeCode::non_drop(1_800, rate("29.97"));
        assert_eq!(whole.to_string(), "00:01:00:00");
    }

    #[test]
    fn what_is_no_time_code_is_refused() {
        let refused = |text, at| TimeCode::parse(text, rate(at)).expect_err(text).to_string();
        for text in [
            "",
            "1",
            "01:00:00",
            "01:00:00:",
            "01:00:00:-1",
            "a:b:c:d",
            "1:2:3:4:5",
        ] {
            assert!(refused(text, "24").contains("is not a time code"), "{text}");
        }
        for text in ["00:60:00:00", "00:00:60:00", "00:00:00:24"] {
            assert!(refused(text, "24").contains("beyond"), "{text}");
        }
        assert!(refused("00:00:00;00", "25").contains("no drop-frame"));
        for text in ["00:01:00;00", "00:01:00;01", "01:59:00;01"] {
            assert!(refused(text, "29.97").contains("leaves out"), "{text}");
        }
        assert!(TimeCode::parse("00:20:00;00", rate("29.97")).is_ok());
    }

    proptest! {
        #[test]
        fn a_frame_has_one_name_and_a_name_one_frame(
            frame in 0_u64..30_000_000, at in 0..RATES.len(), drops: bool,
        ) {
            let rate = rate(RATES[at]);
            let code = match drops {
                true => TimeCode::usual(frame, rate),
                false => TimeCode::non_drop(frame, rate),
            };
            prop_assert_eq!(TimeCode::parse(&code.to_string(), rate), Ok(code));
            // The next frame has the next number, but where numbers are left out.
            let next = TimeCode { frame: frame + 1, ..code };
            let step = next.counted() - code.counted();
            let nominal = u64::from(rate.nominal());
            let (minute, tenth) = (nominal * 60, nominal * 600);
            let begins = next.counted() / minute > code.counted() / minute;
            let skips = code.drops && begins && next.counted() / tenth == code.counted() / tenth;
            prop_assert_eq!(step, if skips { nominal / 15 + 1 } else { 1 });
        }

        #[test]
        fn drop_frame_keeps_to_the_clock(hours in 0_u64..48, wide: bool) {
            let rate = rate(if wide { "59.94" } else { "29.97" });
            let code = TimeCode::parse(&format!("{hours:02}:00:00;00"), rate).expect("a name");
            let late = rate.units_of(code.frame(), 1000).abs_diff(hours * 3_600_000);
            prop_assert!(late <= 4 * hours.max(1), "{late} ms after {hours} hours");
        }
    }
}
