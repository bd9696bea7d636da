//! The page, put together: state, actions, the socket and what is shown. It does not know how any of them works.

use futures_util::StreamExt as _;
use leptos::ev;
use leptos::prelude::*;
use parley_shared::ids::MessageId;
use parley_shared::json;
use wasm_bindgen_futures::spawn_local;

use crate::account::Accounts;
use crate::actions::Actions;
use crate::api::Api;
use crate::components::Page;
use crate::outbox::{KeptMessage, Shelf};
use crate::preferences::Preferences;
use crate::route::Pages;
use crate::socket::{self, SocketEnds};
use crate::state::chat;
use crate::storage;
use crate::sync::Sync;

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
    let actions = Actions::new(Sync::new(chat, write, Box::new(BrowserShelf)), commands);
    provide_context(chat);
    provide_context(actions);
    let accounts = Accounts::new(api, actions);
    let pages = Pages::load();
    provide_context(accounts);
    provide_context(pages);
    provide_context(Preferences::load());

    spawn_local(async move {
        while let Some(event) = events.next().await {
            actions.take(event);
        }
    });
    accounts.watch(chat, pages);
    // A page without an answer shows what needs none.
    spawn_local(async move { drop(accounts.look().await) });
    watch_page(actions);
    view! { <Page/> }
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

/// Keeps messages that wait in the browser's local storage, each under its own key.
struct BrowserShelf;

const SHELF_PREFIX: &str = "parley.outbox.";

impl Shelf for BrowserShelf {
    fn keep(&self, message: &KeptMessage) {
        let text = serde_json::to_string(message).expect("its keys are strings");
        storage::write(&format!("{SHELF_PREFIX}{}", message.id), &text);
    }

    fn forget(&self, id: MessageId) {
        storage::erase(&format!("{SHELF_PREFIX}{id}"));
    }

    fn all(&self) -> Vec<KeptMessage> {
        storage::read_all(SHELF_PREFIX)
            .into_iter()
            // What an older page kept in another form cannot be sent any more.
            .filter_map(|(_, text)| json::read(&text).ok())
            .collect()
    }
}
