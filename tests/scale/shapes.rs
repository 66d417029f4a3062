//! Screenplays of one shape and any size.

/// A shape: its name, how many of its parts make a script of the smaller size, and what makes it.
pub(crate) type Shape = (&'static str, usize, fn(usize) -> String);

/// Every shape that once took more than its share, with its neighbours.
pub(crate) const SHAPES: &[Shape] = &[
    ("headings", 400, |n| {
        each(n, |i| format!("INT. ROOM {i} - DAY\n\n"))
    }),
    ("equal headings", 400, |n| "INT. ROOM - DAY\n\n".repeat(n)),
    ("forced headings", 500, |n| ".a\n\n".repeat(n)),
    ("scenes later", 200, |n| {
        each(n, |i| format!("INT. ROOM {i} - LATER\n\nRain.\n\n"))
    }),
    ("acts", 200, |n| {
        each(n, |i| {
            format!("# Act {i}\n\nINT. ROOM {i} - DAY\n\nRain.\n\n")
        })
    }),
    ("plain scenes", 12, plain),
    ("people introduced", 150, |n| room(&introduced(n, "sits."))),
    ("people, a scene each", 100, |n| {
        each(n, |i| {
            let name = name(i);
            format!("INT. ROOM {i} - DAY\n\n{name}, 40, sits. He is muddy.\n\n")
        })
    }),
    ("people with pronouns", 120, |n| {
        room(&introduced(
            n,
            "sits. They all laugh. He smiles. His mother waits.",
        ))
    }),
    ("people with a thing", 150, |n| {
        room(&introduced(n, "takes a letter."))
    }),
    ("names in one sentence", 150, |n| {
        let all: Vec<String> = (0..n).map(name).collect();
        room(&format!(
            "{}{} run.\n",
            introduced(n, "sits."),
            all.join(" and ")
        ))
    }),
    ("speakers", 200, |n| {
        let cues = each(n, |i| format!("{}\nYes.\n\n", name(i)));
        room(&format!("Tom runs.\n\nTOM\nHey.\n\n{cues}"))
    }),
    ("speakers once and often", 60, |n| {
        room(&each(n, |i| {
            let often = format!("{}\nYes.\n\n", name(i)).repeat(5);
            format!("{often}{}S\nNo.\n\n", name(i))
        }))
    }),
    ("one family", 100, |n| {
        let cues = each(n, |i| format!("{} SMITH\nYes.\n\n", name(i)));
        room(&format!("{cues}{}", "Smith sits down.\n\n".repeat(n)))
    }),
    ("speakers in groups", 100, |n| {
        room(&each(n, |i| {
            format!(
                "{} AND {}\nYes.\n\n{}\nNo.\n\n",
                name(i),
                name(i + 1),
                name(i)
            )
        }))
    }),
    ("names without letters for files", 200, |n| {
        room(&each(n, |i| {
            let letter = ('一'..).nth(i).expect("more letters than people");
            format!("@王{letter}\nYes.\n\n")
        }))
    }),
    ("paragraphs", 300, |n| {
        room(&each(n, |i| {
            format!("The lamp number {i} burns over the table.\n\n")
        }))
    }),
    ("paragraphs without an end", 500, |n| {
        room(&each(n, |i| format!("the lamp number {i} burns over\n\n")))
    }),
    ("comments", 500, |n| {
        room(&"It's not flattery.\n\n".repeat(n))
    }),
    ("dual dialogue", 400, |n| room(&"RAE ^\nYes.\n\n".repeat(n))),
    ("parentheticals", 2_000, |n| {
        room(&format!("RAE\n{}Yes.\n", "(a)\n".repeat(n)))
    }),
    ("one speech", 300, |n| {
        let words = each(n, |i| format!("I have {i} words to say to you now. "));
        room(&format!("RAE\n{words}\n"))
    }),
    ("one sentence", 1_500, |n| {
        room(&"Mara and Tobin walk to the sea ".repeat(n))
    }),
    ("one paragraph", 1_000, |n| {
        room(&"Mara and Tobin walk to the sea. ".repeat(n))
    }),
    ("clothes", 2_000, |n| {
        room(&format!(
            "RAE\nYes.\n\nRae is {} done.\n",
            "wearing and ".repeat(n)
        ))
    }),
    ("title cards", 500, |n| {
        room(&each(n, |i| format!("> Card {i} <\n")))
    }),
    ("slug lines", 300, |n| {
        room(&each(n, |i| format!("ON {}\n\n", name(i))))
    }),
    ("a montage", 250, |n| {
        room(&format!(
            "MONTAGE\n\n{}",
            each(n, |i| format!("- Mara runs past house {i}\n\n"))
        ))
    }),
    ("notes never closed", 4_000, |n| room(&"[[ a \n".repeat(n))),
    ("boneyards never closed", 4_000, |n| {
        room(&"/* a [[ b\n\n".repeat(n))
    }),
    ("notes in a title page", 1_500, |n| {
        let notes = "[[a]]\n".repeat(n);
        let value = "   b\n".repeat(n);
        format!("Title: x\n{notes}Notes:\n{value}\nINT. ROOM - DAY\n\nRain.\n")
    }),
    ("emphasis", 3_000, |n| room(&"*a **b _c ***d ".repeat(n))),
    ("title keys", 3_000, |n| {
        format!(
            "{}\nINT. ROOM - DAY\n\nRain.\n",
            each(n, |i| format!("Key{i}: v\n"))
        )
    }),
];

fn each(n: usize, part: impl Fn(usize) -> String) -> String {
    (0..n).map(part).collect()
}

fn room(text: &str) -> String {
    format!("INT. ROOM - DAY\n\n{text}\n")
}

fn introduced(n: usize, does: &str) -> String {
    each(n, |i| format!("{}, 40, {does}\n\n", name(i)))
}

/// A name of its own for each number.
fn name(number: usize) -> String {
    let (consonants, vowels) = (b"BDFGKLMNPRSTVZ", b"AEIOU");
    let mut left = number + 300;
    let mut name = String::new();
    while left > 0 {
        name.push(char::from(consonants[left % 14]));
        left /= 14;
        name.push(char::from(vowels[left % 5]));
        left /= 5;
    }
    name + "N"
}

fn plain(n: usize) -> String {
    let scene = |i: usize| {
        format!(
            "INT. HOUSE {} - DAY\n\nMara walks in and looks at the letter. She sits down slowly.\n\n\
             MARA\n(quietly)\nWe have been here before, and it was raining then as well.\n\n\
             TOBIN\nI know. You said so yesterday. What is it that you want from me?\n\n\
             He takes a bottle from the table. They drink.\n\n{}\n\n",
            i % 40,
            "The old clock strikes. Tobin opens the window and listens to the sea. ".repeat(6),
        )
    };
    each(n, scene)
}
