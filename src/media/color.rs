//! Colours, mixed in integers.

use std::fmt;

/// An sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// Lines and outlines.
pub(crate) const INK: Rgb = Rgb(0x17, 0x1a, 0x21);
/// Marks that must stand out on any picture.
pub(crate) const PAPER: Rgb = Rgb(0xfa, 0xf7, 0xf0);
/// What the mannequins are made of.
pub(crate) const CLAY: Rgb = Rgb(0xee, 0xdf, 0xcc);

impl Rgb {
    /// Reads `#rrggbb`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text
            .trim()
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        Some(Self(r, g, b))
    }

    /// This colour with `share` thousandths of `other` in it.
    pub(crate) fn mix(self, other: Self, share: u32) -> Self {
        let share = share.min(1000);
        let blend = |a: u8, b: u8| {
            let sum = u32::from(a) * (1000 - share) + u32::from(b) * share;
            u8::try_from((sum + 500) / 1000).expect("a mean of bytes is a byte")
        };
        Self(
            blend(self.0, other.0),
            blend(self.1, other.1),
            blend(self.2, other.2),
        )
    }

    /// Towards white.
    pub(crate) fn light(self, share: u32) -> Self {
        self.mix(Self(255, 255, 255), share)
    }

    /// Towards black.
    pub(crate) fn dark(self, share: u32) -> Self {
        self.mix(Self(0, 0, 0), share)
    }

    /// How bright it looks, 0 to 1000 (Rec. 709 weights on the coded values).
    pub(crate) fn luma(self) -> u32 {
        (u32::from(self.0) * 2126 + u32::from(self.1) * 7152 + u32::from(self.2) * 722) / 2550
    }

    /// This colour, lightened until it can be read on a dark ground.
    pub(crate) fn readable_on_dark(self) -> Self {
        (0..=10)
            .map(|step| self.light(step * 100))
            .find(|color| color.luma() >= 560)
            .unwrap_or(PAPER)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_in_and_out() {
        assert_eq!(
            Rgb::parse("#0aF1c0").map(|c| c.to_string()).as_deref(),
            Some("#0af1c0")
        );
        for bad in ["0af1c0", "#0af1c", "#0af1cg", "#+af1c0", "", "red"] {
            assert_eq!(Rgb::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn any_colour_can_be_made_readable() {
        for color in [
            Rgb(0, 0, 0),
            Rgb(0, 0, 255),
            Rgb(120, 0, 0),
            Rgb(255, 255, 0),
        ] {
            assert!(color.readable_on_dark().luma() >= 560, "{color}");
        }
    }
}
