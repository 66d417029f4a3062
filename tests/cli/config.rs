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
    command.environment = [] (default)           Variables that trusted commands of projects get
    "#);
    assert_snapshot!(world.run(&["config", "--list", "--user"]), @r#"
    author.name is not set                       Name on your commits
    author.email is not set                      Address on your commits
    ui.color = "auto" (default)                  When to colour: auto, always, never
    ui.pager is not set                          Program that long output is read in
    ui.editor is not set                         Program that messages are written in
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
    error: film.fps: expected a whole number, found "fast"
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
