//! Random edits of a screenplay, as people make them; the same seed gives the same edits.

#[path = "random.rs"]
mod random;

pub use random::Random;

const WORDS: &[&str] = &[
    "quietly",
    "the letter",
    "a lantern",
    "tomorrow",
    "never",
    "two",
    "the river",
    "cold",
    "runs",
    "waits",
    "behind the door",
    "again",
];
const LINES: &[&str] = &[
    "I never said that.",
    "Look at me when you lie.",
    "It is only the wind, and the wind is not our friend tonight.",
    "Go. Now. Before they count us.",
    "You kept it all these years?",
];
const ACTIONS: &[&str] = &[
    "A bottle rolls across the floor and stops against the wall.",
    "He picks up the key and turns it over in his hand.",
    "She walks to the window. Nobody is there.",
    "Everybody freezes.",
    "The light goes out.",
];
const HEADINGS: &[&str] = &[
    "INT. BOATHOUSE - NIGHT",
    "EXT. MARSH ROAD - DAWN",
    "INT. STAIRWELL - CONTINUOUS",
    "EXT. ROOFTOP - LATER",
];

/// What an edit did, for the message of a failing test.
pub type Said = String;

/// Changes the script once, at random.
pub fn edit_script(script: &str, random: &mut Random) -> (String, Said) {
    let mut blocks: Vec<Vec<String>> = blocks(script);
    // Block 0 is what stands before the first heading: title page and opening.
    let scenes = blocks.len() - 1;
    if scenes < 3 {
        return edit_lines(script, random);
    }
    let at = 1 + random.below(scenes);
    let said = match random.below(12) {
        0 => {
            let scene = blocks.remove(at);
            let to = 1 + random.below(scenes - 1);
            blocks.insert(to, scene);
            format!("moved scene {at} to {to}")
        }
        1 => {
            blocks.remove(at);
            format!("cut scene {at}")
        }
        2 => {
            let heading = (*random.pick(HEADINGS)).to_owned();
            let action = (*random.pick(ACTIONS)).to_owned();
            let scene = vec![heading, String::new(), action, String::new()];
            blocks.insert(at, scene);
            format!("inserted a scene before {at}")
        }
        3 => {
            let line = blocks[at].len();
            let note = "[[Check this with the art department.]]".to_owned();
            blocks[at].insert(line, note);
            blocks[at].push(String::new());
            format!("added a note to scene {at}")
        }
        _ => return edit_lines(script, random),
    };
    (
        blocks
            .into_iter()
            .flatten()
            .map(|line| line + "\n")
            .collect(),
        said,
    )
}

fn edit_lines(script: &str, random: &mut Random) -> (String, Said) {
    let mut lines: Vec<String> = script.lines().map(str::to_owned).collect();
    let body: Vec<usize> = (0..lines.len())
        .filter(|at| *at > 12 && !lines[*at].trim().is_empty() && !is_heading(&lines[*at]))
        .filter(|at| lines[*at].chars().any(char::is_lowercase))
        .collect();
    let at = *random.pick(&body);
    let said = match random.below(6) {
        0 => {
            let removed = lines.remove(at);
            format!("deleted line {}: {removed}", at + 1)
        }
        1 => {
            let cues: Vec<String> = script
                .lines()
                .filter(|l| !l.is_empty() && l.chars().all(|c| c.is_ascii_uppercase()))
                .map(str::to_owned)
                .collect();
            let cue = if cues.is_empty() {
                "NOBODY".to_owned()
            } else {
                random.pick(&cues).clone()
            };
            let line = (*random.pick(LINES)).to_owned();
            let said = format!("inserted a line of {cue} after line {}", at + 1);
            let end = (at..lines.len())
                .find(|i| lines[*i].trim().is_empty())
                .unwrap_or(lines.len());
            lines.splice(end..end, [String::new(), cue, line, String::new()]);
            said
        }
        2 => {
            let action = (*random.pick(ACTIONS)).to_owned();
            let end = (at..lines.len())
                .find(|i| lines[*i].trim().is_empty())
                .unwrap_or(lines.len());
            lines.splice(end..end, [String::new(), action, String::new()]);
            format!("inserted action after line {}", at + 1)
        }
        _ => {
            let mut words: Vec<String> = lines[at].split(' ').map(str::to_owned).collect();
            let word = random.below(words.len());
            words[word] = (*random.pick(WORDS)).to_owned();
            lines[at] = words.join(" ");
            format!("changed a word of line {}: {}", at + 1, lines[at])
        }
    };
    (lines.into_iter().map(|line| line + "\n").collect(), said)
}

fn blocks(script: &str) -> Vec<Vec<String>> {
    let mut blocks = vec![Vec::new()];
    for line in script.lines() {
        if is_heading(line) {
            blocks.push(Vec::new());
        }
        blocks
            .last_mut()
            .expect("never empty")
            .push(line.to_owned());
    }
    blocks
}

fn is_heading(line: &str) -> bool {
    ["INT.", "EXT.", "INT/EXT", "EXT/INT", "I/E"]
        .iter()
        .any(|prefix| line.starts_with(prefix))
}
