//! A film kept in memory: the pipeline without a disk, for tests that build it hundreds of times.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use aiut::film::cast::Cast;
use aiut::generate::{builtin, shot_fingerprints};
use aiut::object::{
    Acceptance, AcceptanceId, ActionId, FileId, Generation, GenerationId, Output, RepoPath, id_of,
};
use aiut::pipeline::{
    Book, Contents, Derived, Item, Kept, NUMBERS, Options, Outcome, Parsed, Past, Pipeline,
    Planner, Records, SCRIPT, Slot, Snapshot, State, Tracked, Unread, action_id, remembered,
};
use serde_json::{Value, json};

/// Fails where two plans differ in anything.
fn same_plan(how: &str, fresh: (&[Item], &Snapshot), other: (&[Item], &Snapshot)) {
    let told = |item: &Item| {
        let Item {
            stage,
            item: name,
            path,
            state,
            edited,
            current,
            outcome,
            action,
            made,
            record,
            changes,
            problem,
            conflicts,
        } = item;
        let first = (stage, name, path, state, edited, current, outcome);
        format!(
            "{first:#?} {:#?}",
            (&**action, made, &**record, &**changes, problem, conflicts)
        )
    };
    let is_same = |one: &Item, two: &Item| {
        (&one.stage, &one.item, &one.path, one.state, one.edited)
            == (&two.stage, &two.item, &two.path, two.state, two.edited)
            && (
                one.current,
                one.outcome,
                one.made,
                &one.problem,
                &one.conflicts,
            ) == (
                two.current,
                two.outcome,
                two.made,
                &two.problem,
                &two.conflicts,
            )
            && (&*one.action, &*one.record, &*one.changes)
                == (&*two.action, &*two.record, &*two.changes)
    };
    for (one, two) in fresh.0.iter().zip(other.0) {
        assert!(
            is_same(one, two),
            "{how}\nanew: {}\n{how}: {}",
            told(one),
            told(two)
        );
    }
    assert_eq!(fresh.0.len(), other.0.len(), "{how}: as many items");
    let paths = |snapshot: &Snapshot| -> Vec<(RepoPath, Option<Slot>)> {
        let paths = snapshot.paths();
        paths
            .map(|path| (path.clone(), snapshot.slot(path.as_str())))
            .collect()
    };
    assert!(
        paths(fresh.1) == paths(other.1),
        "{how}: other files in the end"
    );
    for item in fresh.0 {
        if let Outcome::Write(id) = item.outcome {
            for id in [id].into_iter().chain(item.made) {
                let (one, two) = (fresh.1.written(&id), other.1.written(&id));
                assert!(one == two, "{how}: other bytes of {}", item.path);
            }
        }
    }
}

/// Contents and generations.
#[derive(Default)]
pub struct Memory {
    contents: Mutex<HashMap<FileId, Vec<u8>>>,
    past: Mutex<HashMap<GenerationId, Arc<Past>>>,
}

impl Contents for Memory {
    fn read(&self, id: &FileId) -> Result<Vec<u8>, Unread> {
        let contents = self.contents.lock().expect("no panic while held");
        contents.get(id).cloned().ok_or(Unread::NotStored)
    }
}

impl Records for Memory {
    fn generation(&self, id: &GenerationId) -> Result<Arc<Past>, Unread> {
        let past = self.past.lock().expect("no panic while held");
        past.get(id).cloned().ok_or(Unread::NotStored)
    }

    fn acceptance(&self, _: &AcceptanceId) -> Result<Acceptance, Unread> {
        Err(Unread::NotStored)
    }

    fn cached(&self, _: &ActionId) -> Result<Option<(GenerationId, FileId)>, Unread> {
        Ok(None)
    }
}

/// A film in memory.
pub struct Film {
    pub files: BTreeMap<RepoPath, Tracked>,
    pub config: Value,
    memory: Arc<Memory>,
    remembered: Option<Mutex<Remembered>>,
}

/// The last plan as bytes, and how many runs there were then.
#[derive(Default)]
struct Remembered {
    book: Option<Arc<Book>>,
    runs: usize,
    /// How the shots of each scene were told apart.
    shots: String,
}

impl Film {
    /// A film of this script.
    pub fn new(script: &str) -> Self {
        let film =
            json!({"title": "Untitled", "fps": 24, "width": 1280, "height": 720, "aspect": "16:9"});
        let config = json!({"film": film, "engine": null});
        let mut film = Self {
            files: BTreeMap::new(),
            config,
            memory: Arc::default(),
            remembered: None,
        };
        film.put(SCRIPT, script.as_bytes());
        film
    }

    /// Writes a file as people do.
    pub fn put(&mut self, path: &str, bytes: &[u8]) {
        let path = RepoPath::new(path).expect("a safe path");
        let id = self.memory.keep(bytes);
        let made_by = self.files.get(&path).and_then(|file| file.made_by);
        self.files.insert(
            path,
            Tracked {
                id,
                made_by,
                accepted: None,
                in_conflict: false,
            },
        );
    }

    pub fn text(&self, path: &str) -> String {
        let file = self
            .files
            .get(path)
            .unwrap_or_else(|| panic!("there is no {path}"));
        String::from_utf8(self.memory.read(&file.id).expect("kept")).expect("text")
    }

    /// A film of the same sources, with nothing generated and no past.
    pub fn anew(&self) -> Self {
        let mut film = Self {
            files: BTreeMap::new(),
            config: self.config.clone(),
            memory: Arc::default(),
            remembered: None,
        };
        for (path, file) in &self.files {
            let source =
                [SCRIPT, NUMBERS].contains(&path.as_str()) || path.as_str().starts_with("bible/");
            if source {
                film.put(path.as_str(), &self.memory.read(&file.id).expect("kept"));
            }
        }
        film
    }

    /// The plan, and what it leads to.
    pub fn plan(&self) -> (Vec<Item>, Snapshot) {
        let pipeline = Pipeline::new(&toml::Table::new()).expect("the film pipeline");
        let recipes = builtin().recipes();
        let files = self
            .files
            .iter()
            .map(|(path, file)| (path.clone(), file.id));
        let contents: Arc<dyn Contents> = self.memory.clone();
        let config = Arc::new(self.config.clone());
        let mut snapshot = Snapshot::new(
            files,
            config,
            pipeline.layout().clone(),
            contents,
            Arc::new(Parsed::default()),
        );
        let told_apart = |known: &mut Derived<Vec<String>>| {
            remembered(&snapshot, shot_fingerprints(&snapshot, known)).expect("readable")
        };
        let numbers = told_apart(&mut Derived::default());
        if let Some(remembered) = &self.remembered {
            let mut remembered = remembered.lock().expect("no panic while held");
            let known = std::mem::take(&mut remembered.shots);
            let mut known = serde_json::from_str(&known).unwrap_or_default();
            let again = told_apart(&mut known);
            assert_eq!(again, numbers, "shots told apart by what was known of them");
            remembered.shots = serde_json::to_string(&known.kept()).expect("plain data");
        }
        if let Some(text) = numbers {
            let id = snapshot.keep(text.into_bytes());
            snapshot.place(
                RepoPath::new(NUMBERS).expect("a safe path"),
                Slot::Known(id),
            );
        }
        let planner = Planner {
            pipeline: &pipeline,
            recipes: &recipes,
            records: &*self.memory,
            tracked: &self.files,
            options: Options::default(),
            inert: &BTreeMap::new(),
            kept: None,
        };
        let before = snapshot.clone();
        let items = planner.plan(&mut snapshot);
        if let Some(remembered) = &self.remembered {
            let mut remembered = remembered.lock().expect("no panic while held");
            self.compare(&planner, &before, (&items, &snapshot), &mut remembered);
        }
        (items, snapshot)
    }

    /// The same film, of which every plan is also made with what is remembered of the one before, and
    /// has to come to the same.
    pub fn remembering(self) -> Self {
        Self {
            remembered: Some(Mutex::default()),
            ..self
        }
    }

    /// Holds what memory gives against what a plan anew gave.
    fn compare(
        &self,
        planner: &Planner<'_>,
        before: &Snapshot,
        fresh: (&[Item], &Snapshot),
        remembered: &mut Remembered,
    ) {
        let runs = self.memory.past.lock().expect("no panic while held").len();
        let same_store = runs == remembered.runs;
        let kept = Kept::new(remembered.book.take(), true).of_same_store(same_store);
        let pipeline = planner.pipeline;
        let planner = Planner {
            kept: Some(&kept),
            ..*planner
        };
        let mut snapshot = before.clone();
        let items = planner.plan(&mut snapshot);
        same_plan("replanned", fresh, (&items, &snapshot));
        let bytes = kept.finish(&items, &snapshot).expect("it has room");
        let book = Book::open(bytes).expect("what was written can be read");
        let mut snapshot = before.clone();
        let items = book.plan(pipeline, &mut snapshot);
        let items = items.expect("what was written can be read");
        let story = snapshot.story().expect("readable").expect("a script");
        let cast = serde_json::to_string(story.cast()).expect("plain data");
        let cast: Cast = serde_json::from_str(&cast).expect("what was written can be read");
        assert_eq!(&cast, story.cast(), "a remembered cast");
        for path in [SCRIPT, "shots/001.json", "shots", "bible/style.toml"] {
            let reads = |items: &[Item]| -> Vec<bool> {
                items.iter().map(|item| item.reads_file(path)).collect()
            };
            assert_eq!(reads(fresh.0), reads(&items), "what reads {path}");
        }
        same_plan("remembered", fresh, (&items, &snapshot));
        (remembered.book, remembered.runs) = (Some(book), runs);
    }

    /// Brings everything that is made in memory up to date: what was written, and what was taken
    /// away.
    pub fn refresh(&mut self) -> Vec<RepoPath> {
        let (items, snapshot) = self.plan();
        if let Some(Slot::Known(id)) = snapshot.slot(NUMBERS)
            && let Some(bytes) = snapshot.written(&id)
        {
            self.put(NUMBERS, &bytes);
        }
        let mut touched = Vec::new();
        for item in items {
            if item
                .problem
                .as_deref()
                .is_some_and(|p| p.contains("unknown generator"))
            {
                continue;
            }
            assert_ne!(
                item.state,
                State::Broken,
                "{}: {:?}",
                item.path,
                item.problem
            );
            match item.outcome {
                Outcome::Write(id) => {
                    let bytes = snapshot.written(&id).expect("the plan wrote it");
                    self.memory.keep(&bytes);
                    // What the generator gave, before it was merged with an edit.
                    if let Some(made) = item.made.and_then(|made| snapshot.written(&made)) {
                        self.memory.keep(&made);
                    }
                    let made_by = Some(self.memory.made(&item, bytes.len()));
                    let tracked = Tracked {
                        id,
                        made_by,
                        accepted: None,
                        in_conflict: false,
                    };
                    self.files.insert(item.path.clone(), tracked);
                    touched.push(item.path);
                }
                Outcome::Remove => {
                    self.files.remove(&item.path);
                    touched.push(item.path);
                }
                _ => {}
            }
        }
        touched
    }

    /// Every file by its content.
    pub fn ids(&self) -> BTreeMap<RepoPath, FileId> {
        self.files
            .iter()
            .map(|(path, file)| (path.clone(), file.id))
            .collect()
    }
}

impl Memory {
    fn keep(&self, bytes: &[u8]) -> FileId {
        let id = FileId::of(bytes);
        self.contents
            .lock()
            .expect("no panic while held")
            .insert(id, bytes.to_vec());
        id
    }

    fn made(&self, item: &Item, size: usize) -> GenerationId {
        let action = item.action.as_ref();
        let action = action.expect("what was written has an action").clone();
        let output = Output {
            path: item.path.clone(),
            id: item.made.expect("made"),
            size: size as u64,
        };
        let generation = Generation {
            action: action_id(&action),
            outputs: vec![output],
            request: None,
            answer: None,
            model: None,
            seed: None,
            cost_micro_usd: 0,
            started_ms: 0,
            finished_ms: 0,
            tools: BTreeMap::new(),
            inputs: BTreeMap::new(),
        };
        let id = id_of(&generation).expect("a generation");
        let past = Arc::new(Past { generation, action });
        self.past
            .lock()
            .expect("no panic while held")
            .insert(id, past);
        id
    }
}
