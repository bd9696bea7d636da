//! What stands around a page of accounts: its head, its title, the links between pages. It does not know what is asked.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::form::{Label, say};
use crate::account::{Failure, accounts};
use crate::components::icon::Mark;
use crate::components::parts::Parts;
use crate::dom::{self, address};
use crate::preferences::{Language, LanguageChoice, preferences};
use crate::route::{Route, pages};
use crate::text::texts;

/// A link to another page, which is fetched as soon as someone is about to follow it.
pub fn link(route: Route, class: &'static str, test_id: &'static str, label: Label) -> AnyView {
    let pages = pages();
    let part = expect_context::<Parts>().of(route);
    let fetch = move || {
        if let Some(part) = part {
            part.fetch();
        }
    };
    view! {
        <a
            class=class
            href=route.address()
            data-testid=test_id
            on:pointerenter=move |_| fetch()
            on:focus=move |_| fetch()
            on:click=move |event| {
                if address::is_plain(&event) {
                    event.prevent_default();
                    pages.go(route);
                }
            }
        >
            {say(label)}
        </a>
    }
    .into_any()
}

/// The head of every page of accounts: the way back to the conversation, and the other language.
pub fn head() -> AnyView {
    let pages = pages();
    let preferences = preferences();
    let texts = texts();
    let other = move || match texts.get().language {
        Language::En => (LanguageChoice::Zh, Language::Zh),
        Language::Zh => (LanguageChoice::En, Language::En),
    };
    view! {
        <header class="page__head">
            <a
                class="page__brand"
                href=Route::Home.address()
                data-testid="to-lobby"
                title=say(|t| t.to_lobby)
                on:click=move |event| {
                    if address::is_plain(&event) {
                        event.prevent_default();
                        pages.go(Route::Home);
                    }
                }
            >
                <Mark />
                "Parley"
            </a>
            <button
                type="button"
                class="page__language"
                data-testid="other-language"
                lang=move || other().1.tag()
                on:click=move |_| preferences.set_language(other().0)
            >
                {say(|t| t.other_language)}
            </button>
        </header>
    }
    .into_any()
}

/// The window is called after the page, and whoever listens hears its heading first.
pub fn keep_title(label: Label, focus: &'static str) {
    let texts = texts();
    Effect::new(move |_| {
        let texts = &texts.get().account;
        dom::set_title(&(texts.title)(label(texts)));
    });
    Effect::new(move |_| dom::focus_soon(focus));
}

/// Whoever has no account signs in first.
pub fn members_only() {
    let (accounts, pages) = (accounts(), pages());
    spawn_local(async move {
        let is_nobody = match accounts.load_me().await {
            Ok(me) => me.account.is_none(),
            Err(failure) => matches!(failure, Failure::Refused(_)),
        };
        if is_nobody {
            pages.sign_in_first();
        }
    });
}

/// A page of which nothing else is known yet.
pub fn bare(body: AnyView) -> AnyView {
    view! {
        <div class="page">
            {head()} <main class="page__main">
                <div class="card">{body}</div>
            </main>
        </div>
    }
    .into_any()
}

/// A page for those who come in: one card in the middle. `focus` is the id of what is used first.
pub fn entrance(title: Label, focus: &'static str, body: Vec<AnyView>) -> AnyView {
    keep_title(title, focus);
    view! {
        <div class="page" data-testid="entrance">
            {head()}
            <main class="page__main">
                <div class="card">
                    <h1 class="card__title" id="page-title" tabindex="-1">
                        {say(title)}
                    </h1>
                    {body}
                </div>
            </main>
        </div>
    }
    .into_any()
}

/// A paragraph.
pub fn paragraph(class: &'static str, label: Label) -> AnyView {
    view! { <p class=class>{say(label)}</p> }.into_any()
}

/// A question with the link that answers it.
pub fn aside(question: Label, route: Route, test_id: &'static str, label: Label) -> AnyView {
    view! {
        <p class="card__aside">
            {say(question)} " " {link(route, "card__link", test_id, label)}
        </p>
    }
    .into_any()
}
