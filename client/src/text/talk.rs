//! What is said of what can be done about a message, in each language. Only the part of the program that does it has these.
//! They do not know where a word stands.

use super::{Texts, en, zh};
use crate::preferences::Language;

/// The texts about messages in one language.
#[derive(Debug)]
pub struct TalkTexts {
    /// Gives a message other words.
    pub edit: &'static str,
    /// Erases a message.
    pub delete: &'static str,
    /// Has a conversation count as unread from a message on.
    pub mark_unread_from: &'static str,
    /// Has a conversation count as unread.
    pub mark_unread: &'static str,
    /// Has a conversation count as read.
    pub mark_read: &'static str,
    /// Shows what a message said before.
    pub versions: &'static str,
    /// Marks the version that a message has now.
    pub version_now: &'static str,
    /// Marks the one that it had at first.
    pub version_first: &'static str,
    /// Shows whom a message has reached.
    pub reached: &'static str,
    /// Heads those who have read it.
    pub reached_read: &'static str,
    /// Heads those on whose devices it is.
    pub reached_delivered: &'static str,
    /// Heads those whom it has not reached.
    pub reached_not: &'static str,
    /// There is nobody among them.
    pub reached_nobody: &'static str,
    /// Some do not tell what they read.
    pub reached_hint: &'static str,
    /// How many of so many.
    pub reached_of: fn(count: u32, of: u32) -> String,
    /// Asks whether a message is to be erased.
    pub delete_title: &'static str,
    /// What that means.
    pub delete_own: &'static str,
    /// What that means for a message of someone else.
    pub delete_other: fn(name: &str) -> String,
    /// Does not do it.
    pub keep: &'static str,
    /// Names the list of people who may be meant.
    pub people_meant: &'static str,
}

impl TalkTexts {
    /// The texts in a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::talk::TEXTS,
            Language::Zh => &zh::talk::TEXTS,
        }
    }
}

impl Texts {
    /// The texts about messages in the same language.
    pub fn talk(&self) -> &'static TalkTexts {
        TalkTexts::of(self.language)
    }
}
