//! What a shell may make of an argument: variables that are not set, alternatives in braces, and
//! patterns that it matches with the files there are.

use globset::GlobBuilder;

use super::arguments::is_name;

/// The text with each `$name` and `${…}` taken for empty, and with the word that stands in for one
/// that is not set; none where there are no variables.
pub(super) fn without_variables(text: &str) -> Vec<String> {
    match text.contains('$') {
        true => vec![expanded(text, false), expanded(text, true)],
        false => Vec::new(),
    }
}

fn expanded(text: &str, instead: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inner) = rest.strip_prefix('{') {
            let end = closing(inner).unwrap_or(inner.len());
            let word = inner[..end].find(['-', '=', '+']).filter(|_| instead);
            if let Some(word) = word {
                out.push_str(&expanded(&inner[word + 1..end], instead));
            }
            rest = inner.get(end + 1..).unwrap_or_default();
            continue;
        }
        let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
        let length = match rest.chars().next() {
            Some(c) if is_letter(c) => rest
                .find(|c: char| !is_letter(c) && !c.is_ascii_digit())
                .unwrap_or(rest.len()),
            // `$1`, `$@`
            Some(c) if c.is_ascii_digit() || "@*#?-!".contains(c) => 1,
            // `$(`, or a dollar.
            _ => {
                out.push('$');
                0
            }
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
    out
}

/// Where the brace is that ends this.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.find(|c| {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return true,
            '}' => depth -= 1,
            _ => {}
        }
        false
    })
}

/// The text with each `{a,b}` taken for that alternative of it which is nothing, or dots; none where
/// no alternatives are such.
pub(super) fn with_alternatives(text: &str) -> Vec<String> {
    let taken = |prefer_empty: bool| {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        let mut found = false;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let inner = closing(rest).map(|end| &rest[..end]);
            let inner = inner.filter(|inner| inner.contains(','));
            let alternatives = || inner.into_iter().flat_map(|inner| inner.split(','));
            let dots = || alternatives().find(|a| !a.is_empty() && a.chars().all(|c| c == '.'));
            let empty = || alternatives().find(|a| a.is_empty());
            let alternative = match prefer_empty {
                true => empty().or_else(dots),
                false => dots().or_else(empty),
            };
            match (alternative, inner) {
                (Some(alternative), Some(inner)) => {
                    found = true;
                    out.push_str(alternative);
                    rest = &rest[inner.len() + 1..];
                }
                _ => out.push('{'),
            }
        }
        out.push_str(rest);
        found.then_some(out)
    };
    [true, false].into_iter().filter_map(taken).collect()
}

/// Whether a pattern may be `..` that begins at this dot: `.?`, `.*`, `.[.]`, `.@(.)`.
pub(super) fn may_climb(from_dot: &str) -> bool {
    let mut rest = &from_dot[1..];
    if ["@(", "+(", "!("].iter().any(|open| rest.starts_with(open)) {
        return true;
    }
    let mut is_pattern = false;
    while let Some(c) = rest.chars().next() {
        match c {
            '*' | '?' => is_pattern = true,
            '[' => {
                is_pattern = true;
                // `[]x]` and `[!]x]` hold a bracket.
                let skip = 1 + usize::from(rest[1..].starts_with(['!', '^']));
                let inner = rest.get(skip + 1..).unwrap_or_default();
                rest = inner.find(']').map_or("", |end| &inner[end..]);
                if rest.is_empty() {
                    break;
                }
            }
            '.' => {}
            // Any other letter is not in `..`.
            c if is_name(c) => return false,
            _ => break,
        }
        rest = &rest[c.len_utf8()..];
    }
    is_pattern
}

/// The words of a text that a shell would match with files.
pub(super) fn patterns_in(text: &str) -> Vec<&str> {
    let ends = |c: char| !is_name(c) && !matches!(c, '/' | '*' | '?' | '[' | ']' | '!' | '^');
    let words = text.split(ends).map(|word| match word.starts_with('-') {
        // `-I/h*/rae`
        true => word.find('/').map_or(word, |at| &word[at..]),
        false => word,
    });
    words
        .filter(|word| word.contains(['*', '?', '[']))
        .collect()
}

/// Whether a pattern may match the folder that `names` lead to from the top, something in it, or,
/// written from the top, a folder above it.
pub(super) fn may_lead_to(pattern: &str, names: &[String]) -> bool {
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    let fits = |part: &str, name: &str| {
        let glob = GlobBuilder::new(part).literal_separator(true).build();
        part == name || glob.is_ok_and(|glob| glob.compile_matcher().is_match(name))
    };
    let is_absolute = pattern.starts_with('/');
    // `/proc/*/cwd` is the project's folder for whoever was started there.
    let by_process =
        is_absolute && parts.len() > 1 && parts.first().is_some_and(|first| fits(first, "proc"));
    let all = parts.iter().zip(names).all(|(part, name)| fits(part, name));
    // `*` alone is every folder, and says nothing of this one.
    let is_said = pattern.contains(|c: char| c.is_alphanumeric());
    let above = is_absolute && is_said;
    by_process
        || (all && !parts.is_empty() && ((parts.len() >= names.len() && names.len() > 1) || above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_may_be_unset() {
        for (text, expected) in [
            ("cd $x..", ["cd ..", "cd .."]),
            ("${x}.${y}.", ["..", ".."]),
            ("a$1b$@c", ["abc", "abc"]),
            ("${x:-.}.", [".", ".."]),
            ("${x-${y-..}}/", ["/", "../"]),
            ("${f%.*}", ["", ""]),
            ("$(x) $", ["$(x) $", "$(x) $"]),
            ("${x", ["", ""]),
        ] {
            assert_eq!(without_variables(text), expected, "{text}");
        }
        assert!(without_variables("x").is_empty());
    }

    #[test]
    fn alternatives_may_be_dots() {
        assert_eq!(with_alternatives(".{.,x}/"), ["../", "../"]);
        assert_eq!(with_alternatives(".{,.}."), ["..", "..."]);
        assert!(with_alternatives("{a,b}.{x}").is_empty());
    }

    #[test]
    fn a_pattern_may_lead_to_the_project() {
        let root = ["home", "rae", "film"].map(str::to_owned);
        for pattern in [
            "/h*",
            "/home/r*",
            "/home/rae/f?lm/tools/e.sh",
            "/h[o]me/*/film",
            "h*/rae/film/t*/e.sh",
            "*/*/*",
            "/proc/*/cwd/tools/e.sh",
            "/p*/1/cwd",
        ] {
            assert!(may_lead_to(pattern, &root), "{pattern}");
        }
        for pattern in [
            "*",
            "*.png",
            "/*",
            "inputs/*.png",
            "*/*",
            "t*/e.sh",
            "/usr/*/x",
            "/homes/*",
            "*/*/*.png",
            "[",
            "/[",
            "s/a*/b/",
        ] {
            assert!(!may_lead_to(pattern, &root), "{pattern}");
        }
    }
}
