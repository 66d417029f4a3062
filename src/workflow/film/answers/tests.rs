use std::cell::Cell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::base::clock::FixedClock;
use crate::history::{Caller, Project};
use crate::object::{
    Action, Generation, GenerationId, Output, ProjectId, RepoPath, Timestamp, id_of,
};
use crate::store::Store;
use crate::workflow::film::World;
use crate::workflow::settings::ProjectConfig;
use crate::workflow::spending::{Ledger, Unheld};
use crate::workflow::trust::TrustFile;

const START: i64 = 1_795_176_000;
const SETTINGS: &str = "[film]\ntitle = \"Answers\"\n";
const COMMAND: &str = "[stage.frames]\nby = \"command\"\ncommand = [\"sh\", \"-c\", \"true\"]\n";
const SCRIPT: &str = "INT. KITCHEN - DAY\n\nRUTH fills a kettle.\n\nRUTH\nLate again.\n";

/// A film on disk, and the world around it as the next command finds it.
struct Film {
    place: tempfile::TempDir,
    settings: String,
    search: OsString,
    environment: Vec<String>,
    now: i64,
    asked: Cell<usize>,
}

impl Film {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        for folder in ["film", "home"] {
            std::fs::create_dir(place.path().join(folder)).expect("a folder");
        }
        let film = Self {
            place,
            settings: SETTINGS.to_owned(),
            search: "/bin".into(),
            environment: Vec::new(),
            now: START,
            asked: Cell::new(0),
        };
        let clock = FixedClock::starting_at(START);
        Project::init(&film.root(), &caller(&clock), ProjectId::random()).expect("a project");
        film.write("script.fountain", SCRIPT);
        film
    }

    fn root(&self) -> PathBuf {
        self.place.path().join("film")
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a fixture in a folder of the test"
    )]
    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }

    fn trust(&self) -> TrustFile {
        TrustFile::beside(&self.place.path().join("home/config.toml"))
    }

    /// What a command of its own does with the film.
    fn command<T>(&self, work: impl FnOnce(&Session<'_>) -> T) -> T {
        let project = Arc::new(Project::open(&self.root()).expect("a project"));
        let config =
            ProjectConfig::parse(&self.settings, Path::new("aiut.toml")).expect("settings");
        let clock = FixedClock::starting_at(self.now);
        let world = World {
            search: self.search.clone(),
            environment: self.environment.iter().map(|n| (n.clone(), None)).collect(),
            trust: Some(self.trust()),
            times: Some(self.place.path().join("home/times")),
            caller: caller(&clock),
        };
        work(&Session::open(project, &config, world).expect("a film"))
    }

    /// Asks, and says whether the answer was worked out.
    fn is_worked_out(&self, question: &Question<'_>) -> bool {
        let before = self.asked.get();
        self.command(|session| {
            let answer = session.answer(question, |_| {
                self.asked.set(before + 1);
                Ok(before + 1)
            });
            assert!(answer.expect("an answer") <= before + 1);
        });
        self.asked.get() > before
    }

    /// Says whether a question that is known is worked out anew after `change`; then it is known again.
    fn is_anew(&mut self, change: impl FnOnce(&mut Self)) -> bool {
        let question = Question::named("anything");
        self.is_worked_out(&question);
        assert!(!self.is_worked_out(&question), "it is remembered");
        change(self);
        let is_anew = self.is_worked_out(&question);
        assert!(!self.is_worked_out(&question), "it is remembered again");
        is_anew
    }

    fn ledger(&self) -> Ledger {
        let own =
            crate::base::folder::Folder::open(&self.root().join(".aiut")).expect("it is there");
        Ledger::in_folder(&own, Default::default())
    }
}

fn caller(clock: &FixedClock) -> Caller<'_> {
    Caller {
        holder: Default::default(),
        clock,
        aftermath: Default::default(),
        guard: std::sync::Arc::new(()),
    }
}

fn generation(store: &Store) -> GenerationId {
    let action = Action {
        schema: 1,
        stage: "frames".into(),
        item: "001_001".into(),
        generator: "command".into(),
        version: "1".into(),
        parameters: BTreeMap::new(),
        reads: BTreeMap::new(),
    };
    let frame = store.put_file_bytes(b"a frame").expect("stored");
    let batch = store.batch();
    batch.put(&action).expect("put");
    let made = Generation {
        action: id_of(&action).expect("an id"),
        outputs: vec![Output {
            path: RepoPath::new("frames/001_001.png").expect("a path"),
            id: frame.id,
            size: frame.size,
        }],
        request: None,
        answer: None,
        model: None,
        seed: Some(0),
        cost_micro_usd: 1,
        started_ms: 0,
        finished_ms: 1,
        tools: [].into(),
        inputs: [].into(),
    };
    let made = batch.put(&made).expect("put");
    batch.commit().expect("committed");
    made
}

fn unheld(generation: u8) -> Unheld {
    Unheld {
        generation: GenerationId::from_bytes([generation; 32]),
        stage: "frames".into(),
        item: "001_001".into(),
        path: "frames/001_001.png".into(),
        by: String::new(),
        started_ms: 0,
        time: Timestamp {
            unix_seconds: START,
            utc_offset_minutes: 0,
        },
        micro_usd: 5,
    }
}

#[test]
fn while_nothing_changes_an_answer_is_remembered() {
    let mut film = Film::new();
    assert!(!film.is_anew(|_| {}));
    assert!(
        !film.is_anew(|film| film.write("script.fountain", SCRIPT)),
        "written, and the same"
    );
    assert!(
        !film.is_anew(|film| film.search = "/nowhere".into()),
        "no answer asks which programs are there"
    );
    assert!(!film.is_anew(|film| film.now += 3_600), "an hour later");
}

#[test]
fn what_people_edit_is_told_at_once_and_taken_back_it_is_known() {
    let mut film = Film::new();
    let other = SCRIPT.replace("Late", "Soon");
    assert!(film.is_anew(|film| film.write("script.fountain", &other)));
    assert!(
        !film.is_anew(|film| film.write("script.fountain", SCRIPT)),
        "it was known"
    );
    assert!(film.is_anew(|film| film.write("notes.md", "anything")));
    assert!(film.is_anew(|film| film.write("bible/style.toml", "tone = \"dry\"\n")));
    let gone = |film: &mut Film| std::fs::remove_file(film.root().join("notes.md")).expect("gone");
    assert!(film.is_anew(gone));
}

#[test]
fn settings_budgets_and_stages_are_told_at_once() {
    let mut film = Film::new();
    for more in ["fps = 25\n", "[budget]\nday = 5\n", "[engine]\n", COMMAND] {
        let settings = format!("{SETTINGS}{more}");
        // `aiut.toml` is read before the files are looked at: here it is in none of them.
        assert!(film.is_anew(|film| film.settings = settings), "{more}");
    }
}

#[test]
fn trust_given_and_taken_back_and_what_a_command_gets_are_told_at_once() {
    let mut film = Film::new();
    film.settings += COMMAND;
    assert!(film.is_anew(|film| film.command(|session| session.trust().expect("noted"))));
    assert!(film.is_anew(|film| film.environment.push("API_KEY".to_owned())));
    assert!(
        !film.is_anew(|film| {
            // Another project's trust, in the same file.
            let other = film.place.path().join("home");
            film.trust().agree(&other, "0123").unwrap_or_default();
        }),
        "of another project"
    );
    let revoke = |film: &mut Film| {
        let revoked = film.command(|session| session.revoke_trust());
        assert!(revoked.expect("noted"));
    };
    assert!(film.is_anew(revoke));
}

#[test]
fn runs_charges_and_commits_are_told_at_once_whoever_made_them() {
    let mut film = Film::new();
    let store = |film: &Film| Store::open(&film.root().join(".aiut")).expect("a store");
    let run = |film: &mut Film| _ = generation(&store(film));
    assert!(film.is_anew(run));
    for number in 1..=2 {
        let charge = |film: &mut Film| film.ledger().note_freed(vec![unheld(number)]);
        assert!(film.is_anew(|film| charge(film).expect("noted")));
    }
    let operation = |film: &mut Film| {
        let project = Project::open(&film.root()).expect("a project");
        let clock = FixedClock::starting_at(START);
        let transaction = project.transaction(&caller(&clock)).expect("a transaction");
        transaction
            .publish(&caller(&clock), Vec::new(), None)
            .expect("published");
    };
    assert!(film.is_anew(operation));
}

#[test]
fn how_long_work_takes_here_is_told_at_once() {
    let mut film = Film::new();
    let paces = "aiut times 1\n{\"host\":\"\",\"paces\":{\"store\":{\"amount\":2,\"micros\":9}}}\n";
    assert!(film.is_anew(|film| film.write(".aiut/times", paces)));
    let elsewhere = |film: &mut Film| film.write("../home/times", paces);
    assert!(film.is_anew(elsewhere));
}

#[test]
fn a_pack_that_was_written_to_is_looked_at_anew() {
    let mut film = Film::new();
    let write = |film: &mut Film| {
        let packs = std::fs::read_dir(film.root().join(".aiut/packs")).expect("packs");
        let path = packs.flatten().next().expect("a pack").path();
        // The same bytes here: it may as well have been damaged, or mended.
        let bytes = std::fs::read(&path).expect("read");
        let name = format!(
            ".aiut/packs/{}",
            path.file_name().expect("a name").display()
        );
        film.write(&name, bytes);
    };
    assert!(film.is_anew(write));
}

#[test]
fn the_day_counts_for_what_was_spent_today_alone() {
    let mut film = Film::new();
    let today = Question {
        of_today: true,
        ..Question::named("spent")
    };
    let ever = Question::named("ever");
    assert!(film.is_worked_out(&today) && film.is_worked_out(&ever));
    film.now += 60;
    assert!(!film.is_worked_out(&today) && !film.is_worked_out(&ever));
    film.now += 86_400;
    assert!(film.is_worked_out(&today) && !film.is_worked_out(&ever));
}

#[test]
fn questions_are_told_apart() {
    let film = Film::new();
    let targets = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Targets::typed(&film.root(), &film.root(), &words).expect("words")
    };
    let (none, one, two) = (targets(&[]), targets(&["1"]), targets(&["frames", "1"]));
    let outdated = Question {
        options: Options { outdated: true },
        ..Question::named("a")
    };
    let with = Question {
        with: "2".to_owned(),
        ..Question::named("a")
    };
    let questions = [
        Question::named("a"),
        Question::named("b"),
        Question::about("a", &one),
        Question::about("a", &two),
        outdated,
        with,
    ];
    for question in &questions {
        assert!(film.is_worked_out(question), "{}", question.name);
    }
    for question in &questions {
        assert!(!film.is_worked_out(question), "{}", question.name);
    }
    assert!(
        !film.is_worked_out(&Question::about("a", &none)),
        "of everything"
    );
}

#[test]
fn errors_and_what_is_broken_are_worked_out_each_time() {
    let film = Film::new();
    let question = Question::named("anything");
    for _ in 0..2 {
        let refused = film.command(|session| {
            let refuse = |_: &Planned| Err::<usize, _>(FilmError::NoScript);
            session.answer(&question, refuse)
        });
        assert!(matches!(refused, Err(FilmError::NoScript)));
    }
    film.write("bible/style.toml", "tone = [\n");
    for _ in 0..2 {
        assert!(film.is_worked_out(&question));
    }
}

#[test]
fn what_changes_while_an_answer_is_worked_out_is_not_missed() {
    let film = Film::new();
    let question = Question::named("anything");
    film.command(|session| {
        let answer = session.answer(&question, |_| {
            film.ledger().note_freed(vec![unheld(7)]).expect("noted");
            Ok(1)
        });
        assert_eq!(answer.expect("an answer"), 1);
    });
    assert!(film.is_worked_out(&question));
}
