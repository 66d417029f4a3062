//! Patterns of `reads`: what a stage may look at.

use std::borrow::Cow;

use super::stage::Stage;
use super::stages::Pipeline;

impl Stage {
    /// Whether the stage may read this selector: its `reads` names it, or it is the program that
    /// the stage runs.
    #[must_use]
    pub fn may_read(&self, selector: &str) -> bool {
        self.unrestricted
            || self.sources().any(|pattern| allows(&pattern, selector))
            || self.names_file(selector)
    }

    /// Patterns of all that the stage looks at: its `reads`, and the files that it runs.
    pub(super) fn sources(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let reads = self.reads.iter().map(|read| Cow::from(read.as_str()));
        reads.chain(self.code_patterns())
    }
}

fn allows(pattern: &str, selector: &str) -> bool {
    let pattern = wildcards(pattern);
    let path = pattern.split_once('#').map_or(&*pattern, |(path, _)| path);
    // A pattern for a whole file allows each of its parts.
    matches(&pattern, selector)
        || (!pattern.contains('#')
            && selector
                .split_once('#')
                .is_some_and(|(file, part)| matches(&pattern, file) && part != "names"))
        || (pattern.starts_with("config:")
            && selector
                .strip_prefix(pattern.as_str())
                .is_some_and(|rest| rest.starts_with('.')))
        // What may be read may be listed.
        || (path.contains('*')
            && selector
                .strip_suffix("#names")
                .is_some_and(|glob| matches(path, glob)))
}

/// `{scene}` and the like become `*`.
pub(super) fn wildcards(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((head, tail)) = rest.split_once('{') {
        out.push_str(head);
        match tail.split_once('}') {
            Some((_, after)) => {
                out.push('*');
                rest = after;
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether `text` fits `pattern`, where `*` stands for any run without `/` (before a `#`).
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, c)| (at, Some(c)))
                .chain([(rest.len(), None)])
                .take_while(|(at, _)| !rest[..*at].contains('/'))
                .any(|(at, _)| matches(tail, &rest[at..]))
        }),
    }
}

/// Whether some stage may write a file that a stage's `reads` names: `scenes/{scene}.json`.
#[must_use]
pub fn is_written(pipeline: &Pipeline, read: &str) -> bool {
    let read = wildcards(read);
    let mut stages = pipeline.stages().iter();
    stages.any(|stage| overlap(&read, &wildcards(&stage.writes)))
}

/// Whether what a stage's `reads` names may be this file.
#[must_use]
pub fn may_name(read: &str, path: &str) -> bool {
    matches(&wildcards(read), path)
}

/// What a stage's `reads` or `writes` names, with `*` for whatever is filled in.
#[must_use]
pub fn shape(pattern: &str) -> String {
    wildcards(pattern)
}

/// Whether some path fits both patterns.
pub(super) fn overlap(a: &str, b: &str) -> bool {
    fn go(a: &[u8], b: &[u8]) -> bool {
        match (a.first(), b.first()) {
            (None, None) => true,
            (Some(b'*'), _) => {
                go(&a[1..], b) || b.first().is_some_and(|c| *c != b'/' && go(a, &b[1..]))
            }
            (_, Some(b'*')) => {
                go(a, &b[1..]) || a.first().is_some_and(|c| *c != b'/' && go(&a[1..], b))
            }
            (Some(x), Some(y)) => x == y && go(&a[1..], &b[1..]),
            _ => false,
        }
    }
    go(a.as_bytes(), b.as_bytes())
}

#[cfg(test)]
mod tests {
    use toml::Table;

    use crate::pipeline::Pipeline;

    #[test]
    fn a_stage_reads_what_it_declares_and_nothing_else() {
        let film = Pipeline::new(&Table::new()).expect("the film pipeline is well formed");
        let frames = film.stage("frames").expect("frames");
        assert!(frames.may_read("prompts/012_003.json#/frame"));
        assert!(!frames.may_read("script.fountain#scenes"));
        let shots = film.stage("shots").expect("shots");
        assert!(shots.may_read("script.fountain#scene=12A"));
        assert!(shots.may_read("config:engine.pace"));
        assert!(!shots.may_read("script.fountain"));
        assert!(!shots.may_read("config:film.title"));
    }

    #[test]
    fn a_narrower_list_of_what_may_be_read_may_be_read() {
        let changes: Table = r##"
            [sheets]
            each = "scene"
            reads = ["frames/{scene}_*.png", "prompts/{scene}_*.json#/frame"]
            writes = "sheets/{scene}.png"
            by = "command"
            command = ["python3", "tools/sheet.py"]
            code = ["tools/lib/*.py"]
        "##
        .parse()
        .expect("TOML");
        let pipeline = Pipeline::new(&changes).expect("well formed");
        let sheets = pipeline.stage("sheets").expect("it was added");
        for allowed in [
            "frames/012_*.png#names",
            "frames/012_001.png",
            "prompts/012_*.json#names",
            "prompts/012_001.json#/frame",
            "tools/sheet.py",
            "tools/lib/*.py#names",
            "tools/lib/grid.py",
        ] {
            assert!(sheets.may_read(allowed), "{allowed}");
        }
        for refused in [
            "frames/012/*.png#names",
            "prompts/012_001.json#/video",
            "prompts/012_001.json",
            "script.fountain",
            "tools/other.py",
            "python3",
        ] {
            assert!(!sheets.may_read(refused), "{refused}");
        }
    }
}
