//! `docs/words.md` is what the lists of words say of themselves.

use std::fmt::Write as _;

use aiut::film::bible::{character_words, location_words};
use aiut::film::looks::looks_words;
use aiut::film::prompts::request_words;
use aiut::film::shots::list_words;
use aiut::film::words::Word;
use aiut::film::written::WordField;

use super::reference::is_written;

const HEAD: &str = "\
# Words

The words that people write in the files of a film. Anything else is an error that names the file, the line, the field, the
word and what was probably meant. The lists are in `src/film/words/`;
`AIUT_WRITE_DOCS=1 cargo test --test cli_commands vocabulary` writes this page anew.

`[engine]` of `aiut.toml` says the same words, and `track` and `pan` for movements whose side is the engine's choice.
";

/// A chapter a list, with the fields that hold its words.
fn page() -> String {
    let mut chapters: Vec<(&'static [Word], Vec<String>)> = Vec::new();
    let files = [
        ("shots/012.json", list_words()),
        ("prompts/012_003.json", request_words()),
        ("looks/012.json", looks_words()),
        ("bible/characters/NAME.toml", character_words()),
        ("bible/locations/NAME.toml", location_words()),
    ];
    for (file, fields) in files {
        for WordField { path, words } in fields {
            let place = format!("`{path}` of `{file}`");
            match chapters.iter_mut().find(|(known, _)| *known == words) {
                Some((_, places)) => places.push(place),
                None => chapters.push((words, vec![place])),
            }
        }
    }
    let mut page = HEAD.to_owned();
    for (words, places) in chapters {
        let first = places[0].split('`').nth(1).unwrap();
        let title = first.rsplit('.').next().unwrap().replace('_', " ");
        writeln!(page, "\n## {title}\n\n{}\n", places.join(", ")).unwrap();
        page += "| word | means | also called |\n|---|---|---|\n";
        for word in words {
            let meaning = word.meaning.trim();
            writeln!(
                page,
                "| `{}` | {meaning} | {} |",
                word.code,
                word.called.join(", ")
            )
            .unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_words_is_what_their_lists_say() {
    is_written("docs/words.md", &page(), "vocabulary");
}
