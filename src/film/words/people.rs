//! Words for people.

use super::{Vocabulary, vocabulary};

vocabulary! {
    /// What a text says for somebody's name.
    Pronoun {
        /// A man.
        He = "he" | "him",
        /// A woman.
        She = "she" | "her",
        /// Several people, or one of whom the script does not tell.
        They = "they" | "them",
        /// A machine, an animal.
        It = "it",
    }
}

impl Pronoun {
    /// What a person's own words say: `she`, `She/her`; none if they begin with no known one.
    #[must_use]
    pub fn told(text: &str) -> Option<Self> {
        let first = text.trim().to_lowercase();
        let first = first.split(['/', ' ', ',']).next().unwrap_or_default();
        let is = |one: &&Self| {
            let word = &Self::WORDS[**one as usize];
            word.code == first || word.called.contains(&first)
        };
        Self::ALL.iter().find(is).copied()
    }
}

vocabulary! {
    /// How near somebody is in the picture.
    Depth {
        /// In front.
        Near = "near" | "front",
        /// Between.
        Mid = "mid" | "middle",
        /// At the back.
        Far = "far" | "back",
    }
}

vocabulary! {
    /// Where somebody looks.
    Facing {
        /// To the left of the picture.
        Left = "left",
        /// To the right of the picture.
        Right = "right",
        /// Into the camera.
        Camera = "camera" | "front",
        /// Away: seen from behind.
        Away = "away" | "back",
    }
}

vocabulary! {
    /// How somebody holds themselves.
    Posture {
        /// On their feet.
        Standing = "standing",
        /// On a seat.
        Sitting = "sitting" | "seated",
        /// Stretched out.
        Lying = "lying" | "lying down",
        /// On their knees.
        Kneeling = "kneeling",
        /// In a hurry.
        Running = "running",
        /// On their way.
        Walking = "walking",
    }
}

vocabulary! {
    /// What somebody's hands do in a drawing.
    Hands {
        /// Nothing: the arms hang, or move with the words.
        Free = "free",
        /// One is put out for something: a valve, a door, another hand.
        Reaching = "reaching",
        /// Both hold something before the chest: a letter, a cup.
        Holding = "holding",
        /// One points.
        Pointing = "pointing",
        /// Both are in the air.
        Raised = "raised" | "waving",
    }
}

vocabulary! {
    /// How long somebody looks otherwise than usual.
    Lasts {
        /// Until the action is interrupted: wet, out of breath.
        Scene = "scene",
        /// Until another day: muddy, bloodied.
        Day = "day",
        /// Until the script ends it: bandaged.
        Always = "always",
    }
}
