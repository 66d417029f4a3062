//! Whether a speaker is in the picture: what the extension of a cue says.

use crate::words::Heard;

/// Whether a cue's extension says that the speaker is not in the picture.
#[must_use]
pub fn heard_only(extensions: &[String]) -> Option<Heard> {
    for extension in extensions {
        let plain: String = extension
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == ' ')
            .collect::<String>()
            .to_uppercase();
        let mut words = plain.split_whitespace();
        let mut first = words.next().unwrap_or_default().to_owned();
        // `O. S.` is typed with a space as well.
        if first.len() == 1 {
            first.push_str(words.next().unwrap_or_default());
        }
        match first.as_str() {
            "VO" | "VOICEOVER" | "NARRATION" => return Some(Heard::VoiceOver),
            "OS" | "OC" | "OFF" | "OFFSCREEN" | "PRELAP" => return Some(Heard::OffScreen),
            _ if plain == "VOICE OVER" => return Some(Heard::VoiceOver),
            "ON" | "OVER" | "FROM" | "THROUGH"
                if [
                    "RADIO",
                    "TV",
                    "TELEVISION",
                    "TANNOY",
                    "INTERCOM",
                    "LOUDSPEAKER",
                ]
                .iter()
                .any(|device| plain.ends_with(&format!(" {device}"))) =>
            {
                return Some(Heard::OffScreen);
            }
            _ => {}
        }
    }
    None
}
