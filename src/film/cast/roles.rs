//! Nouns for people, creatures and machines, by which roles (`OLD WOMAN`) are told from proper names.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Gender::{self, Female, Male, Neuter, Unknown};
use super::fold::fold;

/// Nouns for a person or creature, with the gender they tell. A name whose last word is one of
/// these is a role (`OLD WOMAN`), not a proper name. Without accents, as names are compared.
#[rustfmt::skip]
pub(super) const ROLES: &[(&str, Gender)] = &[
    ("actor", Male), ("actress", Female), ("agent", Unknown), ("alien", Unknown), ("announcer", Unknown),
    ("anchor", Unknown), ("artist", Unknown), ("assistant", Unknown), ("attendant", Unknown), ("aunt", Female),
    ("baby", Unknown), ("baker", Unknown), ("barista", Unknown), ("barman", Male), ("bartender", Unknown),
    ("boss", Unknown), ("boy", Male), ("boyfriend", Male), ("bride", Female), ("brother", Male),
    ("buddy", Unknown), ("butcher", Unknown), ("butler", Male), ("captain", Unknown), ("cashier", Unknown),
    ("chauffeur", Male), ("chef", Unknown), ("chief", Unknown), ("child", Unknown), ("cleaner", Unknown),
    ("clerk", Unknown), ("clown", Unknown), ("coach", Unknown), ("commander", Unknown), ("conductor", Unknown),
    ("cook", Unknown), ("cop", Unknown), ("cousin", Unknown), ("cowboy", Male), ("customer", Unknown),
    ("cyclist", Unknown), ("dad", Male), ("dancer", Unknown), ("date", Unknown), ("daughter", Female),
    ("dealer", Unknown), ("dentist", Unknown), ("detective", Unknown), ("director", Unknown),
    ("doctor", Unknown), ("doorman", Male), ("driver", Unknown), ("drunk", Unknown), ("elder", Unknown),
    ("employee", Unknown), ("engineer", Unknown), ("executive", Unknown), ("farmer", Unknown),
    ("father", Male), ("fireman", Male), ("fisherman", Male), ("foreman", Male), ("friend", Unknown),
    ("gentleman", Male), ("ghost", Unknown), ("giant", Male), ("girl", Female), ("girlfriend", Female),
    ("grandfather", Male), ("grandma", Female), ("grandmother", Female), ("grandpa", Male),
    ("groom", Male), ("guard", Unknown), ("guest", Unknown), ("guide", Unknown), ("gunman", Male),
    ("guy", Male), ("host", Unknown), ("hostess", Female), ("husband", Male), ("infant", Unknown),
    ("janitor", Unknown), ("judge", Unknown), ("juror", Unknown), ("kid", Unknown), ("king", Male),
    ("lady", Female), ("landlady", Female), ("landlord", Male), ("lawyer", Unknown), ("leader", Unknown),
    ("lieutenant", Unknown), ("lover", Unknown), ("madam", Female), ("maid", Female), ("mailman", Male),
    ("man", Male), ("manager", Unknown), ("mayor", Unknown), ("mechanic", Unknown), ("minister", Unknown),
    ("minion", Unknown), ("mom", Female), ("monk", Male), ("mother", Female), ("mum", Female),
    ("musician", Unknown), ("nanny", Female), ("neighbor", Unknown), ("neighbour", Unknown),
    ("nephew", Male), ("niece", Female), ("nun", Female), ("nurse", Unknown), ("officer", Unknown),
    ("operator", Unknown), ("orderly", Unknown), ("owner", Unknown), ("panhandler", Unknown),
    ("paramedic", Unknown), ("passenger", Unknown), ("passerby", Unknown), ("pastor", Unknown),
    ("patient", Unknown), ("patron", Unknown), ("pedestrian", Unknown), ("photographer", Unknown),
    ("physician", Unknown), ("pianist", Unknown), ("pilot", Unknown), ("player", Unknown),
    ("poet", Unknown), ("policeman", Male), ("policewoman", Female), ("postman", Male), ("preacher", Unknown),
    ("president", Unknown), ("priest", Male), ("prince", Male), ("princess", Female), ("principal", Unknown),
    ("prisoner", Unknown), ("producer", Unknown), ("professor", Unknown), ("queen", Female),
    ("receptionist", Unknown), ("reporter", Unknown), ("ringmaster", Male), ("robber", Unknown),
    ("sailor", Unknown), ("salesman", Male), ("scientist", Unknown), ("scout", Unknown), ("secretary", Unknown),
    ("sergeant", Unknown), ("servant", Unknown), ("sharecropper", Unknown), ("shephard", Unknown),
    ("shepherd", Unknown), ("sheriff", Unknown), ("shopkeeper", Unknown), ("singer", Unknown),
    ("sister", Female), ("sniper", Unknown), ("soldier", Unknown), ("son", Male), ("stewardess", Female),
    ("stranger", Unknown), ("student", Unknown), ("suspect", Unknown), ("teacher", Unknown),
    ("technician", Unknown), ("teen", Unknown), ("teenager", Unknown), ("teller", Unknown), ("thief", Unknown),
    ("thug", Unknown), ("toddler", Unknown), ("toter", Unknown), ("tourist", Unknown), ("tramp", Unknown),
    ("twin", Unknown), ("uncle", Male), ("usher", Unknown), ("vendor", Unknown), ("victim", Unknown),
    ("visitor", Unknown), ("waiter", Male), ("waitress", Female), ("widow", Female), ("wife", Female),
    ("witch", Female), ("witness", Unknown), ("wizard", Male), ("woman", Female), ("worker", Unknown),
    ("writer", Unknown), ("youth", Unknown),
    ("designer", Unknown), ("pitcher", Unknown), ("hunchback", Unknown), ("zealot", Unknown), ("jock", Unknown),
    ("henchwoman", Female), ("developer", Unknown), ("newscaster", Unknown), ("newsreader", Unknown),
    ("broadcaster", Unknown), ("heckler", Unknown), ("barkeep", Unknown), ("gamer", Unknown), ("blogger", Unknown),
    ("vlogger", Unknown), ("streamer", Unknown), ("rapper", Unknown), ("gunslinger", Unknown), ("rancher", Unknown),
    ("farmhand", Unknown), ("stablehand", Unknown), ("prospector", Unknown), ("undertaker", Unknown),
    ("gravedigger", Unknown), ("executioner", Unknown), ("inquisitor", Unknown), ("henchperson", Unknown),
    ("realtor", Unknown), ("anesthesiologist", Unknown), ("radiologist", Unknown), ("psychologist", Unknown),
    ("hypnotist", Unknown), ("seer", Unknown), ("oracle", Unknown), ("sorcerer", Unknown), ("sorceress", Female),
    ("warlock", Unknown), ("villager", Unknown), ("townsman", Male), ("townswoman", Female), ("innkeeper", Unknown),
    ("blacksmith", Unknown), ("swordsman", Male), ("horseman", Male), ("coachman", Male), ("footman", Male),
    ("deckhand", Unknown), ("skipper", Unknown), ("helmsman", Unknown), ("navigator", Unknown), ("stoker", Unknown),
    ("lookout", Unknown), ("hostage", Unknown), ("kidnapper", Unknown), ("captor", Unknown), ("snitch", Unknown),
    ("bookie", Unknown), ("pickpocket", Unknown), ("squatter", Unknown), ("vagrant", Unknown), ("pimp", Unknown),
    ("hooker", Unknown), ("stripper", Unknown), ("contestant", Unknown), ("finalist", Unknown), ("referee", Unknown),
    ("umpire", Unknown), ("goalie", Unknown), ("quarterback", Unknown), ("cheerleader", Unknown), ("mascot", Unknown),
    ("accountant", Unknown), ("acrobat", Unknown), ("addict", Unknown), ("admiral", Unknown), ("agent", Unknown),
    ("ambassador", Unknown), ("analyst", Unknown), ("anchorman", Male), ("anchorwoman", Female),
    ("android", Neuter), ("archaeologist", Unknown), ("architect", Unknown), ("assassin", Unknown),
    ("astronaut", Unknown), ("attorney", Unknown), ("auntie", Female), ("aviator", Unknown), ("babysitter", Unknown),
    ("bailiff", Unknown), ("ballerina", Female), ("bandit", Unknown), ("banker", Unknown), ("barber", Unknown),
    ("barmaid", Female), ("baron", Male), ("baroness", Female), ("beggar", Unknown), ("bellboy", Male),
    ("bellhop", Unknown), ("biker", Unknown), ("bishop", Male), ("bodyguard", Unknown), ("bookseller", Unknown),
    ("bosun", Unknown), ("bouncer", Unknown), ("boxer", Unknown), ("burglar", Unknown), ("businessman", Male),
    ("businesswoman", Female), ("bystander", Unknown), ("cabbie", Unknown), ("caddy", Unknown), ("cadet", Unknown),
    ("caller", Unknown), ("cameraman", Male), ("camerawoman", Female), ("cardinal", Male), ("caretaker", Unknown),
    ("carpenter", Unknown), ("chairman", Male), ("champion", Unknown), ("chaplain", Unknown), ("chemist", Unknown),
    ("climber", Unknown), ("colonel", Unknown), ("comedian", Unknown), ("concierge", Unknown), ("congressman", Male),
    ("congresswoman", Female), ("constable", Unknown), ("convict", Unknown), ("cook", Unknown), ("corporal", Unknown),
    ("counselor", Unknown), ("count", Male), ("countess", Female), ("courier", Unknown), ("crewman", Male),
    ("croupier", Unknown), ("curator", Unknown), ("daddy", Male), ("delegate", Unknown),
    ("demon", Unknown), ("deputy", Unknown), ("diplomat", Unknown), ("dispatcher", Unknown), ("diver", Unknown),
    ("drifter", Unknown), ("drummer", Unknown), ("duchess", Female), ("duke", Male), ("editor", Unknown),
    ("electrician", Unknown), ("elf", Unknown), ("emcee", Unknown), ("emperor", Male), ("empress", Female),
    ("ensign", Unknown), ("examiner", Unknown), ("expert", Unknown), ("fairy", Female), ("fiance", Male),
    ("fiancee", Female), ("fighter", Unknown), ("firefighter", Unknown), ("fishmonger", Unknown), ("florist", Unknown),
    ("gambler", Unknown), ("gangster", Unknown), ("gardener", Unknown), ("general", Unknown), ("goon", Unknown),
    ("governor", Unknown), ("grandson", Male), ("granddaughter", Female), ("granny", Female), ("grocer", Unknown),
    ("guitarist", Unknown), ("hacker", Unknown), ("hairdresser", Unknown), ("henchman", Male), ("hiker", Unknown),
    ("hitman", Male), ("hobo", Unknown), ("hunter", Unknown), ("imam", Male), ("informant", Unknown),
    ("inmate", Unknown), ("inspector", Unknown), ("instructor", Unknown), ("intern", Unknown), ("interpreter", Unknown),
    ("interrogator", Unknown), ("interviewer", Unknown), ("investigator", Unknown), ("jogger", Unknown),
    ("journalist", Unknown), ("junkie", Unknown), ("keeper", Unknown), ("killer", Unknown), ("knight", Male),
    ("lad", Male), ("laborer", Unknown), ("lass", Female), ("librarian", Unknown), ("lifeguard", Unknown),
    ("longshoreman", Male), ("magician", Unknown), ("marine", Unknown), ("marshal", Unknown), ("matron", Female),
    ("mechanic", Unknown), ("medic", Unknown), ("mercenary", Unknown), ("merchant", Unknown), ("messenger", Unknown),
    ("midwife", Female), ("miner", Unknown), ("model", Unknown), ("mommy", Female), ("mourner", Unknown),
    ("narrator", Unknown), ("negotiator", Unknown), ("nurse", Unknown), ("officer", Unknown), ("operative", Unknown),
    ("orphan", Unknown), ("painter", Unknown), ("peasant", Unknown), ("pharmacist", Unknown), ("pirate", Unknown),
    ("plumber", Unknown), ("pope", Male), ("porter", Unknown), ("presenter", Unknown), ("private", Unknown),
    ("programmer", Unknown), ("prosecutor", Unknown), ("prostitute", Unknown), ("psychiatrist", Unknown),
    ("rabbi", Unknown), ("ranger", Unknown), ("recruit", Unknown), ("refugee", Unknown), ("rider", Unknown),
    ("runner", Unknown), ("sailor", Unknown), ("saleswoman", Female), ("salesperson", Unknown), ("senator", Unknown),
    ("skater", Unknown), ("smuggler", Unknown), ("spy", Unknown), ("stableboy", Male), ("stepfather", Male),
    ("stepmother", Female), ("steward", Male), ("supervisor", Unknown), ("surgeon", Unknown), ("surfer", Unknown),
    ("swimmer", Unknown), ("tailor", Unknown), ("terrorist", Unknown), ("therapist", Unknown), ("trainer", Unknown),
    ("translator", Unknown), ("trooper", Unknown), ("trucker", Unknown), ("tutor", Unknown), ("valet", Male),
    ("vampire", Unknown), ("veteran", Unknown), ("violinist", Unknown), ("volunteer", Unknown), ("warden", Unknown),
    ("warrior", Unknown), ("watchman", Male), ("weatherman", Male), ("workman", Male), ("zombie", Unknown),
    ("animal", Neuter), ("bear", Neuter), ("beast", Neuter), ("bird", Neuter), ("cat", Neuter),
    ("catfish", Neuter), ("creature", Neuter), ("crow", Neuter), ("dog", Neuter), ("dragon", Neuter),
    ("elephant", Neuter), ("horse", Neuter), ("hound", Neuter), ("lion", Neuter), ("monkey", Neuter),
    ("monster", Neuter), ("parrot", Neuter), ("snake", Neuter), ("wolf", Neuter),
    ("camera", Neuter), ("computer", Neuter), ("intercom", Neuter), ("loudspeaker", Neuter),
    ("machine", Neuter), ("phone", Neuter), ("printer", Neuter), ("radio", Neuter), ("robot", Neuter),
    ("speaker", Neuter), ("television", Neuter), ("tv", Neuter), ("voice", Unknown), ("silhouette", Unknown),
];

/// The same of German, which writes nouns with capitals.
#[rustfmt::skip]
const GERMAN: &[(&str, Gender)] = &[
    // German
    ("mann", Male), ("frau", Female), ("junge", Male), ("madchen", Female), ("kellner", Male),
    ("kellnerin", Female), ("polizist", Male), ("polizistin", Female), ("arzt", Male), ("arztin", Female),
    ("krankenschwester", Female), ("warter", Male), ("warterin", Female), ("schaffner", Male), ("schaffnerin", Female),
    ("lokfuhrer", Male), ("fahrer", Male), ("fahrerin", Female), ("lehrer", Male), ("lehrerin", Female),
    ("mutter", Female), ("vater", Male), ("bruder", Male), ("schwester", Female), ("sohn", Male), ("tochter", Female),
    ("oma", Female), ("opa", Male), ("nachbar", Male), ("nachbarin", Female), ("verkaufer", Male),
    ("verkauferin", Female), ("wirt", Male), ("wirtin", Female), ("soldatin", Female), ("pfarrer", Male),
];

/// The same of Polish and Russian.
#[rustfmt::skip]
const SLAVIC: &[(&str, Gender)] = &[
    // Polish, Russian
    ("mezczyzna", Male), ("kobieta", Female), ("chlopiec", Male), ("dziewczyna", Female), ("dziewczynka", Female),
    ("kelner", Male), ("kelnerka", Female), ("policjant", Male), ("matka", Female), ("ojciec", Male),
    ("мужчина", Male), ("женщина", Female), ("мальчик", Male), ("девочка", Female), ("девушка", Female),
    ("парень", Male), ("старик", Male), ("старуха", Female), ("официант", Male), ("официантка", Female),
    ("солдат", Male), ("врач", Unknown), ("мать", Female), ("отец", Male), ("сын", Male), ("дочь", Female),
];

/// The same where the noun comes first: `HOMME ÂGÉ`, `MUJER JOVEN`.
#[rustfmt::skip]
const NOUN_FIRST: &[(&str, Gender)] = &[
    // French
    ("homme", Male), ("femme", Female), ("garcon", Male), ("fille", Female), ("fillette", Female), ("gamin", Male),
    ("gamine", Female), ("vieillard", Male), ("dame", Female), ("monsieur", Male), ("serveur", Male),
    ("serveuse", Female), ("policier", Male), ("policiere", Female), ("gendarme", Unknown), ("soldat", Male),
    ("medecin", Unknown), ("infirmier", Male), ("infirmiere", Female), ("gardien", Male), ("gardienne", Female),
    ("patronne", Female), ("mere", Female), ("pere", Male), ("frere", Male), ("soeur", Female), ("enfant", Unknown),
    ("voisin", Male), ("voisine", Female), ("vendeur", Male), ("vendeuse", Female), ("facteur", Male),
    ("conducteur", Male), ("conductrice", Female), ("avocat", Male), ("avocate", Female),
    ("marchand", Male), ("marchande", Female), ("maitresse", Female),
    // Spanish, Italian, Portuguese
    ("hombre", Male), ("mujer", Female), ("nino", Male), ("chico", Male), ("chica", Female),
    ("anciano", Male), ("anciana", Female), ("camarero", Male), ("camarera", Female), ("policia", Unknown),
    ("madre", Female), ("padre", Male), ("hermano", Male), ("hermana", Female), ("hijo", Male), ("hija", Female),
    ("senor", Male), ("senora", Female), ("soldado", Unknown), ("doctora", Female), ("enfermera", Female),
    ("uomo", Male), ("ragazzo", Male), ("ragazza", Female), ("bambino", Male), ("bambina", Female),
    ("cameriere", Male), ("cameriera", Female), ("poliziotto", Male), ("vecchio", Male), ("vecchia", Female),
    ("soldato", Male), ("homem", Male), ("mulher", Female), ("menino", Male), ("menina", Female), ("rapaz", Male),
    ("garconete", Female), ("pai", Male),
];

/// Nouns that are characters only if they have a cue.
pub(super) const CUE_ONLY: &[&str] = &[
    "camera",
    "computer",
    "date",
    "intercom",
    "loudspeaker",
    "machine",
    "phone",
    "printer",
    "radio",
    "robot",
    "silhouette",
    "speaker",
    "television",
    "tv",
    "voice",
];

/// Nouns for several people at once, besides the plurals of `ROLES`.
#[rustfmt::skip]
pub(super) const GROUPS: &[&str] = &[
    "audience", "band", "brass", "brothers", "carnies", "cast", "children", "choir",
    "citizens", "congregation", "cops", "couple", "crew", "crowd", "family", "fiddlers",
    "firebreathers", "gang", "group", "guests", "guides", "kids", "ladies", "men", "mob", "mourners",
    "parents", "party", "passersby", "people", "police", "policemen", "team", "townfolk",
    "townsfolk", "townspeople", "trio", "troops", "twins", "women",
];

static ROLE_GENDERS: LazyLock<HashMap<&str, Gender>> = LazyLock::new(|| {
    let all = ROLES.iter().chain(GERMAN).chain(SLAVIC).chain(NOUN_FIRST);
    all.copied().collect()
});

/// The gender that a noun for a person tells, if it is one.
pub(super) fn role(word: &str) -> Option<Gender> {
    let folded = fold(word);
    let known = |noun: &str| ROLE_GENDERS.get(noun).copied();
    // `LOKFÜHRERIN`
    let she = || known(folded.strip_suffix("in")?).map(|_| Female);
    known(&folded).or_else(she)
}

/// Whether a noun for a person is German.
pub(super) fn is_german(word: &str) -> bool {
    let folded = &*fold(word);
    let has = |noun: &str| GERMAN.iter().any(|(known, _)| *known == noun);
    has(folded) || folded.strip_suffix("in").is_some_and(has)
}

/// Whether a noun for a person is of another language than English.
pub(super) fn is_foreign(word: &str) -> bool {
    let folded = &*fold(word);
    let has = |noun: &str| {
        let mut all = GERMAN.iter().chain(SLAVIC).chain(NOUN_FIRST);
        all.any(|(known, _)| *known == noun)
    };
    has(folded) || folded.strip_suffix("in").is_some_and(has)
}

/// Whether a word is a noun for a person that stands before what describes them.
pub(super) fn leads(word: &str) -> bool {
    let folded = &*fold(word);
    NOUN_FIRST.iter().any(|(noun, _)| *noun == folded)
}

/// Whether a word names several people.
pub(super) fn group(word: &str) -> bool {
    GROUPS.contains(&word) || plural_role(word)
}

fn plural_role(word: &str) -> bool {
    const PLURALS: &[(&str, &str)] = &[
        ("s", ""),
        ("es", ""),
        ("men", "man"),
        ("women", "woman"),
        ("ies", "y"),
        ("ves", "fe"),
        ("ves", "f"),
    ];
    PLURALS.iter().any(|(ending, single)| {
        word.strip_suffix(ending).is_some_and(|stem| {
            role(&format!("{stem}{single}")).is_some_and(|gender| gender != Neuter)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_spelt_as_they_are_compared() {
        for (noun, _) in ROLES.iter().chain(GERMAN).chain(SLAVIC).chain(NOUN_FIRST) {
            assert_eq!(fold(noun), *noun);
        }
    }
}
