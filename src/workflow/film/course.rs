//! How far a run is, in the time that it was expected to take.

use std::sync::Mutex;
use std::time::Duration;

use super::FilmReport;

/// A run's way through its stages.
pub(super) struct Course {
    /// What each stage was expected to take, in milliseconds, in their order.
    stages: Vec<(String, u64)>,
    /// All of that, and the storing at the end.
    total: u64,
    begun: Duration,
    /// How much is behind it.
    done: Mutex<u64>,
}

/// How far it is, all in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Of what the whole run was expected to take.
    pub(super) done: u64,
    pub(super) total: u64,
    /// Still to go.
    pub(super) left: u64,
}

impl Course {
    pub(super) fn of(report: &FilmReport, begun: Duration) -> Self {
        let stages = report.stages.iter();
        Self {
            stages: stages
                .map(|row| (row.stage.clone(), row.estimated_ms))
                .collect(),
            total: report.estimated_ms.max(1),
            begun,
            done: Mutex::new(0),
        }
    }

    /// Where the run is when so many of a stage's runs are done.
    pub(super) fn at(&self, stage: &str, done: usize, of: usize, now: Duration) -> Place {
        let Some(at) = self.stages.iter().position(|(name, _)| name == stage) else {
            // Of a stage that nothing was expected of, as those that people write, it says nothing.
            return self.place(0, now);
        };
        let before: u64 = self.stages[..at].iter().map(|(_, expected)| expected).sum();
        let behind = before + self.stages[at].1 * done as u64 / of.max(1) as u64;
        self.place(behind, now)
    }

    /// Where it is when all stages had their turn.
    pub(super) fn at_the_end(&self, now: Duration) -> Place {
        let behind = self.stages.iter().map(|(_, expected)| expected).sum();
        self.place(behind, now)
    }

    fn place(&self, behind: u64, now: Duration) -> Place {
        let mut done = self.done.lock().expect("no panic while held");
        // A stage may turn out to have less to do than it seemed: a bar does not go back.
        *done = behind.min(self.total).max(*done);
        let spent = now.saturating_sub(self.begun).as_millis() as u64;
        Place {
            done: *done,
            total: self.total,
            left: left(spent, *done, self.total),
        }
    }
}

/// What is still to go, by what the part that is done took beside what it was expected to take. Early
/// on that says little: a fifth of the whole is taken to go as it was expected.
fn left(spent: u64, done: u64, total: u64) -> u64 {
    let ease = total / 5 + 1;
    let rest = u128::from(total - done);
    let left = rest * u128::from(spent + ease) / u128::from(done + ease);
    u64::try_from(left).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_to_go_follows_what_the_run_shows() {
        assert_eq!(left(0, 0, 60_000), 60_000);
        assert_eq!(left(30_000, 30_000, 60_000), 30_000, "as expected");
        let slow = left(60_000, 30_000, 60_000);
        assert!((45_000..60_000).contains(&slow), "{slow}");
        let early = left(4_000, 1_000, 60_000);
        assert!((60_000..75_000).contains(&early), "{early}");
        assert_eq!(left(90_000, 60_000, 60_000), 0);
    }

    #[test]
    fn a_bar_goes_forward_only() {
        let course = Course {
            stages: vec![("frames".to_owned(), 1_000), ("clips".to_owned(), 8_000)],
            total: 10_000,
            begun: Duration::from_secs(5),
            done: Mutex::new(0),
        };
        let at = |stage, done, of| {
            let place = course.at(stage, done, of, Duration::from_secs(6));
            (place.done, place.total)
        };
        assert_eq!(at("idea", 0, 0), (0, 10_000), "people write it");
        assert_eq!(at("frames", 1, 2), (500, 10_000));
        assert_eq!(at("clips", 1, 2), (5_000, 10_000));
        assert_eq!(at("frames", 2, 2), (5_000, 10_000));
        assert_eq!(
            at("elsewhere", 0, 0),
            (5_000, 10_000),
            "nothing was expected of it"
        );
        assert_eq!(course.at_the_end(Duration::from_secs(6)).done, 9_000);
    }
}
