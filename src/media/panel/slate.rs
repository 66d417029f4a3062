//! The words around the picture: the slate with what the shot is, the captions with what happens
//! and what is said.

use crate::color::{PAPER, Rgb};
use crate::font::{Face, printable, wrap};
use crate::motion::title;
use crate::pen::{Anchor, Pen, fill};
use aiut_film::rate::FrameRate;
use aiut_film::request::Panel;
use aiut_film::words::{CameraHeight, Movement, Place, ShotSize, TimeOfDay};

use super::layout::{Area, Layout};
use super::movement;

/// The sheet behind everything.
pub(super) const BOARD: Rgb = Rgb(0x14, 0x16, 0x1b);
const FIELD: Rgb = Rgb(0x1f, 0x22, 0x2a);
const QUIET: Rgb = Rgb(0x9c, 0xa3, 0xaf);
const SIGNAL: Rgb = Rgb(0xff, 0xc8, 0x2e);

/// A framing as a crew says it.
fn size(size: ShotSize) -> &'static str {
    match size {
        ShotSize::Ews => "Extreme wide",
        ShotSize::Ws => "Wide",
        ShotSize::Fs => "Full",
        ShotSize::Mws => "Medium wide",
        ShotSize::Ms => "Medium",
        ShotSize::Mcu => "Medium close-up",
        ShotSize::Cu => "Close-up",
        ShotSize::Ecu => "Extreme close-up",
        ShotSize::Insert => "Insert",
        ShotSize::Ots => "Over the shoulder",
        ShotSize::TwoShot => "Two-shot",
        ShotSize::Pov => "Point of view",
    }
}

/// Its letters: `TWO SHOT`.
fn letters(size: ShotSize) -> String {
    size.code().replace('_', " ")
}

fn height(height: CameraHeight) -> &'static str {
    match height {
        CameraHeight::Eye => "eye level",
        CameraHeight::Low => "low angle",
        CameraHeight::High => "high angle",
        CameraHeight::Overhead => "overhead",
        CameraHeight::Ground => "ground level",
    }
}

/// `2.5 s`, without a decimal that is zero.
fn seconds(frames: u32, fps: FrameRate) -> String {
    let tenths = fps.units_of(u64::from(frames), 10);
    match tenths % 10 {
        0 => format!("{} s", tenths / 10),
        digit => format!("{}.{digit} s", tenths / 10),
    }
}

fn place(panel: &Panel) -> String {
    let kind = match panel.setting.place {
        Place::Unsaid => "",
        Place::Interior => "INT.",
        Place::Exterior => "EXT.",
        Place::Both => "INT./EXT.",
    };
    let time = match panel.setting.time {
        TimeOfDay::Unsaid => String::new(),
        time => format!(" · {}", time.code().to_uppercase()),
    };
    format!("{kind} {}{time}", panel.setting.name)
        .trim_start()
        .to_owned()
}

/// Draws the slate where the layout has it.
pub(super) fn slate(pen: &mut Pen, layout: &Layout, panel: &Panel) {
    let Area { x, y, w, h } = layout.slate;
    pen.rect(x, y, w, h, fill(FIELD));
    if layout.column {
        column(pen, layout.slate, panel)
    } else {
        strip(pen, layout.slate, panel)
    }
}

/// One line of `text` at the largest size up to `size` at which it fits `room`, then shortened.
fn fitted(pen: &mut Pen, at: (f32, f32), size: f32, face: Face, color: Rgb, text: &str, room: f32) {
    let text = printable(text);
    let size = [1.0, 0.9, 0.8, 0.7]
        .map(|share| size * share)
        .into_iter()
        .find(|size| face.width(&text, *size) <= room)
        .unwrap_or(size * 0.7);
    if let Some(line) = wrap(&text, face, size, room, 0.0, 1).lines.first() {
        pen.text(at, size, face, Anchor::Start, color, line);
    }
}

fn column(pen: &mut Pen, Area { x, y, w, h }: Area, panel: &Panel) {
    let (left, room) = (x + 16.0, w - 32.0);
    pen.rect(x, y, 4.0, h, fill(SIGNAL));
    fitted(
        pen,
        (left, y + 62.0),
        54.0,
        Face::Bold,
        PAPER,
        &panel.slate,
        room,
    );
    let mut at = y + 84.0;
    let heading = |pen: &mut Pen, at: f32, text: &str| {
        pen.text(
            (left, at + 16.0),
            13.0,
            Face::Bold,
            Anchor::Start,
            QUIET,
            text,
        )
    };

    heading(pen, at, "SHOT");
    fitted(
        pen,
        (left, at + 48.0),
        30.0,
        Face::Bold,
        SIGNAL,
        &letters(panel.size),
        room,
    );
    fitted(
        pen,
        (left, at + 72.0),
        18.0,
        Face::Regular,
        PAPER,
        size(panel.size),
        room,
    );
    at += 90.0;

    heading(pen, at, "CAMERA");
    fitted(
        pen,
        (left, at + 42.0),
        23.0,
        Face::Bold,
        PAPER,
        title(panel.movement),
        room,
    );
    fitted(
        pen,
        (left, at + 66.0),
        18.0,
        Face::Regular,
        PAPER,
        &format!("{} mm, {}", panel.lens_mm, height(panel.height)),
        room,
    );
    at += 84.0;
    if panel.movement != Movement::Static {
        const DIAGRAM: f32 = 56.0;
        movement::diagram(pen, (left, at), DIAGRAM, panel.movement);
        at += DIAGRAM + 16.0;
    }

    heading(pen, at, "LENGTH");
    fitted(
        pen,
        (left, at + 46.0),
        30.0,
        Face::Bold,
        PAPER,
        &seconds(panel.frames, panel.fps),
        room,
    );
    fitted(
        pen,
        (left, at + 70.0),
        18.0,
        Face::Regular,
        QUIET,
        &format!("{} frames @ {}", panel.frames, panel.fps.decimal()),
        room,
    );
    at += 88.0;

    heading(pen, at, "PLACE");
    let lines = (((y + h - at - 30.0) / 24.0) as usize).clamp(1, 4);
    let name = wrap(&place(panel), Face::Bold, 19.0, room, 0.0, lines).lines;
    for (index, line) in name.iter().enumerate() {
        pen.text(
            (left, at + 40.0 + 24.0 * index as f32),
            19.0,
            Face::Bold,
            Anchor::Start,
            PAPER,
            line,
        );
    }
    at += 34.0 + 24.0 * name.len() as f32;

    // Who is there, as long as there is room.
    if y + h - at > 50.0 && !panel.figures.is_empty() {
        heading(pen, at, "IN FRAME");
        for (index, figure) in panel.figures.iter().rev().enumerate() {
            let line = at + 38.0 + 23.0 * index as f32;
            if line > y + h - 8.0 {
                break;
            }
            pen.circle(
                left + 7.0,
                line - 6.0,
                6.0,
                fill(
                    Rgb::parse(&figure.color)
                        .unwrap_or(QUIET)
                        .readable_on_dark(),
                ),
            );
            fitted(
                pen,
                (left + 20.0, line),
                17.0,
                Face::Regular,
                PAPER,
                &figure.name,
                room - 20.0,
            );
        }
    }
}

fn strip(pen: &mut Pen, Area { x, y, w, h }: Area, panel: &Panel) {
    pen.rect(x, y + h - 4.0, w, 4.0, fill(SIGNAL));
    let base = y + h * 0.62;
    let parts = [
        (panel.slate.clone(), Face::Bold, 30.0, PAPER),
        (letters(panel.size), Face::Bold, 24.0, SIGNAL),
        (title(panel.movement).to_owned(), Face::Bold, 19.0, PAPER),
        (
            format!("{} · {} f", seconds(panel.frames, panel.fps), panel.frames),
            Face::Regular,
            19.0,
            PAPER,
        ),
        (format!("{} mm", panel.lens_mm), Face::Regular, 19.0, PAPER),
        (place(panel), Face::Regular, 19.0, QUIET),
    ];
    let mut at = x + 18.0;
    for (text, face, size, color) in parts {
        let room = x + w - 18.0 - at;
        if room < 60.0 {
            break;
        }
        let wrapped = wrap(&text, face, size, room, 0.0, 1);
        if let Some(line) = wrapped.lines.first() {
            pen.text((at, base), size, face, Anchor::Start, color, line);
            at += face.width(line, size) + 22.0;
        }
        if text == title(panel.movement) && panel.movement != Movement::Static {
            const DIAGRAM: f32 = 34.0;
            movement::diagram(pen, (at - 10.0, y + 6.0), DIAGRAM, panel.movement);
            at += movement::width(DIAGRAM) + 12.0;
        }
    }
}

/// Draws what happens and what is said, at the largest size at which all of it fits.
pub(super) fn captions(pen: &mut Pen, layout: &Layout, panel: &Panel) {
    let Area { x, y, w, h } = layout.captions;
    let (left, room) = (x + 18.0, w - 36.0);
    let spoken = panel
        .dialogue
        .as_ref()
        .map(|line| (printable(&line.speaker.to_uppercase()), line.text.as_str()))
        .filter(|(_, text)| !printable(text).is_empty());
    let set = |size: f32| {
        let rows = ((h - 14.0) / (size * 1.3)) as usize;
        let speech = spoken.as_ref().map(|(speaker, text)| {
            let indent = Face::Bold.width(speaker, size).min(room * 0.4) + size * 0.7;
            (
                indent,
                wrap(
                    text,
                    Face::Regular,
                    size,
                    room,
                    indent,
                    rows.saturating_sub(1).max(1),
                ),
            )
        });
        let used = speech
            .as_ref()
            .map_or(0, |(_, wrapped)| wrapped.lines.len());
        let action = wrap(
            &panel.action,
            Face::Regular,
            size,
            room,
            0.0,
            rows.saturating_sub(used).max(1),
        );
        let whole = !action.cut && speech.as_ref().is_none_or(|(_, wrapped)| !wrapped.cut);
        (size, action, speech, whole)
    };
    let sizes = [25.0, 23.0, 21.0, 19.0, 17.0];
    let (size, action, speech, _) = sizes
        .map(set)
        .into_iter()
        .find(|(.., whole)| *whole)
        .unwrap_or_else(|| set(17.0));
    let step = size * 1.3;
    let rows = action.lines.len()
        + speech
            .as_ref()
            .map_or(0, |(_, wrapped)| wrapped.lines.len());
    let mut base = y + (h - step * rows as f32) / 2.0 + size * 0.98;
    for line in &action.lines {
        pen.text(
            (left, base),
            size,
            Face::Regular,
            Anchor::Start,
            Rgb(0xcf, 0xd4, 0xdc),
            line,
        );
        base += step;
    }
    if let (Some((indent, wrapped)), Some((speaker, _))) = (speech, spoken) {
        let color = panel
            .figures
            .iter()
            .find(|figure| figure.name.eq_ignore_ascii_case(&speaker))
            .and_then(|figure| Rgb::parse(&figure.color))
            .unwrap_or(SIGNAL)
            .readable_on_dark();
        fitted(
            pen,
            (left, base),
            size,
            Face::Bold,
            color,
            &speaker,
            indent - size * 0.6,
        );
        for (index, line) in wrapped.lines.iter().enumerate() {
            let from = if index == 0 { left + indent } else { left };
            pen.text(
                (from, base),
                size,
                Face::Regular,
                Anchor::Start,
                Rgb(0xff, 0xff, 0xff),
                line,
            );
            base += step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_people_say_them() {
        assert_eq!(seconds(60, FrameRate::FILM), "2.5 s");
        assert_eq!(seconds(48, FrameRate::FILM), "2 s");
        assert_eq!(seconds(1, FrameRate::FILM), "0 s");
    }
}
