//! What a framing does to people and place.

use aiut_film::words::ShotSize;

/// How large people are in a framing, and how far the place lies behind them.
pub(super) struct Framing {
    /// Standing height, in thousandths of the picture's height.
    pub(super) stature: f32,
    /// Height of the eyes from the top; without it, people stand on the ground that is seen.
    pub(super) eyes: Option<f32>,
    /// How much nearer than in a wide shot the place seems.
    pub(super) zoom: f32,
    /// How far out of focus it is, in thousandths.
    pub(super) haze: u32,
}

pub(super) fn framing(size: ShotSize) -> Framing {
    let (stature, eyes, zoom, haze) = match size {
        ShotSize::Ews => (150.0, None, 1.0, 0),
        ShotSize::Ws => (440.0, None, 1.0, 0),
        ShotSize::Fs => (740.0, None, 1.15, 0),
        ShotSize::Mws => (1120.0, Some(260.0), 1.3, 120),
        ShotSize::Ms => (1560.0, Some(310.0), 1.45, 220),
        ShotSize::Mcu => (2250.0, Some(370.0), 1.7, 330),
        ShotSize::Cu => (3300.0, Some(430.0), 2.0, 430),
        ShotSize::Ecu => (13_000.0, Some(560.0), 2.8, 600),
        ShotSize::Insert => (1560.0, Some(310.0), 2.2, 620),
        ShotSize::Ots => (1800.0, Some(330.0), 1.5, 260),
        ShotSize::TwoShot => (1450.0, Some(300.0), 1.4, 200),
        ShotSize::Pov => (760.0, None, 1.1, 0),
    };
    Framing {
        stature,
        eyes,
        zoom,
        haze,
    }
}
