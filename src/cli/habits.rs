//! What people type who come from other tools, and what is typed here instead.

use std::fmt::Write;

/// Commands of git, jj, Mercurial and Subversion, and words near in meaning to those of aiut: what
/// to type instead. A command that comes to aiut takes its row away.
const COMMANDS: &[(&[&str], &str)] = &[
    (
        &["add", "stage", "track"],
        "there is nothing to stage: `aiut commit` takes every change, `aiut commit PATH` some",
    ),
    (
        &["am", "apply", "format-patch"],
        "`aiut diff A B > FILE` writes what `git apply` takes; `aiut cherry-pick COMMIT` takes a change over",
    ),
    (
        &["abandon", "strip", "prune"],
        "`aiut undo` takes the last commit back, `aiut branch -d NAME` lets a timeline go, `aiut gc` what nothing needs",
    ),
    (
        &["amend", "metaedit", "describe", "desc", "reword"],
        "`aiut commit --amend` rewrites the last commit",
    ),
    (
        &["annotate", "praise"],
        "`aiut blame PATH` tells who wrote each paragraph, field or line; `aiut log PATH` lists the commits that changed a file",
    ),
    (
        &["archive", "bundle"],
        "`aiut export bundle FILE` puts the project into one file; `aiut cat REV:PATH > FILE` writes a file out",
    ),
    (
        &["bookmark", "bookmarks", "branches", "heads", "timelines"],
        "a way the story could go is a timeline: `aiut branch` lists, makes and deletes them, `aiut timeline` draws them",
    ),
    (
        &["backup", "save", "checkin", "ci", "record", "snapshot"],
        "`aiut commit -m MESSAGE` records the folder as a new version",
    ),
    (
        &["checkout", "co", "goto", "update", "up"],
        "`aiut switch NAME` moves to a timeline, `aiut switch -c NAME` makes one, `aiut restore PATH` brings a file back",
    ),
    (
        &["edit", "write", "fill"],
        "files are edited in your own editor, and `aiut commit` records them; `aiut switch NAME` moves to a timeline",
    ),
    (
        &["clean", "purge"],
        "`aiut status` lists new files; delete them by hand, or list them in .aiutignore; `aiut gc` frees room in .aiut",
    ),
    (
        &["incoming", "outgoing"],
        "`aiut fetch`, then `aiut log main..origin/main` lists what came, `aiut log origin/main..main` what others lack",
    ),
    (
        &["sync"],
        "`aiut pull` takes over what others pushed, `aiut push` sends what is here",
    ),
    (
        &["git"],
        "`aiut pull` and `aiut push` exchange commits with a shared folder; a git repository is not one",
    ),
    (
        &[
            "delete",
            "del",
            "rm",
            "remove",
            "untrack",
            "forget",
            "obliterate",
        ],
        "delete the file by hand, then `aiut commit`; `aiut branch -d` and `aiut tag -d` delete a timeline and a tag",
    ),
    (
        &["duplicate", "graft", "transplant", "pick-commit"],
        "`aiut cherry-pick COMMIT` takes over what a commit changed",
    ),
    (
        &["evolog", "obslog", "operation", "operations", "ops"],
        "`aiut op log` lists what was done to the project",
    ),
    (
        &["reflog"],
        "`aiut op log` lists what was done to the project, `aiut log NAME@{yesterday}` begins where a timeline stood",
    ),
    (
        &["filter-branch", "filter-repo", "replace"],
        "history is not rewritten; `aiut revert COMMIT` takes back what a commit changed",
    ),
    (
        &["grep", "find", "rg"],
        "`aiut search WORDS` looks through scripts and prompts, `--all` through every version",
    ),
    (
        &["ignore", "check-ignore", "gitignore"],
        "list what is not kept in .aiutignore, written as .gitignore is; `aiut status` names what is refused",
    ),
    (
        &["info", "summary", "st", "stat"],
        "`aiut status` shows what changed since the last commit",
    ),
    (
        &["lfs", "annex", "large-files"],
        "large files need nothing else: `aiut commit` takes clips of any size, and stores what they share once",
    ),
    (
        &["history", "changelog", "whatchanged", "shortlog"],
        "`aiut log` shows the commits, `aiut log PATH` those of a file",
    ),
    (
        &["list", "ls-files", "ls-tree", "files", "manifest"],
        "`aiut ls` lists the files of a commit, `aiut scenes` the scenes, `aiut branch` the timelines",
    ),
    (
        &[
            "make",
            "build",
            "render",
            "run",
            "regenerate",
            "refresh",
            "gen",
        ],
        "`aiut generate` brings the film up to date, `aiut plan` shows beforehand what that makes and costs",
    ),
    (
        &["merge-base"],
        "`aiut diff A...B` compares B with what it has in common with A; `aiut merge --plan TIMELINE` names the commit",
    ),
    (
        &["mv", "move", "rename"],
        "rename the file by hand, then `aiut commit`: it is found again by its content; `aiut branch -m OLD NEW` renames a timeline",
    ),
    (
        &["new", "next", "prev"],
        "change the files, then `aiut commit`; `aiut switch -c NAME COMMIT` begins a timeline at a commit",
    ),
    (
        &["lock", "unlock", "freeze"],
        "write `\"locked\": true` into a shot of shots/SCENE.json; `aiut shots --locked` lists the locked shots",
    ),
    (
        &["budget", "limit", "spend"],
        "`aiut config budget.day 20` sets a limit in US dollars, `aiut cost` shows what is left of it",
    ),
    (
        &["notes"],
        "`aiut commit --amend` changes a message; a `[[note]]` in the script is not part of a scene",
    ),
    (
        &["outdated", "check", "dirty"],
        "`aiut stale` says what is out of date, `aiut stale --check` exits with 3 if something is",
    ),
    (
        &["estimate", "price", "prices"],
        "`aiut plan` shows what the next run would cost, `aiut cost` what was spent",
    ),
    (
        &[
            "squash", "fold", "split", "histedit", "absorb", "uncommit", "fixup", "arrange",
        ],
        "commits are not rewritten one by one: `aiut commit --amend` changes the last one, `aiut rebase TIMELINE` puts them onto another timeline, `aiut cherry-pick COMMIT` takes a change over",
    ),
    (
        &["reset", "rollback", "back", "discard"],
        "`aiut undo` takes back the last command, `aiut restore PATH` brings files back as they were (`aiut restore .` all)",
    ),
    (
        &["rev-parse", "id", "root", "name-rev"],
        "`aiut log -1 --json` prints the id of a commit, `aiut ls` those of files",
    ),
    (
        &[
            "repack",
            "maintenance",
            "count-objects",
            "vacuum",
            "cleanup",
        ],
        "`aiut gc` lets go of what nothing needs, `aiut du` says what takes the room",
    ),
    (
        &["shot", "scene", "storyboard"],
        "`aiut scenes` lists the scenes, `aiut shots` the shots, `aiut explain 2-11` tells why a shot is as it is",
    ),
    (
        &["settings", "set", "get", "configure"],
        "`aiut config` lists the settings, `aiut config KEY VALUE` sets one",
    ),
    (
        &["shelve", "stash", "unshelve"],
        "commit what is unfinished on a timeline of its own: `aiut switch -c NAME`, `aiut commit`, and back with `aiut switch`",
    ),
    (
        &["show-branch", "range-diff", "cherry", "compare"],
        "`aiut log --graph A B` draws timelines, `aiut diff A B` compares them",
    ),
    (
        &["submodule", "subtree", "workspace", "worktree"],
        "a project is one folder: copy it, its .aiut included, to work on two timelines at a time",
    ),
    (
        &["take"],
        "`aiut takes PATH` lists the takes of an output, `aiut pick PATH 2` selects one",
    ),
    (&["tags", "release"], "`aiut tag` lists and makes tags"),
    (
        &["unstage"],
        "there is nothing to stage: `aiut commit PATH` takes some changes, `aiut restore PATH` brings a file back",
    ),
    (
        &["verify", "verify-pack", "validate", "test"],
        "`aiut fsck --data` reads every byte back, `aiut doctor` looks at programs and project",
    ),
    (
        &["view", "watch", "preview", "player"],
        "`aiut play` plays the film, a scene or a clip, `aiut open PATH` shows any file",
    ),
    (
        &["explain-why", "reason"],
        "`aiut why PATH` says why an output is out of date",
    ),
    (
        &["upgrade", "self-update"],
        "install the new version over this one: `cargo install --path .` in its folder",
    ),
];

/// Options that other tools have, by command: what to type instead. `*` stands for any command.
const OPTIONS: &[(&str, &[&str], &str)] = &[
    (
        "branch",
        &["-l", "--list", "-vv"],
        "`aiut branch` lists all timelines, `aiut branch -v` what they follow, `aiut log origin/main` what was fetched",
    ),
    (
        "branch",
        &["-c", "--copy"],
        "`aiut branch NEW OLD` makes a timeline that begins where OLD stands",
    ),
    (
        "branch",
        &["-M"],
        "`aiut branch -m OLD NEW` renames a timeline",
    ),
    (
        "cherry-pick",
        &[
            "-x",
            "--continue",
            "--abort",
            "--skip",
            "-n",
            "--no-commit",
            "-e",
        ],
        "a change is taken over whole or not at all, so nothing is left to continue; `aiut undo` takes it back",
    ),
    (
        "revert",
        &[
            "--continue",
            "--abort",
            "--skip",
            "-n",
            "--no-commit",
            "--no-edit",
        ],
        "a change is taken back whole or not at all, so nothing is left to continue; `aiut undo` takes it back",
    ),
    (
        "commit",
        &["-p", "--patch", "-i", "--interactive"],
        "`aiut commit PATH` takes single files; parts of a file are not taken apart",
    ),
    (
        "commit",
        &["-s", "--signoff", "-S", "--gpg-sign"],
        "commits are not signed; the message may say who agreed",
    ),
    (
        "commit",
        &["--allow-empty", "--allow-empty-message"],
        "a commit holds a change and says why; `aiut tag NAME` marks a moment without one",
    ),
    (
        "commit",
        &["--author", "--date"],
        "AIUT_AUTHOR_NAME and AIUT_AUTHOR_EMAIL name another author for one command",
    ),
    (
        "diff",
        &["--cached", "--staged"],
        "there is nothing to stage: `aiut diff` compares the folder with the last commit",
    ),
    (
        "diff",
        &["--summary", "--shortstat"],
        "`aiut diff --stat` prints one line a file, `--json` everything",
    ),
    (
        "diff",
        &["-w", "-b", "--ignore-all-space"],
        "every byte counts; `aiut stale` says whether a change matters to the film",
    ),
    (
        "init",
        &["--bare", "-b", "--initial-branch"],
        "a project is a folder with its files; its first timeline is `main`, and `aiut branch -m main NAME` renames it",
    ),
    (
        "log",
        &["--branches"],
        "name the timelines: `aiut log --graph main what-if`; `aiut op log` lists everything that was done",
    ),
    (
        "log",
        &["--after", "--before"],
        "`aiut log --since 2026-11-20 --until yesterday` shows what came between",
    ),
    (
        "log",
        &["--follow"],
        "`aiut log PATH` lists what changed a path; `aiut whence FILE` finds a content under any name",
    ),
    (
        "log",
        &["-G"],
        "`aiut log -S TEXT` lists the commits that change how often a text occurs; `aiut search WORDS --all` looks through every version",
    ),
    (
        "log",
        &["--decorate", "--pretty", "--format"],
        "`aiut log --oneline` is short, `aiut log --json` is for programs",
    ),
    (
        "restore",
        &["-s", "--source"],
        "`aiut restore --from REV PATH` takes files from another commit",
    ),
    (
        "restore",
        &["--staged", "-S", "--worktree", "-W"],
        "there is nothing to stage: `aiut restore PATH` brings a file back as it was committed",
    ),
    (
        "status",
        &["-s", "--short", "-sb", "--porcelain", "-b"],
        "`aiut status` prints one line a file as it is; `aiut status --json` is for programs",
    ),
    (
        "switch",
        &["-b", "--force-create"],
        "`aiut switch -c NAME` makes a timeline; one that is there is deleted with `aiut branch -d NAME` first",
    ),
    (
        "switch",
        &["-f", "--force", "-m", "--merge"],
        "`aiut switch --discard NAME` overwrites uncommitted changes, which `aiut undo` brings back",
    ),
    (
        "switch",
        &["-d"],
        "`aiut switch --detach REV` stands on any commit",
    ),
    (
        "tag",
        &["-a", "-m", "--annotate", "--message", "-s", "--sign"],
        "a tag is a name and nothing else; the commit's message says why",
    ),
    ("tag", &["-l", "--list", "-n"], "`aiut tag` lists all tags"),
    (
        "undo",
        &["--hard", "--soft"],
        "`aiut undo` puts files and timelines back as they were before the last command",
    ),
    (
        "gc",
        &["--aggressive", "--auto"],
        "`aiut gc` does all there is to do",
    ),
    (
        "generate",
        &["-f", "--force", "-B", "--always-make"],
        "`aiut generate PATH --new-take` makes another take of what is up to date; the ones before stay",
    ),
    (
        "*",
        &["-v", "--verbose"],
        "aiut says what it has to say; `-q` says less, `--json` more",
    ),
    (
        "*",
        &["--no-pager"],
        "`AIUT_PAGER= aiut …` reads without a pager",
    ),
    (
        "*",
        &["--force", "-f"],
        "`aiut COMMAND --help` lists the options that overwrite something, by name",
    ),
];

/// What to type instead of a command of another tool.
pub(super) fn instead_of(command: &str) -> Option<String> {
    let word = command.to_lowercase().replace('_', "-");
    let mut rows = COMMANDS.iter();
    let (_, text) = rows.find(|(words, _)| words.contains(&word.as_str()))?;
    Some((*text).to_owned())
}

/// What to type instead of an option of another tool, `-a` or `--all`, of the command at `path`.
pub(super) fn instead_of_option(path: &str, option: &str) -> Option<String> {
    let mut rows = OPTIONS.iter();
    let (_, _, text) = rows.find(|(command, options, _)| {
        (*command == path || *command == "*") && options.contains(&option)
    })?;
    Some((*text).to_owned())
}

/// Every word of another tool that has a row, for tests and completion of help.
#[cfg(test)]
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().flat_map(|(words, _)| words.iter().copied())
}

/// `A`, `A and B`, `A, B and C`.
pub(super) fn listed(names: &[String]) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        let join = match (at, names.len() - at) {
            (0, _) => "",
            (_, 1) => " and ",
            _ => ", ",
        };
        let _ = write!(text, "{join}{name}");
    }
    text
}

#[cfg(test)]
mod tests;
