//! One conversation in the list: who or what it is, what was said last, how much is unread. It does not know its
//! neighbours.

use leptos::prelude::*;
use parley_shared::ids::ConversationId;
use parley_shared::limits::UNREAD_COUNTED_MAX;
use parley_shared::model::{Conversation, ConversationKind};

use super::account::form::part;
use super::dialog;
use super::icon::{Drawing, Icon};
use super::keyed::Key;
use super::person::{Face, face, person_now};
use super::said::{conversation_name, last_line};
use super::shell::{Handles, handles};
use crate::actions::{Actions, actions};
use crate::clock::now_ms;
use crate::dates;
use crate::dom::address;
use crate::route::{Pages, Route, pages};
use crate::state::Chat;
use crate::text::{Texts, texts};

/// Matches the entries of the list.
pub const ENTRIES: &str = "[data-testid=conversation]";
/// Matches the buttons beside them that open what can be done.
pub const OPENERS: &str = "[data-testid=conversation-more]";

/// A conversation as its entry shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shown {
    name: String,
    line: String,
    when: String,
    unread: u32,
    mentions: u32,
}

/// How many are unread, as a badge says it.
pub fn counted(unread: u32) -> String {
    if unread >= UNREAD_COUNTED_MAX {
        format!("{}+", UNREAD_COUNTED_MAX - 1)
    } else {
        unread.to_string()
    }
}

/// Goes to a conversation; of the one that is shown, to the field where one writes.
pub fn go(chat: Chat, actions: Actions, pages: Pages, handles: Handles, id: ConversationId) {
    if chat.open.get_untracked() == Some(id) {
        dialog::close(handles.drawer);
        // What was marked as unread is read on.
        actions.open(Some(id));
        handles.focus_composer();
    } else {
        pages.go(Route::Conversation(id));
    }
}

/// The entry of a conversation. It is a link, so that it can be opened elsewhere too.
pub fn entry((id, _): Key) -> AnyView {
    let id = ConversationId::from_bytes(id);
    let chat = expect_context::<Chat>();
    let (actions, handles, pages, texts) = (actions(), handles(), pages(), texts());
    let known = Memo::new(move |_| chat.list.with(|list| list.get(id).cloned()));
    let shown = Memo::new(move |_| {
        let _midnight = handles.today.get();
        let known = known.get();
        known.map_or_else(Shown::default, |known| shown(chat, &known, texts.get()))
    });
    let said = move |get: fn(&Shown) -> String| move || shown.with(get);
    let is_open = Memo::new(move |_| chat.open.get() == Some(id));
    let unread = Memo::new(move |_| shown.with(|shown| shown.unread));
    let mentions = Memo::new(move |_| shown.with(|shown| shown.mentions));
    let (name, when, line) = (
        said(|shown| shown.name.clone()),
        said(|shown| shown.when.clone()),
        said(|shown| shown.line.clone()),
    );
    view! {
        <li class="entry-row">
            <a
                class="entry"
                href=Route::Conversation(id).address()
                data-testid="conversation"
                data-id=id.to_string()
                aria-current=move || is_open.get().then_some("page")
                on:click=move |event| {
                    if address::is_plain(&event) {
                        event.prevent_default();
                        go(chat, actions, pages, handles, id);
                    }
                }
            >
                {picture(chat, id)}
                <span class="entry__body">
                    <span class="entry__line">
                        <span class="entry__title truncate" dir="auto">
                            {move || name()}
                        </span>
                        <span class="entry__time">{move || when()}</span>
                    </span>
                    <span class="entry__line">
                        <span class="entry__preview truncate" dir="auto">
                            {move || line()}
                        </span>
                        {mentioned(mentions)} {badge(unread)}
                    </span>
                </span>
            </a>
            {more(chat, id, shown)}
        </li>
    }
    .into_any()
}

/// The button that opens what can be done about a conversation, for those who have an account and where others write.
/// The list listens for it.
fn more(chat: Chat, id: ConversationId, shown: Memo<Shown>) -> AnyView {
    let texts = texts();
    let label = move || {
        let texts = texts.get();
        shown.with(|shown| (texts.said)(&shown.name, texts.conversation_actions))
    };
    let drawn = move || {
        view! {
            <button
                type="button"
                class="icon-button entry__more"
                data-testid="conversation-more"
                data-id=id.to_string()
                aria-haspopup="menu"
                aria-label=label
                title=move || texts.get().conversation_actions
            >
                <Icon of=Drawing::More />
            </button>
        }
        .into_any()
    };
    let is_able = Memo::new(move |_| {
        let kind = chat.list.with(|list| list.get(id).map(|known| known.kind));
        kind != Some(ConversationKind::Notes) && chat.standing.with(Option::is_some)
    });
    part(move || match is_able.get() {
        true => drawn(),
        false => ().into_any(),
    })
}

fn shown(chat: Chat, conversation: &Conversation, texts: &Texts) -> Shown {
    let said_anything = conversation.latest.is_some();
    Shown {
        name: conversation_name(chat, conversation, texts),
        line: last_line(chat, conversation, texts),
        when: match said_anything {
            true => dates::listed(conversation.active_ms, now_ms(), texts),
            false => String::new(),
        },
        unread: conversation.unread,
        mentions: conversation.mentions,
    }
}

/// That the reader is mentioned in what is unread, and how often.
fn mentioned(mentions: Memo<u32>) -> AnyView {
    let texts = texts();
    let drawn = move |mentions: u32| {
        view! {
            <span class="badge badge--mention" data-testid="mention-badge" aria-hidden="true">
                {if mentions > 1 { format!("@{}", counted(mentions)) } else { "@".to_owned() }}
            </span>
            <span class="heard-only">{move || (texts.get().mentions)(mentions)}</span>
        }
        .into_any()
    };
    (move || {
        let mentions = mentions.get();
        (mentions > 0).then(|| drawn(mentions))
    })
    .into_any()
}

/// How many are unread, where there are any.
pub fn badge(unread: Memo<u32>) -> AnyView {
    let texts = texts();
    let drawn = move |unread: u32| {
        view! {
            <span class="badge" aria-hidden="true">
                {counted(unread)}
            </span>
            <span class="heard-only">{move || (texts.get().unread)(unread)}</span>
        }
        .into_any()
    };
    view! {
        {move || {
            let unread = unread.get();
            (unread > 0).then(|| drawn(unread))
        }}
    }
    .into_any()
}

/// What stands for a conversation that is known: an icon for what there is one of, else a face.
pub fn picture(chat: Chat, id: ConversationId) -> AnyView {
    let known = move || chat.list.with(|list| list.get(id).cloned());
    // It stays of the kind that it is.
    let drawing = match untrack(known).map(|known| known.kind) {
        Some(ConversationKind::Direct | ConversationKind::Group) => None,
        Some(ConversationKind::Notes) => Some(Drawing::Notes),
        _ => Some(Drawing::Lobby),
    };
    if let Some(drawing) = drawing {
        return view! {
            <span class="entry__picture">
                <Icon of=drawing />
            </span>
        }
        .into_any();
    }
    let of = Memo::new(move |_| {
        let Some(known) = known() else {
            return Face::default();
        };
        match (&known.with, &known.group) {
            (Some(with), _) => Face::of_person(&person_now(chat, with.id)),
            (None, Some(group)) => Face::of_group(id, group),
            (None, None) => Face::default(),
        }
    });
    let is_here = move || {
        let with = known().and_then(|known| known.with.as_ref().map(|with| with.id));
        with.is_some_and(|with| chat.online.with(|online| online.contains(&with)))
    };
    face(of, "portrait", Signal::derive(is_here))
}
