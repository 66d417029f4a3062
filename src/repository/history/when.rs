//! Moments as people type them: `yesterday`, `2 days ago`, `2026-11-20`, `2026-11-20 14:00`.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Zoned};

use crate::object::Timestamp;

/// The moment, in seconds since 1970, that `text` means to someone for whom it is `now`. A date
/// alone means the end of that day.
#[must_use]
pub fn parse_when(text: &str, now: Timestamp) -> Option<i64> {
    let offset = Offset::from_seconds(now.utc_offset_minutes.checked_mul(60)?).ok()?;
    let zone = TimeZone::fixed(offset);
    let now = jiff::Timestamp::from_second(now.unix_seconds)
        .ok()?
        .to_zoned(zone.clone());
    // `2.days.ago` needs no quotes in a shell.
    let words = text.trim().to_lowercase();
    let words = if words.ends_with(".ago") {
        words.replace('.', " ")
    } else {
        words
    };
    match words.as_str() {
        "now" => return Some(now.timestamp().as_second()),
        "today" => return second(now.start_of_day().ok()?),
        "yesterday" => return second(now.checked_sub(Span::new().days(1)).ok()?),
        _ => {}
    }
    if let Some(ago) = words.strip_suffix(" ago") {
        return second(now.checked_sub(span(ago)?).ok()?);
    }
    let text = text.trim();
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Some(moment.as_second());
    }
    if text.len() <= "2026-11-20".len() {
        let next_day = text.parse::<Date>().ok()?.tomorrow().ok()?;
        return Some(second(next_day.to_zoned(zone).ok()?)? - 1);
    }
    second(text.parse::<DateTime>().ok()?.to_zoned(zone).ok()?)
}

/// The moment, in seconds since 1970, before which something is older than `text` says: `90` and
/// `90d` are days, `12w` weeks, `6mo` months, `1y` years; `90 days`, `2.weeks.ago` and all that
/// [`parse_when`] reads do as well. A date alone means the beginning of that day.
#[must_use]
pub fn parse_older(text: &str, now: Timestamp) -> Option<i64> {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit = match unit
        .trim()
        .trim_end_matches("ago")
        .trim()
        .to_lowercase()
        .as_str()
    {
        "" | "d" => "days".to_owned(),
        "h" => "hours".to_owned(),
        "w" => "weeks".to_owned(),
        "mo" => "months".to_owned(),
        "y" => "years".to_owned(),
        unit => unit.to_owned(),
    };
    if !number.is_empty()
        && let Some(moment) = parse_when(&format!("{number} {unit} ago"), now)
    {
        return Some(moment);
    }
    match text.parse::<Date>() {
        Ok(day) if text.len() <= "2026-11-20".len() => {
            let offset = Offset::from_seconds(now.utc_offset_minutes.checked_mul(60)?).ok()?;
            second(day.to_zoned(TimeZone::fixed(offset)).ok()?)
        }
        _ => parse_when(text, now),
    }
}

/// As [`parse_when`], for the beginning of a span of time: a date alone means the first second of
/// that day.
#[must_use]
pub fn parse_since(text: &str, now: Timestamp) -> Option<i64> {
    let Ok(date) = text.trim().parse::<Date>() else {
        return parse_when(text, now);
    };
    if text.trim().len() > "2026-11-20".len() {
        return parse_when(text, now);
    }
    let offset = Offset::from_seconds(now.utc_offset_minutes.checked_mul(60)?).ok()?;
    second(date.to_zoned(TimeZone::fixed(offset)).ok()?)
}

fn second(moment: Zoned) -> Option<i64> {
    Some(moment.timestamp().as_second())
}

/// `2 days`, `an hour`, `1 week 3 days`.
fn span(text: &str) -> Option<Span> {
    let mut span = Span::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || !words.len().is_multiple_of(2) {
        return None;
    }
    for pair in words.chunks(2) {
        let count: i64 = match pair[0] {
            "a" | "an" | "one" => 1,
            number => number.parse().ok().filter(|count| *count >= 0)?,
        };
        span = match pair[1].trim_end_matches('s') {
            "second" | "sec" => span.try_seconds(count),
            "minute" | "min" => span.try_minutes(count),
            "hour" => span.try_hours(count),
            "day" => span.try_days(count),
            "week" => span.try_weeks(count),
            "month" => span.try_months(count),
            "year" => span.try_years(count),
            _ => return None,
        }
        .ok()?;
    }
    Some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_the_time_zone_of_whoever_types_them() {
        // 2026-11-21 14:30:00 at two hours ahead of UTC.
        let now = Timestamp {
            unix_seconds: 1_795_264_200,
            utc_offset_minutes: 120,
        };
        let (hour, day) = (3600, 86_400);
        let midnight = now.unix_seconds - 14 * hour - 30 * 60;
        for (text, expected) in [
            ("now", now.unix_seconds),
            ("today", midnight),
            ("yesterday", now.unix_seconds - day),
            ("Yesterday", now.unix_seconds - day),
            ("2 days ago", now.unix_seconds - 2 * day),
            ("2.days.ago", now.unix_seconds - 2 * day),
            ("an hour ago", now.unix_seconds - hour),
            ("1 week 3 days ago", now.unix_seconds - 10 * day),
            ("90 minutes ago", now.unix_seconds - 90 * 60),
            ("2026-11-20", midnight - 1),
            ("2026-11-21 09:15", midnight + 9 * hour + 15 * 60),
            ("2026-11-21T09:15:30", midnight + 9 * hour + 15 * 60 + 30),
            ("2026-11-21T09:15:00Z", midnight + 11 * hour + 15 * 60),
        ] {
            assert_eq!(parse_when(text, now), Some(expected), "{text}");
        }
        for text in [
            "",
            "soon",
            "2 ago",
            "days ago",
            "2 lightyears ago",
            "2026-13-01",
            "-1 days ago",
        ] {
            assert_eq!(parse_when(text, now), None, "{text:?}");
        }
        assert_eq!(parse_since("2026-11-20", now), Some(midnight - day));
        let moment = "2026-11-21 09:15";
        assert_eq!(parse_since(moment, now), parse_when(moment, now));
        assert_eq!(
            parse_since("2 days ago", now),
            parse_when("2 days ago", now)
        );
        assert_eq!(parse_when("99999999999 years ago", now), None);
    }

    #[test]
    fn ages_are_days_unless_they_say_otherwise() {
        let now = Timestamp {
            unix_seconds: 1_795_264_200,
            utc_offset_minutes: 120,
        };
        let day = 86_400;
        let ago = |days: i64| Some(now.unix_seconds - days * day);
        for (text, expected) in [
            ("90", ago(90)),
            ("90d", ago(90)),
            ("90 days", ago(90)),
            ("90 days ago", ago(90)),
            ("90.days.ago", ago(90)),
            ("12w", ago(84)),
            ("2 weeks", ago(14)),
            ("48h", ago(2)),
            ("0", ago(0)),
            ("now", ago(0)),
            ("1y", ago(365)),
            // 2026-11-21 14:30 less three months, two hours ahead of UTC.
            ("3mo", ago(92)),
            (
                "2026-11-20",
                Some(now.unix_seconds - day - 14 * 3600 - 30 * 60),
            ),
            ("yesterday", ago(1)),
        ] {
            assert_eq!(parse_older(text, now), expected, "{text}");
        }
        for text in ["", "old", "-3", "9 parsecs", "3m4", "2026-13-40"] {
            assert_eq!(parse_older(text, now), None, "{text:?}");
        }
    }
}
