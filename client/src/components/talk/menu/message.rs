//! What can be done about a message, by whose it is and how far it has come. It does not know how it is done.

use std::sync::Arc;

use leptos::prelude::*;
use parley_shared::ids::{MessageId, UserId};
use parley_shared::model::{ConversationKind, Message};
use parley_shared::protocol::ChatMessage;

use super::draw::{Deed, item, list, panel};
use super::rank::may_erase;
use super::reached::reached;
use super::{About, menu};
use crate::actions::actions;
use crate::components::account::form::part;
use crate::components::icon::Drawing;
use crate::components::said::{is_me, name_now};
use crate::components::talk::talk;
use crate::dom::{self, pressed};
use crate::state::Chat;
use crate::text::texts;

/// What is shown of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Deeds,
    SureToDelete,
    Reached,
}

/// What may be done about a message, as far as the page can know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct May {
    text: Option<String>,
    /// Who wrote it, unless that is the reader.
    other: Option<UserId>,
    was_edited: bool,
    edit: bool,
    /// Of what another wrote, their rank decides as well.
    delete: bool,
    mark: bool,
    ask_reached: bool,
}

fn may(chat: Chat, id: MessageId) -> May {
    let conversation = untrack(|| chat.conversation());
    let conversation = conversation.as_deref();
    let standing = chat.standing.get_untracked();
    chat.timeline.with_untracked(|timeline| {
        let confirmed: Option<&Arc<Message>> = timeline.message(id);
        let is_mine = confirmed.is_none_or(|message| untrack(|| is_me(chat, message.author)));
        let text = match timeline.body_of(id) {
            Some(ChatMessage::Text { text }) => Some(text.clone()),
            _ => None,
        };
        let is_open = conversation.is_some_and(|conversation| !conversation.closed);
        let failed = timeline.pending().iter();
        let is_failed = failed
            .filter(|pending| pending.id == id)
            .any(|pending| pending.state.is_failed());
        let has_words = text.is_some() && !is_failed;
        let is_group = conversation.is_some_and(|it| it.kind == ConversationKind::Group);
        May {
            other: confirmed.map(|message| message.author).filter(|_| !is_mine),
            was_edited: text.is_some() && confirmed.is_some_and(|m| m.edited_ms.is_some()),
            edit: is_open && is_mine && has_words,
            delete: is_open && has_words,
            mark: confirmed.is_some() && standing.is_some(),
            ask_reached: confirmed.is_some() && is_mine && is_group && text.is_some(),
            text,
        }
    })
}

/// What can be done about a message.
pub(super) fn of_message(id: MessageId) -> AnyView {
    let shown = RwSignal::new(Shown::Deeds);
    part(move || match shown.get() {
        Shown::Deeds => deeds(id, shown),
        Shown::SureToDelete => sure_to_delete(id),
        Shown::Reached => reached(id),
    })
}

fn deeds(id: MessageId, shown: RwSignal<Shown>) -> AnyView {
    let chat = expect_context::<Chat>();
    let (actions, menu, talk) = (actions(), menu(), talk());
    let may = may(chat, id);
    let mut deeds = Vec::new();
    if may.edit {
        deeds.push(Deed::new(
            "edit",
            Drawing::Edit,
            |texts| texts.talk().edit,
            move || {
                menu.close();
                talk.editing.set(Some(id));
            },
        ));
    }
    if let Some(text) = may.text {
        deeds.push(Deed::new(
            "copy-text",
            Drawing::Copy,
            |texts| texts.copy,
            move || {
                dom::copy(&text);
                menu.close();
            },
        ));
    }
    if may.mark {
        let place = move || {
            chat.timeline
                .with_untracked(|timeline| timeline.message(id).map(|message| message.seq))
        };
        deeds.push(Deed::new(
            "mark-unread",
            Drawing::Unread,
            |texts| texts.talk().mark_unread_from,
            move || {
                menu.close();
                if let (Some(open), Some(place)) = (chat.open.get_untracked(), place()) {
                    actions.mark_unread(open, Some(place));
                }
            },
        ));
    }
    if may.ask_reached {
        deeds.push(Deed::new(
            "reached",
            Drawing::Checks,
            |texts| texts.talk().reached,
            move || shown.set(Shown::Reached),
        ));
    }
    if may.was_edited {
        deeds.push(Deed::new(
            "versions",
            Drawing::Clock,
            |texts| texts.talk().versions,
            move || menu.show(About::Versions(id)),
        ));
    }
    let may_delete = match may.other {
        Some(author) if may.delete => may_erase(chat, author),
        _ => signal(may.delete).0,
    };
    let later = part(move || match may_delete.get() {
        true => delete(shown),
        false => ().into_any(),
    });
    list(deeds, later)
}

/// Leads to the question whether it is to be deleted.
fn delete(shown: RwSignal<Shown>) -> AnyView {
    let mut delete = Deed::new(
        "delete",
        Drawing::Delete,
        |texts| texts.talk().delete,
        move || shown.set(Shown::SureToDelete),
    );
    delete.is_danger = true;
    item(delete)
}

/// Asks whether it is to be done: nothing brings it back.
fn sure_to_delete(id: MessageId) -> AnyView {
    let chat = expect_context::<Chat>();
    let (actions, menu, texts) = (actions(), menu(), texts());
    let author = chat
        .timeline
        .with_untracked(|timeline| timeline.message(id).map(|message| message.author))
        .filter(|author| !untrack(|| is_me(chat, *author)));
    let said = move || {
        let texts = texts.get();
        match author {
            Some(author) => (texts.talk().delete_other)(&name_now(chat, author, texts)),
            None => texts.talk().delete_own.to_owned(),
        }
    };
    let delete = move || {
        menu.close();
        // What keeps it from being done, a notice says.
        drop(actions.delete(id));
    };
    let body = view! {
        <p class="menu__said">{move || said()}</p>
        <div class="form__actions">
            <button
                type="button"
                class="button button--danger"
                data-testid="delete-sure"
                on:click=pressed(delete)
            >
                {move || texts.get().talk().delete}
            </button>
            <button
                type="button"
                class="button"
                data-testid="delete-not"
                on:click=pressed(move || menu.close())
            >
                {move || texts.get().talk().keep}
            </button>
        </div>
    }
    .into_any();
    panel(
        "delete-panel",
        |texts| texts.talk().delete_title,
        vec![body],
    )
}
