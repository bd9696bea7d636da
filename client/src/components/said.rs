//! What a message says, in one line of plain words. It does not know where the line stands.

use leptos::prelude::*;
use parley_shared::ids::UserId;
use parley_shared::model::Notice;
use parley_shared::protocol::ChatMessage;

use super::person::person_now;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::Texts;

/// The name to show for a person now. Tracked.
pub fn name_now(chat: Chat, id: UserId, texts: &Texts) -> String {
    display_name(&person_now(chat, id), texts)
}

/// Whether this is the reader. Tracked.
pub fn is_me(chat: Chat, id: UserId) -> bool {
    chat.me.with(|me| me.as_ref().is_some_and(|me| me.id == id))
}

/// What happened, by whom and to whom, as the reader would say it. Tracked.
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

/// What a message says with who says it, as in "Ana: hello". Tracked.
pub fn said_by(chat: Chat, body: &ChatMessage, author: UserId, texts: &Texts) -> String {
    let said = match body {
        ChatMessage::Text { text } => text,
        ChatMessage::Notice { notice } => return happened(chat, notice, author, texts),
        ChatMessage::Unknown => texts.unknown_content,
    };
    (texts.said)(&name_now(chat, author, texts), said)
}
