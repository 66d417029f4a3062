//! English prose of a script, taken apart: words, sentences, and whole phrases fit for a prompt.

mod asides;
mod capitals;
mod comments;
mod filming;
mod find;
mod finite;
mod hidden;
mod pov;
mod remark;
mod restored;
mod screen;
mod sentence;
mod tidy;
mod us;
mod verb;
mod viewer;
mod word;

pub use asides::drop_asides;
pub use capitals::{Spelt, capitalise, display_name, plain_word, sentence_case, uncapitalise};
pub(crate) use hidden::is_hidden;
pub use hidden::{Hidden, hidden};
pub(crate) use pov::point_of_view;
pub(crate) use remark::is_remark;
pub(crate) use screen::superimposed;
pub use sentence::{parts, quoting_sentences, sentences, starts_lower};
pub use tidy::{Ending, dangling, prompt_sentence};
pub use verb::{is_acting_name, is_deed, is_fragment, lacks_subject};
pub use word::{Word, contains_words, first_word, last_word, plain, tokens, words};
