//! `docs/commands.md` is what the program says of itself.

use super::film::film;
use super::world::{World, shape, write};

/// The page as the program would write it: one chapter a command, in the order of the help.
fn page(world: &World) -> String {
    let help = world.ok(&["--help"]);
    let mut page = String::from(
        "# Commands\n\nThis page is made from the program's own help; \
         `AIUT_WRITE_DOCS=1 cargo test --test cli_commands reference` writes it anew.\n",
    );
    page += &format!("\n```text\n{}```\n", help);
    for (path, text) in chapters(world, &[], &help) {
        page += &format!("\n## aiut {path}\n\n```text\n{text}```\n");
    }
    page += "\n## JSON\n\nWhat `--json` prints, by command. Fields are added over time and never \
             renamed or removed. Ids are 64 hexadecimal digits, sizes bytes, amounts micro-dollars; \
             a list shows its first item, `null` stands where the example has nothing.\n\n";
    let project = example();
    for arguments in READING {
        let shape = shape(&project.json(arguments));
        page += &format!(
            "- `aiut {} --json`\n  ```text\n  {shape}\n  ```\n",
            arguments.join(" ")
        );
    }
    let film = film_example();
    for arguments in OF_A_FILM {
        let shape = shape(&film.json(arguments));
        page += &format!(
            "- `aiut {} --json`\n  ```text\n  {shape}\n  ```\n",
            arguments.join(" ")
        );
    }
    page
}

/// The commands of the pipeline, as they are called on the film. The last ones change it.
const OF_A_FILM: &[&[&str]] = &[
    &["scenes"],
    &["stages"],
    &["plan"],
    &["stale"],
    &["why", "frames/001_001.png"],
    &["takes", "frames/001_001.png"],
    &["deps", "frames/001_001.png"],
    &["cost"],
    &["continuity"],
    &["mirror", "2"],
    &["explain", "shot", "001_001"],
    &["whence", "frames/001_001.png"],
    &["generate", "frames"],
];

/// A film with a scene that goes on from another, a reference image that is missing, and an edit
/// that made a frame stale.
fn film_example() -> World {
    let script = "INT. KITCHEN - NIGHT\n\nRAE, 30, fills a kettle.\n\nRAE\nWho is there?\n\n\
                  INT. HALL - CONTINUOUS\n\nRae opens the door. Nobody.\n";
    let world = film(script, &["frames"]);
    let bible = world.read("bible/characters/rae.toml");
    let named = bible.replace("references = []", "references = [\"rae.png\"]");
    world.write("bible/characters/rae.toml", named);
    world.write("script.fountain", script.replace("a kettle", "two glasses"));
    world
}

/// The reading commands, as they are called on the example.
const READING: &[&[&str]] = &[
    &["status"],
    &["log"],
    &["show"],
    &["show", "HEAD:script.fountain"],
    &["diff"],
    &["ls"],
    &["branch"],
    &["tag"],
    &["op", "log"],
    &["fsck"],
    &["gc", "--dry-run"],
    &["du"],
    &["config"],
    &["config", "film.fps"],
    &["trust"],
    &["search", "rae"],
    &["doctor"],
];

/// A project in which every reading command has something to tell.
fn example() -> World {
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

/// The help of each command that `help` lists, and of those beneath it.
fn chapters(world: &World, above: &[&str], help: &str) -> Vec<(String, String)> {
    let lines = help
        .lines()
        .skip_while(|line| !line.starts_with("Usage"))
        .skip(1);
    let commands = lines.take_while(|line| !line.starts_with("Options"));
    let mut found = Vec::new();
    for name in commands.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()) {
        let is_command = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if !is_command || name == "help" {
            continue;
        }
        let path = [above, &[name]].concat();
        let text = world.ok(&[&path[..], &["--help"]].concat());
        let inner = if text.contains("\nCommands:\n") {
            chapters(world, &path, &text)
        } else {
            Vec::new()
        };
        found.push((path.join(" "), text));
        found.extend(inner);
    }
    found
}

#[test]
fn the_reference_is_what_the_program_says() {
    let world = World::new();
    let page = page(&world);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/commands.md");
    if std::env::var_os("AIUT_WRITE_DOCS").is_some() {
        write(std::path::Path::new(path), page.as_bytes());
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        written == page,
        "docs/commands.md is out of date: run AIUT_WRITE_DOCS=1 cargo test --test cli_commands reference"
    );
}
