//! Who is there now. It does not know who ever was.

use leptos::prelude::*;
use parley_shared::ids::UserId;
use parley_shared::model::Person;

use super::person::{Portrait, person_now};
use super::when::When;
use crate::actions::actions;
use crate::dom::{self, pressed};
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
        let people = ids.into_iter().map(|id| person_now(chat, id));
        let mut people: Vec<_> = people
            .map(|person| {
                let name = dom::lower_case(&display_name(&person, texts));
                let order = (
                    Some(person.id) != me.get(),
                    person.name.is_none(),
                    name,
                    person.id,
                );
                (order, person)
            })
            .collect();
        people.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let sorted = people.into_iter().map(|(_, person)| person);
        sorted.collect::<Vec<Person>>()
    });
    view! {
        <section class="people" aria-labelledby="people-title">
            <h2 class="people__heading" id="people-title">
                {move || texts.get().people}
                <span class="people__number">{move || online.get().to_string()}</span>
            </h2>
            <ul class="people__list" data-testid="people" tabindex="0" aria-labelledby="people-title">
                <For
                    each=move || people.get()
                    key=|person| (person.id, person.name.clone())
                    children=move |person| row(person, me)
                />
            </ul>
            <When holds=move || !is_listed.get()>
                <p class="people__note">{move || texts.get().people_not_listed}</p>
            </When>
        </section>
    }
}

fn row(person: Person, me: Memo<Option<UserId>>) -> impl IntoView {
    let texts = texts();
    let id = person.id;
    let shown = person;
    let chat = expect_context::<Chat>();
    let actions = actions();
    let is_me = Memo::new(move |_| me.get() == Some(id));
    let inside = move || {
        let shown = shown.clone();
        view! {
            <Portrait of=shown.clone() small=true present=true />
            <span class="truncate">{move || display_name(&shown, texts.get())}</span>
            <When holds=is_me>
                <span class="person__you">{move || texts.get().you}</span>
            </When>
        }
        .into_any()
    };
    // A guest sees nothing but names.
    let may_ask = Memo::new(move |_| chat.standing.with(Option::is_some) && !is_me.get());
    view! {
        <li>
            {move || match may_ask.get() {
                true => {
                    view! {
                        <button
                            type="button"
                            class="person person--button"
                            data-testid="person"
                            on:click=pressed(move || actions.show_person(Some(id)))
                        >
                            {inside()}
                        </button>
                    }
                        .into_any()
                }
                false => view! { <div class="person">{inside()}</div> }.into_any(),
            }}
        </li>
    }
}
