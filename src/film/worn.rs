//! The colour of clothes, from words: a girl in a yellow coat wears yellow.

use crate::prose;

/// Colours by what people call them; a row's first word is English.
#[rustfmt::skip]
const COLORS: &[(&str, &[&str])] = &[
    ("#e3bb2c", &["yellow", "mustard", "golden", "gold", "lemon", "jaune", "gelb", "gelbe", "gelben", "gelber", "amarillo", "amarilla",
        "giallo", "gialla", "amarelo", "żółty", "żółta", "жёлтый", "жёлтом", "желтый", "желтом"]),
    ("#c23a33", &["red", "scarlet", "crimson", "ruby", "rouge", "rot", "rote", "roten", "roter", "rojo", "roja", "rosso", "rossa",
        "vermelho", "czerwony", "czerwona", "красный", "красном"]),
    ("#7c2433", &["burgundy", "maroon", "wine", "oxblood"]),
    ("#3a62b4", &["blue", "azure", "cobalt", "bleu", "bleue", "blau", "blaue", "blauen", "blauer", "azul", "blu", "azzurro",
        "niebieski", "синий", "синем", "голубой"]),
    ("#26375f", &["navy", "indigo", "midnight"]),
    ("#3f8a55", &["green", "emerald", "vert", "verte", "grün", "grüne", "grünen", "grüner", "verde", "zielony", "зелёный", "зелёном"]),
    ("#6e7440", &["olive", "khaki"]),
    ("#2f8f94", &["teal", "turquoise", "cyan", "türkis"]),
    ("#7a4fa3", &["purple", "violet", "mauve", "lilac", "lavender", "plum", "lila", "morado", "viola", "fioletowy", "фиолетовый"]),
    ("#d8749a", &["pink", "rose", "fuchsia", "magenta", "rosa", "różowy", "розовый", "розовом"]),
    ("#d9792b", &["orange", "amber", "rust", "naranja", "arancione", "оранжевый"]),
    ("#7a5637", &["brown", "chestnut", "chocolate", "brun", "brune", "marron", "braun", "braune", "braunen", "marrón", "marrone",
        "коричневый"]),
    ("#c9a878", &["tan", "beige", "camel", "sand", "fawn"]),
    ("#ece8dc", &["white", "ivory", "cream", "blanc", "blanche", "weiß", "weiße", "weißen", "weisse", "blanco", "blanca", "bianco",
        "bianca", "branco", "biały", "biała", "белый", "белом"]),
    ("#8b8f94", &["grey", "gray", "silver", "charcoal", "gris", "grise", "grau", "graue", "grauen", "grigio", "szary", "серый",
        "сером"]),
    ("#2c2e35", &["black", "ebony", "noir", "noire", "schwarz", "schwarze", "schwarzen", "schwarzer", "negro", "negra", "nero", "nera",
        "preto", "czarny", "czarna", "чёрный", "чёрном", "черный", "черном"]),
];

/// What is worn on the upper body; shoes and hats colour nobody.
#[rustfmt::skip]
const CLOTHES: &[&str] = &[
    "coat", "overcoat", "raincoat", "trenchcoat", "trench", "jacket", "parka", "anorak", "cloak", "cape", "robe", "bathrobe", "uniform",
    "suit", "tuxedo", "dress", "gown", "sundress", "sweater", "jumper", "pullover", "cardigan", "shirt", "blouse", "tunic", "hoodie",
    "sweatshirt", "vest", "waistcoat", "overalls", "coveralls", "dungarees", "jumpsuit", "t-shirt", "tee", "top", "blazer", "kimono",
    "sari", "apron", "habit", "pajamas", "pyjamas", "nightgown", "nightshirt", "leotard", "jersey", "poncho", "oilskin", "oilskins",
    "slicker", "scrubs", "armor", "armour", "toga", "polo", "turtleneck", "windbreaker", "fleece", "bikini", "swimsuit", "costume",
    "clothes", "clothing", "tailcoat", "frock", "corset", "bodice", "outfit", "mac", "mackintosh", "duffel", "peacoat",
    "manteau", "veste", "robe", "chemise", "pull", "imperméable", "ciré", "mantel", "jacke", "kleid", "hemd", "anzug", "pullover",
    "abrigo", "chaqueta", "vestido", "camisa", "traje", "cappotto", "giacca", "vestito", "camicia", "casaco", "płaszcz", "płaszczu",
    "sukienka", "sukience", "kurtka", "пальто", "куртка", "куртке", "платье", "рубашка", "рубашке", "плащ", "плаще", "костюм",
];

/// What clothes are made or cut of: it may stand between colour and garment.
const BETWEEN: usize = 3;

fn named(word: &str) -> Option<&'static str> {
    let mut rows = COLORS.iter();
    // `yellow-striped`, `sky-blue`.
    let mut parts = word.split('-');
    let last = parts.next_back().unwrap_or(word);
    let first = parts.next();
    let row = rows.find(|(_, names)| {
        names.contains(&last) || first.is_some_and(|first| names.contains(&first))
    });
    row.map(|(color, _)| *color)
}

/// The colour of clothes that a text about a person speaks of: `in a yellow rain coat`, `MANTEAU
/// JAUNE`, `dressed all in black`. That of hair and eyes is not meant.
pub(crate) fn worn(text: &str) -> Option<&'static str> {
    let words = prose::tokens(text);
    let is_garment = |at: usize| {
        let word = words.get(at).map(String::as_str);
        word.is_some_and(|word| CLOTHES.contains(&word) || CLOTHES.contains(&ending(word)))
    };
    let color = |at: usize| named(words.get(at)?);
    let coupled = (0..words.len()).find_map(|at| {
        let color = color(at)?;
        let before = (1..=BETWEEN).find(|by| is_garment(at + by));
        // No other colour between: that one is the garment's.
        let before = before.filter(|by| (1..*by).all(|by| self::named(&words[at + by]).is_none()));
        let after =
            at > 0 && is_garment(at - 1) || at > 1 && is_garment(at - 2) && is_of(&words[at - 1]);
        (before.is_some() || after).then_some(color)
    });
    coupled.or_else(|| {
        // `in black`, with nothing after it that black would be of.
        let dressed = |at: &usize| {
            let before = at.checked_sub(1).map(|at| words[at].as_str());
            matches!(
                before,
                Some("in" | "all" | "wearing" | "en" | "im" | "ganz" | "di" | "в")
            )
        };
        let last = words.len().checked_sub(1)?;
        Some(last).filter(dressed).and_then(color)
    })
}

/// The first colour of a text that speaks of nothing but clothes: `faded blue oilskins and boots`.
pub(crate) fn colored(clothes: &str) -> Option<&'static str> {
    worn(clothes).or_else(|| prose::tokens(clothes).iter().find_map(|word| named(word)))
}

/// A compound's last part, as German writes it: `regenmantel` is a `mantel`.
fn ending(word: &str) -> &str {
    let garments = ["mantel", "jacke", "kleid", "hemd", "anzug", "coat"];
    let found = garments.iter().find(|garment| word.ends_with(**garment));
    found.map_or(word, |garment| &word[word.len() - garment.len()..])
}

fn is_of(word: &str) -> bool {
    matches!(word, "of" | "in" | "de" | "di" | "en")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clothes_have_the_colour_that_the_words_say() {
        let yellow = named("yellow");
        for text in [
            "GIRL IN A YELLOW COAT",
            "a girl in a bright yellow rain coat",
            "WOMAN IN YELLOW",
            "FILLE AU MANTEAU JAUNE",
            "MÄDCHEN IM GELBEN REGENMANTEL",
            "ДЕВОЧКА В ЖЁЛТОМ ПЛАЩЕ",
            "a coat of yellow",
            "grey hair, a yellow oilskin",
        ] {
            assert_eq!(worn(text), yellow, "{text}");
        }
        assert!(yellow.is_some());
        assert_eq!(worn("dressed all in black"), named("black"));
        assert_eq!(worn("60s, in a green coat"), named("green"));
        assert_eq!(worn("a white shirt under a red jacket"), named("white"));
    }

    #[test]
    fn hair_eyes_shoes_and_places_colour_nobody() {
        for text in [
            "red hair, blue eyes",
            "a man with a black dog",
            "green with envy",
            "MR. BROWN",
            "white shoes",
            "RED",
            "immaculate raincoat",
        ] {
            assert_eq!(worn(text), None, "{text}");
        }
        assert_eq!(colored("faded blue, patched"), named("blue"));
        assert_eq!(colored("Sunday best"), None);
    }
}
