//! Text that is looked for in what people wrote.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

/// Words, or a regular expression, found in any case.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

/// Why a text is no regular expression.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoPattern(String);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it is no regular expression.
    pub fn parse(text: &str) -> Result<Self, NoPattern> {
        // Capitals of ASCII alone, as the tables of Unicode are large; the others are folded first.
        let config = syntax::Config::new()
            .case_insensitive(true)
            .multi_line(true)
            .unicode(false)
            .utf8(false);
        let regex = Regex::builder().syntax(config).build(&folded(text));
        let why = |error: regex_automata::meta::BuildError| match error.syntax_error() {
            Some(error) => NoPattern(error.to_string()),
            None => NoPattern(error.to_string()),
        };
        Ok(Self {
            regex: regex.map_err(why)?,
            text: text.to_lowercase(),
        })
    }

    /// Whether a text holds it, as it stands or as an expression.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        text.to_lowercase().contains(&self.text) || self.regex.is_match(&folded(text))
    }
}

/// A text with the letters beyond ASCII in small.
fn folded(text: &str) -> String {
    let small = |c: char| {
        let letters = if c.is_ascii() {
            None
        } else {
            Some(c.to_lowercase())
        };
        let plain = c.is_ascii().then_some(c);
        letters.into_iter().flatten().chain(plain)
    };
    text.chars().flat_map(small).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_as_they_stand_and_as_expressions() {
        let is_in = |pattern: &str, text: &str| Pattern::parse(pattern).unwrap().is_in(text);
        for pattern in [
            "rae",
            "RAE+film@",
            "^Rae",
            "nora|rae",
            "org>$",
            "Åsa",
            "åSA",
        ] {
            assert!(
                is_in(pattern, "Rae Åsa <rae+film@example.org>"),
                "{pattern}"
            );
        }
        assert!(is_in("^cut", "First line\nCut scene 2"));
        for pattern in ["nora", "^film", "ra{3}e"] {
            assert!(!is_in(pattern, "Rae <rae+film@example.org>"), "{pattern}");
        }
        assert!(Pattern::parse("(").is_err());
    }
}
