//! The sidebar: conversations, people, oneself. It does not know whether it stands beside the log or in a drawer.

use leptos::prelude::*;
use parley_shared::model::{ConversationKind, Person};

use super::account::door::door;
use super::conversations::{conversations, tools};
use super::dialog::CloseButton;
use super::icon::{Drawing, Icon, Mark};
use super::parts::Parts;
use super::people::People;
use super::person::Portrait;
use super::settings;
use super::shell::handles;
use super::when::When;
use crate::dom::pressed;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::texts;

/// The sidebar.
#[component]
pub fn Sidebar(#[prop(optional)] in_drawer: bool) -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let is_in_lobby = move || {
        let shown = chat.conversation();
        shown.is_none_or(|shown| shown.kind == ConversationKind::Lobby) && !chat.missing.get()
    };
    view! {
        <aside class="sidebar" aria-labelledby="sidebar-title">
            <div class="sidebar__brand">
                <Mark />
                <span id="sidebar-title">"Parley"</span>
                {tools()}
                {in_drawer.then(|| view! { <CloseButton dialog=handles.drawer /> })}
            </div>
            {conversations()}
            // Who is in another conversation, its own page says.
            <When holds=is_in_lobby>
                <People />
            </When>
            <div class="sidebar__foot">
                {door()}
                <Me />
            </div>
        </aside>
    }
}

/// Oneself, with the way to one's name and to the settings.
#[component]
fn Me() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let fields = expect_context::<Parts>().settings();
    let me = move |me: Person| {
        let name = display_name(&me, texts.get());
        view! {
            <button
                type="button"
                class="me__name"
                data-testid="name-button"
                title=move || texts.get().change_name
                on:pointerenter=move |_| fields.fetch()
                on:focus=move |_| fields.fetch()
                on:click=pressed(move || settings::open_name(handles))
            >
                <Portrait of=me present=true />
                <span class="me__text">
                    <span class="me__title truncate">{name}</span>
                    <span class="me__hint truncate">{move || texts.get().change_name}</span>
                </span>
            </button>
        }
        .into_any()
    };
    view! {
        <div class="me">
            {move || chat.me.get().map(me)}
            <button
                type="button"
                class="icon-button"
                data-testid="settings-button"
                aria-label=move || texts.get().settings
                title=move || texts.get().settings
                on:pointerenter=move |_| fields.fetch()
                on:focus=move |_| fields.fetch()
                on:click=pressed(move || settings::open(handles))
            >
                <Icon of=Drawing::Settings />
            </button>
        </div>
    }
}
