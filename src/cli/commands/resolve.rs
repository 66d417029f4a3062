use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{ArgGroup, Args};

use super::Run;
use crate::cli::Outcome;
use crate::cli::arguments::JsonArgs;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::render;
use crate::history::Project;
use crate::workflow::repository::{self, NotAPart, Part, Parts, ResolveRequest, Scope, Settlement};

/// Show conflicts and settle them
///
/// Where `aiut merge`, `aiut revert` or `aiut cherry-pick` meet a file that was changed differently
/// here, both versions are kept with it. The file itself holds what could be joined: of a screenplay
/// both versions where they collide, between notes, of other files ours. Stages that read it wait
/// until it is settled, by anyone, at any time: by one of the versions, or by what you made of the
/// file. That is one commit. What was joined without a conflict stays as it is.
///
/// Places of a file are settled one by one, in any order, by what follows a `#`: a scene of a
/// screenplay, a shot of a shot list or one of its fields, any other field, and for what has no such
/// name the number in its marks or its first line. Without one of the options the conflicts are shown,
/// each place with its name (exit code 3 if there are any).
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut resolve
  aiut resolve script.fountain                 # both versions, place by place
  aiut resolve script.fountain#scene=12 --theirs
  aiut resolve shots/012.json#shot=012_003 --ours
  aiut resolve shots/012.json#shot=012_004/lens bible/style.toml#/palette --theirs
  aiut resolve script.fountain --tool
  aiut resolve script.fountain --both          # all places that are left
  aiut resolve script.fountain bible --edited -m \"Both endings, in this order\"")]
#[command(group = ArgGroup::new("settlement").requires("paths"))]
pub(crate) struct ResolveArgs {
    /// Files and folders, or places of files; `.` for everything
    #[arg(value_name = "PATH[#PLACE]")]
    paths: Vec<PathBuf>,
    /// Take the version of this timeline, as it was before
    #[arg(long, group = "settlement")]
    ours: bool,
    /// Take the version of the change that came
    #[arg(long, group = "settlement")]
    theirs: bool,
    /// Take both, ours first
    #[arg(long, group = "settlement")]
    both: bool,
    /// Take what the folder holds now
    #[arg(long, group = "settlement")]
    edited: bool,
    /// Settle each file with your merge tool (`ui.merge_tool` of your own settings)
    #[arg(long, group = "settlement")]
    tool: bool,
    /// Why; given again, another paragraph
    #[arg(short, long, allow_hyphen_values = true, requires = "settlement")]
    message: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

impl ResolveArgs {
    fn settlement(&self) -> Option<Settlement> {
        let chosen = [
            (self.ours, Settlement::Ours),
            (self.theirs, Settlement::Theirs),
            (self.both, Settlement::Both),
            (self.edited || self.tool, Settlement::Edited),
        ];
        chosen.into_iter().find_map(|(is, chosen)| is.then_some(chosen))
    }
}

impl Run for ResolveArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let project = Arc::new(context.project()?);
        let (scope, parts) = operands(context, &project, &self.paths)?;
        let Some(settlement) = self.settlement() else {
            let open = repository::conflicts(&project, &scope, &parts)?;
            return render::conflicts::list(context, &open, self.json.json);
        };
        let author = context.author(project.root())?;
        if self.tool {
            if !parts.is_empty() {
                return Err(CliError::misuse("a merge tool settles whole files")
                    .hint("name the file without the place"));
            }
            for open in repository::conflicts(&project, &scope, &parts)? {
                context.run_merge_tool(&project, &open)?;
            }
        }
        let own = context.own_files(&project)?;
        let message = (!self.message.is_empty()).then(|| self.message.join("\n\n"));
        let request = ResolveRequest {
            scope: &scope,
            parts: &parts,
            settlement,
            message: message.as_deref(),
        };
        let caller = context.caller();
        let outcome = repository::resolve(&project, &caller, &author, request, &own)?;
        render::conflicts::settled(context, &outcome, settlement, self.json.json)
    }
}

/// The files that are meant, and of which of them only parts are.
fn operands(
    context: &Context,
    project: &Project,
    typed: &[PathBuf],
) -> Result<(Scope, Parts), CliError> {
    let mut paths = Vec::with_capacity(typed.len());
    let (mut parts, mut whole) = (Parts::new(), BTreeSet::new());
    for word in typed {
        // A file may have such a name.
        let text = word.to_str().filter(|_| context.absolute(word).symlink_metadata().is_err());
        let Some((path, place)) = text.and_then(|text| text.split_once('#')) else {
            whole.extend(context.scope(project, std::slice::from_ref(word))?.paths().to_vec());
            paths.push(word.clone());
            continue;
        };
        let part: Part = place.parse().map_err(|error: NotAPart| {
            CliError::misuse(error.to_string()).hint(
                "a place is #scene=12, #shot=012_003, #/field, #conflict=1 or #line=7: `aiut resolve` names those that there are",
            )
        })?;
        let path = PathBuf::from(path);
        match context.scope(project, std::slice::from_ref(&path))?.paths() {
            [file] => parts.entry(file.clone()).or_default().push(part),
            _ => {
                let text = word.display();
                return Err(CliError::misuse(format!("{text} names a place of more than one file"))
                    .hint("`aiut resolve` names the places that there are"));
            }
        }
        paths.push(path);
    }
    // Of a file that was named as well, all is meant.
    parts.retain(|path, _| !whole.contains(path));
    Ok((context.scope(project, &paths)?, parts))
}
