//! The texts in English. They do not know the other language.

use parley_shared::protocol::Refusal;

use super::{Texts, kibibytes};
use crate::preferences::Language;

mod account;
pub(in crate::text) mod groups;
mod notice;
pub(in crate::text) mod own;
pub(super) mod people;
pub(super) mod proof;
pub(in crate::text) mod refusals;
pub(in crate::text) mod talk;

/// The texts in English.
pub(super) const TEXTS: Texts = Texts {
    language: Language::En,
    doubted: "Not what was sent",
    lobby: "Lobby",
    window_title: |unread, mentions, conversation| match (unread, mentions) {
        (0, _) => format!("{conversation} · Parley"),
        (_, 0) => format!("({unread}) {conversation} · Parley"),
        _ => format!("({unread}, @{mentions}) {conversation} · Parley"),
    },
    skip_to_composer: "Skip to writing a message",
    conversations: "Conversations",
    notes: "Notes to yourself",
    other_conversation: "Conversation",
    contacts: |requests| match requests {
        0 => "Contacts".to_owned(),
        1 => "Contacts, 1 request".to_owned(),
        _ => format!("Contacts, {requests} requests"),
    },
    new_group: "New group",
    filter: "Find a conversation",
    filter_empty: "No conversation has this name.",
    list_empty: "Talk with friends, or bring people together in a group.",
    list_empty_action: "Find people",
    show_list: |unread| match unread {
        0 => "Show conversations".to_owned(),
        _ => format!("Show conversations, {unread} unread"),
    },
    unread: |unread| format!("{unread} unread"),
    mentions: |mentions| match mentions {
        1 => "1 mention of you".to_owned(),
        _ => format!("{mentions} mentions of you"),
    },
    here: "Online",
    away: "Not online",
    members: |members, online| match members {
        1 => format!("1 member, {online} online"),
        _ => format!("{members} members, {online} online"),
    },
    notes_status: "Only you can read this",
    show_person: |name| format!("Show who {name} is"),
    show_group: |name| format!("Show what {name} is"),
    missing_title: "There’s nothing here for you",
    missing_text: "This conversation isn’t there, or it isn’t open to you. You may have left it, or been removed.",
    missing_action: "Go to the Lobby",
    closed_group: "This group is archived. You can read it, and nobody writes here any more.",
    closed_direct: "You can’t write to each other at the moment. What was said stays here.",
    closed_deleted: "This account was deleted. What was said stays here.",

    people: "People",
    online: |people| format!("{people} online"),
    people_not_listed: "Too many people to list them here.",
    show_people: |people| match people {
        1 => "Show people, 1 person online".to_owned(),
        _ => format!("Show people, {people} online"),
    },
    you: "you",
    guest: |digits| format!("Guest {digits}"),
    typing: |names| match names {
        [one] => format!("{one} is typing…"),
        [one, two] => format!("{one} and {two} are typing…"),
        _ => format!("{} people are typing…", names.len()),
    },

    settings: "Settings",
    close: "Close",
    change_name: "Change your name",
    name_label: "Your name",
    name_hint: "This is how others see you.",
    save: "Save",
    language_label: "Language",
    language_auto: "Same as browser",
    theme_label: "Appearance",
    theme_system: "Same as system",
    theme_light: "Light",
    theme_dark: "Dark",
    your_id: "Your ID",

    log_label: |conversation| format!("Messages in {conversation}"),
    new_messages: "New",
    jump: |unread| match unread {
        0 => "Go to the newest message".to_owned(),
        1 => "1 new message".to_owned(),
        _ => format!("{unread} new messages"),
    },
    beginning: "This is where the conversation began.",
    loading: "Loading messages",
    empty_title: "It’s quiet in here",
    empty_text: "Be the first to say something. Everyone who opens this page can read along and answer.",
    empty_direct: "Say hello. Only the two of you can read this.",
    empty_group: "Be the first to say something. Everyone in the group can read along and answer.",
    empty_notes: "Write down what you want to remember. Nobody else can read it.",
    empty_action: "Write the first message",
    today: "Today",
    yesterday: "Yesterday",

    waiting: "Sending",
    stored: "Saved",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    failed: "Not sent",
    retry: "Try again",
    discard: "Discard",
    copy: "Copy",
    copied: "Copied",
    message_deleted: "This message was deleted",
    message_deleted_by: |name| format!("{name} deleted this message"),
    edited: "edited",
    edited_at: |when| format!("Edited {when}. Show earlier versions"),
    message_actions: "Message actions",
    conversation_actions: "Conversation actions",
    unknown_content: "This version of the page can’t show this message. Reload to update it.",
    notice: notice::notice,
    you_did: "You",
    done_to_you: "you",
    you_said: |text| format!("You: {text}"),
    deleted: "Deleted account",
    said: |author, text| format!("{author}: {text}"),
    many_said: |messages| format!("{messages} new messages"),

    composer_label: "Message",
    composer_placeholder: |conversation| format!("Message {conversation}"),
    composer_hint: "Enter to send, Shift + Enter for a new line",
    editing: "Editing your message",
    cancel_editing: "Leave it as it was",
    save_edit: "Save changes",
    send: "Send",
    text_size: |bytes, bytes_max| {
        let (used, all) = (kibibytes(bytes), kibibytes(bytes_max));
        if bytes > bytes_max {
            format!("{used} of {all} KB. Please shorten the message.")
        } else {
            format!("{used} of {all} KB")
        }
    },

    connecting: "Connecting…",
    lost: |retry_in_secs| match retry_in_secs {
        None => "Connection lost. Reconnecting…".to_owned(),
        Some(1) => "Connection lost. Trying again in 1 second.".to_owned(),
        Some(seconds) => format!("Connection lost. Trying again in {seconds} seconds."),
    },
    offline: "Offline",
    retry_now: "Retry now",
    outdated: "Parley has been updated. Reload to keep chatting.",
    reload: "Reload",

    renamed: "Your name has been changed.",
    outbox_full: "Many messages are still waiting to be sent. Please wait a moment before writing more.",
    account: account::TEXTS,
    refusal,
};

/// What the connection may refuse. The rest is asked on pages of their own, which have the words for it.
fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Malformed { .. } => {
            "The server couldn’t read that. Reloading the page may help.".to_owned()
        }
        Refusal::UnknownCommand => {
            "The server doesn’t know how to do that. Reloading the page may help.".to_owned()
        }
        Refusal::UnsupportedProtocol { .. } => {
            "This page doesn’t fit the server’s version. Please reload it.".to_owned()
        }
        Refusal::CommandTooLarge { limit_bytes } => {
            format!(
                "That’s too large to send; the limit is {} KB.",
                limit_bytes / 1024
            )
        }
        Refusal::UnknownConversation => {
            "This conversation isn’t there, or it isn’t open to you.".to_owned()
        }
        Refusal::UnknownMessage => "This message isn’t there, or can’t be changed.".to_owned(),
        Refusal::NotYours => "This message is someone else’s.".to_owned(),
        Refusal::UnknownContent => "Messages of this kind can’t be sent here.".to_owned(),
        Refusal::TextBlank => "There’s nothing to read in this message.".to_owned(),
        Refusal::TextTooLong { limit_bytes } => {
            format!(
                "This message is too long; the limit is {} KB.",
                limit_bytes / 1024
            )
        }
        Refusal::TextHasControl { code_point } => {
            format!("This message has a character that can’t be sent (U+{code_point:04X}).")
        }
        Refusal::NameBlank => "Please enter a name that others can read.".to_owned(),
        Refusal::NameTooLong { limit_chars } => {
            format!("This name is too long; the limit is {limit_chars} characters.")
        }
        Refusal::NameHasControl { code_point } => {
            format!("This name has an invisible character (U+{code_point:04X}).")
        }
        Refusal::IdTaken => {
            "Another message already has this one’s number. Copy the text and send it anew."
                .to_owned()
        }
        Refusal::TooManyPeople { limit } => {
            format!("Only {limit} people can be looked up at once.")
        }
        Refusal::TooFast { .. } => "That was a little too fast. Please wait a moment.".to_owned(),
        Refusal::Unavailable => {
            "That isn’t possible right now. Please try again in a moment.".to_owned()
        }
        Refusal::SignInNeeded => "Please sign in first.".to_owned(),
        Refusal::ScopeTooSmall { .. } => "This token’s scope doesn’t allow that.".to_owned(),
        Refusal::NotFriends { .. } => "You can’t write to each other at the moment.".to_owned(),
        Refusal::Archived => "This group is archived: it can be read, and nothing else.".to_owned(),
        _ => "The server refused, for a reason this page doesn’t know.".to_owned(),
    }
}
