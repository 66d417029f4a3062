//! Completion, by the functions that a shell is given.

use std::path::Path;
use std::process::Command;

use super::film::{SCRIPT, film};
use super::world::World;

/// What bash offers for a line with the cursor at its end.
fn bash(world: &World, folder: &str, line: &str) -> Vec<String> {
    let script = world.ok(&["completions", "bash"]);
    let driver = format!(
        "{script}\n{}",
        r#"
COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
# As readline takes a line apart: at blanks, and at : and = on their own.
read -ra COMP_WORDS <<< "$(sed 's/\([:=]\)/ \1 /g' <<< "$COMP_LINE")"
[[ "$COMP_LINE" == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
cur="${COMP_WORDS[COMP_CWORD]}"; [[ "$cur" == [:=] ]] && cur=""
_clap_complete_aiut aiut "$cur" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"#
    );
    let told = world.command(&world.path(folder), &[]);
    let mut shell = Command::new("bash");
    shell.args(["--norc", "-c", &driver, "bash", line]);
    shell.current_dir(world.path(folder)).env_clear();
    shell.envs(
        told.get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    let own = Path::new(env!("CARGO_BIN_EXE_aiut")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    shell.env("PATH", format!("{}:{path}", own.display()));
    let output = shell.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    // Outside of a completion, bash has no options of one to set.
    let errors: Vec<&str> = errors
        .lines()
        .filter(|line| !line.contains("compopt"))
        .collect();
    assert!(errors.is_empty(), "{line}: {errors:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A project with names of every sort.
fn project() -> World {
    let world = film(SCRIPT, &["frames"]);
    world.ok(&["branch", "quiet-ending"]);
    world.ok(&["branch", "quick-cut"]);
    world.ok(&["tag", "festival"]);
    world.ok(&["tag", "v1.0"]);
    world
}

fn offered(world: &World, line: &str, words: &[&str]) {
    let found = bash(world, "", line);
    for word in words {
        assert!(
            found.iter().any(|one| one == word),
            "{word} is not offered for {line:?}: {found:?}"
        );
    }
}

#[test]
fn bash_offers_the_names_of_the_project() {
    let world = project();
    for (line, words) in [
        ("aiut sw", &["switch"][..]),
        ("aiut op ", &["log", "restore"]),
        ("aiut switch ", &["main", "quiet-ending", "quick-cut"]),
        ("aiut switch qui", &["quiet-ending", "quick-cut"]),
        ("aiut -q switch qui", &["quiet-ending"]),
        ("aiut branch -d qu", &["quick-cut"]),
        ("aiut branch new ma", &["main"]),
        ("aiut tag -d ", &["festival"]),
        ("aiut show fes", &["festival"]),
        (
            "aiut log ",
            &["HEAD", "main", "festival", "script.fountain", "frames/"],
        ),
        ("aiut log main..qui", &["main..quiet-ending"]),
        ("aiut log main...qui", &["main...quiet-ending"]),
        ("aiut log main..v1.", &["main..v1.0"]),
        ("aiut log v1.0..fes", &["v1.0..festival"]),
        ("aiut restore --from fe", &["festival"]),
        ("aiut generate fr", &["frames"]),
        ("aiut generate sc", &["scene", "scenes"]),
        ("aiut generate scene ", &["1", "2", "3"]),
        ("aiut generate frames 2", &["2", "2-1", "2-2"]),
        ("aiut plan shot 2-", &["2-1", "2-2"]),
        ("aiut why 002_0", &["002_001", "002_002"]),
        ("aiut why frames/002", &["frames/002_001.png"]),
        ("aiut generate ru", &["ruth"]),
        ("aiut mirror ", &["1", "2", "3"]),
        ("aiut explain 1-", &["1-1"]),
        ("aiut pick frames 2-1 ", &["1"]),
        ("aiut pick frames/002_001.png ", &["1"]),
        ("aiut config film.f", &["film.fps"]),
        ("aiut config stage.frames.p", &["stage.frames.price"]),
        ("aiut config ui.color a", &["auto", "always"]),
        ("aiut search --kind shot", &["shot-list", "shots"]),
        ("aiut cost --by ", &["stage", "person"]),
        ("aiut --color al", &["always"]),
        ("aiut --color=al", &["always"]),
        ("aiut completions f", &["fish"]),
        ("aiut cat HEAD:scr", &["script.fountain"]),
        ("aiut cat HEAD:frames/002_001", &["frames/002_001.png"]),
        ("aiut show HEAD:", &["script.fountain", "frames/"]),
        ("aiut help gen", &["generate"]),
        ("aiut status --js", &["--json"]),
    ] {
        offered(&world, line, words);
    }
    let operation = world.json(&["op", "log"])[0]["id"].as_str().unwrap()[..12].to_owned();
    offered(&world, "aiut op restore ", &[&operation]);
    // A file that was deleted can still be brought back, and one with a blank in its name typed.
    world.write("notes/a b.txt", "x");
    world.ok(&["commit", "-q", "-m", "Notes"]);
    std::fs::remove_file(world.path("notes/a b.txt")).unwrap();
    offered(&world, "aiut restore notes/", &["notes/a\\ b.txt"]);
    assert_eq!(
        bash(&world, "frames", "aiut why ../frames/002_001"),
        ["../frames/002_001.png"]
    );
    assert_eq!(
        bash(&world, "frames", "aiut -C .. restore script"),
        ["script.fountain"]
    );
}

#[test]
fn other_shells_are_told_the_same_with_a_few_words_about_each() {
    let world = project();
    let ask = |shell: &str, words: &[&str]| {
        let mut command = world.command(&world.path(""), &[&["--", "aiut"], words].concat());
        command.env("AIUT_COMPLETE", shell);
        command.env("_CLAP_COMPLETE_INDEX", words.len().to_string());
        world.finish(command).stdout
    };
    assert!(ask("fish", &["switch", "qui"]).contains("quiet-ending\ttimeline"));
    assert!(ask("fish", &["mirror", ""]).contains("2\tEXT. STATION PLATFORM - NIGHT"));
    assert!(ask("zsh", &["switch", "qui"]).contains("quiet-ending:timeline"));
    for (shell, sign) in [
        ("bash", "complete -o nospace"),
        ("zsh", "#compdef aiut"),
        ("fish", "complete --keep-order"),
        ("elvish", "edit:completion"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = world.ok(&["completions", shell]);
        assert!(
            script.contains(sign) && script.contains("AIUT_COMPLETE"),
            "{shell}:\n{script}"
        );
        let syntax = Command::new(shell).args(["-n", "-c", &script]).output();
        assert!(
            syntax.is_err() || syntax.unwrap().status.success() || shell != "bash",
            "{shell}"
        );
    }
}

/// What is done to a project, by name.
type Harm<'h> = (&'static str, &'h dyn Fn(&World));

/// Every file below a folder with its bytes.
fn everything(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                // LMDB keeps the readers of this moment in its file of locks.
                false if path.ends_with("lock.mdb") => {}
                false => all.push((path.clone(), std::fs::read(path).unwrap())),
            }
        }
    }
    all.sort();
    all
}

#[test]
fn a_broken_project_is_neither_complained_of_nor_touched() {
    let lines = [
        "aiut switch ",
        "aiut generate ",
        "aiut why 2-",
        "aiut show HEAD:",
        "aiut op restore ",
        "aiut restore ",
        "aiut config stage.",
    ];
    let harms: [Harm<'_>; 6] = [
        ("settings", &|world| world.write("aiut.toml", "film = ")),
        ("numbers", &|world| {
            world.write("numbers.toml", "scenes = 3")
        }),
        ("format", &|world| {
            world.write(".aiut/format", "aiut repository 99\n")
        }),
        ("index", &|world| {
            std::fs::remove_dir_all(world.path(".aiut/index")).unwrap()
        }),
        ("packs", &|world| {
            std::fs::remove_dir_all(world.path(".aiut/packs")).unwrap()
        }),
        ("none", &|world| {
            std::fs::remove_dir_all(world.path(".aiut")).unwrap()
        }),
    ];
    for (name, harm) in harms {
        let world = project();
        harm(&world);
        let before = everything(&world.path(""));
        for line in lines {
            bash(&world, "", line);
        }
        assert!(
            everything(&world.path("")) == before,
            "{name}: something was written"
        );
    }
    let world = World::new();
    assert!(
        bash(&world, "", "aiut switch ")
            .iter()
            .all(|word| word.starts_with('-'))
    );
    assert!(!bash(&world, "", "aiut com").is_empty());
}

/// How long an answer takes is the row `complete` of `benches/`.
#[test]
fn shots_of_a_scene_are_offered_however_many_scenes_there_are() {
    let mut script = String::new();
    for scene in 0..30 {
        script += &format!(
            "INT. ROOM {scene} - DAY\n\nRae opens door {scene}. She waits.\n\nRAE\nIs this {scene}?\n\n"
        );
    }
    let world = film(&script, &["scenes"]);
    let mut command = world.command(&world.path(""), &["--", "aiut", "why", "20-"]);
    command.env("AIUT_COMPLETE", "fish");
    let run = world.finish(command);
    assert!(run.stdout.contains("20-1"), "{run}");
    assert!(!run.stdout.contains("21-1"), "{run}");
}

#[test]
fn help_fits_the_width_that_there_is() {
    let mut world = World::new();
    world.set("COLUMNS", "60");
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["help", "generate"],
        &["help", "cost"],
        &["diff", "-h"],
    ] {
        let text = world.ok(arguments);
        for line in text
            .lines()
            .take_while(|line| !line.starts_with("Examples"))
        {
            assert!(line.chars().count() <= 60, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn man_pages_tell_values_examples_exit_codes_and_files() {
    let world = World::new();
    world.ok(&["man", "pages"]);
    let page = world.read("pages/aiut-cost.1");
    for part in [
        ".SH EXAMPLES",
        "aiut cost \\-\\-by scene",
        ".SH \"EXIT STATUS\"",
        ".SH ENVIRONMENT",
        ".SH FILES",
        "Possible values",
        "timeline",
        "person",
        "always",
        "aiut.toml",
        "AIUT_PAGER",
        ".SH \"SEE ALSO\"",
    ] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
    assert!(
        world.read("pages/aiut-op-log.1").contains("aiut\\-op"),
        "where it belongs"
    );
    assert!(world.ok(&["man"]).contains("a check found something"));
}
