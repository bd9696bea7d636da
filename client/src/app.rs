//! The page, put together: state, actions, the socket and what is shown. It does not know how any of them works.

use futures_util::StreamExt as _;
use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::*;
use parley_shared::limits::{BURST_GAP_MS, GATHER_MS};
use wasm_bindgen_futures::spawn_local;

use crate::account::Accounts;
use crate::actions::Actions;
use crate::api::Api;
use crate::clock;
use crate::components::Page;
use crate::dom;
use crate::preferences::Preferences;
use crate::route::{Pages, Route};
use crate::socket::{self, SocketEnds};
use crate::state::{Chat, chat};
use crate::storage;
use crate::sync::Sync;

mod shelf;

use shelf::{BrowserShelf, LAST_OPEN};

/// The page, connected to the server that it came from.
#[component]
pub fn App() -> impl IntoView {
    let (ends, page) = socket::channels();
    spawn_local(socket::run(socket::address(), page));
    view! { <ConnectedApp ends api=Api::of_browser()/> }
}

/// The page, connected to whoever holds the other ends.
#[component]
pub fn ConnectedApp(
    /// The page's ends of the channels to the socket.
    ends: SocketEnds,
    /// Whoever answers the page's questions.
    api: Api,
) -> impl IntoView {
    let (chat, write) = chat();
    let SocketEnds {
        commands,
        mut events,
    } = ends;
    let shelf = BrowserShelf::default();
    let actions = Actions::new(Sync::new(chat, write, Box::new(shelf.clone())), commands);
    provide_context(chat);
    provide_context(actions);
    let accounts = Accounts::new(api, actions);
    let pages = Pages::load();
    provide_context(accounts);
    provide_context(pages);
    provide_context(Preferences::load());

    spawn_local(async move {
        // What the server says comes after what was kept, and in its place.
        actions.recall(shelf.open(actions).await);
        let (mut last_ms, mut in_burst) = (0, false);
        while let Some(event) = events.next().await {
            let mut is_message = event.is_message();
            actions.take(event);
            if !is_message {
                continue;
            }
            while is_message && let Ok(event) = events.try_recv() {
                is_message = event.is_message();
                actions.take(event);
            }
            // In a burst messages are gathered, and drawn together and at rest, while the page shows what is typed.
            let before_ms = std::mem::replace(&mut last_ms, clock::now_ms());
            let is_burst = last_ms < before_ms + BURST_GAP_MS;
            if std::mem::replace(&mut in_burst, is_burst) != is_burst {
                dom::mark_document("data-burst", &is_burst.to_string());
            }
            if is_burst {
                TimeoutFuture::new(GATHER_MS).await;
            }
        }
    });
    on_cleanup(storage::database::leave_turn);
    accounts.watch(chat, pages);
    // A page without an answer shows what needs none.
    spawn_local(async move { drop(accounts.look().await) });
    accounts.keep_contacts(chat);
    keep_open(chat, actions, pages);
    watch_page(actions);
    view! { <Page/> }
}

/// Shows the conversation of the address, and remembers it.
fn keep_open(chat: Chat, actions: Actions, pages: Pages) {
    let last = storage::read(LAST_OPEN).and_then(|id| id.parse().ok());
    let last = last
        .map(Route::Conversation)
        .filter(|_| pages.is_shown(Route::Home));
    if let Some(last) = last {
        pages.go_instead(last);
    }
    Effect::new(move |_| match pages.shown() {
        Route::Home => actions.open(None),
        Route::Conversation(id) => actions.open(Some(id)),
        _ => {}
    });
    Effect::new(move |_| {
        let is_lobby = |open| chat.list.with_untracked(|list| list.lobby()) == Some(open);
        match (chat.open.get(), chat.missing.get()) {
            (Some(open), _) if !is_lobby(open) => storage::write(LAST_OPEN, &open.to_string()),
            (None, false) => {}
            (Some(_), _) => storage::erase(LAST_OPEN),
            (None, true) => {
                storage::erase(LAST_OPEN);
                // Nobody asked for it just now.
                if last.is_some_and(|last| pages.is_shown(last)) {
                    pages.go_instead(Route::Home);
                }
            }
        }
    });
}

/// Tells the actions when the network or the reader goes and comes back.
fn watch_page(actions: Actions) {
    let visibility = move || {
        let is_visible = !document().hidden();
        actions.set_page_visible(is_visible);
        if is_visible {
            // Timers sleep in a page that nobody sees, so the connection may be long dead.
            actions.reconnect_now();
        }
    };
    actions.set_page_visible(!document().hidden());
    // The event is told to the document and rises to the window.
    let seen = window_event_listener(ev::visibilitychange, move |_| visibility());
    let online = window_event_listener(ev::online, move |_| actions.reconnect_now());
    on_cleanup(move || {
        seen.remove();
        online.remove();
    });
}
