//! Time as it is passed in: the system's, or a fixed one that makes a test repeatable.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// A moment and the wall clock it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timestamp {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix_seconds: i64,
    /// Minutes that the local clock is ahead of UTC.
    pub utc_offset_minutes: i32,
}

impl Timestamp {
    /// The day that the wall clock showed, counted from 1970-01-01.
    #[must_use]
    pub fn day(self) -> i64 {
        (self.unix_seconds + i64::from(self.utc_offset_minutes) * 60).div_euclid(86_400)
    }
}

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The moment in seconds, with the local offset.
    fn now(&self) -> Timestamp;

    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;

    /// Time since some moment of this process: for measuring, whatever becomes of the wall clock
    /// meanwhile. A clock that makes results repeatable measures nothing.
    fn elapsed(&self) -> Duration;
}

/// A clock that lives elsewhere.
impl<C: Clock + ?Sized> Clock for &C {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    fn now_ms(&self) -> i64 {
        (**self).now_ms()
    }

    fn elapsed(&self) -> Duration {
        (**self).elapsed()
    }
}

/// The machine's clock and time zone.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock {
    /// Whether the `TZ` variable is set, which then says what the zone is.
    pub zone_is_named: bool,
}

impl SystemClock {
    /// Where the zone is not named it is that of a file, which is read alone: to find its name
    /// would be to search the database of all zones, every time that a command runs.
    fn zone(&self) -> TimeZone {
        let file = (!self.zone_is_named).then(|| std::fs::read("/etc/localtime").ok());
        let zone = file
            .flatten()
            .and_then(|b| TimeZone::tzif("local", &b).ok());
        zone.unwrap_or_else(TimeZone::system)
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let now = jiff::Timestamp::now().to_zoned(self.zone());
        Timestamp {
            unix_seconds: now.timestamp().as_second(),
            utc_offset_minutes: now.offset().seconds() / 60,
        }
    }

    fn now_ms(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    fn elapsed(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// A clock that moves on by one second whenever it is asked, in UTC.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// The first answer is `unix_seconds`.
    #[must_use]
    pub const fn starting_at(unix_seconds: i64) -> Self {
        Self(AtomicI64::new(unix_seconds))
    }

    fn tick(&self) -> i64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp {
            unix_seconds: self.tick(),
            utc_offset_minutes: 0,
        }
    }

    fn now_ms(&self) -> i64 {
        self.tick() * 1000
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_on_by_a_second_a_call() {
        let clock = FixedClock::starting_at(1_000);
        assert_eq!(clock.now().unix_seconds, 1_000);
        assert_eq!(clock.now_ms(), 1_001_000);
        assert_eq!(clock.now().unix_seconds, 1_002);
    }

    #[test]
    fn the_two_readings_of_the_system_clock_agree() {
        let clock = SystemClock::default();
        let (now, ms) = (clock.now(), clock.now_ms());
        let seconds = now.unix_seconds;
        assert!((ms / 1000 - seconds).abs() <= 1, "{seconds} s, {ms} ms");
        assert!(now.utc_offset_minutes.abs() <= 14 * 60);
    }
}
