//! A log without messages: because they are on their way, or because there are none. It does not know which.

use leptos::prelude::*;
use parley_shared::model::ConversationKind;

use super::shell::handles;
use crate::dom::pressed;
use crate::route::{Route, pages};
use crate::state::Chat;
use crate::text::texts;

/// Widths of the placeholders, as the style sheet numbers them, and whether they stand on one's own side.
const BONES: [(&str, bool); 8] = [
    ("2", false),
    ("1", false),
    ("1", true),
    ("4", false),
    ("3", true),
    ("1", false),
    ("2", true),
    ("3", false),
];

/// Messages are on their way. The same shapes as in the skeleton of `index.html`.
#[component]
pub fn Bones() -> impl IntoView {
    let texts = texts();
    let row = |(width, mine): (&'static str, bool)| {
        view! {
            <div class="bones__row" data-mine=mine>
                {(!mine).then(|| view! { <span class="bone bone--portrait"></span> })}
                <span class="bone bone--bubble" data-width=width></span>
            </div>
        }
    };
    view! {
        <div class="bones" data-testid="loading">
            <span class="heard-only">{move || texts.get().loading}</span>
            {BONES.map(row).collect_view()}
        </div>
    }
}

/// Nothing was said yet.
#[component]
pub fn Empty() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let text = move || {
        let texts = texts.get();
        match chat.conversation().map(|shown| shown.kind) {
            Some(ConversationKind::Direct) => texts.empty_direct,
            Some(ConversationKind::Group) => texts.empty_group,
            Some(ConversationKind::Notes) => texts.empty_notes,
            _ => texts.empty_text,
        }
    };
    view! {
        <div class="empty" data-testid="empty">
            <Picture />
            <h2 class="empty__title">{move || texts.get().empty_title}</h2>
            <p class="empty__text">{text}</p>
            <button
                type="button"
                class="button button--primary"
                on:click=pressed(move || handles.focus_composer())
            >
                {move || texts.get().empty_action}
            </button>
        </div>
    }
}

/// What was to be shown is not there, or not the reader's.
#[component]
pub fn Missing() -> impl IntoView {
    let pages = pages();
    let texts = texts();
    view! {
        <div class="log">
            <div class="empty" data-testid="missing">
                <Picture />
                <h2 class="empty__title">{move || texts.get().missing_title}</h2>
                <p class="empty__text">{move || texts.get().missing_text}</p>
                <button
                    type="button"
                    class="button button--primary"
                    data-testid="missing-action"
                    on:click=pressed(move || pages.go(Route::Home))
                >
                    {move || texts.get().missing_action}
                </button>
            </div>
        </div>
    }
}

/// In place of the field: why nobody writes here.
#[component]
pub fn Closed() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let why = move || {
        let texts = texts.get();
        let shown = chat.conversation();
        let with = shown.as_ref().and_then(|shown| shown.with.as_ref());
        match with.map(|with| with.deleted) {
            Some(true) => texts.closed_deleted,
            Some(false) => texts.closed_direct,
            None => texts.closed_group,
        }
    };
    view! {
        <div class="composer" data-testid="closed">
            <div class="column">
                <p class="closed">{why}</p>
            </div>
        </div>
    }
}

/// Two bubbles over a quiet horizon.
#[component]
fn Picture() -> impl IntoView {
    view! {
        <svg class="empty__picture" viewBox="0 0 240 150" aria-hidden="true">
            <ellipse class="picture__ground" cx="120" cy="134" rx="92" ry="9"></ellipse>
            <path
                class="picture__theirs"
                d="M32 40a22 22 0 0 1 22-22h76a22 22 0 0 1 22 22v20a22 22 0 0 1-22 22H66L42 97V79.500A22 22 0 0 1 32 60Z"
            ></path>
            <path class="picture__line" d="M58 42h68M58 58h42"></path>
            <path
                class="picture__mine"
                d="M214 82a20 20 0 0 0-20-20h-64a20 20 0 0 0-20 20v16a20 20 0 0 0 20 20h54l21 13v-16.500a20 20 0 0 0 9-16.500Z"
            ></path>
            <circle class="picture__dot" cx="146" cy="90" r="4"></circle>
            <circle class="picture__dot" cx="162" cy="90" r="4"></circle>
            <circle class="picture__dot" cx="178" cy="90" r="4"></circle>
            <path class="picture__spark" d="M196 22v12M190 28h12M20 104v8M16 108h8"></path>
        </svg>
    }
}
