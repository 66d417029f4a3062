//! What stands before the command, and options that several commands share.

use std::path::PathBuf;

use clap::{Args, Parser, ValueEnum};

use super::commands::Command;
use super::render::rows::Rows;
use crate::workflow::settings::ColorChoice;

/// Variables that every command reads.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &[
    (
        "AIUT_AUTHOR_NAME, AIUT_AUTHOR_EMAIL",
        "author of commits, before aiut's and git's configuration",
    ),
    (
        "AIUT_PAGER, PAGER",
        "program that long output is read in; empty or `cat` for none",
    ),
    ("VISUAL, EDITOR", "program that messages are written in"),
    ("NO_COLOR", "no colour, whatever it is set to"),
    (
        "COLUMNS",
        "width of help, where there is no terminal to ask",
    ),
    (
        "XDG_CONFIG_HOME",
        "folder of your configuration, else ~/.config",
    ),
    (
        "AIUT_TOKENS",
        "tokens for servers, `https://HOST TOKEN` each, between semicolons",
    ),
    (
        "HTTPS_PROXY, ALL_PROXY",
        "proxy that servers are reached through",
    ),
    (
        "NO_PROXY",
        "hosts that are reached without it, between commas",
    ),
    (
        "AIUT_CLOCK",
        "the time to go by, in Unix seconds, instead of the clock's",
    ),
    (
        "AIUT_PROJECT_ID",
        "the id of a new project, 32 hexadecimal digits, instead of a random one",
    ),
];

/// Files that aiut reads and writes.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "aiut.toml",
        "settings of the film; a folder with it is a project",
    ),
    (".aiutignore", "what is not kept, written as .gitignore is"),
    (".aiut/", "every version; nothing in it is to be edited"),
    (
        "~/.config/aiut/config.toml",
        "your own settings: `aiut config` writes them",
    ),
    (
        "~/.config/aiut/tokens",
        "tokens for servers, a line each; mode 600",
    ),
    (
        "~/.config/aiut/trust.toml",
        "the commands of projects that you agreed to",
    ),
];

/// What a command ends with.
pub(super) const EXIT_CODES: &[(u8, &str)] = &[
    (0, "done"),
    (1, "failed, or what was named is not there"),
    (2, "wrong usage"),
    (3, "a check found something"),
    (130, "interrupted"),
];

/// What stands below the help of all commands.
fn around() -> String {
    let mut text = String::new();
    for (title, rows) in [("Environment", ENVIRONMENT), ("Files", FILES)] {
        text += &format!("{title}:\n");
        for (name, about) in rows {
            text += &format!("  {name:<35}  {about}\n");
        }
        text += "\n";
    }
    let codes = EXIT_CODES
        .iter()
        .map(|(code, about)| format!("{code} {about}"));
    text + "Exit codes: " + &codes.collect::<Vec<_>>().join("; ") + "."
}

/// Version control for films made with AI
///
/// aiut keeps every version of a film's files, remembers what each generated file was made from,
/// and says what an edit made out of date.
#[derive(Debug, Parser)]
#[command(
    name = "aiut",
    version,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = around()
)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Global {
    /// Run as if started in this folder
    #[arg(short = 'C', value_name = "DIR", global = true)]
    pub(super) folder: Option<PathBuf>,
    /// Say nothing that was not asked for
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// When to colour: auto, always or never
    #[arg(long, value_name = "WHEN", global = true, hide_possible_values = true)]
    color: Option<When>,
}

impl Global {
    pub(super) fn color(&self) -> Option<ColorChoice> {
        self.color.map(|when| match when {
            When::Auto => ColorChoice::Auto,
            When::Always => ColorChoice::Always,
            When::Never => ColorChoice::Never,
        })
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

/// What a command is about, of the film; nothing for all of it.
#[derive(Debug, Clone, Args)]
pub(super) struct WhatArgs {
    /// A stage, `scene 12`, a shot (12-3), both (`frames 12-3`), a character, a place, or a path
    pub(super) what: Vec<String>,
}

/// `--json`, of every command that reads.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct JsonArgs {
    /// Print JSON, in a stable form
    #[arg(long)]
    pub(super) json: bool,
}

/// `--all`, of every command whose list may be long.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct AllArgs {
    /// List everything, however long that is
    #[arg(long)]
    all: bool,
}

impl AllArgs {
    /// How much of a list is printed.
    pub(super) fn rows(self) -> Rows {
        Rows::of(self.all)
    }
}
