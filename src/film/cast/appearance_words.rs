//! Words by which a phrase is told to describe how somebody looks. Without accents, in small letters.

/// Before what describes, and no part of it: `now 17`, `AGE 3`.
#[rustfmt::skip]
pub(super) const ABOUT: &[&str] = &[
    "about", "age", "aged", "almost", "already", "also", "around", "barely", "just", "maybe", "now", "only", "perhaps",
    "still", "roughly", "and",
];
/// Words of a degree: `extremely handsome`.
pub(super) const DEGREES: &[&str] = &["very", "rather", "quite", "too", "once"];

#[rustfmt::skip]
pub(super) const ARTICLES: &[&str] = &[
    "a", "an", "the", "un", "une", "le", "la", "ein", "eine", "einer", "der", "die", "das", "el", "una", "il", "um",
    "uma", "o",
];

/// Words of an age besides numbers.
#[rustfmt::skip]
pub(super) const AGES: &[&str] = &[
    "teens", "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties",
    "teen", "teenage", "teenager", "middle", "ans", "jahre", "jahrige", "jahriger", "anos", "anni", "lat", "лет",
    "vingtaine", "trentaine", "quarantaine", "cinquantaine", "soixantaine", "trentenne", "cinquantenne",
    "zwanzig", "dreissig", "vierzig", "funfzig", "sechzig", "siebzig", "achtzig", "neunzig",
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "eighteen", "nineteen", "sixteen",
    "seventeen", "fifteen", "fourteen", "thirteen", "twelve", "eleven",
    "twentysomething", "thirtysomething", "fortysomething",
];

/// Adjectives for a body, a face, an origin, a style.
#[rustfmt::skip]
pub(super) const LOOKS: &[&str] = &[
    "adolescent", "african", "aging", "ageing", "albino", "american", "ancient", "arab", "asian", "asthmatic",
    "athletic", "attractive", "bald", "balding", "bearded", "beautiful", "beefy", "bespectacled", "big", "biracial",
    "black", "blind", "blond", "blonde", "bony", "bookish", "bowlegged", "boyish", "brawny", "british", "broad",
    "brunette", "bulky", "burly", "buxom", "caucasian", "chic", "chinese", "chubby", "chunky", "compact", "craggy",
    "cuban", "curvy", "cute", "dapper", "dark", "dashing", "disheveled", "dishevelled", "elderly", "elegant",
    "enormous", "fair", "fat", "french", "frail", "freckled", "gangly", "gaunt", "german", "giant", "gigantic", "ginger",
    "girlish", "glamorous", "gorgeous", "gray", "graying", "grey", "greying", "grizzled", "haggard", "handsome", "hairy",
    "heavy", "heavyset", "hefty", "hispanic", "homely", "huge", "hulking", "immaculate", "imposing", "indian", "irish",
    "italian", "japanese", "jewish", "korean", "lame", "lanky", "large", "latina", "latino", "lean", "leathery", "little",
    "lithe", "massive", "matronly", "mexican", "moustached", "mousy", "muscled", "muscular", "mustached", "mustachioed",
    "native", "nerdy", "obese", "old", "overweight", "pale", "pallid", "petite", "pierced", "plump", "portly",
    "preppy", "pretty", "pudgy", "redhaired", "redhead", "redheaded", "retired", "robust", "rotund", "ruddy", "rugged",
    "russian", "scarred", "scrawny", "scruffy", "severe", "shabby", "short", "silver", "sinewy", "skinny", "slender",
    "slim", "small", "spanish", "spindly", "squat", "statuesque", "stocky", "stooped", "stout", "striking", "strapping",
    "sturdy", "stunning", "stylish", "tall", "tan", "tanned", "tattooed", "thickset", "thin", "tiny", "toothless",
    "toupeed", "towering", "trim", "tweedy", "ugly", "uniformed", "unkempt", "unshaven", "voluptuous", "weathered",
    "white", "willowy", "wiry", "wizened", "wrinkled", "young", "youthful",
];

/// The second halves of compounds: `gap-toothed`, `broad-shouldered`.
#[rustfmt::skip]
pub(super) const COMPOUND: &[&str] = &[
    "aged", "armed", "bearded", "bellied", "boned", "built", "cheeked", "chested", "dressed", "eyed", "faced",
    "featured", "fingered", "haired", "headed", "jawed", "legged", "limbed", "lipped", "looking", "mannered", "nosed",
    "proportioned", "shaven", "shouldered", "skinned", "toothed", "waisted",
];

/// What a body and a face have.
#[rustfmt::skip]
pub(super) const FEATURES: &[&str] = &[
    "accent", "arms", "bangs", "beard", "braces", "braid", "braids", "build", "bun", "belly", "bellied", "cheekbones", "cheeks", "chin", "complexion",
    "curls", "dimples", "dreadlocks", "dreads", "ears", "eyebrows", "eyes", "face", "features", "figure", "forearms",
    "forehead", "freckles", "glasses", "goatee", "hair", "haircut", "hands", "hunch", "jaw", "legs", "limp", "locks",
    "mohawk", "moustache", "mullet", "mustache", "muscles", "nose", "paunch", "physique", "piercing", "piercings",
    "pigtails", "ponytail", "scar", "scars", "shoulders", "sideburns", "skin", "spectacles", "stubble", "tan", "tattoo",
    "tattoos", "teeth", "tooth", "topknot", "whiskers", "wrinkles", "cheveux", "barbe", "haare", "haar", "bart", "pelo", "barba", "capelli",
    "cabelo", "wlosy",
];

/// What is worn.
#[rustfmt::skip]
pub(super) const CLOTHES: &[&str] = &[
    "apron", "armor", "armour", "bathrobe", "belt", "beret", "bikini", "black", "blazer", "blouse", "bonnet", "boots",
    "bowtie", "bra", "cap", "cape", "cardigan", "cassock", "cloak", "clothes", "coat", "collar", "corset", "costume",
    "coveralls", "crown", "cufflinks", "denim", "dress", "dungarees", "fatigues", "fur", "gloves", "goggles", "gown",
    "habit", "hat", "headscarf", "heels", "helmet", "hood", "hoodie", "jacket", "jeans", "jersey", "jewelry", "jumper",
    "jumpsuit", "khakis", "kilt", "kimono", "leather", "leotard", "livery", "makeup", "mask", "nightgown", "overalls",
    "overcoat", "pajamas", "pants", "parka", "pinstripe", "pinstripes", "poncho", "pyjamas", "raincoat", "rags", "robe",
    "robes", "sandals", "sari", "scarf", "scrubs", "shawl", "shirt", "shoes", "shorts", "skirt", "slacks", "slippers",
    "sneakers", "spacesuit", "suit", "sunglasses", "suspenders", "sweater", "sweats", "sweatshirt", "swimsuit", "tank",
    "tie", "tights", "top", "trenchcoat", "trousers", "trunks", "tunic", "turban", "tux", "tuxedo", "underwear",
    "uniform", "veil", "vest", "waistcoat", "wellingtons", "wig", "windbreaker", "mourning", "silk", "satin", "velvet", "lace", "underpants", "boxers", "shirtsleeves", "anorak", "frock",
    "petticoat", "breeches", "doublet", "greatcoat", "trench", "turtleneck", "polo", "flannel", "corduroy", "sweatsuit", "tracksuit", "kaftan",
    "hijab", "wetsuit", "ballgown", "nightshirt", "oilskins", "slicker", "blouson", "culottes", "camisole", "tabard",
    "backpack", "badge", "bandana", "beanie", "bib", "bracelet", "cane", "chain", "cowl", "cuffs", "earpiece", "earring",
    "earrings", "eyepatch", "fedora", "fleece", "fishnets", "garb", "gear", "handbag", "hardhat", "harness", "headband", "headphones",
    "headset", "holster", "hose", "kerchief", "lanyard", "leggings", "medallion", "moccasins", "monocle", "necklace", "oilskin",
    "oilskins", "pearls", "plaid", "purse", "rucksack", "sash", "satchel", "smock", "spurs", "stilettos", "stockings", "tiara",
    "toolbelt", "tutu", "tweed", "undershirt", "visor", "watch", "waders", "yarmulke", "knapsack", "kimono", "loafers", "pumps",
    "toque", "cloak", "tails", "cummerbund", "ascot", "galoshes", "mittens", "earmuffs", "parachute", "rags", "sweatpants",
    "manteau", "robe", "chapeau", "chemise", "uniforme", "veste", "echarpe", "lunettes", "gants", "mutze", "hut",
    "kleid", "anzug", "hemd", "brille", "schal", "abrigo", "vestido", "sombrero", "traje", "camisa", "gafas",
    "cappotto", "vestito", "cappello", "camicia", "occhiali", "casaco", "chapeu", "plaszcz", "kapelusz", "sukienka",
    "пальто", "шляпа", "шляпе", "платье", "костюм", "костюме",
];

/// What somebody is only now.
#[rustfmt::skip]
pub(super) const OF_NOW: &[&str] = &[
    "afraid", "alone", "amused", "angry", "annoyed", "anxious", "asleep", "awake", "bandaged", "barefoot", "bleeding",
    "bloodied", "bloody", "bored", "breathless", "bruised", "busy", "calm", "cheerful", "concerned", "confused",
    "crying", "curious", "dazed", "dead", "desperate", "determined", "dirty", "distracted", "drenched", "drunk", "dying",
    "eager", "embarrassed", "excited", "exhausted", "focused", "frantic", "frightened", "furious", "glad", "grim",
    "happy", "hesitant", "horrified", "hurt", "impatient", "late", "laughing", "lost", "mad", "muddy", "naked", "nervous",
    "numb", "oblivious", "panicked", "pleased", "poised", "pregnant", "proud", "puzzled", "ready", "relieved", "resigned",
    "sad", "scared", "serious", "shaken", "shirtless", "shocked", "sick", "silent", "sleeping", "sleepy", "smiling",
    "soaked", "sobbing", "speechless", "stunned", "surprised", "sweating", "sweaty", "tearful", "tense", "terrified",
    "tired", "triumphant", "unaware", "uncomfortable", "unconscious", "uneasy", "unhappy", "upset", "weeping", "wet",
    "worried", "wounded",
];

/// Nouns of a moment, of the camera and of what is no look.
#[rustfmt::skip]
pub(super) const NO_LOOK: &[&str] = &[
    "angle", "camera", "cigar", "cigarette", "close", "expression", "first", "frame", "frown", "gaze", "glance", "grin",
    "gun", "hurry", "last", "look", "next", "one", "only", "pov", "shot", "smile", "smirk", "stare", "tears", "way",
    "view", "wheel", "door", "end",
];

/// Where on a body something is carried: `a pencil behind one ear`, `headphones round her neck`.
#[rustfmt::skip]
pub(super) const CARRIED_ON: &[&str] = &[
    "ear", "neck", "shoulder", "shoulders", "bun", "beard", "ponytail", "cap", "hat", "collar", "pocket", "ankle", "waist", "hair", "belt", "lapel", "buttonhole", "forehead", "head", "chest", "wrist",
    "back", "hip",
];
/// Before these.
pub(super) const CARRIED: &[&str] = &[
    "behind", "round", "around", "on", "over", "across", "in", "about", "at", "strapped", "tucked",
    "slung", "stuck", "pinned", "at", "hung",
];

/// What somebody is at one age and not at another.
#[rustfmt::skip]
pub(super) const OF_AN_AGE: &[&str] = &[
    "adolescent", "aging", "ageing", "attractive", "bald", "balding", "beautiful", "boyish", "cute", "dashing", "elderly",
    "frail", "girlish", "gorgeous", "gray", "graying", "grey", "greying", "grizzled", "haired", "handsome", "little", "old",
    "pretty", "stooped", "stunning", "striking", "weathered", "wizened", "wrinkled", "young", "youthful", "toothless", "retired",
];

/// Plurals that are no verbs.
#[rustfmt::skip]
pub(super) const PLURALS: &[&str] = &[
    "always", "apprentices", "arts", "business", "clothes", "days", "economics", "friends", "hours", "kids", "letters",
    "means", "minutes", "months", "news", "parts", "perhaps", "politics", "pounds", "sales", "series", "sports", "stone",
    "sweets", "taxes", "towards", "twins", "weeks", "words", "years", "yes",
];

/// Who somebody is to others, which nobody sees.
#[rustfmt::skip]
pub(super) const KIN: &[&str] = &[
    "aunt", "boss", "boyfriend", "bride", "brother", "colleague", "cousin", "dad", "daughter", "father", "fiance", "fiancee",
    "friend", "girlfriend", "grandfather", "grandmother", "groom", "husband", "mom", "mother", "mum", "neighbor",
    "neighbour", "nephew", "niece", "partner", "sister", "son", "uncle", "wife",
    "mari", "epouse", "mere", "pere", "frere", "soeur", "fils", "mutter", "vater", "bruder",
    "schwester", "sohn", "tochter", "padre", "madre", "hermano", "hermana", "hijo", "hija", "esposa", "esposo",
    "fratello", "sorella", "figlio", "figlia", "moglie", "marito",
];

/// Before one of `KIN`: `older brother`.
#[rustfmt::skip]
pub(super) const KIN_OF: &[&str] = &[
    "best", "eldest", "elder", "estranged", "former", "late", "new", "old", "older", "only", "twin", "younger", "youngest",
];

/// What ails somebody inside, with one of `INNER`: `a bad knee`.
pub(super) const AILING: &[&str] = &[
    "bad",
    "broken",
    "failing",
    "trick",
    "sore",
    "weak",
    "mauvais",
    "mauvaise",
    "kaputtes",
    "schwaches",
    "mal",
];
/// Parts of the body on which that cannot be seen.
pub(super) const INNER: &[&str] = &[
    "back",
    "ear",
    "heart",
    "hearing",
    "hip",
    "knee",
    "knees",
    "liver",
    "lung",
    "lungs",
    "memory",
    "nerves",
    "stomach",
    "genou",
    "coeur",
    "knie",
    "herz",
    "rodilla",
    "ginocchio",
];

/// What is done to things of a place.
#[rustfmt::skip]
pub(super) const FIXED: &[&str] = &[
    "taped", "hung", "hanging", "pinned", "nailed", "mounted", "stuck", "tacked", "framed", "accroche", "accrochee",
    "punaise", "colle", "aufgehangt", "geklebt", "colgado", "colgada", "appeso", "appesa",
];

/// Parts of the body that rest on things.
#[rustfmt::skip]
pub(super) const LIMBS: &[&str] = &[
    "arm", "arms", "elbow", "elbows", "feet", "foot", "hand", "hands", "head", "heels", "knees", "legs", "leg", "eyes",
    "pied", "pieds", "main", "mains", "coude", "coudes", "jambes", "yeux", "fuss", "fusse", "hande",
    "arme", "ellbogen", "beine", "augen", "pies", "manos", "mano", "codos", "piedi", "mani", "gomiti", "pes", "maos",
];
/// On what, or how, they rest.
#[rustfmt::skip]
pub(super) const RESTS: &[&str] = &[
    "on", "against", "across", "over", "under", "in", "up", "down", "at", "folded", "crossed", "raised", "behind",
    "sur", "contre", "dans", "sous", "derriere", "croisees", "croises", "auf", "an", "am", "im", "gegen", "unter",
    "verschrankt", "sobre", "en", "contra", "su", "sul", "sulla", "sui", "contro", "nelle", "em", "no", "na",
];

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn words_are_spelt_as_they_are_compared() {
        for word in [
            ABOUT, AGES, LOOKS, COMPOUND, FEATURES, CLOTHES, OF_NOW, NO_LOOK, PLURALS, KIN, KIN_OF,
            AILING, INNER, FIXED, LIMBS, RESTS, CARRIED, CARRIED_ON, OF_AN_AGE,
        ]
        .concat()
        {
            assert_eq!(fold(word), word);
        }
    }
}
