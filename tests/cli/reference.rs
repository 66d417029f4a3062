//! `docs/commands.md` is what the program says of itself.

use super::world::{World, write};

/// The page as the program would write it: one chapter a command, in the order of the help.
fn page(world: &World) -> String {
    let help = world.ok(&["--help"]);
    let mut page = String::from(
        "# Commands\n\nThis page is made from the program's own help; \
         `AIUT_WRITE_DOCS=1 cargo test --test cli_commands reference` writes it anew.\n",
    );
    page += &format!("\n```text\n{help}```\n");
    for (path, text) in chapters(world, &[], &help) {
        page += &format!("\n## aiut {path}\n\n```text\n{text}```\n");
    }
    page
}

/// Holds a page of the documentation to what the program says; `AIUT_WRITE_DOCS` writes it anew.
pub(super) fn is_written(page: &str, text: &str, test: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    if std::env::var_os("AIUT_WRITE_DOCS").is_some() {
        write(&path, text.as_bytes());
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "{page} is out of date: run AIUT_WRITE_DOCS=1 cargo test --test cli_commands {test}"
    );
}

/// The help of each command that `help` lists, and of those beneath it.
pub(super) fn chapters(world: &World, above: &[&str], help: &str) -> Vec<(String, String)> {
    let lines = help
        .lines()
        .skip_while(|line| !line.starts_with("Usage"))
        .skip(1);
    let commands = lines.take_while(|line| !line.starts_with("Options"));
    let mut found = Vec::new();
    for name in commands.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()) {
        let is_command = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if !is_command {
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
    is_written("docs/commands.md", &page, "reference");
}
