//! A list of people that is fetched in pages and follows what becomes of them. It does not know who is on it.

use std::rc::Rc;

use leptos::prelude::*;
use leptos::reactive::effect::ImmediateEffect;
use leptos::task::spawn_local;
use parley_shared::api::contacts::{ContactList, Contacts};
use parley_shared::ids::UserId;
use parley_shared::model::{Contact, Relation};

use super::deeds::{Desk, deeds};
use super::face::{face, name_of};
use super::order::settle;
use crate::account::{Asked, Failure};
use crate::actions::actions;
use crate::clock::now_ms;
use crate::components::account::form::{Form, Label, button, kept, part, say, words};
use crate::components::account::listing::{Listing, waiting};
use crate::dates;
use crate::dom;
use crate::state::Chat;
use crate::text::texts;

/// How a page is fetched that comes after another.
type Load = Rc<dyn Fn(Option<String>) -> Asked<Contacts>>;

/// A list of people.
#[derive(Clone, Copy)]
pub struct Roll {
    listing: Listing<Contacts>,
    load: StoredValue<Load, LocalStorage>,
    form: Form,
    /// Whether it was fetched in several pages, so that its end is worth a word.
    is_long: RwSignal<bool>,
}

/// How a list stands.
#[derive(Debug, Clone, PartialEq)]
enum Stand {
    Waiting,
    Failed(Failure),
    Empty,
    Some,
}

impl Roll {
    /// A list that is fetched by `load` when it is wanted. It follows what becomes of its people: with a
    /// list they come and go, without one they stay where they were found.
    pub fn new(
        list: Option<ContactList>,
        load: impl Fn(Option<String>) -> Asked<Contacts> + 'static,
    ) -> Self {
        let load: Load = Rc::new(load);
        let first = load.clone();
        let roll = Self {
            listing: Listing::idle(move || first(None)),
            load: StoredValue::new_local(load),
            form: Form::new(),
            is_long: RwSignal::new(false),
        };
        roll.follow(list);
        roll
    }

    /// Fetches the first page.
    pub fn fetch(self) {
        self.is_long.set(false);
        spawn_local(self.listing.reload());
    }

    /// Forgets whom it had.
    pub fn forget(self) {
        self.listing.forget();
    }

    /// Whether it is known who stands in it, or that this cannot be known now. Tracked.
    pub fn is_settled(self) -> bool {
        self.listing.with(|found| found.is_some())
    }

    /// Whether there is anyone in it. Tracked.
    pub fn has_any(self) -> bool {
        self.listing
            .with(|found| matches!(found, Some(Ok(found)) if !found.contacts.is_empty()))
    }

    /// Whether it could not be fetched. Tracked.
    pub fn has_failed(self) -> bool {
        self.listing.with(|found| matches!(found, Some(Err(_))))
    }

    /// Whose they are. Tracked.
    pub fn people(self) -> Vec<UserId> {
        self.listing.with(|found| match found {
            Some(Ok(found)) => found.contacts.iter().map(|c| c.person.id).collect(),
            _ => Vec::new(),
        })
    }

    fn follow(self, list: Option<ContactList>) {
        let chat = expect_context::<Chat>();
        // At once: of two facts that come together, one that waits would see the second alone.
        ImmediateEffect::new_scoped(move || {
            let Some(contact) = chat.contact.get() else {
                return;
            };
            self.listing.update(|found| {
                let key = |contact: &Contact| {
                    dom::lower_case(contact.person.name.as_deref().unwrap_or_default())
                };
                let has_more = found.next.is_some();
                settle(&mut found.contacts, &contact, list, has_more, key);
            });
            // What is on its way may be older than this.
            if untrack(|| self.listing.is_loading()) {
                spawn_local(self.listing.reload());
            }
        });
    }

    /// The list, or how it stands.
    pub fn view(self, desk: Desk, none: Label) -> AnyView {
        let stand = kept(move || {
            self.listing.with(|found| match found {
                None => Stand::Waiting,
                Some(Err(failure)) => Stand::Failed(failure.clone()),
                Some(Ok(found)) if found.contacts.is_empty() => Stand::Empty,
                Some(Ok(_)) => Stand::Some,
            })
        });
        let shown = part(move || match stand.get() {
            Stand::Waiting => waiting(),
            Stand::Failed(failure) => self.listing.failed(failure),
            Stand::Empty => view! { <p class="listing__none">{say(none)}</p> }.into_any(),
            Stand::Some => self.rows(desk),
        });
        view! { <div class="listing">{shown}</div> }.into_any()
    }

    fn rows(self, desk: Desk) -> AnyView {
        let all = move || {
            self.listing.with(|found| match found {
                Some(Ok(found)) => found.contacts.clone(),
                _ => Vec::new(),
            })
        };
        // A row is drawn anew when what it says is another; the others keep the focus.
        let key = |contact: &Contact| {
            let Contact {
                person,
                remark,
                relation,
                blocked,
                ..
            } = contact;
            let said = (person.name.clone(), person.picture, remark.clone());
            (person.id, said, *relation, *blocked)
        };
        view! {
            <ul class="records">
                <For each=all key=key children=move |contact| row(&contact, desk) />
            </ul>
            {self.foot()}
        }
        .into_any()
    }

    fn foot(self) -> AnyView {
        let has_more = kept(move || {
            self.listing
                .with(|found| matches!(found, Some(Ok(found)) if found.next.is_some()))
        });
        part(move || {
            if has_more.get() {
                let more = button("button", "more-people", |t| t.more, move || self.more());
                return view! { <div class="form__actions">{more}</div> {self.form.news()} }
                    .into_any();
            }
            let is_long = self.is_long.get();
            is_long
                .then(|| view! { <p class="listing__end">{say(|t| t.people().end)}</p> })
                .into_any()
        })
    }

    fn more(self) {
        let next = self.listing.get_untracked().and_then(|found| found.next);
        let Some(load) = self.load.try_get_value().filter(|_| next.is_some()) else {
            return;
        };
        self.form.run(async move {
            let page = load(next).await?;
            self.is_long.try_set(true);
            self.listing.update(|found| {
                // Whoever moved between the two pages stands in both.
                let is_new = |contact: &Contact| {
                    let id = contact.person.id;
                    !found.contacts.iter().any(|known| known.person.id == id)
                };
                let new: Vec<Contact> = page.contacts.into_iter().filter(is_new).collect();
                found.contacts.extend(new);
                found.next = page.next;
            });
            Ok(None)
        });
    }
}

/// One of them.
fn row(contact: &Contact, desk: Desk) -> AnyView {
    let actions = actions();
    let texts = texts();
    let form = Form::new();
    let id = contact.person.id;
    let name = name_of(contact, texts.get_untracked());
    view! {
        <li class="record contact" data-testid="contact" data-id=id.to_string()>
            <button
                type="button"
                class="contact__who"
                data-testid="contact-who"
                aria-haspopup="dialog"
                on:click=move |_| actions.show_person(Some(id))
            >
                {face(contact)}
                {names(contact)}
            </button>
            <div class="record__actions">{deeds(contact, &name, form, desk)}</div>
            {form.news()}
        </li>
    }
    .into_any()
}

/// What someone is called, by themselves as well where the reader has another name for them.
fn names(contact: &Contact) -> AnyView {
    let texts = texts();
    let shown = contact.clone();
    let own_name = contact
        .remark
        .is_some()
        .then(|| contact.person.name.clone());
    let user_name = contact.user_name.clone();
    let facts = [
        own_name.flatten(),
        user_name.map(|user_name| format!("@{user_name}")),
    ];
    let facts: Vec<AnyView> = facts
        .into_iter()
        .flatten()
        .map(|fact| view! { <span class="truncate">{fact}</span> }.into_any())
        .collect();
    let is_waiting = matches!(contact.relation, Relation::Incoming | Relation::Outgoing);
    let asked_ms = contact.since_ms.filter(|_| is_waiting && !contact.blocked);
    let asked = asked_ms.map(|at_ms| {
        let when = move || dates::listed(at_ms, now_ms(), texts.get());
        view! {
            <time class="contact__when" datetime=dates::machine(at_ms)>
                {words(when)}
            </time>
        }
    });
    view! {
        <span class="contact__text">
            <span class="contact__name truncate" data-testid="contact-name">
                {words(move || name_of(&shown, texts.get()))}
            </span>
            <span class="contact__facts">{facts} {asked}</span>
        </span>
    }
    .into_any()
}
