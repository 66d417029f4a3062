use clap::Args;

use super::Run;
use super::open::plain;
use crate::cli::Outcome;
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::screen::Wish;
use crate::workflow::film::plays;

/// Play the film, a scene or a clip
///
/// Of a scene its cut is played, of a shot its clip, with your system's player or the one that
/// `aiut config ui.player PROGRAM` names. What is out of date is played as it is, and said to be.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  aiut play
  aiut play scene 12
  aiut play 12-3
  aiut play voices 12-3
  aiut play clips/012_003.mov")]
pub(crate) struct PlayArgs {
    /// `scene 12`, a shot (12-3), `voices 12-3`, or a path; nothing for the film
    what: Vec<String>,
}

impl Run for PlayArgs {
    fn run(&self, context: &mut Context) -> Result<Outcome, CliError> {
        let film = ["film.mp4".to_owned()];
        let session = match context.film() {
            Ok(session) => session,
            Err(error) => {
                let words = if self.what.is_empty() { &film[..] } else { &self.what };
                return plain(context, words, error, Wish::Play, &plays);
            }
        };
        let targets = context.targets(session.root(), &self.what)?;
        let showing = session.to_play(&targets)?;
        context.show_output(session.root(), &showing, Wish::Play)?;
        Ok(Outcome::Done)
    }
}
