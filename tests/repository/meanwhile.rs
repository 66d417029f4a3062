//! Edits that come between the plan of a run and the run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use aiut::history::Project;
use aiut::workflow::film::{FilmError, FilmReport, GenerateOptions, Session, World as Around};
use aiut::workflow::progress::Silent;
use aiut::workflow::settings::ProjectConfig;

use super::world::{World, caller, path, rae};

const SCRIPT: &str = "INT. KITCHEN - DAY\n\nRuth fills a kettle.\n";

/// The film as it stands, opened anew.
fn open(world: &World) -> Session<'_> {
    let project = Project::open(world.folder.path()).unwrap();
    let config = ProjectConfig::load(&world.at("aiut.toml")).unwrap();
    let around = Around {
        search: std::env::var_os("PATH").unwrap_or_default(),
        environment: BTreeMap::new(),
        trust: None,
        times: None,
        caller: caller(&*world.clock, "generate"),
    };
    Session::open(Arc::new(project), &config, around).unwrap()
}

fn run(session: &mut Session<'_>, report: &FilmReport) -> Result<usize, FilmError> {
    let stop = AtomicBool::new(false);
    let options = GenerateOptions::default();
    let done = session.generate(&options, report, &rae(), &Silent, &stop);
    done.map(|done| done.written)
}

#[test]
fn what_was_edited_after_the_plan_is_committed_and_nothing_is_made() {
    let settings = "[stage.frames]\nby = \"hand\"\n[stage.voices]\nby = \"hand\"\n\
                    [stage.clips]\nby = \"hand\"\n[stage.cuts]\nby = \"hand\"\n[stage.film]\nby = \"hand\"\n";
    let world = World::with(&[("aiut.toml", settings)]);
    world.write("script.fountain", SCRIPT);
    let mut session = open(&world);
    let report = session
        .generate_report(&GenerateOptions::default())
        .unwrap();
    assert!(report.needs_work());
    let later = SCRIPT.replace("kettle", "bucket");
    world.write("script.fountain", &later);
    match run(&mut session, &report) {
        Err(FilmError::EditedMeanwhile(edited)) => assert_eq!(edited, path("script.fountain")),
        Err(other) => panic!("{other}"),
        Ok(written) => panic!("{written} outputs were made of what is no longer there"),
    }
    drop(session);
    assert_eq!(world.cat("HEAD:script.fountain").unwrap(), later);
    assert!(!world.at("scenes").exists());

    // Typed again, the plan is that of the edit; what is edited when nothing else waits to be
    // committed is left to the next run, as what is made is made of what is committed.
    let mut session = open(&world);
    let report = session
        .generate_report(&GenerateOptions::default())
        .unwrap();
    world.write("script.fountain", SCRIPT);
    assert!(run(&mut session, &report).unwrap() > 0);
    drop(session);
    assert_eq!(world.cat("HEAD:script.fountain").unwrap(), later);
    assert_eq!(world.read("script.fountain"), SCRIPT);
}
