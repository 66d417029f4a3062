//! What the panels of a scene are told to draw: colours that are worn, hands, title cards.

use super::engine_common::{Film, film};
use aiut_film::request::Panel;
use aiut_film::words::Hands;

fn panels(film: &Film) -> impl Iterator<Item = &Panel> {
    let scenes = film.scenes.iter();
    let requests = scenes.flat_map(|scene| &scene.requests);
    requests.map(|request| &request.frame.panel)
}

#[test]
fn who_is_in_a_yellow_coat_wears_yellow() {
    let film = film(
        "EXT. FERRY CAR DECK - NIGHT\n\nTobin spins past with a GIRL IN A YELLOW COAT, who is laughing.\n\n\
         TOBIN\nWait.\n\nThe girl in the yellow coat does not wait.\n",
    );
    let girls: Vec<&str> = panels(&film)
        .flat_map(|panel| &panel.figures)
        .filter(|figure| figure.name.to_lowercase().contains("girl"))
        .map(|figure| figure.color.as_str())
        .collect();
    assert!(!girls.is_empty());
    assert!(girls.iter().all(|color| *color == "#e3bb2c"), "{girls:?}");
}

#[test]
fn two_things_that_somebody_does_are_two_pictures() {
    let film = film(
        "INT. ENGINE ROOM - NIGHT\n\nPipes sweat.\n\nMARA QUILL, 41, listens to an engine the way a doctor listens to a chest.\n\n\
         She closes one valve. The knocking stops.\n\nMARA\nI asked.\n",
    );
    let hands: Vec<Hands> = panels(&film)
        .filter(|panel| panel.dialogue.is_none())
        .flat_map(|panel| &panel.figures)
        .map(|figure| figure.hands)
        .collect();
    assert!(hands.contains(&Hands::Reaching), "{hands:?}");
    assert!(hands.contains(&Hands::Free), "{hands:?}");
}

#[test]
fn what_a_script_ends_on_is_a_card_however_it_is_written() {
    for end in [
        "> THE END <",
        "> _**THE END**_ <",
        "THE END",
        "The End.",
        "> THE END",
        "FIN",
        "> ENDE <\n\n> FADE OUT.",
        "> To be continued <",
        "完",
    ] {
        let film = film(&format!(
            "INT. ENGINE ROOM - NIGHT\n\nMara closes the valve.\n\n> FADE OUT.\n\n{end}\n"
        ));
        let last = panels(&film).last().expect("a shot");
        assert_eq!(last.title.len(), 1, "{end}: {last:?}");
        assert!(film.scenes[0].breakdown.ends_on_title, "{end}");
        let cards = panels(&film).filter(|panel| !panel.title.is_empty());
        assert_eq!(cards.count(), 1, "{end}");
    }
    let film = film("INT. SHED - DAY\n\nThe end of the rope is wet.\n\n> FADE OUT.\n");
    assert!(panels(&film).all(|panel| panel.title.is_empty()));
    assert!(!film.scenes[0].breakdown.ends_on_title);
}

#[test]
fn a_card_has_the_lines_of_its_script() {
    let film = film("> THREE WEEKS <\n> EARLIER <\n\nINT. SHED - DAY\n\nA rope.\n");
    let cards: Vec<&Vec<String>> = panels(&film).map(|panel| &panel.title).collect();
    assert!(
        cards
            .iter()
            .any(|card| **card == ["THREE WEEKS", "EARLIER"]),
        "{cards:?}"
    );
}
