//! A project runs nothing until its user has seen what, and agreed.

use std::path::{Path, PathBuf};

use super::attacks::{lines, text};
use super::film::SCRIPT;
use super::world::{World, write};

const SETTINGS: &str = "[film]\nwidth = 160\nheight = 90\n\n[stage.posters]\neach = \"scene\"\n\
    reads = [\"scenes/{scene}.json\"]\nwrites = \"posters/{scene}.txt\"\nby = \"command\"\n\
    command = [\"sh\", \"tools/poster.sh\", \"a b\"]\nprice = { per = \"item\", usd = 0 }\n";

const INERT: &str =
    "stage.posters would run \"sh tools/poster.sh 'a b'\": not trusted; see it with `aiut trust`";

/// A cloned film with a stage made by a command, which leaves a mark in the user's home.
fn film() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("aiut.toml", SETTINGS);
    world.write("script.fountain", SCRIPT);
    world.write("tools/poster.sh", tool(&world, "ran"));
    world.ok(&["commit", "-q", "-m", "First draft"]);
    world
}

fn tool(world: &World, mark: &str) -> String {
    let mark = world.home().join(mark);
    format!("echo poster > output.txt\n: > {}\n", mark.display())
}

fn ran(world: &World) -> bool {
    world.home().join("ran").exists()
}

/// The file that remembers what was agreed to.
fn trust_file(world: &World) -> PathBuf {
    world.home().join(".config/aiut/trust.toml")
}

#[test]
fn until_the_user_agrees_nothing_runs_and_the_rest_goes_on() {
    let world = film();
    for arguments in [&["status"][..], &["stale"], &["plan"], &["generate", "-n"]] {
        let said = world.ok(arguments);
        assert!(said.contains(INERT), "{arguments:?}:\n{said}");
    }
    assert_eq!(world.json(&["status"])["untrusted"][0], INERT);
    let plan = world.json(&["plan"]);
    assert_eq!(plan["problems"][0], INERT);
    let item = |world: &World| {
        let plan = world.json(&["plan"]);
        let items = plan["items"].as_array().unwrap().iter();
        let mut posters = items.filter(|item| item["path"] == "posters/001.txt");
        posters.next().unwrap().clone()
    };
    assert_eq!(item(&world)["state"], "missing");
    assert_eq!(item(&world)["action"], "refuse");
    let run = world.run(&["generate", "posters", "--yes"]);
    assert_eq!(
        run.code,
        Some(1),
        "--yes agrees to a price, not to a command"
    );
    assert!(run.stderr.contains(INERT), "{run}");
    assert!(
        world.path("scenes/001.json").is_file(),
        "other stages go on"
    );
    assert!(!world.path("posters").exists() && !ran(&world));
    let why = world.ok(&["why", "posters/001.txt"]);
    assert!(why.contains(INERT), "{why}");
    let take = world.run(&["generate", "posters", "--new-take"]);
    assert!(take.stderr.contains(INERT), "{take}");
    assert!(!ran(&world));

    world.ok(&["trust", "--yes"]);
    assert!(!world.ok(&["status"]).contains("not trusted"));
    world.ok(&["generate", "posters"]);
    assert!(ran(&world) && world.path("posters/003.txt").is_file());
}

#[test]
fn what_would_run_is_shown_exactly_and_noted_for_the_user_alone() {
    let world = film();
    let shown = world.ok(&["trust", "--show"]);
    let digest = blake3::hash(world.read("tools/poster.sh").as_bytes()).to_hex();
    for part in [
        "stage.posters, for each scene",
        "command      [\"sh\", \"tools/poster.sh\", \"a b\"]",
        "program      /",
        &format!("file         tools/poster.sh {digest}"),
        "limits       600 s, any amount of memory, an output of 1024 MiB",
        "You have not agreed to this yet.",
    ] {
        assert!(shown.contains(part), "{part:?} is not in\n{shown}");
    }
    let refused = world.run(&["trust"]);
    assert_eq!(refused.code, Some(1), "without a terminal the answer is no");
    assert!(refused.stderr.contains("aiut trust --yes"), "{refused}");
    assert!(!trust_file(&world).exists());
    assert_eq!(world.json(&["trust"])["trusted"], false);

    world.ok(&["trust", "--yes"]);
    let report = world.json(&["trust", "--show"]);
    assert_eq!(report["trusted"], true);
    assert_eq!(report["commands"][0]["files"][0]["path"], "tools/poster.sh");
    assert!(world.ok(&["trust"]).contains("You agreed to this."));
    let noted = std::fs::read_to_string(trust_file(&world)).unwrap();
    assert!(
        noted.contains(report["digest"].as_str().unwrap()),
        "{noted}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(trust_file(&world))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(world.ok(&["trust", "--revoke"]).contains("Forgotten"));
    assert_eq!(world.json(&["trust"])["trusted"], false);
    assert_eq!(world.run(&["generate", "posters"]).code, Some(1));
    assert!(!ran(&world));
    assert!(
        world
            .ok(&["trust", "--revoke"])
            .contains("nothing to take back")
    );
}

#[test]
fn any_change_asks_again_and_what_was_agreed_to_stays_agreed() {
    let world = film();
    world.ok(&["trust", "--yes"]);
    let trusted = |world: &World| world.json(&["trust"])["trusted"] == true;
    let code = "code = [\"tools/lib/*.sh\"]\n";
    let changes = [
        SETTINGS.replace("a b", "a c"),
        SETTINGS.replace("\"sh\"", "\"bash\""),
        SETTINGS.replace("stage.posters", "stage.cards"),
        format!("{SETTINGS}timeout = 5\n"),
        format!("{SETTINGS}memory = 500\n"),
        format!("{SETTINGS}size = 5\n"),
        format!("{SETTINGS}[stage.frames]\nby = \"command\"\ncommand = [\"true\"]\n"),
    ];
    for settings in changes {
        world.write("aiut.toml", &settings);
        assert!(!trusted(&world), "{settings}");
        let status = world.ok(&["status"]);
        assert!(
            status.contains("not trusted (what it runs changed since it was)"),
            "{status}"
        );
    }
    world.write("aiut.toml", SETTINGS);
    assert!(trusted(&world), "this was agreed to");
    world.write("tools/poster.sh", tool(&world, "ran") + "\n");
    assert!(!trusted(&world), "a byte of the script");
    world.write("tools/poster.sh", tool(&world, "ran"));
    world.write("aiut.toml", format!("{SETTINGS}{code}"));
    world.ok(&["trust", "--yes"]);
    world.write("tools/lib/font.sh", "rm -rf ~\n");
    assert!(!trusted(&world), "a file that `code` gains");
    std::fs::remove_file(world.path("tools/lib/font.sh")).unwrap();
    assert!(trusted(&world));
    world.ok(&["generate", "posters"]);

    // A copy of the project elsewhere is another project.
    let copy = world.path("").parent().unwrap().join("copy");
    std::fs::rename(world.path(""), &copy).unwrap();
    let run = world.finish(world.command(&copy, &["status"]));
    assert!(run.stdout.contains("not trusted;"), "{run}");
}

#[test]
fn a_project_cannot_trust_itself() {
    let mut world = film();
    for more in [
        "[trust]\nposters = true\n",
        "[command]\nenvironment = [\"HOME\"]\n",
    ] {
        world.write("aiut.toml", format!("{SETTINGS}{more}"));
        let run = world.run(&["generate", "posters"]);
        assert_eq!(run.code, Some(1));
        assert!(run.stderr.contains("aiut.toml, line 12"), "{run}");
    }
    world.write("aiut.toml", SETTINGS);
    // Nor with a configuration that comes with it.
    world.ok(&["trust", "--yes"]);
    let noted = std::fs::read(trust_file(&world)).unwrap();
    world.write("config/aiut/trust.toml", noted);
    let inside = world.path("config");
    world.set("XDG_CONFIG_HOME", inside.to_str().unwrap());
    let run = world.run(&["generate", "posters"]);
    assert!(run.stderr.contains("lie inside the project"), "{run}");
    assert_eq!(world.run(&["trust", "--yes"]).code, Some(1));
    assert!(!ran(&world));
}

/// Arguments for every command, so that each is run in a project that is not trusted.
const EVERY_COMMAND: &[&[&str]] = &[
    &["init"],
    &["import", "draft.fountain"],
    &["status"],
    &["merge", "--plan", "main"],
    &["merge", "main"],
    &["scenes"],
    &["stages"],
    &["plan"],
    &["stale", "--outdated"],
    &["why", "frames/001_001.png"],
    &["explain", "shot", "001_001"],
    &["generate", "--yes", "--outdated"],
    &["generate", "canary", "--new-take", "--yes"],
    &["takes", "frames/001_001.png"],
    &["pick", "frames/001_001.png", "1"],
    &["accept", "frames", "--why", "no"],
    &["approve", "frames"],
    &["deps", "frames/001_001.png"],
    &["cost"],
    &["continuity"],
    &["mirror", "2"],
    &["whence", "script.fountain"],
    &["commit", "-m", "Edit"],
    &["commit"],
    &["log", "--graph"],
    &["blame", "script.fountain"],
    &["note", "add", "Mind the kettle", "--on", "script.fountain"],
    &["bisect", "start", "HEAD", "HEAD~1"],
    &["bisect", "reset"],
    &["show"],
    &["diff", "HEAD~1", "HEAD"],
    &["revisions", "HEAD~1", "HEAD"],
    &["cat", "HEAD:script.fountain"],
    &["ls"],
    &["branch", "noir"],
    &["timeline"],
    &["switch", "noir"],
    &["tag", "cut-1"],
    &["restore", "script.fountain"],
    &["undo"],
    &["redo"],
    &["op", "log"],
    &["op", "restore", "@"],
    &["fsck", "--data", "--repair"],
    &["gc", "--grace", "0"],
    &["du"],
    &["revert", "HEAD"],
    &["undo"],
    &["cherry-pick", "HEAD"],
    &["rebase", "--plan", "HEAD"],
    &["resolve"],
    &["init", "--shared", "../studio"],
    &["remote", "add", "studio", "../studio"],
    &["push", "studio"],
    &["fetch", "studio"],
    &["pull", "studio", "main"],
    &["clone", "../studio", "../copy"],
    &["dehydrate"],
    &["hydrate"],
    &["export", "bundle", "../film.aiut"],
    &["search", "kettle"],
    &["doctor"],
    &["config", "--list"],
    &["hooks"],
    &["hooks", "show", "pre-commit"],
    &["hooks", "install", "pre-commit"],
    &["hooks", "trust", "pre-commit"],
    &["trust"],
    &["trust", "--show"],
    &["completions", "bash"],
    &["man"],
    &["textconv", "script.fountain"],
    &["merge-driver", "aiut.toml", "aiut.toml", "aiut.toml", "a"],
    &["open", "script.fountain"],
    &["shots"],
    &["play", "nowhere.mov"],
    &["help"],
    &["version"],
];

#[test]
fn no_command_runs_what_a_project_brings_along() {
    let world = World::new();
    world.ok(&["init", "-q"]);
    let mark = world.home().join("canary-ran");
    let canary = format!("#!/bin/sh\n: > {}\n", mark.display());
    // Named as the programs that aiut itself uses, and in every place that could be looked in.
    let names = [
        "canary",
        "ffmpeg",
        "ffprobe",
        "espeak-ng",
        "git",
        "less",
        "sh",
        "vi",
        "xdg-open",
        "gio",
        "mpv",
    ];
    for name in names {
        for folder in ["", "bin/", "tools/", ".aiut/hooks/", ".git/hooks/"] {
            world.write(&format!("{folder}{name}"), &canary);
            executable(&world.path(&format!("{folder}{name}")));
        }
    }
    let of_git = ["post-checkout", "commit-msg"];
    for hook in aiut::base::layout::HOOKS.iter().chain(&of_git) {
        for folder in [".aiut/hooks/", ".git/hooks/"] {
            world.write(&format!("{folder}{hook}"), &canary);
            executable(&world.path(&format!("{folder}{hook}")));
        }
    }
    world.write(".git/config", text("settings/gitconfig"));
    // Every stage that there is, and one more, made by the canary; its name in every other place.
    let settings = text("settings/canary.toml");
    for stage in world.json(&["stages"]).as_array().unwrap() {
        let heading = format!("[stage.{}]", stage["name"].as_str().unwrap());
        assert!(
            settings.contains(&heading),
            "settings/canary.toml lacks {heading}"
        );
    }
    world.write("aiut.toml", &settings);
    world.write("script.fountain", SCRIPT);
    world.write("draft.fountain", SCRIPT);
    let path = format!(
        "bin:{}:{}",
        world.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let run = |arguments: &[&str]| {
        let mut command = world.command(&world.path(""), arguments);
        command.env("PATH", &path);
        let run = world.finish(command);
        assert!(!mark.exists(), "{arguments:?} ran the canary:\n{run}");
        run
    };
    for arguments in EVERY_COMMAND {
        run(arguments);
    }
    let help = world.ok(&["--help"]);
    let listed = help
        .lines()
        .skip_while(|line| !line.starts_with("Usage"))
        .skip(1);
    let listed = listed.take_while(|line| !line.starts_with("Options"));
    for name in listed.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()) {
        let is_command = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let known = EVERY_COMMAND.iter().any(|arguments| arguments[0] == name);
        assert!(!is_command || known, "EVERY_COMMAND lacks {name}");
    }

    // Keys that a project has no say in, or that mean nothing: the canary in each, one at a time.
    for key in lines("keys") {
        for value in ["\"tools/canary\"", "[\"tools/canary\"]"] {
            world.write("aiut.toml", format!("{key} = {value}\n"));
            for arguments in [&["status"][..], &["plan"], &["generate", "--yes"], &["log"]] {
                let came = run(arguments);
                if arguments[0] == "plan" {
                    assert_eq!(came.code, Some(1), "{key} is no key of a project:\n{came}");
                }
            }
        }
    }

    // The canary is alive: once it is agreed to, it sings.
    world.write("aiut.toml", &settings);
    world.ok(&["trust", "--yes"]);
    let sung = world.run(&["generate", "canary", "--yes"]);
    assert!(mark.exists(), "{sung}");
}

fn executable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_tool_that_changes_while_a_run_is_under_way_is_not_run() {
    // The first stage writes the tool of the second: what was agreed to is not what would run.
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write(
        "aiut.toml",
        "[price.command]\nper = \"item\"\nusd = 0\n\
         [stage.tool]\nwrites = \"tools/made.sh\"\nby = \"command\"\ncommand = [\"sh\", \"tools/make.sh\"]\n\
         [stage.poster]\nwrites = \"poster.txt\"\nby = \"command\"\ncommand = [\"sh\", \"tools/made.sh\"]\n",
    );
    world.write(
        "tools/make.sh",
        format!("cat > output.sh <<'END'\n{}END\n", tool(&world, "ran")),
    );
    write(&world.path("script.fountain"), SCRIPT.as_bytes());
    world.ok(&["trust", "--yes"]);
    let run = world.run(&["generate", "poster"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("stage.poster would run"), "{run}");
    assert!(
        world.path("tools/made.sh").is_file() && !ran(&world),
        "{run}"
    );
    world.ok(&["trust", "--yes"]);
    world.ok(&["generate", "poster"]);
    assert!(ran(&world));
}

/// Runs `aiut trust` on a terminal of its own, on which `answer` is typed.
fn asked(world: &World, answer: &str) -> (Option<i32>, String) {
    use std::io::Write as _;
    let aiut = world.command(&world.path(""), &["trust"]);
    let spawn = "import os, pty, sys\nsys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let mut command = std::process::Command::new("python3");
    command
        .args(["-c", spawn])
        .arg(aiut.get_program())
        .args(aiut.get_args())
        .current_dir(world.path(""))
        .env_clear()
        .envs(
            aiut.get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(answer.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), said)
}

#[cfg(unix)]
#[test]
fn on_a_terminal_it_is_asked_and_only_a_yes_is_one() {
    let world = film();
    for answer in ["\n", "n\n", "maybe\n"] {
        let (code, said) = asked(&world, answer);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("[y/N]") && said.contains("tools/poster.sh"),
            "{said}"
        );
        assert_eq!(world.json(&["trust"])["trusted"], false);
    }
    let (code, said) = asked(&world, "y\n");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Any change of these asks again"), "{said}");
    assert_eq!(world.json(&["trust"])["trusted"], true);
}
