//! Requests that tests draw.

use aiut_film::request::{Figure, FrameRequest, Panel, Setting, SpokenLine};

/// A static medium shot of an empty room.
pub(crate) fn blank() -> FrameRequest {
    FrameRequest {
        prompt: String::new(),
        negative_prompt: String::new(),
        aspect_ratio: "16:9".into(),
        width: 1280,
        height: 720,
        init_image: "generated".into(),
        references: Vec::new(),
        panel: Panel {
            slate: "12-3".into(),
            frames: 60,
            fps: aiut_film::rate::FrameRate::FILM,
            size: "MS".into(),
            movement: "static".into(),
            height: "eye".into(),
            lens_mm: 50,
            figures: Vec::new(),
            insert: None,
            setting: Setting {
                name: "ROOM".into(),
                place: "interior".into(),
                time: "day".into(),
                palette: Vec::new(),
                horizon: 620,
            },
            action: String::new(),
            dialogue: None,
        },
    }
}

/// Somebody standing in the middle.
pub(crate) fn person(name: &str, x: u32, facing: &str, color: &str) -> Figure {
    Figure {
        name: name.into(),
        x,
        depth: "mid".into(),
        facing: facing.into(),
        posture: "standing".into(),
        speaking: false,
        shoulder: false,
        color: color.into(),
    }
}

/// Two people in a kitchen at dusk, one of whom speaks.
pub(crate) fn exchange() -> FrameRequest {
    let mut request = blank();
    let panel = &mut request.panel;
    panel.size = "TWO_SHOT".into();
    panel.figures = vec![
        person("Mara", 330, "right", "#b5493c"),
        person("Tobin", 680, "left", "#3f6f8c"),
    ];
    panel.figures[0].speaking = true;
    panel.setting.name = "KITCHEN".into();
    panel.setting.time = "dusk".into();
    panel.setting.palette = ["#d8c7a0", "#7a6248", "#b5533c"].map(String::from).to_vec();
    panel.action = "Mara sets the lantern on the table and does not sit down.".into();
    panel.dialogue = Some(SpokenLine {
        speaker: "MARA".into(),
        text: "You were gone before the tide turned.".into(),
    });
    request
}
