//! The prop of an insert, drawn large.

mod flat;
mod solid;

use crate::color::{INK, PAPER, Rgb};
use crate::font::{Face, wrap};
use crate::pen::{Anchor, Fine, N, Pen, fill, line};

type Draw = fn(&mut Pen, Rgb);

const EDGE: f32 = 6.0;
const STEEL: Rgb = Rgb(0xa9, 0xb2, 0xba);
const GOLD: Rgb = Rgb(0xd9, 0xb2, 0x4c);
const GLASS: Rgb = Rgb(0xbf, 0xdb, 0xe4);
const SHEET: Rgb = Rgb(0xf6, 0xf0, 0xe0);

/// Words of a prop's name, and its drawing around (0, 0) within 250 to each side.
const PROPS: &[(&[&str], Draw)] = &[
    (
        &[
            "letter",
            "note",
            "paper",
            "page",
            "document",
            "contract",
            "list",
            "will",
            "file",
            "script",
            "newspaper",
            "telegram",
            "message",
            "drawing",
        ],
        flat::sheet,
    ),
    (
        &[
            "phone",
            "cellphone",
            "mobile",
            "smartphone",
            "tablet",
            "text",
        ],
        flat::phone,
    ),
    (
        &[
            "photo",
            "photograph",
            "picture",
            "portrait",
            "polaroid",
            "frame",
            "painting",
            "postcard",
        ],
        flat::photo,
    ),
    (
        &[
            "gun", "pistol", "revolver", "rifle", "shotgun", "handgun", "weapon",
        ],
        solid::gun,
    ),
    (
        &[
            "knife", "blade", "dagger", "sword", "scalpel", "razor", "machete",
        ],
        solid::knife,
    ),
    (&["key", "keys"], solid::key),
    (
        &[
            "book", "diary", "journal", "notebook", "bible", "album", "ledger", "novel",
        ],
        flat::book,
    ),
    (
        &["ring", "band", "bracelet", "necklace", "locket", "pendant"],
        solid::ring,
    ),
    (
        &[
            "clock",
            "watch",
            "stopwatch",
            "timer",
            "gauge",
            "dial",
            "compass",
            "meter",
        ],
        flat::clock,
    ),
    (
        &["bottle", "flask", "wine", "beer", "whiskey", "vial", "jar"],
        solid::bottle,
    ),
    (
        &["cup", "mug", "glass", "coffee", "tea", "tumbler", "goblet"],
        solid::cup,
    ),
    (
        &[
            "money", "cash", "bill", "dollar", "coin", "ticket", "card", "check", "passport",
            "badge", "envelope",
        ],
        flat::envelope,
    ),
    (
        &[
            "lamp",
            "lantern",
            "flashlight",
            "torch",
            "candle",
            "lighter",
            "match",
        ],
        solid::lantern,
    ),
    (&["map", "chart", "blueprint", "plan"], flat::map),
    (
        &[
            "case",
            "suitcase",
            "bag",
            "briefcase",
            "luggage",
            "backpack",
            "purse",
        ],
        solid::case,
    ),
    (
        &[
            "box", "chest", "crate", "package", "parcel", "trunk", "coffin", "carton",
        ],
        solid::carton,
    ),
    (
        &[
            "screen",
            "computer",
            "laptop",
            "monitor",
            "television",
            "tv",
            "display",
            "radio",
            "console",
        ],
        flat::screen,
    ),
    (
        &[
            "door", "doorknob", "handle", "knob", "lock", "gate", "hatch",
        ],
        flat::lock,
    ),
    (&["fish"], solid::fish),
];

/// Draws the prop called `name` in the middle of a picture `width` wide and 1000 high.
pub(super) fn insert(pen: &mut Pen, width: f32, name: &str, accent: Rgb) {
    let (x, y) = (width / 2.0, 430.0);
    let scale = (width / 900.0).min(1.2);
    pen.glow(x, y, width.min(1100.0) * 0.6, PAPER, 700);
    pen.ellipse(
        x,
        y + 262.0 * scale,
        300.0 * scale,
        38.0 * scale,
        fill(INK).veil(300),
    );
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
    let drawing = PROPS.iter().find(|(names, _)| {
        names.iter().any(|name| {
            words
                .iter()
                .any(|word| word == name || word.strip_suffix('s') == Some(*name))
        })
    });
    match drawing {
        Some((_, draw)) => pen.group(
            format_args!(
                "transform=\"translate({} {}) scale({})\"",
                N(x),
                N(y),
                Fine(scale)
            ),
            |pen| draw(pen, accent),
        ),
        // Nothing is known of its shape, so its name is what is shown.
        None => {
            let half = (width * 0.36).min(420.0);
            pen.round_rect(
                x - half,
                y - 190.0,
                half * 2.0,
                380.0,
                28.0,
                fill(PAPER).outlined(INK, EDGE),
            );
            pen.round_rect(
                x - half + 18.0,
                y - 172.0,
                half * 2.0 - 36.0,
                344.0,
                18.0,
                line(accent.dark(150), 5.0),
            );
            let wrapped = wrap(
                &name.to_uppercase(),
                Face::Bold,
                76.0,
                half * 2.0 - 80.0,
                0.0,
                3,
            );
            let first = y + 28.0 - 44.0 * (wrapped.lines.len() as f32 - 1.0);
            for (index, text) in wrapped.lines.iter().enumerate() {
                pen.text(
                    (x, first + 88.0 * index as f32),
                    76.0,
                    Face::Bold,
                    Anchor::Middle,
                    INK,
                    text,
                );
            }
        }
    }
}

/// Writes the name of the prop under its drawing.
pub(super) fn label(pen: &mut Pen, width: f32, name: &str) {
    let wrapped = wrap(&name.to_uppercase(), Face::Bold, 50.0, width * 0.8, 0.0, 1);
    if let Some(text) = wrapped.lines.first() {
        let half = Face::Bold.width(text, 50.0) / 2.0 + 34.0;
        pen.round_rect(
            width / 2.0 - half,
            776.0,
            half * 2.0,
            82.0,
            41.0,
            fill(INK).outlined(PAPER, 3.0),
        );
        pen.text(
            (width / 2.0, 835.0),
            50.0,
            Face::Bold,
            Anchor::Middle,
            PAPER,
            text,
        );
    }
}
