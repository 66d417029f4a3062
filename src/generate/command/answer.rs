//! What a command may say about its run, on its standard output.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::object::{Amount, NoAmount};

/// Most dollars that a run can say it cost: more is a slip, and sums must not overflow.
const MAX_USD: u64 = 1_000_000;

/// Most characters of a name or a version.
const MAX_TEXT: usize = 200;

/// Most outside tools that can be named.
const MAX_TOOLS: usize = 64;

/// Why what a command said is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AnswerError {
    /// It is something else.
    #[error("no JSON object")]
    NoObject,
    /// It is no JSON, or a value has another type.
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    /// What it says that it cost is no amount.
    #[error("cost_usd: {0}")]
    Cost(#[from] NoAmount),
    /// A text is too long, or has control characters.
    #[error("{0:?} is neither a name nor a version")]
    NoName(String),
    /// It names too many tools.
    #[error("it names more than {MAX_TOOLS} tools")]
    TooManyTools,
}

/// What a command said. Nothing is required.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) model: Option<String>,
    /// None if it did not say.
    pub(super) cost_micro_usd: Option<u64>,
    pub(super) tools: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Form<'a> {
    model: Option<String>,
    /// The digits as they came.
    #[serde(borrow)]
    cost_usd: Option<&'a RawValue>,
    #[serde(default)]
    tools: BTreeMap<String, String>,
}

impl Answer {
    /// Reads the answer; none if nothing but white space was said. Keys that are not known are
    /// left alone, as the answer is kept as it came.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(output: &[u8]) -> Result<Option<Self>, AnswerError> {
        if output.trim_ascii().is_empty() {
            return Ok(None);
        }
        if !output.trim_ascii_start().starts_with(b"{") {
            return Err(AnswerError::NoObject);
        }
        let form: Form = serde_json::from_slice(output)?;
        let cost_micro_usd = form.cost_usd.map(micro_usd).transpose()?;
        let texts = form
            .tools
            .iter()
            .flat_map(|(name, version)| [name, version]);
        for text in texts.chain(&form.model) {
            if text.chars().count() > MAX_TEXT || text.contains(char::is_control) {
                return Err(AnswerError::NoName(text.clone()));
            }
        }
        if form.tools.len() > MAX_TOOLS {
            return Err(AnswerError::TooManyTools);
        }
        Ok(Some(Self {
            model: form.model,
            cost_micro_usd,
            tools: form.tools,
        }))
    }
}

/// What a command said that it cost, in millionths of a US dollar, even if the rest of what it said
/// is no answer.
pub(super) fn cost_in(output: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Said<'a> {
        #[serde(borrow)]
        cost_usd: &'a RawValue,
    }
    let said: Said<'_> = serde_json::from_slice(output).ok()?;
    micro_usd(said.cost_usd).ok()
}

/// What programs add up has any number of decimals: it is rounded to a millionth, once.
fn micro_usd(dollars: &RawValue) -> Result<u64, NoAmount> {
    Amount::parse(dollars.get(), MAX_USD).map(|amount| amount.micro_usd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_optional_and_so_is_all_in_it() {
        assert_eq!(Answer::parse(b" \n").unwrap(), None);
        assert_eq!(Answer::parse(b"{}\n").unwrap(), Some(Answer::default()));
        let whole =
            br#"{"model": "up-2", "cost_usd": 0.000001, "tools": {"torch": "2.9"}, "x": 1}"#;
        let answer = Answer::parse(whole).unwrap().unwrap();
        assert_eq!(answer.model.as_deref(), Some("up-2"));
        assert_eq!(answer.cost_micro_usd, Some(1));
        assert_eq!(answer.tools["torch"], "2.9");
        let summed = Answer::parse(br#"{"cost_usd": 0.30000000000000004}"#)
            .unwrap()
            .unwrap();
        assert_eq!(summed.cost_micro_usd, Some(300_000));
        let none = Answer::parse(br#"{"cost_usd": null}"#).unwrap().unwrap();
        assert_eq!(none.cost_micro_usd, None);
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
