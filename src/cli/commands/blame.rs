use std::ops::RangeInclusive;

use clap::Args;

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::json;
use crate::cli::operands::Takes;
use crate::cli::render;
use crate::history::Project;
use crate::object::RepoPath;
use crate::workflow::blame::{BlameRequest, Part, blame, list_of_shot, script_path};

/// Show which commit each part of a file is from
///
/// A screenplay is told paragraph by paragraph, a shot list field by field, any other text line by
/// line: who wrote it and when, by hand or by which generator. A paragraph is followed when its scene
/// moves, and a file when it is renamed. Without a revision the file is taken as it lies in the
/// folder, edits that are not committed included.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut blame script.fountain
  aiut blame --scene 12
  aiut blame --shot 12-3
  aiut blame -L 40,60 script.fountain
  aiut blame main~3 bible/style.toml")]
pub(crate) struct BlameArgs {
    /// A revision, if not the file as it lies in the folder; then the file, the script when a scene or a
    /// shot is named instead
    #[arg(value_name = "REV|PATH")]
    words: Vec<String>,
    /// Only these lines, 40,60 or 40,+5 or 40
    #[arg(short = 'L', value_name = "LINES", conflicts_with_all = ["scene", "shot"])]
    range: Option<String>,
    /// Only this scene of a screenplay
    #[arg(long, value_name = "SCENE", conflicts_with = "shot")]
    scene: Option<String>,
    /// Only this shot of a shot list
    #[arg(long, value_name = "SHOT")]
    shot: Option<String>,
    /// Line by line, whatever the file is
    #[arg(long, conflicts_with_all = ["scene", "shot"])]
    lines: bool,
    #[command(flatten)]
    json: JsonArgs,
}

impl BlameArgs {
    /// The one file of which it is told.
    fn path(
        &self,
        context: &Context,
        project: &Project,
        named: &[RepoPath],
    ) -> Result<RepoPath, CliError> {
        match (named, &self.scene, &self.shot) {
            ([path], ..) => Ok(path.clone()),
            ([], Some(_), _) => Ok(script_path()),
            ([], None, Some(shot)) => {
                let found = list_of_shot(project, &context.stages(project)?, shot);
                let (path, _) = found.ok_or_else(|| {
                    CliError::new(format!("no shot is called {shot}"))
                        .hint("`aiut shots` lists the shots")
                })?;
                Ok(path)
            }
            ([], None, None) => Err(CliError::misuse("no file is named")
                .hint("aiut blame script.fountain, aiut blame --scene 12")),
            (several, ..) => Err(CliError::misuse(format!(
                "blame tells of one file, and {} are named",
                several.len()
            ))
            .hint("name one; `aiut blame --shot 12-3` tells of a shot's fields")),
        }
    }
}

impl Run for BlameArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = context.project()?;
        let operands = context.operands(&project, &self.words, None, Takes::One)?;
        let path = self.path(context, &project, operands.scope.paths())?;
        let spans = operands.spans();
        let part = match (&self.range, &self.scene, &self.shot) {
            (Some(range), ..) => Part::Lines(lines(range)?),
            (_, Some(scene), _) => Part::Scene(scene),
            (_, _, Some(shot)) => Part::Shot(shot),
            _ => Part::All,
        };
        let request = BlameRequest {
            revision: spans.first().and(Some(operands.revision())),
            path: &path,
            part,
            by_line: self.lines,
            now: context.clock.now(),
        };
        let report = blame(&project, &request)?;
        if self.json.json {
            json(&mut context.out, &report)?;
            return Ok(Outcome::Done);
        }
        context.page();
        render::blame::report(&mut context.out, &report)?;
        Ok(Outcome::Done)
    }
}

/// `40,60`, `40,+5` or `40`.
pub(super) fn lines(text: &str) -> Result<RangeInclusive<usize>, CliError> {
    let range = || {
        let number = |text: &str| text.trim().parse::<usize>().ok();
        let (from, to) = match text.split_once(',') {
            None => (number(text)?, number(text)?),
            Some((from, to)) => {
                let from = number(from)?;
                match to.trim().strip_prefix('+') {
                    Some(count) => (from, from.checked_add(number(count)?)?.checked_sub(1)?),
                    None => (from, number(to)?),
                }
            }
        };
        (1 <= from && from <= to).then_some(from..=to)
    };
    range().ok_or_else(|| {
        CliError::misuse(format!("-L: {text:?} names no lines"))
            .hint("write -L 40,60 for a range, -L 40,+5 for five lines, -L 40 for one")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_lines_are_read() {
        assert_eq!(lines("40,60").unwrap(), 40..=60);
        assert_eq!(lines("40,+5").unwrap(), 40..=44);
        assert_eq!(lines("7").unwrap(), 7..=7);
        for bad in ["", "0", "0,3", "5,4", "5,+0", "a,b", "1,2,3", "-1", "9,+18446744073709551615"] {
            assert!(lines(bad).is_err(), "{bad}");
        }
    }
}
