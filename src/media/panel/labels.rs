//! Names of people in a picture.

use crate::color::{INK, PAPER, Rgb};
use crate::font::{Face, wrap};
use crate::pen::{Anchor, Pen, fill};
use aiut_film::request::Figure;

use super::staging::Place;

/// Names, each on its own ground, none over another.
pub(super) struct Labels {
    /// Left, right and upper edge of names that are there.
    taken: Vec<(f32, f32, f32)>,
    /// Left, right, upper and lower edge of faces, which no name covers.
    faces: Vec<[f32; 4]>,
}

impl Labels {
    const SIZE: f32 = 31.0;
    const HEIGHT: f32 = 46.0;

    /// For the people of a picture.
    pub(super) fn new(places: &[Place]) -> Self {
        let face = |place: &Place| {
            let half = place.half * 0.6;
            let (left, right) = (place.head - half, place.head + half);
            [left, right, place.face - half * 1.2, place.face + half]
        };
        Self {
            taken: Vec::new(),
            faces: places.iter().map(face).collect(),
        }
    }

    /// Whether a name from `x` on may stand at `y`.
    fn is_free(&self, x: f32, width: f32, y: f32) -> bool {
        let over = |left: f32, right: f32| x < right && x + width > left;
        let mut names = self.taken.iter();
        let mut faces = self.faces.iter();
        !names.any(|(left, right, top)| over(*left, *right) && (y - top).abs() < Self::HEIGHT)
            && !faces.any(|[left, right, top, bottom]| {
                over(*left, *right) && y < *bottom && y + Self::HEIGHT > *top
            })
    }

    /// The name of the one at `place`.
    pub(super) fn draw(&mut self, pen: &mut Pen, w: f32, figure: &Figure, place: &Place) {
        let wrapped = wrap(
            &figure.name,
            Face::Bold,
            Self::SIZE,
            (w * 0.3).max(200.0),
            0.0,
            1,
        );
        let Some(name) = wrapped.lines.first() else {
            return;
        };
        let width = Face::Bold.width(name, Self::SIZE) + 58.0;
        let x = (place.head - width / 2.0).clamp(10.0, (w - width - 10.0).max(10.0));
        // Over the head where there is room for it, else on the chest.
        const STEP: f32 = Labels::HEIGHT + 6.0;
        let above = place.top - Self::HEIGHT - 12.0;
        let over_head = (above > 20.0 && !figure.shoulder).then_some(above);
        let upwards = |from: f32| (0u8..18).map(move |step| from - STEP * f32::from(step));
        let rows = over_head
            .into_iter()
            .flat_map(upwards)
            .chain(upwards(916.0));
        let y = rows
            .filter(|y| *y > 8.0)
            .find(|y| self.is_free(x, width, *y))
            .unwrap_or(916.0);
        self.taken.push((x, x + width, y));
        let color = Rgb::parse(&figure.color).unwrap_or(PAPER);
        pen.round_rect(
            x,
            y,
            width,
            Self::HEIGHT,
            Self::HEIGHT / 2.0,
            fill(INK.light(60)).outlined(PAPER, 1.5).veil(880),
        );
        pen.circle(
            x + 24.0,
            y + Self::HEIGHT / 2.0,
            10.0,
            fill(color).outlined(PAPER, 2.5),
        );
        pen.text(
            (x + 42.0, y + 34.0),
            Self::SIZE,
            Face::Bold,
            Anchor::Start,
            PAPER,
            name,
        );
    }
}
