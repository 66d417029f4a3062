//! A project shared by a server: the same commands, another place.

use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use aiut::base::clock::{Clock, SystemClock};
use aiut_server::{NewToken, Root, Scope, Tokens};

use super::world::World;

const SCRIPT: &str = "INT. CABIN - NIGHT\n\nMila sits by the window.\n";

/// A server that runs until the tests end, with the project `ferry`.
struct Served {
    _folder: tempfile::TempDir,
    root: Arc<Root>,
    origin: String,
}

fn serve() -> Served {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("srv");
    let root = Root::init(&path).unwrap();
    let id = aiut::object::ProjectId::random();
    root.add(&"ferry".parse().unwrap(), id).unwrap();
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let arguments = [
        "aiut-server".into(),
        "run".into(),
        path.into_os_string(),
        "--listen".into(),
        free.to_string().into(),
        "--keep-free".into(),
        "1".into(),
        "--log-level".into(),
        "error".into(),
    ];
    std::thread::spawn(move || aiut_server::main(arguments));
    while TcpStream::connect(free).is_err() {
        std::thread::yield_now();
    }
    Served {
        _folder: folder,
        root: Arc::new(root),
        origin: format!("http://{free}"),
    }
}

impl Served {
    fn token(&self, scopes: &[Scope]) -> String {
        let now = SystemClock::default().now().unix_seconds;
        let new = NewToken {
            name: "Rae".into(),
            scopes: scopes.to_vec(),
            projects: vec!["ferry".parse().unwrap()],
            expires: now + 3600,
        };
        let added = Tokens::change(self.root.folder(), |tokens| tokens.add(new, now));
        added.unwrap().1
    }

    fn place(&self) -> String {
        format!("{}/ferry", self.origin)
    }
}

fn film() -> World {
    let world = World::new();
    world.ok(&["init", "-q"]);
    world.write("script.fountain", SCRIPT);
    world.ok(&["commit", "-q", "-m", "Script"]);
    world
}

#[test]
fn two_people_share_a_project_by_a_server() {
    let (server, mut world) = (serve(), film());
    let token = server.token(&[Scope::Read, Scope::Push]);
    let secret = token.rsplit('_').next().unwrap().to_owned();
    world.set("AIUT_TOKENS", &format!("{} {token}", server.origin));
    let place = server.place();
    world.ok(&["remote", "add", "origin", &place]);
    let pushed = world.run(&["push"]);
    assert_eq!(pushed.code, Some(0), "{pushed}");
    world.ok(&["clone", "-q", &place, "../second"]);
    assert_eq!(world.read("../second/script.fountain"), SCRIPT);
    // An edit there comes back here.
    world.write(
        "../second/script.fountain",
        SCRIPT.replace("sits", "sleeps"),
    );
    for arguments in [vec!["commit", "-q", "-m", "Sleep"], vec!["push", "-q"]] {
        let run = world.run_in("../second", &arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run}");
    }
    world.ok(&["pull", "-q"]);
    assert!(world.read("script.fountain").contains("Mila sleeps"));
    let status = world.ok(&["status"]);
    assert!(status.contains("origin/main"), "{status}");
    // Diverged: refused, joined, pushed.
    world.write("notes.md", "a note");
    world.ok(&["commit", "-q", "-m", "Note"]);
    world.ok(&["push", "-q"]);
    world.write("../second/other.md", "another");
    let commit = world.run_in("../second", &["commit", "-q", "-m", "Other"]);
    assert_eq!(commit.code, Some(0), "{commit}");
    let refused = world.run_in("../second", &["push"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("aiut pull"), "{refused}");
    for arguments in [["pull", "-q"], ["push", "-q"]] {
        let run = world.run_in("../second", &arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run}");
    }
    world.ok(&["pull", "-q"]);
    assert_eq!(world.read("other.md"), "another");
    // The token is nowhere: not in what was said, and not in the project.
    assert!(!format!("{pushed}{refused}{status}").contains(&secret));
    let mut folders = vec![world.path(".aiut"), world.path("../second/.aiut")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_bytes());
                assert!(!found, "{}", path.display());
            }
        }
    }
}

#[test]
fn a_token_is_kept_in_a_file_of_its_owner_and_what_is_wrong_is_said() {
    let (server, world) = (serve(), film());
    let place = server.place();
    let read = server.token(&[Scope::Read]);
    let told = |arguments: &[&str], words: &[&str]| {
        let run = world.run(arguments);
        assert!(matches!(run.code, Some(1 | 2)), "{arguments:?}: {run}");
        for word in words {
            assert!(run.stderr.contains(word), "{word}: {run}");
        }
        let run = run.to_string();
        assert!(
            !run.contains(&read[20..]) && !run.contains("secret"),
            "{run}"
        );
    };
    world.ok(&["remote", "add", "origin", &place]);
    // No token.
    told(&["push"], &["no valid token", "tokens (chmod 600)"]);
    told(&["clone", &place, "../second"], &["no valid token"]);
    assert!(!world.path("../second").exists());
    let file = "../home/.config/aiut/tokens";
    world.write(file, format!("{} {read}\n", server.origin));
    let mode = |mode| {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(world.path(file), mode).unwrap();
    };
    mode(0o644);
    told(&["fetch"], &["others may read", "chmod 600"]);
    mode(0o600);
    world.ok(&["fetch", "-q"]);
    // It may read, and not push; of another project it may do nothing.
    told(
        &["push"],
        &[
            "is not there, or you may not see it",
            "ask who runs the server",
        ],
    );
    let other = format!("{}/other", server.origin);
    told(
        &["clone", &other, "../second"],
        &["is not there, or you may not see it"],
    );
    // Addresses that would send the token elsewhere, or in the open.
    for (wrong, word) in [
        ("http://studio.example/ferry", "without https://"),
        (
            "https://rae:secret@studio.example/ferry",
            "does not belong into it",
        ),
        ("ssh://studio.example/ferry", "not spoken here"),
        ("https://studio.example", "name of one project"),
    ] {
        told(&["remote", "add", "wrong", wrong], &[word]);
    }
    // Nobody there.
    let away = "http://127.0.0.1:9/ferry";
    world.ok(&["remote", "add", "away", away]);
    told(
        &["fetch", "away"],
        &["http://127.0.0.1:9 cannot be reached", "goes on where"],
    );
}

#[test]
fn a_part_comes_from_a_server_and_the_rest_when_it_is_read() {
    let served = serve();
    let mut world = film();
    let clip: Vec<u8> = (0..200_000_u32)
        .flat_map(|n| n.wrapping_mul(0x9e37_79b1).to_le_bytes())
        .collect();
    world.write("clips/one.mov", &clip);
    world.ok(&["commit", "-q", "-m", "A clip"]);
    let token = served.token(&[Scope::Read, Scope::Push]);
    world.set("AIUT_TOKENS", &format!("{} {token}", served.origin));
    world.ok(&["remote", "add", "origin", &served.place()]);
    world.ok(&["push", "-q"]);
    let place = served.place();
    let said = world.ok(&["clone", "--no-media", "--depth", "1", &place, "../part"]);
    assert!(
        said.contains("1 file") && said.contains("--unshallow"),
        "{said}"
    );
    assert!(!world.path("../part/clips/one.mov").exists());
    let in_part = |arguments: &[&str]| {
        let run = world.run_in("../part", arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run}");
        run.stdout
    };
    let log = in_part(&["log"]);
    assert!(log.contains("older commits are at the remote"), "{log}");
    assert!(!log.contains("Script"), "{log}");
    in_part(&["fsck", "--data"]);
    world.write("../part/script.fountain", format!("{SCRIPT}\nRain.\n"));
    in_part(&["commit", "-q", "-m", "Rain"]);
    in_part(&["push", "-q"]);
    world.ok(&["pull", "-q"]);
    assert!(world.read("script.fountain").contains("Rain"));
    in_part(&["fetch", "--unshallow"]);
    assert!(in_part(&["log"]).contains("Script"));
    in_part(&["hydrate"]);
    assert_eq!(
        std::fs::read(world.path("../part/clips/one.mov")).unwrap(),
        clip
    );
    let said = in_part(&["dehydrate"]);
    assert!(said.contains("1 content"), "{said}");
    assert!(!world.path("../part/clips/one.mov").exists());
    in_part(&["fsck", "--data"]);
}
