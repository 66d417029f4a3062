use std::path::{Path, PathBuf};

use clap::Args;

use super::Run;
use crate::base::filesystem::room_for;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::format::shown;
use crate::cli::screen::{Wish, check_shown};
use crate::history::Project;
use crate::object::RepoPath;
use crate::workflow::film::{Showing, is_only_shown};
use crate::workflow::repository;

/// Show a file with your system's viewer
///
/// A path, the last file that there is of a shot (its clip, or its frame), or a file as it was in a
/// commit, REV:PATH, of which a copy is shown. `aiut config ui.opener PROGRAM` names another viewer.
/// Files that a system would run are not opened.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut open frames/012_003.png
  aiut open frames 12-3
  aiut open 12-3
  aiut open HEAD~2:frames/012_003.png
  aiut open script.fountain")]
pub(crate) struct OpenArgs {
    /// A path, a shot (12-3), `frames 12-3`, `scene 12`, or REV:PATH
    #[arg(required = true)]
    what: Vec<String>,
}

impl Run for OpenArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        if let [word] = self.what.as_slice()
            && word.contains(':')
            && context.absolute(Path::new(word)).symlink_metadata().is_err()
        {
            return old_version(context, word);
        }
        let session = match context.film() {
            Ok(session) => session,
            Err(error) => return plain(context, &self.what, error, Wish::Open, &is_only_shown),
        };
        let targets = context.targets(session.root(), &self.what)?;
        let showing = session.to_open(&targets)?;
        context.show_output(session.root(), &showing, Wish::Open)?;
        Ok(Outcome::Done)
    }
}

/// Shows a path of a film that cannot be read, where nothing else can be named; `error` says why.
pub(super) fn plain(
    context: &mut Context,
    words: &[String],
    error: CliError,
    wish: Wish,
    is_shown: &dyn Fn(&RepoPath) -> bool,
) -> Result<Outcome, CliError> {
    let [word] = words else {
        return Err(error);
    };
    let Ok(root) = Project::root_around(&context.folder) else {
        return Err(error);
    };
    let path = context.project_path(&root, word)?;
    let found = root.join(path.as_str()).symlink_metadata();
    if !is_shown(&path) || !found.is_ok_and(|found| found.is_file()) {
        return Err(error);
    }
    context.warn(error.message());
    let out_of_date = None;
    context.show_output(&root, &Showing { path, out_of_date }, wish)?;
    Ok(Outcome::Done)
}

/// Shows a copy of a file as it was: the viewer may go on when this command is over, so it stays.
fn old_version(context: &mut Context, word: &str) -> Result<Outcome, CliError> {
    let project = context.project()?;
    let now = context.clock.now();
    let revision = context.revision(&project, word)?;
    let path = project.resolve(&revision, now)?.path;
    let path = path.ok_or_else(|| {
        CliError::misuse(format!("{word} names no file"))
            .hint(format!("the file follows a colon: aiut open {word}PATH"))
    })?;
    check_shown(&path, false)?;
    let (stem, end) = path.file_name().rsplit_once('.').unwrap_or((path.file_name(), ""));
    let folder = ["TMPDIR", "TEMP"].iter().find_map(|name| context.surroundings.path(name));
    let folder = folder.unwrap_or_else(|| PathBuf::from("/tmp"));
    let unwritable = |error: std::io::Error| {
        CliError::new(format!("cannot write a copy into {}: {error}", folder.display())).because_of(&error)
    };
    let mut copy = tempfile::Builder::new()
        .prefix(&format!("aiut-{stem}-"))
        .suffix(&format!(".{end}"))
        .tempfile_in(&folder)
        .map_err(unwritable)?;
    let room = room_for(copy.as_file());
    repository::cat(&project, &revision, now, room, copy.as_file_mut())?;
    let (_, file) = copy.keep().map_err(|error| unwritable(error.error))?;
    let place = file.to_string_lossy().into_owned();
    context.say(format_args!("Opening {}, a copy of {}", shown(&place), shown(word)))?;
    context.show_file(project.root(), &file, Wish::Open)?;
    Ok(Outcome::Done)
}
