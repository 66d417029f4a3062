//! Places within a scene that are not the scene's: those of a flashback, a dream, a montage, of the
//! other side of an intercut, and the corners that lines in capitals name.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::beat::Beat;
use super::decompose::Walk;
use super::model::Elsewhere;
use crate::breakdown::{self, Spelling};
use crate::prose;
use crate::scenes::Heading;
use crate::words::{Common, Frame, HeadingWords, Place, TimeOfDay, When, common};

/// Such a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    /// Its slug.
    pub(super) location: String,
    /// What a shot list tells of it.
    pub(super) shown: Elsewhere,
}

/// Where the walk through a scene has come to.
#[derive(Debug, Default)]
pub(super) struct Spots {
    /// Where it plays now; none: where the scene does.
    here: Option<Rc<Spot>>,
    /// Where a montage plays that has points with places of their own.
    base: Option<Rc<Spot>>,
    /// In an intercut, who is where.
    sides: Option<Sides>,
    /// Who is in the scene while something else is shown.
    outside: Vec<usize>,
}

/// The two sides of an intercut.
#[derive(Debug, Default)]
struct Sides {
    /// Who is known to be where; none: where the scene plays.
    of: BTreeMap<usize, Option<Rc<Spot>>>,
    /// Where all others are.
    other: Option<Rc<Spot>>,
}

/// What begins a line that ends something shown apart: `END OF DREAM`, `ENDE DER RÜCKBLENDE`.
#[rustfmt::skip]
const ENDS: &[&str] = &["end", "ends", "ende", "fin", "fine", "fim", "koniec", "конец"];

/// The longest line in capitals that is read for a place, in words.
const LONGEST_LINE: usize = 16;

impl Walk<'_> {
    /// A line in capitals that leaves the place of the scene, or comes back to it: `FLASHBACK - SCHOOL
    /// YARD - DAY (1962)`, `INTERCUT - HALL / CAR`, `END OF DREAM`. `false` if it is none.
    pub(super) fn leaves(&mut self, text: &str, at: usize) -> bool {
        let text = bare(text);
        if text.chars().any(char::is_lowercase) || text.split(' ').nth(LONGEST_LINE).is_some() {
            return false;
        }
        let words = HeadingWords::builtin();
        let tokens = prose::tokens(text);
        let first = tokens.first().map(String::as_str).unwrap_or_default();
        let reading = words.read(text);
        let frame = |when: When| match when {
            When::Framed(Frame::Remark | Frame::Present) => None,
            When::Framed(frame) => Some(frame),
            _ => None,
        };
        if ENDS.contains(&first) && reading.says(|when| frame(when).is_some())
            || matches!(first, "back" | "return" | "resume") && self.is_back(&tokens)
        {
            self.show_insert(at);
            self.flush(at);
            self.montage = false;
            let outside = std::mem::take(&mut self.spots).outside;
            if !outside.is_empty() {
                self.present = outside;
            }
            return true;
        }
        let opening = reading.said.first().filter(|said| said.from == 0);
        if let Some(frame) = opening.and_then(|said| frame(said.when)) {
            self.enter(frame, text, at);
            return true;
        }
        if words.prefix(text).is_some() {
            let heading = Heading::parse(text);
            self.flush(at);
            self.spots.here = self.spot(&heading, self.scene.time);
            self.announce(at);
            return true;
        }
        false
    }

    /// `BACK TO SCENE`, `BACK TO THE KITCHEN` in a kitchen.
    fn is_back(&self, tokens: &[String]) -> bool {
        let place = prose::tokens(&self.scene.location_name());
        let named = |word: &String| match word.as_str() {
            "to" | "the" | "scene" | "present" | "day" | "reality" | "story" | "at" | "in" => true,
            word => place.iter().any(|other| other == word),
        };
        let left = self.spots.here.is_some() || self.spots.sides.is_some() || self.montage;
        let moves = tokens
            .get(1)
            .is_some_and(|word| word == "to" || word == "scene");
        tokens.len() > 1 && moves && tokens[1..].iter().all(named) && left
    }

    /// Begins what is shown apart from the scene.
    fn enter(&mut self, frame: Frame, text: &str, at: usize) {
        let line = text.trim_end_matches([':', ' ']);
        let line = line
            .strip_suffix(" TO")
            .or_else(|| line.strip_suffix(" WITH"))
            .unwrap_or(line);
        let heading = Heading::parse(line);
        if frame == Frame::Intercut {
            self.transition(text, at);
            self.spots.sides = Some(self.sides(&heading));
            return;
        }
        self.show_insert(at);
        self.flush(at);
        // Who stands in the scene is not in what is remembered.
        let mut outside = std::mem::take(&mut self.spots.outside);
        if frame != Frame::Montage {
            outside.append(&mut self.present);
        }
        self.spots = Spots {
            outside,
            ..Spots::default()
        };
        self.montage = frame == Frame::Montage;
        let time = match frame {
            Frame::Montage => self.scene.time,
            _ => TimeOfDay::Unsaid,
        };
        // `MONTAGE - JACK TRAINS`, `FLASHBACK - ANNA FALLS`: a title, unless it is whose place it is.
        let titled = prose::words(&heading.setting)
            .iter()
            .any(|word| !word.possessive && self.names.spellings().contains_key(&word.lower()));
        let placed = heading.place != Place::Unsaid
            || !titled && (frame != Frame::Montage || names_place(&heading.setting));
        if placed && !heading.setting.is_empty() {
            self.spots.here = self.spot(&heading, time);
        } else if heading.hour != TimeOfDay::Unsaid || heading.year.is_some() {
            // The same place at another time.
            let mut same = self.scene.heading.clone();
            (same.hour, same.year) = (heading.hour, heading.year);
            self.spots.here = self.spot(&same, time);
        }
        self.spots.base.clone_from(&self.spots.here);
        self.announce(at);
    }

    /// The next shot opens on the place.
    fn announce(&mut self, at: usize) {
        if self.montage {
            return;
        }
        if let Some(here) = &self.spots.here {
            let when = here.shown.time.phrase();
            let place = breakdown::in_sentence(&here.shown.place, "");
            let place = prose::capitalise(&place);
            let when = if when.is_empty() {
                String::new()
            } else {
                format!(" {when}")
            };
            self.place = Some((format!("{place}{when}."), at));
        }
    }

    /// Of a paragraph or a point of a montage that begins with a place of its own, the rest:
    /// `EXT. BEACH - DAY - Jack runs.`, `BEACH: Jack runs.`
    pub(super) fn placed<'t>(&mut self, text: &'t str) -> &'t str {
        if self.montage {
            self.spots.here.clone_from(&self.spots.base);
        }
        let words = HeadingWords::builtin();
        let lead = text.trim_start_matches(['-', '–', '—', '•', '*', ' ']);
        let headed = words.prefix(lead).is_some();
        if !headed && !self.montage {
            return text;
        }
        let Some(at) = lead
            .split(' ')
            .find(|word| word.chars().any(char::is_lowercase))
        else {
            return text;
        };
        let at = at.as_ptr() as usize - lead.as_ptr() as usize;
        let Some(cut) = lead[..at].trim_end().rfind(['-', '–', '—', ':', '.']) else {
            return text;
        };
        let rest = lead[cut..].trim_start_matches(['-', '–', '—', ':', '.', ' ']);
        let head = lead[..cut].trim_end_matches(['-', '–', '—', ':', '.', ' ']);
        let is_place = names_place(head) && head.split(' ').count() <= 5;
        if !headed && !is_place {
            return text;
        }
        let heading = Heading::parse(head);
        if heading.setting.is_empty() {
            return text;
        }
        self.spots.here = self.spot(&heading, self.scene.time);
        rest
    }

    /// A corner of the place, named by a line in capitals: `AT THE CHECKOUT`.
    pub(super) fn corner(&mut self, text: &str) {
        let inner = bare(text).trim_end_matches(['.', ':', ',']);
        if !names_place(inner) || self.scene.heading.setting.is_empty() {
            return;
        }
        let corner = Heading {
            setting: inner.to_owned(),
            ..Heading::default()
        };
        let spelling = Spelling::of(&self.scene.elements);
        let corner = breakdown::shown_place(&corner, self.names.spellings(), &spelling);
        let whole = self.spot_of(self.scene.heading, self.scene.time);
        let mut spot = whole;
        if spot
            .shown
            .place
            .to_lowercase()
            .ends_with(&corner.to_lowercase())
        {
            return;
        }
        // `INSIDE THE CHURCH` of `EXT. CHURCH`
        match corner.split(' ').next() {
            Some("inside") => spot.shown.int_ext = Place::Interior,
            Some("outside") => spot.shown.int_ext = Place::Exterior,
            _ => {}
        }
        let again = corner
            .to_lowercase()
            .ends_with(&spot.shown.place.to_lowercase());
        spot.shown.place = if again {
            corner
        } else {
            format!("{}, {corner}", spot.shown.place)
        };
        self.spots.here = Some(Rc::new(spot));
    }

    /// A place, unless it is the scene's own at its own time.
    fn spot(&self, heading: &Heading, time: TimeOfDay) -> Option<Rc<Spot>> {
        let spot = self.spot_of(heading, time);
        let own = spot.location == self.scene.location()
            && spot.shown.time == self.scene.time
            && heading.year == self.scene.heading.year;
        (!own && !spot.location.is_empty()).then(|| Rc::new(spot))
    }

    pub(super) fn spot_of(&self, heading: &Heading, time: TimeOfDay) -> Spot {
        let spelling = Spelling::of(&self.scene.elements);
        Spot {
            location: breakdown::location_slug(heading),
            shown: Elsewhere {
                place: breakdown::shown_place(heading, self.names.spellings(), &spelling),
                int_ext: heading.place,
                within: breakdown::location_within(heading),
                time: match heading.hour {
                    TimeOfDay::Unsaid => time,
                    said => said,
                },
                period: heading.year.clone().unwrap_or_default(),
            },
        }
    }

    /// Who is on which side of an intercut: whose the place is, who was shown before, and where
    /// scenes before this one showed them.
    fn sides(&self, heading: &Heading) -> Sides {
        let named = std::iter::once(&heading.setting).chain(&heading.sub_settings);
        let known = |name: &String| {
            // `LORRY` is where the scene plays: `LORRY - CAB`.
            let own = prose::tokens(&self.scene.location_name());
            prose::contains_words(&own, &prose::tokens(name))
        };
        let places = named
            .filter(|name| !name.is_empty() && names_any(name))
            .map(|name| {
                let heading = Heading {
                    setting: name.clone(),
                    place: heading.place,
                    ..Heading::default()
                };
                let spot = if known(name) {
                    None
                } else {
                    self.spot(&heading, self.scene.time)
                };
                (name, spot)
            });
        let places: Vec<(&String, Option<Rc<Spot>>)> = places.collect();
        let mut sides = Sides {
            other: places.iter().find_map(|(_, spot)| spot.clone()),
            ..Sides::default()
        };
        for absent in self.scene.absent {
            let spot = self.spot(&absent.heading, self.scene.time);
            for one in self.names.speakers(self.cast, &absent.name) {
                sides.of.insert(one, spot.clone());
            }
        }
        for &one in &self.present {
            sides.of.insert(one, None);
        }
        for (name, spot) in &places {
            for word in prose::words(name).iter().filter(|word| word.possessive) {
                for one in self.names.speakers(self.cast, &word.text.to_uppercase()) {
                    sides.of.insert(one, spot.clone());
                }
            }
        }
        sides
    }

    /// An intercut that goes on from the scene before, or that the heading itself calls for.
    pub(super) fn cut_against(&mut self) {
        if self.scene.heading.frame == Some(Frame::Intercut) {
            self.spots.sides = Some(self.sides(self.scene.heading));
        } else if !self.scene.absent.is_empty() {
            let mut sides = self.sides(&Heading::default());
            sides.other = None;
            self.spots.sides = Some(sides);
        }
    }

    /// Where somebody is, in an intercut.
    fn side(&self, sides: &Sides, one: usize) -> Option<Rc<Spot>> {
        sides
            .of
            .get(&one)
            .cloned()
            .unwrap_or_else(|| sides.other.clone())
    }

    /// Whether two of an intercut are shown who are not in one place.
    pub(super) fn parted(&self, told: &[usize], beat: &[usize]) -> bool {
        let (Some(sides), Some(one), Some(other)) = (&self.spots.sides, told.first(), beat.first())
        else {
            return false;
        };
        self.side(sides, *one) != self.side(sides, *other)
    }

    /// Says where a beat plays; in an intercut nobody from the other side is in it.
    pub(super) fn settle(&self, beat: &mut Beat) {
        let Some(sides) = &self.spots.sides else {
            beat.elsewhere.clone_from(&self.spots.here);
            return;
        };
        let speaker = beat.speakers.first().filter(|_| beat.speaks_on_screen());
        let Some(&lead) = speaker.or(beat.who.first()) else {
            return;
        };
        let spot = self.side(sides, lead);
        beat.who.retain(|one| self.side(sides, *one) == spot);
        beat.elsewhere = spot;
    }

    /// Of those who are there, the ones who are where the beat plays.
    pub(super) fn beside(&self, beat: &Beat) -> Vec<usize> {
        let present = self.present.iter().copied();
        match &self.spots.sides {
            Some(sides) => present
                .filter(|one| self.side(sides, *one) == beat.elsewhere)
                .collect(),
            None => present.collect(),
        }
    }
}

/// A line without its marks, and the number that some write behind it.
fn bare(text: &str) -> &str {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '-' | '*')
    });
    match text
        .strip_suffix('#')
        .and_then(|open| open.rsplit_once('#'))
    {
        Some((before, number)) if number.len() <= 8 && !number.contains(' ') => before.trim_end(),
        _ => text.trim_end_matches('.'),
    }
}

/// Whether a name ends in a kind of place: `SCHOOL YARD`.
fn names_place(name: &str) -> bool {
    /// Words of places that titles end in as often.
    const WEAK: &[&str] = &[
        "side", "end", "edge", "corner", "area", "level", "mark", "stand", "box", "post", "ring",
        "world", "lift", "track",
    ];
    let last = prose::last_word(name).map(|word| word.lower());
    last.is_some_and(|word| common(&word) == Some(Common::Place) && !WEAK.contains(&word.as_str()))
}

/// Whether what stands behind INTERCUT may be a place: no `PHONE CONVERSATION`, `AS NECESSARY`.
fn names_any(name: &str) -> bool {
    const NONE: &[&str] = &[
        "conversation",
        "call",
        "necessary",
        "needed",
        "required",
        "between",
        "telephone",
        "phone",
        "sequence",
        "as",
        "both",
    ];
    !prose::tokens(name)
        .iter()
        .any(|word| NONE.contains(&word.as_str()))
}
