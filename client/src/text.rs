//! Every word that the page says, in each of its languages. It does not know where a word stands.
//!
//! A language is one constant, so a missing text does not compile. A sentence with a number or a
//! name in it is a function: word order and plurals are each language's own.

use leptos::prelude::*;
use parley_shared::model::Notice;
use parley_shared::protocol::Refusal;

use crate::preferences::{Language, preferences};

pub mod account;
pub mod groups;
pub mod own;
pub mod people;
pub mod proof;
mod refusals;
pub mod talk;

mod en;
mod zh;

use account::AccountTexts;

/// The page's texts in one language.
#[derive(Debug)]
pub struct Texts {
    /// The language they are in.
    pub language: Language,
    /// Marks a message that is not what was written.
    pub doubted: &'static str,
    /// The Lobby's name.
    pub lobby: &'static str,
    /// The title of the window: how much is unread, how much of it mentions the reader, and the conversation's name.
    pub window_title: fn(unread: u32, mentions: u32, conversation: &str) -> String,
    /// The link that leads past everything to the field where one writes.
    pub skip_to_composer: &'static str,
    /// Names the list of conversations.
    pub conversations: &'static str,
    /// What one writes for oneself.
    pub notes: &'static str,
    /// A conversation of a kind that this page does not know.
    pub other_conversation: &'static str,
    /// Leads to friends and to finding people: how many wait for an answer.
    pub contacts: fn(requests: u32) -> String,
    /// Leads to making a group.
    pub new_group: &'static str,
    /// Labels the field that looks for a conversation.
    pub filter: &'static str,
    /// No conversation has that name.
    pub filter_empty: &'static str,
    /// Where there is only the Lobby: what one could do.
    pub list_empty: &'static str,
    /// The button that does it.
    pub list_empty_action: &'static str,
    /// The button that opens the list: how much is unread.
    pub show_list: fn(unread: u32) -> String,
    /// How much is unread, beside a conversation.
    pub unread: fn(unread: u32) -> String,
    /// How much of it mentions the reader, beside a conversation.
    pub mentions: fn(mentions: u32) -> String,
    /// Someone is there.
    pub here: &'static str,
    /// Someone is not there.
    pub away: &'static str,
    /// How many are in a group, and how many of them are there.
    pub members: fn(members: u32, online: u32) -> String,
    /// Below the name of one's notes.
    pub notes_status: &'static str,
    /// The button that shows who someone is.
    pub show_person: fn(name: &str) -> String,
    /// The link to what a group is.
    pub show_group: fn(name: &str) -> String,
    /// A conversation is not there, or not the reader's.
    pub missing_title: &'static str,
    /// What may be the reason.
    pub missing_text: &'static str,
    /// Leads out of that.
    pub missing_action: &'static str,
    /// In place of the field: the group is archived.
    pub closed_group: &'static str,
    /// In place of the field: the two may not write to each other.
    pub closed_direct: &'static str,
    /// In place of the field: the other one is not there any more.
    pub closed_deleted: &'static str,

    /// Heads the list of people.
    pub people: &'static str,
    /// How many people are there.
    pub online: fn(people: u32) -> String,
    /// In place of the list of people, when they are too many.
    pub people_not_listed: &'static str,
    /// The button that opens the list of people.
    pub show_people: fn(people: u32) -> String,
    /// Beside oneself in the list of people.
    pub you: &'static str,
    /// Names a person who chose no name, by the first digits of their id.
    pub guest: fn(digits: &str) -> String,
    /// Who is typing; the names are those of at least one person.
    pub typing: fn(names: &[String]) -> String,

    /// Opens the settings, and heads them.
    pub settings: &'static str,
    /// Closes what is open.
    pub close: &'static str,
    /// Opens the field for one's name.
    pub change_name: &'static str,
    /// Labels the field for one's name.
    pub name_label: &'static str,
    /// What a name is for.
    pub name_hint: &'static str,
    /// Keeps what was entered.
    pub save: &'static str,
    /// Labels the choice of language.
    pub language_label: &'static str,
    /// The choice of the browser's language.
    pub language_auto: &'static str,
    /// Labels the choice of theme.
    pub theme_label: &'static str,
    /// The choice of the system's theme.
    pub theme_system: &'static str,
    /// The choice of dark on light.
    pub theme_light: &'static str,
    /// The choice of light on dark.
    pub theme_dark: &'static str,
    /// Above the digits of one's id.
    pub your_id: &'static str,

    /// Names the log.
    pub log_label: fn(conversation: &str) -> String,
    /// The divider above what is new.
    pub new_messages: &'static str,
    /// The button that leads to the newest message: how many are unread.
    pub jump: fn(unread: usize) -> String,
    /// Heads the first message that there ever was.
    pub beginning: &'static str,
    /// While messages are fetched.
    pub loading: &'static str,
    /// Heads a conversation in which nothing was said yet.
    pub empty_title: &'static str,
    /// What to do about that, in the Lobby.
    pub empty_text: &'static str,
    /// The same in the talk of two people.
    pub empty_direct: &'static str,
    /// The same in a group.
    pub empty_group: &'static str,
    /// The same among one's notes.
    pub empty_notes: &'static str,
    /// The button that does it.
    pub empty_action: &'static str,
    /// The day that it is.
    pub today: &'static str,
    /// The day before.
    pub yesterday: &'static str,

    /// A message that waits for the server.
    pub waiting: &'static str,
    /// A message that the server has on disk.
    pub stored: &'static str,
    /// A message that everyone has.
    pub sent: &'static str,
    /// A message that each of the others has on a device.
    pub delivered: &'static str,
    /// A message that each of the others has read.
    pub read: &'static str,
    /// A message that the server refused.
    pub failed: &'static str,
    /// Sends it again.
    pub retry: &'static str,
    /// Gives it up.
    pub discard: &'static str,
    /// Copies its text.
    pub copy: &'static str,
    /// Its text was copied.
    pub copied: &'static str,
    /// What stands in the place of a message that was deleted.
    pub message_deleted: &'static str,
    /// The same, when someone else deleted it.
    pub message_deleted_by: fn(name: &str) -> String,
    /// Marks a message that has other words than at first; shows those that it had.
    pub edited: &'static str,
    /// The same, when a pointer rests on it: since when.
    pub edited_at: fn(when: &str) -> String,
    /// Opens what can be done about a message.
    pub message_actions: &'static str,
    /// Opens what can be done about a conversation.
    pub conversation_actions: &'static str,
    /// In place of content of a type that this page does not know.
    pub unknown_content: &'static str,
    /// What happened to a group: who did it, and those whom it names.
    pub notice: fn(notice: &Notice, author: &str, people: &[String]) -> String,
    /// Oneself as the one who did it.
    pub you_did: &'static str,
    /// Oneself as the one to whom it was done.
    pub done_to_you: &'static str,
    /// One's own message, where it stands in short among those of others.
    pub you_said: fn(text: &str) -> String,
    /// Someone who deleted their account.
    pub deleted: &'static str,
    /// What a screen reader says of one new message.
    pub said: fn(author: &str, text: &str) -> String,
    /// What a screen reader says of many new messages.
    pub many_said: fn(messages: usize) -> String,

    /// Labels the field where one writes.
    pub composer_label: &'static str,
    /// Stands in it while it is empty.
    pub composer_placeholder: fn(conversation: &str) -> String,
    /// Which keys do what.
    pub composer_hint: &'static str,
    /// Above the field, while it has the words of a message that stands there.
    pub editing: &'static str,
    /// Leaves it as it is.
    pub cancel_editing: &'static str,
    /// Keeps what was changed.
    pub save_edit: &'static str,
    /// Sends.
    pub send: &'static str,
    /// How much of the room for a text is used, in bytes.
    pub text_size: fn(bytes: usize, bytes_max: usize) -> String,

    /// Before the first connection.
    pub connecting: &'static str,
    /// The connection is lost: seconds until the next attempt, or an attempt is being made.
    pub lost: fn(retry_in_secs: Option<u64>) -> String,
    /// In short, where there is little room.
    pub offline: &'static str,
    /// Makes the next attempt now.
    pub retry_now: &'static str,
    /// This page is older than the server.
    pub outdated: &'static str,
    /// Loads the page again.
    pub reload: &'static str,

    /// The new name is in force.
    pub renamed: &'static str,
    /// Too many messages wait.
    pub outbox_full: &'static str,
    /// What the pages of accounts say.
    pub account: AccountTexts,
    /// Why something was not done.
    pub refusal: fn(&Refusal) -> String,
}

impl Texts {
    /// The texts in a language.
    pub const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &en::TEXTS,
            Language::Zh => &zh::TEXTS,
        }
    }
}

/// The language that is spoken now, found once for all who ask.
#[derive(Debug, Clone, Copy)]
struct Spoken(Memo<Language>);

/// Puts the texts into context, for [`texts`].
pub fn provide_texts() {
    let preferences = preferences();
    provide_context(Spoken(Memo::new(move |_| preferences.language())));
}

/// The texts in the language that is spoken now, from context. Follows the reader's choice.
pub fn texts() -> Signal<&'static Texts> {
    let Spoken(language) = expect_context::<Spoken>();
    Signal::derive(move || Texts::of(language.get()))
}

/// A number of bytes in KiB with one digit, as in "15.9".
fn kibibytes(bytes: usize) -> String {
    // Rounded up, so that a text above the bound never looks as if it were at it.
    let tenths = bytes.saturating_mul(10).div_ceil(1024);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [&Texts; 2] = [Texts::of(Language::En), Texts::of(Language::Zh)];

    /// One of each kind, and a number that must appear in the text, where there is one.
    fn refusals() -> Vec<(Refusal, Option<&'static str>)> {
        vec![
            (Refusal::Malformed { detail: "x".into() }, None),
            (Refusal::UnknownCommand, None),
            (Refusal::UnsupportedProtocol { supported: 7 }, None),
            (
                Refusal::CommandTooLarge {
                    limit_bytes: 65_536,
                },
                Some("64"),
            ),
            (Refusal::UnknownConversation, None),
            (Refusal::UnknownContent, None),
            (Refusal::TextBlank, None),
            (
                Refusal::TextTooLong {
                    limit_bytes: 16_384,
                },
                Some("16"),
            ),
            (Refusal::TextHasControl { code_point: 7 }, Some("U+0007")),
            (Refusal::NameBlank, None),
            (Refusal::NameTooLong { limit_chars: 40 }, Some("40")),
            (
                Refusal::NameHasControl { code_point: 0x202E },
                Some("U+202E"),
            ),
            (Refusal::IdTaken, None),
            (Refusal::TooManyPeople { limit: 100 }, Some("100")),
            (
                Refusal::TooFast {
                    limit_per_second: 50,
                    retry_after_ms: 20,
                },
                None,
            ),
            (Refusal::Yourself, None),
            (Refusal::NotFriends { person: None }, None),
            (Refusal::Archived, None),
            (Refusal::Banned { person: None }, None),
            (Refusal::PictureUnreadable, None),
            (
                Refusal::PictureTooLarge {
                    limit_pixels: 8_192,
                },
                Some("8192"),
            ),
            (Refusal::NoMail, None),
            (Refusal::Unavailable, None),
            (Refusal::Unknown, None),
        ]
    }

    #[test]
    fn every_refusal_has_a_text_of_its_own_in_each_language() {
        for texts in BOTH {
            let mut seen = Vec::new();
            for (refusal, number) in refusals() {
                let text = texts.account.refusal(&refusal);
                assert!(!text.is_empty(), "{refusal:?}");
                assert!(
                    !seen.contains(&text),
                    "{refusal:?} says the same as another"
                );
                if let Some(number) = number {
                    assert!(text.contains(number), "{text} does not name {number}");
                }
                seen.push(text);
            }
        }
    }

    #[test]
    fn what_makes_a_good_password_names_the_bound() {
        for texts in BOTH {
            let bound = parley_shared::limits::PASSWORD_CHARS_MIN.to_string();
            assert!(texts.account.password_hint.contains(&bound));
        }
    }

    #[test]
    fn english_has_plurals() {
        let en = Texts::of(Language::En);
        assert_eq!((en.jump)(1), "1 new message");
        assert_eq!((en.jump)(2), "2 new messages");
        assert_eq!((en.jump)(0), "Go to the newest message");
        assert_eq!(
            (en.lost)(Some(1)),
            "Connection lost. Trying again in 1 second."
        );
        assert_eq!(
            (en.lost)(Some(9)),
            "Connection lost. Trying again in 9 seconds."
        );
    }

    #[test]
    fn those_who_type_are_named_up_to_two() {
        let names = ["Ana".to_owned(), "Bo".to_owned(), "Cy".to_owned()];
        let en = Texts::of(Language::En);
        assert_eq!((en.typing)(&names[..1]), "Ana is typing…");
        assert_eq!((en.typing)(&names[..2]), "Ana and Bo are typing…");
        assert_eq!((en.typing)(&names), "3 people are typing…");
        let zh = Texts::of(Language::Zh);
        assert_eq!((zh.typing)(&names[..1]), "Ana 正在输入…");
        assert_eq!((zh.typing)(&names[..2]), "Ana 和 Bo 正在输入…");
        assert_eq!((zh.typing)(&names), "3 人正在输入…");
    }

    #[test]
    fn a_text_just_above_its_bound_does_not_look_as_if_it_fitted() {
        assert_eq!(kibibytes(16 * 1024), "16.0");
        assert_eq!(kibibytes(16 * 1024 + 1), "16.1");
    }
}
