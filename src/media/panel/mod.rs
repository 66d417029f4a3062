//! Storyboard panels: a shot as a drawing that shows framing, who is where and looks where, the
//! place and its light, the camera's move, and the words of the slate.
//!
//! [`svg`] is a pure function of the drawing; [`png`] paints it with the embedded font. The same
//! drawing is the same bytes on every machine: no system fonts, no floats that depend on a
//! library's sine, PNG settings that are fixed.

mod built;
mod figure;
mod framing;
mod furniture;
mod head;
mod labels;
mod land;
mod layout;
mod motif;
mod motifs;
mod movement;
mod platform;
mod pose;
mod prop;
mod quay;
mod rooms;
mod setting;
mod slate;
mod staging;
mod surrounds;
mod town;
mod vessel;
mod walls;
mod works;

use resvg::{tiny_skia, usvg};

use crate::card;
use crate::color::{INK, Rgb};
use crate::font::{self, printable};
use crate::pen::{Fine, N, Pen, fill, line};
use crate::still::{self, StillError};
use aiut_film::request::Panel;
use aiut_film::words::{CameraHeight, Facing, Posture, ShotSize};

use figure::{from_above, look, shoulder};
use framing::framing;
use labels::Labels;
use layout::Layout;
use seat::{BED, Seat};
use setting::Stage;
use staging::{from_straight_above, places, shoulder_head};

const LINEN: Rgb = Rgb(0xe4, 0xe2, 0xda);
const WOOD: Rgb = Rgb(0x6b, 0x50, 0x3a);

/// What a panel is drawn from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The shape of the picture in it: `16:9`. One that cannot be read is the sheet's own.
    pub aspect_ratio: String,
    /// Whether slate, captions and names are written around and into the picture; without, the
    /// picture alone fills the sheet.
    pub slate: bool,
    /// What is in it.
    pub panel: Panel,
}

/// Draws a panel. The sheet is measured in units of which its smaller side has 720.
#[must_use]
pub fn svg(drawing: &Drawing) -> String {
    let layout = Layout::of(drawing);
    let panel = &drawing.panel;
    let mut pen = Pen::default();
    pen.raw(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\">",
        drawing.width, drawing.height, Fine(layout.w), Fine(layout.h)
    ));
    let area = layout.picture;
    let scale = area.h / 1000.0;
    pen.raw(format_args!(
        "<defs><clipPath id=\"picture\"><rect x=\"0\" y=\"0\" width=\"{}\" height=\"1000\"/></clipPath></defs>",
        Fine(1000.0 * layout.aspect)
    ));
    pen.rect(0.0, 0.0, layout.w, layout.h, fill(slate::BOARD));
    pen.raw(format_args!(
        "<g transform=\"translate({} {}) scale({})\" clip-path=\"url(#picture)\">",
        Fine(area.x),
        Fine(area.y),
        scale
    ));
    picture(&mut pen, 1000.0 * layout.aspect, panel, drawing.slate);
    pen.raw(format_args!("</g>"));
    if drawing.slate {
        slate::slate(&mut pen, &layout, panel);
        slate::captions(&mut pen, &layout, panel);
    }
    pen.raw(format_args!("</svg>"));
    pen.finish()
}

/// Paints an SVG of this module, or one that a person has edited, as a PNG of exactly these pixels.
/// Text uses the embedded font; images and files that the SVG names are not loaded.
///
/// # Errors
/// When the SVG cannot be read, or a side is zero or above [`still::MAX_SIDE`].
pub fn png(svg: &str, width: u32, height: u32) -> Result<Vec<u8>, StillError> {
    still::encode(&painted(svg, width, height)?, width, height)
}

/// The RGB pixels of an SVG.
fn painted(svg: &str, width: u32, height: u32) -> Result<Vec<u8>, StillError> {
    still::check_size(width, height)?;
    let mut options = usvg::Options {
        font_family: font::FAMILY.to_owned(),
        fontdb: font::database(),
        ..usvg::Options::default()
    };
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    let tree =
        usvg::Tree::from_str(svg, &options).map_err(|error| StillError::Svg(error.to_string()))?;
    let mut pixels =
        tiny_skia::Pixmap::new(width, height).ok_or(StillError::Size { width, height })?;
    let size = tree.size();
    let fit = tiny_skia::Transform::from_scale(
        width as f32 / size.width(),
        height as f32 / size.height(),
    );
    resvg::render(&tree, fit, &mut pixels.as_mut());
    // Opaque: what is not painted is black, as on film.
    let pixels = pixels.data().chunks_exact(4);
    Ok(pixels
        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect())
}

/// The finished panel: [`png`] of [`svg`], with a note in the file of where in it the
/// picture is, so that a clip can move the picture and leave slate and captions still.
///
/// # Errors
/// When a side of the requested image is zero or above [`still::MAX_SIDE`].
pub fn panel(drawing: &Drawing) -> Result<Vec<u8>, StillError> {
    let (width, height) = (drawing.width, drawing.height);
    still::check_size(width, height)?;
    let rgb = painted(&svg(drawing), width, height)?;
    still::encode_noted(&rgb, width, height, Layout::of(drawing).picture_pixels())
}

/// The picture itself, 1000 high and `w` wide; `named` with the names of what is in it.
fn picture(pen: &mut Pen, w: f32, panel: &Panel, named: bool) {
    if !panel.title.is_empty() {
        card::words(pen, (w, 1000.0), &panel.title);
        return;
    }
    let framing = &framing(panel.size);
    let horizon = horizon(panel);
    let stage = Stage::new(&panel.setting, w, horizon);
    let people = |color: Rgb| stage.tint_people(color);
    if panel.height == CameraHeight::Overhead && panel.insert.is_none() {
        overhead(pen, w, panel, &stage, named);
        return;
    }
    stage.draw(pen, &panel.setting.name, framing.zoom, framing.haze);

    if let Some(prop) = panel
        .insert
        .as_deref()
        .map(printable)
        .filter(|name| !name.is_empty())
    {
        prop::insert(pen, w, &prop, stage.accent());
        if named {
            prop::label(pen, w, &prop);
        }
        return;
    }
    let beds = stage.interior && motif::has_bed(&panel.setting.name);
    let seats = motif::of(&panel.setting.name, stage.interior)
        .iter()
        .any(|motif| motif.seats);
    let seat = match (seats, stage.interior) {
        (true, _) => Seat::OfThePlace,
        (false, true) => Seat::Chair,
        (false, false) => Seat::Stone,
    };
    let mut places = places(panel, framing, w, horizon);
    if beds && framing.eyes.is_none() {
        for (place, _) in places
            .iter_mut()
            .zip(&panel.figures)
            .filter(|(_, figure)| figure.posture == Posture::Lying)
        {
            let lift = BED * place.stature;
            (place.ground, place.face, place.top) =
                (place.ground - lift, place.face - lift, place.top - lift);
        }
    }
    for (figure, place) in panel.figures.iter().zip(&places) {
        let look = look(figure, stage.backdrop(), people);
        if figure.shoulder {
            shoulder(pen, (place.x, place.face), shoulder_head(w), &look);
        } else {
            if figure.posture == Posture::Lying && beds {
                let head = if figure.facing == Facing::Right {
                    1.0
                } else {
                    -1.0
                };
                seat::bed(
                    pen,
                    (place.x, place.ground + BED * place.stature),
                    place.stature,
                    head,
                    stage.tint_people(LINEN),
                    stage.tint_people(WOOD),
                );
            } else if framing.eyes.is_none() {
                let half = if figure.posture == Posture::Lying {
                    0.5
                } else {
                    0.16
                };
                pen.ellipse(
                    place.x,
                    place.ground,
                    place.stature * half,
                    place.stature * 0.022,
                    fill(INK).veil(320),
                );
            }
            figure::figure(
                pen,
                (place.x, place.ground),
                place.stature,
                &look,
                figure,
                seat,
            );
        }
    }
    if panel.size == ShotSize::Pov {
        point_of_view(pen, w);
    }
    if !named {
        return;
    }
    let mut labels = Labels::new(&places);
    for (figure, place) in panel.figures.iter().zip(&places) {
        labels.draw(pen, w, figure, place);
    }
}

/// Where the horizon is; the request has put it where the camera's height sees it.
fn horizon(panel: &Panel) -> f32 {
    (panel.setting.horizon as f32).clamp(240.0, 880.0)
}

/// The dark edge of what somebody sees.
fn point_of_view(pen: &mut Pen, w: f32) {
    pen.raw(format_args!(
        "<path d=\"M0 0H{0}V1000H0Z M{1} 500C{1} 150 {2} 60 {3} 60S{4} 150 {4} 500 {5} 940 {3} 940 {1} 850 {1} 500Z\" fill=\"#0b0c10\" fill-rule=\"evenodd\" opacity=\"0.72\"/>",
        N(w), N(w * 0.03), N(w * 0.2), N(w / 2.0), N(w * 0.97), N(w * 0.8)
    ));
}

/// The floor from straight above, and who is on it.
fn overhead(pen: &mut Pen, w: f32, panel: &Panel, stage: &Stage, named: bool) {
    let floor = stage.ground();
    pen.shaded((0.0, 0.0, w, 1000.0), floor.light(90), floor.dark(90));
    let seam = line(floor.dark(260), 3.0).veil(500);
    let mut at = 100.0;
    while at < w.max(1000.0) {
        pen.polyline(&[(at, 0.0), (at, 1000.0)], seam);
        pen.polyline(&[(0.0, at), (w, at)], seam);
        at += 160.0;
    }
    let places = from_straight_above(panel, w);
    for (figure, place) in panel.figures.iter().zip(&places) {
        let look = look(figure, stage.ground(), |color| stage.tint_people(color));
        from_above(pen, (place.x, place.face), place.stature, &look, figure);
    }
    if named {
        let mut labels = Labels::new(&places);
        for (figure, place) in panel.figures.iter().zip(&places) {
            labels.draw(pen, w, figure, place);
        }
    }
}

#[cfg(test)]
pub(crate) mod samples;
mod seat;
#[cfg(test)]
mod tests;
