//! `fsck`, `gc`, `du`, `op restore`: what they say, in words and in JSON.

use std::path::PathBuf;

use insta::assert_snapshot;

use super::world::{World, shape, write};

const SCRIPT: &str = "INT. KITCHEN - NIGHT\n\nRae waits.\n";
/// Too short to be compressed.
const IDEA: &str = "A coat that nobody owns.";

/// Two commits on main, one more on what-if.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--title", "The Red Coat"]);
    world.write("script.fountain", SCRIPT);
    world.write("idea.md", IDEA);
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("notes/rae.md", "Rae owns no coat.\n");
    world.ok(&["commit", "-q", "-m", "Notes"]);
    world.ok(&["switch", "-q", "-c", "what-if"]);
    world.write("script.fountain", SCRIPT.replace("waits", "leaves"));
    world.ok(&["commit", "-q", "-m", "Rae leaves"]);
    world
}

fn pack(world: &World) -> PathBuf {
    world.path(".aiut/packs/00000001.pack")
}

/// Flips a bit of the byte that lies `ahead` of where these bytes first stand in the pack.
pub(super) fn spoil(world: &World, needle: &[u8], ahead: usize) {
    let mut bytes = std::fs::read(pack(world)).unwrap();
    let at = bytes
        .windows(needle.len())
        .position(|window| window == needle);
    bytes[at.unwrap() - ahead] ^= 1;
    write(&pack(world), &bytes);
}

#[test]
fn a_sound_project_says_so() {
    let world = project();
    assert_snapshot!(world.run(&["fsck"]), @"
    Checked 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    The structure is sound; `aiut fsck --data` reads every byte.
    ");
    assert_snapshot!(world.run(&["fsck", "--data"]), @"
    Read 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    Everything is as it was written.
    ");
    assert_snapshot!(world.run(&["-q", "fsck", "--data", "--repair"]), @"
    Read 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    Made a new index
    Everything is as it was written.
    ");
}

#[test]
fn a_damaged_file_is_found_told_and_mended() {
    let world = project();
    spoil(&world, IDEA.as_bytes(), 0);
    assert_snapshot!(world.run(&["fsck"]), @"
    Checked 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    The structure is sound; `aiut fsck --data` reads every byte.
    ");
    assert_snapshot!(world.run(&["fsck", "--data"]), @"
    packs/00000001.pack, byte 1078: file 4c81cc7b1a6d: its bytes are not those of its id
        idea.md in commit 74f2ee53a447 and 2 before it
        remedy: stored again from idea.md in the folder
    Read 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 32 records
    1 thing is wrong.
    `aiut fsck --repair` will:
      - write the sound records of packs/00000001.pack to a new pack, then move it to .aiut/damaged/
      - make a new index from the packs
      - store file 4c81cc7b1a6d again from idea.md, which holds its bytes
    --- exit code 3
    ");
    assert_snapshot!(world.run(&["cat", ":idea.md"]), @"
    --- stderr
    error: $ROOT/film/.aiut/packs/00000001.pack is damaged at byte 1078: its bytes are not those of its id
    hint: `aiut fsck` says what is missing or damaged, `aiut fsck --repair` mends what can be mended
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["fsck", "--data", "--repair"]), @"
    packs/00000001.pack, byte 1078: file 4c81cc7b1a6d: its bytes are not those of its id
        idea.md in commit 74f2ee53a447 and 2 before it
        remedy: stored again from idea.md in the folder
    Read 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 32 records
    1 thing is wrong.
    To mend it:
      - write the sound records of packs/00000001.pack to a new pack, then move it to .aiut/damaged/
      - make a new index from the packs
      - store file 4c81cc7b1a6d again from idea.md, which holds its bytes
    Moved packs/00000001.pack to .aiut/damaged/
    Kept 32 sound records in a new pack
    Made a new index
    Stored idea.md again
    Everything is sound again.
    ");
    assert_snapshot!(world.run(&["fsck", "--data"]), @"
    Read 5 operations: 3 commits, 8 files in 2 packs (8.2 KiB), 34 records
    Everything is as it was written.
    ");
    assert_eq!(world.ok(&["cat", "HEAD~2:idea.md"]), IDEA);
}

#[test]
fn damage_that_cannot_be_mended_is_told_every_time() {
    let world = project();
    spoil(&world, IDEA.as_bytes(), 0);
    std::fs::remove_file(world.path("idea.md")).unwrap();
    assert_snapshot!(world.run(&["fsck", "--data", "--repair"]), @"
    packs/00000001.pack, byte 1078: file 4c81cc7b1a6d: its bytes are not those of its id
        idea.md in commit 74f2ee53a447 and 2 before it
        remedy: no sound copy is here: bring it back from a copy of the project
    Read 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 32 records
    1 thing is wrong.
    To mend it:
      - write the sound records of packs/00000001.pack to a new pack, then move it to .aiut/damaged/
      - make a new index from the packs
    Moved packs/00000001.pack to .aiut/damaged/
    Kept 32 sound records in a new pack
    Made a new index

    1 thing is still wrong:
    file 4c81cc7b1a6d: it is missing
        idea.md in commit 74f2ee53a447 and 2 before it
        remedy: no sound copy is here: bring it back from a copy of the project
    --- exit code 3
    ");
    assert_snapshot!(world.run(&["fsck"]), @"
    file 4c81cc7b1a6d: it is missing
        idea.md in commit 74f2ee53a447 and 2 before it
        remedy: no sound copy is here: bring it back from a copy of the project
    Checked 5 operations: 3 commits, 8 files in 1 pack (8.0 KiB), 33 records
    1 thing is wrong.
    There is nothing here to mend it with.
    --- exit code 3
    ");
    assert_snapshot!(world.run(&["gc"]), @"
    --- stderr
    error: file 4c81cc7b1a6d: it is missing; nothing is thrown away before that is mended
    hint: `aiut fsck` says what is wrong and what mends it
    --- exit code 1
    ");
    // The header of a record: its place is lost with it, its id is not.
    let world = project();
    spoil(&world, IDEA.as_bytes(), 41);
    assert_snapshot!(world.run(&["fsck"]), @"
    packs/00000001.pack, byte 1078: lengths that contradict each other
        remedy: what is sound around it is kept
    file 4c81cc7b1a6d: it is missing
        idea.md in commit 74f2ee53a447 and 2 before it
        remedy: stored again from idea.md in the folder
    Checked 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 32 records
    2 things are wrong.
    `aiut fsck --repair` will:
      - write the sound records of packs/00000001.pack to a new pack, then move it to .aiut/damaged/
      - make a new index from the packs
      - store file 4c81cc7b1a6d again from idea.md, which holds its bytes
    --- exit code 3
    ");
}

#[test]
fn a_damaged_index_is_made_anew_and_a_cut_pack_is_told() {
    let world = project();
    let index = world.path(".aiut/index/1/data.mdb");
    let mut bytes = std::fs::read(&index).unwrap();
    bytes[0..600].fill(0);
    write(&index, &bytes);
    assert_snapshot!(world.run(&["fsck"]), @"
    Checked 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    The structure is sound; `aiut fsck --data` reads every byte.
    ");
    assert_snapshot!(world.run(&["fsck", "--repair"]), @"
    Checked 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    Made a new index
    The structure is sound; `aiut fsck --data` reads every byte.
    ");
    assert_eq!(world.ok(&["cat", ":idea.md"]), IDEA);
    let whole = std::fs::read(pack(&world)).unwrap();
    write(&pack(&world), &whole[..whole.len() - 10]);
    assert_snapshot!(world.run(&["fsck"]), @"
    packs/00000001.pack, byte 6886: a record that is cut off
        remedy: what is sound around it is kept
    packs/00000001.pack, byte 6948: it ends here, and 10 bytes more were once written
        remedy: what the history lacks by that is told by itself
    Checked 5 operations: 3 commits, 8 files in 1 pack (6.8 KiB), 33 records
    2 things are wrong.
    `aiut fsck --repair` will:
      - write the sound records of packs/00000001.pack to a new pack, then move it to .aiut/damaged/
      - make a new index from the packs
    --- exit code 3
    ");
}

#[test]
fn what_nothing_needs_waits_for_its_grace() {
    let mut world = project();
    assert_snapshot!(world.run(&["gc"]), @"
    Nothing to let go of
    1 pack, 6.8 KiB
    ");
    // A run that was stored, and whose commit never came.
    let store = aiut::store::Store::open(&world.path(".aiut")).unwrap();
    let mut noise = vec![0; 20_000];
    blake3::Hasher::new().finalize_xof().fill(&mut noise);
    store.put_file_bytes(&noise).unwrap();
    store.put_file_bytes(&noise[1..]).unwrap();
    drop(store);
    assert_snapshot!(world.run(&["gc", "--dry-run"]), @"
    Nothing to let go of
    2 records that nothing needs, 39.2 KiB, stay for 30 days after they were first seen so, the first until 2026-01-31 00:06:00 +00:00
    1 pack, 46.1 KiB
    ");
    assert_snapshot!(world.run(&["gc"]), @"
    Nothing to let go of
    2 records that nothing needs, 39.2 KiB, stay for 30 days after they were first seen so, the first until 2026-01-31 00:07:00 +00:00
    1 pack, 46.1 KiB
    ");
    world.set("AIUT_CLOCK", "1771000000");
    assert_snapshot!(world.run(&["gc", "-n"]), @"
    Would let go of 2 records that nothing needs, 39.2 KiB
    1 pack, 46.1 KiB; 1 rewritten: then about 1 pack, 6.9 KiB
    ");
    assert_snapshot!(world.run(&["gc"]), @"
    Let go of 2 records that nothing needs, 39.2 KiB
    1 pack, 46.1 KiB; 1 rewritten: now 1 pack, 8.2 KiB
    ");
    assert_snapshot!(world.run(&["fsck", "--data"]), @"
    Read 5 operations: 3 commits, 8 files in 1 pack (8.2 KiB), 34 records
    Everything is as it was written.
    ");
    assert_snapshot!(world.run(&["gc", "--grace", "soon"]), @"
    --- stderr
    error: soon is not a value for --grace DAYS: it has to be a whole number
    --- exit code 2
    ");
}

#[test]
fn leftovers_of_a_run_that_died_are_removed() {
    let world = project();
    world.write(".aiut/scratch/dead/cut.mp4", vec![0; 3000]);
    assert_snapshot!(world.run(&["gc", "--dry-run"]), @"
    Nothing to let go of
    Would remove 2.9 KiB of commands that died
    1 pack, 6.8 KiB
    ");
    assert!(world.path(".aiut/scratch/dead").exists());
    world.ok(&["gc"]);
    assert!(!world.path(".aiut/scratch/dead").exists());
}

#[test]
fn what_the_project_takes_is_told_by_stage_and_timeline() {
    let world = project();
    assert_snapshot!(world.run(&["du"]), @"
    the folder              1.0 KiB  6 files
    all versions            6.8 KiB  1 pack
    the index             136.0 KiB

    All versions by stage
    idea                       72 B  1 version, 24 B in full
    script                    163 B  2 versions, 67 B in full
    other files             1.2 KiB  5 versions, 1.3 KiB in full
    history                 4.9 KiB  25 objects

    By timeline
    main                    2.4 KiB  0 B of it its own
    what-if                 3.4 KiB  1.0 KiB of it its own
    shared by timelines     2.4 KiB
    ");
    assert_snapshot!(world.run(&["du", "script.fountain"]), @"
    the folder                 34 B  1 file

    All versions by stage
    script                    163 B  2 versions, 67 B in full

    By timeline
    main                       81 B  0 B of it its own
    what-if                   163 B  82 B of it its own
    shared by timelines        81 B
    ");
    assert_snapshot!(world.run(&["du", "nowhere"]), @"
    --- stderr
    error: the project has no nowhere
    hint: `aiut ls` lists the files
    --- exit code 1
    ");
}

#[test]
fn any_operation_can_be_gone_back_to_and_that_undone() {
    let world = project();
    let log = world.json(&["op", "log"]);
    let first = log[2]["id"].as_str().unwrap()[..12].to_owned();
    assert_eq!(log[2]["command"], "aiut commit -q -m Notes");
    world.write("script.fountain", "work in progress\n");
    let refused = world.run(&["op", "restore", &first]);
    assert_snapshot!(refused, @"
    --- stderr
    error: uncommitted changes would be overwritten in script.fountain
    hint: commit them, or give --discard (`aiut undo` then brings them back)
    --- exit code 1
    ");
    assert_snapshot!(world.run(&["op", "restore", &first, "--discard"]), @"Back to the state after `aiut commit -q -m Notes`: now on timeline main, 2 files changed");
    assert_snapshot!(world.run(&["branch"]), @"* main 26deabcccfc5 Notes");
    assert_eq!(world.read("script.fountain"), SCRIPT);
    assert_snapshot!(world.run(&["undo"]).to_string().replace(&first, "FIRST"), @"Undid `aiut op restore FIRST --discard`: now on timeline what-if, 2 files changed");
    assert_eq!(world.read("script.fountain"), "work in progress\n");
    assert_snapshot!(world.run(&["branch"]), @"
      main    26deabcccfc5 Notes
    * what-if 74f2ee53a447 Rae leaves
    ");
}

#[test]
fn the_json_of_upkeep_keeps_its_form() {
    let world = project();
    assert_snapshot!(shape(&world.json(&["gc", "--dry-run"])), @"{ dry_run: bool, grace_days: integer, records: integer, bytes: integer, copies: integer, copied_bytes: integer, waiting: integer, waiting_bytes: integer, next_due: null, packs_rewritten: integer, packs_before: integer, packs_after: integer, bytes_before: integer, bytes_after: integer, leftover_bytes: integer }");
    assert_snapshot!(shape(&world.json(&["du"])), @"{ folder_files: integer, folder_bytes: integer, packs: integer, pack_bytes: integer, index_bytes: integer, damaged_bytes: integer, kinds: [{ kind: text, contents: integer, bytes: integer, stored_bytes: integer }], timelines: [{ timeline: text, stored_bytes: integer, own_bytes: integer }], shared_bytes: integer, unreachable_bytes: integer, old_operations: { operations: integer, commits: integer, takes: integer, cost_micro_usd: integer, files: integer, bytes: integer }, old_days: integer, unused_takes: { operations: integer, commits: integer, takes: integer, cost_micro_usd: integer, files: integer, bytes: integer }, unreadable: [] }");
    spoil(&world, IDEA.as_bytes(), 0);
    let run = world.run(&["fsck", "--data", "--json"]);
    assert_eq!(run.code, Some(3));
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_snapshot!(shape(&json), @"{ data: bool, packs: integer, records: integer, bytes: integer, operations: integer, commits: integer, conflicts: integer, files: integer, findings: [{ kind: text, pack: text, offset: integer, object: text, id: text, what: text, affects: [{ path: text, commits: [text] }], remedy: text }], notes: [], plan: [text], mended: null }");
    let run = world.run(&["fsck", "--data", "--repair", "--json"]);
    assert_eq!(run.code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_snapshot!(shape(&json["mended"]), @"{ set_aside: [text], records_kept: integer, restored: [text], left: [] }");
}

#[cfg(unix)]
#[test]
fn du_names_what_it_cannot_read_and_never_takes_it_for_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = project();
    // A file where aiut keeps a folder: how much was set aside nobody can say.
    world.write(".aiut/damaged", "x");
    let run = world.run(&["du"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("/.aiut/damaged"), "{run}");
    std::fs::remove_file(world.path(".aiut/damaged")).unwrap();
    world.ok(&["du"]);
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(world.path("notes"), mode).unwrap();
    };
    mode(0o000);
    if std::fs::read_dir(world.path("notes")).is_ok() {
        return; // Permissions do not bind this user.
    }
    let (said, report) = (world.ok(&["du"]), world.json(&["du"]));
    mode(0o755);
    assert!(said.contains("not counted  notes: "), "{said}");
    assert_eq!(report["unreadable"][0]["path"], "notes");
}

#[cfg(unix)]
#[test]
fn packs_may_be_more_than_files_are_open_at_first() {
    let world = project();
    let bytes = std::fs::read(pack(&world)).unwrap();
    for number in 2..=300 {
        write(
            &world.path(&format!(".aiut/packs/{number:08}.pack")),
            &bytes,
        );
    }
    std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
    let limited = |limit: &str, arguments: &[&str]| {
        let prepared = world.command(&world.path(""), arguments);
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &format!("{limit}; exec \"$0\" \"$@\"")]);
        command.arg(prepared.get_program());
        command.args(prepared.get_args());
        command.current_dir(world.path("")).env_clear();
        for (name, value) in prepared.get_envs() {
            command.env(name, value.unwrap());
        }
        world.finish(command)
    };
    for arguments in [&["fsck"][..], &["du"], &["gc", "--dry-run"], &["gc"]] {
        // Of a limit that is final, it is told.
        let run = limited("ulimit -n 100", arguments);
        assert_eq!(run.code, Some(1), "{arguments:?}\n{run}");
        assert!(run.stderr.contains(".pack"), "{run}");
        assert!(run.stderr.contains("`ulimit -n`"), "{run}");
        let run = limited("ulimit -Sn 100", arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}\n{run}");
    }
    assert_eq!(world.run(&["fsck", "--data"]).code, Some(0));
}

#[test]
fn a_pack_of_a_later_aiut_is_refused_with_what_to_install_and_stays_as_it_is() {
    let world = project();
    let mut bytes = std::fs::read(pack(&world)).unwrap();
    bytes[9..12].copy_from_slice(&[9, 1, 0]);
    let check = blake3::hash(&[&bytes[..12], &bytes[16..32]].concat());
    bytes[12..16].copy_from_slice(&check.as_bytes()[..4]);
    write(&pack(&world), &bytes);
    world.write("idea.md", "Another.");
    for index in ["kept", "lost"] {
        if index == "lost" {
            std::fs::remove_dir_all(world.path(".aiut/index")).unwrap();
        }
        for command in [
            &["status"][..],
            &["log"],
            &["commit", "-m", "More"],
            &["gc"],
            &["fsck"],
            &["fsck", "--data"],
            &["fsck", "--repair"],
            &["fsck", "--data", "--repair"],
        ] {
            let run = world.run(command);
            assert_eq!(run.code, Some(1), "{command:?}: {run}");
            let said = run.to_string();
            assert!(
                said.contains("00000001.pack was written for aiut 9.1.0"),
                "{command:?}: {said}"
            );
            assert!(
                said.contains("install aiut 9.1.0 or newer"),
                "{command:?}: {said}"
            );
        }
    }
    assert_eq!(std::fs::read(pack(&world)).unwrap(), bytes);
    assert!(!world.path(".aiut/damaged").exists());
}
