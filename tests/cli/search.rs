//! `search` as it is typed.

use insta::assert_snapshot;

use super::film::{SCRIPT, film};
use super::world::World;

#[test]
fn lines_paths_and_commits_are_told() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write(
        "script.fountain",
        "INT. KITCHEN - NIGHT\n\nA red \u{1b}[31mcoat.\n",
    );
    world.write("notes/coat.md", "Wool.\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.ok(&["tag", "-q", "draft-1"]);
    world.write("script.fountain", "INT. KITCHEN - NIGHT\n\nA hat.\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    assert_snapshot!(world.run(&["search", "COAT"]), @"notes/coat.md");
    let all = world.ok(&["search", "coat", "--all"]);
    let without_ids: Vec<_> = all.lines().map(|line| &line[13..]).collect();
    assert_eq!(
        without_ids,
        ["notes/coat.md", "script.fountain:3: A red \\u{1b}[31mcoat."]
    );
    assert_eq!(
        world
            .ok(&["search", "--tag", "draft-*", "red"])
            .lines()
            .count(),
        1
    );
    assert_snapshot!(world.run(&["search", "nowhere"]), @"");
    assert_snapshot!(world.run(&["search", "--tag", "draft-2"]), @"
    --- stderr
    error: no tag is called \"draft-2\"
    hint: did you mean draft-1?
    --- exit code 1
    ");
    assert_eq!(world.run(&["search"]).code, Some(2));
    assert_eq!(world.run(&["search", "--kind", "imgae"]).code, Some(1));
    let limited = world.run(&["search", "--path", "*", "-n", "1"]);
    assert_eq!(limited.stdout.lines().count(), 1);
    assert!(limited.stderr.contains("there is more"), "{limited}");
}

#[test]
fn what_a_stage_made_is_found_by_the_stage() {
    let world = film(SCRIPT, &["frames"]);
    let hits = world.json(&["search", "--kind", "frames"])["hits"].clone();
    let hits = hits.as_array().unwrap();
    assert!(!hits.is_empty());
    for hit in hits {
        assert_eq!(
            (&hit["stage"], &hit["kind"]),
            (&"frames".into(), &"image".into())
        );
    }
    let lists = world.ok(&["search", "--kind", "shot-list"]);
    assert_eq!(lists, "shots/001.json\nshots/002.json\nshots/003.json\n");
    assert_eq!(world.ok(&["search", "--kind", "clips"]), "");
}

#[test]
fn what_aiut_tells_in_new_files_is_not_found_and_what_people_write_there_is() {
    let world = film(SCRIPT, &["characters", "locations", "style"]);
    for words in [
        "red coat",
        "gesture",
        "grain",
        "us dollars",
        "gitignore",
        "built-in",
    ] {
        let words: Vec<&str> = ["search"].into_iter().chain(words.split(' ')).collect();
        let found = world.ok(&words);
        let of_hints = |line: &&str| line.contains('#');
        assert_eq!(found.lines().filter(of_hints).count(), 0, "{found}");
    }
    let file = world.ok(&["search", "--path", "bible/characters/*.toml", "-n", "1"]);
    let file = file.lines().next().unwrap();
    let text = world.read(file);
    world.write(file, text + "# Ask Ada: a red coat, or the blue one?\n");
    world.ok(&["commit", "-q", "-m", "A note"]);
    let found = world.ok(&["search", "red", "coat"]);
    assert!(found.contains("# Ask Ada: a red coat"), "{found}");
}
