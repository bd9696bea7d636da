//! A person's portrait and name, as they are now. They do not know where they stand.

use leptos::prelude::*;
use parley_shared::ids::UserId;
use parley_shared::model::Person;

use crate::portrait::{hue, short_form};
use crate::state::Chat;

/// A person as they are named now; one of whom nothing is known has only their id.
pub fn person_now(chat: Chat, id: UserId) -> Person {
    chat.people
        .with(|people| people.get(&id).cloned())
        .unwrap_or(Person::unnamed(id))
}

/// A person's hue and short form. Decoration: their name stands beside it.
#[component]
pub fn Portrait(
    #[prop(into)] of: Signal<Person>,
    /// Smaller, for lists.
    #[prop(optional)]
    small: bool,
    /// Whether to show that they are present.
    #[prop(optional)]
    present: bool,
) -> impl IntoView {
    view! {
        <span
            class="portrait"
            class:portrait--small=small
            data-hue=move || of.with(|person| hue(person.id)).to_string()
            aria-hidden="true"
        >
            {move || of.with(short_form)}
            {present.then(|| view! { <span class="portrait__present"></span> })}
        </span>
    }
}
