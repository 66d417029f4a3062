//! Screenplays with their shot lists, for the tests of the shot engine.
#![allow(dead_code, reason = "each test file uses a part of it")]

use super::corpus;
use aiut_film::ids::{SceneNumber, ShotId};

use std::collections::BTreeMap;

use aiut_film::breakdown::{Breakdown, SceneText, breakdown};
use aiut_film::cast::{Cast, Names};
use aiut_film::fountain::{self, Script};
use aiut_film::looks::{Carried, Looks, looks};
use aiut_film::prompts::{Inputs, People, SceneHead, Settings, request};
use aiut_film::rate::FrameRate;
use aiut_film::request::ShotRequest;
use aiut_film::scenes::{self, Scene};
use aiut_film::shots::{Rules, Setup, ShotList, plan};

/// The screenplays of `fixtures/` and, where it is, of the corpus, by name.
pub(crate) fn corpus() -> Vec<(String, String)> {
    let mut found = corpus::own();
    let Some(root) = corpus::corpus() else {
        return found;
    };
    for folder in ["feature", "short", "public-domain"] {
        let entries = std::fs::read_dir(root.join(folder)).expect("a folder of the corpus");
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|ending| ending == "fountain") {
                let text = String::from_utf8_lossy(
                    &std::fs::read(&path).expect("a screenplay of the corpus can be read"),
                )
                .into_owned();
                found.push((
                    path.file_name()
                        .expect("a listed file has a name")
                        .to_string_lossy()
                        .into_owned(),
                    text,
                ));
            }
        }
    }
    found.sort();
    found
}

/// A scene gone through the whole engine.
pub(crate) struct Planned {
    pub(crate) scene: Scene,
    pub(crate) breakdown: Breakdown,
    pub(crate) looks: Looks,
    pub(crate) list: ShotList,
    pub(crate) requests: Vec<ShotRequest>,
}

pub(crate) struct Film {
    pub(crate) script: Script,
    pub(crate) cast: Cast,
    pub(crate) scenes: Vec<Planned>,
}

/// Runs a script through cast, breakdown, looks, shots and prompts.
pub(crate) fn film(text: &str) -> Film {
    let script = fountain::parse(text);
    let cast = Cast::from_script(&script, &BTreeMap::new());
    let names = Names::new(&cast);
    let rules = Rules::builtin();
    let setup = Setup {
        cast: &cast,
        names: &names,
        rules: &rules,
        lens_kit: &[],
        fps: FrameRate::FILM,
        aspect_ratio: "16:9",
    };
    let mut carried = Carried::new();
    let (records, style) = (BTreeMap::new(), Default::default());
    let mut out = Vec::new();
    for (at, mut scene) in scenes::split(&script).into_iter().enumerate() {
        scene.number = SceneNumber::at(at);
        let text = SceneText::of(&scene);
        let breakdown = breakdown(&text, &cast, &names, FrameRate::FILM);
        let looks = looks(&text, &breakdown, &cast, &names, &carried);
        carried = looks.carried();
        let plan = plan(&text, &setup);
        let ids = ShotId::first(&scene.number.stem(), plan.shots().len());
        let list = plan.finish(&ids);
        let head = SceneHead::from(&list);
        let people = People::from(looks.assets.clone());
        let requests = list
            .shots
            .iter()
            .map(|shot| {
                request(&Inputs {
                    scene: &head,
                    shot,
                    people: &people,
                    characters: &records,
                    location: None,
                    style: &style,
                    width: 1280,
                    height: 720,
                    settings: &Settings::default(),
                })
            })
            .collect();
        out.push(Planned {
            scene,
            breakdown,
            looks,
            list,
            requests,
        });
    }
    Film {
        script,
        cast,
        scenes: out,
    }
}
