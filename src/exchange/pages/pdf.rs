//! Pages as PDF, US letter, in the Courier that every reader brings along: nothing is embedded, and
//! the same pages give the same bytes.

use pdf_writer::{Content, Finish, Name, Pdf as Writer, Rect, Ref, Str, TextStr};

use super::{Head, NUMBER_BEFORE, cells};
use crate::film::fountain::StyledText;
use crate::film::pages::Page;

/// Points: the width and the height of a page, of a letter and of a row.
const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const LETTER: f32 = 7.2;
const ROW: f32 = 12.0;
/// Points from the left edge to the left margin, and from the top to the head and to the first row.
const LEFT: f32 = 108.0;
const HEAD: f32 = 36.0;
const TOP: f32 = 72.0;
/// How far beneath a row the line of what is underlined runs, in points.
const BENEATH: f32 = 1.5;

/// The fonts, by bold and italic.
const FONTS: [(&[u8], &[u8]); 4] = [
    (b"F0", b"Courier"),
    (b"F1", b"Courier-Oblique"),
    (b"F2", b"Courier-Bold"),
    (b"F3", b"Courier-BoldOblique"),
];

/// What is printed for a letter that the font lacks.
const UNKNOWN: u8 = b'?';

/// A PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many letters the font lacks, so that a question mark stands in their place.
    pub unknown: usize,
}

/// The pages as PDF; none where there is no page, as that is no document.
#[must_use]
pub fn pdf<'p>(head: &Head, pages: impl Iterator<Item = &'p Page>) -> Option<Pdf> {
    let mut writer = Writer::new();
    let mut next = 1;
    let mut reference = || {
        next += 1;
        Ref::new(next - 1)
    };
    let (catalog, tree, info) = (reference(), reference(), reference());
    let fonts: [Ref; 4] = std::array::from_fn(|_| reference());
    let mut kids = Vec::new();
    let mut unknown = 0;
    for page in pages {
        let (id, content) = (reference(), reference());
        kids.push(id);
        writer.stream(content, &draw(head, page, &mut unknown));
        let mut written = writer.page(id);
        written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        written.parent(tree).contents(content);
        let mut resources = written.resources();
        let mut named = resources.fonts();
        for (font, (name, _)) in fonts.iter().zip(FONTS) {
            named.pair(Name(name), *font);
        }
        named.finish();
        resources.finish();
        written.finish();
    }
    let count = i32::try_from(kids.len()).ok().filter(|count| *count > 0)?;
    writer.catalog(catalog).pages(tree);
    writer.pages(tree).kids(kids).count(count);
    for (font, (_, base)) in fonts.iter().zip(FONTS) {
        let mut written = writer.type1_font(*font);
        written.base_font(Name(base));
        written.encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let title = format!("{} - {}", head.title, head.revision());
    writer.document_info(info).title(TextStr(&title));
    Some(Pdf {
        bytes: writer.finish(),
        unknown,
    })
}

/// The content of one page.
fn draw(head: &Head, page: &Page, unknown: &mut usize) -> Vec<u8> {
    let mut content = Content::new();
    let plain = |text: String| StyledText {
        text,
        ..StyledText::default()
    };
    put(
        &mut content,
        LEFT,
        HEIGHT - HEAD,
        &[plain(head.line(page))],
        unknown,
    );
    for (at, row) in page.rows.iter().enumerate() {
        #[allow(clippy::cast_precision_loss, reason = "a page has some sixty rows")]
        let y = HEIGHT - TOP - ROW * at as f32;
        put(
            &mut content,
            x(NUMBER_BEFORE + row.column),
            y,
            &row.runs,
            unknown,
        );
        for (column, text) in cells(row) {
            put(&mut content, x(column), y, &[plain(text)], unknown);
        }
    }
    content.finish().into_vec()
}

/// Where a column begins, counted from seven left of the margin.
fn x(column: usize) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "a row has some eighty columns")]
    let columns = column as f32 - NUMBER_BEFORE as f32;
    LEFT + LETTER * columns
}

fn put(content: &mut Content, x: f32, y: f32, runs: &[StyledText], unknown: &mut usize) {
    let mut at = x;
    for run in runs {
        let bytes: Vec<u8> = run
            .text
            .chars()
            .map(|letter| byte(letter, unknown))
            .collect();
        #[allow(clippy::cast_precision_loss, reason = "a row has some eighty columns")]
        let end = at + bytes.len() as f32 * LETTER;
        if !run.text.trim().is_empty() {
            let font = usize::from(run.bold) * 2 + usize::from(run.italic);
            content.begin_text();
            content.set_font(Name(FONTS[font].0), 12.0);
            content.next_line(at, y);
            content.show(Str(&bytes));
            content.end_text();
        }
        if run.underline {
            content.set_line_width(0.6);
            content.move_to(at, y - BENEATH).line_to(end, y - BENEATH);
            content.stroke();
        }
        at = end;
    }
}

/// The letters of Windows-1252 that are not those of Latin-1, from 0x80 on; a blank where it has none.
const WINDOWS: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/// A letter in Windows-1252.
fn byte(letter: char, unknown: &mut usize) -> u8 {
    match letter {
        ' '..='~' | '\u{a0}'..='\u{ff}' => letter as u8,
        _ => match WINDOWS.chars().position(|known| known == letter) {
            Some(at) => u8::try_from(0x80 + at).unwrap_or(UNKNOWN),
            None => {
                *unknown += 1;
                UNKNOWN
            }
        },
    }
}
