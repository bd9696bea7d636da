//! Who may come in. It does not know who is in.

use leptos::prelude::*;
use parley_shared::api::server::{ContactPolicy, Policy, Registration};

use super::choice::{radios, toggle};
use super::form::{Form, Label, done, kept, part};
use super::listing::waiting;
use crate::account::accounts;

const REGISTRATIONS: &[(&str, Label, Label)] = &[
    (
        "invitation",
        |t| t.own().by_invitation,
        |t| t.own().by_invitation_hint,
    ),
    ("open", |t| t.open, |t| t.own().open_hint),
    ("closed", |t| t.closed, |t| t.own().closed_hint),
];

const CONTACTS: &[(&str, Label, Label)] = &[
    (
        "friends",
        |t| t.own().contact_friends,
        |t| t.own().contact_friends_hint,
    ),
    (
        "team",
        |t| t.own().contact_team,
        |t| t.own().contact_team_hint,
    ),
];

const fn name_of(registration: Registration) -> &'static str {
    match registration {
        Registration::Open => "open",
        Registration::Invitation => "invitation",
        Registration::Closed => "closed",
    }
}

fn named(name: &str) -> Registration {
    match name {
        "open" => Registration::Open,
        "closed" => Registration::Closed,
        _ => Registration::Invitation,
    }
}

/// The form that sets the policy; `after` is done when it is set.
pub fn policy(submit: Label, after: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let accounts = accounts();
    let is_known = kept(move || accounts.server().is_some());
    part(move || {
        if is_known.get() {
            form(submit, after)
        } else {
            waiting()
        }
    })
}

fn form(submit: Label, after: impl Fn() + Copy + 'static) -> AnyView {
    let accounts = accounts();
    let set = untrack(|| accounts.server())
        .map(|server| server.policy)
        .unwrap_or_default();
    let registration = RwSignal::new(name_of(set.registration).to_owned());
    let guests = RwSignal::new(set.guests);
    let contact = RwSignal::new(
        match set.contact {
            ContactPolicy::Friends => "friends",
            ContactPolicy::Team => "team",
        }
        .to_owned(),
    );
    let form = Form::new();
    let send = move || {
        let asked = Policy {
            registration: registration.with_untracked(|name| named(name)),
            guests: guests.get_untracked(),
            contact: match contact.with_untracked(|name| name == "team") {
                true => ContactPolicy::Team,
                false => ContactPolicy::Friends,
            },
        };
        form.run(async move {
            accounts.set_policy(asked).await?;
            after();
            done(|t| t.saved)
        });
    };
    let fields = vec![
        radios(
            "registration",
            |t| t.own().registration,
            REGISTRATIONS,
            registration,
        ),
        toggle("guests", |t| t.guests, |t| t.own().guests_hint, guests),
        radios("contact", |t| t.contact, CONTACTS, contact),
    ];
    form.view("policy-form", fields, submit, false, send)
}
