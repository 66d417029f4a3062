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

const MOVES: [(&str, &str, Move); 15] = [
    ("static", "Static", Move::Static),
    ("pan_left", "Pan left", Move::PanLeft),
    ("pan_right", "Pan right", Move::PanRight),
    ("tilt_up", "Tilt up", Move::TiltUp),
    ("tilt_down", "Tilt down", Move::TiltDown),
    ("push_in", "Push in", Move::PushIn),
    ("pull_out", "Pull out", Move::PullOut),
    ("dolly", "Dolly in", Move::Dolly),
    ("track_left", "Track left", Move::TrackLeft),
    ("track_right", "Track right", Move::TrackRight),
    ("crane_up", "Crane up", Move::CraneUp),
    ("crane_down", "Crane down", Move::CraneDown),
    ("handheld", "Handheld", Move::Handheld),
    ("zoom_in", "Zoom in", Move::ZoomIn),
    ("rack_focus", "Rack focus", Move::RackFocus),
];

impl Move {
    /// Reads the word of a request. A move that has no drawing holds the camera still.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        MOVES
            .iter()
            .find(|(name, _, _)| *name == word)
            .map_or(Self::Static, |(_, _, made)| *made)
    }

    /// As a slate says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        MOVES
            .iter()
            .find(|(_, _, made)| *made == self)
            .map_or("", |(_, title, _)| title)
    }
}
