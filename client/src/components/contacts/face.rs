//! Someone's portrait with a sign of whether they are there, and what they are called. It does not know where they stand.

use leptos::prelude::*;
use parley_shared::ids::UserId;
use parley_shared::model::{Contact, Person};

use crate::components::account::form::{kept, part, say};
use crate::components::person::Portrait;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::Texts;

/// The name by which the reader knows someone, else the one that they gave themselves.
pub fn name_of(contact: &Contact, texts: &Texts) -> String {
    display_name(&as_known(contact), texts)
}

/// Someone under the name by which the reader knows them.
pub fn as_known(contact: &Contact) -> Person {
    let mut person = contact.person.clone();
    if contact.remark.is_some() {
        person.name.clone_from(&contact.remark);
    }
    person
}

/// Someone's portrait. Whether they are there is said to those who listen as well.
pub fn face(contact: &Contact) -> AnyView {
    let present = is_present(contact.person.id);
    let heard = part(move || {
        if present.get() {
            view! { <span class="heard-only">{say(|t| t.people().online)}</span> }.into_any()
        } else {
            ().into_any()
        }
    });
    view! {
        <Portrait of=as_known(contact) present=present />
        {heard}
    }
    .into_any()
}

/// Whether someone is there now, as far as the reader may know it.
pub fn is_present(id: UserId) -> Memo<bool> {
    let chat = expect_context::<Chat>();
    kept(move || {
        chat.online.with(|online| online.contains(&id))
            || chat.me.with(|me| me.as_ref().is_some_and(|me| me.id == id))
    })
}
