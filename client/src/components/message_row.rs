//! One message: who, what, when, and how far it has come. It does not know its neighbours.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use parley_shared::ids::MessageId;
use parley_shared::model::{Message, Person};
use parley_shared::protocol::{ChatMessage, Refusal};
use parley_shared::timeline::{Pending, PendingState};

use super::icon::{Drawing, SmallIcon};
use super::message_text::{draw_text, is_emoji_only};
use super::person::{Portrait, person_now, shows_person};
use super::said::happened;
use crate::actions::actions;
use crate::dates;
use crate::dom::{self, pressed};
use crate::portrait::{display_name, hue};
use crate::state::Chat;
use crate::text::texts;

/// Long enough to be noticed.
const COPIED_SHOWN_FOR: Duration = Duration::from_secs(2);

/// A message as the timeline has it now.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Confirmed(Arc<Message>),
    Pending(Pending),
}

impl Shown {
    fn body(&self) -> &ChatMessage {
        match self {
            Self::Confirmed(message) => &message.body,
            Self::Pending(pending) => &pending.body,
        }
    }

    fn at_ms(&self) -> u64 {
        match self {
            Self::Confirmed(message) => message.sent_ms,
            Self::Pending(pending) => pending.written_ms,
        }
    }

    fn state(&self) -> State {
        match self {
            Self::Confirmed(_) => State::Sent,
            Self::Pending(pending) => match &pending.state {
                PendingState::Waiting => State::Waiting,
                PendingState::Stored => State::Stored,
                PendingState::Failed(reason) => State::Failed(reason.clone()),
            },
        }
    }
}

/// How far a message has come.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Waiting,
    Stored,
    Sent,
    Failed(Refusal),
}

impl State {
    const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Stored => "stored",
            Self::Sent => "sent",
            Self::Failed(_) => "failed",
        }
    }
}

/// A message. It keeps its element from the moment it is written until it leaves the window.
#[component]
pub fn MessageRow(
    id: MessageId,
    mine: bool,
    /// Whether it begins a run of its author, and so names them.
    first: bool,
) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let actions = actions();
    let shown = shown(chat, id);
    let body = Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|s| s.body().clone())));
    let at_ms = Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or(0, Shown::at_ms)));
    let state = Memo::new(move |_| shown.with(|s| s.as_ref().map_or(State::Sent, Shown::state)));
    let author = author(chat, shown);
    let is_emoji = Memo::new(move |_| {
        body.with(|body| matches!(body, Some(ChatMessage::Text { text }) if is_emoji_only(text)))
    });
    view! {
        <article
            class="message"
            tabindex="-1"
            data-testid="message"
            data-id=id.to_string()
            data-mine=mine.to_string()
            data-state=move || state.with(State::name)
            data-first=first
            data-emoji=move || is_emoji.get()
            data-hue=move || author.with(|author| hue(author.id)).to_string()
        >
            {(first && !mine)
                .then(|| {
                    view! {
                        // A picture says no name: whoever listens has the name beside it.
                        <div
                            class="message__portrait"
                            on:click=shows_person(chat, actions, move || {
                                author.with_untracked(|author| author.id)
                            })
                        >
                            <Portrait of=author />
                        </div>
                    }
                })}
            <div class="message__body">
                <div class="message__bubble">
                    <Author author is_seen=first && !mine />
                    <Body body />
                    <Meta at_ms state mine />
                </div>
                {move || match state.get() {
                    State::Failed(reason) => Some(view! { <Failure id reason body /> }.into_any()),
                    _ => None,
                }}
            </div>
        </article>
    }
}

/// Something that happened to the conversation, in the middle of the log.
pub fn happening(id: MessageId) -> AnyView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let shown = shown(chat, id);
    let said = Memo::new(move |_| match shown.get() {
        Some(Shown::Confirmed(message)) => match &message.body {
            ChatMessage::Notice { notice } => happened(chat, notice, message.author, texts.get()),
            _ => String::new(),
        },
        _ => String::new(),
    });
    let at_ms = Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or(0, Shown::at_ms)));
    view! {
        <p class="happening" data-testid="happening" data-id=id.to_string() dir="auto">
            {move || said.get()}
            <time
                class="happening__time"
                datetime=move || dates::machine(at_ms.get())
                title=move || dates::exact(at_ms.get(), texts.get())
            >
                {move || dates::time(at_ms.get(), texts.get())}
            </time>
        </p>
    }
    .into_any()
}

fn shown(chat: Chat, id: MessageId) -> Memo<Option<Shown>> {
    Memo::new(move |_| {
        chat.timeline.with(|timeline| {
            if let Some(message) = timeline.message(id) {
                return Some(Shown::Confirmed(message.clone()));
            }
            let pending = timeline.pending().iter().find(|pending| pending.id == id);
            pending.cloned().map(Shown::Pending)
        })
    })
}

/// The author as they are named now; of a message on its way, the reader.
fn author(chat: Chat, shown: Memo<Option<Shown>>) -> Signal<Person> {
    let id = Memo::new(move |_| {
        let confirmed = shown.with(|shown| match shown {
            Some(Shown::Confirmed(message)) => Some(message.author),
            _ => None,
        });
        confirmed.or_else(|| chat.me.with(|me| me.as_ref().map(|me| me.id)))
    });
    let nobody = parley_shared::ids::UserId::from_bytes([0; 16]);
    Memo::new(move |_| person_now(chat, id.get().unwrap_or(nobody))).into()
}

/// The author's name. It is always there for those who listen.
#[component]
fn Author(#[prop(into)] author: Signal<Person>, is_seen: bool) -> impl IntoView {
    let texts = texts();
    view! {
        <span
            class=if is_seen { "message__author truncate" } else { "heard-only" }
            data-testid="message-author"
        >
            {move || author.with(|author| display_name(author, texts.get()))}
        </span>
    }
}

#[component]
fn Body(body: Memo<Option<ChatMessage>>) -> impl IntoView {
    let texts = texts();
    view! {
        <span
            class="message__text"
            data-testid="message-text"
            data-unknown=move || body.with(|body| matches!(body, Some(ChatMessage::Unknown)))
            dir="auto"
        >
            {move || body.with(|body| match body {
                Some(ChatMessage::Text { text }) => draw_text(text).into_any(),
                // It has a row of its own.
                Some(ChatMessage::Notice { .. }) => ().into_any(),
                Some(ChatMessage::Deleted { .. }) => texts.get().message_deleted.into_any(),
                Some(ChatMessage::Unknown) => texts.get().unknown_content.into_any(),
                None => ().into_any(),
            })}
        </span>
    }
}

/// When it was said, and for one's own how far it has come.
#[component]
fn Meta(at_ms: Memo<u64>, state: Memo<State>, mine: bool) -> impl IntoView {
    let texts = texts();
    let mark = move || {
        let texts = texts.get();
        let (drawing, name) = match state.get() {
            State::Waiting => (Drawing::Clock, texts.waiting),
            State::Stored => (Drawing::Check, texts.stored),
            State::Sent => (Drawing::Check, texts.sent),
            State::Failed(_) => (Drawing::Alert, texts.failed),
        };
        view! {
            <SmallIcon of=drawing />
            <span class="heard-only">{name}</span>
        }
        .into_any()
    };
    view! {
        <span class="message__meta">
            <time
                data-testid="message-time"
                datetime=move || dates::machine(at_ms.get())
                title=move || dates::exact(at_ms.get(), texts.get())
            >
                {move || dates::time(at_ms.get(), texts.get())}
            </time>
            {move || mine.then(mark)}
        </span>
    }
}

/// Why a message was not sent, and what can be done about it.
#[component]
fn Failure(id: MessageId, reason: Refusal, body: Memo<Option<ChatMessage>>) -> impl IntoView {
    let actions = actions();
    let texts = texts();
    let is_copied = RwSignal::new(false);
    let copy = move || {
        if let Some(ChatMessage::Text { text }) = body.get_untracked() {
            dom::copy(&text);
            is_copied.set(true);
            let forget = move || {
                is_copied.try_set(false);
            };
            set_timeout(forget, COPIED_SHOWN_FOR);
        }
    };
    let copy_label = move || match is_copied.get() {
        true => texts.get().copied,
        false => texts.get().copy,
    };
    view! {
        <div class="message__failure">
            <span class="message__reason">{move || (texts.get().refusal)(&reason)}</span>
            <button
                type="button"
                class="message__action"
                data-testid="retry"
                on:click=pressed(move || actions.retry(id))
            >
                {move || texts.get().retry}
            </button>
            <button type="button" class="message__action" data-testid="copy" on:click=pressed(copy)>
                {move || copy_label()}
            </button>
            <button
                type="button"
                class="message__action"
                data-testid="discard"
                on:click=pressed(move || actions.discard(id))
            >
                {move || texts.get().discard}
            </button>
        </div>
    }
}
