//! What makes a place that place: trees in a forest, a bed in a bedroom. Chosen by the words of the
//! location's name from one table.

use crate::pen::Pen;

use super::setting::Stage;
use super::{built, furniture, land, surrounds, town, walls};

/// Something drawn into a place when its name has one of some words.
pub(super) struct Motif {
    /// Lower case, singular; a plural of the name matches too.
    words: &'static [&'static str],
    /// Whether it belongs indoors, outdoors (`Some(false)`) or anywhere.
    interior: Option<bool>,
    /// It is the whole surroundings, as a car is.
    pub(super) encloses: bool,
    /// It covers the back wall, where a window would be.
    pub(super) fills_wall: bool,
    pub(super) draw: fn(&mut Pen, &Stage),
}

/// How many are drawn at most: the first in the order of the table, which runs from back to front.
const AT_MOST: usize = 3;

const fn motif(
    words: &'static [&'static str],
    interior: Option<bool>,
    draw: fn(&mut Pen, &Stage),
) -> Motif {
    Motif {
        words,
        interior,
        encloses: false,
        fills_wall: false,
        draw,
    }
}

const fn walled(words: &'static [&'static str], draw: fn(&mut Pen, &Stage)) -> Motif {
    Motif {
        words,
        interior: Some(true),
        encloses: false,
        fills_wall: true,
        draw,
    }
}

const fn enclosing(words: &'static [&'static str], draw: fn(&mut Pen, &Stage)) -> Motif {
    Motif {
        words,
        interior: Some(true),
        encloses: true,
        fills_wall: true,
        draw,
    }
}

const IN: Option<bool> = Some(true);
const OUT: Option<bool> = Some(false);

#[rustfmt::skip]
const MOTIFS: &[Motif] = &[
    enclosing(&["car", "truck", "van", "taxi", "cab", "jeep", "buick", "charger", "limo", "suv", "pickup", "wagon", "ambulance",
        "chevy", "chevrolet", "ford"], surrounds::car),
    enclosing(&["train", "bus", "plane", "airplane", "aircraft", "cockpit", "subway", "trailer", "cabin cruiser", "carriage",
        "shuttle", "747", "jet"], surrounds::carriage),
    enclosing(&["cave", "tunnel", "mine", "sewer", "cavern", "burrow", "trench"], surrounds::cave),
    motif(&["mountain", "cliff", "canyon", "ridge", "valley", "summit", "peak"], OUT, land::mountains),
    motif(&["hill", "hillside", "knoll"], OUT, land::hills),
    motif(&["town", "village", "suburb", "neighborhood", "neighbourhood", "main", "square", "plaza"], OUT, town::row),
    motif(&["court", "courthouse", "university", "college", "school", "museum", "capitol", "hospital", "station", "bank", "hotel",
        "quad", "campus", "palace", "mansion", "embassy"], OUT, town::hall),
    motif(&["city", "downtown", "skyline", "rooftop", "roof", "alley", "block"], OUT, town::skyline),
    motif(&["street", "road", "highway", "avenue", "lane", "driveway", "parking", "intersection", "freeway", "boulevard", "blvd",
        "crossroad"], OUT, built::road),
    motif(&["house", "home", "cottage", "farmhouse", "cabin", "mansion", "barn", "shack", "porch", "farm", "diner", "shop",
        "store", "motel", "apartment", "building", "office", "bar", "pub", "gas", "trailer"], OUT, town::house),
    motif(&["church", "chapel", "cathedral", "temple"], OUT, town::church),
    motif(&["river", "lake", "pool", "pond", "ocean", "sea", "beach", "shore", "harbor", "harbour", "dock", "pier", "creek",
        "stream", "bay", "coast", "riverbank", "waterfront", "canal", "swamp"], OUT, land::water),
    motif(&["boat", "ship", "ferry", "yacht", "dock", "harbor", "harbour", "pier", "rowboat", "deck"], OUT, built::boat),
    motif(&["bridge", "overpass", "viaduct"], OUT, built::bridge),
    motif(&["desert", "dune", "sand", "wasteland"], OUT, land::desert),
    motif(&["field", "meadow", "prairie", "pasture", "farm", "plain", "cornfield", "crops"], OUT, land::field),
    motif(&["circus", "tent", "camp", "campsite", "carnival", "fair", "fairground", "fairgrounds"], OUT, built::tent),
    motif(&["cemetery", "graveyard", "grave", "tomb"], OUT, land::graves),
    motif(&["yard", "garden", "backyard", "fence", "lawn", "orchard", "playground", "ranch", "gate", "pen", "stable"], OUT,
        land::fence),
    motif(&["forest", "wood", "park", "jungle", "tree", "orchard", "grove", "swamp", "trail", "clearing", "garden", "campsite",
        "path", "yard", "riverbank"], OUT, land::trees),
    motif(&["campfire", "bonfire", "fire"], OUT, land::campfire),
    motif(&["stage", "podium", "bandstand"], OUT, built::stage),
    motif(&["car", "truck", "parking", "driveway", "garage", "lot", "highway", "taxi", "cab", "buick", "charger"], OUT,
        built::car),
    walled(&["library", "bookstore", "archive", "store", "shop", "supermarket", "market", "warehouse", "pantry", "pharmacy",
        "study", "storage", "aisle", "grocery", "checkout"], walls::shelves),
    enclosing(&["corridor", "hallway", "hall", "passage", "passageway", "elevator", "lobby", "foyer"], surrounds::corridor),
    walled(&["church", "chapel", "cathedral", "temple"], walls::nave),
    walled(&["theater", "theatre", "stage", "auditorium", "cinema", "circus", "tent", "ballroom", "top", "ring"],
        walls::curtains),
    walled(&["prison", "jail", "cell", "dungeon", "cage"], walls::bars),
    walled(&["bar", "pub", "saloon", "tavern", "club", "nightclub", "counter", "diner", "cafe", "café", "coffee", "reception"],
        walls::bar),
    walled(&["classroom", "school", "lecture"], walls::blackboard),
    walled(&["lab", "laboratory", "control", "bridge", "server", "command", "surveillance", "monitor"], walls::screens),
    motif(&["kitchen", "galley", "kitchenette"], IN, furniture::kitchen),
    motif(&["bathroom", "restroom", "washroom", "toilet", "shower", "lavatory"], IN, furniture::bathroom),
    motif(&["stair", "stairwell", "staircase", "stairway", "landing", "attic", "basement", "cellar"], IN, furniture::stairs),
    motif(&["bedroom", "bed", "hospital", "motel", "hotel", "ward", "dorm", "nursery", "clinic", "infirmary", "bunk", "guest"],
        IN, furniture::bed),
    motif(&["living", "lounge", "parlor", "parlour", "den", "sofa", "apartment", "house", "home", "flat", "waiting"], IN,
        furniture::sofa),
    motif(&["office", "desk", "study", "newsroom", "precinct", "bank", "cubicle"], IN, furniture::desk),
    motif(&["dining", "restaurant", "cafeteria", "meeting", "conference", "interrogation", "courtroom", "boardroom", "cottage",
        "canteen"], IN, furniture::table),
    motif(&["door", "doorway", "entrance", "entry", "garage", "barn", "foyer"], IN, furniture::door),
];

/// Whether one lies on a bed there, and not on the floor.
pub(super) fn has_bed(name: &str) -> bool {
    let beds = MOTIFS
        .iter()
        .find(|motif| motif.words.contains(&"bed"))
        .map_or(&[][..], |motif| motif.words);
    let name = name.to_lowercase();
    name.split(|c: char| !c.is_alphanumeric())
        .any(|word| beds.contains(&word))
}

/// Land that no room holds, whatever its heading says.
const LAND: [&str; 14] = [
    "woods", "forest", "jungle", "swamp", "field", "fields", "river", "road", "street", "highway",
    "desert", "beach", "hillside", "meadow",
];

/// Whether a place that a heading calls interior is in the open all the same: `INT. WOODS`.
pub(super) fn in_the_open(name: &str) -> bool {
    let lower = name.to_lowercase();
    let land = lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| LAND.contains(&word));
    land && of(name, true).is_empty()
}

/// The motifs of a location called `name`, back to front.
pub(super) fn of(name: &str, interior: bool) -> Vec<&'static Motif> {
    let name = name.to_lowercase();
    let words: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has = |wanted: &&str| {
        words.iter().any(|word| {
            word == wanted
                || word.strip_suffix('s').is_some_and(|one| one == *wanted)
                || word.strip_suffix("es").is_some_and(|one| one == *wanted)
        })
    };
    let mut found: Vec<&Motif> = MOTIFS
        .iter()
        .filter(|motif| motif.interior.is_none_or(|inside| inside == interior))
        .filter(|motif| motif.words.iter().any(has))
        .collect();
    if let Some(whole) = found.iter().position(|motif| motif.encloses) {
        return vec![found[whole]];
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
    use super::*;

    fn count(name: &str, interior: bool) -> usize {
        of(name, interior).len()
    }

    #[test]
    fn names_choose_what_is_drawn() {
        assert_eq!(count("KITCHEN", true), 1);
        assert_eq!(
            count("KITCHEN", false),
            0,
            "there is no kitchen in the open"
        );
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
        let motifs = of("CAR - BEDROOM STREET", true);
        assert_eq!(motifs.len(), 1);
        assert!(motifs[0].encloses);
    }
}
