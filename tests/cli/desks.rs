//! Two people at one film: what is told of both sides before they are joined, and how quickly.

use super::film::{SCRIPT, film};

#[test]
fn a_plan_with_conflicts_tells_what_goes_stale_once_they_are_settled() {
    let world = film(SCRIPT, &["prompts"]);
    let edit = |pairs: &[(&str, &str)]| {
        let script = world.read("script.fountain");
        let edited = pairs
            .iter()
            .fold(script.clone(), |text, (old, new)| text.replace(old, new));
        assert_ne!(script, edited);
        world.write("script.fountain", edited);
        world.ok(&["commit", "-q", "-m", "Edited"]);
    };
    world.ok(&["switch", "-q", "-c", "other"]);
    edit(&[
        ("late again", "on time"),
        ("Nobody is coming", "Somebody is coming"),
    ]);
    world.ok(&["switch", "-q", "main"]);
    edit(&[("late again", "early again")]);
    world.ok(&["generate", "-q", "prompts"]);
    let plan = world.ok(&["merge", "--plan", "other"]);
    for words in [
        "1 file in conflict",
        "would go stale if the conflict is settled as ours",
    ] {
        assert!(plan.contains(words), "{words} in {plan}");
    }
    let plan = world.json(&["merge", "--plan", "other"]);
    let refresh = &plan["refresh"];
    assert_eq!(
        refresh["supposes_ours"],
        serde_json::json!(["script.fountain"])
    );
    // The scene whose line collides is made from ours already; theirs is what the other scene says.
    let stale = refresh["goes_stale"].as_array().unwrap();
    assert!(!stale.is_empty(), "{plan}");
    let is_second = |path: &serde_json::Value| path.as_str().unwrap().contains("/002");
    assert!(stale.iter().all(is_second), "{stale:?}");
    assert_eq!(
        refresh["report"]["states"]["broken"],
        serde_json::Value::Null
    );
    // It is as it was told, once that is done.
    assert_eq!(world.run(&["merge", "other"]).code, Some(3));
    world.ok(&["resolve", "-q", "script.fountain", "--ours"]);
    let told: Vec<&str> = stale.iter().map(|path| path.as_str().unwrap()).collect();
    let now = world.ok(&["stale", "--paths", "scenes", "shots", "looks", "prompts"]);
    assert_eq!(now.lines().collect::<Vec<_>>(), told);
}

/// Looking at clips takes programs and seconds, and a line a file shows nothing of what they find.
#[cfg(unix)]
#[test]
fn a_summary_looks_at_no_clip() {
    use std::os::unix::fs::PermissionsExt as _;

    let mut world = film(SCRIPT, &["clips", "2-1"]);
    world.ok(&["config", "-q", "film.fps", "25"]);
    world.ok(&["generate", "-q", "clips", "2-1"]);
    let tools = world.home().join("tools");
    std::fs::create_dir(&tools).unwrap();
    for name in ["ffmpeg", "ffprobe"] {
        let program = tools.join(name);
        let text = format!(
            "#!/bin/sh\necho {name} >> {}/asked\nexit 1\n",
            tools.display()
        );
        std::fs::write(&program, text).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let path = std::env::var("PATH").unwrap();
    world.set("PATH", &format!("{}:{path}", tools.display()));
    let shown = world.ok(&["show", "--stat"]);
    assert!(
        shown.contains("clips/002_001.mov") && shown.contains(" -> "),
        "{shown}"
    );
    world.ok(&["show", "--stat", "--story"]);
    world.ok(&["diff", "--timelines", "HEAD~1", "HEAD"]);
    assert!(!tools.join("asked").exists());
    world.ok(&["show", "-p"]);
    assert!(tools.join("asked").exists());
}
