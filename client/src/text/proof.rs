//! What is said of a history that is not what was written, in each language. Only the part of the program that looks for it
//! has these. They do not know where a word stands.

use super::{Texts, en, zh};
use crate::preferences::Language;

/// The texts about broken histories in one language.
#[derive(Debug)]
pub struct ProofTexts {
    /// A message is not what was written: whose, and from when.
    pub altered: fn(who: &str, when: &str) -> String,
    /// A message is gone: whose, and from when.
    pub missing: fn(who: &str, when: &str) -> String,
    /// Something is gone of which no more is known.
    pub missing_something: &'static str,
    /// A message was never written: under whose name, and from when.
    pub foreign: fn(who: &str, when: &str) -> String,
    /// What someone did is not what this browser saw: who, and when.
    pub rewritten: fn(who: &str, when: &str) -> String,
    /// The history is not what this browser saw.
    pub rewritten_somewhere: &'static str,
    /// So much of the end of the history is gone.
    pub cut: fn(count: u64) -> String,
    /// When it was right last.
    pub right_at: fn(when: &str) -> String,
    /// When it was found.
    pub found_at: fn(when: &str) -> String,
    /// How many others there are.
    pub more: fn(count: usize) -> String,
    /// Leads to the message.
    pub show: &'static str,
}

impl ProofTexts {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::proof::TEXTS,
            Language::Zh => &zh::proof::TEXTS,
        }
    }
}

impl Texts {
    /// The texts about broken histories in the same language.
    pub fn proof(&self) -> &'static ProofTexts {
        ProofTexts::of(self.language)
    }
}
