//! The version of a recipe says when its output moves on: it is in the key of every action, and who
//! upgrades is told `outdated` by it alone. So what each built-in recipe gives over the scripts of
//! `golden/` is held here by digest: another output needs another version.
//!
//! `AIUT_WRITE_GOLDEN=1 cargo test --test golden_recipes` writes the table anew, but for recipes
//! whose output changed while their version did not.
#![cfg(unix)]
#![allow(
    unreachable_pub,
    clippy::disallowed_methods,
    reason = "a test: it reads from the environment whether to write"
)]

mod golden;
mod support;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;

use aiut::base::search_path::SearchPath;
use aiut::generate::{Bench, Commands, Files, FilesError, Manifest, Output, builtin};
use aiut::object::FileId;
use aiut::pipeline::{Item, Outcome, Pipeline, Reader, Stage};
use golden::{HEIGHT, Recorder, WIDTH, write};
use support::memory::Film;

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/recipes.txt");

/// The scripts, each a film of its own.
const FIXTURES: [(&str, &str); 4] = [
    (
        "night-ferry",
        include_str!("../fixtures/night-ferry/script.fountain"),
    ),
    ("rare", include_str!("golden/rare.fountain")),
    ("people", include_str!("golden/people.fountain")),
    ("bare", include_str!("golden/bare.fountain")),
];

/// What a recipe gave over a script.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    version: String,
    digest: String,
}

/// So many outputs of a stage are drawn, spoken or encoded for each script: a minute is enough.
const ENOUGH: usize = 16;

/// By recipe and fixture; a fixture's own row has the recipe `script`.
type Table = BTreeMap<(String, String), Row>;

/// Digests of what each recipe gave, in the order in which it was asked.
#[derive(Default)]
struct Digests(BTreeMap<String, blake3::Hasher>);

impl Digests {
    fn add(&mut self, recipe: &str, of: &str, bytes: &[u8]) {
        let hasher = self.0.entry(recipe.to_owned()).or_default();
        for part in [of.as_bytes(), bytes] {
            hasher
                .update(&(part.len() as u64).to_le_bytes())
                .update(part);
        }
    }
}

/// Gives the content of an id.
type Contents<'a> = dyn Fn(&FileId) -> Vec<u8> + Sync + 'a;

/// Contents as files named like the paths of the film, so that requests can be compared.
struct Laid<'a> {
    folder: PathBuf,
    read: Box<Contents<'a>>,
    known: Mutex<HashMap<PathBuf, FileId>>,
}

impl Files for Laid<'_> {
    fn open(&self, id: &FileId, name: &str) -> Result<PathBuf, FilesError> {
        let path = self.folder.join(name.replace('/', "-"));
        self.copy(id, &path)?;
        Ok(path)
    }

    fn copy(&self, id: &FileId, path: &Path) -> Result<(), FilesError> {
        let known = self
            .known
            .lock()
            .expect("no panic while held")
            .insert(path.to_owned(), *id);
        if known != Some(*id) {
            write(path, &(self.read)(id));
        }
        Ok(())
    }
}

/// All that the recipes give over a script: as it is first drafted, and once more after people
/// filled the bible and chose another rate and form.
fn digests_of(script: &str) -> Digests {
    let mut film = Film::new(script);
    film.config["film"]["width"] = WIDTH.into();
    film.config["film"]["height"] = HEIGHT.into();
    let mut digests = Digests::default();
    film.refresh();
    drafts(&film, "first", &mut digests);
    renders(&mut film, &mut digests);
    command(&film, &mut digests);

    let mut film = film.anew();
    film.config["film"]["fps"] = 25.into();
    film.config["film"]["aspect"] = "2.39:1".into();
    fill_bible(&mut film);
    film.refresh();
    drafts(&film, "filled", &mut digests);
    digests
}

/// What is made in memory.
fn drafts(film: &Film, of: &str, digests: &mut Digests) {
    let pipeline = Pipeline::film();
    for stage in pipeline.stages() {
        for (path, _) in film
            .files
            .iter()
            .filter(|(path, _)| stage.item_of(path.as_str()).is_some())
        {
            if !stage.by_hand() {
                let text = film.text(path.as_str());
                digests.add(&stage.by, &format!("{of} {path}"), text.as_bytes());
            }
        }
    }
}

/// As people do, in every way that the bible offers.
fn fill_bible(film: &mut Film) {
    let fill = [
        ("/characters/", "color", "\"#3366aa\""),
        ("/characters/", "pronouns", "\"they\""),
        ("/characters/", "physical", "\"a scar over the left eye\""),
        ("/characters/", "signature", "\"never without a pencil\""),
        (
            "/locations/",
            "description",
            "\"bare brick and one window\"",
        ),
        ("/locations/", "mood", "\"hushed\""),
        ("/locations/", "ambient", "\"rain\""),
        ("style.toml", "lens", "\"28mm and 50mm\""),
        ("style.toml", "tone", "\"dry and warm\""),
    ];
    let paths: Vec<String> = film.files.keys().map(ToString::to_string).collect();
    for path in paths.iter().filter(|path| path.starts_with("bible/")) {
        let mut document: toml_edit::DocumentMut = film.text(path).parse().expect("TOML");
        for (of, field, value) in fill.iter().filter(|(of, ..)| path.contains(of)) {
            assert!(
                document.contains_key(field),
                "{of}: there is no {field} in {path}"
            );
            document[field] = value.parse::<toml_edit::Item>().expect("a value");
        }
        film.put(path, document.to_string().as_bytes());
    }
}

/// What programs make: what is asked of them, and what is made of their answers.
fn renders(film: &mut Film, digests: &mut Digests) {
    let pipeline = Pipeline::film();
    let generators = builtin();
    let recorder = Recorder::new();
    let commands = Commands::default();
    let stop = AtomicBool::new(false);
    for stage in pipeline.stages() {
        let Some(generator) = generators.external(&stage.by) else {
            continue;
        };
        let (items, snapshot) = film.plan();
        let read = |id: &FileId| {
            let bytes = snapshot.bytes("", id);
            bytes.expect("it is kept").to_vec()
        };
        let files = Laid {
            folder: recorder.scratch(),
            read: Box::new(read),
            known: Mutex::default(),
        };
        let bench = Bench {
            tools: &recorder.tools,
            scratch: &recorder.scratch(),
            files: &files,
            commands: &commands,
            stop: &stop,
        };
        let of_stage = |item: &&Item| item.stage == stage.name && item.outcome == Outcome::Run;
        let mut made: Vec<(String, Vec<u8>)> = Vec::new();
        for (number, item) in items.iter().filter(of_stage).enumerate() {
            // A second take of the first few: a seed is an input too.
            let seeds = match number {
                0..3 => 0..2,
                3..ENOUGH => 0..1,
                // What stands on it is to have something to stand on.
                _ => {
                    made.push((item.path.to_string(), made[number - ENOUGH].1.clone()));
                    continue;
                }
            };
            for seed in seeds {
                let reader = Reader::new(&snapshot, stage);
                let produced = generator
                    .run(&item.item, &reader, &bench, seed)
                    .unwrap_or_else(|error| panic!("{}: {error}", item.path));
                let bytes = match &produced.output {
                    Output::Bytes(bytes) => bytes.clone(),
                    Output::File(file) => file.bytes().expect("it was made"),
                    Output::Taken(_) => unreachable!("no command runs here"),
                };
                let of = format!("{} {seed} {:?}", item.path, produced.remarks);
                digests.add(&stage.by, &of, &recorder.take());
                digests.add(&stage.by, "output", &bytes);
                if seed == 0 {
                    made.push((item.path.to_string(), bytes));
                }
            }
        }
        drop(files);
        for (path, bytes) in made {
            film.put(&path, &bytes);
        }
    }
}

/// What a command is asked: it gives its request back.
fn command(film: &Film, digests: &mut Digests) {
    let stage = toml::toml! {
        [posters]
        each = "scene"
        reads = ["scenes/{scene}.json", "shots/{scene}.json#/shots/0/size"]
        writes = "posters/{scene}.json"
        by = "command"
        command = ["cp", "/dev/stdin", "output.json"]
    };
    let pipeline = Pipeline::new(&stage).expect("a pipeline");
    let stage: &Stage = pipeline.stage("posters").expect("it is there");
    let (_, snapshot) = film.plan();
    let trusted = Some(Manifest::of(&pipeline, &snapshot, &[]));
    let search = SearchPath::outside("/usr/bin:/bin".as_ref(), Path::new("/nowhere"));
    let commands = Commands {
        trusted,
        search,
        ..Commands::default()
    };
    let recorder = Recorder::new();
    let read = |id: &FileId| snapshot.bytes("", id).expect("it is kept").to_vec();
    let files = Laid {
        folder: recorder.scratch(),
        read: Box::new(read),
        known: Mutex::default(),
    };
    let stop = AtomicBool::new(false);
    let bench = Bench {
        tools: &recorder.tools,
        scratch: &recorder.scratch(),
        files: &files,
        commands: &commands,
        stop: &stop,
    };
    let generators = builtin();
    let generator = generators.external(&stage.by).expect("commands are there");
    let story = snapshot
        .story()
        .expect("it can be read")
        .expect("it is there");
    for stem in story.stems() {
        let reader = Reader::new(&snapshot, stage);
        let produced = generator
            .run(stem, &reader, &bench, 1)
            .unwrap_or_else(|error| panic!("{stem}: {error}"));
        let request = produced.exchange.request.expect("it is kept");
        digests.add(&stage.by, stem, &request);
    }
}

/// The table as it should be.
fn table() -> Table {
    let versions = builtin().recipes();
    let mut table = Table::new();
    let films = std::thread::scope(|scope| {
        let films = FIXTURES.map(|(name, script)| (name, scope.spawn(move || digests_of(script))));
        films.map(|(name, film)| (name, film.join().expect("it can be made")))
    });
    for (name, script) in FIXTURES {
        let digest = blake3::hash(script.as_bytes()).to_hex().to_string();
        let row = Row {
            version: "-".to_owned(),
            digest,
        };
        table.insert(("script".to_owned(), name.to_owned()), row);
    }
    for (name, digests) in films {
        for (recipe, hasher) in digests.0 {
            let version = versions[recipe.as_str()].version().to_owned();
            let digest = hasher.finalize().to_hex().to_string();
            table.insert((recipe, name.to_owned()), Row { version, digest });
        }
    }
    table
}

fn parse(text: &str) -> Table {
    let rows = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [recipe, fixture, version, digest] = words[..] else {
            panic!("{TABLE}: {line:?} has not four words");
        };
        let (version, digest) = (version.to_owned(), digest.to_owned());
        (
            (recipe.to_owned(), fixture.to_owned()),
            Row { version, digest },
        )
    })
    .collect()
}

fn print(table: &Table) -> String {
    let mut text = String::from(
        "# What each built-in recipe gives over the scripts of this folder, with its version; see tests/golden_recipes.rs.\n",
    );
    for ((recipe, fixture), row) in table {
        let _ = writeln!(
            text,
            "{recipe:<16} {fixture:<12} {:<2} {}",
            row.version, row.digest
        );
    }
    text
}

/// What is wrong with a table, a line for each recipe; `unraised` are those whose version does not
/// say that they changed.
fn differences(written: &Table, now: &Table) -> (Vec<String>, Vec<String>) {
    let (mut unraised, mut unwritten) = (Vec::new(), Vec::new());
    for ((recipe, fixture), row) in now {
        let key = (recipe.clone(), fixture.clone());
        let script = ("script".to_owned(), fixture.clone());
        match written.get(&key) {
            Some(known) if known == row => {}
            Some(known)
                if recipe != "script"
                    && !is_raised(&known.version, &row.version)
                    && written.get(&script) == now.get(&script) =>
            {
                unraised.push(format!(
                    "the output of recipe {recipe} changed (over {fixture}): raise its version, which is {}, in \
                     src/generate, and write the new digest",
                    row.version
                ));
            }
            Some(_) if recipe == "script" => {
                unwritten.push(format!("the script of {fixture} changed"))
            }
            Some(known) => unwritten.push(format!(
                "recipe {recipe} has version {} now, and {} in the table (over {fixture})",
                row.version, known.version
            )),
            None => unwritten.push(format!(
                "recipe {recipe} over {fixture} is not in the table"
            )),
        }
    }
    let gone = written.keys().filter(|key| !now.contains_key(key));
    unwritten.extend(
        gone.map(|(recipe, fixture)| format!("there is no {recipe} over {fixture} any more")),
    );
    (unraised, unwritten)
}

fn is_raised(from: &str, to: &str) -> bool {
    match (from.parse::<u32>(), to.parse::<u32>()) {
        (Ok(from), Ok(to)) => from < to,
        _ => from != to,
    }
}

#[test]
fn an_output_does_not_change_without_its_recipes_version() {
    let now = table();
    let recipes = builtin();
    for name in recipes.names() {
        assert!(
            now.keys().any(|(recipe, _)| recipe == name),
            "nothing is held of recipe {name}"
        );
    }
    let written = parse(&std::fs::read_to_string(TABLE).unwrap_or_default());
    let (unraised, unwritten) = differences(&written, &now);
    assert!(unraised.is_empty(), "{}", unraised.join("\n"));
    if std::env::var_os("AIUT_WRITE_GOLDEN").is_some() {
        write(Path::new(TABLE), print(&now).as_bytes());
        return;
    }
    assert!(
        unwritten.is_empty(),
        "{}\nwrite the new digests: AIUT_WRITE_GOLDEN=1 cargo test --test golden_recipes",
        unwritten.join("\n")
    );
}

#[test]
fn only_a_raised_version_may_bring_another_digest() {
    let row = |version: &str, digest: &str| Row {
        version: version.to_owned(),
        digest: digest.to_owned(),
    };
    let table = |script: &str, panel: Row| {
        let key = |recipe: &str| (recipe.to_owned(), "rare".to_owned());
        Table::from([(key("script"), row("-", script)), (key("panel"), panel)])
    };
    let written = table("s", row("9", "a"));
    let number = |now: &Table| {
        let (unraised, unwritten) = differences(&written, now);
        (unraised.len(), unwritten.len())
    };
    assert_eq!(number(&written), (0, 0));
    assert_eq!(number(&table("s", row("9", "b"))), (1, 0));
    assert_eq!(number(&table("s", row("8", "b"))), (1, 0), "lowered");
    assert_eq!(number(&table("s", row("10", "b"))), (0, 1));
    assert_eq!(
        number(&table("other", row("9", "b"))),
        (0, 2),
        "another script"
    );
    assert_eq!(number(&Table::new()), (0, 2), "gone");
    assert_eq!(parse(&print(&written)), written);
}
