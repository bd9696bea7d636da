//! What a message said before it was changed. It does not know who changed it: only its author may.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::api::versions::{Version, Versions};
use parley_shared::ids::MessageId;
use parley_shared::protocol::ChatMessage;

use super::draw::panel;
use crate::account::accounts;
use crate::components::account::form::{Form, button, part};
use crate::components::account::listing::Listing;
use crate::components::message_text::draw_text;
use crate::components::talk::talk;
use crate::dates;
use crate::state::Chat;
use crate::text::texts;

/// The versions of a message, the newest first: what it says now, and below what it said before.
pub(super) fn versions(id: MessageId) -> AnyView {
    let chat = expect_context::<Chat>();
    let (accounts, form) = (accounts(), Form::new());
    let Some(conversation) = chat.open.get_untracked() else {
        return ().into_any();
    };
    let listing = Listing::new(move || accounts.versions(conversation, id, None));
    let more = move |next: String| {
        form.run(async move {
            let page = accounts.versions(conversation, id, Some(next)).await?;
            listing.update(|found| {
                found.versions.extend(page.versions);
                found.next = page.next;
            });
            Ok(None)
        });
    };
    // A message may be changed once more while one looks, or erased.
    let edited_ms = Memo::new(move |_| {
        chat.timeline
            .with(|timeline| timeline.message(id).and_then(|message| message.edited_ms))
    });
    Effect::new(move |before: Option<Option<u64>>| {
        let now = edited_ms.get();
        if now.is_some() && before.is_some_and(|before| before != now) {
            spawn_local(listing.reload());
        }
        now
    });
    let is_erased = Memo::new(move |_| {
        chat.timeline.with(|timeline| {
            let message = timeline.message(id);
            message.is_some_and(|message| matches!(message.body, ChatMessage::Deleted { .. }))
        })
    });
    let texts = texts();
    let show = move |found: Versions| {
        let next = found.next.clone();
        let more = next.map(|next| {
            let more = button(
                "button",
                "more-versions",
                |t| t.more,
                move || more(next.clone()),
            );
            view! { <div class="form__actions">{more}</div> }.into_any()
        });
        let is_whole = found.next.is_none();
        let last = found.versions.len().saturating_sub(1);
        let drawn = found.versions.iter().enumerate().rev();
        let drawn: Vec<AnyView> = drawn
            .map(|(index, version)| one(version, index == 0, is_whole && index == last))
            .collect();
        view! {
            {more}
            {form.news()}
            <ol class="versions" reversed=true>
                {drawn}
            </ol>
        }
        .into_any()
    };
    let body = part(move || match is_erased.get() {
        true => view! { <p>{move || texts.get().message_deleted}</p> }.into_any(),
        false => listing.view(show),
    });
    panel("versions-panel", |texts| texts.talk().versions, vec![body])
}

fn one(version: &Version, is_first: bool, is_newest: bool) -> AnyView {
    let texts = texts();
    let at_ms = version.at_ms;
    let text = match &version.body {
        ChatMessage::Text { text } => draw_text(text, None, talk()).into_any(),
        _ => (move || texts.get().unknown_content).into_any(),
    };
    let tag = move || {
        let talk = texts.get().talk();
        match (is_newest, is_first) {
            (true, _) => Some(talk.version_now),
            (_, true) => Some(talk.version_first),
            _ => None,
        }
    };
    view! {
        <li class="version" data-testid="version">
            <p class="version__head">
                <time datetime=dates::machine(at_ms)>
                    {move || dates::exact(at_ms, texts.get())}
                </time>
                {move || tag().map(|tag| view! { <span class="tag">{tag}</span> }.into_any())}
            </p>
            <p class="version__text" dir="auto" data-testid="version-text">
                {text}
            </p>
        </li>
    }
    .into_any()
}
