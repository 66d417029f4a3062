//! Transfers that break off anywhere: refs are old or new, what came stays, and the same again finishes.

use super::support::{Desk, Dice, Flaky, Studio, noise};
use crate::Remote;
use crate::object::CommitId;

fn seed() -> u64 {
    // Read where tests run alone; the library never does.
    #[allow(
        clippy::disallowed_methods,
        reason = "a test repeats a run by its seed"
    )]
    let given = std::env::var("AIUT_SEED").ok();
    given.and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

fn rounds() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "a campaign asks for more")]
    let given = std::env::var("AIUT_CUTS").ok();
    given.and_then(|count| count.parse().ok()).unwrap_or(25)
}

/// Commits that are pushed one after the other.
fn commits(desk: &Desk) -> Vec<CommitId> {
    let mut tips = Vec::new();
    for n in 0..3_u64 {
        let files = [
            ("script.fountain", noise(2000, n)),
            ("frames/001.png", noise(40_000, 10 + n)),
            ("film.mp4", noise(400_000, n / 2)),
        ];
        tips.push(desk.commit(
            "main",
            tips.last().map_or(&[], std::slice::from_ref),
            &files,
        ));
    }
    tips
}

#[test]
fn a_push_that_breaks_off_anywhere_is_done_or_not_and_goes_on() {
    println!("AIUT_SEED={}", seed());
    let desk = Desk::new();
    let tips = commits(&desk);
    let name = "timelines/main".to_owned();
    for round in 0..rounds() {
        let mut dice = Dice::new(seed().wrapping_mul(1000) + round);
        let studio = Studio::new();
        let remote = studio.open();
        let mut at = None;
        for tip in &tips {
            let request = crate::PushRequest {
                to: [(name.clone(), Some(*tip))].into(),
                ..Default::default()
            };
            let mut sent = 0;
            loop {
                let flaky = Flaky::new(&remote, dice.below(70), dice.below(2) == 0);
                let pushed = crate::push(
                    &flaky,
                    desk.store(),
                    &request,
                    &crate::base::progress::Silent,
                );
                let there = remote.advertise().unwrap().refs.get(&name).copied();
                match pushed {
                    Ok(report) => {
                        sent += report.bytes;
                        assert_eq!(there, Some(*tip));
                        break;
                    }
                    Err(error) => {
                        assert!(error.is_passing() && flaky.has_failed(), "{error}");
                        assert!(there == at || there == Some(*tip), "between old and new");
                    }
                }
            }
            at = Some(*tip);
            assert!(sent < 600_000);
        }
        if round % 8 == 0 {
            studio.is_sound();
            // And a fetch from there. A pack that broke off begins anew with the next command.
            let other = Desk::new();
            loop {
                let flaky = Flaky::new(&remote, dice.below(300), false);
                match other.fetch(&flaky) {
                    Ok(_) => break,
                    Err(error) => assert!(error.is_passing() && flaky.has_failed(), "{error}"),
                }
                other.is_sound();
            }
            assert_eq!(other.files(tips[2]), desk.files(tips[2]));
            other.is_sound();
        }
    }
}
