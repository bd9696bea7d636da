//! Why something was refused, in words, whatever was asked. Only the parts of the program that ask it have these. They do not
//! know where a word stands.

use parley_shared::protocol::Refusal;

use super::account::AccountTexts;
use super::{en, zh};
use crate::preferences::Language;

impl AccountTexts {
    /// Any refusal in words.
    pub fn refusal(&self, refusal: &Refusal) -> String {
        match self.language {
            Language::En => en::refusals::refusal(refusal),
            Language::Zh => zh::refusals::refusal(refusal),
        }
    }
}
