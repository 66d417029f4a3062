//! One pattern against one path, as git's `wildmatch` decides.
//!
//! Bytes are compared, and only `/` is special among them. `*`, `?` and sets stay within a name,
//! `**` between slashes crosses them, `\` takes what follows as it is. A pattern that is not well
//! formed fits nothing.

/// What a try came to. Beyond yes and no, what spares an outer star its other tries: without
/// that, patterns of several stars take exponential time.
#[derive(Debug, PartialEq, Eq)]
enum Fit {
    Yes,
    No,
    /// Nor does it from any later place of the text.
    Never,
    /// Nor does it from any later place of this name: only a `**` may go on.
    NotInName,
}

/// Whether `pattern` fits the whole of `text`.
pub(super) fn fits(pattern: &[u8], text: &[u8]) -> bool {
    fit(pattern, 0, text) == Fit::Yes
}

/// Where the first byte stands that is more than itself.
pub(super) fn literal_length(pattern: &[u8]) -> usize {
    let special = pattern.iter().position(|byte| is_special(*byte));
    special.unwrap_or(pattern.len())
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'*' | b'?' | b'[' | b'\\')
}

/// Tries the pattern from `at` on.
fn fit(pattern: &[u8], mut at: usize, mut text: &[u8]) -> Fit {
    while let Some(&sign) = pattern.get(at) {
        if sign == b'*' {
            match star(pattern, at, text) {
                Star::Done(fit) => return fit,
                Star::Name(rest, next) => (text, at) = (rest, next),
            }
            continue;
        }
        let Some((&byte, rest)) = text.split_first() else {
            return Fit::Never;
        };
        let fits = match sign {
            b'?' => byte != b'/',
            b'\\' => {
                at += 1;
                pattern.get(at) == Some(&byte)
            }
            b'[' => {
                let Some((has, end)) = set(pattern, at + 1, byte) else {
                    return Fit::Never;
                };
                at = end;
                has && byte != b'/'
            }
            literal => literal == byte,
        };
        if !fits {
            return Fit::No;
        }
        (text, at) = (rest, at + 1);
    }
    if text.is_empty() { Fit::Yes } else { Fit::No }
}

enum Star<'t> {
    Done(Fit),
    /// It took the rest of a name and the slash: what remains of the text, and where to go on.
    Name(&'t [u8], usize),
}

/// One star or more, at `at`.
fn star<'t>(pattern: &[u8], at: usize, mut text: &'t [u8]) -> Star<'t> {
    let stars = pattern[at..]
        .iter()
        .take_while(|byte| **byte == b'*')
        .count();
    let next = at + stars;
    let rest = &pattern[next..];
    let begins = at == 0 || pattern[at - 1] == b'/';
    let ends = rest.is_empty() || rest[0] == b'/' || rest.starts_with(b"\\/");
    let crosses = stars > 1 && begins && ends;
    if crosses && rest.first() == Some(&b'/') {
        // It may stand for no name at all.
        match fit(pattern, next + 1, text) {
            decided @ (Fit::Yes | Fit::Never) => return Star::Done(decided),
            Fit::No | Fit::NotInName => {}
        }
    }
    let Some(&first) = rest.first() else {
        let stays = crosses || !text.contains(&b'/');
        return Star::Done(if stays { Fit::Yes } else { Fit::NotInName });
    };
    if first == b'/' && !crosses {
        return match text.iter().position(|byte| *byte == b'/') {
            Some(slash) => Star::Name(&text[slash + 1..], next + 1),
            None => Star::Done(Fit::Never),
        };
    }
    while !text.is_empty() {
        if !is_special(first) {
            let stop = |byte: &u8| *byte == first || (!crosses && *byte == b'/');
            let found = text.iter().position(stop).filter(|at| text[*at] == first);
            let Some(found) = found else {
                return Star::Done(if crosses { Fit::Never } else { Fit::NotInName });
            };
            text = &text[found..];
        }
        match fit(pattern, next, text) {
            Fit::No if !crosses && text[0] == b'/' => return Star::Done(Fit::NotInName),
            Fit::No => {}
            Fit::NotInName if crosses => {}
            decided => return Star::Done(decided),
        }
        text = &text[1..];
    }
    Star::Done(Fit::Never)
}

/// Whether the set that begins at `at`, behind its `[`, has the byte, and where its `]` stands.
/// None where it is not well formed.
fn set(pattern: &[u8], mut at: usize, byte: u8) -> Option<(bool, usize)> {
    let without = matches!(pattern.get(at)?, b'!' | b'^');
    at += usize::from(without);
    let (mut has, mut before) = (false, None);
    // A `]` at the beginning is one of the set.
    loop {
        let mut sign = *pattern.get(at)?;
        let next = pattern.get(at + 1).copied();
        match (sign, before, next) {
            (b'-', Some(low), Some(high)) if high != b']' => {
                at += 1;
                let high = match high {
                    b'\\' => {
                        at += 1;
                        *pattern.get(at)?
                    }
                    high => high,
                };
                has |= (low..=high).contains(&byte);
                before = None;
            }
            (b'[', _, Some(b':')) => {
                let name = &pattern[at + 2..];
                let end = name.iter().position(|byte| *byte == b']')?;
                match name[..end].strip_suffix(b":") {
                    Some(name) => {
                        has |= is_of_class(name, byte)?;
                        at += 2 + end;
                        before = None;
                    }
                    None => {
                        has |= byte == b'[';
                        before = Some(b'[');
                    }
                }
            }
            _ => {
                if sign == b'\\' {
                    at += 1;
                    sign = *pattern.get(at)?;
                }
                has |= byte == sign;
                before = Some(sign);
            }
        }
        at += 1;
        if pattern.get(at) == Some(&b']') {
            return Some((has != without, at));
        }
    }
}

/// Whether a byte is of the class that `[:name:]` names, in ASCII; none for an unknown class.
fn is_of_class(name: &[u8], byte: u8) -> Option<bool> {
    Some(match name {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte == b' ' || byte.is_ascii_graphic(),
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => matches!(byte, b' ' | b'\t' | b'\n' | b'\r'),
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => return None,
    })
}
