//! `aiut config` and broken settings files.

use insta::assert_snapshot;

use super::world::{World, shape, write};

#[test]
fn a_setting_goes_to_the_file_it_belongs_in_and_comments_stay() {
    let world = World::new();
    world.write("aiut.toml", "# Ours.\n[film]\nfps = 24 # as shot\n");
    world.ok(&["config", "film.fps", "25"]);
    world.ok(&["config", "stage.frames.model", "flux-2"]);
    world.ok(&["config", "author.name", "Rae"]);
    assert_eq!(
        world.read("aiut.toml"),
        "# Ours.\n[film]\nfps = 25 # as shot\n\n[stage.frames]\nmodel = \"flux-2\"\n"
    );
    let user = std::fs::read_to_string(world.home().join(".config/aiut/config.toml")).unwrap();
    assert_eq!(user, "[author]\nname = \"Rae\"\n");
    assert_eq!(world.ok(&["config", "author.name"]), "Rae\n");
    assert_eq!(world.ok(&["config", "stage.frames.model"]), "flux-2\n");

    world.ok(&["config", "--unset", "film.fps"]);
    assert_eq!(world.ok(&["config", "film.fps"]), "24\n");
    assert_snapshot!(world.run(&["config", "--unset", "film.fps"]), @"
    --- stderr
    error: film.fps is not set
    --- exit code 1
    ");
}

#[test]
fn all_settings_are_listed_with_where_they_come_from() {
    let world = World::new();
    world.write(
        "aiut.toml",
        "[film]\ntitle = \"The Red Coat\"\n[stage.frames]\nby = \"panel\"\n",
    );
    assert_snapshot!(world.run(&["config"]), @r#"
    film.title = "The Red Coat" (project)        Title of the film
    film.fps = 24 (default)                      Frames a second, of everything that is made
    film.width = 1280 (default)                  Width of a frame in pixels, even
    film.height = 720 (default)                  Height of a frame in pixels, even
    film.aspect is not set                       Aspect ratio that prompts ask for; width to height when not set
    stage.frames.by = "panel" (project)          A stage of the pipeline: a changed or a new one
    budget.run is not set                        Most that one run may spend, in US dollars
    budget.day is not set                        Most that one day may spend, in US dollars
    budget.project is not set                    Most that the whole project may spend, in US dollars
    author.name is not set                       Name on your commits
    author.email is not set                      Address on your commits
    ui.color = "auto" (default)                  When to colour: auto, always, never
    ui.pager is not set                          Program that long output is read in
    ui.editor is not set                         Program that messages are written in
    ui.opener is not set                         Program that `aiut open` shows files with; the system's when not set
    ui.player is not set                         Program that `aiut play` plays clips with; that of `aiut open` when not set
    ui.merge_tool is not set                     Program that `aiut resolve --tool` settles conflicts with
    command.environment = [] (default)           Variables that trusted commands of projects get
    "#);
    assert_snapshot!(world.run(&["config", "--list", "--user"]), @r#"
    author.name is not set                       Name on your commits
    author.email is not set                      Address on your commits
    ui.color = "auto" (default)                  When to colour: auto, always, never
    ui.pager is not set                          Program that long output is read in
    ui.editor is not set                         Program that messages are written in
    ui.opener is not set                         Program that `aiut open` shows files with; the system's when not set
    ui.player is not set                         Program that `aiut play` plays clips with; that of `aiut open` when not set
    ui.merge_tool is not set                     Program that `aiut resolve --tool` settles conflicts with
    command.environment = [] (default)           Variables that trusted commands of projects get
    "#);
}

#[test]
fn the_json_of_settings_keeps_its_form() {
    let world = World::new();
    world.write("aiut.toml", "[film]\ntitle = \"The Red Coat\"\n");
    assert_snapshot!(shape(&world.json(&["config"])), @"[{ key: text, value: text, origin: text, about: text }]");
    assert_snapshot!(shape(&world.json(&["config", "film.fps"])), @"{ key: text, value: integer, origin: text, about: text }");
}

#[test]
fn what_is_no_setting_or_no_value_is_refused_and_nothing_written() {
    let world = World::new();
    world.write("aiut.toml", "");
    assert_snapshot!(world.run(&["config", "film.fsp", "25"]), @"
    --- stderr
    error: no such setting: film.fsp
    hint: did you mean film.fps?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["config", "film.fps", "fast"]), @r#"
    --- stderr
    error: film.fps: expected a frame rate: 23.976, 29.97, 47.952, 59.94 or a whole number from 1 to 240, found "fast"
    --- exit code 1
    "#);
    assert_snapshot!(world.run(&["config", "--project", "author.name", "Rae"]), @"
    --- stderr
    error: author.name is a setting of the user, which a project does not make
    hint: leave out --project
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["config", "film.aspect"]), @"
    --- stderr
    error: film.aspect is not set
    hint: aiut config film.aspect VALUE
    --- exit code 1
    ");
    assert_eq!(world.read("aiut.toml"), "");
}

#[test]
fn a_broken_file_is_named_with_line_and_column_and_left_alone() {
    let world = World::new();
    let broken = "[film]\ntitle = \"The Red Coat\nfps = 24\n";
    world.write("aiut.toml", broken);
    assert_snapshot!(world.run(&["config", "film.fps", "25"]), @r#"
    --- stderr
    error: $ROOT/film/aiut.toml, line 2, column 22: invalid basic string, expected `"`
    --- exit code 1
    "#);
    assert_eq!(world.read("aiut.toml"), broken);
    world.write("aiut.toml", "[film]\nfsp = 24\n");
    assert_snapshot!(world.run(&["config", "film.fps"]), @"
    --- stderr
    error: $ROOT/film/aiut.toml, line 2, column 1: film.fsp: unknown key
    hint: did you mean film.fps?
    --- exit code 1
    ");
    world.write("aiut.toml", b"\xff\xfe");
    assert_snapshot!(world.run(&["config", "film.fps"]), @"
    --- stderr
    error: cannot read $ROOT/film/aiut.toml: it is not UTF-8 text
    --- exit code 1
    ");

    let user = world.home().join(".config/aiut/config.toml");
    std::fs::create_dir_all(user.parent().unwrap()).unwrap();
    write(&user, b"[ui]\ncolour = \"never\"\n");
    assert_snapshot!(world.run(&["config", "--list"]), @"
    --- stderr
    error: $ROOT/home/.config/aiut/config.toml, line 2, column 1: ui.colour: unknown key
    hint: did you mean ui.color?
    --- exit code 1
    ");
}

#[test]
fn escapes_in_a_value_are_shown_and_not_sent() {
    let world = World::new();
    world.write("aiut.toml", "film.title = \"Red\\u001b]0;x\\u0007\"\n");
    assert_eq!(
        world.ok(&["config", "film.title"]),
        "Red\\u{1b}]0;x\\u{7}\n"
    );
    assert!(!world.ok(&["config", "--json"]).contains('\x1b'));
}

#[test]
fn outside_a_project_only_the_users_settings_can_be_changed() {
    let world = World::new();
    assert_snapshot!(world.run(&["config", "film.fps", "25"]), @"
    --- stderr
    error: this is a setting of a project, and there is none here
    hint: `aiut init` makes a project in this folder
    --- exit code 1
    ");
    world.ok(&["config", "ui.pager", "cat"]);
}

/// A project with one commit.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.ok(&["commit", "-q", "-m", "First"]);
    world
}

#[test]
fn a_change_says_what_was_and_is_an_operation() {
    let world = project();
    let before = world.read("aiut.toml");
    assert_snapshot!(world.run(&["config", "film.fps", "25"]), @"
    film.fps: 24 → 25, in aiut.toml
      `aiut undo` takes it back
    ");
    let changed = world.read("aiut.toml");
    assert_eq!(changed, before.replace("fps = 24", "fps = 25"));
    assert!(world.ok(&["op", "log"]).contains("aiut config film.fps 25"));
    assert_snapshot!(world.run(&["config", "film.fps", "25"]), @"film.fps is 25 already, in aiut.toml");
    assert_snapshot!(world.run(&["undo"]), @"Undid `aiut config film.fps 25`: now on timeline main, 1 file changed");
    assert_eq!(world.read("aiut.toml"), before);
    world.ok(&["redo"]);
    assert_eq!(world.read("aiut.toml"), changed);
    assert_snapshot!(world.run(&["config", "budget.day", "2.5"]), @"
    budget.day: not set → 2.5, in aiut.toml
      `aiut undo` takes it back
    ");
    assert_snapshot!(world.run(&["config", "--unset", "film.fps"]), @"
    film.fps: 25 → 24 (default), in aiut.toml
      `aiut undo` takes it back
    ");
    // From a folder within, and with an edit that is in no commit: it is kept.
    world.write("notes/x.md", "x\n");
    let edited = format!("# Mine.\n{}", world.read("aiut.toml"));
    world.write("aiut.toml", &edited);
    let run = world.run_in("notes", &["config", "film.width", "640"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(
        world.read("aiut.toml"),
        edited.replace("width = 1280", "width = 640")
    );
    world.ok(&["undo", "-q"]);
    assert_eq!(world.read("aiut.toml"), edited);
    // What was edited since is not taken back over.
    world.ok(&["config", "film.width", "640"]);
    let newer = format!("# Newer.\n{}", world.read("aiut.toml"));
    world.write("aiut.toml", &newer);
    let run = world.run(&["undo"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert_eq!(world.read("aiut.toml"), newer);
}

#[test]
fn ones_own_settings_are_no_operation_of_a_project() {
    let world = project();
    let before = world.ok(&["op", "log"]);
    assert_snapshot!(world.run(&["config", "ui.pager", "less -S"]), @r#"
    ui.pager: not set → "less -S", in $ROOT/home/.config/aiut/config.toml
      your own settings, which `aiut undo` leaves alone
    "#);
    assert_eq!(world.ok(&["op", "log"]), before);
    for (key, value) in [
        ("author.name", "Rae <x>"),
        ("author.email", "rae\n@example.org"),
        ("author.name", " "),
        ("ui.color", "blue"),
        ("command.environment", "[\"A B\"]"),
    ] {
        let run = world.run(&["config", key, value]);
        assert_eq!(run.code, Some(1), "{key}: {run}");
        assert!(run.stderr.contains(key), "{key}: {run}");
    }
    assert_snapshot!(world.run(&["config", "ui.color", "blue"]), @r#"
    --- stderr
    error: ui.color: expected one of auto, always, never, found "blue"
    --- exit code 1
    "#);
}

#[test]
fn what_no_command_could_read_is_not_written() {
    let world = project();
    let before = (world.read("aiut.toml"), world.ok(&["op", "log"]));
    assert_snapshot!(world.run(&["config", "stage.frames.by", "panle"]), @r#"
    --- stderr
    error: stage.frames.by: there is no generator "panle"
    hint: did you mean panel? generators: animatic, breakdown, command, cut, draft-character, draft-location, draft-style, espeak, film, looks, panel, prompts, shot-engine, hand
    --- exit code 1
    "#);
    let run = world.run(&["config", "stage.frames.model", "flux"]);
    assert!(
        run.code == Some(1) && run.stderr.contains("stage.frames.model: unknown key"),
        "{run}"
    );
    assert_snapshot!(world.run(&["config", "stage.frames.timout", "3"]), @"
    --- stderr
    error: stage.frames.timout: unknown key
    hint: did you mean stage.frames.timeout? a stage has replaces, title, each, from, reads, writes, makes, by, keep, price, seconds, with, command, code, version, timeout, memory, size, needs_approval
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["config", "stage.frmaes.by", "panel"]), @"
    --- stderr
    error: stage.frmaes: it lacks `writes`
    hint: did you mean stage.frames?
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["config", "stage.credits.by", "hand"]), @r#"
    --- stderr
    error: stage.credits: it lacks `writes`
    hint: a new stage is given whole, as in aiut config stage.credits '{ writes = "notes/cast.md", by = "hand" }'
    --- exit code 1
    "#);
    for (key, value, told) in [
        ("film.fps", "0", "between 1 and 240"),
        ("film.fps", "24.5", "whole number from 1 to 240"),
        ("film.width", "1281", "multiple of 2"),
        ("film.width", "99999", "between 16 and 16384"),
        ("film.aspect", "wide", "16:9"),
        ("film.title", "", "a text"),
        ("budget.day", "lots", "US dollars"),
        ("budget.day", "-1", "between 0 and 1000000000"),
        ("budget.day", "nan", "between 0 and 1000000000"),
        ("price.panel", "5", "per = "),
        (
            "price.panel",
            "{ per = \"banana\", usd = 1 }",
            "image, second, line or item",
        ),
        ("price.panel", "{ per = \"image\", eur = 1 }", "eur"),
        ("stage.frames", "3", "a table"),
        ("stage.frames.timeout", "soon", "timeout"),
        ("stage.frames.each", "frame", "scene"),
        ("stage.cuts.writes", "/etc/{scene}.mov", "path"),
        ("stage.frames.with.slat", "false", "did you mean slate?"),
        ("stage.frames.with.slate", "no", "it is true or false"),
        (
            "stage.looks.with.slate",
            "false",
            "looks can be told nothing",
        ),
        ("stage.idea.with.tone", "dark", "hand can be told nothing"),
        ("engine.nonsense", "1", "nonsense"),
        ("engine", "1", "engine.pacing"),
        ("film", "1", "film.title, film.fps"),
        ("fps", "25", "did you mean film.fps?"),
        ("stag.frames.by", "panel", "did you mean stage.frames.by?"),
    ] {
        let run = world.run(&["config", key, value]);
        assert_eq!(run.code, Some(1), "{key} {value}: {run}");
        assert!(run.stderr.contains(told), "{key} {value}: {run}");
    }
    assert_eq!((world.read("aiut.toml"), world.ok(&["op", "log"])), before);

    // A stage that is whole, a number that is a text, and names in quotes are taken.
    world.ok(&[
        "config",
        "stage.credits",
        "{ writes = \"notes/cast.md\", by = \"hand\" }",
    ]);
    world.ok(&["config", "stage.frames.with", "{ slate = false }"]);
    assert_eq!(world.ok(&["config", "stage.frames.with.slate"]), "false\n");
    world.ok(&[
        "config",
        "stage.bills",
        "{ writes = \"bill.txt\", by = \"command\", command = [\"true\"] }",
    ]);
    world.ok(&["config", "stage.bills.with.weight", "3"]);
    world.ok(&[
        "config",
        "price.\"my.model\"",
        "{ per = \"image\", usd = 0.05 }",
    ]);
    assert_eq!(world.ok(&["config", "stage.bills.with.weight"]), "3\n");
    world.ok(&["stages"]);
}

#[test]
fn what_was_wrong_before_can_be_put_right() {
    let world = project();
    let broken = format!(
        "{}\n[stage.frames]\nby = \"nosuch\"\n",
        world.read("aiut.toml")
    );
    world.write("aiut.toml", &broken);
    assert_eq!(world.run(&["stages"]).code, Some(1));
    // Another setting can be changed meanwhile, the wrong one not to another that is wrong.
    world.ok(&["config", "film.fps", "25"]);
    assert_eq!(
        world.run(&["config", "stage.frames.by", "neither"]).code,
        Some(1)
    );
    world.ok(&["config", "stage.frames.by", "panel"]);
    world.ok(&["stages"]);
    world.write("aiut.toml", &broken);
    world.ok(&["config", "--unset", "stage.frames.by"]);
    world.ok(&["stages"]);
}

#[test]
fn changes_are_told_in_json() {
    let world = project();
    let set = world.json(&["config", "film.fps", "25"]);
    assert_snapshot!(shape(&set), @"{ key: text, layer: text, file: text, before: integer, before_origin: text, after: integer, after_origin: text, changed: bool, operation: text }");
    assert_eq!((&set["before"], &set["after"]), (&24.into(), &25.into()));
    let same = world.json(&["config", "film.fps", "25"]);
    assert_eq!(
        (&same["changed"], &same["operation"]),
        (&false.into(), &serde_json::Value::Null)
    );
    let unset = world.json(&["config", "--unset", "film.fps"]);
    assert_eq!(
        (&unset["after"], &unset["after_origin"]),
        (&24.into(), &"default".into())
    );
    let own = world.json(&["config", "ui.color", "never"]);
    assert_eq!(
        (&own["layer"], &own["operation"]),
        (&"user".into(), &serde_json::Value::Null)
    );
    assert_eq!(world.json(&["config", "film.title"])["key"], "film.title");
    let run = world.run(&["config", "--unset", "film.aspect", "--json"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{run}");
}
