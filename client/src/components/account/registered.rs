//! Everyone who has an account, as those see them who look after the server. It does not know who is there now.

use leptos::prelude::*;
use parley_shared::api::people::{ChangeActive, ChangeRole, People, Registered};
use parley_shared::ids::UserId;
use parley_shared::model::Role;

use super::choice::shown_once;
use super::door::role_label;
use super::form::{Form, button, part, say, sure_button};
use super::frame::paragraph;
use super::listing::{Listing, entries, entry, fact, mark};
use crate::account::accounts;
use crate::components::icon::{Drawing, Icon};
use crate::dates;
use crate::portrait::display_name;
use crate::text::texts;

/// What an entry can do.
#[derive(Clone, Copy)]
struct Desk {
    form: Form,
    listing: Listing<People>,
    code: RwSignal<Option<String>>,
    role: Role,
    me: Option<UserId>,
}

impl Desk {
    fn replace(self, person: Registered) {
        self.listing.update(|found| {
            let mut people = found.people.iter_mut();
            if let Some(known) = people.find(|known| known.person.id == person.person.id) {
                *known = person;
            }
        });
    }
}

/// The section of people.
pub fn registered() -> AnyView {
    let accounts = accounts();
    let me = untrack(|| accounts.me());
    let desk = Desk {
        form: Form::new(),
        listing: Listing::new(move || accounts.people(None)),
        code: RwSignal::new(None),
        role: me
            .as_ref()
            .and_then(|me| me.account.as_ref())
            .map_or(Role::Member, |account| account.standing.role),
        me: me.map(|me| me.person.id),
    };
    let Desk {
        form,
        listing,
        code,
        ..
    } = desk;
    let more = move || {
        form.run(async move {
            let next = listing.get_untracked().and_then(|found| found.next);
            let page = accounts.people(next).await?;
            listing.update(|found| {
                found.people.extend(page.people);
                found.next = page.next;
            });
            Ok(None)
        });
    };
    let show = move |found: People| {
        let has_more = found.next.is_some();
        let all = found.people.into_iter();
        let all = all.map(|person| one(person, desk)).collect();
        let more = has_more.then(|| button("button", "more-people", |t| t.more, more));
        view! { {entries(all, |_| "")} {more} }.into_any()
    };
    let once = move || {
        let code = code.get();
        code.map(|code| shown_once("reset-code-made", |t| t.own().reset_code_made, code))
            .into_any()
    };
    let parts = vec![
        paragraph("panel__intro", |t| t.own().people_intro),
        part(once),
        form.news(),
        listing.view(show),
    ];
    parts.into_any()
}

fn one(registered: Registered, desk: Desk) -> AnyView {
    let texts = texts();
    let Registered {
        person,
        standing,
        last_used_ms,
        deactivated_ms,
        second_factor,
        ..
    } = registered;
    let is_me = desk.me == Some(person.id);
    // Administrators look after members, owners after everyone; nobody deactivates themselves here.
    let is_mine = !is_me && (desk.role == Role::Owner || standing.role == Role::Member);
    let id = person.id;
    let role = standing.role;
    let is_active = deactivated_ms.is_none();
    let user_name = standing.user_name.clone();
    let is_changeable = desk.role == Role::Owner && !is_me;
    let marks = vec![
        is_me.then(|| mark(move || texts.get().you)),
        (!is_changeable && role > Role::Member).then(|| mark(say(role_label(role)))),
        second_factor.then(|| mark(say(|t| t.own().factor_mark))),
        (!is_active).then(|| mark(say(|t| t.own().deactivated))),
    ];
    let title = view! {
        <span>{move || display_name(&person, texts.get())}</span>
        {marks}
    }
    .into_any();
    let mut facts = vec![fact(move || format!("@{user_name}"))];
    if let Some(at_ms) = last_used_ms {
        facts.push(fact(move || {
            let texts = texts.get();
            (texts.account.own().last_used)(&dates::short(at_ms, texts))
        }));
    }
    let mut actions = Vec::new();
    if is_changeable {
        actions.push(role_choice(id, role, standing.user_name.clone(), desk));
    }
    if is_mine {
        actions.push(code_button(id, desk));
        actions.push(active_button(id, is_active, standing.user_name, desk));
    }
    entry(title, facts, actions)
}

fn role_choice(id: UserId, role: Role, user_name: String, desk: Desk) -> AnyView {
    let accounts = accounts();
    let texts = texts();
    let set = move |name: String| {
        let role = match name.as_str() {
            "owner" => Role::Owner,
            "administrator" => Role::Administrator,
            _ => Role::Member,
        };
        desk.form.run(async move {
            match accounts.set_role(id, &ChangeRole { role }).await {
                Ok(person) => desk.replace(person),
                Err(failure) => {
                    // The list shows again what holds.
                    desk.listing.reload().await;
                    return Err(failure);
                }
            }
            Ok(None)
        });
    };
    let option = |of: Role| {
        view! {
            <option value=of.to_string() selected=of == role>
                {say(role_label(of))}
            </option>
        }
        .into_any()
    };
    let all = [Role::Member, Role::Administrator, Role::Owner];
    view! {
        <span class="select select--small">
            <select
                class="input"
                data-testid="role"
                aria-label=move || format!("{}: {user_name}", texts.get().account.role)
                on:change=move |event| set(event_target_value(&event))
            >
                {all.map(option).into_iter().collect_view()}
            </select>
            <Icon of=Drawing::Chevron />
        </span>
    }
    .into_any()
}

fn code_button(id: UserId, desk: Desk) -> AnyView {
    let accounts = accounts();
    button(
        "button button--small",
        "make-reset-code",
        |t| t.own().make_reset_code,
        move || {
            desk.form.run(async move {
                let made = accounts.make_reset_code(id).await?;
                desk.code.try_set(Some(made.code.0));
                Ok(None)
            });
        },
    )
}

fn active_button(id: UserId, is_active: bool, user_name: String, desk: Desk) -> AnyView {
    let accounts = accounts();
    let set = move || {
        desk.form.run(async move {
            let asked = ChangeActive { active: !is_active };
            desk.replace(accounts.set_active(id, &asked).await?);
            Ok(None)
        });
    };
    if is_active {
        sure_button("deactivate", |t| t.own().deactivate, user_name, set)
    } else {
        button(
            "button button--small",
            "reactivate",
            |t| t.own().reactivate,
            set,
        )
    }
}
