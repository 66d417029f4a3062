//! A file of `prompts/` that people edited.

use serde_json::Value;

use super::refusal;
use crate::written::{Fault, Step};

/// What of an edited request cannot be sent to anybody.
#[must_use]
pub fn check_request(request: &Value) -> Vec<Fault> {
    const PROMPTS: [(&str, &str); 4] = [
        ("frame", "prompt"),
        ("frame", "negative_prompt"),
        ("video", "prompt"),
        ("video", "negative_prompt"),
    ];
    let wrong = |(part, key): (&str, &str)| {
        let text = request.get(part)?.get(key)?.as_str()?;
        // Nothing need be forbidden.
        let may_be_empty = key == "negative_prompt";
        let problem = refusal(text).filter(|_| !(may_be_empty && text.trim().is_empty()))?;
        Some(Fault {
            path: vec![Step::Key(part.to_owned()), Step::Key(key.to_owned())],
            at_key: false,
            name: format!("{part}.{key}"),
            problem: problem.to_string(),
        })
    };
    PROMPTS.into_iter().filter_map(wrong).collect()
}
