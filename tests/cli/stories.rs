//! Differences in the words of film: scripts by scene, shot lists by shot, data by field.

use serde_json::{Value, json};

use super::world::World;

const SCRIPT: &str = "INT. CABIN - NIGHT\n\nMila sits by the window.\n\nMILA\nWe are late.\n";

fn shot(id: &str, content: &str, duration: u32) -> Value {
    json!({"shot_id": id, "content": content, "shot_type": "MS", "duration": duration})
}

fn list(scene: &str, shots: &[Value]) -> String {
    let list = json!({"scene": scene, "slugline": "INT. CABIN - NIGHT", "fps": 24, "shots": shots});
    serde_json::to_string_pretty(&list).unwrap() + "\n"
}

/// A commit, and an edit of each kind.
fn project() -> World {
    let world = World::new();
    world.ok(&["init", "-q", "--template", "none"]);
    world.write("script.fountain", SCRIPT);
    let opens = "Mila opens the door. She looks down the empty stairs.";
    let shots = [shot("001_001", opens, 72), shot("001_002", "A gull.", 24)];
    world.write("shots/001.json", list("1", &shots));
    world.write("shots/002.json", list("2", &[shot("002_001", "Wind.", 24)]));
    world.write(
        "bible/style.toml",
        "tone = \"calm and grey\"\npalette = [\"ash\", \"slate\"]\nshot = 2026-01-01\n",
    );
    world.write("idea.md", "A ferry.\n");
    world.ok(&["commit", "-q", "-m", "First"]);
    world.write("script.fountain", SCRIPT.replace("late", "early"));
    let shots = [
        shot("001_001", "Mila opens the door.", 36),
        shot("001_001A", "She looks down the empty stairs.", 48),
        shot("001_002", "A gull.", 24),
    ];
    world.write("shots/001.json", list("1", &shots));
    world.write(
        "shots/002.json",
        list("2", &[shot("002_001", "=Wind, \"rain\".", 12)]),
    );
    // The same in another order and layout but for one field.
    world.write(
        "bible/style.toml",
        "shot   = 2026-01-01\npalette = [ \"ash\",\n \"rust\" ]\ntone = 'calm and grey'\n",
    );
    world.write("idea.md", "A ferry.\nA gull.\n");
    world
}

#[test]
fn each_kind_is_told_in_its_own_words() {
    let world = project();
    insta::assert_snapshot!(world.run(&["diff", "--story"]), @r#"
    script.fountain
      ~ INT. CABIN - NIGHT  (1 change)
          line 5, changed
          MILA
          We are [-late.-]{+early.+}
    shots/001.json  scene 1, 2 → 3 shots, 4.0 s → 4.5 s (+0.5 s)
      ~ 1-1
          content  Mila opens the door. [-She looks down the empty stairs.-]
          duration  72 → 36 frames, 3.0 s → 1.5 s (-1.5 s)
      + 1-1A  MS  2.0 s  She looks down the empty stairs.  (split off 1-1)
    shots/002.json  scene 2, 1 shot, 1.0 s → 0.5 s (-0.5 s)
      ~ 2-1
          content  Wind. → =Wind, "rain".
          duration  24 → 12 frames, 1.0 s → 0.5 s (-0.5 s)
    In all: 2 scenes, 3 → 4 shots, 5.0 s
    bible/style.toml  1 field
      palette  ash, slate → ash, rust
    modified: idea.md  (1 line added, 0 removed)
    "#);
    insta::assert_snapshot!(world.run(&["diff", "--story", "--stat", "shots"]), @"
    shots/001.json  scene 1, 2 → 3 shots, 4.0 s → 4.5 s (+0.5 s)
      ~ 1-1  (content, duration)
      + 1-1A  MS  2.0 s  She looks down the empty stairs.  (split off 1-1)
    shots/002.json  scene 2, 1 shot, 1.0 s → 0.5 s (-0.5 s)
      ~ 2-1  (content, duration)
    In all: 2 scenes, 3 → 4 shots, 5.0 s
    ");
    assert_eq!(world.run(&["diff", "--story", "--exit-code"]).code, Some(3));
    // Layout alone is no difference, and a file that is not what its name says is told by lines.
    world.write(
        "bible/style.toml",
        "palette=['ash','slate']\nshot=2026-01-01\ntone='calm and grey'\n",
    );
    assert_eq!(world.ok(&["diff", "--story", "bible"]), "");
    world.write("bible/style.toml", "palette = [\n");
    let broken = world.ok(&["diff", "--story", "bible"]);
    assert!(
        broken.contains("modified: bible/style.toml  (1 line added, 3 removed)"),
        "{broken}"
    );
    world.ok(&["commit", "-q", "-m", "Second"]);
    let shown = world.ok(&["show", "--story", "HEAD", "--", "shots/001.json"]);
    assert!(shown.contains("+ 1-1A"), "{shown}");
}

#[test]
fn programs_and_spreadsheets_get_it_too() {
    let world = project();
    let story = world.json(&["diff", "--story"]);
    assert_eq!(story["scripts"][0]["diff"]["scenes"][0]["fate"], "changed");
    let list = &story["shot_lists"][0];
    assert_eq!(
        (&list["old_frames"], &list["new_frames"]),
        (&json!(96), &json!(108))
    );
    assert_eq!(list["shots"][1]["split_from"], "001_001");
    let palette = json!({"field": "/palette", "what": "changed", "old": ["ash", "slate"], "new": ["ash", "rust"]});
    assert_eq!(story["data"][0]["fields"], json!([palette]));
    assert_eq!(story["others"][0]["new"]["path"], "idea.md");
    let same = world.ok(&["diff", "--format", "json"]);
    assert_eq!(serde_json::from_str::<Value>(&same).unwrap(), story);
    insta::assert_snapshot!(world.run(&["diff", "--format", "csv", "shots", "bible"]), @r#"
    path,scene,shot,what,field,old,new
    shots/001.json,1,1-1,changed,content,Mila opens the door. She looks down the empty stairs.,Mila opens the door.
    shots/001.json,1,1-1,changed,duration,72,36
    shots/001.json,1,1-1A,added,shot,,She looks down the empty stairs.
    shots/002.json,2,2-1,changed,content,Wind.,"'=Wind, ""rain""."
    shots/002.json,2,2-1,changed,duration,24,12
    bible/style.toml,,,changed,palette,"ash, slate","ash, rust"
    "#);
    let table = world.ok(&["diff", "--format", "table"]);
    assert_eq!(table, world.ok(&["diff", "--story"]));
    for both in [["--format", "sql"], ["--format=csv", "--name-only"]] {
        assert_eq!(world.run(&["diff", both[0], both[1]]).code, Some(2));
    }
}
