//! The sound of a place, made from its words: rain, traffic, crickets, wind, a humming room.
//!
//! A bed is noise and simple oscillators through one-pole filters, from a seed; only additions and
//! multiplications of 32-bit floats, which are the same on every machine. It is quiet: it is there so
//! that a scene does not sound like a hole.

use super::sound::{RATE, narrow};

/// What makes one kind of sound, by the words of an ambience.
struct Kind {
    words: &'static [&'static str],
    /// Loudness of the bed, of full scale.
    level: f32,
    make: fn(&mut Source) -> f32,
}

const KINDS: [Kind; 17] = [
    Kind {
        words: &["rain", "raining", "downpour", "drizzle", "shower"],
        level: 0.020,
        make: rain,
    },
    Kind {
        words: &["storm", "thunder", "gale"],
        level: 0.028,
        make: storm,
    },
    Kind {
        words: &["wind", "windy", "breeze", "draft", "draught"],
        level: 0.016,
        make: wind,
    },
    Kind {
        words: &["sea", "ocean", "waves", "surf", "wave", "shore"],
        level: 0.022,
        make: sea,
    },
    Kind {
        words: &[
            "water", "river", "stream", "creek", "fountain", "lapping", "dripping", "lake",
        ],
        level: 0.014,
        make: water,
    },
    Kind {
        words: &["crickets", "cricket", "cicadas", "insects", "frogs"],
        level: 0.012,
        make: crickets,
    },
    Kind {
        words: &[
            "birds", "birdsong", "bird", "gulls", "seagulls", "dawn", "animals", "farm",
        ],
        level: 0.012,
        make: birds,
    },
    Kind {
        words: &[
            "traffic", "street", "cars", "city", "road", "highway", "horns",
        ],
        level: 0.018,
        make: traffic,
    },
    Kind {
        words: &[
            "engine",
            "motor",
            "car",
            "truck",
            "boat",
            "train",
            "bus",
            "plane",
            "generator",
            "aircraft",
            "airplane",
            "drone",
            "driving",
            "idling",
        ],
        level: 0.018,
        make: engine,
    },
    Kind {
        words: &[
            "crowd",
            "voices",
            "murmur",
            "chatter",
            "people",
            "audience",
            "bar",
            "restaurant",
            "walla",
            "murmuring",
            "guests",
            "children",
        ],
        level: 0.016,
        make: crowd,
    },
    Kind {
        words: &[
            "fire",
            "fireplace",
            "crackling",
            "crackle",
            "campfire",
            "flames",
            "burning",
        ],
        level: 0.014,
        make: fire,
    },
    Kind {
        words: &["clock", "ticking", "tick"],
        level: 0.016,
        make: clock,
    },
    Kind {
        words: &["monitors", "monitor", "beeping", "beep", "hospital"],
        level: 0.012,
        make: monitor,
    },
    Kind {
        words: &[
            "machines",
            "machinery",
            "machine",
            "factory",
            "ventilation",
            "fan",
            "air",
            "vents",
            "servers",
            "whirring",
            "printer",
            "copier",
        ],
        level: 0.014,
        make: fan,
    },
    Kind {
        words: &[
            "hum",
            "fridge",
            "refrigerator",
            "fluorescent",
            "electric",
            "electrical",
            "lights",
            "neon",
            "buzz",
            "humming",
            "buzzing",
            "telephone",
            "line",
            "store",
        ],
        level: 0.010,
        make: hum,
    },
    Kind {
        words: &[
            "leaves", "forest", "trees", "rustle", "rustling", "grass", "foliage",
        ],
        level: 0.011,
        make: leaves,
    },
    Kind {
        words: &[
            "steps",
            "footsteps",
            "echo",
            "room",
            "interior",
            "quiet",
            "silence",
            "still",
            "tone",
            "hall",
            "hallway",
            "stillness",
            "hushed",
            "echoing",
            "hollow",
            "ambience",
        ],
        level: 0.006,
        make: room,
    },
];

/// Words that make what they stand beside fainter or stronger.
const WEIGHTS: [(&str, f32); 12] = [
    ("distant", 0.45),
    ("far", 0.45),
    ("faint", 0.4),
    ("soft", 0.6),
    ("gentle", 0.6),
    ("light", 0.65),
    ("low", 0.7),
    ("muffled", 0.5),
    ("heavy", 1.7),
    ("loud", 1.8),
    ("strong", 1.5),
    ("roaring", 1.9),
];

/// Sounds that are mixed at most.
const AT_MOST: usize = 3;

/// One generator with its state: noise, filters and oscillators of its own.
struct Source {
    seed: u64,
    /// Samples since the start.
    time: u32,
    filters: [f32; 6],
    /// Random values that last a while, and when they end.
    held: [(f32, u32); 3],
}

impl Source {
    fn new(seed: u64) -> Self {
        Self {
            seed: seed | 1,
            time: 0,
            filters: [0.0; 6],
            held: [(0.0, 0); 3],
        }
    }

    /// -1 to 1, by xorshift64*.
    fn noise(&mut self) -> f32 {
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        let bits = self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40;
        bits as f32 / 8_388_608.0 - 1.0
    }

    /// Filter `slot` follows `input` by `share` a sample: a low-pass.
    fn low(&mut self, slot: usize, input: f32, share: f32) -> f32 {
        self.filters[slot] += (input - self.filters[slot]) * share;
        self.filters[slot]
    }

    /// A random value of -1 to 1 that changes every `samples` to twice that, smoothed by `slot`.
    fn drift(&mut self, index: usize, slot: usize, samples: u32) -> f32 {
        if self.time >= self.held[index].1 {
            let value = self.noise();
            let length = samples + (self.noise().abs() * samples as f32) as u32;
            self.held[index] = (value, self.time + length);
        }
        self.low(slot, self.held[index].0, 1.6 / samples as f32)
    }

    /// A sine-like wave of `hertz`: a parabola each half.
    fn wave(&self, hertz: f32) -> f32 {
        let cycles = f64::from(self.time) / f64::from(RATE) * f64::from(hertz);
        let x = ((cycles - cycles.floor()) * 2.0 - 1.0) as f32;
        4.0 * x * (1.0 - x.abs())
    }

    /// Whether something that happens `rate` times a second at random happens now.
    fn chance(&mut self, rate: f32) -> bool {
        (self.noise() + 1.0) * 0.5 < rate / RATE as f32
    }
}

fn room(s: &mut Source) -> f32 {
    let noise = s.noise();
    s.low(0, noise, 0.012) * 7.0
}

fn rain(s: &mut Source) -> f32 {
    let noise = s.noise();
    let hiss = noise - s.low(0, noise, 0.25);
    if s.chance(40.0) {
        s.filters[1] = s.noise();
    }
    let drop = s.filters[1] * s.wave(1900.0);
    s.filters[1] *= 0.994;
    hiss * 0.6 + drop * 0.7
}

fn storm(s: &mut Source) -> f32 {
    let noise = s.noise();
    let rumble = s.low(3, noise, 0.004) * 16.0;
    let swell = 0.6 + 0.5 * s.drift(0, 4, 60_000);
    rain(s) * 0.5 + rumble * swell
}

fn wind(s: &mut Source) -> f32 {
    let noise = s.noise();
    let gust = 0.55 + 0.45 * s.drift(0, 2, 40_000);
    let share = 0.015 + 0.02 * gust;
    let once = s.low(0, noise, share);
    s.low(1, once, share) * 12.0 * gust
}

fn sea(s: &mut Source) -> f32 {
    let noise = s.noise();
    let swell = (s.wave(0.13) + 1.0) * 0.5;
    let body = s.low(0, noise, 0.03) * 5.0;
    let foam = noise - s.low(1, noise, 0.35);
    body * (0.4 + 0.6 * swell) + foam * swell * swell * 0.35
}

fn water(s: &mut Source) -> f32 {
    let noise = s.noise();
    let band = s.low(0, noise, 0.09) - s.low(1, noise, 0.02);
    if s.chance(14.0) {
        s.filters[3] = 0.8;
    }
    s.filters[3] *= 0.9988;
    let bubble = s.wave(520.0 + 300.0 * s.held[0].0) * s.filters[3];
    let play = s.drift(0, 4, 6_000);
    band * (2.6 + play) + bubble * 0.35
}

fn crickets(s: &mut Source) -> f32 {
    let noise = s.noise();
    let air = s.low(0, noise, 0.02) * 1.2;
    // Chirps of three pulses, some twice a second.
    let at = s.time % 23_000;
    let pulse = if at < 6_900 { at % 2_300 } else { 2_300 };
    let shape = if pulse < 1_500 {
        (pulse as f32 / 1_500.0) * (1.0 - pulse as f32 / 1_500.0) * 4.0
    } else {
        0.0
    };
    let second = (s.wave(17.0) * 0.5 + 0.5) * s.wave(3_900.0) * 0.22;
    s.wave(4_500.0) * shape * 0.8 + second + air
}

fn birds(s: &mut Source) -> f32 {
    let noise = s.noise();
    let air = s.low(0, noise, 0.03) * 0.9;
    if s.filters[1] < 0.004 && s.chance(1.6) {
        s.filters[1] = 1.0;
        s.filters[2] = 2_400.0 + 1_300.0 * s.noise().abs();
    }
    s.filters[1] *= 0.9996;
    // The pitch falls as the call dies away.
    let call = s.wave(s.filters[2])
        * s.filters[1]
        * (1.0 - s.filters[1])
        * 3.0
        * (0.6 + 0.4 * s.wave(28.0));
    air + call * 0.8
}

fn traffic(s: &mut Source) -> f32 {
    let noise = s.noise();
    let roar = s.low(0, noise, 0.01) * 7.0;
    let pass = (0.5 + 0.5 * s.drift(0, 3, 70_000)).max(0.0);
    let tyres = s.low(1, noise, 0.08) - s.low(2, noise, 0.02);
    roar * (0.5 + 0.5 * pass) + tyres * pass * 1.6
}

fn engine(s: &mut Source) -> f32 {
    let noise = s.noise();
    let fire = s.wave(46.0) * 0.5 + s.wave(92.0) * 0.28 + s.wave(23.0) * 0.2;
    let rattle = s.low(0, noise, 0.06) * (1.0 + s.wave(46.0)) * 0.8;
    fire * 0.9 + rattle
}

fn crowd(s: &mut Source) -> f32 {
    let noise = s.noise();
    let band = s.low(0, noise, 0.07) - s.low(1, noise, 0.025);
    let voices =
        s.drift(0, 3, 5_200) * 0.5 + s.drift(1, 4, 7_700) * 0.5 + s.drift(2, 5, 3_900) * 0.3;
    band * (1.7 + 2.4 * voices)
}

fn fire(s: &mut Source) -> f32 {
    let noise = s.noise();
    let breath = s.low(0, noise, 0.015) * 5.0;
    if s.chance(11.0) {
        s.filters[1] = 0.6 + s.noise() * 0.4;
    }
    s.filters[1] *= 0.985;
    breath * 0.6 + noise * s.filters[1] * 1.4
}

fn clock(s: &mut Source) -> f32 {
    let noise = s.noise();
    let air = s.low(0, noise, 0.012) * 2.2;
    let beat = s.time % RATE;
    let (since, pitch) = if beat < RATE / 2 {
        (beat, 2_600.0)
    } else {
        (beat - RATE / 2, 2_150.0)
    };
    let click = if since < 900 {
        (1.0 - since as f32 / 900.0) * s.wave(pitch)
    } else {
        0.0
    };
    air + click * click.abs() * 2.2
}

fn monitor(s: &mut Source) -> f32 {
    let noise = s.noise();
    let air = s.low(0, noise, 0.02) * 2.4;
    let beat = s.time % (RATE + RATE / 8);
    let beep = if beat < RATE / 10 { s.wave(980.0) } else { 0.0 };
    air + beep * 0.5 + s.wave(100.0) * 0.12
}

fn fan(s: &mut Source) -> f32 {
    let noise = s.noise();
    let air = s.low(0, noise, 0.05) * 2.6;
    air * (1.0 + 0.12 * s.wave(11.0)) + s.wave(118.0) * 0.22
}

fn hum(s: &mut Source) -> f32 {
    let noise = s.noise();
    s.low(0, noise, 0.012) * 2.5 + s.wave(100.0) * 0.5 + s.wave(50.0) * 0.32 + s.wave(300.0) * 0.08
}

fn leaves(s: &mut Source) -> f32 {
    let noise = s.noise();
    let rustle = s.low(0, noise, 0.3) - s.low(1, noise, 0.1);
    let gust = (0.45 + 0.55 * s.drift(0, 3, 26_000)).max(0.05);
    let air = s.low(2, noise, 0.012) * 2.5;
    rustle * gust * 1.5 + air
}

/// The sounds that the words of an ambience ask for, with their levels. Words of no known sound
/// still make a quiet room; no words make silence.
fn sounds(ambient: &str) -> Vec<(&'static Kind, f32)> {
    let mut found: Vec<(&Kind, f32)> = Vec::new();
    for phrase in ambient.to_lowercase().split([',', ';', '.']) {
        let words: Vec<&str> = phrase
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // The first word that names a sound is what sounds: leaves in the wind are leaves.
        let kind = words
            .iter()
            .find_map(|word| KINDS.iter().find(|kind| kind.words.contains(word)));
        let Some(kind) = kind else {
            continue;
        };
        if found.iter().any(|(known, _)| std::ptr::eq(*known, kind)) {
            continue;
        }
        let weight: f32 = WEIGHTS
            .iter()
            .filter(|(word, _)| words.contains(word))
            .map(|(_, weight)| weight)
            .product();
        found.push((kind, kind.level * weight));
    }
    let spoken = ambient.chars().any(char::is_alphanumeric);
    if found.is_empty() && spoken {
        found.push((&KINDS[KINDS.len() - 1], KINDS[KINDS.len() - 1].level));
    }
    found.truncate(AT_MOST);
    found
}

/// FNV-1a of the words that a bed grows from.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A stereo bed of `count` frames of sound, left and right. The same words, seed and count give the
/// same samples; another seed gives the same place at another moment.
pub(crate) fn bed(ambient: &str, seed: &str, count: usize) -> Vec<[i16; 2]> {
    let mut bed = vec![[0_i32; 2]; count];
    for (index, (kind, level)) in sounds(ambient).into_iter().enumerate() {
        let root = digest(seed) ^ digest(kind.words[0]).rotate_left(index as u32 * 8);
        for side in 0..2 {
            // Each side has noise of its own, which is what makes it wide.
            let mut source = Source::new(root.wrapping_add(side as u64 * 0x9e37_79b9_7f4a_7c15));
            // Filters need a moment to fill.
            source.time = (root % 480_000) as u32;
            for _ in 0..4_000 {
                (kind.make)(&mut source);
                source.time += 1;
            }
            for frame in &mut bed {
                let value = (kind.make)(&mut source);
                source.time += 1;
                frame[side] += (value.clamp(-4.0, 4.0) * level * 32_767.0) as i32;
            }
        }
    }
    bed.into_iter().map(|frame| frame.map(narrow)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_heard_quiet_and_its_own() {
        let mut seen = std::collections::BTreeSet::new();
        for kind in &KINDS {
            let bed = bed(kind.words[0], "1-1", RATE as usize * 2);
            let peak = bed
                .iter()
                .flatten()
                .map(|s| s.unsigned_abs())
                .max()
                .unwrap_or(0);
            let power =
                bed.iter().map(|[l, _]| f64::from(*l).powi(2)).sum::<f64>() / bed.len() as f64;
            assert!(peak < 9_000, "{}: peak {peak}", kind.words[0]);
            assert!(
                (20.0..2_000.0).contains(&power.sqrt()),
                "{}: rms {}",
                kind.words[0],
                power.sqrt()
            );
            seen.insert(digest(&format!("{bed:?}")));
        }
        assert_eq!(seen.len(), KINDS.len());
    }

    #[test]
    fn the_same_words_are_the_same_sound_and_no_words_are_silence() {
        assert_eq!(
            bed("rain, distant traffic", "12_003", 9_000),
            bed("rain, distant traffic", "12_003", 9_000)
        );
        assert_ne!(bed("rain", "12_003", 9_000), bed("rain", "12_004", 9_000));
        assert!(
            bed("", "12_003", 100)
                .iter()
                .flatten()
                .all(|sample| *sample == 0)
        );
        assert!(
            bed("something unheard of", "x", 9_000)
                .iter()
                .flatten()
                .any(|sample| *sample != 0)
        );
    }

    #[test]
    fn the_first_word_that_sounds_decides() {
        let kind = |words: &str| sounds(words)[0].0.words[0];
        for (words, expected) in [
            ("leaves in the wind", "leaves"),
            ("waves on the shore", "sea"),
            ("cars passing far off", "traffic"),
            ("a car engine", "engine"),
            ("a train far off", "engine"),
            ("a humming refrigerator", "hum"),
            ("murmuring guests", "crowd"),
            ("hospital monitors", "monitors"),
            ("distant thunder", "storm"),
            ("frogs and insects", "crickets"),
            ("footsteps down the hall", "steps"),
            ("quiet room tone", "steps"),
        ] {
            assert_eq!(kind(words), expected, "{words}");
        }
        assert_eq!(
            sounds("steady rain, distant thunder, night crickets, a crowd").len(),
            AT_MOST
        );
    }

    #[test]
    fn distance_is_heard() {
        let power = |words: &str| {
            bed(words, "x", 48_000)
                .iter()
                .map(|[l, _]| i64::from(*l).pow(2))
                .sum::<i64>()
        };
        assert!(power("distant traffic") * 3 < power("traffic"));
        assert!(power("heavy rain") > power("rain") * 2);
    }
}
