//! Opens and closes dialogs, each with an entry in the browser's history, so that "back" closes the topmost. It does not know what they show.

use std::cell::{Cell, RefCell};

use leptos::ev;
use leptos::prelude::window_event_listener;
use wasm_bindgen::JsValue;
use web_sys::{Element, Event, HtmlDialogElement};

use super::{target_of, window};

thread_local! {
    /// The open dialogs, the topmost last.
    static OPEN: RefCell<Vec<HtmlDialogElement>> = const { RefCell::new(Vec::new()) };
    /// Steps back that the page asked for itself: their news is no news.
    static OWN_STEPS: Cell<u32> = const { Cell::new(0) };
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Opens a dialog over the page.
pub fn open(dialog: &HtmlDialogElement) {
    if dialog.open() || dialog.show_modal().is_err() {
        return;
    }
    listen();
    OPEN.with_borrow_mut(|open| open.push(dialog.clone()));
    if let Ok(history) = window().history() {
        // A history that takes no entry costs the reader the "back" key and nothing else.
        drop(history.push_state(&JsValue::NULL, ""));
    }
}

/// Closes a dialog.
pub fn close(dialog: &HtmlDialogElement) {
    dialog.close();
    closed(dialog);
}

/// To be called when a dialog was closed, by whatever means, and before it is taken from the page.
pub fn closed(dialog: &HtmlDialogElement) {
    let was_open = OPEN.with_borrow_mut(|open| {
        let before = open.len();
        open.retain(|other| other != dialog);
        open.len() < before
    });
    if was_open && let Ok(history) = window().history() {
        OWN_STEPS.set(OWN_STEPS.get() + 1);
        drop(history.back());
    }
}

/// Closes all dialogs because the page goes elsewhere; whether there were any. The history then stands
/// at the entry of the topmost, which the new address takes over.
pub fn leave_all() -> bool {
    let open = OPEN.with_borrow_mut(std::mem::take);
    for dialog in &open {
        dialog.close();
    }
    !open.is_empty()
}

/// Whether an event came from the shade around a dialog, and not from what is in it.
pub fn is_backdrop(event: &impl AsRef<Event>, dialog: &HtmlDialogElement) -> bool {
    // What is in a dialog covers it wholly, so nothing else can be the target.
    target_of(event).is_some_and(|target| &target == AsRef::<web_sys::EventTarget>::as_ref(dialog))
}

/// The element inside a dialog that matches a selector.
pub fn inside(dialog: &HtmlDialogElement, selector: &str) -> Option<Element> {
    dialog.query_selector(selector).ok().flatten()
}

fn listen() {
    if LISTENING.replace(true) {
        return;
    }
    // Never removed: it serves every dialog that the page will open.
    let _handle = window_event_listener(ev::popstate, |_| {
        if OWN_STEPS.get() > 0 {
            OWN_STEPS.set(OWN_STEPS.get() - 1);
        } else if let Some(topmost) = OPEN.with_borrow_mut(Vec::pop) {
            topmost.close();
        }
    });
}
