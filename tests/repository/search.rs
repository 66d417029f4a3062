//! `search`.

use aiut::pipeline::Pipeline;
use aiut::workflow::search::{SearchReport, SearchRequest, search};

use super::world::World;

fn world() -> World {
    let world = World::with(&[
        (
            "script.fountain",
            "INT. KITCHEN\n\nThe KETTLE sings.\nA red coat.\n",
        ),
        (
            "prompts/012_003.json",
            "{\n  \"text\": \"a kettle, close\"\n}\n",
        ),
        ("frames/012_003.png", "kettle"),
        ("frames/013_001.png", "\0"),
        ("notes/kettle.md", "Buy one.\n"),
    ]);
    aiut::workflow::repository::create_tag(&world.project, &world.caller("tag"), "cut-1", "HEAD")
        .unwrap();
    world.write("script.fountain", "INT. KITCHEN\n\nA red coat.\n");
    world.remove("notes/kettle.md");
    world.commit("Second");
    world.fork("other");
    world.write("notes/pot.md", "A pot is no kettle.\n");
    world.commit("Elsewhere");
    world.switch("main").unwrap();
    world
}

fn found(world: &World, request: &SearchRequest<'_>) -> Vec<String> {
    shown(&search(&world.project, &Pipeline::film(), request).unwrap())
}

fn shown(report: &SearchReport) -> Vec<String> {
    let hits = report.hits.iter();
    hits.map(|hit| match hit.line {
        Some(line) => format!("{}:{line}", hit.path),
        None => hit.path.to_string(),
    })
    .collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

#[test]
fn words_are_found_in_paths_and_in_texts_but_not_in_pictures() {
    let world = world();
    let kettle = words("Kettle");
    let mut request = SearchRequest {
        words: &kettle,
        limit: 100,
        ..SearchRequest::default()
    };
    assert_eq!(found(&world, &request), ["prompts/012_003.json:2"]);
    request.everywhere = true;
    assert_eq!(
        found(&world, &request),
        [
            "notes/pot.md:1",
            "prompts/012_003.json:2",
            "notes/kettle.md",
            "script.fountain:3",
        ]
    );
    let both = words("red coat");
    request.words = &both;
    request.everywhere = false;
    assert_eq!(found(&world, &request), ["script.fountain:3"]);
    let split = words("012_003 close");
    request.words = &split;
    assert_eq!(found(&world, &request), ["prompts/012_003.json:2"]);
}

#[test]
fn paths_kinds_and_tags_narrow_it_down() {
    let world = world();
    let request = |path, kind, tag| SearchRequest {
        path,
        kind,
        tag,
        limit: 100,
        ..SearchRequest::default()
    };
    assert_eq!(
        found(&world, &request(Some("frames/012*"), None, None)),
        ["frames/012_003.png"]
    );
    assert_eq!(found(&world, &request(Some("*.png"), None, None)).len(), 2);
    assert_eq!(
        found(&world, &request(None, Some("prompt"), None)),
        ["prompts/012_003.json"]
    );
    assert_eq!(
        found(&world, &request(None, Some("text"), Some("cut-*"))),
        ["notes/kettle.md"]
    );
    assert!(found(&world, &request(None, Some("frames"), None)).is_empty());
    let wrong = |path, kind, tag| {
        search(&world.project, &Pipeline::film(), &request(path, kind, tag)).unwrap_err()
    };
    assert!(
        wrong(None, Some("imgae"), None)
            .hint()
            .unwrap()
            .contains("image")
    );
    assert_eq!(
        wrong(None, None, Some("cut-2")).hint().as_deref(),
        Some("did you mean cut-1?")
    );
    assert!(
        wrong(Some("["), None, None)
            .to_string()
            .contains("is not a pattern")
    );
}

#[test]
fn a_hit_names_the_newest_commit_and_more_than_was_asked_for_is_told() {
    let world = world();
    let red = words("red");
    let mut request = SearchRequest {
        words: &red,
        everywhere: true,
        limit: 1,
        ..SearchRequest::default()
    };
    let report = search(&world.project, &Pipeline::film(), &request).unwrap();
    assert!(report.more);
    assert_eq!(shown(&report), ["script.fountain:3"]);
    let newest = world.project.resolve("other", world.now()).unwrap().commit;
    assert_eq!(report.hits[0].commit, newest);
    request.limit = 2;
    let report = search(&world.project, &Pipeline::film(), &request).unwrap();
    assert!(!report.more, "two versions of the script have the word");
    assert_eq!(shown(&report), ["script.fountain:3", "script.fountain:4"]);
}
