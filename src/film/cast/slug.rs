//! Names for files.

use unicode_normalization::UnicodeNormalization;

/// A name as a file name without ending: small ASCII letters, digits and single underscores;
/// `Will's Date` → `wills_date`. A name without any such letter gives `unnamed`.
pub fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.nfkd() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            '\'' | '’' | '.' => {}
            c if c.is_ascii_alphanumeric() => out.push(c.to_ascii_lowercase()),
            // Combining marks vanish; anything else parts words.
            c if ('\u{300}'..='\u{36f}').contains(&c) => {}
            _ if !out.is_empty() && !out.ends_with('_') => out.push('_'),
            _ => {}
        }
    }
    out.truncate(out.trim_end_matches('_').len());
    // Names that some file systems keep for themselves.
    const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];
    if RESERVED.contains(&out.as_str()) {
        out.push('_');
    }
    if out.is_empty() {
        "unnamed".to_owned()
    } else {
        out
    }
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
    use super::*;

    #[test]
    fn slugs_are_ascii_and_unique() {
        assert_eq!(slug("WILL'S DATE"), "wills_date");
        assert_eq!(slug("Zoë  O’Brien-Smith"), "zoe_obrien_smith");
        assert_eq!(slug("LA RUE 14°"), "la_rue_14");
        assert_eq!(slug("日本"), "unnamed");
        assert_eq!(slug("CON"), "con_");
        assert_eq!(slugs(&["JO!", "JO", "ANN"]), ["jo_2", "jo", "ann"]);
        assert_eq!(slugs(&["JO", "ANN", "JO!"]), ["jo", "ann", "jo_2"]);
    }
}
