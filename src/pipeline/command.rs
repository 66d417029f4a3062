//! Stages that run a command: what their keys must hold, and what follows from them.
//!
//! A command is given all that its stage's `reads` names, so each of these names one thing for
//! each item, or with `*` files that can be listed. What it executes (arguments that name files
//! of the project, and `code`) is read like any input, and is what people are asked to trust.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::{Table, Value};

use super::arguments::way_out;
use super::selector::Selector;
use super::snapshot::SCRIPT;
use super::stage::{Each, Stage};
use super::stages::PipelineError;
use crate::film::ids::scene_of_shot;
use crate::object::RepoPath;

/// The name in `by` of what runs a command.
pub const COMMAND: &str = "command";

/// Seconds that a command may take for an item when the stage does not say.
pub const DEFAULT_TIMEOUT: u32 = 600;

/// MiB that an output may have when the stage does not say.
pub const DEFAULT_SIZE: u32 = 1024;

/// Names of parameters that the stage itself gives.
const OWN: [&str; 5] = ["code", "command", "reads", "version", "writes"];

/// What is wrong with a stage, and with which of its keys.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    key: &'static str,
    reason: String,
}

impl Wrong {
    pub(super) fn new(key: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self { key, reason }
    }

    /// The same as an error of the stage `name`.
    pub(super) fn of(self, name: &str) -> PipelineError {
        PipelineError::Malformed {
            stage: name.to_owned(),
            key: Some(self.key),
            reason: self.reason,
        }
    }
}

/// What of a command's `reads` names nothing that can be handed over, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnclearRead(String);

impl UnclearRead {
    fn new(read: &str, reason: impl std::fmt::Display) -> Self {
        Self(format!("{read:?}: {reason}"))
    }
}

/// Something that a command stage reads, for one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// One thing.
    One(Selector),
    /// All files that a glob names: whole, or the part of each behind the `#`.
    Each {
        /// `frames/012_*.png`
        glob: String,
        /// `/frame`
        part: Option<String>,
    },
}

impl Stage {
    /// Whether it runs a command.
    #[must_use]
    pub fn runs_command(&self) -> bool {
        self.by == COMMAND
    }

    /// What the stage tells its generator and is part of the action: its `with`, and of a command
    /// also what it is and what it is given.
    #[must_use]
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let mut parameters = self.with.clone();
        if self.runs_command() {
            let list = |list: &[String]| serde_json::Value::from(list).to_string();
            let mut own = |name: &str, value: String| parameters.insert(name.to_owned(), value);
            own("command", list(&self.command));
            own("reads", list(&self.reads));
            own("writes", self.writes.clone());
            if !self.code.is_empty() {
                own("code", list(&self.code));
            }
            if let Some(version) = &self.version {
                own("version", version.clone());
            }
        }
        parameters
    }

    /// The command as one would type it.
    #[must_use]
    pub fn command_line(&self) -> String {
        let word = |word: &String| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@^,+%".contains(c);
            if !word.is_empty() && word.chars().all(plain) {
                word.clone()
            } else {
                format!("'{}'", word.replace('\'', r"'\''"))
            }
        };
        self.command.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// The files that the command executes, as patterns.
    pub(super) fn code_patterns(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.code_arguments()
            .chain(self.code.iter().map(|glob| Cow::from(glob.as_str())))
    }

    /// What the command is given for `item`, by the texts of `reads` with the item's name filled
    /// in.
    ///
    /// # Errors
    /// What names nothing that can be handed over; for a stage of a [`super::Pipeline`] there is
    /// no such thing.
    pub fn wanted(&self, item: &str) -> Result<Vec<(String, Wanted)>, UnclearRead> {
        let wanted = |read: &String| {
            let text = fill(read, self.each, item)?;
            wanted(&text).map(|wanted| (text, wanted))
        };
        self.reads.iter().map(wanted).collect()
    }
}

/// Fills in the name of the item; `{scene}` also for a shot, as the scene that it belongs to.
fn fill(read: &str, each: Option<Each>, item: &str) -> Result<String, UnclearRead> {
    let mut text = read.to_owned();
    if let Some(each) = each {
        text = text.replace(&format!("{{{}}}", each.key()), item);
        if each == Each::Shot {
            let scene = scene_of_shot(item).unwrap_or(item);
            text = text.replace("{scene}", scene);
        }
    }
    if text.contains(['{', '}']) {
        let known = match each {
            None => "it runs once, so nothing can be filled in".to_owned(),
            Some(Each::Shot) => "{shot} and {scene} can be filled in".to_owned(),
            Some(each) => format!("only {{{}}} can be filled in", each.key()),
        };
        return Err(UnclearRead::new(read, known));
    }
    Ok(text)
}

fn wanted(text: &str) -> Result<Wanted, UnclearRead> {
    let refuse = |reason: &str| Err(UnclearRead::new(text, reason));
    let (path, part) = match text.split_once('#') {
        Some((path, part)) if !text.starts_with("config:") => (path, Some(part)),
        _ => (text, None),
    };
    if part.is_some_and(|part| part.contains('*'))
        || path.starts_with("config:") && path.contains('*')
    {
        return refuse(
            "a command is given all that its `reads` names, so say which one, \
             as in \"script.fountain#scene={scene}\"",
        );
    }
    let selector: Selector = match text.parse() {
        Ok(selector) => selector,
        Err(error) => return Err(UnclearRead(error.to_string())),
    };
    let of_script = matches!(selector, Selector::Scene { .. } | Selector::Part { .. });
    if of_script && path != SCRIPT {
        return refuse("only script.fountain has scenes, a cast and places");
    }
    if !path.contains('*') || matches!(selector, Selector::Names(_)) {
        return Ok(Wanted::One(selector));
    }
    check_glob(path)?;
    Ok(Wanted::Each {
        glob: path.to_owned(),
        part: part.map(str::to_owned),
    })
}

fn check_glob(glob: &str) -> Result<(), UnclearRead> {
    if glob.contains("**") || glob.contains(['?', '[', ']', '\\']) {
        return Err(UnclearRead::new(
            glob,
            "only `*` is known, for any run of characters within a name",
        ));
    }
    Ok(())
}

/// Checks what kind of value each key of a command holds, before the table is read as a stage.
pub(super) fn check_command_keys(table: &Table) -> Result<(), Wrong> {
    for key in ["command", "code"] {
        let texts = |value: &Value| {
            value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_str))
        };
        if table.get(key).is_some_and(|value| !texts(value)) {
            return Err(Wrong::new(
                key,
                "expected a list of texts, as in [\"python3\", \"tools/upscale.py\"]; there is no shell",
            ));
        }
    }
    if table.get("version").is_some_and(|value| !value.is_str()) {
        return Err(Wrong::new("version", "expected a text"));
    }
    let bounds: [(&'static str, i64, &str); 3] = [
        ("timeout", 7 * 24 * 3600, "seconds"),
        ("memory", 1 << 24, "MiB"),
        ("size", 1 << 24, "MiB"),
    ];
    for (key, max, unit) in bounds {
        let Some(value) = table.get(key) else {
            continue;
        };
        if !value.as_integer().is_some_and(|n| (1..=max).contains(&n)) {
            return Err(Wrong::new(
                key,
                format!("expected a whole number of {unit} from 1 to {max}, found {value}"),
            ));
        }
    }
    Ok(())
}

/// How a program is named that is not named from the project's folder.
fn instead(program: &str) -> String {
    match program.strip_prefix("./") {
        Some(own) if own.contains('/') && RepoPath::new(own).is_ok() => {
            format!("write {own:?}: a file of the project is named from the project's folder")
        }
        Some(own) if RepoPath::new(own).is_ok() => format!(
            "a program of the project lies in a folder, as \"tools/{own}\", or is run by another one, \
             as in [\"sh\", {own:?}]"
        ),
        _ => "a program elsewhere is named without its folder and looked for in PATH".to_owned(),
    }
}

/// Checks that a stage which runs a command can do so, and that no other has keys of one.
pub(super) fn check_command(stage: &Stage) -> Result<(), Wrong> {
    if !stage.runs_command() {
        let set = [
            ("command", !stage.command.is_empty()),
            ("code", !stage.code.is_empty()),
            ("version", stage.version.is_some()),
            ("timeout", stage.timeout.is_some()),
            ("memory", stage.memory.is_some()),
            ("size", stage.size.is_some()),
        ];
        return match set.into_iter().find(|(_, set)| *set) {
            Some((key, _)) => Err(Wrong::new(key, "this goes with by = \"command\"")),
            None => Ok(()),
        };
    }
    let Some(program) = stage.command.first().filter(|program| !program.is_empty()) else {
        return Err(Wrong::new(
            "command",
            "it is missing: program and arguments, as in [\"python3\", \"tools/upscale.py\"]",
        ));
    };
    if stage.command.iter().any(|word| word.contains('\0')) {
        return Err(Wrong::new("command", "an argument holds a NUL"));
    }
    if program.contains('/') {
        RepoPath::new(program.as_str()).map_err(|error| {
            let reason = error.reason;
            Wrong::new(
                "command",
                format!(
                    "{program:?} is not a path inside the project ({reason}); {}",
                    instead(program)
                ),
            )
        })?;
    } else if program.contains('\\') || program == "." || program == ".." {
        return Err(Wrong::new(
            "command",
            format!("{program:?} is not a program"),
        ));
    }
    for word in &stage.command {
        if let Some(way) = way_out(word) {
            return Err(Wrong::new(
                "command",
                format!(
                    "{word:?} leads out of the folder that the command runs in, by {way:?}; a file \
                     of the project is named from the project's folder, as in \"tools/upscale.py\""
                ),
            ));
        }
    }
    for pattern in &stage.code {
        let text = pattern.replace('*', "x");
        if pattern.contains(['{', '}', '#']) || RepoPath::new(text).is_err() {
            return Err(Wrong::new(
                "code",
                format!("{pattern:?} is not a path inside the project, nor a glob of such"),
            ));
        }
        check_glob(pattern).map_err(|unclear| Wrong::new("code", unclear.to_string()))?;
    }
    if let Some(name) = stage.with.keys().find(|name| OWN.contains(&name.as_str())) {
        return Err(Wrong::new(
            "with",
            format!("{name:?} is a name that the stage itself uses; take another"),
        ));
    }
    stage
        .wanted("012_003")
        .map(drop)
        .map_err(|unclear| Wrong::new("reads", unclear.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::Pipeline;

    fn stage(text: &str) -> Result<Stage, String> {
        let table: Table = format!("[it]\n{text}").parse().expect("TOML");
        let pipeline = Pipeline::new(&table).map_err(|error| match error {
            PipelineError::Malformed { key, reason, .. } => format!("{key:?} {reason}"),
            other => other.to_string(),
        })?;
        Ok(pipeline.stage("it").expect("it was added").clone())
    }

    const POSTER: &str = "each = \"shot\"\nwrites = \"posters/{shot}.png\"\nby = \"command\"\n\
                          command = [\"python3\", \"tools/up scale.py\", \"-x\", \"4\"]\n";

    #[test]
    fn a_command_is_part_of_the_action_with_all_that_it_is_given() {
        let plain = stage(POSTER).expect("well formed");
        assert_eq!(plain.command_line(), "python3 'tools/up scale.py' -x 4");
        assert_eq!(
            plain.parameters()["command"],
            r#"["python3","tools/up scale.py","-x","4"]"#
        );
        for more in [
            "version = \"2\"\n",
            "code = [\"tools/lib/*.py\"]\n",
            "reads = [\"prompts/{shot}.json\"]\n",
            "with = { paper = \"grey\" }\n",
        ] {
            let other = stage(&format!("{POSTER}{more}")).expect(more);
            assert_ne!(other.parameters(), plain.parameters(), "{more}");
        }
        let limits = stage(&format!("{POSTER}timeout = 5\nmemory = 64\nsize = 1\n"));
        assert_eq!(limits.expect("fine").parameters(), plain.parameters());
    }

    #[test]
    fn the_items_name_is_filled_in() {
        let text = "reads = [\"prompts/{shot}.json#/frame\", \"clips/{scene}_*.mov\", \
                    \"shots/*.json#/title\", \"config:film.fps\", \"frames/*.png#names\"]\n";
        let stage = stage(&format!("{POSTER}{text}")).expect("well formed");
        let wanted = stage.wanted("012_003").expect("checked");
        let texts: Vec<_> = wanted.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(
            texts,
            [
                "prompts/012_003.json#/frame",
                "clips/012_*.mov",
                "shots/*.json#/title",
                "config:film.fps",
                "frames/*.png#names"
            ]
        );
        assert_eq!(
            wanted[1].1,
            Wanted::Each {
                glob: "clips/012_*.mov".into(),
                part: None
            }
        );
        assert!(matches!(wanted[4].1, Wanted::One(Selector::Names(_))));
        let names: Vec<_> = stage.code_arguments().collect();
        assert_eq!(names, ["tools/up scale.py", "tools/up", "scale.py"]);
    }

    #[test]
    fn what_cannot_work_is_told_with_its_key() {
        let refused = |more: &str| stage(&format!("{POSTER}{more}")).expect_err(more);
        for (more, key, said) in [
            ("timeout = 0", "timeout", "from 1 to 604800, found 0"),
            ("timeout = \"9\"", "timeout", "found \"9\""),
            ("memory = -1", "memory", "whole number of MiB"),
            ("size = 1.5", "size", "found 1.5"),
            ("version = 2", "version", "expected a text"),
            ("code = \"tools/x.py\"", "code", "list of texts"),
            ("code = [\"../x.py\"]", "code", "is not a path inside"),
            ("code = [\"tools/**\"]", "code", "only `*` is known"),
            ("with = { command = \"x\" }", "with", "take another"),
            (
                "reads = [\"looks/{place}.json\"]",
                "reads",
                "{shot} and {scene}",
            ),
            (
                "reads = [\"script.fountain#scene=*\"]",
                "reads",
                "say which one",
            ),
            (
                "reads = [\"draft.fountain#scene=1\"]",
                "reads",
                "only script.fountain",
            ),
            (
                "reads = [\"script.fountain#sceens\"]",
                "reads",
                "unknown part",
            ),
            (
                "reads = [\"frames/[0-9]*.png\"]",
                "reads",
                "only `*` is known",
            ),
        ] {
            let error = refused(more);
            assert!(
                error.starts_with(&format!("Some({key:?})")) && error.contains(said),
                "{more}: {error}"
            );
        }
        let command = |command: &str| {
            stage(&format!(
                "writes = \"x.png\"\nby = \"command\"\ncommand = {command}"
            ))
            .expect_err(command)
        };
        assert!(command("\"python3 x.py\"").contains("there is no shell"));
        assert!(command("[]").contains("it is missing"));
        assert!(command("[\"/usr/bin/python3\"]").contains("looked for in PATH"));
        assert!(command("[\"tools/../../x\"]").contains("is not a path inside"));
        assert!(command("[\"./tools/x.sh\"]").contains("write \"tools/x.sh\""));
        assert!(command("[\"./x.sh\"]").contains("as in [\"sh\", \"x.sh\"]"));
        assert!(command("[\".//x\"]").contains("looked for in PATH"));
        for way in [
            "../../../../tools/e.sh",
            "cd ..; sh tools/e.sh",
            "--lib=../x",
            "$PWD/.aiut/x",
        ] {
            let told = command(&format!("[\"sh\", \"-c\", \"{way}\"]"));
            assert!(told.contains("leads out of the folder"), "{told}");
        }
        let by_panel = stage("writes = \"x.png\"\nby = \"panel\"\ntimeout = 3\n").expect_err("no");
        assert!(by_panel.contains("goes with by"), "{by_panel}");
    }
}
