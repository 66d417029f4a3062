//! What the name of a picture, a clip or a sound claims, held against its first bytes.

use crate::object::RepoPath;

/// So many bytes are enough to know what a file is.
pub const HEAD: usize = 512;

/// What a name's ending claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// A picture that generators read.
    Still,
    /// Any other picture.
    Picture,
    Svg,
    Clip,
    Sound,
}

/// What endings claim.
const CLAIMS: &[(&str, Claim)] = &[
    ("png", Claim::Still),
    ("jpg", Claim::Still),
    ("jpeg", Claim::Still),
    ("webp", Claim::Picture),
    ("gif", Claim::Picture),
    ("tif", Claim::Picture),
    ("tiff", Claim::Picture),
    ("svg", Claim::Svg),
    ("mov", Claim::Clip),
    ("mp4", Claim::Clip),
    ("m4v", Claim::Clip),
    ("mkv", Claim::Clip),
    ("webm", Claim::Clip),
    ("wav", Claim::Sound),
    ("aiff", Claim::Sound),
    ("flac", Claim::Sound),
    ("mp3", Claim::Sound),
    ("ogg", Claim::Sound),
    ("m4a", Claim::Sound),
];

/// What is wrong with a file whose first bytes, at most [`HEAD`], deny what its name claims; none if
/// nothing is, or if the name claims nothing that bytes could deny.
#[must_use]
pub fn denied(path: &str, head: &[u8]) -> Option<String> {
    let claim = claim(path)?;
    if holds(claim, head) {
        return None;
    }
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let wanted = match claim {
        Claim::Still => "no PNG or JPEG picture",
        Claim::Picture | Claim::Svg => "no such picture",
        Claim::Clip => "no clip",
        Claim::Sound => "no sound",
    };
    Some(format!(
        "its name ends in .{ending}, but it is {wanted}: it is {}",
        what(head)
    ))
}

/// Whether bytes could deny what the name of this file claims.
#[must_use]
pub fn claims(path: &RepoPath) -> bool {
    claim(path.as_str()).is_some()
}

fn claim(path: &str) -> Option<Claim> {
    let (_, ending) = path.rsplit_once('.')?;
    let known = CLAIMS
        .iter()
        .find(|(known, _)| ending.eq_ignore_ascii_case(known));
    known.map(|(_, claim)| *claim)
}

fn holds(claim: Claim, head: &[u8]) -> bool {
    match claim {
        Claim::Still => infer::image::is_png(head) || infer::image::is_jpeg(head),
        Claim::Picture => infer::is_image(head),
        Claim::Svg => text(head).is_some_and(|text| {
            let text = text.trim_start_matches('\u{feff}').trim_start();
            text.starts_with('<')
        }),
        Claim::Clip => infer::is_video(head) || has_boxes(head),
        Claim::Sound => infer::is_audio(head) || has_boxes(head) || is_mpeg_audio(head),
    }
}

/// MP4 and QuickTime begin with one of these boxes, behind its length.
fn has_boxes(head: &[u8]) -> bool {
    let kinds = [
        b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot",
    ];
    head.get(4..8)
        .is_some_and(|kind| kinds.iter().any(|known| kind == *known))
}

/// A frame of MPEG audio, or ADTS: eleven bits that are set.
fn is_mpeg_audio(head: &[u8]) -> bool {
    matches!(head, [0xFF, second, ..] if second & 0xE0 == 0xE0)
}

/// The text that a file begins with, if it is one.
fn text(head: &[u8]) -> Option<&str> {
    if head.contains(&0) {
        return None;
    }
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        // The last letter may be cut off.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

fn what(head: &[u8]) -> String {
    if head.is_empty() {
        return "empty".to_owned();
    }
    if text(head).is_some() {
        return "a text".to_owned();
    }
    match infer::get(head) {
        Some(kind) => format!("what ends in .{}", kind.extension()),
        None => "nothing that is known".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_deny_what_a_name_claims() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        let webp = b"RIFF\x10\0\0\0WEBPVP8 ";
        for (name, head, said) in [
            ("a.png", &b"Not a picture.\n"[..], "it is a text"),
            ("a.PNG", webp, "it is what ends in .webp"),
            ("a.jpeg", b"", "it is empty"),
            ("a.mov", png, "no clip: it is what ends in .png"),
            ("a.wav", b"\0\x01\x02\x03", "nothing that is known"),
            ("a.svg", png, "no such picture"),
        ] {
            let told = denied(name, head).expect(name);
            assert!(told.contains(said), "{told}");
        }
        for (name, head) in [
            ("a.png", &png[..]),
            ("a.png", b"\xff\xd8\xff\xe0\0\x10JFIF"),
            ("a.webp", webp),
            ("a.svg", b"<!-- \xc3\xa9t\xc3"),
            ("a.mov", b"\0\0\0\x14ftypqt  \0\0\0\0qt  "),
            ("a.mov", b"\0\0\0\x08wide\0\0\0\0mdat"),
            ("a.wav", b"RIFF\x10\0\0\0WAVEfmt "),
            ("a.mp3", b"\xff\xf3\x40\xc0"),
            ("a.txt", b""),
            ("png", b""),
        ] {
            assert_eq!(denied(name, head), None, "{name}");
        }
    }
}
