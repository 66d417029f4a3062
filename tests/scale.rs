//! Everything from the text to the prompts takes time in proportion to the script: each shape of
//! script, at a size and at four times that, through each stage.
//!
//! What is measured is the processor time of the thread, the least of several runs, so that other
//! work on the machine does not count.

#[path = "scale/shapes.rs"]
mod shapes;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aiut::film::breakdown::{Breakdown, SceneText, breakdown};
use aiut::film::cast::{Cast, Names};
use aiut::film::continuity::{SceneFacts, check as contradictions};
use aiut::film::fountain::{self, Script};
use aiut::film::ids::ShotId;
use aiut::film::looks::{Carried, Looks, looks};
use aiut::film::numbers::{Numbers, write_numbers};
use aiut::film::prompts::{Inputs, People, SceneHead, check, request};
use aiut::film::request::ShotRequest;
use aiut::film::scenes::{self, Scene};
use aiut::film::shots::{Rules, Setup, ShotList, plan};
use aiut::generate::{builtin, shot_fingerprints};
use aiut::object::{Acceptance, AcceptanceId, ActionId, FileId, GenerationId, RepoPath};
use aiut::pipeline::{
    Contents, Derived, Options, Parsed, Past, Pipeline, Planner, Records, SCRIPT, Slot, Snapshot,
    Unread, remembered,
};
use shapes::SHAPES;

/// Four times the script may take this many times as long.
const MOST: u32 = 5;
/// Less than this is noise.
const NOISE: Duration = Duration::from_millis(5);
/// So is what takes less than this part of the whole: where a table stops to be filled, and the
/// bounded search begins, a small stage may make a leap.
const PART: u32 = 8;
const RUNS: usize = 2;
/// Other work on the machine empties the caches of the processor, now and then for as long as a
/// shape takes: one that seems slow is measured again.
const ATTEMPTS: usize = 4;

/// The processor time that this thread has had.
#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let part = |part: i64| u64::try_from(part).unwrap_or_default();
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

#[cfg(not(unix))]
fn now() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// What each stage took, the least so far.
#[derive(Default)]
struct Watch(BTreeMap<&'static str, Duration>);

impl Watch {
    fn time<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let start = now();
        let made = std::hint::black_box(work());
        let took = now() - start;
        let least = self.0.entry(stage).or_insert(took);
        *least = took.min(*least);
        made
    }
}

/// Everything that follows from a script, stage by stage.
fn all_stages(text: &str, watch: &mut Watch) {
    let script = watch.time("parse", || fountain::parse(text));
    let scenes = watch.time("scenes", || scenes::split(&script));
    let (numbers, numbered) = watch.time("numbers", || Numbers::default().number(scenes.clone()));
    let written = watch.time("numbers.toml", || Numbers::parse(&numbers.print()));
    assert_eq!(written.as_ref(), Ok(&numbers));
    watch.time("numbers in the script", || {
        write_numbers(&script, &numbered)
    });
    for (stage, edit) in EDITS {
        let edited = edit(scenes.clone());
        watch.time(stage, || numbers.update(&edited));
    }
    engine(&script, &numbered, watch);
    planned(text, watch);
}

type Edit = (&'static str, fn(Vec<Scene>) -> Vec<Scene>);

const EDITS: [Edit; 4] = [
    ("numbers, every second scene gone", |scenes| {
        scenes.into_iter().step_by(2).collect()
    }),
    ("numbers, scenes between all", |scenes| {
        let new = |scene: Scene| {
            let mut new = scene.clone();
            new.heading.raw.push_str(" AGAIN");
            [scene, new]
        };
        scenes.into_iter().flat_map(new).collect()
    }),
    ("numbers, all moved", |mut scenes| {
        scenes.reverse();
        scenes
    }),
    ("numbers, all rewritten", |mut scenes| {
        for scene in &mut scenes {
            scene.heading.raw.push_str(" NOW");
        }
        scenes
    }),
];

/// A scene gone through the whole engine.
struct RecipeResult {
    breakdown: Breakdown,
    looks: Looks,
    list: ShotList,
}

fn engine(script: &Script, scenes: &[Scene], watch: &mut Watch) {
    let cast = watch.time("cast", || Cast::from_script(script, &BTreeMap::new()));
    let names = watch.time("names", || Names::new(&cast));
    let rules = Rules::builtin();
    let setup = Setup {
        cast: &cast,
        names: &names,
        rules: &rules,
        lens_kit: &[],
        fps: aiut::film::rate::FrameRate::FILM,
        aspect_ratio: "16:9",
    };
    let texts: Vec<SceneText<'_>> = scenes.iter().map(SceneText::of).collect();
    let breakdowns: Vec<Breakdown> = watch.time("breakdown", || {
        let all = texts.iter();
        all.map(|text| breakdown(text, &cast, &names, aiut::film::rate::FrameRate::FILM))
            .collect()
    });
    let looks: Vec<Looks> = watch.time("looks", || {
        let mut carried = Carried::new();
        let all = texts.iter().zip(&breakdowns);
        let next = |(text, breakdown)| {
            let looks = looks(text, breakdown, &cast, &names, &carried);
            carried = looks.carried();
            looks
        };
        all.map(next).collect()
    });
    let lists: Vec<ShotList> = watch.time("shots", || {
        let list = |(at, text): (usize, &SceneText<'_>)| {
            let plan = plan(text, &setup);
            let ids = ShotId::first(&at.to_string(), plan.fingerprints().len());
            plan.finish(&ids)
        };
        texts.iter().enumerate().map(list).collect()
    });
    let made: Vec<RecipeResult> = breakdowns
        .into_iter()
        .zip(looks)
        .zip(lists)
        .map(|((breakdown, looks), list)| RecipeResult {
            breakdown,
            looks,
            list,
        })
        .collect();
    let requests = watch.time("prompts", || requests(&made));
    watch.time("check", || {
        let strangers: Vec<&str> = cast
            .characters
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let strangers = &strangers[..strangers.len().min(50)];
        requests
            .iter()
            .map(|request| check(&request.frame.prompt, strangers).len())
            .sum::<usize>()
    });
    watch.time("continuity", || {
        let facts = made.iter().map(|made| SceneFacts {
            breakdown: &made.breakdown,
            looks: &made.looks,
            shots: Some(&made.list),
        });
        contradictions(&facts.collect::<Vec<_>>())
    });
}

fn requests(made: &[RecipeResult]) -> Vec<ShotRequest> {
    let (characters, style) = (BTreeMap::new(), Default::default());
    let settings = Default::default();
    let mut requests = Vec::new();
    for made in made {
        let people = People::from(made.looks.assets.clone());
        let head = SceneHead::from(&made.list);
        requests.extend(made.list.shots.iter().map(|shot| {
            request(&Inputs {
                scene: &head,
                shot,
                people: &people,
                characters: &characters,
                location: None,
                style: &style,
                width: 1280,
                height: 720,
                settings: &settings,
            })
        }));
    }
    requests
}

/// A project in memory.
#[derive(Default)]
struct Files(HashMap<FileId, Vec<u8>>);

impl Contents for Files {
    fn read(&self, id: &FileId) -> Result<Vec<u8>, Unread> {
        self.0.get(id).cloned().ok_or(Unread::NotStored)
    }
}

struct NoPast;

impl Records for NoPast {
    fn generation(&self, _: &GenerationId) -> Result<Arc<Past>, Unread> {
        Err(Unread::NotStored)
    }

    fn acceptance(&self, _: &AcceptanceId) -> Result<Acceptance, Unread> {
        Err(Unread::NotStored)
    }

    fn cached(&self, _: &ActionId) -> Result<Option<(GenerationId, FileId)>, Unread> {
        Ok(None)
    }
}

/// What `aiut plan` does with a new script: the numbers, then every stage up to the frames.
fn planned(text: &str, watch: &mut Watch) {
    let script = FileId::of(text.as_bytes());
    let files = Files(HashMap::from([(script, text.as_bytes().to_vec())]));
    let path = |text: &str| RepoPath::new(text).expect("a safe name");
    let config = serde_json::json!({
        "film": { "fps": 24, "width": 1280, "height": 720, "aspect": "16:9", "title": "" },
    });
    let pipeline = Pipeline::film();
    let mut snapshot = Snapshot::new(
        [(path(SCRIPT), script)],
        Arc::new(config),
        pipeline.layout().clone(),
        Arc::new(files),
        Arc::new(Parsed::default()),
    );
    let numbers = watch.time("numbers of scenes and shots", || {
        remembered(
            &snapshot,
            shot_fingerprints(&snapshot, &mut Derived::default()),
        )
    });
    if let Ok(Some(numbers)) = numbers {
        let id = snapshot.keep(numbers.into_bytes());
        snapshot.place(path("numbers.toml"), Slot::Known(id));
    }
    let recipes = builtin().recipes();
    let planner = Planner {
        pipeline: &pipeline,
        recipes: &recipes,
        records: &NoPast,
        tracked: &BTreeMap::new(),
        options: Options::default(),
        inert: &BTreeMap::new(),
        kept: None,
    };
    watch.time("plan", || planner.plan(&mut snapshot));
}

/// What each stage of a shape took at both sizes, and which took too long at the larger one.
fn compare(shape: &str, [small, large]: &[Watch; 2]) -> (String, Vec<String>) {
    let whole = |watch: &Watch| watch.0.values().sum::<Duration>();
    let allowance = NOISE + whole(small) / PART;
    let stages = large.0.iter();
    let stages = stages.map(|(stage, took)| (*stage, small.0[stage], *took));
    let all = ("all stages", whole(small), whole(large));
    let (mut table, mut slow) = (String::new(), Vec::new());
    for (stage, before, took) in stages.chain([all]) {
        table += &format!("{shape:34} {stage:34} {before:>12.1?} {took:>12.1?}\n");
        if took > before * MOST + allowance {
            slow.push(format!("{shape}: {stage}: {before:.1?}, then {took:.1?}"));
        }
    }
    (table, slow)
}

#[test]
fn four_times_the_script_takes_at_most_five_times_as_long() {
    let mut slow = Vec::new();
    for (shape, size, make) in SHAPES {
        let mut watches = [Watch::default(), Watch::default()];
        let (mut table, mut found) = Default::default();
        for _ in 0..ATTEMPTS {
            for (watch, times) in watches.iter_mut().zip([1, 4]) {
                let text = make(size * times);
                (0..RUNS).for_each(|_| all_stages(&text, watch));
            }
            (table, found) = compare(shape, &watches);
            if found.is_empty() {
                break;
            }
        }
        print!("{table}");
        slow.extend(found);
    }
    assert!(slow.is_empty(), "{slow:#?}");
}
