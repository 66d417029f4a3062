//! Names, sizes, times and amounts as people read them.

use std::fmt::{self, Write};
use std::io;

use crate::base::clock::Timestamp;

/// Text from files, refs, messages and servers, with whatever would steer a terminal or turn the
/// reading direction shown as `\u{1b}`.
pub(super) fn shown(text: &str) -> Shown<'_> {
    Shown(text)
}

/// See [`shown`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(steers) {
            return f.pad(self.0);
        }
        let mut safe = String::with_capacity(self.0.len() + 8);
        for c in self.0.chars() {
            if steers(c) {
                write!(safe, "\\u{{{:x}}}", u32::from(c))?;
            } else {
                safe.push(c);
            }
        }
        f.pad(&safe)
    }
}

/// Controls but for the tab, the marks that end lines or reorder text ("Trojan Source", CVE-2021-42574),
/// and letters that are not seen.
fn steers(c: char) -> bool {
    (c.is_control() && c != '\t')
        || matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

/// `1.4 MiB`
pub(super) fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut unit = 0;
    let mut scale = 1024_u128;
    while u128::from(bytes) >= scale * 1024 && unit + 1 < units.len() {
        scale *= 1024;
        unit += 1;
    }
    let tenths = (u128::from(bytes) * 10 + scale / 2) / scale;
    format!("{}.{} {}", tenths / 10, tenths % 10, units[unit])
}

/// `1 file`, `3 files`
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `2026-03-01 14:30:05 +01:00`, in the time zone that it was written in.
pub(super) fn time(time: Timestamp) -> String {
    let shown = (|| {
        let moment = jiff::Timestamp::from_second(time.unix_seconds).ok()?;
        let offset =
            jiff::tz::Offset::from_seconds(time.utc_offset_minutes.checked_mul(60)?).ok()?;
        let zoned = moment.to_zoned(offset.to_time_zone());
        Some(zoned.strftime("%Y-%m-%d %H:%M:%S %:z").to_string())
    })();
    shown.unwrap_or_else(|| format!("{} s since 1970", time.unix_seconds))
}

/// The day where the clock said so, `11/21/26`, as the pages of a script carry it.
pub(super) fn day(time: Timestamp) -> String {
    let shown = (|| {
        let moment = jiff::Timestamp::from_second(time.unix_seconds).ok()?;
        let seconds = time.utc_offset_minutes.checked_mul(60)?;
        let zone = jiff::tz::Offset::from_seconds(seconds).ok()?.to_time_zone();
        Some(moment.to_zoned(zone).strftime("%m/%d/%y").to_string())
    })();
    shown.unwrap_or_else(|| format!("{} s since 1970", time.unix_seconds))
}

/// `1:02:03.400`, `2.500 s`
pub(super) fn duration(milliseconds: u64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (hours, minutes) {
        (0, 0) => format!("{seconds}.{rest:03} s"),
        (0, _) => format!("{minutes}:{:02}.{rest:03}", seconds % 60),
        _ => format!("{hours}:{:02}:{:02}.{rest:03}", minutes % 60, seconds % 60),
    }
}

/// `about 4 min`, for estimates: never off by more than a quarter by being rounded.
pub(super) fn about(milliseconds: u64) -> String {
    const MINUTE: u64 = 60_000;
    const HOUR: u64 = 60 * MINUTE;
    let rounded = |unit: u64| (milliseconds + unit / 2) / unit;
    match milliseconds {
        0..1_000 => "under a second".to_owned(),
        1_000..100_000 => format!("about {} s", rounded(1_000)),
        _ if milliseconds < 100 * MINUTE => format!("about {} min", rounded(MINUTE)),
        _ => format!("about {} h", rounded(HOUR)),
    }
}

/// `about 4 min to go`
pub(super) fn to_go(milliseconds: u64) -> String {
    match milliseconds {
        0..1_000 => "a moment to go".to_owned(),
        _ => format!("{} to go", about(milliseconds)),
    }
}

/// A word as one would type it in a shell.
pub(super) fn for_shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@^,+%~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Writes a value as JSON, indented, one line end behind. Characters that would steer a terminal
/// are written as JSON escapes.
pub(super) fn json(out: &mut impl io::Write, value: &impl serde::Serialize) -> io::Result<()> {
    let mut safe = json_text(value)?;
    safe.push('\n');
    out.write_all(safe.as_bytes())
}

fn json_text(value: &impl serde::Serialize) -> io::Result<String> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    let mut safe = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        // JSON writes the first 32 itself; the others can only stand inside a text.
        if steers(c) && c != '\n' {
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    Ok(safe)
}

/// A list written as [`json`] writes one, item by item as they come.
#[derive(Debug, Default)]
pub(super) struct JsonList {
    begun: bool,
}

impl JsonList {
    pub(super) fn item(
        &mut self,
        out: &mut impl io::Write,
        value: &impl serde::Serialize,
    ) -> io::Result<()> {
        let before = if self.begun { ",\n  " } else { "[\n  " };
        self.begun = true;
        let text = json_text(value)?.replace('\n', "\n  ");
        write!(out, "{before}{text}")
    }

    pub(super) fn end(self, out: &mut impl io::Write) -> io::Result<()> {
        out.write_all(if self.begun { b"\n]\n" } else { b"[]\n" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_spelled_out() {
        assert_eq!(shown("a\x1b]0;x\x07b").to_string(), "a\\u{1b}]0;x\\u{7}b");
        assert_eq!(shown("evil\u{202e}gnp").to_string(), "evil\\u{202e}gnp");
        assert_eq!(format!("{:<6}|", shown("rae")), "rae   |");
        let mut out = Vec::new();
        json(&mut out, &"\u{9b}1m\u{1b}").expect("memory");
        assert_eq!(
            String::from_utf8(out).expect("text"),
            "\"\\u009b1m\\u001b\"\n"
        );
        for items in [vec![], vec![vec!["a"]], vec![vec!["a"], vec!["b", "c"]]] {
            let (mut whole, mut parts) = (Vec::new(), Vec::new());
            json(&mut whole, &items).expect("memory");
            let mut list = JsonList::default();
            for item in &items {
                list.item(&mut parts, item).expect("memory");
            }
            list.end(&mut parts).expect("memory");
            assert_eq!(parts, whole);
        }
    }

    #[test]
    fn sizes_times_and_durations_are_short() {
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(5 << 30), "5.0 GiB");
        let moment = Timestamp {
            unix_seconds: 1_767_225_600,
            utc_offset_minutes: -90,
        };
        assert_eq!(time(moment), "2025-12-31 22:30:00 -01:30");
        assert_eq!(duration(62_500), "1:02.500");
        assert_eq!(duration(3_723_400), "1:02:03.400");
        let estimates = [400, 1_499, 67_000, 127_000, 1_000_000, 5_990_000, 6_100_000];
        assert_eq!(
            estimates.map(about),
            [
                "under a second",
                "about 1 s",
                "about 67 s",
                "about 2 min",
                "about 17 min",
                "about 100 min",
                "about 2 h"
            ]
        );
        assert_eq!(to_go(12_000), "about 12 s to go");
    }
}
