//! Scenes, headings taken apart, and page lengths.

use aiut_film::fountain::parse;
use aiut_film::ids::SceneNumber;
use aiut_film::scenes::{Heading, Scene, eighths, format_eighths, split};
use aiut_film::words::{Place, TimeOfDay};

fn scenes(text: &str) -> Vec<Scene> {
    split(&parse(text))
}

fn only(text: &str) -> Scene {
    let mut scenes = scenes(text);
    assert_eq!(scenes.len(), 1, "{text:?}");
    scenes.remove(0)
}

#[test]
fn headings_come_apart_as_real_scripts_write_them() {
    use Place::{Both, Exterior, Interior};
    type Parts = (
        Place,
        &'static str,
        &'static [&'static str],
        &'static str,
        &'static str,
    );
    let cases: [(&str, Parts); 36] = [
        ("INT. KITCHEN - DAY", (Interior, "KITCHEN", &[], "DAY", "")),
        ("EXT. PARK--DAY", (Exterior, "PARK", &[], "DAY", "")),
        (
            "EXT. CAMPFIRE - NIGHT (1977)",
            (Exterior, "CAMPFIRE", &[], "NIGHT", "(1977)"),
        ),
        (
            "INT. ROOM - DAY [STORY VERSION]",
            (Interior, "ROOM", &[], "DAY", "[STORY VERSION]"),
        ),
        (
            "INT. WILL'S CAR - DAY / DRIVING",
            (Interior, "WILL'S CAR", &[], "DAY", "DRIVING"),
        ),
        (
            "INT. BIG-TOP - NIGHT / LATER",
            (Interior, "BIG-TOP", &[], "NIGHT", "LATER"),
        ),
        (
            "INT. BIG TOP - NIGHT - CONTINUOUS",
            (Interior, "BIG TOP", &[], "NIGHT", "CONTINUOUS"),
        ),
        (
            "INT. CAR - NIGHT - [THE STORM]",
            (Interior, "CAR", &[], "NIGHT", "[THE STORM]"),
        ),
        (
            "INT./EXT. BLOOM HOUSE - (PRESENT) DAY",
            (Both, "BLOOM HOUSE", &[], "DAY", "(PRESENT)"),
        ),
        (
            "INT. ROOM - [THE NEXT] MORNING",
            (Interior, "ROOM", &[], "MORNING", "[THE NEXT]"),
        ),
        (
            "EXT/INT. SORORITY HOUSE - THE DOORWAY",
            (Both, "SORORITY HOUSE", &["THE DOORWAY"], "", ""),
        ),
        (
            "EXT. OLD HOUSE - THE GATE - NIGHT",
            (Exterior, "OLD HOUSE", &["THE GATE"], "NIGHT", ""),
        ),
        ("EXT. STREET", (Exterior, "STREET", &[], "", "")),
        ("EXT. STREET - ", (Exterior, "STREET", &[], "", "")),
        (
            "INT.  BAR (PARIS) - DAY",
            (Interior, "BAR (PARIS)", &[], "DAY", ""),
        ),
        (
            "EXT. HOUSE [MID/LATE '70'S] - DAY",
            (Exterior, "HOUSE", &[], "DAY", "[MID/LATE '70'S]"),
        ),
        (
            "INT. HOUSE - DAY - FLASHBACK (1944)",
            (Interior, "HOUSE", &[], "DAY", "(1944) FLASHBACK"),
        ),
        ("INT - HOUSE - DAY", (Interior, "HOUSE", &[], "DAY", "")),
        ("I/E HOUSE DAY", (Both, "HOUSE", &[], "DAY", "")),
        ("E/I. CAR \u{2014} DUSK", (Both, "CAR", &[], "DUSK", "")),
        (
            "EST. CASTLE - MAGIC HOUR",
            (Exterior, "CASTLE", &[], "MAGIC HOUR", ""),
        ),
        (
            "EXT. HILL - DAY TO NIGHT",
            (Exterior, "HILL", &[], "DAY TO NIGHT", ""),
        ),
        (
            "INT. ROOM - MOMENTS LATER",
            (Interior, "ROOM", &[], "MOMENTS LATER", ""),
        ),
        (
            "INT. DAY CARE CENTER",
            (Interior, "DAY CARE CENTER", &[], "", ""),
        ),
        (
            "INT. JEAN-PAUL'S ROOM -NIGHT",
            (Interior, "JEAN-PAUL'S ROOM", &[], "NIGHT", ""),
        ),
        (
            "SNIPER SCOPE POV",
            (Place::Unsaid, "SNIPER SCOPE POV", &[], "", ""),
        ),
        ("**INT. BAR - DAY**", (Interior, "BAR", &[], "DAY", "")),
        (
            "INT. TRAIN BLEU - CABINE - NUIT",
            (Interior, "TRAIN BLEU", &["CABINE"], "NUIT", ""),
        ),
        (
            "EXT. COL - L'APRÈS-MIDI",
            (Exterior, "COL", &[], "L'APRÈS-MIDI", ""),
        ),
        (
            "EXT. QUAI - AU MÊME MOMENT",
            (Exterior, "QUAI", &[], "AU MÊME MOMENT", ""),
        ),
        (
            "INT. STELLWERK - FRÜHER MORGEN",
            (Interior, "STELLWERK", &[], "FRÜHER MORGEN", ""),
        ),
        (
            "EXT. BAHNSTEIG - TAG - RÜCKBLENDE (1962)",
            (Exterior, "BAHNSTEIG", &[], "TAG", "(1962) RÜCKBLENDE"),
        ),
        (
            "EXT. FELD MORGENDÄMMERUNG",
            (Exterior, "FELD", &[], "MORGENDÄMMERUNG", ""),
        ),
        // What says when alone is a place with anything beside it.
        (
            "EXT. GARDEN - TAG SALE",
            (Exterior, "GARDEN", &["TAG SALE"], "", ""),
        ),
        ("INT. LASER TAG", (Interior, "LASER TAG", &[], "", "")),
        (
            "INT. HOUSE - MORGEN'S ROOM - NIGHT",
            (Interior, "HOUSE", &["MORGEN'S ROOM"], "NIGHT", ""),
        ),
    ];
    for (raw, (place, setting, sub_settings, time, tail)) in cases {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let read = Heading::parse(raw);
        let expected = Heading {
            place,
            setting: setting.to_owned(),
            sub_settings: sub_settings.iter().map(|text| (*text).to_owned()).collect(),
            time: some(time),
            tail: some(tail),
            raw: raw.to_owned(),
            hour: read.hour,
            goes_on: read.goes_on,
            another_day: read.another_day,
            frame: read.frame,
            year: read.year.clone(),
        };
        assert_eq!(read, expected);
    }
}

#[test]
fn a_time_of_day_is_known_by_its_words() {
    use TimeOfDay::{Afternoon, Dawn, Day, Dusk, Evening, Morning, Night, Unsaid};
    for (time, hour) in [
        ("PRE-DAWN", Dawn),
        ("MIDNIGHT", Night),
        ("LATE AFTERNOON", Afternoon),
        ("NOON", Day),
        ("DAYS LATER", Unsaid),
        ("CONTINUOUS", Unsaid),
        ("L'AUBE", Dawn),
        ("Crépuscule", Dusk),
        ("APRÈS-MIDI", Afternoon),
        ("MIDI", Day),
        ("LENDEMAIN MATIN", Morning),
        ("PLUS TARD", Unsaid),
        ("SPÄTER ABEND", Evening),
        ("NÄCHSTER TAG", Day),
        ("MITTERNACHT", Night),
        ("SONNENAUFGANG", Dawn),
    ] {
        let heading = Heading::parse(&format!("EXT. HILL - {time}"));
        assert_eq!(heading.setting, "HILL", "{time}");
        assert!(heading.sub_settings.is_empty(), "{time}: {heading:?}");
        assert_eq!(heading.time_of_day(), hour, "{time}");
    }
}

#[test]
fn a_script_is_divided_at_its_headings() {
    let text = "Title: X\n\nFADE IN:\n\n# Act One\n\nINT. A - DAY #4#\n\nOne.\n\n# Act Two: Fire\n\n= What\n\nINT. B - DAY\n\nTwo.\n\nCUT TO:\n\n.OMITTED\n\nEXT. C\n\n[[gone]]\n\nomitted.\n";
    let scenes = scenes(text);
    let settings: Vec<&str> = scenes.iter().map(|s| s.heading.setting.as_str()).collect();
    assert_eq!(settings, ["A", "B", "OMITTED", "C"]);
    assert_eq!(scenes[0].lead[0].text, "FADE IN:");
    assert_eq!(
        scenes[0].marked.as_ref().map(SceneNumber::as_str),
        Some("4")
    );
    let acts: Vec<Option<u32>> = scenes
        .iter()
        .map(|s| s.act.as_ref().and_then(|act| act.number))
        .collect();
    assert_eq!(acts, [Some(1), Some(2), Some(2), Some(2)]);
    assert_eq!(scenes[1].act.as_ref().unwrap().title, "Act Two: Fire");
    assert_eq!(
        scenes.iter().map(Scene::is_omitted).collect::<Vec<_>>(),
        [false, false, true, true]
    );
    assert_eq!(scenes[1].lines, 14..19);
    let mut at = 0;
    for scene in &scenes {
        assert_eq!(scene.elements.start, at);
        assert_eq!(
            scene.elements.len(),
            scene.lead.len() + 1 + scene.body.len()
        );
        at = scene.elements.end;
    }
}

#[test]
fn text_without_heading_is_a_scene_of_its_own() {
    assert!(only("Just some prose.\n\nAnd more.\n").is_implicit());
    let two = scenes("A RIVER.\n\nEDWARD (V.O.)\nThere are fish.\n\nINT. ROOM - NIGHT\n\nWill.\n");
    assert_eq!(
        (two.len(), two[0].is_implicit(), two[1].is_implicit()),
        (2, true, false)
    );
    for nothing in [
        "",
        "Title: X\n",
        "# Act One\n\n[[a note]]\n\n===\n",
        "FADE IN:\n",
    ] {
        assert_eq!(scenes(nothing), [], "{nothing:?}");
    }
}

#[test]
fn the_digest_knows_what_is_filmed_and_nothing_else() {
    let base = "INT. A - DAY\n\nHe runs.\nHe falls.\n\nBOB\n(low)\nHelp me.\nNow.\n\nCUT TO:\n";
    let digest = |text: &str| only(text).content_digest();
    let same = [
        "INT. A - DAY #12#\n\nHe runs.\nHe falls.\n\nBOB\n(low)\nHelp me.\nNow.\n\nCUT TO:\n",
        "\r\n\r\n  INT. A - DAY  \r\n\r\n\r\nHe runs.  \r\nHe falls.\r\n\r\nBOB\r\n(low)\r\n  Help me. \r\nNow.\r\n\r\nCUT TO:\r\n\r\n\r\n",
        "INT. A - DAY [[note]]\n\n= What\n\n[[A note.]]\n\nHe runs.\n[[inside]]\nHe falls.\n\n/* INT. B\n\nGone. */\n\nBOB\n(low)\n[[between]]\nHelp me.\n/* not: Get out. */\nNow.\n\nCUT TO:\n\n# Next\n",
    ];
    for text in same {
        assert_eq!(digest(text), digest(base), "{text:?}");
    }
    let other = [
        base.replace("runs", "walks"),
        base.replace("DAY", "NIGHT"),
        base.replace("BOB", "ROB"),
        base.replace("BOB", "BOB ^"),
        base.replace("(low)\n", ""),
        base.replace("runs.\nHe", "runs.\n\nHe"),
        base.replace("CUT TO:", "FADE OUT."),
        format!("FADE IN:\n\n{base}"),
    ];
    for text in other {
        assert_ne!(digest(&text), digest(base), "{text:?}");
    }
}

#[test]
fn lengths_are_in_eighths_of_a_page() {
    assert_eq!(eighths(&only("INT. A\n")), 1);
    // A heading and 53 lines of action with the blank lines before them: 2 + 54 = 56 lines.
    let page = format!("INT. A\n\n{}", "Word.\n".repeat(53));
    assert_eq!(eighths(&only(&page)), 8);
    // A line of 70 columns is two in action, and ten words of 6 in dialogue are two of 35.
    let wide = format!(
        "INT. A\n\n{}\n",
        ["Word ".repeat(14).trim_end(); 26].join("\n")
    );
    assert_eq!(eighths(&only(&wide)), 8);
    let speech = |dual: &str| {
        let lines = "Ten words of speech that take two of these lines.\n".repeat(13);
        format!("INT. A\n\nANN\n{lines}\nBEN{dual}\n{lines}")
    };
    // Side by side they take the height of one: 2 + 2 + 26 lines.
    assert_eq!(
        (eighths(&only(&speech(""))), eighths(&only(&speech(" ^")))),
        (8, 4)
    );
    for (eighths, text) in [(1, "1/8"), (7, "7/8"), (8, "1"), (19, "2 3/8"), (32, "4")] {
        assert_eq!(format_eighths(eighths), text);
    }
}

#[test]
fn big_fish_has_its_scenes() {
    let Some(text) = super::fountain_support::read("feature/big-fish.screenplain.fountain") else {
        return;
    };
    let scenes = scenes(&text);
    assert_eq!(
        scenes.len(),
        193,
        "192 headings and what is filmed before the first"
    );
    assert!(scenes[0].is_implicit());
    let pages = scenes.iter().map(eighths).sum::<u32>() / 8;
    assert!((110..130).contains(&pages), "{pages} pages");
    let beat = super::fountain_support::read("feature/big-fish.beat.fountain").unwrap();
    assert_eq!(split(&parse(&beat)).len(), 193);
}
