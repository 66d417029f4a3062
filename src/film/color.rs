//! Colours of figures and places, in whole numbers, so that every machine gives the same.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Whether a text is `#rrggbb`.
pub(crate) fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Hue in degrees, saturation and lightness in thousandths → `#rrggbb`, in whole numbers so that
/// every machine gives the same.
pub(crate) fn hsl(hue: u32, saturation: u32, lightness: u32) -> String {
    let (hue, s, l) = (
        i64::from(hue % 360),
        i64::from(saturation.min(1000)),
        i64::from(lightness.min(1000)),
    );
    let chroma = (1000 - (2 * l - 1000).abs()) * s / 1000;
    let within = (hue * 1000 / 60) % 2000;
    let second = chroma * (1000 - (within - 1000).abs()) / 1000;
    let (r, g, b) = match hue / 60 {
        0 => (chroma, second, 0),
        1 => (second, chroma, 0),
        2 => (0, chroma, second),
        3 => (0, second, chroma),
        4 => (second, 0, chroma),
        _ => (chroma, 0, second),
    };
    let base = l - chroma / 2;
    let byte = |value: i64| {
        u8::try_from(((value + base).clamp(0, 1000) * 255 + 500) / 1000).unwrap_or(u8::MAX)
    };
    format!("#{:02x}{:02x}{:02x}", byte(r), byte(g), byte(b))
}

/// A character's colour when nobody chose one, from the slug: one of 24 hues, three strengths.
pub(crate) fn by_name(slug: &str) -> String {
    let hash = blake3::derive_key("aiut figure colour 1", slug.as_bytes());
    let hue = u32::from(hash[0]) % 24 * 15;
    let lightness = [420, 500, 580][usize::from(hash[1]) % 3];
    hsl(hue, 520, lightness)
}

/// The colour of the `place`-th of a cast, counted from 0: each hue as far from those before it as
/// the golden angle brings it, so that nobody is taken for another.
pub(crate) fn by_place(place: usize) -> String {
    /// Degrees, rounded.
    const GOLDEN_ANGLE: usize = 137;
    let hue = u32::try_from(20 + place * GOLDEN_ANGLE % 360).unwrap_or_default();
    hsl(hue, 540, [500, 400, 600][place / 3 % 3])
}

/// Whether a colour is one that [`by_place`] gives, and so nobody's choice.
pub(crate) fn is_by_place(color: &str) -> bool {
    /// Its hues come round after so many, its strengths three times as often.
    const ROUND: usize = 3 * 360;
    static ALL: LazyLock<HashSet<String>> = LazyLock::new(|| (0..ROUND).map(by_place).collect());
    ALL.contains(color)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_whole_numbers_and_stable() {
        assert_eq!(hsl(0, 1000, 500), "#ff0000");
        assert_eq!(hsl(120, 1000, 500), "#00ff00");
        assert_eq!(hsl(240, 1000, 500), "#0000ff");
        assert_eq!(hsl(0, 0, 500), "#808080");
        assert_eq!(by_name("rae"), by_name("rae"));
        assert_ne!(by_name("rae"), by_name("max"));
    }

    #[test]
    fn a_cast_has_colours_that_differ() {
        let colors: std::collections::BTreeSet<_> = (0..60).map(by_place).collect();
        assert_eq!(colors.len(), 60);
        assert!(colors.iter().all(|color| is_by_place(color)) && !is_by_place("#112233"));
        assert!(colors.iter().all(|color| is_color(color)));
    }
}
