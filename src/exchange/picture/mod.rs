//! Pictures made by other tools, and what they were asked for with.
//!
//! ```text
//! PNG bytes ─ read ─▶ size, texts by keyword ─ recover ─▶ prompt, seed, sampler, model …
//! ```
//! Everything in a picture is a stranger's: sizes are bounded before anything is inflated, graphs
//! are followed only so far, and what does not parse is no prompt.

mod comfy;
mod png;
mod webui;

use serde::Serialize;
use serde_json::Value;

pub use self::png::{Picture, PictureError, is_png, read};

/// What a picture was asked for with.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Recovered {
    /// The tool whose form it has: `comfyui`, `a1111`, `fooocus`, `invokeai`, `novelai`.
    pub source: &'static str,
    /// What was asked for.
    pub prompt: String,
    /// What was not to be seen.
    pub negative_prompt: Option<String>,
    /// The seed.
    pub seed: Option<u64>,
    /// `euler_ancestral`, `DPM++ 2M`.
    pub sampler: Option<String>,
    /// `karras`.
    pub scheduler: Option<String>,
    /// Steps of the sampler.
    pub steps: Option<u64>,
    /// How closely the prompt was to be followed, as the tool wrote it.
    pub guidance: Option<String>,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The model's file or name.
    pub model: Option<String>,
    /// BLAKE3 of the text that this was recovered from, as it stands in the picture.
    pub graph: String,
}

/// What the texts of a picture say of its making; none if they say nothing of it.
#[must_use]
pub fn recover(picture: &Picture) -> Option<Recovered> {
    let text = |keyword: &str| {
        let mut texts = picture.texts.iter();
        texts
            .find(|(key, _)| key == keyword)
            .map(|(_, text)| text.as_str())
    };
    let found = |text: &str, recovered: Recovered| Recovered {
        width: picture.width,
        height: picture.height,
        graph: blake3::hash(text.as_bytes()).to_hex().to_string(),
        ..recovered
    };
    if let Some(graph) = text("prompt")
        && let Some(recovered) = parse(graph).as_ref().and_then(comfy::recover)
    {
        return Some(found(graph, recovered));
    }
    if let Some(parameters) = text("parameters") {
        let recovered = match parse(parameters) {
            Some(value) => flat("fooocus", &value),
            None => webui::recover(parameters),
        };
        if let Some(recovered) = recovered {
            return Some(found(parameters, recovered));
        }
    }
    for (keyword, source) in [("invokeai_metadata", "invokeai"), ("Comment", "novelai")] {
        if let Some(text) = text(keyword)
            && let Some(recovered) = parse(text).and_then(|value| flat(source, &value))
        {
            return Some(found(text, recovered));
        }
    }
    None
}

/// JSON, also with the `NaN` that Python writes where JSON has none.
fn parse(text: &str) -> Option<Value> {
    let strict = serde_json::from_str(text);
    let value: Value = strict
        .or_else(|_| serde_json::from_str(&text.replace("NaN", "null")))
        .ok()?;
    value.is_object().then_some(value)
}

/// A flat object with everything under names of its own.
fn flat(source: &'static str, value: &Value) -> Option<Recovered> {
    let text = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| value.get(key)?.as_str());
        found.map(str::to_owned)
    };
    let number = |keys: &[&str]| {
        keys.iter().find_map(|key| {
            let value = value.get(key)?;
            value.as_u64().or_else(|| value.as_str()?.parse().ok())
        })
    };
    let model = value.get("model").and_then(|model| model.get("name"));
    let guidance = ["cfg_scale", "guidance_scale", "scale"];
    let guidance = guidance.iter().find_map(|key| value.get(key));
    Some(Recovered {
        source,
        prompt: text(&["positive_prompt", "prompt"]).filter(|text| !text.is_empty())?,
        negative_prompt: text(&["negative_prompt", "uc"]).filter(|text| !text.is_empty()),
        seed: number(&["seed"]),
        sampler: text(&["sampler", "sampler_name"]),
        scheduler: text(&["scheduler"]),
        steps: number(&["steps"]),
        guidance: guidance
            .filter(|value| value.is_number())
            .map(Value::to_string),
        model: text(&["base_model", "model"])
            .or_else(|| model.and_then(Value::as_str).map(str::to_owned)),
        ..Recovered::default()
    })
}

#[cfg(test)]
mod tests;
