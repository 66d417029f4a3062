//! What a panel promises, looked for in its SVG and its pixels.

use super::samples::{blank, exchange, person};
use super::*;
use crate::font::Face;
use crate::still;
use aiut_film::request::SpokenLine;
use aiut_film::words::{Hands, Movement, Pronoun, TimeOfDay, Vocabulary as _};

/// Texts of an SVG with where they start, how wide they are and their size, in their own units.
fn texts(svg: &str) -> Vec<String> {
    let tree = usvg::roxmltree::Document::parse(svg).expect("well-formed");
    tree.descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text())
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_panel_says_what_the_shot_is() {
    let words = texts(&svg(&exchange())).join("|");
    for wanted in [
        "12-3",
        "TWO SHOT",
        "Static",
        "50 mm, eye level",
        "2.5 s",
        "60 frames @ 24",
        "INT. KITCHEN",
        "Mara",
        "Tobin",
        "MARA",
        "You were gone before the tide turned.",
        "does not sit down.",
    ] {
        assert!(words.contains(wanted), "{wanted} in {words}");
    }
}

#[test]
fn the_same_request_is_the_same_bytes_and_another_is_not() {
    let first = panel(&exchange()).expect("drawn");
    assert_eq!(first, panel(&exchange()).expect("drawn"));
    let mut other = exchange();
    other.panel.figures[1].facing = Facing::Right;
    assert_ne!(first, panel(&other).expect("drawn"));
}

#[test]
fn every_size_movement_posture_and_time_is_drawn_and_differs() {
    let mut seen = std::collections::BTreeSet::new();
    let mut count = 0;
    let mut draw = |change: &dyn Fn(&mut Panel)| {
        let mut request = exchange();
        change(&mut request.panel);
        // What the slate says differs anyway: only the picture counts.
        let layout = Layout::of(&request);
        let mut pen = Pen::default();
        picture(&mut pen, 1000.0 * layout.aspect, &request.panel, true);
        // The move is told by the slate alone.
        movement::diagram(&mut pen, (0.0, 0.0), 100.0, request.panel.movement);
        seen.insert(pen.finish());
        count += 1;
    };
    for size in ShotSize::ALL {
        draw(&|panel| panel.size = *size);
    }
    let sample = exchange().panel;
    for movement in Movement::ALL.iter().filter(|one| **one != sample.movement) {
        draw(&|panel| panel.movement = *movement);
    }
    let posture = sample.figures[0].posture;
    for posture in Posture::ALL.iter().filter(|one| **one != posture) {
        draw(&|panel| panel.figures[0].posture = *posture);
    }
    // What does not say when plays by day.
    let said = |time: &&TimeOfDay| ![sample.setting.time, TimeOfDay::Unsaid].contains(*time);
    for time in TimeOfDay::ALL.iter().filter(said) {
        draw(&|panel| panel.setting.time = *time);
    }
    for height in CameraHeight::ALL
        .iter()
        .filter(|one| **one != sample.height)
    {
        draw(&|panel| panel.height = *height);
    }
    // TWO_SHOT at dusk, static, at eye level is the sample itself.
    assert_eq!(seen.len(), count);
}

#[test]
fn hostile_text_stays_text() {
    let mut request = exchange();
    let nasty = "</text><script>&\"'\u{0}\u{1b}]0;x\u{7}\u{202e}evil 🎬 שלום سلام".to_owned();
    request.panel.slate.clone_from(&nasty);
    request.panel.action = nasty.clone();
    request.panel.setting.name.clone_from(&nasty);
    request.panel.setting.palette = vec![
        "url(#x)".into(),
        "\"/><image href=\"file:///etc/passwd\"/>".into(),
    ];
    request.panel.figures[0].name = nasty.clone();
    request.panel.figures[0].color = "red\" onload=\"".into();
    request.panel.insert = Some("<>&".into());
    request.panel.dialogue = Some(SpokenLine {
        speaker: nasty.clone(),
        text: nasty,
    });
    let drawn = svg(&request);
    let tree = usvg::roxmltree::Document::parse(&drawn).expect("well-formed");
    assert!(
        !tree
            .descendants()
            .any(|node| node.has_tag_name("script") || node.has_tag_name("image"))
    );
    assert!(drawn.contains("evil □ שלום سلام"));
    png(&drawn, 1280, 720).expect("painted");
}

#[test]
fn ten_kilobytes_of_dialogue_end_after_a_whole_word_inside_the_band() {
    let mut request = exchange();
    let text = "The tide was already turning when we counted the lanterns again. ".repeat(160);
    request.panel.dialogue = Some(SpokenLine {
        speaker: "MARA".into(),
        text: text.clone(),
    });
    let words = texts(&svg(&request));
    let said: Vec<&String> = words
        .iter()
        .filter(|line| text.contains(line.trim_end_matches('…')) && line.contains(' '))
        .collect();
    let shown = said
        .iter()
        .map(|line| line.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let cut = shown.strip_suffix('…').expect("marked as cut");
    assert!(
        text.starts_with(cut) && text[cut.len()..].starts_with([' ', '.', ',']),
        "{shown}"
    );
    for line in said {
        assert!(Face::Regular.width(line, 17.0) <= 1280.0 - 36.0, "{line}");
    }
}

#[test]
fn the_picture_inside_the_sheet_is_noted_in_the_file() {
    let image = panel(&exchange()).expect("drawn");
    let (x, y, w, h) = still::picture_of(&image).expect("noted");
    assert_eq!([x, y], [0, 0]);
    assert!(w > 1000 && w < 1280 && h > 580 && h < 720, "{w}x{h}");
    assert_eq!(
        image::load_from_memory(&image)
            .expect("a PNG")
            .to_rgb8()
            .dimensions(),
        (1280, 720)
    );
}

#[test]
fn odd_sizes_and_aspects_are_drawn() {
    for (width, height, aspect) in [
        (720, 1280, "9:16"),
        (1024, 1024, "1:1"),
        (1280, 720, "2.39:1"),
        (1, 1, ""),
        (33, 4096, "16:9"),
        (4000, 20, "0:0"),
    ] {
        let mut request = exchange();
        (request.width, request.height, request.aspect_ratio) = (width, height, aspect.into());
        let image = panel(&request).unwrap_or_else(|error| panic!("{width}x{height}: {error}"));
        assert_eq!(
            image::load_from_memory(&image)
                .expect("a PNG")
                .to_rgb8()
                .dimensions(),
            (width, height)
        );
    }
}

#[test]
fn no_size_and_monstrous_sizes_are_refused() {
    for (width, height) in [(0, 720), (1280, 0), (still::MAX_SIDE + 1, 10)] {
        let request = Drawing {
            width,
            height,
            ..blank()
        };
        assert!(
            matches!(panel(&request), Err(StillError::Size { .. })),
            "{width}x{height}"
        );
    }
    assert!(matches!(png("<svg", 10, 10), Err(StillError::Svg(_))));
}

#[test]
fn an_svg_cannot_read_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let white = still::encode(&[255; 12], 2, 2).expect("encoded");
    let path = folder.path().join("secret.png");
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &white))
        .expect("written");
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"><image href=\"{}\" width=\"8\" height=\"8\"/></svg>",
        path.display()
    );
    let image = image::load_from_memory(&png(&svg, 8, 8).expect("painted"))
        .expect("a PNG")
        .to_rgb8();
    assert!(image.pixels().all(|pixel| pixel.0 == [0, 0, 0]));
}

#[test]
fn names_never_cover_each_other() {
    let mut request = blank();
    request.panel.size = ShotSize::Ws;
    request.panel.figures = (0..6)
        .map(|index| {
            person(
                &format!("Passenger {index}"),
                500 + index * 10,
                Facing::Camera,
                "#446688",
            )
        })
        .collect();
    let drawn = svg(&request);
    let tree = usvg::roxmltree::Document::parse(&drawn).expect("well-formed");
    let number = |node: &usvg::roxmltree::Node<'_, '_>, name: &str| {
        let value = node.attribute(name)?;
        value.parse::<f32>().ok()
    };
    let names: Vec<(f32, f32, f32)> = tree
        .descendants()
        .filter(|node| node.has_tag_name("text") && node.attribute("font-size") == Some("31"))
        .filter_map(|node| {
            let wide = Face::Bold.width(node.text()?, 31.0);
            Some((number(&node, "x")?, number(&node, "y")?, wide))
        })
        .collect();
    assert_eq!(names.len(), 6);
    for (at, (x, y, wide)) in names.iter().enumerate() {
        for (other, up, width) in &names[at + 1..] {
            let beside = x + wide < *other || other + width < *x;
            assert!(beside || (y - up).abs() > 31.0, "{names:?}");
        }
    }
}

#[test]
fn a_title_is_a_card_and_no_place() {
    let mut request = exchange();
    request.panel.title = vec!["THE".into(), "END".into()];
    request.slate = false;
    assert_eq!(texts(&svg(&request)), ["THE", "END"]);
    let image = image::load_from_memory(&panel(&request).expect("drawn")).expect("a PNG");
    assert_eq!(image.to_rgb8().get_pixel(40, 40).0, [0, 0, 0]);
    // However long it is.
    request.panel.title = vec!["The title that never ends ".repeat(40)];
    png(&svg(&request), 1280, 720).expect("painted");
}

#[test]
fn hair_is_that_of_a_man_a_woman_or_a_child() {
    use super::head::{BALD, BOB, BUN, LONG};
    for name in [
        "Ana",
        "Bo",
        "Cyrus",
        "Dimitri",
        "Girl in a yellow coat",
        "Old Man",
        "Boy #2",
    ] {
        let style = |pronouns| {
            let mut figure = person(name, 500, Facing::Camera, "#446688");
            figure.pronouns = pronouns;
            look(&figure, INK, |color| color)
        };
        let (he, she) = (style(Pronoun::He), style(Pronoun::She));
        assert!(![LONG, BOB, BUN].contains(&he.style), "{name}");
        assert!(she.style != BALD, "{name}");
        let young = name.starts_with("Girl") || name.starts_with("Boy");
        let grey = Rgb(0x7d, 0x7a, 0x78);
        assert!(!young || (he.style != BALD && he.hair != grey), "{name}");
    }
}

#[test]
fn hands_are_seen() {
    let mut seen = std::collections::BTreeSet::new();
    for facing in [Facing::Left, Facing::Camera] {
        for hands in Hands::ALL {
            let mut request = exchange();
            request.panel.figures[1].hands = *hands;
            request.panel.figures[1].facing = facing;
            seen.insert(svg(&request));
        }
    }
    assert_eq!(seen.len(), 2 * Hands::ALL.len());
}

#[test]
fn a_bare_panel_is_the_picture_alone() {
    let mut request = exchange();
    request.slate = false;
    request.panel.movement = Movement::PushIn;
    assert_eq!(texts(&svg(&request)), [""; 0]);
    let image = panel(&request).expect("drawn");
    assert_eq!(still::picture_of(&image), Some((0, 0, 1280, 720)));
}

#[test]
fn a_move_is_drawn_beside_the_picture_and_never_into_it() {
    let drawn = |movement| {
        let mut pen = Pen::default();
        let mut panel = exchange().panel;
        panel.movement = movement;
        picture(&mut pen, 1778.0, &panel, true);
        pen.finish()
    };
    for (width, height, aspect) in [(1280, 720, "16:9"), (720, 1280, "9:16")] {
        let mut seen = std::collections::BTreeSet::new();
        for movement in Movement::ALL {
            assert_eq!(drawn(*movement), drawn(Movement::Static), "{movement}");
            let mut request = exchange();
            (request.width, request.height, request.aspect_ratio) = (width, height, aspect.into());
            request.panel.movement = *movement;
            // Without its word, which differs anyway.
            let sheet = svg(&request).replace(crate::motion::title(*movement), "");
            seen.insert(sheet);
        }
        assert_eq!(seen.len(), Movement::ALL.len(), "{aspect}");
    }
}
