//! What makes a place that place: trees in a forest, a bed in a bedroom. Chosen by the words of the
//! location's name from the table in [`super::motifs`].
//!
//! A name is read as people read it. Its parts (`FERRY - ENGINE ROOM`) are names of their own. Within
//! one, words that stand together are one thing (`car deck` is no car), and the last thing named is
//! what the place is: a bus station is a station. What stands before it says where it is, which
//! matters out of doors alone, where a church stands behind its yard. A room is more than the building
//! it is in, and some words mean what they mean aboard a ship only.

use crate::pen::Pen;

use super::motifs::{ALIKE, LAND, MOTIFS, VESSELS};
use super::setting::Stage;

/// Something drawn into a place when its name has one of some words.
pub(super) struct Motif {
    /// Lower case, singular, one word or some that stand together; a plural in the name matches too.
    pub(super) words: &'static [&'static str],
    /// Whether it belongs indoors, outdoors (`Some(false)`) or anywhere.
    pub(super) interior: Option<bool>,
    /// It is the whole surroundings, as a car is.
    pub(super) encloses: bool,
    /// It covers the back wall, where a window would be.
    pub(super) fills_wall: bool,
    /// A building, not a room: any room in it is more.
    pub(super) building: bool,
    /// There only where the place is called by it: a car, but not of a car wash.
    pub(super) head_only: bool,
    /// Only aboard a ship.
    pub(super) aboard: bool,
    /// One can lie in it.
    pub(super) bed: bool,
    /// It has seats of its own.
    pub(super) seats: bool,
    pub(super) draw: fn(&mut Pen, &Stage),
}

impl Motif {
    const fn of(words: &'static [&'static str], draw: fn(&mut Pen, &Stage)) -> Self {
        Self {
            words,
            interior: None,
            encloses: false,
            fills_wall: false,
            building: false,
            head_only: false,
            aboard: false,
            bed: false,
            seats: false,
            draw,
        }
    }

    /// Stands in a room.
    pub(super) const fn indoors(
        words: &'static [&'static str],
        draw: fn(&mut Pen, &Stage),
    ) -> Self {
        let it = Self::of(words, draw);
        Self {
            interior: Some(true),
            ..it
        }
    }

    /// Stands in the open.
    pub(super) const fn outdoors(
        words: &'static [&'static str],
        draw: fn(&mut Pen, &Stage),
    ) -> Self {
        let it = Self::of(words, draw);
        Self {
            interior: Some(false),
            ..it
        }
    }

    /// Stands against the back wall of a room.
    pub(super) const fn walled(words: &'static [&'static str], draw: fn(&mut Pen, &Stage)) -> Self {
        Self {
            fills_wall: true,
            ..Self::indoors(words, draw)
        }
    }

    /// Is all that is around, indoors.
    pub(super) const fn enclosing(
        words: &'static [&'static str],
        draw: fn(&mut Pen, &Stage),
    ) -> Self {
        Self {
            encloses: true,
            ..Self::walled(words, draw)
        }
    }

    /// Is the same outdoors as well, or there alone.
    pub(super) const fn in_or_out(self, interior: Option<bool>) -> Self {
        Self { interior, ..self }
    }

    pub(super) const fn building(self) -> Self {
        Self {
            building: true,
            ..self
        }
    }

    pub(super) const fn head_only(self) -> Self {
        Self {
            head_only: true,
            ..self
        }
    }

    pub(super) const fn aboard(self) -> Self {
        Self {
            aboard: true,
            ..self
        }
    }

    pub(super) const fn bed(self) -> Self {
        Self { bed: true, ..self }
    }

    pub(super) const fn seats(self) -> Self {
        Self {
            seats: true,
            ..self
        }
    }
}

/// How many are drawn at most: the first in the order of the table, which runs from back to front.
const AT_MOST: usize = 3;

/// Whether one lies on a bed there, and not on the floor.
pub(super) fn has_bed(name: &str) -> bool {
    of(name, true).iter().any(|motif| motif.bed)
}

/// Whether a place that a heading calls interior is in the open all the same: `INT. WOODS`.
pub(super) fn in_the_open(name: &str) -> bool {
    let parts = parts(name);
    let mut words = parts.iter().flatten();
    words.any(|word| LAND.contains(&word.as_str())) && of(name, true).is_empty()
}

/// The words of the parts of a name, in lower case, without a possessive `'s`.
fn parts(name: &str) -> Vec<Vec<String>> {
    let lower = name.to_lowercase().replace('\u{2019}', "'");
    let words = |part: &str| {
        let words = part.split(|c: char| !c.is_alphanumeric() && c != '\'');
        let words = words.map(|word| word.strip_suffix("'s").unwrap_or(word).replace('\'', ""));
        words.filter(|word| !word.is_empty()).collect::<Vec<_>>()
    };
    // A hyphen within a word is none between parts.
    let dashed = lower.replace(" - ", " / ").replace("--", " / ");
    let parts = dashed.split(['/', '\u{2013}', '\u{2014}', ',', ';', ':', '(', ')', '|']);
    parts.map(words).filter(|part| !part.is_empty()).collect()
}

/// Whether `said` is `wanted`, or several of it.
fn is_word(said: &str, wanted: &str) -> bool {
    let plural = |ending: &str| said.strip_suffix(ending) == Some(wanted);
    said == wanted || plural("s") || plural("es")
}

/// Whether a script puts no spaces between words, so that one is found within others.
fn runs_together(word: &str) -> bool {
    word.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'))
}

/// How many of the words from the first on are `phrase`; none where they are not.
fn begins(words: &[String], phrase: &str) -> Option<usize> {
    if runs_together(phrase) {
        return words.first()?.contains(phrase).then_some(1);
    }
    let mut count = 0;
    for wanted in phrase.split(' ') {
        is_word(words.get(count)?, wanted).then_some(())?;
        count += 1;
    }
    Some(count)
}

/// What is named at one place of a part of a name.
struct Hit {
    /// Rows of the table.
    rows: Vec<usize>,
    /// Whether nothing that is named comes after it in its part.
    is_head: bool,
}

/// What a part of a name names, in its order. The longest of the phrases that begin at a word counts.
fn hits(words: &[String], is_candidate: impl Fn(&Motif) -> bool) -> Vec<Hit> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // Of words that run together, the longer is the more; a plural is as long as its one.
        let length = |word: &&str| {
            let count = begins(&words[at..], word)?;
            Some(count * 100 + word.chars().count().min(99))
        };
        let mut longest = ALIKE.iter().filter_map(length).max().unwrap_or(0);
        let mut rows = Vec::new();
        for (row, motif) in MOTIFS.iter().enumerate() {
            if !is_candidate(motif) {
                continue;
            }
            let found = motif.words.iter().filter_map(length);
            match found.max() {
                Some(length) if length > longest => (longest, rows) = (length, vec![row]),
                Some(length) if length == longest => rows.push(row),
                _ => {}
            }
        }
        if !rows.is_empty() {
            hits.push(Hit {
                rows,
                is_head: false,
            });
        }
        at += (longest / 100).max(1);
    }
    if let Some(last) = hits.last_mut() {
        last.is_head = true;
    }
    hits
}

/// The motifs of a location called `name`, back to front.
pub(super) fn of(name: &str, interior: bool) -> Vec<&'static Motif> {
    let parts = parts(name);
    let is_vessel = |word: &String| VESSELS.iter().any(|vessel| is_word(word, vessel));
    let aboard = parts.iter().flatten().any(is_vessel);
    let is_candidate = |motif: &Motif| {
        motif.interior.is_none_or(|inside| inside == interior) && (aboard || !motif.aboard)
    };
    let mut found: Vec<usize> = Vec::new();
    for part in &parts {
        for hit in hits(part, is_candidate) {
            let rows = hit.rows.iter().copied();
            found.extend(rows.filter(|row| hit.is_head || !interior && !MOTIFS[*row].head_only));
        }
    }
    // What is around is the first thing named: a train, and not the car of it. But a vehicle is more
    // than what it is in.
    let mut wholes = found
        .iter()
        .map(|row| &MOTIFS[*row])
        .filter(|one| one.encloses);
    let first = wholes.clone().find(|one| one.seats).or(wholes.next());
    if let Some(whole) = first {
        return vec![whole];
    }
    found.sort_unstable();
    found.dedup();
    let mut found: Vec<&Motif> = found.into_iter().map(|row| &MOTIFS[row]).collect();
    if interior && found.iter().any(|motif| !motif.building) {
        found.retain(|motif| !motif.building);
    }
    // Only one thing can stand against the back wall.
    let mut walls = 0;
    found.retain(|motif| {
        walls += usize::from(motif.fills_wall);
        !motif.fills_wall || walls == 1
    });
    found.truncate(AT_MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::super::{
        built, furniture, land, platform, quay, rooms, surrounds, town, vessel, walls, works,
    };
    use super::*;

    type Draw = fn(&mut Pen, &Stage);

    fn drawn(name: &str, interior: bool) -> Vec<Draw> {
        of(name, interior).iter().map(|motif| motif.draw).collect()
    }

    /// Whether exactly these are drawn, in any order.
    fn shows(name: &str, interior: bool, wanted: &[Draw]) {
        let mut drawn: Vec<usize> = drawn(name, interior).iter().map(|d| *d as usize).collect();
        let mut wanted: Vec<usize> = wanted.iter().map(|d| *d as usize).collect();
        drawn.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(drawn, wanted, "{name}");
    }

    #[test]
    fn words_that_stand_together_are_one_thing() {
        for name in [
            "FERRY CAR DECK",
            "CAR DECK",
            "FERRY - CAR DECK",
            "THE FERRY'S CAR DECK",
        ] {
            shows(name, false, &[vessel::car_deck]);
            shows(name, true, &[vessel::car_deck]);
        }
        for name in [
            "FERRY ENGINE ROOM",
            "ENGINE ROOM",
            "SHIP - ENGINE ROOM",
            "PUMP ROOM",
        ] {
            shows(name, true, &[works::engine_room]);
        }
        shows("SCHOOL BOILER ROOM", true, &[works::boiler_room]);
        shows("HOTEL DINING ROOM", true, &[furniture::table]);
        shows("FIRE STATION", false, &[town::hall]);
        shows("GAS STATION", false, &[town::house, built::car]);
        shows("TRAIN STATION", false, &[platform::platform]);
        shows("SUBWAY PLATFORM", true, &[platform::platform]);
        shows("CAR WASH", false, &[]);
        shows("LIVING ROOM", true, &[furniture::sofa]);
    }

    #[test]
    fn the_last_thing_named_is_what_a_room_is() {
        for (name, wanted) in [
            ("HOSPITAL CORRIDOR", surrounds::corridor as Draw),
            ("CORRIDOR, HOSPITAL", surrounds::corridor),
            ("HOSPITAL", rooms::ward),
            ("HOSPITAL ROOM", rooms::ward),
            ("HOSPITAL KITCHEN", furniture::kitchen),
            ("CHURCH BASEMENT", furniture::stairs),
            ("CHURCH", walls::nave),
            ("SCHOOL OFFICE", furniture::desk),
            ("HOTEL ROOM", furniture::bed),
            ("REGGIE'S HOTEL ROOM", furniture::bed),
            ("HOTEL BAR", walls::bar),
            ("BLOOM HOUSE - KITCHEN", furniture::kitchen),
            ("KITCHEN - BLOOM HOUSE", furniture::kitchen),
            ("BOAT WORKSHOP", works::workshop),
            ("HOUSE GARAGE", works::garage),
            ("BUS", surrounds::carriage),
            ("CAFÉ", rooms::cafe),
        ] {
            shows(name, true, &[wanted]);
        }
    }

    #[test]
    fn some_words_mean_aboard_what_they_mean_aboard() {
        shows("FERRY BRIDGE", true, &[vessel::wheelhouse]);
        shows("WHEELHOUSE", true, &[vessel::wheelhouse]);
        shows("SHIP'S CABIN", true, &[vessel::cabin]);
        shows("FERRY - UPPER DECK", false, &[vessel::open_deck]);
        shows("YACHT - DECK", false, &[vessel::open_deck]);
        shows("BRIDGE", false, &[built::bridge]);
        assert!(!drawn("HOUSE - DECK", false).contains(&(vessel::open_deck as Draw)));
        assert!(!drawn("LOG CABIN", true).contains(&(vessel::cabin as Draw)));
    }

    #[test]
    fn out_of_doors_what_stands_before_is_behind() {
        shows("CITY STREET", false, &[town::skyline, built::road]);
        shows("FOREST ROAD", false, &[built::road, land::trees]);
        shows("BEACH", false, &[rooms::beach]);
        shows("HARBOUR QUAY", false, &[quay::quay]);
        shows("BUS STATION", false, &[town::hall]);
    }

    #[test]
    fn places_are_known_in_other_languages() {
        for (name, wanted) in [
            ("CUISINE", furniture::kitchen as Draw),
            ("KÜCHE", furniture::kitchen),
            ("COCINA DE ANA", furniture::kitchen),
            ("КУХНЯ", furniture::kitchen),
            ("小明的厨房", furniture::kitchen),
            ("CHAMBRE", furniture::bed),
            ("SCHLAFZIMMER", furniture::bed),
            ("ÉGLISE", walls::nave),
            ("BÜRO", furniture::desk),
            ("事務所", furniture::desk),
            ("SALLE DES MACHINES", works::engine_room),
            ("MASCHINENRAUM", works::engine_room),
            ("CORRIDOIO", surrounds::corridor),
            ("VOITURE", surrounds::car),
        ] {
            shows(name, true, &[wanted]);
        }
        for (name, wanted) in [
            ("PLAGE", rooms::beach as Draw),
            ("STRAND", rooms::beach),
            ("FORÊT", land::trees),
            ("WALD", land::trees),
            ("RUE", built::road),
            ("УЛИЦА", built::road),
            ("东京街道", built::road),
        ] {
            shows(name, false, &[wanted]);
        }
    }

    #[test]
    fn names_choose_what_is_drawn() {
        let count = |name: &str, interior| of(name, interior).len();
        assert_eq!(count("KITCHEN", true), 1);
        assert_eq!(count("KITCHEN", false), 0, "no kitchen in the open");
        assert_eq!(count("CITY STREETS - CAR PARKING", false), 3);
        assert_eq!(count("CARPET", false), 0, "whole words only");
        assert_eq!(count("", true), 0);
        assert_eq!(count("RIVERBANKS", false), 2);
    }

    #[test]
    fn a_wood_is_a_wood_even_indoors() {
        assert!(in_the_open("WOODS") && in_the_open("ROAD TO TOWN"));
        assert!(!in_the_open("SHACK") && !in_the_open("FIELD HOSPITAL") && !in_the_open(""));
    }

    #[test]
    fn inside_a_car_there_is_nothing_but_the_car() {
        shows("CAR - BEDROOM STREET", true, &[surrounds::car]);
        shows("TUNNEL - CAR", true, &[surrounds::car]);
        shows("TRAIN BLEU - VOITURE 4", true, &[surrounds::carriage]);
        shows("FERRY - CAR DECK - CAR", true, &[surrounds::car]);
    }

    #[test]
    fn one_lies_in_beds_and_nowhere_else() {
        assert!(has_bed("HOSPITAL ROOM") && has_bed("MOTEL ROOM 12") && has_bed("CHAMBRE"));
        assert!(!has_bed("KITCHEN") && !has_bed("HOSPITAL CORRIDOR"));
    }

    #[test]
    fn every_word_of_the_table_finds_its_row() {
        for motif in MOTIFS {
            for word in motif.words {
                let name = match motif.aboard {
                    true => format!("ship {word}"),
                    false => (*word).to_owned(),
                };
                let interior = motif.interior.unwrap_or(true);
                let drawn = drawn(&name, interior);
                assert!(
                    drawn
                        .iter()
                        .any(|draw| *draw as usize == motif.draw as usize)
                        || of(&name, interior).iter().any(|other| other.encloses),
                    "{word} is hidden by {} others",
                    drawn.len()
                );
            }
        }
    }
}
