//! People to choose for a group: one's friends, or everyone who is found where all may write to each other. It does not know
//! what they are chosen for.

use leptos::prelude::*;
use parley_shared::api::contacts::{ContactList, Contacts};
use parley_shared::api::server::ContactPolicy;
use parley_shared::ids::UserId;
use parley_shared::limits::PEOPLE_ADDED_MAX;
use parley_shared::model::{Contact, Person, Relation};

use super::paged::{Entry, Page, Paged};
use super::row::{portrait, text};
use crate::account::{Asked, accounts};
use crate::components::account::form::{Label, say};
use crate::components::account::listing::fact;
use crate::components::contacts::face::name_of;
use crate::components::icon::{Drawing, SmallIcon};
use crate::text::texts;

/// Those who are chosen, and those who can be.
#[derive(Clone, Copy)]
pub struct Picker {
    chosen: RwSignal<Vec<Contact>>,
    paged: Paged,
    policy: ContactPolicy,
}

impl Picker {
    /// Nobody is chosen. Made anew wherever one is drawn.
    pub fn open() -> Self {
        let server = untrack(|| accounts().server());
        let policy = server
            .map(|server| server.policy.contact)
            .unwrap_or_default();
        let chosen = RwSignal::new(Vec::new());
        let accounts = accounts();
        let ask = move |_: Paged, name: String, after: Option<String>| -> Asked<Page> {
            let is_search = !name.is_empty();
            let asked = if is_search {
                accounts.found(&name, after)
            } else {
                accounts.contacts(ContactList::Friends, after)
            };
            Box::pin(async move {
                let Contacts { contacts, next } = asked.await?;
                let fitting = contacts.into_iter();
                let fitting = fitting.filter(|contact| can_come(contact, policy));
                Ok((
                    fitting.map(|contact| entry(contact, chosen)).collect(),
                    next,
                ))
            })
        };
        Self {
            chosen,
            paged: Paged::new(ask),
            policy,
        }
    }

    /// Who is chosen.
    pub fn ids(self) -> Vec<UserId> {
        self.chosen.with_untracked(|chosen| {
            let ids = chosen.iter().map(|contact| contact.person.id);
            ids.collect()
        })
    }

    /// Those who can be chosen, with those who are above them.
    pub fn view(self) -> AnyView {
        let is_team = self.policy == ContactPolicy::Team;
        let label: Label = if is_team {
            |t| t.groups().find_people
        } else {
            |t| t.groups().find_friends
        };
        let none = move || {
            let label: Label = match (self.paged.name().trim().is_empty(), is_team) {
                (false, _) => |t| t.groups().nobody_found,
                (true, false) => |t| t.groups().no_friends,
                (true, true) => |t| t.groups().no_people,
            };
            view! { <p class="listing__none">{say(label)}</p> }.into_any()
        };
        view! {
            <div class="picker" data-testid="picker">
                {self.chips()}
                {self.paged.search("find-person", label)}
                <div class="picker__list">{self.paged.view(label, none)}</div>
            </div>
        }
        .into_any()
    }

    fn chips(self) -> AnyView {
        let chosen = self.chosen;
        let texts = texts();
        let number = move || {
            let texts = texts.get().account.groups();
            match chosen.with(Vec::len) {
                0 => String::new(),
                people => (texts.chosen)(people, PEOPLE_ADDED_MAX),
            }
        };
        let chip = move |contact: Contact| {
            let id = contact.person.id;
            let name = move || name_of(&contact, texts.get());
            let shown = name.clone();
            view! {
                <li>
                    <button
                        type="button"
                        class="chip"
                        data-testid="chosen"
                        aria-label=move || (texts.get().account.groups().choose_not)(&name())
                        on:click=move |_| chosen.update(|chosen| chosen.retain(|c| c.person.id != id))
                    >
                        <span class="truncate">{move || shown()}</span>
                        <SmallIcon of=Drawing::Close />
                    </button>
                </li>
            }
            .into_any()
        };
        view! {
            <p class="field__hint" role="status" data-testid="chosen-number">
                {number}
            </p>
            <ul class="chips" hidden=move || chosen.with(Vec::is_empty)>
                <For
                    each=move || chosen.get()
                    key=|contact| contact.person.id
                    children=chip
                />
            </ul>
        }
        .into_any()
    }
}

/// Whether someone can be brought in; what the page cannot know, the server says.
fn can_come(contact: &Contact, policy: ContactPolicy) -> bool {
    let knows = policy == ContactPolicy::Team || contact.relation == Relation::Friend;
    knows && !contact.blocked && !contact.person.deleted
}

fn entry(contact: Contact, chosen: RwSignal<Vec<Contact>>) -> Entry {
    let Person { id, .. } = contact.person;
    let version = format!("{:?}{:?}", contact.person, contact.remark);
    Entry::new(id.to_string(), version, move || choice(&contact, chosen))
}

fn choice(contact: &Contact, chosen: RwSignal<Vec<Contact>>) -> AnyView {
    let texts = texts();
    let id = contact.person.id;
    let is_chosen =
        Memo::new(move |_| chosen.with(|chosen| chosen.iter().any(|c| c.person.id == id)));
    let is_full = move || !is_chosen.get() && chosen.with(Vec::len) >= PEOPLE_ADDED_MAX;
    let picture = portrait(&contact.person);
    let named = contact.clone();
    let title = view! { <span>{move || name_of(&named, texts.get())}</span> }.into_any();
    let user_name = contact.user_name.clone();
    let facts = user_name.map(|name| fact(move || format!("@{name}")));
    let taken = contact.clone();
    view! {
        <li>
            <label class="record record--pictured record--choice">
                {picture}
                <span class="record__text">{text(title, facts.into_iter().collect())}</span>
                <input
                    type="checkbox"
                    class="tick"
                    data-testid="choose-person"
                    prop:checked=move || is_chosen.get()
                    disabled=is_full
                    on:change=move |event| {
                        let is_taken = event_target_checked(&event);
                        chosen
                            .update(|chosen| {
                                chosen.retain(|c| c.person.id != id);
                                if is_taken {
                                    chosen.push(taken.clone());
                                }
                            });
                    }
                />
            </label>
        </li>
    }
    .into_any()
}
