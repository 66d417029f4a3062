//! Numbers as names of files: `12` is `012`, `12A` is `012A`, `A12` is `A012`.
//!
//! What a file system could mistake is written `+` and two hexadecimal digits: small letters
//! (`1a` and `1A` are two scenes, but one file on some disks), stops, brackets, and zeros that
//! lead the digits.

/// The digits are padded with zeros to this width.
const WIDTH: usize = 3;

/// The name of the files of this scene, without folder and extension.
#[must_use]
pub(super) fn stem_of(number: &str) -> String {
    let digits_at = number
        .find(|c: char| !c.is_ascii_uppercase())
        .unwrap_or(number.len());
    let (prefix, rest) = number.split_at(digits_at);
    let suffix_at = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, suffix) = rest.split_at(suffix_at);
    let mut stem = prefix.to_owned();
    if !digits.is_empty() {
        let zeros = digits.len() - digits.trim_start_matches('0').len();
        let leading = zeros.min(digits.len() - 1);
        stem.push_str(&"+30".repeat(leading));
        stem.push_str(&format!("{:0>WIDTH$}", &digits[leading..]));
    }
    for byte in suffix.bytes() {
        if byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-' {
            stem.push(char::from(byte));
        } else {
            stem.push_str(&format!("+{byte:02x}"));
        }
    }
    // What Windows keeps for its devices is no name of a file.
    if ["AUX", "CON", "NUL", "PRN"].contains(&stem.as_str())
        && let Some(last) = stem.pop()
    {
        stem.push_str(&format!("+{:02x}", u32::from(last)));
    }
    stem
}

/// The scene number that [`stem_of`] gave this name, if it did.
#[must_use]
pub(super) fn number_of(stem: &str) -> Option<String> {
    let digits_at = stem
        .find(|c: char| !c.is_ascii_uppercase())
        .unwrap_or(stem.len());
    let (prefix, mut rest) = stem.split_at(digits_at);
    let mut number = prefix.to_owned();
    while let Some(after) = rest.strip_prefix("+30") {
        number.push('0');
        rest = after;
    }
    let suffix_at = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, suffix) = rest.split_at(suffix_at);
    if !digits.is_empty() {
        let value = digits.trim_start_matches('0');
        number.push_str(if value.is_empty() { "0" } else { value });
    }
    let mut bytes = number.into_bytes();
    let mut at = 0;
    let suffix = suffix.as_bytes();
    while at < suffix.len() {
        if suffix[at] == b'+' {
            let code = std::str::from_utf8(suffix.get(at + 1..at + 3)?).ok()?;
            bytes.push(u8::from_str_radix(code, 16).ok()?);
            at += 3;
        } else {
            bytes.push(suffix[at]);
            at += 1;
        }
    }
    let number = String::from_utf8(bytes).ok()?;
    (stem_of(&number) == stem && !number.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stems_are_as_productions_write_them() {
        let cases = [
            ("12", "012"),
            ("12A", "012A"),
            ("A12", "A012"),
            ("A12A", "A012A"),
            ("1000", "1000"),
            ("I-1-A", "I-1-A"),
            ("1a", "001+61"),
            ("1.", "001+2e"),
            ("012", "+30012"),
            ("0", "000"),
            ("CON", "CO+4e"),
            ("COM1", "COM001"),
        ];
        for (number, stem) in cases {
            assert_eq!(stem_of(number), stem);
            assert_eq!(number_of(stem).as_deref(), Some(number), "{stem}");
        }
        for not_a_stem in ["12", "", "001a", "001+6", "001+zz", "0012"] {
            assert_eq!(number_of(not_a_stem), None, "{not_a_stem}");
        }
    }

    proptest! {
        #[test]
        fn every_number_comes_back_and_no_two_share_a_file(
            a in "[0-9A-Za-z.)-]{1,8}", b in "[0-9A-Za-z.)-]{1,8}",
        ) {
            let (stem, other) = (stem_of(&a), stem_of(&b));
            prop_assert_eq!(number_of(&stem), Some(a.clone()));
            prop_assert!(a == b || !stem.eq_ignore_ascii_case(&other), "{} {}", stem, other);
        }
    }
}
