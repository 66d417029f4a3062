//! Pages as one web page, which needs nothing beside it and prints a page a sheet.

use super::{Head, NUMBER_BEFORE, cells};
use crate::film::pages::{Page, Row};

const STYLE: &str = "\
body { background: #777; margin: 2em 0; }
section { width: 8.5in; min-height: 11in; margin: 0 auto 2em; padding: 0.5in 0 0; box-sizing: border-box; background: var(--paper); }
pre { font: 12pt/12pt 'Courier Prime', Courier, 'Courier New', monospace; margin: 0 0 0 0.8in; }
pre.head { margin: 0 0 24pt 1.5in; }
mark { background: none; font-weight: bold; }
@media print { body { background: none; margin: 0; } section { margin: 0; break-after: page; } }
@page { size: 8.5in 11in; margin: 0; }
";

/// The pages as HTML.
#[must_use]
pub fn html<'p>(head: &Head, pages: impl Iterator<Item = &'p Page>) -> String {
    let title = escaped(&format!("{} - {}", head.title, head.revision()));
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>\n:root {{ --paper: {}; }}\n{STYLE}</style>\n</head>\n<body>\n",
        head.paper.color()
    );
    for page in pages {
        let number = escaped(&page.number);
        let line = escaped(&head.line(page));
        text +=
            &format!("<section id=\"page-{number}\">\n<pre class=\"head\">{line}</pre>\n<pre>\n");
        for row in &page.rows {
            text += &self::row(row);
            text.push('\n');
        }
        text += "</pre>\n</section>\n";
    }
    text + "</body>\n</html>\n"
}

fn row(row: &Row) -> String {
    let mut line = String::new();
    let mut at = 0;
    let mut cells = cells(row);
    let text: String = row.runs.iter().map(styled).collect();
    let width = row.text().chars().count();
    // In the order of their columns.
    let mut parts: Vec<(usize, usize, String)> = vec![(NUMBER_BEFORE + row.column, width, text)];
    parts.extend(cells.drain(..).map(|(column, text)| {
        let width = text.chars().count();
        let text = escaped(&text);
        match text == super::MARK {
            true => (column, width, format!("<mark>{text}</mark>")),
            false => (column, width, text),
        }
    }));
    parts.sort_by_key(|(column, ..)| *column);
    for (column, width, text) in parts.into_iter().filter(|(_, width, _)| *width > 0) {
        line += &" ".repeat(column.saturating_sub(at));
        line += &text;
        at = at.max(column) + width;
    }
    line
}

fn styled(run: &crate::film::fountain::StyledText) -> String {
    let mut text = escaped(&run.text);
    for (is, name) in [(run.underline, "u"), (run.italic, "i"), (run.bold, "b")] {
        if is {
            text = format!("<{name}>{text}</{name}>");
        }
    }
    text
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            letter => escaped.push(letter),
        }
    }
    escaped
}
