//! What `--json` prints, command by command: `docs/json.md` is made from it and held to it.

use super::film::film;
use super::reference::{chapters, is_written};
use super::world::{World, shape};

/// A command line, whose JSON is shown; `! LINE` is done and not shown, `= PATH TEXT` writes a file;
/// OPERATION is the last one.
type Step = &'static str;

/// In order, in one project: the commands of a repository.
const OF_A_REPOSITORY: &[Step] = &[
    "status",
    "log",
    "blame script.fountain",
    "blame --lines script.fountain",
    "show",
    "show HEAD:script.fountain",
    "diff",
    "diff --story",
    "ls",
    "branch",
    "tag",
    "op log",
    "fsck",
    "gc --dry-run",
    "du",
    "config",
    "config film.fps",
    "config film.fps 25",
    "config --unset film.fps",
    "hooks",
    "hooks list",
    "hooks install pre-commit --yes",
    "hooks trust pre-commit --yes",
    "hooks remove pre-commit",
    "trust",
    "search rae",
    "doctor",
    "log -p",
    "show -p",
    "branch --show-current",
    "commit -m Third",
    "commit --amend -m 3rd",
    "branch what-if HEAD~1",
    "bisect start HEAD HEAD~1",
    "bisect log",
    "bisect reset",
    "bisect start",
    "bisect bad HEAD",
    "bisect good HEAD~2",
    "bisect skip",
    "! bisect reset",
    "! bisect start HEAD HEAD~2",
    "! bisect run true",
    "! bisect reset",
    "note add Louder --on script.fountain -L 3 --mark rewrite",
    "note list",
    "note reply NOTE Yes",
    "note resolve NOTE",
    "note reopen NOTE",
    "branch -m what-if late",
    "timeline",
    "switch late",
    "cherry-pick main",
    "= script.fountain INT. KITCHEN - NIGHT\n\nRae sleeps.",
    "! commit -m Late",
    "! switch main",
    "! switch -c asleep HEAD~1",
    "= script.fountain INT. KITCHEN - NIGHT\n\nRae dreams.",
    "! commit -m Dream",
    "merge --plan late",
    "merge late",
    "! merge --abort",
    "rebase --plan late",
    "rebase late",
    "! undo",
    "cherry-pick late",
    "resolve",
    "resolve script.fountain#scene=1 --theirs",
    "! switch late",
    "revert HEAD",
    "tag draft-2",
    "tag -d draft-2",
    "undo",
    "redo",
    "! switch main",
    "op restore OPERATION",
    "branch -D late",
    "= script.fountain INT. KITCHEN - NIGHT\n\nRae sits.",
    "restore script.fountain",
    "init ../another",
    "init --shared ../studio",
    "remote add origin ../studio",
    "push",
    "remote list",
    "fetch",
    "pull",
    "clone ../studio ../copy",
    "dehydrate",
    "hydrate",
    "branch -u origin/main",
    "export bundle ../film.aiut",
    "branch --unset-upstream",
    "remote set-url origin ../studio",
    "remote remove origin",
    "= draft.txt INT. HALL - DAY\n\nRae comes in.",
    "import draft.txt",
];

/// In order, on a film.
const OF_A_FILM: &[Step] = &[
    "scenes",
    "shots 1",
    "blame --shot 1-1",
    "stages",
    "plan",
    "stale",
    "why frames/001_001.png",
    "takes frames/001_001.png",
    "deps frames/001_001.png",
    "cost",
    "continuity",
    "mirror 2",
    "explain shot 001_001",
    "explain prompt 001_001",
    "whence frames/001_001.png",
    "generate frames",
    "diff --story HEAD~2 HEAD",
    "revisions HEAD~2",
    "diff --timelines HEAD~2 HEAD",
    "! undo",
    "timeline",
    "takes --unused",
    "pick frames/001_001.png 1",
    "accept scenes/001.json --why kept",
    "approve shots --why good",
    "approve --list",
    "approve --withdraw shots",
    "trust --revoke",
    "! commit -m Kept",
    "scenes --write",
];

/// Commands that print a text, bytes or nothing, and have no JSON.
const WITHOUT: &[&str] = &[
    "bisect run",
    "cat",
    "completions",
    "hooks show",
    "man",
    "textconv",
    "merge-driver",
    "open",
    "play",
    "help",
    "version",
];

/// A film with a scene that goes on from another, a reference image that is missing, and an edit
/// that made a frame stale.
fn a_film() -> World {
    let script = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n\n\
                  INT. HALL - CONTINUOUS\n\nRae opens the door. Nobody.\n";
    let world = film(script, &["frames"]);
    let bible = world.read("bible/characters/rae.toml");
    let named = bible.replace("references = []", "references = [\"rae.png\"]");
    world.write("bible/characters/rae.toml", named);
    world.write("script.fountain", script.replace("a kettle", "two glasses"));
    world
}

/// A project in which every reading command has something to tell.
fn a_repository() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", "INT. KITCHEN - NIGHT\n\nRae waits.\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.ok(&["tag", "-q", "draft-1"]);
    world.write("script.fountain", "INT. KITCHEN - NIGHT\n\nRae leaves.\n");
    world.ok(&["commit", "-q", "-m", "Second"]);
    world.write("script.fountain", "INT. KITCHEN - NIGHT\n\nRae stays.\n");
    world
}

/// Does the steps; the shape of each that is shown.
fn told(world: &World, steps: &[Step]) -> Vec<(Step, String)> {
    let mut told = Vec::new();
    for step in steps {
        if let Some(file) = step.strip_prefix("= ") {
            let (path, text) = file.split_once(' ').expect("a path and a text");
            world.write(path, format!("{text}\n"));
            continue;
        }
        let line = step.trim_start_matches("! ");
        let last = world.json(&["op", "log", "-n", "1"])[0]["id"].to_string();
        // The one thread there is.
        let notes = std::fs::read_dir(world.path("notes"));
        let note = notes.ok().and_then(|mut files| files.next()?.ok());
        let note = note.map_or_else(String::new, |file| {
            file.file_name()
                .to_string_lossy()
                .trim_end_matches(".toml")
                .to_owned()
        });
        let word = |word| match word {
            "OPERATION" => last.trim_matches('"'),
            "NOTE" => note.as_str(),
            word => word,
        };
        let arguments: Vec<&str> = line.split(' ').map(word).collect();
        if line.len() < step.len() {
            world.ok(&arguments);
        } else {
            told.push((*step, shape(&printed(world, &arguments))));
        }
    }
    told
}

/// What a command prints, also where it found something.
fn printed(world: &World, arguments: &[&str]) -> serde_json::Value {
    let run = world.run(&[arguments, &["--json"]].concat());
    assert!(matches!(run.code, Some(0 | 3)), "{arguments:?}: {run}");
    serde_json::from_str(&run.stdout).expect("JSON")
}

#[test]
fn the_page_of_shapes_is_what_the_commands_print() {
    let mut page = String::from(
        "# JSON\n\nWhat `--json` prints, by command. `AIUT_WRITE_DOCS=1 cargo test --test cli_commands shapes` writes this page\n\
         anew. Fields are added over time and never renamed or removed. Ids are 64 hexadecimal digits, sizes bytes, amounts\n\
         micro-dollars; a list shows its first item, `null` stands where the example has nothing.\n\n\
         With `--json` a command prints one value on standard output and nothing else; `show` of several commits prints one\n\
         value each. An error is an object on standard\n\
         error: `{ error: { kind: text, exit_code: integer, message: text, hints: [text] } }`.\n\n",
    );
    let mut told = told(&a_repository(), OF_A_REPOSITORY);
    told.extend(self::told(&a_film(), OF_A_FILM));
    for (line, shape) in &told {
        page += &format!("- `aiut {line} --json`\n  ```text\n  {shape}\n  ```\n");
    }
    is_written("docs/json.md", &page, "shapes");

    let world = World::new();
    let chapters = chapters(&world, &[], &world.ok(&["--help"]));
    let commands = chapters
        .iter()
        .filter(|(_, help)| !help.contains("\nCommands:\n"));
    for (command, help) in commands {
        let has_json = help
            .lines()
            .any(|line| line.trim_start().starts_with("--json"));
        let is_in = |line: &str| format!("{line} ").starts_with(&format!("{command} "));
        let is_told = told.iter().any(|(line, _)| is_in(line));
        assert_eq!(has_json, !WITHOUT.contains(&&**command), "{command}");
        assert!(!has_json || is_told, "nothing tells what {command} prints");
    }
}
