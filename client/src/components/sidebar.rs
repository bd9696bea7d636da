//! The sidebar: conversations, people, oneself. It does not know whether it stands beside the log or in a drawer.

use leptos::prelude::*;
use parley_shared::model::Person;

use super::account::door::door;
use super::dialog::{self, CloseButton};
use super::icon::{Drawing, Icon, Mark};
use super::people::People;
use super::person::Portrait;
use super::said::said_by;
use super::settings::open_name;
use super::shell::handles;
use crate::dom::pressed;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::texts;

/// The sidebar.
#[component]
pub fn Sidebar(#[prop(optional)] in_drawer: bool) -> impl IntoView {
    let handles = handles();
    view! {
        <aside class="sidebar" aria-labelledby="sidebar-title">
            <div class="sidebar__brand">
                <Mark />
                <span id="sidebar-title">"Parley"</span>
                {in_drawer.then(|| view! { <CloseButton dialog=handles.drawer /> })}
            </div>
            <Conversations />
            <People />
            <div class="sidebar__foot">
                {door()}
                <Me />
            </div>
        </aside>
    }
}

/// The conversations; so far there is the Lobby.
#[component]
fn Conversations() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let unread = Memo::new(move |_| chat.unread.with(|unread| unread.count));
    let preview = preview();
    view! {
        <nav class="sidebar__conversations" aria-label=move || texts.get().conversations>
            <ul>
                <li>
                    <button
                        type="button"
                        class="entry"
                        aria-current="true"
                        on:click=pressed(move || {
                            dialog::close(handles.drawer);
                            handles.focus_composer();
                        })
                    >
                        <span class="entry__picture">
                            <Icon of=Drawing::Lobby />
                        </span>
                        <span class="entry__body">
                            <span class="entry__title truncate">{move || texts.get().lobby}</span>
                            <span class="entry__preview truncate">{move || preview()}</span>
                        </span>
                        {move || {
                            let count = unread.get();
                            (count > 0)
                                .then(|| {
                                    view! {
                                        <span class="badge" aria-hidden="true">
                                            {if count > 99 { "99+".to_owned() } else { count.to_string() }}
                                        </span>
                                        <span class="heard-only">{(texts.get().jump)(count)}</span>
                                    }
                                        .into_any()
                                })
                        }}
                    </button>
                </li>
            </ul>
        </nav>
    }
}

/// The beginning of the newest message, with who said it.
fn preview() -> impl Fn() -> String + Copy {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let newest = Memo::new(move |_| {
        chat.timeline
            .with(|timeline| timeline.messages().next_back().cloned())
    });
    move || {
        let texts = texts.get();
        newest.get().map_or_else(String::new, |message| {
            // More than fits is never seen.
            let said = said_by(chat, &message.body, message.author, texts);
            said.chars().take(120).collect()
        })
    }
}

/// Oneself, with the way to one's name and to the settings.
#[component]
fn Me() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let me = move |me: Person| {
        let name = display_name(&me, texts.get());
        view! {
            <button
                type="button"
                class="me__name"
                data-testid="name-button"
                title=move || texts.get().change_name
                on:click=pressed(move || open_name(handles))
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
                on:click=pressed(move || dialog::open(handles.settings))
            >
                <Icon of=Drawing::Settings />
            </button>
        </div>
    }
}
