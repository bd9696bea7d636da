//! The dialog that says who someone is. It does not know what there is to say: that comes with the chunk of friends.

use leptos::html;
use leptos::prelude::*;
use parley_shared::ids::UserId;

use crate::actions::actions;
use crate::components::chunk::{Chunk, chunk};
use crate::components::dialog::{self, CloseButton, Dialog};
use crate::components::person::{Portrait, person_now};
use crate::components::said::name_now;
use crate::state::Chat;
use crate::text::texts;

chunk! {
    /// Fetches what the card says.
    fn card() -> fn(UserId) in people { draw }
}

/// The dialog, which opens when it is to be shown who someone is.
pub fn person_card() -> AnyView {
    let chat = expect_context::<Chat>();
    let (actions, texts) = (actions(), texts());
    let dialog = NodeRef::<html::Dialog>::new();
    let chunk = Chunk::new(card);
    // What is shown stays while the dialog closes.
    let of = Memo::new(move |before: Option<&Option<UserId>>| {
        chat.shown_person.get().or(before.copied().flatten())
    });
    Effect::new(move |_| match chat.shown_person.get() {
        Some(_) => dialog::open(dialog),
        None => dialog::close(dialog),
    });
    let title = move || {
        let of = of.get();
        of.map_or_else(String::new, |id| name_now(chat, id, texts.get()))
    };
    view! {
        <Dialog
            node_ref=dialog
            class="dialog"
            labelled_by="person-title"
            closed=move || actions.show_person(None)
        >
            <div class="dialog__head">
                <h2 class="dialog__title truncate" id="person-title">
                    {title}
                </h2>
                <CloseButton dialog />
            </div>
            {move || of.get().map(|id| chunk.show(id, |body| body))}
        </Dialog>
    }
    .into_any()
}

/// What there is to say of someone.
fn draw(id: UserId) -> AnyView {
    let chat = expect_context::<Chat>();
    let of = Signal::derive(move || person_now(chat, id));
    view! { <Portrait of /> }.into_any()
}
