//! One message: who, what, when, and how far it has come. It does not know its neighbours.

use std::time::Duration;

use leptos::prelude::*;
use parley_shared::ids::{MessageId, UserId};
use parley_shared::model::Person;
use parley_shared::protocol::{ChatMessage, Refusal};

use super::account::form::part;
use super::icon::{Drawing, Icon, SmallIcon};
use super::message_state::{Shown, State, What, shown};
use super::message_text::{draw_text, is_emoji_only};
use super::person::{Portrait, shows_person};
use super::said::{happened, name_now};
use super::talk::{has_sign, talk};
use crate::actions::actions;
use crate::dates;
use crate::dom::{self, pressed};
use crate::portrait::{display_name, hue};
use crate::state::{Chat, Reach};
use crate::text::{Texts, texts};

/// Long enough to be noticed.
const COPIED_SHOWN_FOR: Duration = Duration::from_secs(2);

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
    let author = Memo::new(move |_| {
        let author = shown.with(|shown| shown.as_ref().map(|shown| shown.author.clone()));
        author.unwrap_or(Person::unnamed(UserId::from_bytes([0; 16])))
    });
    let is_deleted =
        Memo::new(move |_| body.with(|body| matches!(body, Some(ChatMessage::Deleted { .. }))));
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
            data-deleted=move || is_deleted.get()
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
                    <Body body author />
                    <Meta shown at_ms state mine />
                </div>
                {more()}
                {doubt(shown)}
                {move || match state.get() {
                    State::Failed(id, reason) => {
                        Some(view! { <Failure id reason body /> }.into_any())
                    }
                    _ => None,
                }}
            </div>
        </article>
    }
}

/// The texts in the language of the moment. The log draws its rows anew in another: not each of them waits for that.
fn texts_of_rows() -> &'static Texts {
    texts().get_untracked()
}

/// Something that happened to the conversation, in the middle of the log.
pub fn happening(id: MessageId) -> AnyView {
    let chat = expect_context::<Chat>();
    let texts = texts_of_rows();
    let shown = shown(chat, id);
    let said = Memo::new(move |_| match shown.get() {
        Some(Shown {
            what: What::Confirmed(message),
            ..
        }) => match &message.body {
            ChatMessage::Notice { notice } => happened(chat, notice, message.author, texts),
            _ => String::new(),
        },
        _ => String::new(),
    });
    let at_ms = Memo::new(move |_| shown.with(|shown| shown.as_ref().map_or(0, Shown::at_ms)));
    view! {
        <div class="happening" data-testid="happening" data-id=id.to_string() dir="auto">
            {move || said.get()}
            <time
                class="happening__time"
                datetime=move || dates::machine(at_ms.get())
                title=move || dates::exact(at_ms.get(), texts)
            >
                {move || dates::time(at_ms.get(), texts)}
            </time>
            {doubt(shown)}
        </div>
    }
    .into_any()
}

/// That a message is not what was written, if that was found.
fn doubt(shown: RwSignal<Option<Shown>>) -> AnyView {
    let texts = texts_of_rows();
    let is_doubted =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().is_some_and(|it| it.is_doubted)));
    let said = move || {
        view! {
            <p class="message__doubt" data-testid="message-doubt">
                <SmallIcon of=Drawing::Alert />
                {texts.doubted}
            </p>
        }
        .into_any()
    };
    part(move || match is_doubted.get() {
        true => said(),
        false => ().into_any(),
    })
}

/// The author's name. It is always there for those who listen.
#[component]
fn Author(#[prop(into)] author: Signal<Person>, is_seen: bool) -> impl IntoView {
    let texts = texts_of_rows();
    view! {
        <span
            class=if is_seen { "message__author truncate" } else { "heard-only" }
            data-testid="message-author"
        >
            {move || author.with(|author| display_name(author, texts))}
        </span>
    }
}

#[component]
fn Body(body: Memo<Option<ChatMessage>>, #[prop(into)] author: Signal<Person>) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let (talk, texts) = (talk(), texts_of_rows());
    let erased = move |by: UserId| match author.with(|author| author.id == by) {
        true => texts.message_deleted.to_owned(),
        false => (texts.message_deleted_by)(&name_now(chat, by, texts)),
    };
    view! {
        <span
            class="message__text"
            data-testid="message-text"
            data-unknown=move || body.with(|body| matches!(body, Some(ChatMessage::Unknown)))
            dir="auto"
        >
            {move || body.with(|body| match body {
                // Who the reader is matters to what mentions someone alone.
                Some(ChatMessage::Text { text }) if has_sign(text) => {
                    chat.standing
                        .with(|me| {
                            draw_text(text, me.as_ref().map(|me| me.user_name.as_str()), talk)
                        })
                        .into_any()
                }
                Some(ChatMessage::Text { text }) => draw_text(text, None, talk).into_any(),
                // It has a row of its own.
                Some(ChatMessage::Notice { .. }) => ().into_any(),
                Some(ChatMessage::Deleted { by, .. }) => erased(*by).into_any(),
                Some(ChatMessage::Unknown) => texts.unknown_content.into_any(),
                None => ().into_any(),
            })}
        </span>
    }
}

/// The button that opens what can be done about a message. The log listens for it.
fn more() -> AnyView {
    let texts = texts_of_rows();
    view! {
        // Arrows lead to a message and Enter into its menu; hundreds of stops for Tab would be none for anyone.
        <button
            type="button"
            class="message__more"
            data-testid="message-more"
            tabindex="-1"
            aria-haspopup="menu"
            aria-label=texts.message_actions
            title=texts.message_actions
        >
            <Icon of=Drawing::More />
        </button>
    }
    .into_any()
}

/// That it has other words than at first. The log listens for it.
fn edited(at_ms: u64) -> AnyView {
    let texts = texts_of_rows();
    let title = (texts.edited_at)(&dates::exact(at_ms, texts));
    view! {
        <button
            type="button"
            class="message__edited"
            data-testid="edited"
            tabindex="-1"
            aria-haspopup="dialog"
            title=title
        >
            {texts.edited}
        </button>
    }
    .into_any()
}

/// How far one's own message has come, as it is drawn.
fn mark(state: &State, reach: Reach, texts: &Texts) -> (Drawing, &'static str) {
    match (state, reach) {
        (State::Waiting, _) => (Drawing::Clock, texts.waiting),
        (State::Stored, _) => (Drawing::Check, texts.stored),
        (State::Failed(..), _) => (Drawing::Alert, texts.failed),
        (State::Sent, Reach::Sent) => (Drawing::Check, texts.sent),
        (State::Sent, Reach::Delivered) => (Drawing::Checks, texts.delivered),
        (State::Sent, Reach::Read) => (Drawing::Checks, texts.read),
    }
}

/// When it was said, whether it was changed, and for one's own how far it has come.
#[component]
fn Meta(
    shown: RwSignal<Option<Shown>>,
    at_ms: Memo<u64>,
    state: Memo<State>,
    mine: bool,
) -> impl IntoView {
    let texts = texts_of_rows();
    let edited_ms =
        Memo::new(move |_| shown.with(|shown| shown.as_ref().and_then(Shown::edited_ms)));
    let reach = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().map_or(Reach::Sent, |shown| shown.reach))
    });
    let mark = move || {
        let (drawing, name) = state.with(|state| mark(state, reach.get(), texts));
        view! {
            <span
                class="message__mark"
                data-testid="mark"
                data-read=reach.get() == Reach::Read
                title=name
            >
                <SmallIcon of=drawing />
                <span class="heard-only">{name}</span>
            </span>
        }
        .into_any()
    };
    view! {
        <span class="message__meta">
            {move || edited_ms.get().map(edited)}
            <time
                data-testid="message-time"
                datetime=move || dates::machine(at_ms.get())
                title=move || dates::exact(at_ms.get(), texts)
            >
                {move || dates::time(at_ms.get(), texts)}
            </time>
            {move || mine.then(mark)}
        </span>
    }
}

/// Why a message was not sent, and what can be done about it.
#[component]
fn Failure(id: MessageId, reason: Refusal, body: Memo<Option<ChatMessage>>) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let actions = actions();
    let texts = texts();
    let is_copied = RwSignal::new(false);
    let copy = move || {
        let refused = chat.timeline.with_untracked(|timeline| {
            let mut pending = timeline.pending().iter();
            pending.find(|it| it.id == id).map(|it| it.body.clone())
        });
        // Of what was erased meanwhile the row shows nothing, and of what could not be erased it shows what stands there.
        let text = |body| match body {
            Some(ChatMessage::Text { text }) => Some(text),
            _ => None,
        };
        if let Some(text) = text(refused).or_else(|| text(body.get_untracked())) {
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
