//! Words for what a shot and a scene are there for.

use super::vocabulary;

vocabulary! {
    /// Why there is a shot.
    Trigger {
        /// To show where the scene plays.
        Establishing = "establishing",
        /// Somebody does something.
        Action = "action",
        /// Somebody speaks in the picture.
        Dialogue = "dialogue",
        /// A voice from another time or place.
        VoiceOver = "voice_over",
        /// A voice of somebody near, who is not seen.
        OffScreen = "off_screen",
        /// Somebody takes in what happened.
        Reaction = "reaction",
        /// A thing matters.
        Insert = "insert",
        /// Somebody comes in.
        Entrance = "entrance",
        /// Somebody leaves.
        Exit = "exit",
        /// Something comes to light.
        Reveal = "reveal",
        /// Something breaks, falls, explodes.
        Disaster = "disaster",
        /// To show what somebody sees.
        Pov = "pov" | "point of view",
        /// One of a row of moments.
        Montage = "montage",
        /// Words on the screen.
        Title = "title",
    }
}

vocabulary! {
    /// How a speaker is heard.
    Heard {
        /// In the picture.
        OnScreen = "on_screen",
        /// `(O.S.)`: near, not in the picture.
        OffScreen = "off_screen",
        /// `(V.O.)`: from another time or place.
        VoiceOver = "voice_over" | "voiceover",
    }
}

vocabulary! {
    /// What a frame starts from.
    InitImage {
        /// The reference images of the bible.
        Reference = "reference",
        /// The frame before it.
        PreviousFrame = "previous_frame",
        /// Nothing but the prompt.
        Generated = "generated",
    }
}

vocabulary! {
    /// What kind of scene it is.
    SceneKind {
        /// People talk.
        Dialogue = "dialogue",
        /// People talk, heated.
        Confrontation = "confrontation",
        /// Things happen.
        Action = "action",
        /// A row of moments.
        Montage = "montage",
        /// It ends on what comes to light.
        Reveal = "reveal",
        /// Little is said and nothing breaks.
        Quiet = "quiet",
    }
}
