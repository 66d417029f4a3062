//! Why a shot or a prompt is as it is, as columns.

use std::io::{self, Write};

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::cli::format::{count, shown};
use crate::cli::output::Output;
use crate::workflow::film::{Explained, ExplainedPrompt, ExplainedPrompts};

/// A column that is wider is not waited for.
const WIDEST: usize = 72;

/// A value is shown by so many characters.
const VALUE: usize = 32;

/// Words of the script that are longer are shown by their beginning.
const LONGEST: usize = 96;

/// A field a row: its name, its value, the rule, why; below it the words of the script.
pub(in crate::cli) fn shot(out: &mut Output, explained: &Explained) -> io::Result<()> {
    let palette = out.palette.clone();
    let (title, faint) = (palette.title, palette.faint);
    writeln!(
        out,
        "{title}{}{title:#}  {}",
        shown(&explained.shot),
        shown(&explained.content)
    )?;
    if explained.locked {
        writeln!(
            out,
            "  locked: every field stays as it stands in the shot list"
        )?;
    }
    if explained.lines_gone {
        writeln!(
            out,
            "  the lines that it was made from are gone from the script"
        )?;
    } else if explained.reasons.is_empty() {
        writeln!(out, "  added by hand: the engine does not make it")?;
    }
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut last = "";
    for field in &explained.fields {
        // A field that several rules decided is named once.
        let (name, value) = match field.field == last {
            true => (String::new(), String::new()),
            false => (field.field.clone(), value(&field.value)),
        };
        last = &field.field;
        rows.push([name, value, field.rule.clone(), field.why.clone()]);
    }
    let wide = widths(&rows);
    let mut told = "";
    for (row, field) in rows.iter().zip(&explained.fields) {
        let [name, value, rule, why] = row;
        write!(out, "  ")?;
        cell(out, name, wide[0])?;
        cell(out, value, wide[1])?;
        cell(out, rule, wide[2])?;
        writeln!(out, "{faint}{}{faint:#}", shown(why))?;
        // Words that the row before has shown are not shown again.
        if !field.words.is_empty() && field.words != told {
            words(out, wide[0] + 4, &field.words)?;
            told = &field.words;
        }
    }
    Ok(())
}

/// A part a row: its name, where it comes from, what it says; then what was left out and why.
pub(in crate::cli) fn prompts(out: &mut Output, explained: &ExplainedPrompts) -> io::Result<()> {
    let palette = out.palette.clone();
    let (title, place) = (palette.title, palette.place);
    writeln!(
        out,
        "{title}{}{title:#}  {place}{}{place:#}",
        shown(&explained.shot),
        shown(&explained.path)
    )?;
    for prompt in &explained.prompts {
        one(out, prompt)?;
    }
    Ok(())
}

fn one(out: &mut Output, prompt: &ExplainedPrompt) -> io::Result<()> {
    let palette = out.palette.clone();
    let (title, faint, warning) = (palette.title, palette.faint, palette.warning);
    let length = match prompt.most {
        Some(most) => format!(
            "{}, {} of {most} characters",
            prompt.template, prompt.length
        ),
        None => format!(
            "{} written by hand in the shot list",
            count(prompt.length, "character", "characters")
        ),
    };
    writeln!(out)?;
    writeln!(
        out,
        "{title}{}{title:#}  {}",
        shown(&prompt.prompt),
        shown(&length)
    )?;
    if prompt.edited {
        writeln!(
            out,
            "  {warning}people changed it in its file; this is what it would be{warning:#}"
        )?;
    }
    let rows = prompt
        .parts
        .iter()
        .map(|part| [part.part.clone(), part.from.clone()]);
    let left = prompt
        .left_out
        .iter()
        .map(|left| [left.part.clone(), left.why.clone()]);
    let rows: Vec<[String; 2]> = rows.chain(left).collect();
    let wide = widths(&rows);
    let (parts, left) = rows.split_at(prompt.parts.len());
    for ([name, from], part) in parts.iter().zip(&prompt.parts) {
        write!(out, "  ")?;
        cell(out, name, wide[0])?;
        cell(out, from, wide[1])?;
        writeln!(out, "{}", shown(&part.text))?;
        if !part.words.is_empty() && !part.text.contains(&part.words) {
            words(out, wide[0] + 4, &part.words)?;
        }
    }
    if !left.is_empty() {
        writeln!(out, "  left out:")?;
    }
    for ([name, why], left) in left.iter().zip(&prompt.left_out) {
        write!(out, "  ")?;
        cell(out, name, wide[0])?;
        cell(out, why, wide[1])?;
        writeln!(out, "{faint}{}{faint:#}", shown(&left.text))?;
    }
    Ok(())
}

/// The words of the script, below what they made.
fn words(out: &mut Output, indent: usize, words: &str) -> io::Result<()> {
    let quote = out.palette.place;
    let text = match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words.to_owned(),
    };
    writeln!(out, "{:indent$}{quote}“{}”{quote:#}", "", shown(&text))
}

/// A cell with two spaces behind it.
fn cell(out: &mut Output, text: &str, wide: usize) -> io::Result<()> {
    let text = shown(text).to_string();
    let fill = wide.saturating_sub(text.width());
    write!(out, "{text}{:fill$}  ", "")
}

/// How wide the columns are.
fn widths<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    let mut widths = [0; N];
    for row in rows {
        for (wide, cell) in widths.iter_mut().zip(row) {
            let width = shown(cell).to_string().width();
            if width <= WIDEST {
                *wide = width.max(*wide);
            }
        }
    }
    widths
}

/// A value as people read it.
fn value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(self::value).collect();
            items.join(", ")
        }
        other => other.to_string(),
    };
    match text.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}
