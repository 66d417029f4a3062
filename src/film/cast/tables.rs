//! Word tables by which names are told from nouns, sounds and camera talk.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Gender::{self, Female, Male, Unknown};
use super::fold::fold;

/// Words before a name that make another age of its bearer, or another person.
#[rustfmt::skip]
const VARIANTS: &[&str] = &[
    "adult", "baby", "child", "elder", "elderly", "grown", "grownup", "infant", "junior", "kid", "little", "old",
    "older", "preteen", "senior", "teen", "teenage", "toddler", "younger", "young",
    "jeune", "petit", "petite", "vieux", "vieil", "vieille", "junge", "junger", "junges", "kleiner", "kleine",
    "alte", "alter", "joven", "pequeno", "pequena", "viejo", "vieja", "giovane", "piccolo", "piccola", "vecchio",
    "vecchia", "jovem", "velho", "velha", "mlody", "mloda", "stary", "stara", "молодои", "молодая", "старыи",
    "старая", "маленькии", "маленькая",
];

/// Whether a word before a name makes another age, or another person, of it.
pub(super) fn variant(word: &str) -> bool {
    VARIANTS.contains(&&*fold(word))
}

/// Titles: part of a name, never a name alone.
#[rustfmt::skip]
pub(super) const TITLES: &[(&str, Gender)] = &[
    ("agent", Unknown), ("aunt", Female), ("captain", Unknown), ("capt", Unknown), ("colonel", Unknown),
    ("col", Unknown), ("detective", Unknown), ("det", Unknown), ("doctor", Unknown), ("dr", Unknown),
    ("father", Male), ("general", Unknown), ("inspector", Unknown), ("judge", Unknown), ("lady", Female),
    ("lieutenant", Unknown), ("lt", Unknown), ("lord", Male), ("madame", Female), ("major", Unknown),
    ("miss", Female), ("mister", Male), ("mr", Male), ("mrs", Female), ("ms", Female), ("nurse", Unknown),
    ("officer", Unknown), ("president", Unknown), ("prof", Unknown), ("professor", Unknown),
    ("queen", Female), ("king", Male), ("prince", Male), ("princess", Female), ("rev", Unknown),
    ("reverend", Unknown), ("saint", Unknown), ("sergeant", Unknown), ("sgt", Unknown), ("sheriff", Unknown),
    ("sir", Male), ("sister", Female), ("uncle", Male), ("chief", Unknown), ("corporal", Unknown),
    ("commander", Unknown), ("marshal", Unknown), ("constable", Unknown), ("senator", Unknown),
    ("frau", Female), ("fraulein", Female), ("herr", Male), ("kommissar", Male), ("doktor", Unknown),
    ("mme", Female), ("mademoiselle", Female), ("mlle", Female), ("monsieur", Male), ("maitre", Unknown),
    ("docteur", Unknown), ("capitaine", Unknown), ("commissaire", Unknown), ("inspecteur", Unknown),
    ("senor", Male), ("senora", Female), ("senorita", Female), ("sra", Female), ("dona", Female),
    ("signor", Male), ("signore", Male), ("signora", Female), ("signorina", Female), ("dottore", Male),
    ("senhor", Male), ("senhora", Female), ("pan", Male), ("pani", Female), ("господин", Male), ("госпожа", Female),
];

/// Words that come before a role in capitals without being part of it.
pub(super) const DETERMINERS: &[&str] = &[
    "a", "an", "another", "any", "each", "eight", "eighteen", "every", "five", "four", "his",
    "her", "its", "many", "my", "nine", "no", "one", "other", "our", "several", "six", "some",
    "ten", "that", "the", "their", "these", "this", "those", "three", "twelve", "twenty", "two",
    "various", "your", "seven", "aka",
];

/// Small words inside names, by which nobody is called: `CHEF DE GARE`, `VOIX DU POSTE`.
#[rustfmt::skip]
pub(super) const PARTICLES: &[&str] = &[
    "al", "and", "d", "da", "das", "de", "dem", "den", "der", "des", "di", "die", "du", "el", "en", "et", "il",
    "l", "la", "las", "le", "les", "los", "of", "the", "und", "van", "vom", "von", "zu", "zum", "zur",
];

/// Words of the camera, the cut and the page. A run of capitals with one of them names nobody.
#[rustfmt::skip]
pub(super) const CAMERA: &[&str] = &[
    "aerial", "age", "aged", "angle", "beat", "begin", "black", "camera", "close", "closer", "closeup", "continuous",
    "credits", "crossfade", "cut", "dissolve", "dream", "dolly", "end", "establishing", "exits", "ext", "extreme",
    "fade", "fades", "favor", "favoring", "flash", "flashback", "flashcuts", "flashforward", "foreground",
    "frame", "freeze", "freezes", "handheld", "high", "hold", "insert", "int", "intercut", "into", "later",
    "low", "match", "montage", "morning", "night", "day", "off", "omitted", "pan", "pov", "present", "pull",
    "push", "quick", "reverse", "reveal", "scene", "series", "shot", "shots", "slow", "smash", "split",
    "stay", "subtitle", "super", "superimpose", "tight", "tilt", "time", "title", "titles", "toward",
    "towards", "track", "tracking", "transition", "underwater", "view", "wide", "wider", "zoom",
];

/// What follows one of these and a colon or a dash is read on the screen.
pub(super) const WRITTEN: &[&str] = &[
    "caption",
    "chyron",
    "crawl",
    "legend",
    "subtitle",
    "subtitles",
    "super",
    "superimpose",
    "superimposed",
    "supertitle",
    "text",
    "title",
    "titles",
];

/// Sounds and other words that scripts put in capitals, besides verbs by their endings.
#[rustfmt::skip]
pub(super) const SOUNDS: &[&str] = &[
    "applause", "bam", "bang", "bark", "beep", "blast", "boom", "burst", "buzz", "chime", "clack", "clang",
    "clap", "clatter", "click", "clink", "cough", "crack", "crash", "creak", "cries", "cry", "drum",
    "explosion", "footsteps", "gasp", "giggle", "giggles", "groan", "growl", "gunfire", "gunshot", "hiss",
    "horn", "howl", "hum", "keys", "kick", "knock", "krumf", "laugh", "laughter", "lightning", "music",
    "noise", "open", "piano", "pitch", "plays", "pop", "pops", "ptew", "rattle", "ring", "roar", "rumble",
    "scrape", "scream", "screams", "screech", "scuffle", "shut", "silence", "siren", "sirens", "slam", "smack",
    "smoke", "snap", "song", "sound", "splash", "squeak", "squeal", "stop", "tear", "thud", "thump", "thunder",
    "tick", "titter", "whack", "whirr", "whisper", "whistle", "whistles", "yell", "dead", "bad", "fills",
    "inches", "away", "up", "down", "out", "go", "warning", "stairs", "reality", "sold", "story", "sale",
    "standby", "activate", "ready", "error", "paper", "suddenly", "now", "then", "and", "not",
    "never", "all", "very", "must", "that", "this", "loud", "louder", "big", "same", "tm", "stilt", "well",
];

/// Given names by the gender they usually tell, the commonest of English-language scripts.
pub(super) const MEN: &str = "aaron adam adrian ahmed akira al alain alan albert alejandro alessandro alex alexander alexei alfred ali alistair allen amir amos andre andreas andrew andrzej andy angelo angus anil anthony antoine anton antonio archie arjun arnold arthur axel barney barry ben benjamin bernard bill billy bjorn björn bob bobby boris brad bradley brandon brendan brian brick bruce bryan bud callum calvin carl carlos cecil charles charlie chester chidi chris christian christopher chuck cillian clarence clark claude clay clifford clint clyde cole colin conor cormac craig crispin curtis cyrus dale dan daniel danny darren dave david dean declan dennis derek dex dick didier diego dieter dirk dmitri dominic don donal donald doug douglas duncan dustin dwight dylan earl ed eddie edgar edmund eduardo edward edwin eli elias elliot elmer emeka emile emilio enzo eoin eric erik ernest ernesto ernie esteban ethan eugene evan ewan ezra farid felix femi fernando finn floyd francis franco frank franklin fred freddie frederick fritz gabriel gareth gary gaston gavin gene geoffrey george gerald gilbert giles giovanni giuseppe glen gordon graham greg gregory guillaume gunnar gus guy günter hamish hank hans harold harry harvey hassan hector heinz henrik henry herbert herman hiro hiroshi homer horace howard hugh hugo hunter ian ibrahim ignacio igor ira isaac ivan jacek jack jackson jacob jake james jamie jan jared jason jasper javier jay jean-luc jed jeff jeffrey jeremy jerome jerry jesse jim jimmy joaquin joe joel joey john johnny jonah jonas jonathan jorge jose joseph josh joshua juan julian julien julius jurgen jürgen kai karim karl keith ken kenji kenneth kevin khalid kirk klaus kofi krzysztof kurt kwame kyle lance larry lars laurence lawrence lee leo leon leonard leroy lester levi lewis liam lloyd logan lorenzo lou louis luca lucas luis lukas luke magnus malcolm manuel marc marco marcus marek mario mark martin marvin mateo mathieu matt matteo matthew matthias maurice max melvin micah michael miguel mike mikhail miles milo mitch mitchell mohamed mohammed morgan morris moses murray nate nathan ned neil nelson niall nicholas nick nigel niklas nikolai nils noah norman norther olaf ole oleg oliver olivier omar orson oscar otis otto owain owen pablo paolo patrick paul pavel pawel pedro percy perry pete peter phil philip philippe pierre pietro piotr quentin rafael rahul ralph ramon randall randy ravi ray raymond reggie rené rex reza rhys ricardo richard rick ricky rob robert roberto robin rocky rodney rodrigo roger roland ron ronald ronnie rory ross roy rudy rufus rupert russell rusty ryan ryder rémi salvatore sam samir sammy samuel sanjay santiago satoshi saul scott seamus sean sebastian sergei seth shane sheldon sid sidney silas simon solomon spencer stan stanley stefan stefano stephen steve steven stewart stuart suresh sven takeshi tariq ted terence terry theodore thierry thomas thorsten tim timothy tobias toby todd tom tomas tommy tony travis trevor troy tunde tyler uwe vernon victor vikram vince vincent vladimir wade wallace walt walter warren wayne wes wesley wilbur wilfred will william willie winston wojciech wolfgang wyatt wyn yuri yusuf yves zach zachary zack zacky émile";
/// As `MEN`.
pub(super) const WOMEN: &str = "abby abigail ada adaeze agatha agnes agnieszka aisha akiko alessandra alice alicia alison amanda amara amber amelia amelie amina amy amélie ana anastasia andrea angela angie anita anke ann anna anne annette annie anya aoife april arlene astrid audrey ava barbara beatrice becky bella bernice bertha beth betsy betty beverly bianca birgit bonnie brenda bridget brigitte brittany camille candace carla carmen carol caroline carrie cassandra catalina catherine cathy cecilia cecily celia celine charlene charlotte chelsea cheryl chiara chioma chloe chloé christina christine ciara cindy claire clara claudia cleo colette colleen connie constance consuelo cora crystal cynthia céline daisy dana daphne darlene dawn debbie deborah deirdre delia della denise diana diane dolores donna dora doris dorothy edith edna eileen eilidh ekaterina elaine elara eleanor eleanora elena elisa elise elizabeth ella ellen ellie elodie elsa elsie emiko emily emma erica erin esmeralda esther ethel eva eve evelyn ewa faith fanny fatima felicia fernanda fiona florence frances francesca freya gail galina gemma georgia geraldine gertrude gina ginger gisela giselle giulia gladys gloria grace greta gretchen guadalupe guinevere gwen hanna hannah harper harriet hazel heather heidi heike helen helena henrietta hilda holly hope ida imani ines ingrid irene irina iris irma isabel isabella isla isolde ivy jackie jan jana jane janet janice jasmine jean jeanne jen jennie jennifer jenny jessica jill jing jo joan joanna jocelyn josephine josie joy joyce juanita judith judy julia julie juliet juliette june juno kara karen kate katherine kathleen kathryn kathy katie katrin katya kay keiko kelly kim kristen laura lauren layla leah leila lena leslie lillian lily linda linnea lisa liz lois lola loretta lorraine lottie louise lucia luciana lucille lucy ludmila lupe lydia lyra mabel mae maeve magdalena maggie mairi mandy manon marcia margaret margarita margaux marge marguerite maria marian mariana marie marilyn marion marisol marjorie marlene martha mary masha matilda maud maureen maxine maya meena megan melanie melinda melissa mercedes mia michelle mila mildred millie mina minnie miranda mireille miriam moira molly mona monica monika muriel myrtle nadia nadine nancy naomi natalia natalie natasha nell nellie ngozi niamh nicole nina noor nora norma noémie odette olga olive olivia opal orla ornella ottilie paloma pam pamela pascale patricia patsy patty paula pauline pearl peggy penelope penny phoebe phyllis pilar ping polly priscilla priya rachel rae ramona rebecca regina renate renee rhonda rita roberta rocio rosa rosalie rosalind rose rosemary rosie roxanne ruby ruth ruthie sabine sabrina sadie sakura sally samantha samira sandra sandy saoirse sara sarah scarlett selma shannon sharon sheila shelley sherry shirley sigrid silvia simone siobhan solène sonia sophia sophie stacey stacy stella stephanie sue susan susanna susie suzanne svetlana sylvia tamara tammy tanya tara tatiana teresa tess tessa thea thelma theresa tiffany tina toni tracy trudy ursula valentina valerie vanessa vera veronica vicky victoria viola violet virginia vivian wanda wendy wilma wren ximena yasmin yolanda yvonne zahra zainab zara zelda zoe zofia élodie";

/// Names that are also ordinary words: only a capital makes them names.
#[rustfmt::skip]
pub(super) const AMBIGUOUS: &[&str] = &[
    "amber", "angel", "april", "art", "ash", "august", "autumn", "bad", "barry", "basil", "bill", "black", "bliss",
    "bob", "brick", "brook", "brown", "buck", "bud", "buddy", "case", "chance", "charity", "chase", "chip",
    "christian", "chuck", "clay", "cliff", "colt", "crystal", "daisy", "dale", "dawn", "dean", "destiny",
    "dick", "don", "drew", "earl", "eve", "faith", "flint", "ford", "forest", "frank", "gene", "ginger",
    "glen", "grace", "grant", "gray", "green", "guy", "harmony", "harry", "hazel", "heath", "hill", "holly",
    "hope", "hunter", "iris", "ivy", "jack", "jade", "jasmine", "jay", "jean", "jet", "joy", "june",
    "king", "lance", "lane", "lily", "long", "lucky", "mark", "marshal", "mason", "may", "melody", "mercy",
    "miles", "mystery", "nick", "norm", "olive", "opal", "page", "pat", "pearl", "penny", "pepper", "peter", "petunia",
    "pierce", "ping", "price", "rain", "ray", "red", "reed", "rich", "rob", "robin", "rocky", "rod", "rose",
    "ruby", "rusty", "sage", "sandy", "scarlett", "scout", "sky", "skip", "star", "steel", "sterling",
    "stone", "storm", "sue", "summer", "sunny", "ted", "tiger", "trip", "van", "victor", "violet", "wade",
    "ward", "white", "will", "wolf", "wood", "young", "jing", "max", "enigma",
];

/// Relations: after one of these a name is introduced, and after a possessive it means someone.
#[rustfmt::skip]
pub(super) const RELATIONS: &[(&str, Gender)] = &[
    ("aunt", Female), ("boyfriend", Male), ("bride", Female), ("brother", Male), ("dad", Male),
    ("daughter", Female), ("father", Male), ("girlfriend", Female), ("grandfather", Male),
    ("grandmother", Female), ("groom", Male), ("husband", Male), ("mom", Female), ("mother", Female),
    ("nephew", Male), ("niece", Female), ("sister", Female), ("son", Male), ("uncle", Male), ("wife", Female),
    ("friend", Unknown), ("partner", Unknown), ("boss", Unknown), ("assistant", Unknown), ("colleague", Unknown),
    ("neighbor", Unknown), ("neighbour", Unknown), ("cousin", Unknown), ("minion", Unknown), ("band", Unknown), ("man", Male), ("woman", Female), ("boy", Male), ("girl", Female),
];

/// What a person does right after being introduced.
#[rustfmt::skip]
pub(super) const DOES: &[&str] = &[
    "admires", "approaches", "arrives", "bows", "bursts", "carries", "checks", "climbs", "comes", "cries",
    "dances", "drinks", "drives", "eats", "emerges", "enters", "exits", "falls", "gets", "glances", "hands",
    "hides", "holds", "jumps", "kneels", "laughs", "leads", "leans", "leaves", "lies", "listens", "looks",
    "nods", "opens", "paces", "peers", "plays", "pulls", "pushes", "raises", "reaches", "reads", "rises",
    "runs", "rushes", "scans", "shakes", "shouts", "sighs", "sings", "sits", "sleeps", "smiles", "smokes",
    "speaks", "stands", "stares", "steps", "stops", "strolls", "struggles", "takes", "talks", "turns",
    "types", "waits", "wakes", "walks", "watches", "waves", "wears", "weeps", "works", "writes", "yells",
];

static GIVEN_NAMES: LazyLock<HashMap<&str, Gender>> = LazyLock::new(|| {
    let mut names: HashMap<&str, Gender> = MEN.split(' ').map(|name| (name, Male)).collect();
    for name in WOMEN.split(' ') {
        names
            .entry(name)
            .and_modify(|gender| *gender = Unknown)
            .or_insert(Female);
    }
    names
});

/// The gender that a given name usually tells; unknown for names of both.
pub(super) fn given_name(word: &str) -> Option<Gender> {
    GIVEN_NAMES.get(word).copied()
}

/// The gender that a title tells, if the word is a title.
pub(super) fn title(word: &str) -> Option<Gender> {
    let folded = &*fold(word);
    let found = TITLES.iter().find(|(noun, _)| *noun == folded);
    found.map(|(_, gender)| *gender)
}
