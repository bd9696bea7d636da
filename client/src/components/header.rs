//! The head of the conversation: its name, who is there, who types. It does not know the messages.

use leptos::prelude::*;

use super::dialog;
use super::icon::{Drawing, Icon};
use super::link_banner::{LinkNews, link_news};
use super::shell::handles;
use super::when::When;
use crate::dom::pressed;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::texts;

/// The head of the conversation.
#[component]
pub fn Header() -> impl IntoView {
    let texts = texts();
    view! {
        <header class="header">
            <div class="header__text">
                <h1 class="header__title truncate">{move || texts.get().lobby}</h1>
                <Status />
            </div>
            <PeopleButton />
        </header>
    }
}

/// The line below the name: how the connection stands, else who types, else how many are there.
#[component]
fn Status() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let news = link_news();
    let typing = Memo::new(move |_| {
        let texts = texts.get();
        chat.typing.with(|people| {
            let names: Vec<String> = people.iter().map(|p| display_name(p, texts)).collect();
            (!names.is_empty()).then(|| (texts.typing)(&names))
        })
    });
    let status = move || {
        let texts = texts.get();
        match news.get() {
            LinkNews::Connecting => ("waiting", texts.connecting.to_owned()),
            LinkNews::Lost { .. } | LinkNews::Outdated | LinkNews::SignedOut => {
                ("waiting", texts.offline.to_owned())
            }
            LinkNews::None => {
                let online = chat.presence.with(|presence| presence.online);
                ("present", (texts.online)(online))
            }
        }
    };
    let status = Memo::new(move |_| status());
    let shown_typing = move || typing.get().filter(|_| news.get() == LinkNews::None);
    view! {
        <div class="header__status">
            // Who types takes the place of the number, which stays for those who listen.
            <span class:heard-only=move || shown_typing().is_some() class="header__status">
                <span class="header__dot" data-tone=move || status.get().0></span>
                <span class="truncate" data-testid="people-count">{move || status.get().1}</span>
            </span>
            {move || {
                shown_typing()
                    .map(|names| {
                        view! {
                            <span class="typing" data-testid="typing">
                                <span class="typing__dots" aria-hidden="true"><i></i><i></i><i></i></span>
                                <span class="truncate">{names}</span>
                            </span>
                        }
                            .into_any()
                    })
            }}
        </div>
    }
}

/// Where there is no sidebar: the way to it.
#[component]
fn PeopleButton() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let handles = handles();
    let texts = texts();
    let online = Memo::new(move |_| chat.presence.with(|presence| presence.online));
    view! {
        <When holds=move || !handles.wide.get()>
            <button
                type="button"
                class="header__people"
                data-testid="people-button"
                aria-haspopup="dialog"
                aria-label=move || (texts.get().show_people)(online.get())
                on:click=pressed(move || dialog::open(handles.drawer))
            >
                <Icon of=Drawing::People />
                <span aria-hidden="true">{move || online.get().to_string()}</span>
            </button>
        </When>
    }
}
