//! The address of the page and the browser's history. It does not know what stands at which address.

use leptos::ev;
use leptos::prelude::window_event_listener;
use wasm_bindgen::JsValue;
use web_sys::MouseEvent;

use super::{dialog, window};

/// The path of the address, as in "/sign-in".
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// What stands in the address for the page alone, without the `#`: it never travels to the server.
pub fn fragment() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// Where the server is, as in "https://chat.example".
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// Shows another address, as one more step of the history, or in place of the step of an open dialog.
pub fn go(address: &str) {
    if dialog::leave_all() {
        replace(address);
    } else if let Ok(history) = window().history() {
        // A history that takes no entry costs the reader the "back" key and nothing else.
        drop(history.push_state_with_url(&JsValue::NULL, "", Some(address)));
    }
}

/// Closes what is open over the page, which stays.
pub fn stay() {
    dialog::leave_all();
}

/// Shows another address in place of the one of now.
pub fn replace(address: &str) {
    if let Ok(history) = window().history() {
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(address)));
    }
}

/// Calls whenever the reader goes back or forward, or changes the fragment by hand.
pub fn on_move(call: impl Fn() + 'static) {
    // Never removed: the page has one reader of addresses, for as long as it lives.
    let _handle = window_event_listener(ev::popstate, move |_| call());
}

/// Whether a click on a link means "here" and not a new window or a download.
pub fn is_plain(event: &MouseEvent) -> bool {
    event.button() == 0
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
        && !event.default_prevented()
}
