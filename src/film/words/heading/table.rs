//! The words of scene headings, in every language that is known: one table for what begins a
//! heading, one for what of it says when.

use super::super::{Place, TimeOfDay};
use super::{Begins, Frame, When};

/// What begins a heading. `INT.` and the like are typed in any case; words of a language only in
/// capitals, as `Innen` also begins a sentence; signs of scripts without capitals with a space or a
/// mark behind.
#[rustfmt::skip]
pub(super) const PREFIXES: &[(Place, Begins, &[&str])] = &[
    (Place::Interior, Begins::Any, &["INT", "ИНТ"]),
    (Place::Exterior, Begins::Any, &["EXT", "EST", "ЭКСТ"]),
    (Place::Interior, Begins::Paired, &["I"]),
    (Place::Exterior, Begins::Paired, &["E"]),
    (
        Place::Interior,
        Begins::Word,
        &[
            "INTERIOR", "INTÉRIEUR", "INTERIEUR", "INTERNO", "INTERNI", "INNEN", "WNĘTRZE", "WNĘTRZA", "ИНТЕРЬЕР", "ПОМЕЩЕНИЕ",
        ],
    ),
    (
        Place::Exterior,
        Begins::Word,
        &[
            "EXTERIOR", "EXTÉRIEUR", "EXTERIEUR", "ESTERNO", "ESTERNI", "AUSSEN", "AUßEN", "PLENER", "ЭКСТЕРЬЕР", "НАТУРА",
        ],
    ),
    (Place::Interior, Begins::Stopped, &["WN", "WNĘTRZE", "ПАВ"]),
    (Place::Exterior, Begins::Stopped, &["PLEN", "НАТ"]),
    (
        Place::Both,
        Begins::Sign,
        &["内外", "外内", "内景外景", "屋内外"],
    ),
    (
        Place::Interior,
        Begins::Sign,
        &["内景", "內景", "内", "內", "室内", "室內", "屋内", "屋內", "실내"],
    ),
    (
        Place::Exterior,
        Begins::Sign,
        &["外景", "外", "室外", "屋外", "실외", "야외"],
    ),
    // A scene of a Japanese script begins with a circle: `○居酒屋・内（夜）`.
    (Place::Unsaid, Begins::Mark, &["○", "〇", "◯"]),
];

/// What joins two of them: `INT./EXT.`, `INT. / EXT.`, `INT & EXT`, `INT-EXT`.
pub(super) const JOINS: &[&str] = &["/", "-", "\u{2013}", "&", "+", "\\", "AND ", "UND ", "ET "];

use Frame::{Dream, Flashback, Flashforward, Intercut, Montage, Present, Remark};
use TimeOfDay::{Afternoon, Dawn, Day, Dusk, Evening, Morning, Night};
use When::{AnotherDay, Beside, Framed, GoesOn, Hour, Later, Lone};

/// What words of a heading say of when it plays, and what else is said beside the time. Where one
/// has several that say the time of day, the first here counts: `PRE-DAWN`, `MIDNIGHT`,
/// `SPÄTER NACHMITTAG`. Accents, capitals and hyphens do not count.
#[rustfmt::skip]
pub(super) const TIMES: &[(When, &[&str])] = &[
    (Hour(Dawn), &["PRE DAWN", "PREDAWN"]),
    (
        Hour(Night),
        &[
            "MIDNIGHT", "MINUIT", "MITTERNACHT", "MEDIANOCHE", "MEZZANOTTE", "MEIA NOITE", "PÓŁNOC", "ПОЛНОЧЬ", "午夜", "真夜中", "자정",
        ],
    ),
    (Hour(Dusk), &["NIGHTFALL"]),
    (
        Hour(Dawn),
        &[
            "DAYBREAK", "SUNRISE", "SUNUP", "DAWN", "FIRST LIGHT", "AUBE", "LEVER DU SOLEIL", "LEVER DU JOUR", "PETIT MATIN", "MORGENDÄMMERUNG", "MORGENGRAUEN",
            "SONNENAUFGANG", "AMANECER", "MADRUGADA", "AMANHECER", "NASCER DO SOL", "ŚWIT", "WSCHÓD SŁOŃCA", "РАССВЕТ", "НА РАССВЕТЕ", "ВОСХОД", "凌晨", "黎明",
            "拂晓", "拂曉", "日出", "夜明け", "明け方", "未明", "새벽",
        ],
    ),
    (Lone(Dawn), &["ALBA", "SALIDA DEL SOL"]),
    (
        Hour(Dusk),
        &[
            "SUNSET", "SUNDOWN", "DUSK", "TWILIGHT", "MAGIC HOUR", "GOLDEN HOUR", "BLUE HOUR", "CRÉPUSCULE", "COUCHER DU SOLEIL", "COUCHER DE SOLEIL",
            "HEURE BLEUE", "ABENDDÄMMERUNG", "DÄMMERUNG", "SONNENUNTERGANG", "BLAUE STUNDE", "ATARDECER", "ANOCHECER", "CREPÚSCULO", "TRAMONTO", "CREPUSCOLO",
            "IMBRUNIRE", "ENTARDECER", "ANOITECER", "PÔR DO SOL", "ZMIERZCH", "ZACHÓD SŁOŃCA", "ZMROK", "СУМЕРКИ", "ЗАКАТ", "НА ЗАКАТЕ", "РЕЖИМ", "黄昏", "黃昏",
            "傍晚", "日落", "夕暮れ", "夕方", "夕",
        ],
    ),
    (Lone(Dusk), &["PUESTA DE SOL"]),
    (
        Hour(Afternoon),
        &[
            "AFTERNOON", "APRÈS MIDI", "NACHMITTAG", "NACHMITTAGS", "POMERIGGIO", "POPOŁUDNIE", "POPOŁUDNIU", "下午", "午後", "오후",
        ],
    ),
    (Lone(Afternoon), &["TARDE"]),
    (
        Hour(Morning),
        &[
            "MORNING", "MATIN", "MATINÉE", "MORGENS", "FRÜHER MORGEN", "AM MORGEN", "NÄCHSTER MORGEN", "NÄCHSTEN MORGEN", "VORMITTAG", "VORMITTAGS", "MAÑANA",
            "MATTINA", "MATTINO", "MATTINATA", "MANHÃ", "PORANEK", "RANEK", "УТРО", "УТРОМ", "清晨", "早晨", "早上", "上午", "晨", "早朝", "午前", "朝", "아침",
        ],
    ),
    (
        Hour(Day),
        &[
            "NOON", "MIDDAY", "MITTAG", "MITTAGS", "MEDIODÍA", "MEZZOGIORNO", "MEIO DIA", "POŁUDNIE", "ПОЛДЕНЬ", "中午", "正午",
        ],
    ),
    (
        Hour(Evening),
        &[
            "EVENING", "SOIR", "SOIRÉE", "ABEND", "ABENDS", "WIECZÓR", "WIECZOREM", "ВЕЧЕР", "ВЕЧЕРОМ", "晚上", "晚", "저녁",
        ],
    ),
    (Lone(Evening), &["SERA", "SERATA"]),
    (
        Hour(Night),
        &[
            "NIGHT", "NIGHTTIME", "NUIT", "NACHT", "NACHTS", "NOCHE", "NOTTE", "NOITE", "НОЧЬ", "НОЧЬЮ", "深夜", "夜晚", "夜里", "夜", "밤",
        ],
    ),
    (Lone(Night), &["NOC", "NOCĄ", "W NOCY"]),
    (
        Hour(Day),
        &[
            "DAYTIME", "DAY", "DAYLIGHT", "JOUR", "JOURNÉE", "TAGSÜBER", "AM TAG", "NÄCHSTER TAG", "NÄCHSTEN TAG", "GIORNO", "DZIEŃ", "ДЕНЬ", "ДНЁМ", "白天", "日",
            "昼", "낮",
        ],
    ),
    (Lone(Day), &["TAG", "MIDI", "DÍA", "DZIEN", "W DZIEŃ"]),
    (Lone(Morning), &["MORGEN", "RANO"]),
    (
        GoesOn,
        &[
            "CONTINUOUS", "CONTINUED", "CONTINUING", "CONTINUES", "CONT D", "CONTD", "SAME", "SAME TIME", "SAME DAY", "SAME NIGHT", "MOMENTS LATER",
            "MOMENT LATER", "SECONDS LATER", "SHORTLY THEREAFTER", "SHORTLY AFTER", "SHORTLY AFTERWARDS", "IMMEDIATELY AFTER", "SHORTLY LATER", "SOON AFTER", "RIGHT AFTER", "MEANWHILE", "SIMULTANEOUS", "CONTINU", "AU MÊME MOMENT", "SUITE", "MÊME MOMENT", "INSTANTS PLUS TARD",
            "FORTSETZUNG", "FORTLAUFEND", "GLEICHZEITIG", "ZUR GLEICHEN ZEIT", "AUGENBLICKE SPÄTER", "CONTINUO", "CONTINÚA", "CONTINUACIÓN", "MOMENTOS DESPUÉS",
            "MOMENTOS MÁS TARDE", "SIMULTÁNEO", "CONTINUA", "POCO DOPO", "CONTÍNUO", "CONTINUAÇÃO", "MOMENTOS DEPOIS", "CIĄG DALSZY", "CHWILĘ PÓŹNIEJ",
            "ПРОДОЛЖЕНИЕ", "В ТО ЖЕ ВРЕМЯ", "连续", "連續", "同时", "同時", "接上", "続き", "同時刻",
        ],
    ),
    (
        Later,
        &[
            "LATER", "PLUS TARD", "SPÄTER", "MÁS TARDE", "DESPUÉS", "PIÙ TARDI", "DOPO", "MAIS TARDE", "DEPOIS", "PÓŹNIEJ", "ПОЗЖЕ", "СПУСТЯ", "ПОЗДНЕЕ",
            "EARLIER", "AFTERWARDS", "AFTERWARD", "THEREAFTER", "PLUS TÔT", "FRÜHER", "稍后", "稍後", "后来", "その後", "後刻",
        ],
    ),
    (
        AnotherDay,
        &[
            "NEXT DAY", "NEXT MORNING", "NEXT NIGHT", "NEXT AFTERNOON", "NEXT EVENING", "ANOTHER DAY", "ANOTHER NIGHT", "DAYS LATER", "WEEK LATER",
            "WEEKS LATER", "MONTH LATER", "MONTHS LATER", "YEAR LATER", "YEARS LATER", "FOLLOWING", "LENDEMAIN", "JOURS PLUS TARD", "NÄCHSTER TAG",
            "TAGE SPÄTER", "DÍA SIGUIENTE", "DÍAS DESPUÉS", "GIORNO DOPO", "GIORNI DOPO", "DIA SEGUINTE", "DIAS DEPOIS", "NASTĘPNEGO DNIA", "СЛЕДУЮЩИЙ ДЕНЬ",
            "СЛЕДУЮЩЕЕ УТРО", "次日", "第二天", "翌日", "翌朝",
        ],
    ),
    (
        Framed(Flashback),
        &[
            "FLASHBACK", "FLASH BACK", "FLASHBACKS", "RÜCKBLENDE", "MEMORY", "RETOUR EN ARRIÈRE", "ФЛЕШБЕК", "ФЛЭШБЕК", "ВОСПОМИНАНИЕ", "RETROSPEKCJA", "回忆",
            "回憶", "闪回", "閃回", "回想",
        ],
    ),
    (Framed(Flashforward), &["FLASHFORWARD", "FLASH FORWARD"]),
    (
        Framed(Dream),
        &[
            "DREAM", "DREAM SEQUENCE", "NIGHTMARE", "FANTASY", "FANTASY SEQUENCE", "VISION", "IMAGINATION", "RÊVE", "TRAUM", "SUEÑO", "SOGNO", "SONHO", "SEN",
            "СОН", "梦境", "夢",
        ],
    ),
    (
        Framed(Montage),
        &[
            "MONTAGE", "SERIES OF SHOTS", "VARIOUS", "VARIOUS SHOTS", "VARIOUS LOCATIONS", "SEQUENCE", "МОНТАЖ",
        ],
    ),
    (
        Framed(Intercut),
        &["INTERCUT", "INTERCUTTING", "PARALLELMONTAGE"],
    ),
    (
        Framed(Present),
        &[
            "PRESENT", "PRESENT DAY", "PRESENT TIME", "NOW", "TODAY", "REALITY", "GEGENWART", "PRÉSENT", "BACK TO PRESENT",
        ],
    ),
    (
        Framed(Remark),
        &[
            "ESTABLISHING", "ESTABLISHING SHOT", "DRIVING", "MOVING", "TRAVELLING", "TRAVELING", "PARKED", "FLYING", "RAINING", "SNOWING", "STOCK",
            "STOCK FOOTAGE", "AERIAL", "AERIAL SHOT", "AERIAL VIEW", "SLOW MOTION", "STORY", "STORY VERSION", "PAST", "FUTURE", "PRE CREDITS", "TEASER",
            "TAG SCENE", "OMITTED", "TITLES", "B ROLL", "AM", "PM", "O CLOCK",
        ],
    ),
    (
        Beside,
        &[
            "A", "AN", "THE", "THAT", "THIS", "AND", "OF", "IN", "ON", "AT", "TO", "INTO", "TOWARDS", "BEFORE", "AFTER", "BY", "EARLY", "LATE", "MID", "MIDDLE",
            "NEXT", "PREVIOUS", "FIRST", "LAST", "SECOND", "THIRD", "FEW", "SEVERAL", "SOME", "MANY", "COUPLE", "BIT", "LITTLE", "WHILE", "MUCH", "SHORT",
            "LONG", "TIME", "MOMENT", "MOMENTS", "SECONDS", "MINUTE", "MINUTES", "HOUR", "HOURS", "DAYS", "WEEK", "WEEKS", "MONTH", "MONTHS", "YEAR", "YEARS",
            "NIGHTS", "AGO", "ALMOST", "JUST", "STILL", "VERY", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "TWELVE",
            "TWENTY", "HALF", "DARK", "RAIN", "RAINY", "SNOW", "SNOWY", "STORM", "STORMY", "SUNNY", "CLOUDY", "FOG", "FOGGY", "HOT", "COLD", "BRIGHT", "GREY",
            "GRAY", "OVERCAST", "WINTER", "SUMMER", "SPRING", "AUTUMN", "FALL", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY",
            "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER", "CHRISTMAS", "EVE",
            "BEGIN", "BEGINS", "END", "ENDS", "SHOTS", "S", "D", "IM", "DER", "DIE", "DAS", "DEN", "EIN", "EINE", "EINEN", "EINIGE", "EINIGEN", "KURZ", "KURZE",
            "ETWAS", "WENIG", "ZEIT", "DARAUF", "DANACH", "NÄCHSTER", "NÄCHSTEN", "NÄCHSTE", "GLEICHER", "GLEICHE", "GLEICHEN", "FRÜH", "SPÄT", "SPÄTE",
            "SPÄTEN", "TAGE", "STUNDE", "STUNDEN", "MINUTEN", "WOCHE", "WOCHEN", "MONATE", "JAHR", "JAHRE", "ZWEI", "DREI", "HALBE", "MONTAG", "DIENSTAG",
            "MITTWOCH", "DONNERSTAG", "FREITAG", "SAMSTAG", "SONNTAG", "L", "LE", "LA", "LES", "DE", "DU", "DES", "AU", "UN", "UNE", "PEU", "PLUS", "MÊME",
            "DÉBUT", "FIN", "QUELQUES", "HEURE", "HEURES", "JOURS", "ANS", "ANNÉES", "SEMAINES", "MOIS", "DEUX", "TROIS", "TÔT", "TARD", "SUIVANT", "EL", "LOS",
            "LAS", "AL", "UNOS", "UNAS", "UNA", "POCO", "MÁS", "MISMO", "MISMA", "DÍAS", "HORAS", "MINUTOS", "SEMANAS", "MESES", "AÑOS", "SIGUIENTE", "DOS",
            "TRES", "IL", "LO", "DI", "DEL", "DELLA", "STESSO", "STESSA", "ALCUNI", "QUALCHE", "GIORNI", "ORE", "MINUTI", "ANNI", "MESI", "SUCCESSIVO", "PRIMO",
            "PRIMA", "TARDA", "TARDO", "DUE", "O", "DO", "DA", "NO", "NA", "À", "UM", "UMA", "UNS", "MESMO", "MESMA", "DIAS", "ANOS", "SEGUINTE", "MOMENTOS",
            "ALGUNS", "ALGUMAS", "DOIS", "TEN", "TEGO", "SAM", "SAMEGO", "TA", "TEJ", "SAMEJ", "CHWILĘ", "KILKA", "DNI", "GODZIN", "GODZINĘ", "LAT", "ROK",
            "WCZESNY", "PÓŹNY", "NASTĘPNY", "NASTĘPNEGO", "DNIA", "ТОТ", "ТА", "ЖЕ", "В", "ЧЕРЕЗ", "ЧАС", "ЧАСА", "ЧАСОВ", "ДНЕЙ", "ДНЯ", "ЛЕТ", "ГОД", "ГОДА",
            "МИНУТ", "НЕСКОЛЬКО", "НА", "СЛЕДУЮЩИЙ", "РАННЕЕ", "РАННИЙ", "ПОЗДНИЙ", "ПОЗДНЯЯ", "ДВА", "ТРИ",
        ],
    ),
];
