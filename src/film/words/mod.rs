//! The words that files of a film are written in: one enum a list. A list says each word once, with
//! what people call it besides and what it means, so that reading, checking, printing and the page
//! `docs/words.md` cannot differ.
//!
//! A new word is one line in its list; the compiler then names every place that has to know it.

mod camera;
mod common;
mod cut;
mod heading;
mod people;
mod place;
mod prompt;
mod shot;

use std::fmt;
use std::marker::PhantomData;

use aiut_nearest::nearest;

pub use camera::{CameraHeight, DistanceBand, Movement, ShotSize};
pub use common::{Common, common};
pub use cut::Transition;
pub use heading::{Frame, HeadingWords, OwnHeadingWords, Reading, When, year_in};
pub use people::{Depth, Facing, Hands, Lasts, Posture, Pronoun};
pub use place::{Place, TimeOfDay};
pub use prompt::{Lines, PromptPart, Target};
pub use shot::{Heard, InitImage, SceneKind, Trigger};

/// A word of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// As in files: `push_in`.
    pub code: &'static str,
    /// What people call it besides. Files do not hold these; they tell what was probably meant.
    pub called: &'static [&'static str],
    /// What it means, in one line.
    pub meaning: &'static str,
}

impl Word {
    /// A word that needs no explanation.
    #[cfg(test)]
    pub(crate) const fn bare(code: &'static str) -> Self {
        Self {
            code,
            called: &[],
            meaning: "",
        }
    }
}

/// A list of words as a type.
pub trait Vocabulary: Copy + 'static {
    /// All words, in the order in which they are shown.
    const WORDS: &'static [Word];
    /// All values, in the order of their words.
    const ALL: &'static [Self];

    /// The word, as in files.
    fn code(self) -> &'static str;

    /// The value of a word; none if the list does not have it.
    fn read(word: &str) -> Option<Self>;
}

/// A word that a list does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownWord {
    /// What was written.
    pub word: String,
    /// The list.
    pub known: &'static [Word],
}

impl fmt::Display for UnknownWord {
    /// `"CUU" is not known; did you mean "CU"? Known are EWS, WS …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = self.known.iter().map(|word| word.code).collect();
        let (word, known) = (&self.word, known.join(", "));
        match meant(word, self.known) {
            Some(meant) => write!(
                f,
                "{word:?} is not known; did you mean {meant:?}? Known are {known}"
            ),
            None => write!(f, "{word:?} is not known; known are {known}"),
        }
    }
}

impl std::error::Error for UnknownWord {}

/// The word of a list that was probably meant, by its spelling or by what people call it.
fn meant(text: &str, words: &[Word]) -> Option<&'static str> {
    let names = words.iter().flat_map(|word| {
        let names = std::iter::once(word.code).chain(word.called.iter().copied());
        names.map(|name| (name, word.code))
    });
    let names: Vec<(&str, &str)> = names.collect();
    let near = nearest(text, names.iter().map(|(name, _)| *name))?;
    let mut names = names.into_iter();
    names.find(|(name, _)| *name == near).map(|(_, code)| code)
}

/// Reads a word in any format of serde's.
struct WordVisitor<V>(PhantomData<V>);

impl<V: Vocabulary> serde::de::Visitor<'_> for WordVisitor<V> {
    type Value = V;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word")
    }

    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<V, E> {
        V::read(word).ok_or_else(|| {
            E::custom(UnknownWord {
                word: word.to_owned(),
                known: V::WORDS,
            })
        })
    }
}

/// Makes an enum of a list: `/// What it means.` above `Variant = "word" | "what people call it",`.
macro_rules! vocabulary {
    (
        $(#[$about:meta])*
        $name:ident {
            $($(#[doc = $meaning:literal])+ $value:ident = $code:literal $(| $called:literal)*,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[doc = $meaning])+ $value,)+
        }

        impl $name {
            /// The word, as in files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $code,)+
                }
            }
        }

        impl $crate::words::Vocabulary for $name {
            const WORDS: &'static [$crate::words::Word] = &[$($crate::words::Word {
                code: $code,
                called: &[$($called),*],
                meaning: concat!($($meaning),+),
            }),+];
            const ALL: &'static [Self] = &[$(Self::$value),+];

            fn code(self) -> &'static str {
                Self::code(self)
            }

            fn read(word: &str) -> Option<Self> {
                match word {
                    $($code => Some(Self::$value),)+
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::words::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                $crate::words::Vocabulary::read(word).ok_or_else(|| $crate::words::UnknownWord {
                    word: word.to_owned(),
                    known: <Self as $crate::words::Vocabulary>::WORDS,
                })
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str($crate::words::WordVisitor(std::marker::PhantomData))
            }
        }
    };
}
use vocabulary;
