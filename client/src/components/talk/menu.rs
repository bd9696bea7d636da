//! What can be done about a message or a conversation: about which, and where that opens. It does not know what is done.

use leptos::html;
use leptos::prelude::*;
use parley_shared::ids::{ConversationId, MessageId};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

use super::Surface;
use crate::components::account::form::part;
use crate::components::dialog::{self, Dialog};
use crate::components::entry::{ENTRIES, OPENERS};
use crate::dom::found;
use crate::text::texts;

use conversation::of_conversation;
use message::of_message;
use versions::versions;

mod conversation;
mod draw;
mod message;
mod rank;
mod reached;
mod versions;

/// What the menu is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// A message of the conversation that is shown.
    Message(MessageId),
    /// The earlier versions of one.
    Versions(MessageId),
    /// A conversation.
    Conversation(ConversationId),
}

/// The menu. In context: [`menu`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Menu {
    about: RwSignal<Option<About>>,
    dialog: NodeRef<html::Dialog>,
}

/// The menu, from context.
fn menu() -> Menu {
    expect_context::<Menu>()
}

impl Menu {
    /// A menu that is closed.
    pub(super) fn provide() -> Self {
        let menu = Self {
            about: RwSignal::new(None),
            dialog: NodeRef::new(),
        };
        provide_context(menu);
        menu
    }

    /// Calls once it can be opened.
    pub(super) fn on_load(self, call: impl FnOnce() + 'static) {
        self.dialog.on_load(move |_| call());
    }

    /// Opens it beside an element.
    fn open(self, about: About, beside: &Element) -> bool {
        self.about.set(Some(about));
        if let Some(dialog) = self.dialog.get_untracked() {
            found::place_beside(&dialog, beside);
        }
        dialog::open(self.dialog);
        true
    }

    /// Shows something else in it.
    fn show(self, about: About) {
        self.about.set(Some(about));
    }

    /// Closes it.
    fn close(self) {
        dialog::close(self.dialog);
    }

    /// Something happened in the log or the list: whether the menu opened for it.
    pub(super) fn hear(self, surface: Surface, event: &Event) -> bool {
        match (surface, event.type_().as_str()) {
            (Surface::Log, "click") => self.pressed(event),
            (Surface::Log, "contextmenu") => self.held_message(event),
            (Surface::Log, _) => self.keyed(event),
            (Surface::List, "click") => self.of_conversation(event, OPENERS),
            (Surface::List, _) => self.of_conversation(event, ENTRIES),
        }
    }

    /// Something in the log was pressed: opens what it opens.
    fn pressed(self, event: &Event) -> bool {
        if let Some(row) = found::around(event, MESSAGE)
            && let Some(id) = found::id_of(&row)
        {
            if let Some(button) = found::around(event, "[data-testid=message-more]") {
                return self.open(About::Message(id), &button);
            } else if let Some(button) = found::around(event, "[data-testid=edited]") {
                return self.open(About::Versions(id), &button);
            }
        }
        false
    }

    /// The context menu of a message was asked for. A mouse has the browser's own.
    fn held_message(self, event: &Event) -> bool {
        if let Some(row) = found::around(event, MESSAGE)
            && let Some(id) = found::id_of(&row)
            && event
                .dyn_ref::<MouseEvent>()
                .is_some_and(found::is_held_or_keyed)
        {
            event.prevent_default();
            return self.open(About::Message(id), &bubble_of(row));
        }
        false
    }

    /// A key was pressed in the log; whether it opened the menu of the message that has the focus.
    fn keyed(self, event: &Event) -> bool {
        let event = event.dyn_ref::<KeyboardEvent>();
        let opens = |event: &&KeyboardEvent| matches!(event.key().as_str(), "Enter" | "ArrowRight");
        if let Some(event) = event.filter(opens)
            && let Some(row) = found::around(event, MESSAGE).filter(|row| found::is_on(event, row))
            && let Some(id) = found::id_of(&row)
        {
            return self.open(About::Message(id), &bubble_of(row));
        }
        false
    }

    /// The menu of a conversation in the list was asked for, by its button or as the context menu of its entry:
    /// `asked_at` matches that. Where there is no button there is nothing to be done.
    fn of_conversation(self, event: &Event, asked_at: &str) -> bool {
        if let Some(element) = found::around(event, asked_at)
            && let Some(row) = element.parent_element()
            && let Ok(Some(_)) = row.query_selector(OPENERS)
            && let Some(id) = found::id_of(&element)
        {
            event.prevent_default();
            return self.open(About::Conversation(id), &element);
        }
        false
    }
}

/// A message of which there is something to be done: of what is erased there is nothing.
const MESSAGE: &str = "[data-testid=message]:not([data-deleted])";

/// What of a row is seen: the row itself is as wide as the log.
fn bubble_of(row: Element) -> Element {
    let bubble = row.query_selector(".message__bubble").ok().flatten();
    bubble.unwrap_or(row)
}

/// The dialog in which the menu opens.
pub(super) fn menu_dialog() -> AnyView {
    let menu = menu();
    let texts = texts();
    let body = part(move || match menu.about.get() {
        Some(About::Message(id)) => of_message(id),
        Some(About::Versions(id)) => versions(id),
        Some(About::Conversation(id)) => of_conversation(id),
        None => ().into_any(),
    });
    view! {
        <Dialog
            node_ref=menu.dialog
            class="dialog menu"
            labelled_by="menu-title"
            closed=move || menu.about.set(None)
        >
            <p class="heard-only" id="menu-title">
                {move || match menu.about.get() {
                    Some(About::Conversation(_)) => texts.get().conversation_actions,
                    _ => texts.get().message_actions,
                }}
            </p>
            {body}
        </Dialog>
    }
    .into_any()
}
