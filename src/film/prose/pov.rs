//! Points of view: `MARA'S POV -- the street below`.

/// A text that says from whose eyes it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PointOfView<'a> {
    /// `MARA'S`; none if nobody is named.
    pub(crate) owner: Option<&'a str>,
    /// What is seen; may be empty.
    pub(crate) seen: &'a str,
}

/// What follows a name in its owner's point of view.
const POV: &[&str] = &["point of view", "point-of-view", "p.o.v.", "pov"];
/// What stands before `POV` and is nobody's name.
const NO_OWNER: &[&str] = &[
    "binocular",
    "binoculars",
    "camera",
    "drone",
    "hand-held",
    "handheld",
    "matching",
    "moving",
    "scope",
    "sniper",
    "telescope",
    "viewfinder",
    "aerial",
    "a",
    "the",
    "in",
];

/// `MARA'S POV -- the street`, `POV: the street`, `POV MARA`, `HIS P.O.V.`; `FROM MARA'S POINT OF VIEW`.
pub(crate) fn point_of_view(text: &str) -> Option<PointOfView<'_>> {
    let text = text.trim();
    // The opening is among the first words, or there is none.
    let head: usize = text.split_inclusive(' ').take(7).map(str::len).sum();
    let lower = text[..head].to_ascii_lowercase();
    let (at, len) = POV.iter().find_map(|pov| {
        let at = lower.find(pov)?;
        let before = lower[..at].chars().next_back();
        let after = text[at + pov.len()..].chars().next();
        let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        (!part(before) && !part(after)).then_some((at, pov.len()))
    })?;
    let shouted = !text[at..at + len].chars().any(char::is_lowercase);
    let before = text[..at].trim_end();
    let before = ["from ", "in ", "through "]
        .iter()
        .find_map(|word| {
            let head = before.get(..word.len())?;
            head.eq_ignore_ascii_case(word)
                .then(|| &before[word.len()..])
        })
        .unwrap_or(before);
    let possessive = ["'s", "’s", "'S", "’S", "s'", "S'", "s’", "S’"]
        .iter()
        .any(|tail| before.ends_with(tail));
    let pronoun = matches!(
        before.to_lowercase().as_str(),
        "his" | "her" | "their" | "our"
    );
    // "He knows her point of view" aims no camera.
    if before.split(' ').count() > 4 || !(shouted || possessive || pronoun || before.is_empty()) {
        return None;
    }
    let mut owner = (!before.is_empty()).then_some(before);
    if owner.is_some_and(|owner| {
        owner
            .split(' ')
            .all(|word| NO_OWNER.contains(&word.to_lowercase().as_str()))
    }) {
        owner = None;
    }
    let rest = text[at + len..].trim_start_matches([' ', ':', ',', '-', '–', '—', '.']);
    let rest = ["of ", "through ", "on "]
        .iter()
        .find_map(|word| {
            let head = rest.get(..word.len())?;
            head.eq_ignore_ascii_case(word).then(|| &rest[word.len()..])
        })
        .unwrap_or(rest);
    let (owner, rest) = match owner.is_none() && before.is_empty() {
        true => named_behind(rest),
        false => (owner, rest),
    };
    Some(PointOfView { owner, seen: rest })
}

/// `MAX: the street` of `POV MAX: the street`.
fn named_behind(rest: &str) -> (Option<&str>, &str) {
    let mark = [": ", " - ", " -- ", " – ", " — "]
        .iter()
        .filter_map(|mark| rest.find(mark).map(|at| (at, mark.len())))
        .min();
    let (head, behind) = match mark {
        Some((at, len)) => (&rest[..at], &rest[at + len..]),
        None => (rest, ""),
    };
    let shouted = head.chars().any(char::is_uppercase) && !head.chars().any(char::is_lowercase);
    let article = ["THE ", "A ", "AN "]
        .iter()
        .any(|word| head.starts_with(word));
    if shouted && !article && head.split(' ').count() <= 3 {
        (Some(head), behind.trim_start())
    } else {
        (None, rest)
    }
}
