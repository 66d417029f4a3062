//! What a run of a stage costs, in whole millionths of a US dollar: a sum of amounts is exact.

use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use super::item::Item;
use super::makes::Makes;
use super::snapshot::Snapshot;
use super::stage::Stage;
use crate::film::rate::FrameRate;
use crate::object::Amount;

/// Dollars that a unit can cost at most: more is a typing error, and products stay within 64 bits.
pub const MAX_UNIT_USD: u64 = 1_000_000;

/// What one unit of a stage's work costs where money is asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// What is counted.
    pub per: PriceUnit,
    /// Millionths of a US dollar a unit; read from dollars, `usd`: a whole number, or a text with a
    /// decimal.
    #[serde(rename(deserialize = "usd"), deserialize_with = "micro_usd")]
    pub micro_usd: u64,
}

/// What a price counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PriceUnit {
    /// An output, of any kind.
    #[serde(alias = "run")]
    Item,
    /// A picture.
    Image,
    /// A spoken line.
    Line,
    /// A second of film.
    Second,
}

impl PriceUnit {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Image => "image",
            Self::Line => "line",
            Self::Second => "second",
        }
    }

    /// The unit of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "item" | "run" => Some(Self::Item),
            "image" => Some(Self::Image),
            "line" => Some(Self::Line),
            "second" => Some(Self::Second),
            _ => None,
        }
    }
}

impl Price {
    /// The amount for a stretch of film, in millionths of a US dollar, the last one rounded up.
    fn of_frames(&self, frames: u64, fps: FrameRate) -> u64 {
        fps.units_to_hold(frames, self.micro_usd)
    }
}

impl Stage {
    /// Whether a run of it may cost something: it has a price, or is a command, which may say
    /// afterwards what it cost.
    #[must_use]
    pub fn may_cost(&self) -> bool {
        self.price.is_some() || self.runs_command()
    }
}

/// What a run of `stage` for this item costs by the price table, in millionths of a US dollar; none
/// where the stage has no price, or where it is by the second and nobody knows of how many.
#[must_use]
pub fn price_of(stage: &Stage, item: &Item, snapshot: &Snapshot) -> Option<u64> {
    let price = stage.price.as_ref()?;
    match price.per {
        PriceUnit::Item | PriceUnit::Image | PriceUnit::Line => Some(price.micro_usd),
        PriceUnit::Second => {
            let request = stage.input(Makes::Prompt, &item.item, snapshot.layout())?;
            let video = snapshot.video_in(&request).ok()??;
            let fps = FrameRate::deserialize(video.fps?).ok()?;
            Some(price.of_frames(video.frames?, fps))
        }
    }
}

fn micro_usd<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    struct Dollars;

    impl Visitor<'_> for Dollars {
        type Value = u64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an amount in US dollars, such as 2 or \"0.05\"")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<u64, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<u64, E> {
            Amount::exact(text, MAX_UNIT_USD).map_err(|error| E::custom(format!("`usd`: {error}")))
        }
    }

    from.deserialize_any(Dollars)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(toml: &str) -> Result<Price, toml::de::Error> {
        toml::from_str(toml)
    }

    #[test]
    fn amounts_are_whole_millionths() {
        let read = price("per = \"second\"\nusd = \"0.000003\"").unwrap();
        assert_eq!(read.micro_usd, 3);
        // 100 frames at 24 a second are 12.5 millionths.
        assert_eq!(read.of_frames(100, FrameRate::FILM), 13);
        assert_eq!(
            price("per = \"run\"\nusd = 2").unwrap().micro_usd,
            2_000_000
        );
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for usd in [
            "\"-0.01\"",
            "nan",
            "0.5",
            "1000000000",
            "\"\"",
            "\"0.0000001\"",
            "true",
        ] {
            assert!(
                price(&format!("per = \"image\"\nusd = {usd}")).is_err(),
                "{usd}"
            );
        }
    }
}
