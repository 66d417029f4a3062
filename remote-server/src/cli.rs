//! The command line of the server.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the one room that speaks to a terminal"
)]

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::app::{App, Limits};
use crate::base::clock::{Clock, SystemClock};
use crate::names::{Pattern, ProjectName};
use crate::object::ProjectId;
use crate::root::Root;
use crate::tokens::{MOST_DAYS, NewToken, Scope, Tokens};

type Done = Result<ExitCode, Box<dyn std::error::Error>>;

const DAY: i64 = 24 * 3600;

/// Share aiut projects with a team.
#[derive(Debug, Parser)]
#[command(name = "aiut-server", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a folder for a server's projects and tokens
    Init {
        /// The folder; made if missing
        folder: PathBuf,
    },
    /// Serve the projects of a folder
    Run(Run),
    /// Make, list and revoke tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Make, list and remove projects
    #[command(subcommand)]
    Repo(RepoCommand),
    /// Read every project back and tell what is damaged
    Check {
        /// The server's folder
        folder: PathBuf,
        /// Read every byte, and put every file together
        #[arg(long)]
        data: bool,
    },
}

#[derive(Debug, Args)]
struct Run {
    /// The server's folder
    folder: PathBuf,
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:7411", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// A proxy in front of this server encrypts what is said
    #[arg(long)]
    behind_proxy: bool,
    /// Most connections at a time
    #[arg(long, default_value_t = 512)]
    connections: usize,
    /// Most bytes of one project
    #[arg(long, default_value_t = 1 << 42, value_name = "BYTES")]
    quota: u64,
    /// Bytes that stay free on the disk
    #[arg(long, default_value_t = 1 << 30, value_name = "BYTES")]
    keep_free: u64,
    /// Seconds that a body may stop coming, or stop being taken
    #[arg(long, default_value_t = 30, value_name = "SECONDS")]
    idle: u64,
    /// How the log is written
    #[arg(long, default_value = "text")]
    log: LogFormat,
    /// What is logged
    #[arg(long, default_value = "info", value_name = "LEVEL")]
    log_level: tracing::Level,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogFormat {
    /// A line of text each
    Text,
    /// A line of JSON each
    Json,
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token. It is shown once
    Add {
        /// The server's folder
        folder: PathBuf,
        /// Whose it is: what pushes are noted with
        name: String,
        /// What it allows
        #[arg(long, value_delimiter = ',', default_value = "read,push,lock")]
        scope: Vec<Scope>,
        /// For which projects: a name, `studio-*`, or `*`
        #[arg(long, value_delimiter = ',', required = true, value_name = "PATTERN")]
        project: Vec<Pattern>,
        /// Days until it ends
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DAYS)))]
        days: u32,
    },
    /// List tokens, without their secrets
    List {
        /// The server's folder
        folder: PathBuf,
    },
    /// Take a token back, at once
    Revoke {
        /// The server's folder
        folder: PathBuf,
        /// Which, as `token list` shows it
        id: String,
    },
}

#[derive(Debug, Subcommand)]
enum RepoCommand {
    /// Make an empty project
    Add {
        /// The server's folder
        folder: PathBuf,
        /// Its name
        name: ProjectName,
    },
    /// List projects
    List {
        /// The server's folder
        folder: PathBuf,
    },
    /// Take a project out of service; its folder is kept in `removed`
    Remove {
        /// The server's folder
        folder: PathBuf,
        /// Its name
        name: ProjectName,
    },
}

/// Runs the command that the arguments name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return match error.use_stderr() {
                true => ExitCode::from(2),
                false => ExitCode::SUCCESS,
            };
        }
    };
    match run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", crate::base::causes::with_causes(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Done {
    let clock = SystemClock::default();
    match command {
        Command::Init { folder } => {
            Root::init(&folder)?;
            println!("Made {} the folder of a server", folder.display());
            println!(
                "Next: aiut-server repo add {0} NAME, then aiut-server token add {0} WHO --project NAME",
                folder.display()
            );
        }
        Command::Run(arguments) => return serve(&arguments),
        Command::Token(command) => return tokens(command, clock.now().unix_seconds),
        Command::Repo(command) => repos(command, clock.now().unix_seconds)?,
        Command::Check { folder, data } => return crate::check::check(&Root::open(&folder)?, data),
    }
    Ok(ExitCode::SUCCESS)
}

fn repos(command: RepoCommand, now: i64) -> Result<(), Box<dyn std::error::Error>> {
    match command {
        RepoCommand::Add { folder, name } => {
            Root::open(&folder)?.add(&name, ProjectId::random())?;
            println!("Made project {name}");
        }
        RepoCommand::List { folder } => {
            for name in Root::open(&folder)?.projects()? {
                println!("{name}");
            }
        }
        RepoCommand::Remove { folder, name } => {
            let kept = Root::open(&folder)?.remove(&name, now)?;
            println!("Removed project {name}; it is kept in {}", kept.display());
        }
    }
    Ok(())
}

fn tokens(command: TokenCommand, now: i64) -> Done {
    match command {
        TokenCommand::Add {
            folder,
            name,
            scope,
            project,
            days,
        } => {
            if name.trim().is_empty() || name.contains(char::is_control) {
                return Err("a token needs the name of who has it, in one line".into());
            }
            let root = Root::open(&folder)?;
            let new = NewToken {
                name,
                scopes: scope,
                projects: project,
                expires: now + i64::from(days) * DAY,
            };
            let (id, text) = Tokens::change(root.folder(), |tokens| tokens.add(new, now))?;
            eprintln!("Token {id} ends in {days} days. This is the only time that it is shown:");
            println!("{text}");
        }
        TokenCommand::List { folder } => {
            let root = Root::open(&folder)?;
            for token in Tokens::read(root.folder())?.tokens {
                let state = match (token.revoked, token.expires - now) {
                    (true, _) => "revoked".to_owned(),
                    (false, ..=0) => "expired".to_owned(),
                    (false, left) => format!("{} days", (left + DAY - 1) / DAY),
                };
                let names = |scope: &Scope| {
                    scope
                        .to_possible_value()
                        .map(|value| value.get_name().to_owned())
                };
                let scopes: Vec<String> = token.scopes.iter().filter_map(names).collect();
                let projects: Vec<String> = token.projects.iter().map(Pattern::to_string).collect();
                println!(
                    "{}  {:<10} {:<22} {:<20} {}",
                    token.id,
                    state,
                    scopes.join(","),
                    projects.join(","),
                    token.name
                );
            }
        }
        TokenCommand::Revoke { folder, id } => {
            let root = Root::open(&folder)?;
            Tokens::change(root.folder(), |tokens| {
                let found = tokens.tokens.iter_mut().find(|token| token.id == id);
                let none = || {
                    std::io::Error::other(format!(
                        "there is no token {id}; `aiut-server token list` shows them"
                    ))
                };
                found.ok_or_else(none)?.revoked = true;
                Ok(())
            })?;
            println!("Revoked token {id}");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn serve(arguments: &Run) -> Done {
    let log = tracing_subscriber::fmt()
        .with_max_level(arguments.log_level)
        .with_target(false)
        .with_writer(std::io::stderr);
    match arguments.log {
        LogFormat::Text => log.with_ansi(false).try_init(),
        LogFormat::Json => log.json().try_init(),
    }
    // Whoever serves within a process of their own has a log already.
    .unwrap_or_default();
    let limits = Limits {
        connections: arguments.connections,
        quota: arguments.quota,
        free: arguments.keep_free,
        idle_time: Duration::from_secs(arguments.idle),
        ..Limits::default()
    };
    let root = Root::open(&arguments.folder)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let app = App::new(root, Arc::new(SystemClock::default()), limits)?;
        let server = crate::bind(app, arguments.listen, arguments.behind_proxy).await?;
        println!("Listening on http://{}", server.address()?);
        server.run(asked_to_end()?).await?;
        Ok(ExitCode::SUCCESS)
    })
}

/// Ends when the system asks for it.
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
