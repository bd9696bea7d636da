//! The dialog that says who someone is. It does not know what there is to say: that comes with the chunk of friends.

use leptos::html;
use leptos::prelude::*;

use super::profile::profile;
use crate::actions::actions;
use crate::components::account::form::{part, say};
use crate::components::chunk::{Chunk, chunk};
use crate::components::dialog::{self, CloseButton, Dialog};
use crate::route::Route;
use crate::state::Chat;

chunk! {
    /// Fetches what the card says.
    fn card() -> fn(Route) in people { draw }
}

/// Says who it is that is to be shown now, whichever page is.
fn draw(_: Route) -> AnyView {
    let chat = expect_context::<Chat>();
    match chat.shown_person.get_untracked() {
        Some(id) => profile(id),
        None => ().into_any(),
    }
}

/// The dialog, which opens when it is to be shown who someone is, whichever page is shown.
pub fn person_card() -> AnyView {
    let chat = expect_context::<Chat>();
    let actions = actions();
    let dialog = NodeRef::<html::Dialog>::new();
    let chunk = Chunk::new(card);
    let of = Memo::new(move |_| chat.shown_person.get());
    Effect::new(move |_| match of.get() {
        Some(_) => dialog::open(dialog),
        None => dialog::close(dialog),
    });
    // Who is shown once more is asked for once more.
    let body = part(move || match of.get() {
        Some(_) => chunk.show(Route::Home, |body| body),
        None => ().into_any(),
    });
    view! {
        <Dialog
            node_ref=dialog
            class="dialog"
            labelled_by="person-title"
            closed=move || actions.show_person(None)
        >
            <div class="dialog__head">
                <h2 class="dialog__title truncate" id="person-title" tabindex="-1">
                    {say(|t| t.profile)}
                </h2>
                <CloseButton dialog />
            </div>
            <div class="dialog__body dialog__body--card" data-testid="person-card">
                {body}
            </div>
        </Dialog>
    }
    .into_any()
}
