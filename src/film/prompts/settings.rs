//! What a project says about its prompts: `[stage.prompts] with = { … }`.

use std::collections::BTreeMap;

use super::compose::Composer;
use super::templates::{Form, Template, template};
use crate::words::{Lines, Target, UnknownWord, Vocabulary};

/// The least and the most characters that a prompt may be limited to.
pub const LIMITS: (u32, u32) = (200, 8000);

const TARGET: &str = "target";
const FRAME: &str = "frame";
const VIDEO: &str = "video";
const FRAME_MOST: &str = "frame_most";
const VIDEO_MOST: &str = "video_most";
const LINES: &str = "lines";

/// How prompts are written.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    frame: Chosen,
    video: Chosen,
    lines: Lines,
}

/// The form of a prompt.
#[derive(Debug, Clone, Copy)]
struct Chosen {
    template: &'static Template,
    most: Option<usize>,
}

/// Which of the two prompts of a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The start frame's.
    Frame,
    /// The clip's.
    Video,
}

impl Default for Settings {
    fn default() -> Self {
        let chosen = Chosen {
            template: template(Target::Sentences),
            most: None,
        };
        Self {
            frame: chosen,
            video: chosen,
            lines: Lines::Both,
        }
    }
}

/// A setting that is none, or has a value that it cannot have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct WrongSetting {
    /// The key.
    pub key: String,
    /// What is wrong.
    pub problem: String,
}

impl Settings {
    /// Reads the settings of a stage.
    ///
    /// # Errors
    /// Names the key that is unknown or has a wrong value.
    pub fn read(with: &BTreeMap<String, String>) -> Result<Self, WrongSetting> {
        let mut settings = Self::default();
        // Both prompts first: what is said of one alone wins.
        if let Some(value) = with.get(TARGET) {
            let template = template(word(TARGET, value)?);
            settings.frame.template = template;
            settings.video.template = template;
        }
        for (key, value) in with {
            match key.as_str() {
                TARGET => {}
                FRAME => settings.frame.template = template(word(key, value)?),
                VIDEO => settings.video.template = template(word(key, value)?),
                FRAME_MOST => settings.frame.most = Some(limit(key, value)?),
                VIDEO_MOST => settings.video.most = Some(limit(key, value)?),
                LINES => settings.lines = lines(value)?,
                _ => {
                    return Err(WrongSetting {
                        key: key.clone(),
                        problem: "there is nothing of that name to set".to_owned(),
                    });
                }
            }
        }
        Ok(settings)
    }

    /// The form of a prompt as a request names it, with its version: `tags 1`.
    pub(super) fn name(&self, of: Of) -> String {
        let template = self.of(of).template;
        format!("{} {}", template.target, template.version)
    }

    /// What a prompt of that kind is put together in.
    pub(super) fn composer(&self, of: Of) -> Composer {
        let form = self.form(of);
        Composer::new(form, self.of(of).most.unwrap_or(form.most))
    }

    /// Whether spoken words stand in a prompt.
    pub(super) fn quotes(&self, of: Of) -> bool {
        match self.lines {
            Lines::Both => true,
            Lines::Video => of == Of::Video,
            Lines::Frame => of == Of::Frame,
            Lines::None => false,
        }
    }

    /// What is said about spoken words.
    pub(super) fn lines(&self) -> Lines {
        self.lines
    }

    fn of(&self, of: Of) -> &Chosen {
        match of {
            Of::Frame => &self.frame,
            Of::Video => &self.video,
        }
    }

    fn form(&self, of: Of) -> &'static Form {
        let template = self.of(of).template;
        match of {
            Of::Frame => &template.frame,
            Of::Video => &template.video,
        }
    }
}

/// Where spoken words stand: `true` is both prompts, `false` none.
fn lines(value: &str) -> Result<Lines, WrongSetting> {
    match value {
        "true" => Ok(Lines::Both),
        "false" => Ok(Lines::None),
        value => word(LINES, value),
    }
}

fn word<V: Vocabulary>(key: &str, value: &str) -> Result<V, WrongSetting> {
    V::read(value).ok_or_else(|| WrongSetting {
        key: key.to_owned(),
        problem: UnknownWord {
            word: value.to_owned(),
            known: V::WORDS,
        }
        .to_string(),
    })
}

fn limit(key: &str, value: &str) -> Result<usize, WrongSetting> {
    let (least, most) = LIMITS;
    let number = value.parse::<u32>().ok();
    let found = number.filter(|number| (least..=most).contains(number));
    let found = found.and_then(|number| usize::try_from(number).ok());
    found.ok_or_else(|| WrongSetting {
        key: key.to_owned(),
        problem: format!("expected a whole number from {least} to {most}, found {value:?}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, WrongSetting> {
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        Settings::read(&pairs.iter().map(own).collect())
    }

    #[test]
    fn one_prompt_may_differ_from_the_other() {
        let settings = read(&[
            ("target", "sections"),
            ("frame", "tags"),
            ("lines", "false"),
        ])
        .unwrap();
        assert_eq!(settings.name(Of::Frame), "tags 1");
        assert_eq!(settings.name(Of::Video), "sections 1");
        assert!(!settings.quotes(Of::Frame) && !settings.quotes(Of::Video));
        let usual = Settings::default();
        assert_eq!(usual.name(Of::Video), "sentences 1");
        assert!(usual.quotes(Of::Frame) && usual.quotes(Of::Video));
    }

    #[test]
    fn what_cannot_be_set_is_named_with_what_was_meant() {
        for (key, value, told) in [
            ("targets", "tags", "nothing of that name"),
            ("target", "tag", "did you mean \"tags\"?"),
            ("lines", "maybe", "known are both, video, frame, none"),
            ("video_most", "20", "from 200 to 8000"),
            ("frame_most", "x", "from 200 to 8000"),
        ] {
            let wrong = read(&[(key, value)]).unwrap_err();
            assert_eq!(wrong.key, key);
            assert!(wrong.problem.contains(told), "{}", wrong.problem);
        }
    }
}
