//! The forms of English verbs: of one, of several, of what is going on.

use std::borrow::Cow;

/// `carrying` → `carries`, if that is one of the verbs.
pub(super) fn by_participle<'t>(word: &str, verbs: &'t [String]) -> Option<&'t str> {
    let stem = word.strip_suffix("ing").filter(|stem| stem.len() >= 2)?;
    let fits = |verb: &&String| {
        let base = of_many(verb);
        let base = base.as_ref();
        // carry, smok(e), sit(t)
        base == stem
            || base.strip_suffix('e') == Some(stem)
            || base == "lie" && stem == "ly"
            || stem.len() > base.len()
                && stem.starts_with(base)
                && stem[base.len()..] == base[base.len() - 1..]
    };
    verbs.iter().find(fits).map(String::as_str)
}

/// `sits` → `sit`, `carries` → `carry`, `watches` → `watch`.
fn of_many(verb: &str) -> Cow<'_, str> {
    if let Some(stem) = verb.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Cow::from(format!("{stem}y"));
    }
    let long = ["ches", "shes", "sses", "xes", "zes", "oes"];
    let cut = if long.iter().any(|end| verb.ends_with(end)) {
        2
    } else {
        1
    };
    Cow::from(verb.get(..verb.len() - cut).unwrap_or(verb))
}

/// `sit` → `sits`, as the lists have it.
pub(super) fn of_one(verb: &str) -> Cow<'_, str> {
    if let Some(stem) = verb
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']))
    {
        return Cow::from(format!("{stem}ies"));
    }
    let long = ["ch", "sh", "ss", "x", "z", "o"];
    let end = if long.iter().any(|end| verb.ends_with(end)) {
        "es"
    } else {
        "s"
    };
    Cow::from(format!("{verb}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_their_other_forms() {
        for (one, many, going_on) in [
            ("sits", "sit", "sitting"),
            ("carries", "carry", "carrying"),
            ("watches", "watch", "watching"),
            ("smokes", "smoke", "smoking"),
            ("lies", "lie", "lying"),
        ] {
            assert_eq!(of_many(one), many);
            assert_eq!(of_one(many), one);
            assert_eq!(by_participle(going_on, &[one.to_owned()]), Some(one));
        }
    }
}
