//! English prose of a script, taken apart: words, sentences, and whole phrases fit for a prompt.

mod hidden;
mod sentence;
mod tidy;
mod viewer;
mod word;

pub(crate) use hidden::is_hidden;
pub use hidden::{Hidden, hidden};
pub use sentence::{sentences, starts_lower};
pub use tidy::{
    Ending, Spelt, capitalise, dangling, display_name, drop_asides, prompt_sentence, sentence_case,
};
pub use word::{Word, contains_words, first_word, last_word, plain, tokens, words};
