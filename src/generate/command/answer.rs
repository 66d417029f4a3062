//! What a command may say about its run, on its standard output.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Most dollars that a run can say it cost: more is a slip, and sums must not overflow.
const MAX_USD: f64 = 1e6;

/// Most characters of a name or a version.
const MAX_TEXT: usize = 200;

/// Most outside tools that can be named.
const MAX_TOOLS: usize = 64;

/// What a command said. Nothing is required.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) model: Option<String>,
    /// None if it did not say.
    pub(super) cost_micro_usd: Option<u64>,
    pub(super) tools: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Form {
    model: Option<String>,
    cost_usd: Option<f64>,
    #[serde(default)]
    tools: BTreeMap<String, String>,
}

impl Answer {
    /// Reads the answer; none if nothing but white space was said. Keys that are not known are
    /// left alone, as the answer is kept as it came.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(output: &[u8]) -> Result<Option<Self>, String> {
        if output.trim_ascii().is_empty() {
            return Ok(None);
        }
        if !output.trim_ascii_start().starts_with(b"{") {
            return Err("no JSON object".to_owned());
        }
        let form: Form = serde_json::from_slice(output).map_err(|error| error.to_string())?;
        if let Some(cost) = form.cost_usd
            && !(0.0..=MAX_USD).contains(&cost)
        {
            return Err(format!("cost_usd is {cost}, not between 0 and {MAX_USD}"));
        }
        let texts = form
            .tools
            .iter()
            .flat_map(|(name, version)| [name, version]);
        for text in texts.chain(&form.model) {
            if text.chars().count() > MAX_TEXT || text.contains(char::is_control) {
                return Err(format!("{text:?} is neither a name nor a version"));
            }
        }
        if form.tools.len() > MAX_TOOLS {
            return Err(format!("it names more than {MAX_TOOLS} tools"));
        }
        Ok(Some(Self {
            model: form.model,
            cost_micro_usd: form.cost_usd.map(|cost| (cost * 1e6).round() as u64),
            tools: form.tools,
        }))
    }
}

/// What a command said that it cost, in millionths of a US dollar, even if the rest of what it said
/// is no answer.
pub(super) fn cost_in(output: &[u8]) -> Option<u64> {
    let said: serde_json::Value = serde_json::from_slice(output).ok()?;
    let dollars = said.get("cost_usd")?.as_f64()?;
    let fits = (0.0..=MAX_USD).contains(&dollars);
    fits.then(|| (dollars * 1e6).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_optional_and_so_is_all_in_it() {
        assert_eq!(Answer::parse(b" \n"), Ok(None));
        assert_eq!(Answer::parse(b"{}\n"), Ok(Some(Answer::default())));
        let whole =
            br#"{"model": "up-2", "cost_usd": 0.000001, "tools": {"torch": "2.9"}, "x": 1}"#;
        let answer = Answer::parse(whole).unwrap().unwrap();
        assert_eq!(answer.model.as_deref(), Some("up-2"));
        assert_eq!(answer.cost_micro_usd, Some(1));
        assert_eq!(answer.tools["torch"], "2.9");
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        let long = format!(r#"{{"model": "{}"}}"#, "m".repeat(MAX_TEXT + 1));
        for text in [
            "Loading model …",
            "[]",
            "{\"model\": 3}",
            "{\"cost_usd\": -1}",
            "{\"cost_usd\": 1e300}",
            "{\"cost_usd\": \"1\"}",
            "{\"tools\": [\"torch\"]}",
            "{} {}",
            "{\"model\": \"\\u001b[31m\"}",
            &long,
        ] {
            assert!(Answer::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert!(Answer::parse(b"{\"model\": \"\xff\"}").is_err());
        assert_eq!(cost_in(b"{\"model\": 3, \"cost_usd\": 0.5}"), Some(500_000));
        assert_eq!(cost_in(b"{\"cost_usd\": -1}"), None);
        assert_eq!(cost_in(b"half a dollar"), None);
    }
}
