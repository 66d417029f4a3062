//! What is named and is not there: one exit code, the name in the message, the same as JSON.

use serde_json::Value;

use super::film::{SCRIPT, film};

/// Command lines that name something which is not there.
const NAMED: &[&str] = &[
    "log nowhere",
    "show nowhere",
    "show HEAD:nowhere",
    "diff nowhere",
    "diff nowhere HEAD",
    "ls nowhere",
    "cat HEAD:nowhere",
    "switch nowhere",
    "switch --detach nowhere",
    "branch new nowhere",
    "branch -d nowhere",
    "branch -m nowhere new",
    "tag new nowhere",
    "tag -d nowhere",
    "restore nowhere",
    "restore --from nowhere .",
    "revert nowhere",
    "cherry-pick nowhere",
    "op restore nowhere",
    "undo nowhere",
    "show HEAD nowhere",
    "branch -D nowhere",
    "commit --amend -m x nowhere",
    "commit -m x nowhere",
    "status nowhere",
    "plan nowhere",
    "plan scene 99nowhere",
    "plan frames/nowhere.png",
    "generate nowhere",
    "why nowhere",
    "why frames/nowhere.png",
    "takes nowhere",
    "accept nowhere --why x",
    "deps nowhere",
    "mirror 99nowhere",
    "explain shot nowhere",
    "whence nowhere",
    "config nowhere",
    "config film.nowhere 3",
    "search --kind nowhere",
    "search --tag nowhere",
    "import nowhere",
    "du nowhere",
    "open nowhere",
    "play nowhere",
];

#[test]
fn what_is_not_there_is_named_and_has_one_exit_code() {
    let world = film(SCRIPT, &["prompts"]);
    for line in NAMED {
        let arguments: Vec<&str> = line.split(' ').collect();
        let run = world.run(&arguments);
        assert_eq!(run.code, Some(1), "{line}: {run}");
        assert!(run.stderr.contains("nowhere"), "{line}: {run}");
        assert!(run.stdout.is_empty(), "{line}: {run}");
        let run = world.run(&[&arguments[..], &["--json"]].concat());
        // A few commands have no JSON, and say so.
        if run.code != Some(2) {
            let error: Value = serde_json::from_str(&run.stderr).expect("errors are JSON, too");
            assert_eq!(
                (run.code, &error["error"]["exit_code"]),
                (Some(1), &Value::from(1)),
                "{line}"
            );
            assert_eq!(error["error"]["kind"], "failed", "{line}");
            let message = error["error"]["message"].as_str().unwrap();
            assert!(message.contains("nowhere"), "{line}: {message}");
        }
    }
}

#[test]
fn a_file_of_no_run_and_no_commit_is_not_found() {
    let world = film(SCRIPT, &["scenes"]);
    world.write("stranger.png", "nobody's bytes");
    for form in [
        &["whence", "stranger.png"][..],
        &["whence", "stranger.png", "--json"],
    ] {
        let run = world.run(form);
        assert_eq!((run.code, &*run.stdout), (Some(1), ""), "{run}");
        assert!(run.stderr.contains("not in this project"), "{run}");
    }
}
