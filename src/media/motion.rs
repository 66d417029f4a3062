//! Camera moves: their names, and the window of the still that each shows at each frame.

/// What a push-in ends on and a pull-out begins with, of the whole still.
pub(crate) const PUSH: f32 = 0.84;
/// The same of a zoom, which goes further.
pub(crate) const ZOOM: f32 = 0.74;

/// A move of the camera, as requests name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The camera holds.
    Static,
    /// Turns left.
    PanLeft,
    /// Turns right.
    PanRight,
    /// Looks up.
    TiltUp,
    /// Looks down.
    TiltDown,
    /// Moves in.
    PushIn,
    /// Moves back.
    PullOut,
    /// Moves in on rails.
    Dolly,
    /// Moves to the left.
    TrackLeft,
    /// Moves to the right.
    TrackRight,
    /// Rises.
    CraneUp,
    /// Sinks.
    CraneDown,
    /// Is carried, and breathes.
    Handheld,
    /// The lens closes in.
    ZoomIn,
    /// Focus goes from one to another.
    RackFocus,
}

/// A part of the still, in thousandths: left, top, size. It has the still's own shape.
type Window = (u32, u32, u32);

const WHOLE: Window = (0, 0, 1000);
const PUSHED: Window = (80, 80, 840);
const ZOOMED: Window = (130, 130, 740);

/// Word, title, and the windows at the first and the last frame.
const MOVES: [(&str, &str, Move, Window, Window); 15] = [
    ("static", "Static", Move::Static, WHOLE, WHOLE),
    (
        "pan_left",
        "Pan left",
        Move::PanLeft,
        (130, 65, 870),
        (0, 65, 870),
    ),
    (
        "pan_right",
        "Pan right",
        Move::PanRight,
        (0, 65, 870),
        (130, 65, 870),
    ),
    (
        "tilt_up",
        "Tilt up",
        Move::TiltUp,
        (65, 130, 870),
        (65, 0, 870),
    ),
    (
        "tilt_down",
        "Tilt down",
        Move::TiltDown,
        (65, 0, 870),
        (65, 130, 870),
    ),
    ("push_in", "Push in", Move::PushIn, WHOLE, PUSHED),
    ("pull_out", "Pull out", Move::PullOut, PUSHED, WHOLE),
    ("dolly", "Dolly in", Move::Dolly, WHOLE, PUSHED),
    (
        "track_left",
        "Track left",
        Move::TrackLeft,
        (160, 80, 840),
        (0, 80, 840),
    ),
    (
        "track_right",
        "Track right",
        Move::TrackRight,
        (0, 80, 840),
        (160, 80, 840),
    ),
    (
        "crane_up",
        "Crane up",
        Move::CraneUp,
        (80, 160, 840),
        (30, 0, 940),
    ),
    (
        "crane_down",
        "Crane down",
        Move::CraneDown,
        (30, 0, 940),
        (80, 160, 840),
    ),
    (
        "handheld",
        "Handheld",
        Move::Handheld,
        (20, 20, 960),
        (20, 20, 960),
    ),
    ("zoom_in", "Zoom in", Move::ZoomIn, WHOLE, ZOOMED),
    ("rack_focus", "Rack focus", Move::RackFocus, WHOLE, WHOLE),
];

impl Move {
    /// Reads the word of a request. A move that has no drawing holds the camera still.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        MOVES
            .iter()
            .find(|row| row.0 == word)
            .map_or(Self::Static, |row| row.2)
    }

    /// As a slate says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        MOVES
            .iter()
            .find(|row| row.2 == self)
            .map_or("", |row| row.1)
    }

    /// ffmpeg's `perspective` filter for this move over `frames` frames, slow at both ends; nothing
    /// where the picture does not move. `perspective` was measured to jitter by 0.01 px where
    /// `zoompan` jitters by 0.28, and gives the same bytes on every processor.
    pub(crate) fn filter(self, frames: u32) -> Option<String> {
        let (_, _, _, from, to) = MOVES.iter().find(|row| row.2 == self)?;
        let (x, y, size) = if self == Self::Handheld {
            // Two slow sways that never meet, as of somebody who stands and breathes.
            (
                "0.02+0.010*sin(on*0.110)+0.006*sin(on*0.271+1)".to_owned(),
                "0.02+0.009*sin(on*0.143+2)+0.007*sin(on*0.317)".to_owned(),
                "0.96".to_owned(),
            )
        } else if from == to {
            return None;
        } else {
            // `on` counts from 1 in this filter.
            let last = frames.saturating_sub(1).max(1);
            let ease = format!("(0.5-0.5*cos(PI*(on-1)/{last}))");
            let between = |a: u32, b: u32| {
                let step = if b >= a {
                    format!("+{}", thousandths(b - a))
                } else {
                    format!("-{}", thousandths(a - b))
                };
                if a == b {
                    thousandths(a)
                } else {
                    format!("{}{step}*{ease}", thousandths(a))
                }
            };
            (
                between(from.0, to.0),
                between(from.1, to.1),
                between(from.2, to.2),
            )
        };
        let (left, top) = (format!("W*({x})"), format!("H*({y})"));
        let (right, bottom) = (format!("W*({x}+{size})"), format!("H*({y}+{size})"));
        Some(format!(
            "perspective=x0='{left}':y0='{top}':x1='{right}':y1='{top}':x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}'\
             :sense=source:interpolation=cubic:eval=frame"
        ))
    }
}

fn thousandths(value: u32) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_window_lies_inside_the_still() {
        for (word, _, _, from, to) in MOVES {
            for (x, y, size) in [from, to] {
                assert!(x + size <= 1000 && y + size <= 1000, "{word}");
            }
        }
        assert!(
            (PUSH * 1000.0) as u32 == PUSHED.2 && (ZOOM * 1000.0) as u32 == ZOOMED.2,
            "the panel draws what the clip does"
        );
    }

    #[test]
    fn what_does_not_move_needs_no_filter() {
        assert_eq!(Move::parse("static").filter(72), None);
        assert_eq!(Move::parse("unheard_of").filter(72), None);
        assert_eq!(Move::parse("rack_focus").filter(72), None);
        let push = Move::parse("push_in").filter(1).expect("moves");
        assert!(push.contains("/1))") && !push.contains("/0"), "{push}");
    }
}
