//! Words for prompts: the form they are written in, the parts they are put together from, and where
//! spoken words stand.

use super::vocabulary;

vocabulary! {
    /// The form in which a prompt is written.
    Target {
        /// Plain whole sentences, for models that read a language.
        Sentences = "sentences",
        /// Phrases between commas, for models that read tags, as SDXL and its like do.
        Tags = "tags",
        /// A titled line for each part, for models that read a brief, as Veo and its like do.
        Sections = "sections",
    }
}

vocabulary! {
    /// A part of a prompt: its place in a template.
    PromptPart {
        /// What a title card reads.
        Title = "title",
        /// Size of the shot, whom or what it shows, where they are and look.
        Framing = "framing",
        /// Who stands where, from left to right.
        Placing = "placing",
        /// From where and through which lens.
        Lens = "lens",
        /// What happens.
        Action = "action",
        /// The words spoken, by whom and how.
        Line = "line",
        /// What goes on while somebody speaks.
        Meanwhile = "meanwhile",
        /// How strong the moment is.
        Mood = "mood",
        /// How a person looks.
        Person = "person",
        /// Where it plays.
        Place = "place",
        /// The light of the hour.
        Light = "light",
        /// The mood of the place.
        Air = "air",
        /// The film's own style.
        Style = "style",
        /// How the camera moves.
        Camera = "camera",
        /// How long the shot lasts.
        Length = "length",
        /// What is heard besides words.
        Sound = "sound",
    }
}

vocabulary! {
    /// Where the words that are spoken stand in quotes.
    Lines {
        /// In the prompts of the frame and of the clip.
        Both = "both",
        /// In that of the clip alone, for picture models that paint what stands in quotes.
        Video = "video",
        /// In that of the frame alone.
        Frame = "frame",
        /// In none: prompts say that somebody speaks, and how.
        None = "none",
    }
}
