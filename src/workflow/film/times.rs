//! How long the work of a film takes on this machine, learnt from what it took.
//!
//! `.aiut/times`, and `aiut/times` in the user's cache folder for what other projects of the same user
//! may go by, is text: `aiut times 1`, then JSON, `{host, paces: {NAME: {amount, micros}}}`. A pace is
//! what an amount of work took on the clock on the wall, with as much side by side as there was;
//! older runs count for half as much each time. It is a cache: what cannot be read is begun anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::atomic;
use crate::base::folder::Folder;
use crate::generate::Turn;
use crate::pipeline::{Estimate, Item, Stage};

const FILE: &str = "times";
const HEADER: &str = "aiut times 1\n";
/// Far more than all the paces there are.
const MAX_BYTES: u64 = 1 << 20;

/// A plan that was guessed to take less says nothing of how fast this machine is.
const ENOUGH_TO_GAUGE: Duration = Duration::from_millis(10);

/// What some work took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Pace {
    /// In the measure of whoever does it.
    amount: u64,
    micros: u64,
}

/// A kind of work that has a pace of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Work<'a> {
    /// Looking at an output in which nothing is to be done.
    Look,
    /// Making an output in memory, even if it comes out as it was.
    Write(&'a Stage),
    /// Running a program, alone or beside others.
    Run { stage: &'a Stage, alone: bool },
    /// Storing an output and putting it in its place.
    Store,
    /// Committing what people edited before a run, for each output that the film has.
    Edits,
}

impl Work<'_> {
    fn name(self) -> String {
        match self {
            Self::Look => "look".to_owned(),
            Self::Write(stage) => format!("write {}", stage.by),
            Self::Store => "store".to_owned(),
            Self::Edits => "edits".to_owned(),
            Self::Run { stage, alone } => {
                let how = if alone { "alone" } else { "together" };
                // What commands do has nothing in common.
                match stage.runs_command() {
                    true => format!("run {} {how} for {}", stage.by, stage.name),
                    false => format!("run {} {how}", stage.by),
                }
            }
        }
    }

    /// Whether another project's work of this kind is the same.
    fn is_everywhere(name: &str) -> bool {
        !name.contains(" for ")
    }
}

/// What looking at an output takes before that was measured, as for an [`Estimate`].
const LOOK: Estimate = Estimate::of(Duration::from_micros(60));
/// What storing one takes.
const STORE: Estimate = Estimate::of(Duration::from_micros(1_500));
/// What committing edits takes.
const EDITS: Estimate = Estimate::of(Duration::from_micros(50));
/// What a generator takes that nobody knows.
const UNKNOWN: Estimate = Estimate::of(Duration::from_millis(100));

/// What is known of this machine.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    host: String,
    /// Of this project, then of this user's other ones.
    known: [BTreeMap<String, Pace>; 2],
    cores: u64,
    /// What each generator takes before any run of it was measured.
    estimates: BTreeMap<&'static str, Estimate>,
    /// What planning took beside what was guessed, in percent; none where nothing was planned.
    gauge: Option<u64>,
}

#[derive(Serialize, Deserialize)]
struct File {
    host: String,
    paces: BTreeMap<String, Pace>,
}

impl Times {
    /// Reads what is known on the machine of this name, with so many cores. `estimates` stand where
    /// nothing is.
    pub(super) fn load(
        own: &Folder,
        user: Option<&Path>,
        host: &str,
        cores: usize,
        estimates: BTreeMap<&'static str, Estimate>,
    ) -> Self {
        let here = own.read(FILE).ok().and_then(|file| read(file, host));
        let elsewhere = user.and_then(|path| read(std::fs::File::open(path).ok()?, host));
        Self {
            host: host.to_owned(),
            known: [here, elsewhere].map(Option::unwrap_or_default),
            cores: cores.max(1) as u64,
            estimates,
            gauge: None,
        }
    }

    /// What stands for all of it.
    pub(super) fn state(&self) -> Vec<u8> {
        let Self {
            host,
            known,
            cores,
            // They follow from the generators, which are code.
            estimates: _,
            gauge,
        } = self;
        let paces = serde_json::to_string(known).expect("paces are plain data");
        format!("{host:?} {cores} {gauge:?} {paces}").into_bytes()
    }

    /// The same, and for work that was never measured here what a plan just took: it makes all that is
    /// made in memory, and a run will make it once more.
    pub(super) fn gauged(&self, stages: &[Stage], plan: &[Item], took: Duration) -> Self {
        let mut expected = Duration::ZERO;
        for stage in stages {
            let items = || plan.iter().filter(|item| item.stage == stage.name);
            let written = items().filter(|item| item.made.is_some()).count();
            let looked = items().count() - written;
            expected += self.guess(Work::Look, looked as u64);
            expected += self.guess(Work::Write(stage), written as u64);
        }
        let percent = took.as_micros() * 100 / expected.as_micros().max(1);
        // Of a handful of outputs it says nothing.
        let enough = !took.is_zero() && expected > ENOUGH_TO_GAUGE;
        let gauge = u64::try_from(percent).unwrap_or(u64::MAX).clamp(10, 5_000);
        Self {
            gauge: enough.then_some(gauge),
            ..self.clone()
        }
    }

    /// What an amount of work is expected to take.
    pub(super) fn expect(&self, work: Work<'_>, amount: u64) -> Duration {
        let learnt = self.learnt(work, amount);
        learnt.unwrap_or_else(|| self.guess(work, amount))
    }

    /// The same by what was measured alone; none before anything was.
    pub(super) fn learnt(&self, work: Work<'_>, amount: u64) -> Option<Duration> {
        let known = |work: Work<'_>| {
            let name = work.name();
            let pace = self.known.iter().find_map(|paces| paces.get(&name))?;
            let nanos = u128::from(pace.micros) * 1_000 * u128::from(amount);
            Some(nanos / u128::from(pace.amount.max(1)))
        };
        let nanos = known(work).or_else(|| match work {
            Work::Run { stage, alone: true } => Some(self.apart(known(Work::Run {
                stage,
                alone: false,
            })?)),
            Work::Run {
                stage,
                alone: false,
            } => Some(self.beside(known(Work::Run { stage, alone: true })?)),
            _ => None,
        });
        nanos.map(duration)
    }

    fn estimate(&self, work: Work<'_>) -> Estimate {
        match work {
            Work::Look => LOOK,
            Work::Store => STORE,
            Work::Edits => EDITS,
            Work::Write(stage) | Work::Run { stage, .. } => {
                let known = self.estimates.get(stage.by.as_str());
                known.copied().unwrap_or(UNKNOWN)
            }
        }
    }

    fn guess(&self, work: Work<'_>, amount: u64) -> Duration {
        let estimate = self.estimate(work);
        let nanos = estimate.each.as_nanos() * u128::from(amount);
        let measured = Self {
            cores: 2,
            ..Self::default()
        };
        duration(match work {
            Work::Run { .. } if estimate.fills_cores => nanos,
            Work::Run { alone: true, .. } => measured.apart(nanos),
            Work::Run { .. } => nanos * 2 / u128::from(self.cores.max(1)),
            Work::Look | Work::Write(_) | Work::Edits => {
                nanos * u128::from(self.gauge.unwrap_or(100)) / 100
            }
            Work::Store => nanos,
        })
    }

    /// With others beside it a run takes a little longer.
    fn apart(&self, together: u128) -> u128 {
        together * u128::from(self.gain()) / 100
    }

    fn beside(&self, alone: u128) -> u128 {
        alone * 100 / u128::from(self.gain())
    }

    /// How much faster runs are made side by side, in percent.
    fn gain(&self) -> u64 {
        (85 * self.cores).max(100)
    }

    /// Takes in what an amount of work took.
    pub(super) fn learn(&mut self, work: Work<'_>, amount: u64, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX / 4);
        // A clock that stands still measures nothing.
        if amount == 0 || micros == 0 {
            return;
        }
        let name = work.name();
        for paces in &mut self.known {
            let pace = paces.entry(name.clone()).or_default();
            *pace = Pace {
                amount: (pace.amount / 2).saturating_add(amount),
                micros: (pace.micros / 2).saturating_add(micros),
            };
        }
    }

    /// Takes in what a stage of a run took. `looked` is how much of what planning took went into
    /// outputs in which nothing was to be done.
    pub(super) fn learn_turn(&mut self, turn: &Turn<'_>) {
        let written = turn.in_memory as u64;
        let looked = (turn.outputs - turn.in_memory) as u64;
        if turn.ran.is_zero() || turn.amount.is_none() {
            if written == 0 {
                self.learn(Work::Look, looked, turn.planned);
            } else {
                let spent = self.expect(Work::Look, looked);
                let rest = turn.planned.saturating_sub(spent);
                self.learn(Work::Write(turn.stage), written, rest);
            }
        }
        // Of runs that failed nobody knows what they would have taken.
        let (made, tried) = turn.made();
        if let Some(amount) = turn.amount.filter(|_| made == tried && made > 0) {
            let (stage, alone) = (turn.stage, turn.side_by_side == 1);
            self.learn(Work::Run { stage, alone }, amount, turn.ran);
        }
    }

    /// Writes down what was learnt. A cache that cannot be written costs better estimates, nothing else.
    pub(super) fn save(&self, own: &Folder, user: Option<&Path>) {
        let [here, elsewhere] = &self.known;
        let text = |paces: &BTreeMap<String, Pace>| {
            let file = File {
                host: self.host.clone(),
                paces: paces.clone(),
            };
            let json = serde_json::to_string(&file).expect("paces are plain data");
            format!("{HEADER}{json}\n").into_bytes()
        };
        let _ = atomic::write_cache_in(own, FILE, &text(here));
        if let Some(path) = user
            && let Some(folder) = path.parent()
            && std::fs::create_dir_all(folder).is_ok()
        {
            let mut shared = elsewhere.clone();
            shared.retain(|name, _| Work::is_everywhere(name));
            let _ = atomic::write_cache(path, &text(&shared));
        }
    }
}

fn duration(nanos: u128) -> Duration {
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// The paces of a file that were learnt on this machine.
fn read(file: std::fs::File, host: &str) -> Option<BTreeMap<String, Pace>> {
    use std::io::Read as _;
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).ok()?;
    let json = text.strip_prefix(HEADER)?;
    let file: File = serde_json::from_str(json).ok()?;
    (file.host == host).then_some(file.paces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::builtin;
    use crate::pipeline::Pipeline;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn what_was_measured_is_expected_again() {
        let film = Pipeline::film();
        let stage = film.stage("clips").expect("it is there");
        let mut times = Times {
            cores: 2,
            estimates: builtin().estimates(),
            ..Times::default()
        };
        let together = Work::Run {
            stage,
            alone: false,
        };
        let alone = Work::Run { stage, alone: true };
        let guess = times.expect(together, 100_000);
        assert_eq!(guess, Duration::from_millis(1_200));
        assert!(times.expect(alone, 100_000) > guess);
        times.learn(together, 1_000, 4 * SECOND);
        assert_eq!(times.expect(together, 500), 2 * SECOND);
        let apart = times.expect(alone, 1_000);
        assert!(apart > 6 * SECOND && apart < 7 * SECOND, "{apart:?}");
        times.learn(alone, 1_000, 5 * SECOND);
        assert_eq!(times.expect(alone, 1_000), 5 * SECOND);
        // The newer of two counts for more, a small one for little.
        times.learn(together, 1_000, SECOND);
        assert_eq!(times.expect(together, 1_500), 3 * SECOND);
        times.learn(together, 10, SECOND / 10);
        assert!(times.expect(together, 1_500) < 4 * SECOND);
        times.learn(Work::Store, 10, Duration::ZERO);
        assert_eq!(
            times.expect(Work::Store, 2),
            Duration::from_millis(3),
            "still a guess"
        );
    }

    #[test]
    fn what_was_never_measured_goes_by_what_planning_took() {
        use crate::object::{FileId, RepoPath};
        let film = Pipeline::film();
        let stage = film.stage("prompts").expect("it is there");
        let item = |number: usize| {
            let path = RepoPath::new(format!("prompts/{number}.json")).expect("a safe path");
            let mut item = Item::new(&stage.name, "x", path, None);
            item.made = Some(FileId::of(b""));
            item
        };
        let plan: Vec<Item> = (0..1_000).map(item).collect();
        let times = Times {
            cores: 2,
            estimates: builtin().estimates(),
            ..Times::default()
        };
        let write = Work::Write(stage);
        let stages = film.stages();
        let slow = times.gauged(stages, &plan, 4 * SECOND);
        assert_eq!(slow.expect(write, 500), 2 * SECOND);
        let few = times.gauged(stages, &plan[..3], 4 * SECOND);
        assert_eq!(few.expect(write, 500), times.expect(write, 500));
        let mut learnt = slow;
        learnt.learn(write, 1_000, SECOND);
        assert_eq!(
            learnt.expect(write, 500),
            SECOND / 2,
            "what was measured goes before"
        );
    }

    #[test]
    fn what_is_kept_is_for_one_machine_and_commands_for_one_project() {
        let place = tempfile::tempdir().expect("a folder");
        let own = Folder::open(place.path()).expect("it is there");
        let user = place.path().join("cache/aiut/times");
        let film = "[frames]\nby = \"command\"\ncommand = [\"x\"]\n";
        let film = Pipeline::new(&toml::from_str(film).expect("TOML")).expect("a pipeline");
        let command = film.stage("frames").expect("it is there");
        let voices = film.stage("voices").expect("it is there");
        let work = |stage| Work::Run { stage, alone: true };
        let load = |own: &Folder, host: &str| {
            Times::load(own, Some(&user), host, 2, builtin().estimates())
        };
        let mut times = load(&own, "studio");
        times.learn(work(command), 2, 10 * SECOND);
        times.learn(work(voices), 2, 10 * SECOND);
        times.save(&own, Some(&user));
        let again = load(&own, "studio");
        for stage in [command, voices] {
            assert_eq!(again.expect(work(stage), 1), 5 * SECOND);
        }
        let elsewhere = tempfile::tempdir().expect("a folder");
        let elsewhere = Folder::open(elsewhere.path()).expect("it is there");
        let other = load(&elsewhere, "studio");
        assert_eq!(other.expect(work(voices), 1), 5 * SECOND);
        assert!(other.expect(work(command), 1) < 5 * SECOND);
        let moved = load(&own, "laptop");
        assert!(moved.expect(work(voices), 1) < SECOND);
    }
}
