//! How people look: what their introduction says, and in what state the script shows them.

use aiut_film::cast::{Character, Gender, NameKind};

fn character(name: &str, introduction: &str) -> Character {
    Character {
        name: name.to_owned(),
        full_name: name.to_owned(),
        slug: "x".to_owned(),
        kind: NameKind::Named,
        gender: Gender::Unknown,
        speaks: true,
        aliases: Vec::new(),
        introduction: Some(introduction.to_owned()),
        age_of: None,
    }
}

#[test]
fn only_what_describes_somebody_is_a_look() {
    for (introduction, physical, clothes) in [
        (
            "ANN, a young biracial engineer dons a space suit.",
            "a young biracial engineer",
            "",
        ),
        (
            "ANN, 60s, in a green coat, waits.",
            "60s",
            "in a green coat",
        ),
        (
            "ANN (40s, broad-shouldered, angry) waits.",
            "40s, broad-shouldered",
            "",
        ),
        (
            "ANN (30), a giant of a woman, enters.",
            "30, a giant of a woman",
            "",
        ),
        ("ANN, tall, red-haired, stands up.", "tall, red-haired", ""),
        (
            "ANN, 40's and handsome, tells the story.",
            "40's and handsome",
            "",
        ),
        (
            "ANN, now 17 with braces, is fuming and ready to leave.",
            "17 with braces",
            "",
        ),
        ("ANN, AGE 3, listens.", "3", ""),
        (
            "ANN is a big woman with a scar.",
            "a big woman with a scar",
            "",
        ),
        ("ANN is 10.", "10", ""),
        ("ANN in a dark suit waits.", "", "in a dark suit"),
        ("ANN, wearing a crown, sits.", "", "wearing a crown"),
        ("ANN, 70, cardigan, waits.", "70", "cardigan"),
        (
            "ANN, a mother of twins in her forties looks up.",
            "a mother of twins in her forties",
            "",
        ),
        ("ANN, with long red hair, waits.", "with long red hair", ""),
        ("ANN with thick glasses reads.", "with thick glasses", ""),
        ("The gorgeous ANN sits.", "gorgeous", ""),
        ("A very tall ANN sits.", "very tall", ""),
        ("Red-headed ANN is 10.", "red-headed, 10", ""),
        ("ANN -- a retired cop -- sits.", "a retired cop", ""),
        ("ANN, la trentaine, lit un journal.", "la trentaine", ""),
        (
            "ANN, 58, Lokführerin, Mütze, drückt einen Knopf.",
            "58, Lokführerin",
            "Mütze",
        ),
        ("ANN, 60 ans, avocate, attend.", "60 ans, avocate", ""),
        ("ANN, 3, listens wide-eyed.", "3", ""),
        (
            "ANN, 8, yellow boots, holds a ladder for her tall father.",
            "8",
            "yellow boots",
        ),
        (
            "ANN, 50s, immaculate raincoat, waits by a grey car.",
            "50s, immaculate raincoat",
            "",
        ),
        ("ANN (30), who fancies herself an artist, sits.", "30", ""),
        // What she does, feels, holds and is to others is none.
        ("ANN, unaware of her danger, continues to eat.", "", ""),
        ("ANN, already late, runs.", "", ""),
        ("We get an angle on ANN, who watches.", "", ""),
        ("ANN, close behind, pants.", "", ""),
        ("ANN, a gun in her hand, waits.", "", ""),
        ("ANN, a look of horror on her face, runs.", "", ""),
        ("ANN, her eyes on the door, waits.", "", ""),
        ("ANN, in the doorway, waits.", "", ""),
        ("ANN, with a gun, waits.", "", ""),
        ("ANN, sobbing, drops the phone.", "", ""),
        ("ANN, the first to arrive, sits.", "", ""),
        ("ANN drops into the chair.", "", ""),
        ("ANN is fuming.", "", ""),
        ("ANN is at the door.", "", ""),
        ("A drenched ANN stands in the door.", "", ""),
        ("An angry ANN stands in the door.", "", ""),
        ("His mother ANN sits.", "", ""),
        ("A woman named ANN sits.", "", ""),
        ("Behind ANN a door opens.", "", ""),
    ] {
        let look = character("ANN", introduction).appearance();
        assert_eq!(
            (look.physical.as_str(), look.clothes.as_str()),
            (physical, clothes),
            "{introduction}"
        );
    }
}
