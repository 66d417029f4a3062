//! `import` of screenplays, and of what is none.

use std::io::Write as _;
use std::process::Stdio;

use insta::assert_snapshot;

use super::world::{Run, World};

pub(super) const SCRIPT: &str = "INT. FERRY - NIGHT\n\nRAE looks out.\n\nRAE\nIs it far?\n";

pub(super) fn world() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world
}

/// Imports what is given on standard input.
fn import_stream(world: &World, bytes: &[u8], arguments: &[&str]) -> Run {
    let arguments = [&["import", "-"], arguments].concat();
    let mut command = world.command(&world.path(""), &arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Who is refused does not read on.
    let _ = stdin.write_all(bytes);
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

/// A file in a ZIP, stored.
fn zip(name: &str) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x02\0\0\0".to_vec();
    bytes.extend_from_slice(&(name.len() as u16).to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes.extend_from_slice(name.as_bytes());
    bytes.extend_from_slice(b"\xFF\0");
    bytes
}

pub(super) const FDX: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>\n\
    <FinalDraft DocumentType=\"Script\" Template=\"No\" Version=\"5\">\n<Content>\n\
    <Paragraph Type=\"Scene Heading\"><Text>INT. FERRY - NIGHT</Text></Paragraph>\n\
    </Content>\n</FinalDraft>\n";

#[test]
fn what_is_something_else_is_told_with_what_to_do_and_nothing_is_written() {
    let world = world();
    let before = world.ok(&["op", "log"]);
    let utf16: Vec<u8> = FDX.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: Vec<(&str, Vec<u8>, &str, &str)> = vec![
        ("a.fdx", FDX.into(), "a Final Draft document", "export it"),
        (
            "a.fountain",
            FDX.into(),
            "a Final Draft document",
            "export it",
        ),
        (
            "b.fountain",
            [b"\xFF\xFE", &utf16[..]].concat(),
            "a Final Draft document",
            "export it",
        ),
        (
            "cut.fdx",
            FDX[..200].into(),
            "a Final Draft document",
            "export it",
        ),
        (
            "a.pdf",
            b"%PDF-1.4\n%\xE2\xE3\n1 0 obj".to_vec(),
            "a PDF",
            "pdftotext -layout",
        ),
        (
            "b.txt",
            b"%PDF-1.4\n1 0 obj".to_vec(),
            "a PDF",
            "pdftotext -layout",
        ),
        (
            "a.docx",
            zip("word/document.xml"),
            "a Word document",
            "plain text",
        ),
        (
            "a.doc",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0".to_vec(),
            "Word",
            "plain text",
        ),
        (
            "a.rtf",
            b"{\\rtf1\\ansi INT. FERRY}".to_vec(),
            "a rich text document",
            "plain text",
        ),
        (
            "a.fadein",
            zip("document.xml"),
            "a Fade In document",
            "export it",
        ),
        (
            "a.celtx",
            zip("project.rdf"),
            "a Celtx document",
            "export it",
        ),
        (
            "a.highland",
            zip("x.textbundle/text.md"),
            "a Highland document",
            "export it",
        ),
        ("a.zip", zip("x.fountain"), "a ZIP archive", "unpack it"),
        (
            "a.json",
            b"{\"scenes\": []}".to_vec(),
            "JSON",
            "INT. KITCHEN - DAY",
        ),
        (
            "b.json",
            b"{\"scenes\": [".to_vec(),
            "JSON that cannot be read",
            "INT. KITCHEN",
        ),
        (
            "c.fountain",
            b"[{\"heading\": \"INT. FERRY\"}]".to_vec(),
            "JSON",
            "INT. KITCHEN - DAY",
        ),
        (
            "a.toml",
            b"[film]\ntitle = \"INT. FERRY\"\n".to_vec(),
            "TOML",
            "INT. KITCHEN - DAY",
        ),
        (
            "a.yaml",
            b"scenes:\n  - heading: INT. FERRY\n".to_vec(),
            "YAML",
            "INT. KITCHEN - DAY",
        ),
        (
            "a.xml",
            b"<script><scene/></script>\n".to_vec(),
            "XML",
            "INT. KITCHEN - DAY",
        ),
        (
            "a.html",
            b"<!doctype html>\n<p>INT. FERRY</p>".to_vec(),
            "HTML",
            "plain text",
        ),
        (
            "a.csv",
            b"scene,heading\n1,INT. FERRY\n2,EXT. PIER\n".to_vec(),
            "a table",
            "INT. KITCHEN",
        ),
        (
            "a.jpg",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(),
            "a JPEG picture",
            "PNG",
        ),
        (
            "b.png",
            b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(),
            "a JPEG picture",
            "PNG",
        ),
        (
            "a.gif",
            b"GIF89a\x01\0\x01\0\xFF".to_vec(),
            "a GIF picture",
            "PNG",
        ),
        (
            "a.wav",
            b"RIFF\x24\0\0\0WAVEfmt \x10\0".to_vec(),
            "a sound",
            "aiut commit",
        ),
        (
            "a.mov",
            b"\0\0\0\x14ftypqt  \0\0\0\0qt  ".to_vec(),
            "a film",
            "aiut commit",
        ),
        ("a.bin", b"\x01\x02\0\x03\xFE".to_vec(), "NUL", ""),
        ("a.txt", b"".to_vec(), "no scenes yet", "INT. KITCHEN - DAY"),
        (
            "blank.fountain",
            b"\n \n\t\n".to_vec(),
            "no scenes yet",
            "INT. KITCHEN - DAY",
        ),
        (
            "page.fountain",
            b"Title: X\nAuthor: Y\n".to_vec(),
            "no scenes yet",
            "INT. KITCHEN - DAY",
        ),
        (
            "prose.txt",
            b"Rae looks at the sea.\n".to_vec(),
            "no scene begins",
            "INT. KITCHEN - DAY",
        ),
        (
            "main.c",
            b"int main(void) {\n  return 0;\n}\n".to_vec(),
            "no scene begins",
            "INT. KITCHEN",
        ),
        (
            "latin.txt",
            b"INT. CAF\xC9 - DAY\n\nRae.\n".to_vec(),
            "line 1",
            "iconv",
        ),
    ];
    for (name, bytes, what, todo) in cases {
        world.write(&format!("../in/{name}"), &bytes);
        let path = format!("../in/{name}");
        for run in [
            world.run(&["import", &path]),
            world.run(&["import", &path, "--json"]),
        ] {
            assert_eq!(run.code, Some(1), "{name}: {run}");
            assert!(run.stderr.contains(what), "{name}: {run}");
            assert!(run.stderr.contains(todo), "{name}: {run}");
            assert!(
                run.stderr.contains(name) && run.stdout.is_empty(),
                "{name}: {run}"
            );
        }
        assert!(!world.path("script.fountain").exists(), "{name}");
    }
    let own = world.run(&["import", "aiut.toml"]);
    assert_snapshot!(own, @"
    --- stderr
    error: $ROOT/film/aiut.toml: it is TOML, the settings of a project, not a screenplay
    hint: `aiut config` changes settings; a screenplay is Fountain or plain text
    --- exit code 1
    ");
    assert_eq!(world.ok(&["op", "log"]), before);
    assert!(!world.path("script.fountain").exists());
}

#[test]
fn a_wrong_ending_does_not_matter() {
    for name in [
        "a",
        "a.md",
        "a.spmd",
        "a.txt",
        "a.fdx",
        "a.pdf",
        "a.json",
        "a.png",
        "a.fountain",
    ] {
        let world = world();
        world.write(name, SCRIPT);
        assert_eq!(
            world.ok(&["import", name]),
            "Imported script.fountain: 1 scene\n",
            "{name}"
        );
        assert_eq!(world.read("script.fountain"), SCRIPT, "{name}");
    }
}

#[test]
fn what_is_printed_becomes_fountain() {
    let world = world();
    world.write(
        "a.txt",
        "\n                 NIGHT FERRY\n\n\
         1   INT. FERRY - NIGHT                           1\n\n    \
             Rae looks out over the water, and the\n    water looks back.\n\n\
                             RAE\n                 Is it far?\n                      (MORE)\n\n\
                                                     (CONTINUED)\n                                                        2.\n\n\
         1   CONTINUED:                                   1\n\n\
                             RAE (CONT'D)\n                 I can't see it.\n",
    );
    assert_snapshot!(world.run(&["import", "a.txt"]), @"
    Imported script.fountain: 1 scene
      from plain text, without page numbers and the line breaks of the page
    ");
    assert_snapshot!(world.read("script.fountain"), @"
    Title: NIGHT FERRY

    INT. FERRY - NIGHT #1#

    Rae looks out over the water, and the water looks back.

    RAE
    Is it far? I can't see it.
    ");
    let imported = world.json(&["import", "a.txt"]);
    assert_eq!(imported["converted_from"], "plain text");
    assert_eq!(imported["changed"], serde_json::json!([]));
}

#[test]
fn the_encoding_of_a_text_is_told_by_its_mark() {
    let world = world();
    let units: Vec<u8> = SCRIPT.encode_utf16().flat_map(u16::to_be_bytes).collect();
    world.write("a.fountain", [b"\xFE\xFF", &units[..]].concat());
    assert_snapshot!(world.run(&["import", "a.fountain"]), @"
    Imported script.fountain: 1 scene
      converted from UTF-16
    ");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    // Some programs leave the mark out.
    world.ok(&["undo", "-q"]);
    world.write("a.fountain", &units);
    assert_snapshot!(world.run(&["import", "a.fountain"]), @"
    Imported script.fountain: 1 scene
      converted from UTF-16
    ");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    // One that was saved over the script is told what to do.
    world.ok(&["commit", "-q", "-m", "Script"]);
    world.write("script.fountain", &units);
    let run = world.run(&["scenes"]);
    assert!(run.stderr.contains("the text is UTF-16"), "{run}");
    assert!(run.stderr.contains("iconv -f UTF-16"), "{run}");
    world.write("script.fountain", SCRIPT);
    let marked = format!("\u{feff}{}", SCRIPT.replace('\n', "\r\n"));
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("b.fountain", &marked);
    world.ok(&["import", "b.fountain"]);
    assert_eq!(world.read("script.fountain"), marked);
}

#[test]
fn standard_input_is_read_within_limits() {
    let world = world();
    let run = import_stream(&world, SCRIPT.as_bytes(), &[]);
    assert_eq!(run.stdout, "Imported script.fountain: 1 scene\n", "{run}");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    for (bytes, told) in [
        (FDX.as_bytes().to_vec(), "a Final Draft document"),
        (Vec::new(), "no scenes yet"),
        (vec![b'a'; (32 << 20) + 4096], "too large"),
    ] {
        let run = import_stream(&world, &bytes, &[]);
        assert_eq!(run.code, Some(1), "{run}");
        assert!(
            run.stderr.contains("standard input") && run.stderr.contains(told),
            "{run}"
        );
    }
    let run = import_stream(&world, SCRIPT.as_bytes(), &["--json"]);
    let told: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(told["scenes"], 1);
    let mut picture = Vec::new();
    let mut writer = png::Encoder::new(&mut picture, 1, 1)
        .write_header()
        .unwrap();
    writer.write_image_data(&[0]).unwrap();
    writer.finish().unwrap();
    let run = import_stream(&world, &picture, &[]);
    assert!(
        run.code == Some(1) && run.stderr.contains("--as PATH"),
        "{run}"
    );
    let run = import_stream(&world, &picture, &["--as", "bible/x.png"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(std::fs::read(world.path("bible/x.png")).unwrap(), picture);
    // A file of that name is one all the same.
    world.write("-", SCRIPT);
    world.ok(&["import", "./-"]);
}
