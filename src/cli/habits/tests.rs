use std::collections::BTreeSet;

use clap::CommandFactory;

use super::*;
use crate::cli::arguments::Arguments;

/// The commands and options that a text tells to type, as in `aiut log -1`.
fn told(text: &str) -> Vec<Vec<&str>> {
    let parts = text.split('`').skip(1).step_by(2);
    let lines = parts.filter_map(|part| part.strip_prefix("aiut "));
    lines
        .map(|line| line.split_whitespace().collect())
        .collect()
}

#[test]
fn no_row_stands_for_a_command_that_there_is_and_none_twice() {
    let mut root = Arguments::command();
    root.build();
    let mut seen = BTreeSet::new();
    for word in words() {
        assert!(root.find_subcommand(word).is_none(), "{word} is a command");
        assert!(seen.insert(word), "{word} has two rows");
    }
    for (command, options, _) in OPTIONS {
        let Some(command) = root.find_subcommand(command) else {
            assert_eq!(*command, "*");
            continue;
        };
        for option in *options {
            let known = command
                .get_arguments()
                .any(|argument| match option.strip_prefix("--") {
                    Some(long) => argument.get_long() == Some(long),
                    None => {
                        argument.get_short().map(String::from).as_deref()
                            == option.strip_prefix('-')
                    }
                });
            assert!(!known, "{} {option} is an option", command.get_name());
        }
    }
}

#[test]
fn what_is_told_can_be_typed() {
    let mut root = Arguments::command();
    root.build();
    let texts = COMMANDS.iter().map(|(_, text)| *text);
    let texts = texts.chain(OPTIONS.iter().map(|(_, _, text)| *text));
    for words in texts.flat_map(told) {
        let Some(command) = root.find_subcommand(words[0]) else {
            assert_eq!(words[0], "COMMAND", "{words:?}");
            continue;
        };
        for option in words[1..].iter().filter_map(|word| word.strip_prefix("--")) {
            let known = command
                .get_arguments()
                .any(|a| a.get_long() == Some(option));
            assert!(known, "{words:?}");
        }
    }
}
