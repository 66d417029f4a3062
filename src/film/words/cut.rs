//! Words for how one shot gives way to the next.

use super::vocabulary;

vocabulary! {
    /// How one shot gives way to the next, or a scene is entered.
    Transition {
        /// At once.
        Cut = "cut",
        /// At once, against the mood.
        SmashCut = "smash_cut",
        /// At once, from like to like.
        MatchCut = "match_cut",
        /// At once, within the same picture.
        JumpCut = "jump_cut",
        /// One picture fades into the other.
        Dissolve = "dissolve",
        /// As `dissolve`.
        Crossfade = "crossfade",
        /// The next picture pushes over the last.
        Wipe = "wipe",
        /// The next picture begins in black.
        FadeIn = "fade_in",
        /// As `fade_to_black`.
        FadeOut = "fade_out",
        /// The picture ends in black.
        FadeToBlack = "fade_to_black",
        /// The picture ends in white.
        FadeToWhite = "fade_to_white",
    }
}
