//! ComfyUI: the graph of nodes that made a picture.
//!
//! `{"3": {"class_type": "KSampler", "inputs": {"positive": ["6", 0], "seed": 5 …}} …}`, where
//! `["6", 0]` is a link to node 6. From the node that saves, links lead back to the sampler; from its
//! `positive` and `negative` to the texts; from its `model` to the loader.

use std::collections::{BTreeSet, VecDeque};

use serde_json::Value;

use super::Recovered;

/// Most nodes that are gone through on the way to one answer.
const MOST_NODES: usize = 512;

/// Inputs that hold a text, or link to a node that does.
const TEXTS: [&str; 9] = [
    "text",
    "text_g",
    "text_l",
    "clip_l",
    "t5xxl",
    "prompt",
    "string",
    "value",
    "populated_text",
];

/// Inputs by which a model is named.
const MODELS: [&str; 4] = ["ckpt_name", "unet_name", "model_name", "gguf_name"];

pub(super) fn recover(graph: &Value) -> Option<Recovered> {
    let sampler = sampler(graph)?;
    // The newer samplers take what others hold themselves from nodes of their own.
    let guider = linked(graph, sampler, "guider").unwrap_or(sampler);
    let texts = |side: &str| {
        let start = linked(graph, guider, side);
        let start = start.or_else(|| {
            let only = linked(graph, guider, "conditioning");
            only.filter(|_| side == "positive")
        });
        start
            .map(|node| gather(graph, node, side))
            .unwrap_or_default()
    };
    let parts: Vec<&Value> = ["noise", "sampler", "sigmas"]
        .iter()
        .filter_map(|input| linked(graph, sampler, input))
        .chain([sampler, guider])
        .collect();
    let value = |keys: &[&str]| {
        let found = parts.iter().find_map(|node| {
            let mut inputs = keys.iter();
            inputs.find_map(|key| resolved(graph, input(node, key)?))
        });
        found.cloned()
    };
    let text = |keys: &[&str]| value(keys).and_then(|value| value.as_str().map(str::to_owned));
    let prompt = texts("positive");
    if prompt.is_empty() {
        return None;
    }
    let model = parts.iter().find_map(|node| linked(graph, node, "model"));
    Some(Recovered {
        source: "comfyui",
        prompt,
        negative_prompt: Some(texts("negative")).filter(|text| !text.is_empty()),
        seed: value(&["seed", "noise_seed"]).and_then(|seed| seed.as_u64()),
        sampler: text(&["sampler_name"]),
        scheduler: text(&["scheduler"]),
        steps: value(&["steps"]).and_then(|steps| steps.as_u64()),
        guidance: value(&["cfg"])
            .filter(Value::is_number)
            .map(|cfg| cfg.to_string()),
        model: model.and_then(|node| named_model(graph, node)),
        ..Recovered::default()
    })
}

fn input<'g>(node: &'g Value, name: &str) -> Option<&'g Value> {
    node.get("inputs")?.get(name)
}

/// The node that a value links to.
fn followed<'g>(graph: &'g Value, value: &Value) -> Option<&'g Value> {
    match value.as_array()?.as_slice() {
        [Value::String(id), Value::Number(_)] => graph.get(id),
        _ => None,
    }
}

fn linked<'g>(graph: &'g Value, node: &Value, name: &str) -> Option<&'g Value> {
    followed(graph, input(node, name)?)
}

/// The value itself, or that of the node it links to.
fn resolved<'g>(graph: &'g Value, value: &'g Value) -> Option<&'g Value> {
    let Some(node) = followed(graph, value) else {
        return (!value.is_array()).then_some(value);
    };
    let held = ["value", "seed", "noise_seed", "int", "steps"];
    let mut held = held.iter().filter_map(|name| input(node, name));
    held.find(|value| !value.is_array())
}

/// The sampler that the saved picture comes from; any where nothing saves.
fn sampler(graph: &Value) -> Option<&Value> {
    let nodes = graph.as_object()?;
    let class = |node: &Value| {
        node.get("class_type")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let saves = |node: &Value| class(node).is_some_and(|class| class.contains("SaveImage"));
    let samples = |node: &&Value| {
        class(node).is_some_and(|class| class.contains("Sampler"))
            && (linked(graph, node, "positive").is_some()
                || linked(graph, node, "guider").is_some())
    };
    let starts = nodes.values().filter(|node| saves(node));
    walk(graph, starts, &|_| true)
        .into_iter()
        .find(samples)
        .or_else(|| nodes.values().find(samples))
}

/// The nodes that links lead to from `starts`, the nearest first, through inputs that `through`
/// names.
fn walk<'g>(
    graph: &'g Value,
    starts: impl Iterator<Item = &'g Value>,
    through: &dyn Fn(&str) -> bool,
) -> Vec<&'g Value> {
    let mut waiting: VecDeque<&Value> = starts.collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    while let Some(node) = waiting.pop_front() {
        if found.len() == MOST_NODES || !seen.insert(std::ptr::from_ref(node)) {
            continue;
        }
        found.push(node);
        let inputs = node.get("inputs").and_then(Value::as_object);
        for (name, value) in inputs.into_iter().flatten() {
            if through(name) {
                waiting.extend(followed(graph, value));
            }
        }
    }
    found
}

/// The texts behind a conditioning, each once, the nearest first.
fn gather(graph: &Value, start: &Value, side: &str) -> String {
    let through =
        |name: &str| name.starts_with("conditioning") || name == side || TEXTS.contains(&name);
    let mut texts: Vec<&str> = Vec::new();
    for node in walk(graph, std::iter::once(start), &through) {
        for name in TEXTS {
            let text = input(node, name).and_then(Value::as_str).map(str::trim);
            if let Some(text) = text
                && !text.is_empty()
                && !texts.contains(&text)
            {
                texts.push(text);
            }
        }
    }
    texts.join("\n")
}

fn named_model(graph: &Value, start: &Value) -> Option<String> {
    let nodes = walk(graph, std::iter::once(start), &|name| name == "model");
    nodes.into_iter().find_map(|node| {
        let mut names = MODELS.iter().filter_map(|name| input(node, name)?.as_str());
        names.next().map(str::to_owned)
    })
}
