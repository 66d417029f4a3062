//! One file a campaign; `inspect` reads all of a project.

mod caches;
mod full;
mod inspect;
mod kill;
mod many;

/// A number from the environment.
fn number(name: &str, default: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(default, |text| text.parse().expect("a number"))
}

/// Which rounds are run; the same seed gives the same edits and the same shares of the delays.
fn seed() -> u64 {
    let seed = number("AIUT_SEED", 1);
    println!("AIUT_SEED={seed}");
    seed
}

/// A film with two scenes.
const SCRIPT: &str = "\
Title: Two Rooms

INT. KITCHEN - DAY

RUTH, 40, fills a kettle at the sink.

RUTH
The train was late again.

EXT. STATION PLATFORM - NIGHT

Rain. A clock with no hands. IDA, 9, sits on a suitcase.

IDA
Nobody is coming for us.
";

/// Panels as small as they get.
const SETTINGS: &str = "[film]\nwidth = 32\nheight = 18\n";

/// Bytes that neither repeat nor shrink.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; length];
    let key = *blake3::hash(&seed.to_le_bytes()).as_bytes();
    blake3::Hasher::new_keyed(&key)
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}
