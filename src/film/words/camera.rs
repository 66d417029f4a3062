//! Words for the camera: framing, movement, height.

use super::{Vocabulary, vocabulary};

vocabulary! {
    /// How much of somebody the picture holds.
    ShotSize {
        /// The place, people tiny in it.
        Ews = "EWS" | "extreme wide shot",
        /// People whole, with the place around them.
        Ws = "WS" | "wide shot",
        /// Somebody from head to foot.
        Fs = "FS" | "full shot",
        /// From the knees up.
        Mws = "MWS" | "medium wide shot",
        /// From the waist up.
        Ms = "MS" | "medium shot",
        /// From the chest up.
        Mcu = "MCU" | "medium close-up",
        /// A face.
        Cu = "CU" | "close-up",
        /// Part of a face.
        Ecu = "ECU" | "extreme close-up",
        /// A thing or a hand, close.
        Insert = "INSERT" | "insert shot",
        /// One, seen past the shoulder of another.
        Ots = "OTS" | "over-the-shoulder shot",
        /// Two people, evenly.
        TwoShot = "TWO_SHOT" | "two-shot",
        /// What somebody sees.
        Pov = "POV" | "point-of-view shot",
    }
}

impl ShotSize {
    /// In words: `medium close-up`.
    #[must_use]
    pub fn words(self) -> &'static str {
        let called = Self::WORDS[self as usize].called;
        called.first().copied().unwrap_or(self.code())
    }
}

vocabulary! {
    /// How the camera moves.
    Movement {
        /// It stands.
        Static = "static" | "still",
        /// It turns left.
        PanLeft = "pan_left",
        /// It turns right.
        PanRight = "pan_right",
        /// It looks up.
        TiltUp = "tilt_up",
        /// It looks down.
        TiltDown = "tilt_down",
        /// It moves in slowly.
        PushIn = "push_in",
        /// It moves back.
        PullOut = "pull_out" | "pull back",
        /// It moves forward on rails.
        Dolly = "dolly" | "dolly in",
        /// It moves to the left.
        TrackLeft = "track_left" | "truck left",
        /// It moves to the right.
        TrackRight = "track_right" | "truck right",
        /// It rises.
        CraneUp = "crane_up",
        /// It sinks.
        CraneDown = "crane_down",
        /// It is carried, and breathes.
        Handheld = "handheld" | "hand-held",
        /// The lens closes in.
        ZoomIn = "zoom_in",
        /// Focus goes from near to far.
        RackFocus = "rack_focus",
    }
}

vocabulary! {
    /// From where the camera looks.
    CameraHeight {
        /// From the height of the eyes.
        Eye = "eye" | "eye level",
        /// From above, looking down.
        High = "high" | "high angle",
        /// From below, looking up.
        Low = "low" | "low angle",
        /// From straight above.
        Overhead = "overhead" | "top",
        /// From the ground.
        Ground = "ground",
    }
}

vocabulary! {
    /// How far what is filmed is away.
    DistanceBand {
        /// As in an extreme wide shot.
        ExtremeFar = "extreme_far",
        /// As in a wide shot.
        Far = "far",
        /// As in a medium shot.
        Medium = "medium",
        /// As in a close-up.
        Close = "close",
        /// As in an extreme close-up.
        ExtremeClose = "extreme_close",
    }
}
