//! The kinds of sound, each a word list and a small generator.

use crate::sound::RATE;

/// What makes one kind of sound, by the words of an ambience.
pub(super) struct AmbienceKind {
    /// What an ambience calls it; the first is its name.
    pub(super) words: &'static [&'static str],
    /// Of full scale: what makes it 24 dB quieter than speech, as a test measures it.
    pub(super) level: f32,
    /// Its next sample, about -1 to 1.
    pub(super) make: fn(&mut Source) -> f32,
}

/// Every kind; the last is the quiet of a room.
pub(super) const KINDS: [AmbienceKind; 17] = [
    AmbienceKind {
        words: &["rain", "raining", "downpour", "drizzle", "shower"],
        level: 0.0107,
        make: rain,
    },
    AmbienceKind {
        words: &["storm", "thunder", "gale"],
        level: 0.0163,
        make: storm,
    },
    AmbienceKind {
        words: &["wind", "windy", "breeze", "draft", "draught"],
        level: 0.016,
        make: wind,
    },
    AmbienceKind {
        words: &["sea", "ocean", "waves", "surf", "wave", "shore"],
        level: 0.0185,
        make: sea,
    },
    AmbienceKind {
        words: &[
            "water", "river", "stream", "creek", "fountain", "lapping", "dripping", "lake",
        ],
        level: 0.014,
        make: water,
    },
    AmbienceKind {
        words: &["crickets", "cricket", "cicadas", "insects", "frogs"],
        level: 0.0141,
        make: crickets,
    },
    AmbienceKind {
        words: &[
            "birds", "birdsong", "bird", "gulls", "seagulls", "dawn", "animals", "farm",
        ],
        level: 0.0376,
        make: birds,
    },
    AmbienceKind {
        words: &[
            "traffic", "street", "cars", "city", "road", "highway", "horns",
        ],
        level: 0.0212,
        make: traffic,
    },
    AmbienceKind {
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
    AmbienceKind {
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
        level: 0.0322,
        make: crowd,
    },
    AmbienceKind {
        words: &[
            "fire",
            "fireplace",
            "crackling",
            "crackle",
            "campfire",
            "flames",
            "burning",
        ],
        level: 0.0330,
        make: fire,
    },
    AmbienceKind {
        words: &["clock", "ticking", "tick"],
        level: 0.0244,
        make: clock,
    },
    AmbienceKind {
        words: &["monitors", "monitor", "beeping", "beep", "hospital"],
        level: 0.0261,
        make: monitor,
    },
    AmbienceKind {
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
        level: 0.0165,
        make: fan,
    },
    AmbienceKind {
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
        level: 0.0130,
        make: hum,
    },
    AmbienceKind {
        words: &[
            "leaves", "forest", "trees", "rustle", "rustling", "grass", "foliage",
        ],
        level: 0.0227,
        make: leaves,
    },
    AmbienceKind {
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
        level: 0.0146,
        make: room,
    },
];

/// One generator with its state: noise, filters and oscillators of its own.
pub(super) struct Source {
    seed: u64,
    /// Samples since the start.
    pub(super) time: u32,
    filters: [f32; 6],
    /// Random values that last a while, and when they end.
    held: [(f32, u32); 3],
}

impl Source {
    pub(super) fn new(seed: u64) -> Self {
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
    // Some of it is high enough for small speakers.
    s.low(0, noise, 0.012) * 7.0 + s.low(1, noise, 0.06) * 0.8
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
