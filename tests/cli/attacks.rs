//! The attacks of `tests/attacks/`, each at every place where it could come in.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use super::film::{SCRIPT, film};
use super::world::World;

/// The files of a folder of attacks, by name.
fn attacks(folder: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/attacks")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty());
    let named = files.into_iter().map(|file| {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        (name, std::fs::read(file).unwrap())
    });
    named.collect()
}

/// The text of a file of attacks.
pub(super) fn text(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/attacks");
    std::fs::read_to_string(folder.join(file)).unwrap()
}

/// The lines of a file of attacks.
pub(super) fn lines(file: &str) -> Vec<String> {
    text(file).lines().map(str::to_owned).collect()
}

/// Whether a terminal would do anything but show it.
fn steers(c: char) -> bool {
    let breaks_lines = matches!(c, '\n' | '\t');
    let turns_text = matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    (c.is_control() && !breaks_lines) || turns_text || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// The text without the sequences that colour it: `ESC [ digits and semicolons m`.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|end| part[*end..].starts_with('m')) {
            Some(end) => plain += &part[end + 1..],
            None => plain += &format!("\u{1b}[{part}"),
        }
    }
    plain
}

#[test]
fn no_text_of_a_project_steers_the_terminal() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "First"]);
    for (number, (name, text)) in attacks("texts").into_iter().enumerate() {
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(steers), "{name} is no attack");
        let see = |arguments: &[&str]| {
            let run = world.run(arguments);
            for shown in [&run.stdout, &run.stderr] {
                let bad = shown.find(steers);
                assert_eq!(bad, None, "{name}, {arguments:?}: {shown:?}");
            }
            run
        };
        // A program gets a difference in its bytes; who reads it, in colour, does not.
        let escaped: String = text
            .chars()
            .map(|c| match steers(c) {
                true => format!("\\u{{{:x}}}", u32::from(c)),
                false => c.to_string(),
            })
            .collect();
        let read = |arguments: &[&str]| {
            let run = world.run(&[&["--color", "always"], arguments].concat());
            let shown = without_colors(&run.stdout);
            let bad = shown.find(steers);
            assert_eq!(bad, None, "{name}, {arguments:?}: {shown:?}");
            assert!(shown.contains(&escaped), "{name}, {arguments:?}: {shown}");
            let bytes = world.run(arguments).stdout;
            assert!(bytes.contains(&text), "{name}, {arguments:?}: {bytes}");
        };
        // In what a script says, in the settings, in an answer that somebody else's program wrote.
        world.write(
            "script.fountain",
            format!("Title: A {text} film\n\n{SCRIPT}\nINT. {text} ROOM - NIGHT\n\nShe reads {text} aloud.\n\nM{text}RA\n({text})\n{text}, she said.\n"),
        );
        world.write("notes/read.md", format!("{text}\n"));
        world.write(
            "aiut.toml",
            format!(
                "[film]\ntitle = {}\n",
                serde_json::Value::from(text.clone())
            ),
        );
        read(&["diff"]);
        for arguments in [
            &["status"][..],
            &["scenes"],
            &["stages"],
            &["plan"],
            &["stale"],
            &["continuity"],
            &["why", "frames/001_001.png"],
            &["explain", "shot", "001_001"],
            &["explain", "scene", "4"],
            &["search", "she"],
            &["cost"],
            &["doctor"],
            &["config", "--list"],
            &["generate", "-n"],
        ] {
            see(arguments);
        }
        // In what is said of a commit.
        world.write("aiut.toml", "");
        see(&["commit", "-m", &format!("Say {text}\n\nAnd {text}")]);
        see(&["tag", "-m", &text, &format!("t{number}")]);
        read(&["show"]);
        read(&["diff", "HEAD~1", "HEAD"]);
        for arguments in [
            &["log"][..],
            &["log", "--graph", "--oneline"],
            &["show", "--stat"],
            &["op", "log"],
            &["tag"],
            &["du"],
            &["ls"],
            &["fsck"],
            &["whence", "script.fountain"],
            &["search", "she", "--all"],
        ] {
            see(arguments);
        }
        // As an operand of anything.
        for arguments in [
            &["switch", &text][..],
            &["branch", &text],
            &["tag", &text],
            &["show", "--stat", &text],
            &["cat", &text],
            &["diff", "--stat", &text],
            &["log", "--", &text],
            &["restore", &text],
            &["commit", "-m", "x", &text],
            &["why", &text],
            &["explain", "shot", &text],
            &["generate", &text],
            &["pick", &text, "1"],
            &["accept", &text, "--why", &text],
            &["takes", &text],
            &["deps", &text],
            &["mirror", &text],
            &["whence", &text],
            &["search", &text],
            &["config", &text],
            &["import", &text],
            &["init", &text],
            &["op", "restore", &text],
            &["revert", &text],
            &["cherry-pick", &text],
            &["completions", &text],
            &[&text],
        ] {
            see(arguments);
        }
        // As the name of a file: refused where the system allows it at all.
        if world.try_write(&format!("notes/{text}.md"), "x") {
            for arguments in [&["status"][..], &["commit", "-m", "x"], &["ls"]] {
                see(arguments);
            }
            std::fs::remove_file(world.path(&format!("notes/{text}.md"))).unwrap();
        }
    }
}

#[test]
fn no_name_is_taken_for_an_option_or_a_command() {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    let path = |name: &str| format!("-odd/{name}.md");
    let sound = |name: &str| format!("{name}.wav");
    // What not every system can store is kept on none.
    let (refused, names): (Vec<String>, Vec<String>) = lines("arguments")
        .into_iter()
        .partition(|name| name.contains([':', '*', '?', '"', '<', '>', '|']));
    for name in names.iter().chain(&refused) {
        world.write(&path(name), format!("{name}\n"));
        world.write(&sound(name), b"RIFF\x04\0\0\0WAVE");
    }
    let status = world.ok(&["status"]);
    for name in &refused {
        assert!(status.contains(&path(name)), "{name}\n{status}");
    }
    world.ok(&["commit", "-q", "-m", "First"]);
    let listed = world.json(&["ls"]).to_string();
    for name in &names {
        let path = path(name);
        world.write(&path, "changed\n");
        world.write(&sound(name), b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0");
        let quoted = serde_json::Value::from(path.clone()).to_string();
        assert!(listed.contains(&quoted), "{path}");
        let operand = format!("./{path}");
        for arguments in [&["diff", "--", &path][..], &["diff", "--", &operand]] {
            let shown = world.ok(arguments);
            assert!(shown.contains("+changed"), "{arguments:?}\n{shown}");
        }
        let before = world.ok(&["cat", "--", &format!("HEAD:{path}")]);
        assert_eq!(before, format!("{name}\n"));
    }
    // Those of sounds go to another program.
    let shown = world.ok(&["diff"]);
    for name in &names {
        assert!(shown.contains(&sound(name)), "{name}\n{shown}");
    }
    for name in &names {
        world.ok(&["restore", "--", &path(name)]);
        assert_eq!(world.read(&path(name)), format!("{name}\n"));
        world.ok(&["commit", "-q", "-m", name, "--", &sound(name)]);
    }
    let left = world.json(&["status"])["changes"].clone();
    let mut kinds = left.as_object().unwrap().values();
    assert!(kinds.all(|files| files == &serde_json::json!([])), "{left}");
}

#[test]
fn no_medium_makes_a_program_open_anything_else() {
    let world = film(SCRIPT, &[]);
    world.ok(&["commit", "-q", "-m", "All"]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let secret = world.home().join("secret");
    super::world::write(&secret, b"SECRET-SECRET-SECRET-SECRET-SECRET-SECRET-SECRET");
    for (name, bytes) in attacks("media") {
        let text = bytes
            .iter()
            .map(|byte| char::from(*byte))
            .collect::<String>();
        let text = text
            .replace("@SECRET@", secret.to_str().unwrap())
            .replace("@URL@", &format!("http://{address}"))
            .replace("@PORT@", &address.port().to_string());
        let bytes: Vec<u8> = text.chars().map(|c| c as u32 as u8).collect();
        let (target, made) = match name.rsplit('.').next().unwrap() {
            "mov" => ("clips/001_001.mov", "cuts"),
            "wav" => ("voices/001_001.wav", "clips"),
            _ => ("frames/001_001.png", "clips"),
        };
        world.write(target, &bytes);
        for arguments in [
            &["status"][..],
            &["diff"],
            &["why", target],
            &["generate", "-q", "--outdated", made],
            &["generate", "-q", "--outdated", "film"],
            &["import", target],
            &["commit", "-q", "-m", "Planted"],
        ] {
            let run = world.run(arguments);
            let shown = format!("{run}");
            assert!(!shown.contains("SECRET-"), "{name}, {arguments:?}\n{shown}");
            assert!(
                run.code.is_some_and(|code| code <= 2),
                "{name}, {arguments:?}\n{shown}"
            );
            let connected = listener.accept().map_err(|error| error.kind());
            assert_eq!(
                connected.map(|_| ()),
                Err(std::io::ErrorKind::WouldBlock),
                "{name}, {arguments:?}"
            );
        }
        for made in ["cuts/001.mov", "film.mp4"] {
            if let Ok(made) = std::fs::read(world.path(made)) {
                assert!(!made.windows(7).any(|bytes| bytes == b"SECRET-"), "{name}");
            }
        }
        world.ok(&["undo", "-q"]);
        world.ok(&["restore", "-q", "."]);
    }
}
