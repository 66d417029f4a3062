//! Title cards: a few centred lines on black, as an image and as a silent clip.

use std::path::Path;

use super::color::{PAPER, Rgb};
use super::encode::{Format, clip_arguments, time_for};
use super::error::MediaError;
use super::font::{Face, wrap};
use super::panel::png;
use super::pen::{Anchor, Pen, fill};
use super::scratch::Scratch;
use super::sound::samples_of;
use super::still::decode;
use super::tools::{Program, Tools, file_url};
use super::yuv::Frame;
use aiut_film::rate::FrameRate;

/// What a card says, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Large.
    pub title: String,
    /// Small, one below the other.
    pub lines: Vec<String>,
    /// Frames that it is shown, fades included.
    pub frames: u32,
}

const RULE: Rgb = Rgb(0xff, 0xc8, 0x2e);
const QUIET: Rgb = Rgb(0xb6, 0xbc, 0xc6);

/// Lines of a card's small text that are shown.
const MAX_LINES: usize = 8;

/// Frames of the fade at each end of a card, as long as it is that long.
fn fade(frames: u32, fps: FrameRate) -> u32 {
    fps.frames_within(1, 2).min(frames / 3)
}

/// Draws a card as SVG. Units as in a panel: the smaller side has 720.
#[must_use]
pub fn svg(card: &Card, format: Format) -> String {
    let scale = format.width.min(format.height).max(1) as f32 / 720.0;
    let (w, h) = (format.width as f32 / scale, format.height as f32 / scale);
    let mut pen = Pen::default();
    pen.raw(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">",
        format.width, format.height, super::pen::Fine(w), super::pen::Fine(h)
    ));
    pen.rect(0.0, 0.0, w, h, fill(Rgb(0, 0, 0)));
    let room = w * 0.84;
    let (size, title) = [84.0, 72.0, 60.0, 48.0]
        .into_iter()
        .map(|size| (size, wrap(&card.title, Face::Bold, size, room, 0.0, 3)))
        .find(|(_, wrapped)| wrapped.lines.len() < 3 && !wrapped.cut)
        .unwrap_or_else(|| (48.0, wrap(&card.title, Face::Bold, 48.0, room, 0.0, 3)));
    let lines: Vec<String> = card
        .lines
        .iter()
        .flat_map(|line| wrap(line, Face::Regular, 30.0, room, 0.0, 3).lines)
        .take(MAX_LINES)
        .collect();
    let below = if lines.is_empty() {
        0.0
    } else {
        50.0 + lines.len() as f32 * 44.0
    };
    let height = title.lines.len() as f32 * size * 1.2 + below;
    let mut base = (h - height) / 2.0 + size;
    for line in &title.lines {
        pen.text(
            (w / 2.0, base),
            size,
            Face::Bold,
            Anchor::Middle,
            PAPER,
            line,
        );
        base += size * 1.2;
    }
    if !lines.is_empty() {
        pen.rect(w / 2.0 - 60.0, base - size * 0.75, 120.0, 4.0, fill(RULE));
        base += 44.0 - size * 0.45;
        for line in &lines {
            pen.text(
                (w / 2.0, base),
                30.0,
                Face::Regular,
                Anchor::Middle,
                QUIET,
                line,
            );
            base += 44.0;
        }
    }
    pen.raw(format_args!("</svg>"));
    pen.finish()
}

/// The lines of a title card on black, in the middle of a picture of that width and height.
pub(crate) fn words(pen: &mut Pen, (w, h): (f32, f32), lines: &[String]) {
    pen.rect(0.0, 0.0, w, h, fill(Rgb(0, 0, 0)));
    let room = w * 0.84;
    let set = |share: f32| -> (f32, Vec<String>, bool) {
        let size = h * share;
        let wrapped: Vec<_> = lines
            .iter()
            .map(|line| wrap(line, Face::Bold, size, room, 0.0, 4))
            .collect();
        let whole = wrapped.iter().all(|one| !one.cut);
        let rows: Vec<String> = wrapped.into_iter().flat_map(|one| one.lines).collect();
        let fits = whole && rows.len() as f32 * size * 1.3 < h * 0.86;
        (size, rows, fits)
    };
    let sizes = [0.12, 0.1, 0.08, 0.06, 0.045].map(set).into_iter();
    let (size, rows, _) = sizes
        .reduce(|best, next| if best.2 { best } else { next })
        .expect("there are sizes");
    let step = size * 1.3;
    let mut base = (h - step * rows.len() as f32) / 2.0 + size * 1.02;
    for row in &rows {
        pen.text(
            (w / 2.0, base),
            size,
            Face::Bold,
            Anchor::Middle,
            PAPER,
            row,
        );
        base += step;
    }
}

/// Makes a card into a silent clip that fades in and out.
pub(crate) fn clip(
    tools: &Tools,
    scratch: &Scratch,
    card: &Card,
    format: Format,
    name: &str,
) -> Result<(), MediaError> {
    let image = decode(&png(&svg(card, format), format.width, format.height)?)?;
    let frame = Frame::of(&image);
    let Card { frames, .. } = *card;
    let fade = fade(frames, format.fps);
    let graph = format!(
        "[0:v]loop=loop={}:size=1:start=0,fade=t=in:s=0:n={fade},fade=t=out:s={}:n={fade},setsar=1[v];\
         anullsrc=r=48000:cl=stereo,atrim=end_sample={}[a]",
        frames - 1,
        frames - fade,
        samples_of(frames, format.fps)
    );
    let out: &Path = &scratch.path(name);
    tools
        .run(Program::Ffmpeg, time_for(format, frames))?
        .args(["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size"])
        .args([format!("{}x{}", format.width, format.height)])
        .args([
            "-framerate",
            &format.fps.to_string(),
            "-protocol_whitelist",
            "pipe",
            "-i",
            "pipe:0",
        ])
        .args(["-filter_complex", &graph, "-map", "[v]", "-map", "[a]"])
        .args(clip_arguments(format))
        .args([file_url(out)])
        .input(frame.bytes)
        .run()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_shows_its_words_inside_the_frame() {
        let card = Card {
            title: "The Tide <House> & Other Debts".repeat(3),
            lines: vec!["by A & B".into(), String::new()],
            frames: 48,
        };
        let svg = svg(
            &card,
            Format {
                width: 640,
                height: 360,
                fps: FrameRate::FILM,
            },
        );
        assert!(svg.contains("&lt;House&gt;") && svg.contains("by A &amp; B"));
        let image = decode(&png(&svg, 640, 360).expect("painted")).expect("a PNG");
        let lit = |x: u32| (0..360).any(|y| image.get_pixel(x, y).0[0] > 60);
        assert!((120..520).any(lit) && !(0..20).chain(620..640).any(lit));
    }

    #[test]
    fn a_short_card_fades_for_a_third() {
        assert_eq!(fade(72, FrameRate::FILM), 12);
        assert_eq!(fade(9, FrameRate::FILM), 3);
        assert_eq!(fade(1, FrameRate::FILM), 0);
    }
}
