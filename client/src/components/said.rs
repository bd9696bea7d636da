//! What conversations are called and what is said in them, in one line of plain words. It does not know where the line
//! stands.
//!
//! All of it is tracked: names change.

use leptos::prelude::*;
use parley_shared::ids::UserId;
use parley_shared::model::{Conversation, ConversationKind, Notice};
use parley_shared::protocol::ChatMessage;

use super::person::person_now;
use crate::portrait::display_name;
use crate::route::{Route, pages};
use crate::state::Chat;
use crate::text::Texts;

/// More than fits is never seen.
const LINE_CHARS_MAX: usize = 120;

/// The name to show for a person now.
pub fn name_now(chat: Chat, id: UserId, texts: &Texts) -> String {
    display_name(&person_now(chat, id), texts)
}

/// Whether this is the reader.
pub fn is_me(chat: Chat, id: UserId) -> bool {
    chat.me.with(|me| me.as_ref().is_some_and(|me| me.id == id))
}

/// What a conversation is called, for its reader.
pub fn conversation_name(chat: Chat, conversation: &Conversation, texts: &Texts) -> String {
    match (conversation.kind, &conversation.with, &conversation.group) {
        (ConversationKind::Lobby, ..) => texts.lobby.to_owned(),
        (ConversationKind::Notes, ..) => texts.notes.to_owned(),
        (_, Some(with), _) => name_now(chat, with.id, texts),
        (_, _, Some(group)) => group.name.clone(),
        _ => texts.other_conversation.to_owned(),
    }
}

/// What the conversation is called that is shown, or is to be.
pub fn shown_name(chat: Chat, texts: &Texts) -> String {
    match chat.conversation() {
        Some(conversation) => conversation_name(chat, &conversation, texts),
        None if pages().shown() == Route::Home => texts.lobby.to_owned(),
        None => texts.other_conversation.to_owned(),
    }
}

/// What happened, by whom and to whom, as the reader would say it.
pub fn happened(chat: Chat, notice: &Notice, author: UserId, texts: &Texts) -> String {
    let named = |id: UserId, you: &str| {
        if is_me(chat, id) {
            you.to_owned()
        } else {
            name_now(chat, id, texts)
        }
    };
    let people = notice.people().iter();
    let people: Vec<String> = people.map(|id| named(*id, texts.done_to_you)).collect();
    (texts.notice)(notice, &named(author, texts.you_did), &people)
}

/// What a message says with who says it, as in "Ana: hello".
pub fn said_by(chat: Chat, body: &ChatMessage, author: UserId, texts: &Texts) -> String {
    let said = match body {
        ChatMessage::Text { text } => text,
        ChatMessage::Notice { notice } => return happened(chat, notice, author, texts),
        ChatMessage::Deleted { .. } => texts.message_deleted,
        ChatMessage::Unknown => texts.unknown_content,
    };
    (texts.said)(&name_now(chat, author, texts), said)
}

/// What was said last in a conversation, as its entry in the list says it.
pub fn last_line(chat: Chat, conversation: &Conversation, texts: &Texts) -> String {
    let Some(latest) = &conversation.latest else {
        return String::new();
    };
    let said: String = match &latest.body {
        ChatMessage::Text { text } => text.chars().take(LINE_CHARS_MAX).collect(),
        ChatMessage::Notice { notice } => return happened(chat, notice, latest.author, texts),
        ChatMessage::Deleted { .. } => texts.message_deleted.to_owned(),
        ChatMessage::Unknown => "…".to_owned(),
    };
    match conversation.kind {
        ConversationKind::Notes => said,
        _ if is_me(chat, latest.author) => (texts.you_said)(&said),
        // Of two people, the other one is named above.
        ConversationKind::Direct => said,
        _ => (texts.said)(&name_now(chat, latest.author, texts), &said),
    }
}
