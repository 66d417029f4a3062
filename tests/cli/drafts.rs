//! What aiut writes of a script's own words can be read again, whatever they are.

use super::world::World;

const STAGES: [&str; 8] = [
    "generate",
    "characters",
    "locations",
    "style",
    "scenes",
    "shots",
    "looks",
    "prompts",
];

/// A film of this script, up to its prompts.
fn film(script: &str) -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("../in.fountain", script);
    world.ok(&["import", "../in.fountain"]);
    world.ok(&STAGES);
    // Everything that was written is read by what follows.
    world.write(
        "script.fountain",
        format!("{script}\n\nINT. PIER - DAY\n\nRain.\n"),
    );
    world.ok(&["commit", "-q", "-m", "More"]);
    for command in [
        &["scenes"][..],
        &["plan"],
        &["stale"],
        &["continuity"],
        &STAGES,
        &["stale"],
    ] {
        world.ok(command);
    }
    world
}

/// The files of a folder of the bible, each as TOML.
fn bible(world: &World, folder: &str) -> Vec<(String, toml::Table)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(world.path(&format!("bible/{folder}"))).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let text = world.read(&format!("bible/{folder}/{name}"));
        files.push((name, toml::from_str(&text).expect("TOML")));
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

#[test]
fn a_title_of_two_lines_with_emphasis_is_one_title() {
    for title in [
        "Title:\n\t_**BRICK & STEEL**_\n\t_**FULL RETIRED**_\n",
        "Title:\n    _**BRICK & STEEL\n    FULL RETIRED**_\n",
        "Title: _**BRICK & STEEL**_\n    **FULL** *RETIRED*\n",
    ] {
        let world = film(&format!(
            "{title}Credit: Written by\n\nINT. BAR - DAY\n\nRAE drinks.\n"
        ));
        let style = world.read("bible/style.toml");
        assert!(
            style.starts_with("# The visual style of BRICK & STEEL FULL RETIRED\n"),
            "{style}"
        );
        toml::from_str::<toml::Table>(&style).expect("TOML");
    }
}

#[test]
fn whatever_a_script_holds_its_drafts_can_be_read() {
    let marks = "\"\"\" ''' \\ \" ' # [x] = {y} é";
    let unseen = "\u{202e}abc\u{202c} \u{7} \u{1b}[31m \u{2028}\u{85}";
    for title in [marks, unseen, "", "****", "= [\"", "\\", "日本語"] {
        film(&format!(
            "Title: {title}\nAuthor: {marks}\n\nINT. {marks} - NIGHT\n\n\
             RAE {marks}, 30, {marks}, looks at {marks}.\n\n@Rae {marks}\n({marks})\n{marks}\n\n\
             EXT. ROAD \"A\\B\" - DAY\n\nTOM \"THE \\HAT\\\" O'BRIEN, forty, waits.\n\nTOM \"THE \\HAT\\\" O'BRIEN\nYes.\n"
        ));
    }
}

#[test]
fn what_nobody_sees_of_a_script_keeps_nothing_from_being_made() {
    // Some editors leave marks of direction, byte order marks and control characters in a text.
    let script = "INT. \u{202a}ROOM\u{202c} - DAY\n\nRAE\u{feff}, 30, fills\u{7} a \u{202e}kettle\u{202c}.\n\n\
                  RAE\n\u{2066}Who\u{2069} is\u{200b} there?\n";
    let world = film(script);
    world.ok(&["generate", "-q", "prompts"]);
    let stale = world.ok(&["stale", "prompts"]);
    assert!(stale.contains("up to date"), "{stale}");
    let prompt: serde_json::Value =
        serde_json::from_str(&world.read("prompts/001_001.json")).unwrap();
    let frame = prompt["frame"]["prompt"].as_str().unwrap();
    assert!(
        !frame
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{feff}')),
        "{frame:?}"
    );
}

#[test]
fn files_of_people_places_and_scenes_have_names_of_their_own() {
    let long = "VERY ".repeat(60);
    let script = format!(
        "INT. 日本 - DAY #CON#\n\nA room.\n\n@日本\nYes.\n\nINT. 東京 - DAY #NUL#\n\nAnother room.\n\n@東京\nNo.\n\n\
         INT. ??? - DAY\n\nA third.\n\nINT. !!! - DAY\n\nA fourth.\n\n\
         INT. CON - DAY #AUX#\n\nA fifth.\n\nCON\nI am.\n\nNUL\nAnd I.\n\nINT. COM1 - DAY\n\nA sixth.\n\nCOM1\nSo am I.\n\n\
         INT. {long}ROOM - DAY\n\nLong.\n\n{long}MAN\nHello.\n\nINT. {long}HALL - DAY\n\nLonger.\n\n{long}WOMAN\nHello.\n"
    );
    let world = film(&script);
    let names = |folder: &str| -> Vec<String> {
        let files = bible(&world, folder);
        for (file, table) in &files {
            assert!(
                table["name"].as_str().is_some_and(|name| !name.is_empty()),
                "{file}"
            );
            assert!(file.len() < 140, "{file}");
        }
        files.into_iter().map(|(file, _)| file).collect()
    };
    let places = names("locations");
    assert_eq!(places.len(), 9, "{places:?}");
    assert!(places.contains(&"con_.toml".to_owned()) && places.contains(&"com1_.toml".to_owned()));
    let people = names("characters");
    assert_eq!(people.len(), 7, "{people:?}");
    assert!(world.path("scenes/CO+4e.json").is_file());
    let status = world.ok(&["status"]);
    assert!(!status.contains("refused"), "{status}");
}
