//! What can be done about a message or a conversation: about which, and where that opens. It does not know what can be done:
//! that comes with its chunk.
//!
//! The log and the list listen for all of their rows, so that a row costs nothing for it.

use leptos::prelude::*;
use leptos::{ev, html};
use parley_shared::ids::{ConversationId, MessageId};

use super::chunk::Chunk;
use super::dialog::{self, Dialog};
use crate::components::account::form::part;
use crate::dom::found;
use crate::route::Route;
use crate::text::texts;

pub mod conversation;
pub mod draw;
pub mod message;
pub mod reached;
pub mod versions;

/// What the menu is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A message of the conversation that is shown.
    Message(MessageId),
    /// The earlier versions of one.
    Versions(MessageId),
    /// A conversation.
    Conversation(ConversationId),
}

/// The menu, and what it is used for elsewhere. In context: [`menu`].
#[derive(Debug, Clone, Copy)]
pub struct Menu {
    about: RwSignal<Option<About>>,
    dialog: NodeRef<html::Dialog>,
    /// The message whose words stand in the field, to be changed.
    pub editing: RwSignal<Option<MessageId>>,
}

/// The menu, from context.
pub fn menu() -> Menu {
    expect_context::<Menu>()
}

impl Menu {
    /// A menu that is closed.
    pub fn provide() {
        provide_context(Self {
            about: RwSignal::new(None),
            dialog: NodeRef::new(),
            editing: RwSignal::new(None),
        });
    }

    /// Opens it beside an element.
    fn open(self, about: About, beside: &web_sys::Element) {
        self.about.set(Some(about));
        if let Some(dialog) = self.dialog.get_untracked() {
            found::place_beside(&dialog, beside);
        }
        dialog::open(self.dialog);
    }

    /// Shows something else in it.
    pub fn show(self, about: About) {
        self.about.set(Some(about));
    }

    /// Closes it.
    pub fn close(self) {
        dialog::close(self.dialog);
    }

    /// Something in the log was pressed: opens what it opens.
    pub fn pressed(self, event: &ev::MouseEvent) {
        if let Some(row) = found::around(event, MESSAGE)
            && let Some(id) = found::id_of(&row)
        {
            if let Some(button) = found::around(event, "[data-testid=message-more]") {
                self.open(About::Message(id), &button);
            } else if let Some(button) = found::around(event, "[data-testid=edited]") {
                self.open(About::Versions(id), &button);
            }
        }
    }

    /// The context menu of a message was asked for. A mouse has the browser's own.
    pub fn held_message(self, event: &ev::MouseEvent) {
        if let Some(row) = found::around(event, MESSAGE)
            && let Some(id) = found::id_of(&row)
            && found::is_held_or_keyed(event)
        {
            event.prevent_default();
            self.open(About::Message(id), &bubble_of(row));
        }
    }

    /// A key was pressed in the log; whether it opened the menu of the message that has the focus.
    pub fn keyed(self, event: &ev::KeyboardEvent) -> bool {
        let opens = matches!(event.key().as_str(), "Enter" | "ArrowRight");
        if let Some(row) = found::around(event, MESSAGE).filter(|row| found::is_on(event, row))
            && let Some(id) = found::id_of(&row)
            && opens
        {
            self.open(About::Message(id), &bubble_of(row));
            return true;
        }
        false
    }

    /// The context menu of a conversation in the list was asked for.
    pub fn held_conversation(self, event: &ev::MouseEvent) {
        if let Some(entry) = found::around(event, super::entry::ENTRIES)
            && let Some(id) = found::id_of(&entry)
        {
            event.prevent_default();
            self.open(About::Conversation(id), &entry);
        }
    }
}

/// A message of which there is something to be done: of what is erased there is nothing.
const MESSAGE: &str = "[data-testid=message]:not([data-deleted])";

/// What of a row is seen: the row itself is as wide as the log.
fn bubble_of(row: web_sys::Element) -> web_sys::Element {
    let bubble = row.query_selector(".message__bubble").ok().flatten();
    bubble.unwrap_or(row)
}

/// The dialog in which the menu opens.
pub fn menu_dialog() -> AnyView {
    let menu = menu();
    let texts = texts();
    let chunk = Chunk::new(draw::deeds);
    let body = part(move || match menu.about.get() {
        Some(_) => chunk.show(Route::Home, |body| body),
        None => ().into_any(),
    });
    view! {
        <Dialog
            node_ref=menu.dialog
            class="dialog menu"
            labelled_by="menu-title"
            closed=move || menu.about.set(None)
        >
            // Until the chunk that says it better is there.
            <p class="heard-only" id="menu-title">
                {move || texts.get().message_actions}
            </p>
            {body}
        </Dialog>
    }
    .into_any()
}
