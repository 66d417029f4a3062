//! Whether a speaker is in the picture: what a cue says by its extensions and its name.
//!
//! The words are a table in capitals without accents, as cues are compared; writers in other
//! languages use their own, and those of English.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::words::Heard;

/// What a cue says of where its words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CueSound {
    /// Nothing else is said: the speaker is in the picture.
    Seen,
    /// The speaker is never in the picture.
    Only(Heard),
    /// A telephone, a radio, a narrator: one may be at either end. Whom the action of the scene
    /// shows is in the picture, whom it does not is heard.
    EitherEnd,
}

use CueSound::{EitherEnd, Only, Seen};

const OVER: CueSound = Only(Heard::VoiceOver);
const OFF: CueSound = Only(Heard::OffScreen);

/// Where in an extension words must stand to be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// They are the extension.
    Whole,
    /// Wherever they stand.
    Within,
}

use Where::{Whole, Within};

/// What extensions say of themselves. Single letters in a row are one word (`O. S.`, `V/O`).
#[rustfmt::skip]
const MARKS: &[(&str, Where, CueSound)] = &[
    ("VO", Within, OVER), ("VOICE OVER", Within, OVER), ("VOICEOVER", Within, OVER), ("VOICE", Whole, OVER),
    ("NARRATION", Within, OVER), ("NARRATING", Within, OVER), ("THOUGHTS", Within, OVER),
    ("INTERNAL", Whole, OVER), ("INNER VOICE", Within, OVER),
    ("VOIX OFF", Within, OVER), ("VOZ EN OFF", Within, OVER), ("VOZ OFF", Within, OVER),
    ("VOCE OFF", Within, OVER), ("VOCE NARRANTE", Within, OVER), ("ЗА КАДРОМ", Within, OVER),
    ("ЗК", Whole, OVER), ("ERZAHLT", Whole, OVER), ("旁白", Within, OVER), ("画外音", Within, OVER),
    ("畫外音", Within, OVER), ("ナレーション", Within, OVER),
    ("OS", Within, OFF), ("OC", Within, OFF), ("OOV", Within, OFF), ("OFF", Whole, OFF),
    ("OFFSCREEN", Within, OFF), ("OFF SCREEN", Within, OFF), ("OFFCAMERA", Within, OFF),
    ("OFF CAMERA", Within, OFF), ("OFFSTAGE", Within, OFF), ("OFF STAGE", Within, OFF),
    ("OUT OF VIEW", Within, OFF), ("OUT OF SHOT", Within, OFF), ("OUT OF FRAME", Within, OFF),
    ("OUT OF SIGHT", Within, OFF), ("UNSEEN", Whole, OFF), ("NOT SEEN", Within, OFF), ("HEARD", Whole, OFF),
    ("FROM OFF", Within, OFF), ("FROM OUTSIDE", Within, OFF), ("FROM INSIDE", Within, OFF),
    ("FROM WITHIN", Within, OFF), ("FROM UPSTAIRS", Within, OFF), ("FROM DOWNSTAIRS", Within, OFF),
    ("FROM BELOW", Within, OFF), ("FROM ABOVE", Within, OFF), ("FROM NEXT DOOR", Within, OFF),
    ("FROM ANOTHER ROOM", Within, OFF), ("FROM THE OTHER ROOM", Within, OFF), ("FROM OTHER ROOM", Within, OFF),
    ("FROM THE NEXT ROOM", Within, OFF), ("BEHIND DOOR", Within, OFF), ("BEHIND THE DOOR", Within, OFF),
    ("THROUGH DOOR", Within, OFF), ("THROUGH THE DOOR", Within, OFF), ("THROUGH WALL", Within, OFF),
    ("THROUGH THE WALL", Within, OFF), ("PRELAP", Within, OFF), ("PRE LAP", Within, OFF),
    ("FILTERED", Within, OFF), ("FILTER", Within, OFF), ("RECORDED", Within, OFF), ("PRERECORDED", Within, OFF),
    ("OTHER END", Within, OFF), ("ON THE LINE", Within, EitherEnd), ("ON LINE", Within, EitherEnd),
    ("HORS CHAMP", Within, OFF), ("HORS CADRE", Within, OFF), ("HC", Whole, OFF), ("EN OFF", Within, OFF),
    ("IM OFF", Within, OFF), ("AUS DEM OFF", Within, OFF), ("AUSSERHALB", Within, OFF), ("FUORI CAMPO", Within, OFF),
    ("FC", Whole, OFF), ("FUERA DE CAMPO", Within, OFF), ("FUERA DE CUADRO", Within, OFF),
    ("FUERA DE CAMARA", Within, OFF), ("FORA DE CAMPO", Within, OFF), ("FORA DE QUADRO", Within, OFF),
    ("EM OFF", Within, OFF), ("POZA KADREM", Within, OFF), ("Z OFFU", Within, OFF), ("ВНЕ КАДРА", Within, OFF),
    ("画外", Within, OFF), ("オフ", Whole, OFF),
];

/// What carries a voice from elsewhere, and what it says of the speaker by itself or after `ON`.
#[rustfmt::skip]
const DEVICES: &[(&str, CueSound)] = &[
    ("PHONE", EitherEnd), ("TELEPHONE", EitherEnd), ("CELL", EitherEnd), ("CELLPHONE", EitherEnd),
    ("MOBILE", EitherEnd), ("SMARTPHONE", EitherEnd), ("PAYPHONE", EitherEnd), ("RECEIVER", EitherEnd),
    ("HANDSET", EitherEnd), ("RADIO", EitherEnd), ("WALKIE", EitherEnd), ("TALKIE", EitherEnd),
    ("INTERCOM", EitherEnd), ("HEADSET", EitherEnd), ("COM", EitherEnd), ("COMM", EitherEnd),
    ("COMMS", EitherEnd), ("EARPIECE", EitherEnd), ("SKYPE", EitherEnd), ("FACETIME", EitherEnd),
    ("SPEAKERPHONE", OFF), ("SPEAKER", OFF), ("SPEAKERS", OFF), ("LOUDSPEAKER", OFF), ("LOUDSPEAKERS", OFF),
    ("PA", OFF), ("TANNOY", OFF), ("TV", OFF), ("TELEVISION", OFF), ("TELLY", OFF), ("SCREEN", OFF),
    ("MONITOR", OFF), ("VIDEO", OFF), ("RECORDING", OFF), ("RECORDER", OFF), ("TAPE", OFF), ("RECORD", OFF),
    ("VOICEMAIL", OFF), ("ANSWERING MACHINE", OFF), ("NEWS", OFF), ("PODCAST", OFF), ("HEADPHONES", OFF),
    ("TELEFON", EitherEnd), ("TELEFONU", EitherEnd), ("TELEFONO", EitherEnd), ("TELEFONE", EitherEnd),
    ("HANDY", EitherEnd), ("HORER", EitherEnd), ("FUNK", EitherEnd), ("FUNKGERAT", EitherEnd),
    ("COMBINE", EitherEnd), ("INTERPHONE", EitherEnd), ("CITOFONO", EitherEnd), ("PORTABLE", EitherEnd),
    ("MOVIL", EitherEnd), ("CELULAR", EitherEnd), ("CELLULARE", EitherEnd), ("ТЕЛЕФОН", EitherEnd),
    ("ТЕЛЕФОНУ", EitherEnd), ("РАЦИИ", EitherEnd), ("РАДИО", EitherEnd), ("RADIU", EitherEnd),
    ("电话", EitherEnd), ("電話", EitherEnd),
    ("POSTE", OFF), ("HAUT PARLEUR", OFF), ("LAUTSPRECHER", OFF), ("ALTAVOZ", OFF), ("ALTOPARLANTE", OFF),
    ("FERNSEHEN", OFF), ("FERNSEHER", OFF), ("TELE", OFF), ("TELEVISEUR", OFF), ("TELEVISIONE", OFF),
    ("TELEVISAO", OFF), ("TELEWIZJI", OFF), ("ТЕЛЕВИЗОРУ", OFF), ("REPONDEUR", OFF), ("ANRUFBEANTWORTER", OFF),
];

/// Who speaks into a device holds it: `(INTO PHONE)`, `(ins Telefon)`.
const INTO: &[&str] = &["INTO", "TO", "INS", "DANS", "NEL", "NELLA", "В"];
/// Whose voice comes from one is elsewhere, whatever the device: `(OVER RADIO)`.
#[rustfmt::skip]
const FROM: &[&str] = &[
    "OVER", "FROM", "THROUGH", "THRU", "VIA", "OUT", "AUS", "DURCH", "UBER", "DEPUIS", "DESDE", "DAL", "DALLA",
    "PRZEZ", "ИЗ", "ЧЕРЕЗ",
];
/// Small words between these and the device, or in their place: `(ON THE PHONE)`, `(au téléphone)`.
#[rustfmt::skip]
const ON: &[&str] = &[
    "ON", "AT", "BY", "THE", "A", "HIS", "HER", "AN", "AM", "IM", "DEM", "DER", "DAS", "PER", "AU", "LA", "LE",
    "AL", "EN", "EL", "ALLA", "IN", "AO", "NO", "NA", "W", "ПО", "CELL", "MOBILE", "CAR", "VIDEO", "WALKIE",
    "TV", "RADIO", "TELE", "HAUT", "ANSWERING",
];

/// Names that are voices. A German one may be the end of a word: `FUNKSTIMME`.
#[rustfmt::skip]
const VOICES: &[&str] = &[
    "VOICE", "VOICES", "VOIX", "STIMME", "STIMMEN", "VOZ", "VOCES", "VOZES", "VOCE", "VOCI", "GLOS", "GLOSY",
    "ГОЛОС", "ГОЛОСА", "声", "声音",
];
/// Of `TOM'S VOICE`, `VOIX DE TOM`: what stands between the voice and whose it is.
const OF: &[&str] = &["OF", "DE", "DI", "DA", "DU", "VON", "D"];
/// People who are heard more often than seen.
#[rustfmt::skip]
const HEARD_MOSTLY: &[&str] = &[
    "NARRATOR", "NARRATEUR", "NARRATRICE", "NARRATORE", "NARRADOR", "NARRADORA", "ERZAHLER", "ERZAHLERIN",
    "РАССКАЗЧИК", "ANNOUNCER", "NEWSREADER", "NEWSCASTER", "DISPATCHER", "DISPATCH", "CALLER",
];

/// What a cue says of where its words come from: `name` outside the parentheses, `extensions` in
/// them.
#[must_use]
pub fn cue_sound(name: &str, extensions: &[String]) -> CueSound {
    let mut found = Seen;
    for extension in extensions {
        match extension_sound(&folded_words(extension)) {
            Only(heard) => return Only(heard),
            EitherEnd => found = EitherEnd,
            Seen => {}
        }
    }
    if found == Seen {
        found = name_sound(&folded_words(name));
    }
    found
}

/// Whether a name is nobody's but a voice's or a device's: never in the picture.
#[must_use]
pub fn is_voice(name: &str) -> bool {
    matches!(name_sound(&folded_words(name)), Only(_))
}

/// Whose voice a name is: `TOM` of `TOM'S VOICE`, `VOICE OF TOM` and `VOIX DE TOM`.
#[must_use]
pub fn voice_of(name: &str) -> Option<&str> {
    let name = name.trim();
    if let Some((whose, voice)) = name.rsplit_once(' ')
        && VOICES.contains(&folded(voice).as_str())
        && let Some(whose) = ["'S", "’S", "'s", "’s", "S'", "S’"]
            .iter()
            .find_map(|end| whose.strip_suffix(end).map(|one| (one, end)))
    {
        let (one, end) = whose;
        // `JAMES' VOICE` keeps its own S.
        let kept = one.len() + usize::from(end.starts_with('S'));
        return name.get(..kept).filter(|one| !one.is_empty());
    }
    let (voice, whose) = name.split_once(' ')?;
    let (of, whose) = whose.split_once([' ', '\'', '’'])?;
    let is = |list: &[&str], word: &str| list.contains(&folded(word).as_str());
    (is(VOICES, voice) && is(OF, of)).then_some(whose.trim())
}

fn extension_sound(words: &[String]) -> CueSound {
    let mut found = Seen;
    for (phrase, place, sound) in MARKS {
        let count = phrase.split(' ').count();
        let here = |window: &[String]| window.iter().map(String::as_str).eq(phrase.split(' '));
        let meant = match place {
            Whole => here(words),
            Within => words.windows(count).any(here),
        };
        match (meant, sound) {
            (true, Only(_)) => return *sound,
            (true, _) => found = *sound,
            _ => {}
        }
    }
    if found == Seen {
        device(words).unwrap_or(Seen)
    } else {
        found
    }
}

/// What words that end in a device say; `None` if they do not, or tell what is done with it
/// (`PICKS UP THE PHONE`).
fn device(words: &[String]) -> Option<CueSound> {
    let (at, sound) = (0..words.len()).rev().find_map(|at| {
        let rest = words[at..].iter().map(String::as_str);
        let named = |(name, _): &&(&str, CueSound)| {
            let count = name.split(' ').count();
            rest.clone().take(count).eq(name.split(' '))
        };
        DEVICES.iter().find(named).map(|(_, sound)| (at, *sound))
    })?;
    let before = words[..at].iter().rev().map(String::as_str);
    let first = before.clone().find(|word| !ON.contains(word));
    match first {
        Some(word) if INTO.contains(&word) => None,
        Some(word) if FROM.contains(&word) => Some(OFF),
        Some(_) => None,
        None => Some(sound),
    }
}

fn name_sound(words: &[String]) -> CueSound {
    let Some(last) = words.last() else {
        return Seen;
    };
    let is_voice = |word: &String| {
        VOICES.contains(&word.as_str()) || word.ends_with("STIMME") && word.len() > 6
    };
    if words.iter().any(is_voice) {
        return OFF;
    }
    // `MAN ON TV`, `RADIO`
    let on = words.iter().position(|word| word == "ON" || word == "OVER");
    match on {
        Some(at) if at > 0 => return device(&words[at..]).unwrap_or(Seen),
        _ if (words.len() == 1 || last == "MACHINE") && device(words).is_some() => return OFF,
        _ => {}
    }
    if HEARD_MOSTLY.contains(&last.as_str()) {
        EitherEnd
    } else {
        Seen
    }
}

/// In capitals, without accents.
fn folded(text: &str) -> String {
    let marks = |c: &char| !is_combining_mark(*c);
    let upper: String = text.to_uppercase();
    let bare: String = upper.nfkd().filter(marks).collect();
    bare.replace('Ł', "L")
}

/// What a voice from elsewhere comes through, as a prompt has it, by words of the cue's brackets.
#[rustfmt::skip]
const THROUGH: &[(&str, &[&str])] = &[
    ("over the phone", &[
        "PHONE", "TELEPHONE", "CELL", "CELLPHONE", "MOBILE", "SMARTPHONE", "PAYPHONE", "SPEAKERPHONE", "TELEFON", "TELEFONU",
        "TELEFONO", "TELEFONE", "HANDY", "HORER", "COMBINE", "MOVIL", "CELULAR", "CELLULARE", "ТЕЛЕФОН", "ТЕЛЕФОНУ", "电话", "電話",
    ]),
    ("over the radio", &["RADIO", "WALKIE", "TALKIE", "FUNK", "FUNKGERAT", "HEADSET", "EARPIECE", "РАЦИИ", "РАДИО", "RADIU"]),
    ("over the intercom", &["INTERCOM", "INTERPHONE", "CITOFONO"]),
    ("over the loudspeaker", &[
        "SPEAKER", "SPEAKERS", "LOUDSPEAKER", "LOUDSPEAKERS", "PA", "TANNOY", "PARLEUR", "LAUTSPRECHER", "ALTAVOZ", "ALTOPARLANTE",
    ]),
    ("from the television", &[
        "TV", "TELEVISION", "TELLY", "FERNSEHEN", "FERNSEHER", "TELEVISEUR", "TELEVISIONE", "TELEVISAO", "TELEWIZJI", "ТЕЛЕВИЗОРУ",
    ]),
    ("from a recording", &["VOICEMAIL", "TAPE", "RECORDING", "RECORDER", "REPONDEUR", "ANRUFBEANTWORTER"]),
];

/// What a voice that is only heard comes through, by the brackets of its cue: `over the phone`.
#[must_use]
pub fn cue_device(extensions: &[String]) -> Option<&'static str> {
    let words: Vec<String> = extensions
        .iter()
        .flat_map(|extension| folded_words(extension))
        .collect();
    let told = |names: &[&str]| words.iter().any(|word| names.contains(&word.as_str()));
    THROUGH
        .iter()
        .find(|(_, names)| told(names))
        .map(|(says, _)| *says)
}

/// Whether words say what a voice comes through, as `cue_device` does.
#[must_use]
pub fn is_device(words: &str) -> bool {
    THROUGH.iter().any(|(says, _)| *says == words)
}

/// The words of a cue's part; single letters in a row are one.
fn folded_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut letters = false;
    for word in folded(text).split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() {
            continue;
        }
        let single = word.chars().count() == 1 && word.is_ascii();
        match words.last_mut() {
            Some(last) if letters && single => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
        letters = single;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(cue: &str) -> CueSound {
        let (name, rest) = cue.split_once('(').unwrap_or((cue, ""));
        let extensions: Vec<String> = rest
            .split('(')
            .map(|part| part.trim().trim_end_matches(')').to_owned())
            .filter(|part| !part.is_empty())
            .collect();
        cue_sound(name.trim(), &extensions)
    }

    #[test]
    fn words_are_spelt_as_they_are_compared() {
        let marks = MARKS.iter().map(|(phrase, ..)| *phrase);
        let devices = DEVICES.iter().map(|(name, _)| *name);
        let lists = [INTO, FROM, ON, VOICES, OF, HEARD_MOSTLY].concat();
        for phrase in marks.chain(devices).chain(lists) {
            assert_eq!(folded(phrase), phrase);
        }
    }

    #[test]
    fn cues_tell_who_is_only_heard() {
        for cue in [
            "MOM (O. S.)",
            "MOM (O.S.)",
            "MOM (o.c.)",
            "MOM (O/C)",
            "MOM (OFF)",
            "MOM (off-screen)",
            "MOM (OFF CAMERA)",
            "MOM (offstage)",
            "MOM (PRE-LAP)",
            "MOM (prelap)",
            "MOM (FILTERED)",
            "MOM (filtered, tinny)",
            "MOM (from the speaker)",
            "MOM (ON TV)",
            "MOM (TV)",
            "MOM (on the television)",
            "MOM (OVER RADIO)",
            "MOM (over the phone)",
            "MOM (THROUGH PHONE)",
            "MOM (VIA WALKIE-TALKIE)",
            "MOM (on speakerphone)",
            "MOM (on answering machine)",
            "MOM (FROM OFFSCREEN)",
            "MOM (from upstairs)",
            "MOM (through the door)",
            "MOM (ON TAPE)",
            "ANNA (HORS-CHAMP)",
            "ANNA (IM OFF)",
            "ANNA (FUORI CAMPO)",
            "ANNA (f.c.)",
            "ANNA (EN OFF)",
            "ANNA (À LA TÉLÉ)",
            "ANNA (aus dem Radio)",
            "VOICE ON RADIO",
            "TOM'S VOICE",
            "VOICES",
            "FUNKSTIMME",
            "VOIX DU POSTE",
            "ГОЛОС",
            "VOZ DE ANA",
            "GŁOS",
            "MAN ON TV",
            "RADIO",
            "INTERCOM",
            "ANSWERING MACHINE",
            "WOMAN'S VOICE (CONT'D)",
        ] {
            assert_eq!(sound(cue), OFF, "{cue}");
        }
        for cue in [
            "LIZ (V. O.)",
            "LIZ (V/O)",
            "LIZ (VO)",
            "LIZ (v.o.)",
            "LIZ (Voice over)",
            "LIZ (VOICE-OVER)",
            "LIZ (V.O., on phone)",
            "LIZ (on phone) (V.O.)",
            "LIZ (VOIX OFF)",
            "ЛИЗА (ЗА КАДРОМ)",
            "LI (旁白)",
        ] {
            assert_eq!(sound(cue), OVER, "{cue}");
        }
        for cue in [
            "JOE (phone)",
            "JOE (ON PHONE)",
            "HANS (on the radio)",
            "JOE (on his cell phone)",
            "JOE (ON THE LINE)",
            "JOE (au téléphone)",
            "JOE (AM TELEFON)",
            "ДЖО (ПО ТЕЛЕФОНУ)",
            "NARRATOR",
            "WOMAN ON PHONE",
        ] {
            assert_eq!(sound(cue), EitherEnd, "{cue}");
        }
        for cue in [
            "TOM",
            "TOM (INTO PHONE)",
            "TOM (into the radio)",
            "TOM (TO INTERCOM)",
            "TOM (ins Telefon)",
            "TOM (picks up the phone)",
            "TOM (turns off radio)",
            "TOM (CONT'D)",
            "TOM (30)",
            "TOM (YOUNG)",
            "TOM (hanging up the phone)",
            "TOM (walks off)",
            "TOM (to the others)",
            "RADIO OPERATOR",
            "VICTORIA",
            "OSCAR (laughing)",
            "TOM (into mic)",
        ] {
            assert_eq!(sound(cue), Seen, "{cue}");
        }
    }

    #[test]
    fn a_voice_has_an_owner() {
        for (name, owner) in [
            ("TOM'S VOICE", Some("TOM")),
            ("JAMES' VOICE", Some("JAMES")),
            ("VOICE OF TOM", Some("TOM")),
            ("VOIX D'ÉLODIE", Some("ÉLODIE")),
            ("VOZ DE ANA MARÍA", Some("ANA MARÍA")),
            ("VOICE ON RADIO", None),
            ("VOICE", None),
            ("TOM", None),
        ] {
            assert_eq!(voice_of(name), owner, "{name}");
        }
    }
}
