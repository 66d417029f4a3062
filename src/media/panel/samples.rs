//! Panels that tests draw.

use aiut_film::request::{Figure, Panel, Setting, SpokenLine};
use aiut_film::words::{
    CameraHeight, Depth, Facing, Hands, Movement, Place, Posture, Pronoun, ShotSize, TimeOfDay,
};

use super::Drawing;

/// A static medium shot of an empty room.
pub(crate) fn blank() -> Drawing {
    Drawing {
        aspect_ratio: "16:9".into(),
        width: 1280,
        height: 720,
        slate: true,
        panel: Panel {
            slate: "12-3".into(),
            frames: 60,
            fps: aiut_film::rate::FrameRate::FILM,
            size: ShotSize::Ms,
            movement: Movement::Static,
            height: CameraHeight::Eye,
            lens_mm: 50,
            figures: Vec::new(),
            insert: None,
            title: Vec::new(),
            setting: Setting {
                name: "ROOM".into(),
                place: Place::Interior,
                time: TimeOfDay::Day,
                palette: Vec::new(),
                horizon: 620,
            },
            action: String::new(),
            dialogue: None,
        },
    }
}

/// Somebody standing in the middle.
pub(crate) fn person(name: &str, x: u32, facing: Facing, color: &str) -> Figure {
    Figure {
        name: name.into(),
        x,
        depth: Depth::Mid,
        facing,
        posture: Posture::Standing,
        hands: Hands::Free,
        pronouns: Pronoun::They,
        speaking: false,
        shoulder: false,
        color: color.into(),
    }
}

/// Two people in a kitchen at dusk, one of whom speaks.
pub(crate) fn exchange() -> Drawing {
    let mut drawing = blank();
    let panel = &mut drawing.panel;
    panel.size = ShotSize::TwoShot;
    panel.figures = vec![
        person("Mara", 330, Facing::Right, "#b5493c"),
        person("Tobin", 680, Facing::Left, "#3f6f8c"),
    ];
    panel.figures[0].speaking = true;
    panel.setting.name = "KITCHEN".into();
    panel.setting.time = TimeOfDay::Dusk;
    panel.setting.palette = ["#d8c7a0", "#7a6248", "#b5533c"].map(String::from).to_vec();
    panel.action = "Mara sets the lantern on the table and does not sit down.".into();
    panel.dialogue = Some(SpokenLine {
        speaker: "MARA".into(),
        text: "You were gone before the tide turned.".into(),
    });
    drawing
}
