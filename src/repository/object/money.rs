//! Amounts of money: whole millionths of a US dollar, read exactly from the decimals that people and
//! programs write. No float is ever in between.

/// Millionths of a dollar in a dollar.
const MICROS: u128 = 1_000_000;

/// Most digits of a number that is read: more is no amount.
const MAX_DIGITS: usize = 60;

/// An amount as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// In millionths of a US dollar, rounded to the nearest, halves up.
    pub micro_usd: u64,
    /// Whether nothing was rounded.
    pub is_exact: bool,
}

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAmount {
    /// It is no decimal number.
    #[error("{0} is not an amount in US dollars, such as 0.05")]
    Form(String),
    /// It is negative, infinite, or more than there is.
    #[error("{0} is not an amount between 0 and {1} US dollars")]
    Beyond(String, u64),
    /// It is finer than what is counted.
    #[error("{0} has more than 6 decimals; the smallest amount is 0.000001 US dollars")]
    TooFine(String),
}

impl Amount {
    /// Reads dollars as TOML and JSON write numbers: `2`, `0.05`, `1_000.5`, `5e-2`. At most `most`
    /// dollars.
    ///
    /// # Errors
    /// What is no number, or not between 0 and `most`.
    pub fn parse(text: &str, most: u64) -> Result<Self, NoAmount> {
        let form = || NoAmount::Form(text.to_owned());
        let beyond = || NoAmount::Beyond(text.to_owned(), most);
        let (sign, rest) = match text.strip_prefix(['+', '-']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        if matches!(rest, "inf" | "nan") {
            return Err(beyond());
        }
        let (number, power) = match rest.split_once(['e', 'E']) {
            Some((number, power)) => (number, power.parse::<i32>().map_err(|_| form())?),
            None => (rest, 0),
        };
        let (whole, places) = number.split_once('.').unwrap_or((number, ""));
        let is_part = |part: &str| {
            part.bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'_')
        };
        if !whole.starts_with(|c: char| c.is_ascii_digit()) || !is_part(whole) || !is_part(places) {
            return Err(form());
        }
        let digits: String = [whole, places].concat().replace('_', "");
        let places = places.bytes().filter(|byte| *byte != b'_').count();
        if digits.len() > MAX_DIGITS {
            return Err(form());
        }
        let significant = digits.trim_start_matches('0');
        if significant.is_empty() {
            return Ok(Self {
                micro_usd: 0,
                is_exact: true,
            });
        }
        if sign {
            return Err(beyond());
        }
        // Where the point stands when it is counted in millionths, from the end of the digits.
        let shift = i64::from(power) + 6 - places as i64;
        let last = significant.len() as i64 + shift;
        if last > 30 {
            return Err(beyond());
        }
        let (kept, cut) = match usize::try_from(-shift) {
            // Zeros follow.
            Err(_) => (
                format!("{significant}{}", "0".repeat(shift.unsigned_abs() as usize)),
                "",
            ),
            Ok(cut) => {
                let kept = significant.len().saturating_sub(cut);
                (significant[..kept].to_owned(), &significant[kept..])
            }
        };
        let whole = match kept.as_str() {
            "" => 0,
            kept => kept.parse::<u128>().map_err(|_| beyond())?,
        };
        // The first digit behind the point is 0 where more zeros than digits are cut.
        let rounds_up = last >= 0 && cut.as_bytes().first().is_some_and(|digit| *digit >= b'5');
        let is_exact = cut.bytes().all(|digit| digit == b'0');
        let micros = whole + u128::from(rounds_up);
        if micros > u128::from(most) * MICROS || (micros == u128::from(most) * MICROS && !is_exact)
        {
            return Err(beyond());
        }
        Ok(Self {
            micro_usd: u64::try_from(micros).map_err(|_| beyond())?,
            is_exact,
        })
    }

    /// The same, where nothing may be rounded.
    ///
    /// # Errors
    /// As `parse`, and amounts with more than six decimals.
    pub fn exact(text: &str, most: u64) -> Result<u64, NoAmount> {
        match Self::parse(text, most)? {
            Self {
                micro_usd,
                is_exact: true,
            } => Ok(micro_usd),
            _ => Err(NoAmount::TooFine(text.to_owned())),
        }
    }
}

/// Millionths of a dollar as a decimal that is read as the same again: `0.05`, `2`.
#[must_use]
pub fn dollars(micro_usd: u64) -> String {
    let text = format!("{}.{:06}", micro_usd / 1_000_000, micro_usd % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exact(text: &str) -> Result<u64, NoAmount> {
        Amount::exact(text, 1_000)
    }

    #[test]
    fn decimals_are_read_exactly() {
        for (text, micros) in [
            ("0.1", 100_000),
            ("0.10", 100_000),
            ("0.1000000000", 100_000),
            ("2", 2_000_000),
            ("+2.5", 2_500_000),
            ("-0.0", 0),
            ("1_000", 1_000_000_000),
            ("0.000_001", 1),
            ("1e-6", 1),
            ("5E-2", 50_000),
            ("1.5e2", 150_000_000),
            ("0e99", 0),
            ("0.29", 290_000),
            ("999.999999", 999_999_999),
        ] {
            assert_eq!(exact(text), Ok(micros), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["0.1234567", "1e-7", "0.0000001", "1.9999999"] {
            assert!(matches!(exact(text), Err(NoAmount::TooFine(_))), "{text}");
        }
        for text in [
            "-1",
            "inf",
            "-inf",
            "nan",
            "1000.000001",
            "1e99",
            "1e2147483647",
            "9999999",
        ] {
            assert!(matches!(exact(text), Err(NoAmount::Beyond(..))), "{text}");
        }
        let long = "1".repeat(61);
        for text in [
            "", ".5", "$1", "1,5", "1 ", "e5", "1e", "0x10", "1.2.3", "_1", "--1", &long,
        ] {
            assert!(matches!(exact(text), Err(NoAmount::Form(_))), "{text}");
        }
    }

    #[test]
    fn what_a_program_reports_is_rounded_once() {
        for (text, micros) in [
            ("0.30000000000000004", 300_000),
            ("0.0000005", 1),
            ("0.0000004999", 0),
            ("0.00000005", 0),
            ("1e-300", 0),
            ("0.1234565", 123_457),
        ] {
            let read = Amount::parse(text, 1_000).expect(text);
            assert_eq!((read.micro_usd, read.is_exact), (micros, false), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_amount_is_written_as_it_is_read(micros in 0_u64..1_000_000_000) {
            prop_assert_eq!(exact(&dollars(micros)), Ok(micros));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[-+]?[0-9_.eE]{0,12}") {
            let _ = exact(&text);
        }
    }
}
