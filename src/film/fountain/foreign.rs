//! What a file is that is no screenplay, by its content, and what to do with it.

use aho_corasick::AhoCorasick;
use serde::de::IgnoredAny;

/// Something else than a screenplay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreign {
    /// What it is, with its article: `a Final Draft document (.fdx)`.
    pub what: &'static str,
    /// What to do about it.
    pub todo: &'static str,
}

const EXPORT: &str =
    "export it from there as Fountain or as plain text (.txt), and import that file";
const SAVE_AS_TEXT: &str = "save it as plain text (.txt), and import that file";
const DATA: &str = "a screenplay is Fountain or plain text: scenes that begin with a heading such as \
    `INT. KITCHEN - DAY`";
const PICTURE: &str = "pictures are imported as PNG: convert it, then `aiut import FILE.png --as bible/characters/NAME.png`";
const MEDIA: &str = "only a screenplay, a folder with one, or a PNG is imported; copy it into the project's \
    folder, and `aiut commit` keeps it";
const ARCHIVE: &str = "unpack it, and import the screenplay or the folder in it";

const fn foreign(what: &'static str, todo: &'static str) -> Foreign {
    Foreign { what, todo }
}

const PDF: Foreign = foreign(
    "a PDF",
    "export Fountain or plain text from the program that made it; or `pdftotext -layout FILE.pdf FILE.txt`, \
     and import that file",
);
const FINAL_DRAFT: Foreign = foreign("a Final Draft document (.fdx)", EXPORT);
const OPEN_SCREENPLAY: Foreign = foreign("an Open Screenplay Format document", EXPORT);
const JSON: Foreign = foreign("JSON", DATA);

/// Documents that are ZIP files, by the name of a file in them.
const ZIPPED: [(&str, Foreign); 11] = [
    (
        "word/document.xml",
        foreign("a Word document (.docx)", SAVE_AS_TEXT),
    ),
    ("xl/workbook.xml", foreign("an Excel table (.xlsx)", DATA)),
    (
        "ppt/presentation.xml",
        foreign("a PowerPoint document (.pptx)", SAVE_AS_TEXT),
    ),
    (
        "mimetypeapplication/vnd.oasis.opendocument",
        foreign("an OpenDocument file (.odt)", SAVE_AS_TEXT),
    ),
    (
        "mimetypeapplication/epub",
        foreign("an EPUB book", SAVE_AS_TEXT),
    ),
    (
        ".textbundle/",
        foreign("a Highland document (.highland)", EXPORT),
    ),
    (
        "text.fountain",
        foreign("a Highland document (.highland)", EXPORT),
    ),
    (
        "document.xml",
        foreign("a Fade In document (.fadein)", EXPORT),
    ),
    ("project.rdf", foreign("a Celtx document (.celtx)", EXPORT)),
    ("local.rdf", foreign("a Celtx document (.celtx)", EXPORT)),
    (
        "Index/Document.iwa",
        foreign("a Pages document (.pages)", SAVE_AS_TEXT),
    ),
];

/// What these bytes are, by marks that no screenplay has; none for what may be one.
#[must_use]
pub fn recognise(bytes: &[u8]) -> Option<Foreign> {
    let mark = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    if mark.starts_with(b"%PDF-") {
        return Some(PDF);
    }
    if mark.starts_with(b"{\\rtf") {
        return Some(foreign("a rich text document (.rtf)", SAVE_AS_TEXT));
    }
    if mark.starts_with(b"%!PS") {
        return Some(foreign("PostScript", EXPORT));
    }
    match std::str::from_utf8(bytes) {
        // The first letters of a text may be those of a picture: `BM`.
        Ok(text) if !bytes.contains(&0) => markup(text).or_else(|| json(text)),
        _ => binary(bytes),
    }
}

fn binary(bytes: &[u8]) -> Option<Foreign> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zipped(bytes));
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Some(foreign(
            "an older Word or Office document (.doc)",
            SAVE_AS_TEXT,
        ));
    }
    if infer::is_image(bytes) {
        return Some(match infer::image::is_png(bytes) {
            true => foreign("a PNG picture", "import it under a name that ends in .png"),
            false if infer::image::is_jpeg(bytes) => foreign("a JPEG picture", PICTURE),
            false if infer::image::is_webp(bytes) => foreign("a WebP picture", PICTURE),
            false if infer::image::is_gif(bytes) => foreign("a GIF picture", PICTURE),
            false if infer::image::is_tiff(bytes) => foreign("a TIFF picture", PICTURE),
            false => foreign("a picture, but no PNG", PICTURE),
        });
    }
    if infer::is_video(bytes) {
        return Some(foreign("a film", MEDIA));
    }
    if infer::is_audio(bytes) {
        return Some(foreign("a sound", MEDIA));
    }
    if bytes.starts_with(b"SQLite format 3\0") {
        return Some(foreign("a database", DATA));
    }
    if infer::is_archive(bytes) {
        return Some(foreign("an archive", ARCHIVE));
    }
    if infer::is_app(bytes) {
        return Some(foreign("a program", DATA));
    }
    if infer::is_font(bytes) {
        return Some(foreign("a font", DATA));
    }
    if infer::is_document(bytes) || infer::is_book(bytes) {
        return Some(foreign("a document of another program", SAVE_AS_TEXT));
    }
    None
}

/// Names of files stand in a ZIP as they are; the first of the table that does tells.
fn zipped(bytes: &[u8]) -> Foreign {
    let names = AhoCorasick::new(ZIPPED.map(|(name, _)| name));
    let found = names.ok().and_then(|names| {
        let found = names.find_overlapping_iter(bytes);
        found.map(|found| found.pattern().as_usize()).min()
    });
    found.map_or(foreign("a ZIP archive", ARCHIVE), |at| ZIPPED[at].1)
}

/// XML and HTML: an element or a declaration first, and an end tag or `/>` last.
fn markup(text: &str) -> Option<Foreign> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let inside = text.strip_prefix('<')?;
    let declared = inside.starts_with(['?', '!']);
    let name = |text: &str| {
        let end = text.find(|c: char| !(c.is_alphanumeric() || "-_:.".contains(c)));
        text[..end.unwrap_or(text.len())].to_owned()
    };
    let root = match declared {
        true => text
            .match_indices('<')
            .map(|(at, _)| &text[at + 1..])
            .find(|rest| rest.starts_with(|c: char| c.is_alphabetic())),
        false => inside
            .starts_with(|c: char| c.is_alphabetic())
            .then_some(inside),
    };
    let root = root.map(name).unwrap_or_default();
    let closed = text.ends_with("/>")
        || text.contains(&format!("</{root}>"))
        || root.eq_ignore_ascii_case("finaldraft");
    if !declared && (root.is_empty() || !closed) {
        return None;
    }
    let doctype = inside
        .get(..8)
        .is_some_and(|head| head.eq_ignore_ascii_case("!doctype"));
    Some(match root.to_ascii_lowercase().as_str() {
        "finaldraft" => FINAL_DRAFT,
        "document" if text.contains("Open Screenplay Format") => OPEN_SCREENPLAY,
        "html" => foreign("HTML", SAVE_AS_TEXT),
        _ if doctype
            && inside[8..]
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("html") =>
        {
            foreign("HTML", SAVE_AS_TEXT)
        }
        "svg" => foreign("an SVG picture", PICTURE),
        "scrivenerproject" => foreign("a Scrivener project", EXPORT),
        _ => foreign("XML", DATA),
    })
}

/// JSON, and JSON a line.
fn json(text: &str) -> Option<Foreign> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.all(|value| value.is_ok()).then_some(JSON)
}

/// What a text is by its form as a whole, which no screenplay has; `name` is the file's.
#[must_use]
pub(super) fn data(text: &str, name: Option<&str>) -> Option<Foreign> {
    let text = text.trim_start_matches('\u{feff}');
    let table = toml::from_str::<toml::Table>(text);
    if table.is_ok_and(|table| !table.is_empty()) {
        return Some(match name {
            Some("aiut.toml") => foreign(
                "TOML, the settings of a project",
                "`aiut config` changes settings; a screenplay is Fountain or plain text",
            ),
            Some("numbers.toml") => foreign("TOML, the scene numbers of a project", DATA),
            _ => foreign("TOML", DATA),
        });
    }
    if is_yaml(text) {
        return Some(foreign("YAML", DATA));
    }
    is_table(text).then_some(foreign("a table (CSV)", DATA))
}

/// What a text without scenes was meant to be, by the name of its file.
pub(super) fn by_name(name: &str) -> Option<Foreign> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "json" | "jsonl" | "ndjson" => foreign("JSON that cannot be read", DATA),
        "toml" => foreign("TOML that cannot be read", DATA),
        "yaml" | "yml" => foreign("YAML", DATA),
        "xml" => foreign("XML that cannot be read", DATA),
        "fdx" => foreign("a Final Draft document (.fdx) that cannot be read", EXPORT),
        "htm" | "html" => foreign("HTML", SAVE_AS_TEXT),
        "csv" | "tsv" => foreign("a table (CSV)", DATA),
        "srt" | "vtt" | "ass" => foreign("a file of subtitles", DATA),
        _ => return None,
    })
}

/// Every line is a key, an item, or deeper than one.
fn is_yaml(text: &str) -> bool {
    let lines = || {
        text.lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
    };
    let is_key = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ");
        line.split_once(':').is_some_and(|(key, value)| {
            !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_.\"'".contains(c))
                && (value.is_empty() || value.starts_with(' '))
        })
    };
    let fits = |line: &str| {
        is_key(line)
            || line.starts_with([' ', '\t', '#'])
            || line.starts_with("- ")
            || matches!(line, "---" | "...")
    };
    let is_title = |line: &str| {
        let mut keys = ["title:", "credit:", "author:", "authors:"].iter();
        keys.any(|key| {
            line.get(..key.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(key))
        })
    };
    lines().count() > 1
        && lines().all(fits)
        && lines().any(is_key)
        && !lines().next().is_some_and(is_title)
}

/// Rows, one a line, that all have as many commas, semicolons or tabs, without blank lines between.
fn is_table(text: &str) -> bool {
    let rows: Vec<&str> = text.trim_end().lines().collect();
    let cells = |row: &str, separator: char| {
        let mut quoted = false;
        let parts = row.chars().filter(|c| {
            quoted ^= *c == '"';
            *c == separator && !quoted
        });
        parts.count()
    };
    [',', ';', '\t'].iter().any(|separator| {
        let first = rows.first().map_or(0, |row| cells(row, *separator));
        first > 0 && rows.len() > 2 && rows.iter().all(|row| cells(row, *separator) == first)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(bytes: &[u8]) -> Option<&'static str> {
        recognise(bytes).map(|found| found.what)
    }

    /// The local header of a file in a ZIP.
    fn zip(name: &str, bytes: &[u8]) -> Vec<u8> {
        let mut zip = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec();
        zip.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        zip.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        zip.extend_from_slice(&(name.len() as u16).to_le_bytes());
        zip.extend_from_slice(&[0, 0]);
        zip.extend_from_slice(name.as_bytes());
        zip.extend_from_slice(bytes);
        zip
    }

    #[test]
    fn what_is_something_else_is_told_by_its_content() {
        let cases: [(&[u8], &str); 15] = [
            (b"%PDF-1.7\n%\xE2\xE3\n", "a PDF"),
            (b"{\\rtf1\\ansi INT. BAR}", "a rich text document (.rtf)"),
            (
                b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- x -->\n<FinalDraft DocumentType=\"Script\">",
                "a Final Draft document (.fdx)",
            ),
            (b"<FinalDraft></FinalDraft>", "a Final Draft document (.fdx)"),
            (b"<!DOCTYPE html><p>INT. BAR", "HTML"),
            (b"<html>\n</html>\n", "HTML"),
            (b"<svg/>", "an SVG picture"),
            (b"<note><to/></note>", "XML"),
            (b"{\"scenes\": [\"INT. BAR - DAY\"]}", "JSON"),
            (b"[1]\n[2]\n", "JSON"),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", "a JPEG picture"),
            (b"GIF89a\0\0\0\0\xFF", "a GIF picture"),
            (b"RIFF\x04\0\0\0WAVEfmt ", "a sound"),
            (b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2", "a film"),
            (b"\x1F\x8B\x08\0\0\0\0\0", "an archive"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(what(bytes), Some(expected), "{}", bytes.escape_ascii());
        }
        for (name, expected) in [
            ("word/document.xml", "a Word document (.docx)"),
            ("document.xml", "a Fade In document (.fadein)"),
            (
                "Night Ferry.textbundle/text.md",
                "a Highland document (.highland)",
            ),
            ("project.rdf", "a Celtx document (.celtx)"),
            ("notes.txt", "a ZIP archive"),
        ] {
            assert_eq!(what(&zip(name, b"\0\xFF")), Some(expected), "{name}");
        }
        let odt = zip("mimetype", b"application/vnd.oasis.opendocument.text\0\xFF");
        assert_eq!(what(&odt), Some("an OpenDocument file (.odt)"));
    }

    #[test]
    fn what_may_be_a_screenplay_is_none_of_these() {
        for text in [
            "INT. BAR - DAY\n",
            "BMX RIDERS\n\nINT. BAR - DAY\n",
            "MZUNGU\nIDs, please.\n",
            "[[a note]]\n\nINT. BAR - DAY\n",
            "<whisper>\n\nINT. BAR - DAY\n",
            "{ a drawing }\n\nINT. BAR - DAY\n",
            "<- the sea ->\n",
        ] {
            assert_eq!(what(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn data_is_told_by_its_form() {
        let what = |text, name| data(text, name).map(|found| found.what);
        assert_eq!(
            what("[film]\nfps = 24\n", Some("aiut.toml")),
            Some("TOML, the settings of a project")
        );
        assert_eq!(what("fps = 24\n", None), Some("TOML"));
        assert_eq!(
            what("# A file.\nscene: 1\nshots:\n  - wide\n", None),
            Some("YAML")
        );
        assert_eq!(what("scene,page\n1,2\n2,3\n", None), Some("a table (CSV)"));
        for text in [
            "Title: X\nAuthor: Rae\n",
            "Rae looks, and goes.\n",
            "# Act One\n",
            "INT. BAR, BACK - DAY\n\nRae, alone.\n\nTom, too.\n",
        ] {
            assert_eq!(what(text, None), None, "{text}");
        }
    }
}
