//! The dialog in which it is shown who someone is, wherever their portrait or name was pressed. It does not know what is said of them.

use leptos::html;
use leptos::prelude::*;

use super::pages::person_card;
use crate::actions::actions;
use crate::components::account::form::{part, say};
use crate::components::chunk::Chunk;
use crate::components::dialog::{self, CloseButton, Dialog};
use crate::state::Chat;

/// The dialog, which is open while someone is shown.
#[component]
pub fn ShownPerson() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let actions = actions();
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    let card = Chunk::new(person_card);
    let shown = Memo::new(move |_| chat.shown_person.get());
    Effect::new(move |_| {
        if shown.get().is_some() {
            dialog::open(dialog);
        } else {
            dialog::close(dialog);
        }
    });
    let body = part(move || match shown.get() {
        Some(id) => card.show(id, |around| around),
        None => ().into_any(),
    });
    let closed = Callback::new(move |()| actions.show_person(None));
    view! {
        <Dialog node_ref=dialog class="dialog" labelled_by="person-title" when_closed=closed>
            <div class="dialog__head">
                <h2 id="person-title" tabindex="-1">
                    {say(|t| t.profile)}
                </h2>
                <CloseButton dialog />
            </div>
            <div class="dialog__body" data-testid="person-card">
                {body}
            </div>
        </Dialog>
    }
}
