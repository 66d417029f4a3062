//! A1111 and Forge: a prompt, `Negative prompt: …`, and a last line `Steps: 20, Sampler: …`.

use super::Recovered;

/// Fewer pairs than these, and the last line belongs to the prompt.
const FEWEST_PAIRS: usize = 3;

pub(super) fn recover(text: &str) -> Option<Recovered> {
    let text = text.trim();
    let (body, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let pairs = pairs(last);
    let (body, pairs) = match pairs.len() {
        0..FEWEST_PAIRS => (text, Vec::new()),
        _ => (body, pairs),
    };
    let (prompt, negative) = match body.split_once("Negative prompt:") {
        Some((prompt, negative)) => (prompt, Some(negative)),
        None => (body, None),
    };
    let prompt = prompt.trim().to_owned();
    if prompt.is_empty() || (pairs.is_empty() && negative.is_none()) {
        return None;
    }
    let value = |name: &str| {
        let mut named = pairs.iter().filter(|(key, _)| key == name);
        named.next().map(|(_, value)| value.clone())
    };
    let number = |name: &str| value(name).and_then(|value| value.parse().ok());
    let negative = negative.map(|text| text.trim().to_owned());
    Some(Recovered {
        source: "a1111",
        prompt,
        negative_prompt: negative.filter(|text| !text.is_empty()),
        seed: number("Seed"),
        sampler: value("Sampler"),
        scheduler: value("Schedule type"),
        steps: number("Steps"),
        guidance: value("CFG scale").or_else(|| value("Distilled CFG Scale")),
        model: value("Model").or_else(|| value("Model hash")),
        ..Recovered::default()
    })
}

/// `Steps: 20, Lora hashes: "a: b, c"`: names and values, where quotes guard commas.
fn pairs(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((name, after)) = rest.split_once(':') {
        let after = after.trim_start();
        let (value, next) = match quoted(after) {
            Some((value, next)) => (value, next.trim_start().strip_prefix(',').unwrap_or(next)),
            None => {
                let (value, next) = after.split_once(',').unwrap_or((after, ""));
                (value.trim().to_owned(), next)
            }
        };
        let name = name.trim();
        let is_name = name
            .chars()
            .all(|c| c.is_alphanumeric() || " _-/".contains(c));
        if !name.is_empty() && is_name {
            found.push((name.to_owned(), value));
        }
        rest = next;
    }
    found
}

/// A text in double quotes, as JSON writes it, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let value = text
        .starts_with('"')
        .then(|| stream.next())?
        .and_then(Result::ok)?;
    Some((value, &text[stream.byte_offset()..]))
}
