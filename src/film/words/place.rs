//! Words for where and when a scene plays.

use super::vocabulary;

vocabulary! {
    /// Inside or outside.
    Place {
        /// `INT.`
        Interior = "interior" | "inside",
        /// `EXT.`, and `EST.`, which shows a place from outside.
        Exterior = "exterior" | "outside",
        /// `INT./EXT.`, `EXT/INT.`, `I/E`
        Both = "both",
        /// The heading does not say.
        Unsaid = "none",
    }
}

impl Place {
    /// As a remark beside a place: `interior`; empty where nothing says it.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Interior => "interior",
            Self::Exterior => "exterior",
            Self::Both => "interior and exterior",
            Self::Unsaid => "",
        }
    }
}

vocabulary! {
    /// The time of day.
    TimeOfDay {
        /// Daylight.
        Day = "day",
        /// Dark.
        Night = "night",
        /// The sun is about to rise, or rises.
        Dawn = "dawn" | "sunrise",
        /// The sun sets, or has just set.
        Dusk = "dusk" | "sunset",
        /// The early day.
        Morning = "morning",
        /// The later day.
        Afternoon = "afternoon",
        /// The end of the day, lamps lit.
        Evening = "evening",
        /// Nothing says when.
        Unsaid = "none",
    }
}

impl TimeOfDay {
    /// As a phrase: `at night`; empty where nothing says when.
    #[must_use]
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Day => "in daylight",
            Self::Night => "at night",
            Self::Dawn => "at dawn",
            Self::Dusk => "at dusk",
            Self::Morning => "in the morning",
            Self::Afternoon => "in the afternoon",
            Self::Evening => "in the evening",
            Self::Unsaid => "",
        }
    }

    /// Whether lamps are lit.
    #[must_use]
    pub fn is_dark(self) -> bool {
        matches!(self, Self::Night | Self::Evening | Self::Dusk)
    }
}
