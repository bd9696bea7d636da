//! A native dialog that closes by its button, by Esc, by a press beside it and by "back". It does not know what is in it.

use leptos::html;
use leptos::prelude::*;

use super::icon::{Drawing, Icon};
use crate::dom::{dialog, pressed};
use crate::text::texts;

/// The handle by which a dialog is opened and closed.
pub type DialogRef = NodeRef<html::Dialog>;

/// Opens a dialog, if it is on the page.
pub fn open(dialog: DialogRef) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog::open(&dialog);
    }
}

/// Closes a dialog, if it is on the page.
pub fn close(dialog: DialogRef) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog::close(&dialog);
    }
}

/// A dialog. What stands in it names it by an element with the id `labelled_by`.
#[component]
pub fn Dialog(
    node_ref: DialogRef,
    class: &'static str,
    labelled_by: &'static str,
    /// What is done when it was closed, by whatever means.
    #[prop(optional, into)]
    closed: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    // A press that began inside, as when a word is selected, does not close it.
    let pressed_beside = StoredValue::new(false);
    let is_beside = move |event: &web_sys::Event| {
        let dialog = node_ref.get_untracked();
        dialog.is_some_and(|dialog| dialog::is_backdrop(event, &dialog))
    };
    let forget = move || {
        if let Some(dialog) = node_ref.get_untracked() {
            dialog::closed(&dialog);
        }
    };
    on_cleanup(forget);
    view! {
        <dialog
            node_ref=node_ref
            class=class
            aria-labelledby=labelled_by
            on:pointerdown=move |event| pressed_beside.set_value(is_beside(&event))
            on:click=move |event| {
                if pressed_beside.get_value() && is_beside(&event) {
                    close(node_ref);
                }
            }
            on:close=move |_| {
                forget();
                if let Some(closed) = closed {
                    closed.run(());
                }
            }
        >
            {children()}
        </dialog>
    }
}

/// The button that closes a dialog.
#[component]
pub fn CloseButton(dialog: DialogRef) -> impl IntoView {
    let texts = texts();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-label=move || texts.get().close
            title=move || texts.get().close
            on:click=pressed(move || close(dialog))
        >
            <Icon of=Drawing::Close />
        </button>
    }
}
