//! Nouns for those who are seen without a name, besides the roles. Without accents, in small letters.

use super::Gender::{self, Female, Male, Neuter, Plural, Unknown};

/// Animals.
#[rustfmt::skip]
pub(super) const ANIMALS: &[&str] = &[
    "alligator", "animal", "antelope", "ape", "bat", "bear", "beast", "bee", "beetle", "bird", "bison", "boar", "buffalo",
    "bull", "butterfly", "camel", "canary", "cat", "catfish", "chicken", "cobra", "cockroach", "cow", "coyote", "crab",
    "creature", "crocodile", "crow", "deer", "dog", "dolphin", "donkey", "dove", "dragon", "duck", "eagle", "elephant",
    "falcon", "fish", "fly", "fox", "frog", "gecko", "giraffe", "goat", "goose", "gorilla", "gull", "hamster", "hare",
    "hawk", "hen", "horse", "hound", "iguana", "kitten", "lamb", "leopard", "lion", "lizard", "llama", "mare", "monkey",
    "monster", "moose", "moth", "mouse", "mule", "octopus", "otter", "owl", "ox", "panther", "parrot", "pelican", "penguin",
    "pig", "pigeon", "pony", "puppy", "rabbit", "raccoon", "rat", "raven", "rhino", "rooster", "seagull", "shark", "sheep",
    "snail", "snake", "sparrow", "spider", "squirrel", "stallion", "stork", "swan", "tiger", "toad", "turtle", "vulture",
    "wasp", "weasel", "whale", "wolf", "worm", "zebra",
];

/// Several at once.
#[rustfmt::skip]
pub(super) const CROWDS: &[&str] = &[
    "applicants", "attendees", "bathers", "believers", "cattle", "celebrants", "clientele", "commuters",
    "couples", "crowds", "demonstrators", "diners", "entourage", "evacuees", "extras", "families", "fans", "figures",
    "flock", "flocks", "gawkers", "herd", "hordes", "inmates", "locals", "looters", "motorists", "newcomers", "offspring",
    "onlookers", "partiers", "partygoers", "passers", "pallbearers", "paparazzi", "personnel", "picnickers", "posse",
    "protesters", "pupils", "rescuers", "revelers", "revellers", "riders", "rioters", "shoppers", "spectators", "squad",
    "staff", "strangers", "students", "survivors", "teenagers", "teens", "throng", "travelers", "travellers", "tribe",
    "tribesmen", "vacationers", "villagers", "wanderers", "warriors", "worshippers", "youngsters", "youths", "livestock",
    "geese", "mice", "oxen", "sheep", "deer", "wolves",
];

/// Of these, words that stand before things as often as by themselves: `the police car`.
pub(super) const OF_THEM: &[&str] = &["police", "army", "military", "staff", "crew", "family"];

/// People that no list of roles has.
#[rustfmt::skip]
pub(super) const PEOPLE: &[&str] = &[
    "attacker", "assailant", "beekeeper", "blacksmith", "boatman", "busboy", "busker", "celebrant", "commuter", "corpse",
    "crook", "deckhand", "diner", "elder", "farmhand", "ferryman", "figure", "goatherd", "gravedigger", "guerrilla",
    "helmsman", "intruder", "jockey", "juggler", "kidnapper", "lifeguard", "lookout", "looter", "motorist", "mugger",
    "newsboy", "newborn", "nomad", "onlooker", "passer", "paperboy", "person", "picker", "poacher", "pupil", "puppeteer",
    "pursuer", "rebel", "rescuer", "shopper", "spectator", "stagehand", "stowaway", "survivor", "traveler", "traveller",
    "urchin", "vagrant", "villager", "welder", "woodcutter", "youngster", "monk", "clown", "acrobat", "barkeep",
];

/// Nouns for people that mean something else as often.
#[rustfmt::skip]
pub(super) const DOUBTFUL: &[&str] = &[
    "agent", "anchor", "band", "brass", "cast", "champion", "chief", "coach", "company", "count", "couple", "date", "elder",
    "drunk", "general", "group", "guide", "guides", "head", "host", "hosts", "lover", "match", "minor", "model", "models",
    "mother", "native", "novel", "owner", "party", "parties", "patient", "pilot", "private", "privates", "record", "row",
    "second", "seconds", "speaker", "speakers", "teller", "ghost", "twin", "witness", "cook", "cooks", "judges", "dates", "counts", "heads",
    "models", "minutes", "voices", "voice", "silhouette", "subject", "marine", "star", "stars", "scout", "scouts", "leader",
    "coaches", "anchors", "records", "witnesses", "owners", "baby", "player", "players", "spy", "spies", "flies", "fishes", "mans",
    "hounds", "swans", "apes", "rooks", "bats", "bat", "fly",
    "bears", "ducks", "hawks", "worm", "worms", "chorus", "giant", "crane", "cranes",
];

/// After one of these and "of" stand many: `a group of tourists`.
#[rustfmt::skip]
pub(super) const OF_MANY: &[&str] = &[
    "group", "groups", "crowd", "crowds", "gang", "band", "couple", "pair", "row", "rows", "line", "lines", "dozen", "dozens",
    "handful", "cluster", "hundreds", "thousands", "swarm", "herd", "flock", "pack", "team", "squad", "bunch", "party", "knot",
    "circle", "platoon", "stream", "troop", "family", "mob", "number",
];

#[rustfmt::skip]
pub(super) const NUMBERS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen", "twenty", "thirty",
    "forty", "fifty", "hundred", "dozen", "several", "many", "few", "countless",
    "deux", "trois", "quatre", "cinq", "sept", "huit", "neuf", "dix", "onze", "douze", "quinze", "vingt", "trente",
    "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwolf", "zwanzig", "dreißig", "fünf",
    "zwölf", "mehrere", "einige", "viele", "plusieurs", "quelques",
    "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "varios", "due", "tre", "quattro", "cinque",
    "sei", "sette", "otto", "dieci", "dois", "quatro", "sete", "oito", "nove", "dez",
];

/// Before somebody with whom others are compared.
#[rustfmt::skip]
pub(super) const LIKE: &[&str] = &[
    "like", "unlike", "resembling", "resembles", "way", "less", "more", "himself", "herself", "itself", "wie", "comme", "como",
];

/// Nouns for several that want an article: "the mob", but "they mob him".
#[rustfmt::skip]
pub(super) const ONE_OF_MANY: &[&str] = &[
    "audience", "cast", "choir", "clientele", "congregation", "crew", "crowd", "entourage", "family", "flock", "gang", "group",
    "herd", "mob", "posse", "squad", "staff", "team", "throng", "tribe", "trio",
];

/// What may stand behind the noun for one, besides small words and verbs in `s`: "a man alone".
#[rustfmt::skip]
pub(super) const BEHIND: &[&str] = &[
    "alone", "asleep", "awake", "dead", "drunk", "lost", "half", "dressed", "clad", "nearby", "holding", "opposite", "next",
    "across", "named",
];

/// Articles of other languages.
#[rustfmt::skip]
pub(super) const FOREIGN_ARTICLES: &[&str] = &[
    "der", "die", "das", "dem", "den", "des", "ein", "eine", "einen", "einem", "einer", "le", "la", "les", "l", "un", "une",
    "el", "los", "las", "unos", "unas", "una", "il", "lo", "gli", "um", "uma", "ihr", "ihre", "sein", "seine",
    "son", "sa", "ses", "leur", "leurs", "su", "sus",
];

/// Nouns of other languages for people and animals, besides those of the roles.
#[rustfmt::skip]
pub(super) const FOREIGN: &[(&str, Gender)] = &[
    // German
    ("reisende", Plural), ("reisenden", Plural), ("fahrgaste", Plural), ("leute", Plural), ("menschen", Plural),
    ("kinder", Plural), ("manner", Plural), ("frauen", Plural), ("gaste", Plural), ("soldaten", Plural),
    ("polizisten", Plural), ("zuschauer", Plural), ("passanten", Plural), ("arbeiter", Plural), ("menge", Plural),
    ("hund", Neuter), ("hunde", Plural), ("katze", Neuter), ("katzen", Plural), ("pferd", Neuter), ("pferde", Plural),
    ("vogel", Neuter), ("kind", Unknown), ("kuh", Neuter), ("ziege", Neuter), ("schaf", Neuter), ("schafe", Plural),
    ("mowe", Neuter), ("mowen", Plural), ("krahe", Neuter), ("familie", Plural), ("herr", Male), ("dame", Female),
    ("fremder", Male), ("fremde", Unknown), ("soldat", Male), ("bauer", Male), ("bettler", Male), ("gestalt", Unknown),
    ("gestalten", Plural), ("paar", Plural),
    // French
    ("passagers", Plural), ("voyageurs", Plural), ("gens", Plural), ("enfants", Plural), ("hommes", Plural),
    ("femmes", Plural), ("clients", Plural), ("soldats", Plural), ("policiers", Plural), ("journalistes", Plural),
    ("passants", Plural), ("foule", Plural), ("famille", Plural), ("invites", Plural), ("spectateurs", Plural),
    ("chien", Neuter), ("chiens", Plural), ("chat", Neuter), ("chats", Plural), ("cheval", Neuter), ("chevaux", Plural),
    ("oiseau", Neuter), ("oiseaux", Plural), ("vache", Neuter), ("vaches", Plural), ("chevre", Neuter), ("chevres", Plural),
    ("mouton", Neuter), ("moutons", Plural), ("mouette", Neuter), ("mouettes", Plural), ("passager", Male),
    ("passagere", Female), ("voyageur", Male), ("voyageuse", Female), ("client", Male), ("cliente", Female),
    ("inconnu", Male), ("inconnue", Female), ("garcons", Plural), ("filles", Plural), ("silhouettes", Plural),
    // Spanish, Italian, Portuguese
    ("hombres", Plural), ("mujeres", Plural), ("ninos", Plural), ("gente", Plural), ("pasajeros", Plural), ("perro", Neuter),
    ("perros", Plural), ("gato", Neuter), ("gatos", Plural), ("caballo", Neuter), ("caballos", Plural), ("multitud", Plural),
    ("pajaros", Plural), ("soldados", Plural), ("uomini", Plural), ("donne", Plural), ("bambini", Plural), ("ragazzi", Plural),
    ("passeggeri", Plural), ("cane", Neuter), ("cani", Plural), ("gatto", Neuter), ("cavallo", Neuter), ("cavalli", Plural),
    ("folla", Plural), ("soldati", Plural), ("homens", Plural), ("mulheres", Plural), ("criancas", Plural),
    ("passageiros", Plural), ("cachorro", Neuter), ("cavalo", Neuter), ("multidao", Plural),
];

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn words_are_spelt_as_they_are_compared() {
        for word in [ANIMALS, CROWDS, PEOPLE, DOUBTFUL, OF_MANY].concat() {
            assert_eq!(fold(word), word);
        }
        for (word, _) in FOREIGN {
            assert_eq!(fold(word), *word);
        }
    }
}
