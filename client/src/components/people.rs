//! Who is there now. It does not know who ever was.

use leptos::prelude::*;
use parley_shared::ids::UserId;

use super::keyed::{Key, keyed, listed};
use super::person::{Portrait, person_now};
use super::said::{is_me, name_now};
use super::when::When;
use crate::actions::actions;
use crate::dom::{self, pressed};
use crate::order;
use crate::portrait::display_name;
use crate::state::Chat;
use crate::text::texts;

/// The people who are there, oneself first, the others by name.
#[component]
pub fn People() -> impl IntoView {
    let chat = expect_context::<Chat>();
    let texts = texts();
    let me = Memo::new(move |_| chat.me.with(|me| me.as_ref().map(|me| me.id)));
    let online = Memo::new(move |_| chat.presence.with(|presence| presence.online));
    let is_listed = Memo::new(move |_| {
        chat.presence
            .with(|presence| presence.people.is_some() || presence.online == 0)
    });
    let people = Memo::new(move |_| {
        let ids: Vec<UserId> = chat.presence.with(|presence| {
            let people = presence.people.iter().flatten();
            people.map(|person| person.id).collect()
        });
        let texts = texts.get();
        // Who changes their name is told of by itself, and not as someone who came or left.
        let mut people: Vec<_> = (ids.into_iter())
            .map(|id| {
                let person = person_now(chat, id);
                let name = dom::lower_case(&display_name(&person, texts));
                (Some(id) != me.get(), person.name.is_none(), name, id)
            })
            .collect();
        order::put(&mut people, |one, other| one < other);
        let sorted = people.into_iter().map(|(.., id)| (*id.as_bytes(), 0));
        sorted.collect::<Vec<Key>>()
    });
    view! {
        <section class="people" aria-labelledby="people-title">
            <h2 class="people__heading" id="people-title">
                {move || texts.get().people}
                <span class="people__number">{move || online.get().to_string()}</span>
            </h2>
            <ul
                class="people__list"
                data-testid="people"
                tabindex="0"
                aria-labelledby="people-title"
                use:keyed=listed(people, row)
            ></ul>
            <When holds=move || !is_listed.get()>
                <p class="people__note">{move || texts.get().people_not_listed}</p>
            </When>
        </section>
    }
}

fn row((id, _): Key) -> AnyView {
    let chat = expect_context::<Chat>();
    let (actions, texts) = (actions(), texts());
    let id = UserId::from_bytes(id);
    let is_me = Memo::new(move |_| is_me(chat, id));
    let inside = move || {
        view! {
            <Portrait of=Signal::derive(move || person_now(chat, id)) small=true present=true />
            <span class="truncate">{move || name_now(chat, id, texts.get())}</span>
            <When holds=is_me>
                <span class="person__you">{move || texts.get().you}</span>
            </When>
        }
        .into_any()
    };
    // A guest sees nothing but names.
    let may_ask = Memo::new(move |_| chat.standing.with(Option::is_some) && !is_me.get());
    let person = move || match may_ask.get() {
        true => view! {
            <button
                type="button"
                class="person person--button"
                data-testid="person"
                on:click=pressed(move || actions.show_person(Some(id)))
            >
                {inside()}
            </button>
        }
        .into_any(),
        false => view! { <div class="person">{inside()}</div> }.into_any(),
    };
    view! { <li>{person}</li> }.into_any()
}
