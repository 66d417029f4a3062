//! Whether a value is one that its key takes.

use toml_edit::{Item, Value};

use super::keys::{Key, SettingKind};
use crate::film::rate::{FRAME_RATES, FrameRate};
use crate::object::{Amount, NoAmount};
use crate::pipeline::{MAX_UNIT_USD, PriceUnit};

/// Most dollars of a budget or a price: more is a typing error, and sums stay within 64 bits.
pub(super) const MAX_USD: u64 = 1_000_000_000;

/// Why a value is none that its key takes.
#[derive(Debug, thiserror::Error)]
pub(super) enum ValueError {
    /// It is of another kind, or another word.
    #[error("expected {wanted}, found {found}")]
    Expected {
        /// What the key takes.
        wanted: String,
        /// What stands there.
        found: String,
    },
    /// It has line ends or other controls.
    #[error("it has to be one line")]
    NotOneLine,
    /// It would not be told from an address.
    #[error("`<` and `>` cannot stand in the author of a commit")]
    Brackets,
    /// It is too small or too large.
    #[error("{number} is not between {min} and {max}")]
    Beyond {
        /// The value.
        number: i64,
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// It lies between two steps.
    #[error("{number} is not a multiple of {step}")]
    Uneven {
        /// The value.
        number: i64,
        /// The step.
        step: i64,
    },
    /// A price has a key that prices do not have.
    #[error("unknown key {0}; a price has per and usd")]
    PriceKey(String),
    /// A price does not say what it is for.
    #[error("per is missing: what the price is for, such as \"image\" or \"second\"")]
    NoUnit,
    /// A price is for something that is not counted.
    #[error("per is {0:?}; a price is per image, second, line or item")]
    Unit(String),
    /// A price has no amount.
    #[error("usd is missing: the price in US dollars")]
    NoPrice,
    /// It is no amount of money.
    #[error(transparent)]
    Amount(#[from] NoAmount),
}

impl ValueError {
    fn expected(wanted: impl Into<String>, item: &Item) -> Self {
        Self::Expected {
            wanted: wanted.into(),
            found: describe(item),
        }
    }
}

/// What is wrong with this value of `text` for this key, if anything.
pub(super) fn check_value(key: &Key, item: &Item, text: &str) -> Result<(), ValueError> {
    let wrong = |wanted: &str| Err(ValueError::expected(wanted, item));
    match key.kind {
        SettingKind::Text => match item.as_str() {
            Some(text) if !text.trim().is_empty() => Ok(()),
            _ => wrong("a text"),
        },
        SettingKind::Person => match item.as_str() {
            Some(text) if text.contains(char::is_control) => Err(ValueError::NotOneLine),
            Some(text) if text.contains(['<', '>']) => Err(ValueError::Brackets),
            Some(text) if !text.trim().is_empty() => Ok(()),
            _ => wrong("a text"),
        },
        SettingKind::Integer { min, max, step } => match item.as_integer() {
            Some(number) if !(min..=max).contains(&number) => {
                Err(ValueError::Beyond { number, min, max })
            }
            Some(number) if number % step != 0 => Err(ValueError::Uneven { number, step }),
            Some(_) => Ok(()),
            None => wrong(&format!("a whole number from {min} to {max}")),
        },
        SettingKind::Rate => match frame_rate(item) {
            Some(_) => Ok(()),
            None => match item.as_integer() {
                Some(number) => Err(ValueError::Beyond {
                    number,
                    min: 1,
                    max: 240,
                }),
                None => wrong(FRAME_RATES),
            },
        },
        SettingKind::Aspect => match item.as_str() {
            Some(text) if is_aspect(text) => Ok(()),
            _ => wrong("a ratio such as \"16:9\" or \"2.39:1\""),
        },
        SettingKind::Dollars => micro_dollars(item, text, MAX_USD).map(|_| ()),
        SettingKind::Choice(words) => match item.as_str() {
            Some(word) if words.contains(&word) => Ok(()),
            _ => wrong(&format!("one of {}", words.join(", "))),
        },
        SettingKind::Tables => match item.as_table_like() {
            Some(_) => Ok(()),
            None => wrong("a table"),
        },
        SettingKind::Prices => check_price(item, text),
        SettingKind::Variables => match item.as_array() {
            Some(names) if names.iter().all(is_variable) => Ok(()),
            _ => wrong("names of environment variables, as in [\"HF_TOKEN\"]"),
        },
        SettingKind::Anything => Ok(()),
    }
}

fn check_price(item: &Item, text: &str) -> Result<(), ValueError> {
    let Some(table) = item.as_table_like() else {
        let wanted = "{ per = \"image\", usd = 0.05 }";
        return Err(ValueError::expected(wanted, item));
    };
    if let Some((name, _)) = table
        .iter()
        .find(|(name, _)| !matches!(*name, "per" | "usd"))
    {
        return Err(ValueError::PriceKey(name.to_owned()));
    }
    let per = table.get("per").and_then(Item::as_str).unwrap_or_default();
    if per.is_empty() {
        return Err(ValueError::NoUnit);
    }
    if PriceUnit::parse(per).is_none() {
        return Err(ValueError::Unit(per.to_owned()));
    }
    let usd = table.get("usd").ok_or(ValueError::NoPrice)?;
    micro_dollars(usd, text, MAX_UNIT_USD).map(|_| ())
}

/// A frame rate, by what stands in the file.
fn frame_rate(item: &Item) -> Option<FrameRate> {
    let said = match item.as_value()? {
        Value::Integer(number) => number.value().to_string(),
        Value::Float(number) => number.value().to_string(),
        Value::String(text) => text.value().clone(),
        _ => return None,
    };
    said.parse().ok()
}

/// An amount of dollars in micro-dollars, read from the digits that stand in `text`, the file that
/// the item was read from; an item without a place in a file is its own text.
pub(super) fn micro_dollars(item: &Item, text: &str, most: u64) -> Result<u64, ValueError> {
    let said = match item.as_value() {
        Some(Value::Integer(number)) => number.value().to_string(),
        Some(Value::Float(number)) => {
            let place = item.span().and_then(|span| text.get(span));
            place.map_or_else(|| number.display_repr().into_owned(), str::to_owned)
        }
        Some(Value::String(text)) if text.value().starts_with(|c: char| c.is_ascii_digit()) => {
            text.value().clone()
        }
        _ => {
            let wanted = "an amount in US dollars, such as 0.05";
            return Err(ValueError::expected(wanted, item));
        }
    };
    Ok(Amount::exact(&said, most)?)
}

fn is_variable(value: &Value) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    value.as_str().is_some_and(|name| {
        name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
    })
}

fn is_aspect(text: &str) -> bool {
    let side = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && text.parse::<f64>().is_ok_and(|n| n > 0.0 && n <= 1e5)
    };
    text.split_once(':')
        .is_some_and(|(width, height)| side(width) && side(height))
}

fn describe(item: &Item) -> String {
    match item {
        Item::Value(Value::String(text)) if text.value().chars().count() <= 40 => {
            format!("{:?}", text.value())
        }
        Item::Value(Value::Integer(number)) => number.value().to_string(),
        Item::Value(Value::Float(number)) => number.value().to_string(),
        Item::Value(Value::Boolean(yes)) => yes.value().to_string(),
        Item::Value(Value::String(_)) => "a text".to_owned(),
        Item::Value(Value::Datetime(_)) => "a date".to_owned(),
        Item::Value(Value::Array(_)) => "a list".to_owned(),
        Item::Value(Value::InlineTable(_)) | Item::Table(_) => "a table".to_owned(),
        Item::ArrayOfTables(_) => "a list of tables".to_owned(),
        Item::None => "nothing".to_owned(),
    }
}
