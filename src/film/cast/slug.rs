//! Names for files.

use unicode_normalization::UnicodeNormalization;

/// The longest slug in bytes: with what is put behind it, and an ending, it is a name of a file
/// everywhere.
const MAX_BYTES: usize = 100;

/// A name as a file name without ending: small ASCII letters, digits and single underscores;
/// `Will's Date` → `wills_date`. Where letters have no place in it (`日本`), or it would be too long,
/// eight digits of a hash stand for them, so that two names do not become one: `unnamed_4a0c8d31`.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut is_lossy = false;
    for c in name.nfkd() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
            'þ' | 'Þ' => out.push_str("th"),
            'ı' => out.push('i'),
            '\'' | '’' | '.' => {}
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            // Combining marks vanish; anything else parts words.
            c if ('\u{300}'..='\u{36f}').contains(&c) => {}
            c => {
                is_lossy |= c.is_alphanumeric();
                if !out.is_empty() && !out.ends_with('_') {
                    out.push('_');
                }
            }
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    if out.is_empty() {
        out.push_str("unnamed");
        is_lossy = name.chars().any(|c| !c.is_whitespace());
    }
    if is_lossy || out.len() > MAX_BYTES {
        // Without regard to case and spaces, as names are compared.
        let words: Vec<&str> = name.split_whitespace().collect();
        let folded: String = words.join(" ").to_uppercase().nfkc().collect();
        let hash = blake3::hash(folded.as_bytes()).to_hex();
        out.truncate(MAX_BYTES - 9);
        out.truncate(out.trim_end_matches('_').len());
        out.push('_');
        out.push_str(&hash[..8]);
    }
    if is_device(&out) {
        out.push('_');
    }
    out
}

/// Names that Windows keeps for itself.
fn is_device(name: &str) -> bool {
    let port = name
        .strip_prefix("com")
        .or_else(|| name.strip_prefix("lpt"));
    let is_port = |number: &str| number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit());
    matches!(name, "con" | "prn" | "aux" | "nul") || port.is_some_and(is_port)
}

/// A slug for each name, in the order given; names with the same slug get `_2`, `_3` … in the order
/// of their spelling, so that the result does not depend on the order of the list.
pub fn slugs(names: &[&str]) -> Vec<String> {
    let mut sorted: Vec<&str> = names.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut taken = std::collections::BTreeMap::<&str, String>::new();
    let mut used = std::collections::HashSet::new();
    // The number to try next for a slug that is taken: those below it were tried already.
    let mut next = std::collections::HashMap::<String, usize>::new();
    for name in sorted {
        let base = slug(name);
        let mut candidate = base.clone();
        let n = next.entry(base.clone()).or_insert(2);
        while !used.insert(candidate.clone()) {
            candidate = format!("{base}_{n}");
            *n += 1;
        }
        taken.insert(name, candidate);
    }
    names.iter().map(|name| taken[name].clone()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_people_are_called_their_files_can_be_stored(
            names in prop::collection::vec("\\PC{0,12}|[A-Z]{3}[0-9]?|[АБВ日本]{0,3}|.{0,300}", 0..12),
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let slugs = slugs(&names);
            let mut files = std::collections::BTreeMap::new();
            for (name, slug) in names.iter().zip(&slugs) {
                let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
                prop_assert!(!slug.is_empty() && slug.len() < 120 && slug.bytes().all(fits), "{}", slug);
                prop_assert!(!is_device(slug));
                let other = files.insert(slug, name);
                prop_assert!(other.is_none_or(|other| other == name), "{:?} {:?}", other, name);
            }
        }
    }

    #[test]
    fn slugs_are_ascii_and_unique() {
        assert_eq!(slug("WILL'S DATE"), "wills_date");
        assert_eq!(slug("Zoë  O’Brien-Smith"), "zoe_obrien_smith");
        assert_eq!(slug("LA RUE 14°"), "la_rue_14");
        assert_eq!(slug("CON"), "con_");
        assert_eq!(slug("Com 1"), "com_1");
        assert_eq!(slug("COM1"), "com1_");
        assert_eq!(slug("LPT9."), "lpt9_");
        assert_eq!(slug(""), "unnamed");
        assert!(slug("日本").starts_with("unnamed_") && slug("日本") != slug("東京"));
        assert!(slug("РАЯ 2").starts_with("2_") && slug("рая  2") == slug("РАЯ 2"));
        assert_ne!(slug("???"), slug("!!!"));
        let long = "A".repeat(900);
        assert!(slug(&long).len() <= 100 && slug(&long) != slug(&format!("{long}B")));
        assert_eq!(slugs(&["JO!", "JO", "ANN"]), ["jo_2", "jo", "ann"]);
        assert_eq!(slugs(&["JO", "ANN", "JO!"]), ["jo", "ann", "jo_2"]);
    }
}
