//! What the pages of friends say, and the card that says who someone is, in each language. They do not know where a word stands.
//!
//! They are no part of [`super::Texts`]: who only talks does not load them.

use super::account::AccountTexts;
use super::{en, zh};
use crate::preferences::Language;

/// The texts about people in one language.
#[derive(Debug)]
pub struct PeopleTexts {
    // ---- The page of contacts ----
    /// Heads the page.
    pub contacts: &'static str,
    /// Labels the field for finding people.
    pub find: &'static str,
    /// Who is found, where friends write to each other.
    pub find_among_friends: &'static str,
    /// Who is found, where everyone writes to everyone.
    pub find_in_team: &'static str,
    /// Heads those who were found.
    pub found: &'static str,
    /// Nobody was found, where friends write to each other.
    pub none_among_friends: &'static str,
    /// Nobody was found, where everyone writes to everyone.
    pub none_in_team: &'static str,
    /// Leads to what one writes for oneself.
    pub notes: &'static str,
    /// What that is.
    pub notes_hint: &'static str,
    /// Heads those who wait for an answer.
    pub incoming: &'static str,
    /// Heads those whom one asked.
    pub outgoing: &'static str,
    /// Heads friends.
    pub friends: &'static str,
    /// There are none.
    pub no_friends: &'static str,
    /// Heads those whom one blocked, and shows them.
    pub blocked: &'static str,
    /// There are none.
    pub no_blocked: &'static str,
    /// The end of a long list.
    pub end: &'static str,

    // ---- What can be done ----
    /// Writes to someone.
    pub message: &'static str,
    /// Asks someone to be friends.
    pub befriend: &'static str,
    /// Says yes.
    pub accept: &'static str,
    /// Says no.
    pub decline: &'static str,
    /// Takes a request back.
    pub withdraw: &'static str,
    /// Ends a friendship.
    pub end_friendship: &'static str,
    /// Blocks someone.
    pub block: &'static str,
    /// What that means.
    pub block_hint: &'static str,
    /// Takes it back.
    pub unblock: &'static str,
    /// Opens the field for the name by which one knows someone.
    pub remark: &'static str,
    /// Labels that field.
    pub remark_label: &'static str,
    /// What it is for.
    pub remark_hint: &'static str,

    // ---- What was done, for those who listen ----
    /// Someone was asked.
    pub asked: &'static str,
    /// The two are friends.
    pub accepted: &'static str,
    /// A request is gone.
    pub declined: &'static str,
    /// A request was taken back.
    pub withdrawn: &'static str,
    /// They are friends no more.
    pub ended: &'static str,
    /// Someone was blocked.
    pub was_blocked: &'static str,
    /// Someone is not blocked any more.
    pub was_unblocked: &'static str,

    // ---- The card ----
    /// Heads the card.
    pub profile: &'static str,
    /// Someone is there.
    pub online: &'static str,
    /// Marks a friend.
    pub friend: &'static str,
    /// Marks someone who was asked.
    pub is_asked: &'static str,
    /// Marks someone who asked.
    pub has_asked: &'static str,
    /// Marks someone whom one blocked.
    pub is_blocked: &'static str,
    /// Marks someone without an account.
    pub guest: &'static str,
    /// Heads what someone says of themselves.
    pub about: &'static str,
    /// There is nobody of whom anything could be said.
    pub gone: &'static str,
    /// Leads to one's own profile.
    pub edit_profile: &'static str,

    // ---- Sentences with a time ----
    /// Since when two are friends.
    pub friends_since: fn(when: &str) -> String,
}

impl PeopleTexts {
    /// Those of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::people::TEXTS,
            Language::Zh => &zh::people::TEXTS,
        }
    }
}

impl AccountTexts {
    /// The texts about people in the same language.
    pub fn people(&self) -> &'static PeopleTexts {
        PeopleTexts::of(self.language)
    }
}
