//! Who someone is, how the reader stands to them, and what can be done about that. It does not know where it was asked for.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::api::contacts::{Profile, SetRemark};
use parley_shared::content::check_name;
use parley_shared::ids::UserId;
use parley_shared::model::{Contact, Relation, Role};
use parley_shared::refusal::Refusal;

use super::deeds::{Desk, deeds, hard_deeds, talk, to_talk};
use super::face::{as_known, is_present, name_of};
use crate::account::{Failure, accounts};
use crate::components::account::door::role_label;
use crate::components::account::field::{Field, Kind};
use crate::components::account::form::{Form, Label, button, button_about, kept, part, say, words};
use crate::components::account::frame::{link, paragraph};
use crate::components::account::listing::{Listing, mark};
use crate::components::person::Portrait;
use crate::dates;
use crate::dom;
use crate::route::{Route, Section};
use crate::state::Chat;
use crate::text::texts;

/// What is said of someone to a reader with an account.
pub fn profile(id: UserId) -> AnyView {
    let chat = expect_context::<Chat>();
    let accounts = accounts();
    let listing = Listing::new(move || accounts.profile_of(id));
    let desk = Desk::new("person-title");
    // With how the two stand to each other changes what the other shows.
    Effect::new(move |before: Option<()>| {
        let is_theirs = chat
            .contact
            .with(|contact| contact.as_ref().is_some_and(|c| c.person.id == id));
        if before.is_some() && is_theirs {
            spawn_local(listing.reload());
        }
    });
    let is_gone = kept(move || {
        listing.with(|found| matches!(found, Some(Err(Failure::Refused(Refusal::NotFound)))))
    });
    part(move || {
        if is_gone.get() {
            return paragraph("listing__none", |t| t.people().gone);
        }
        let shown = listing.view(move |profile: Profile| about(&profile, desk));
        vec![desk.news(), shown].into_any()
    })
}

fn about(profile: &Profile, desk: Desk) -> AnyView {
    let chat = expect_context::<Chat>();
    let me = chat.me.with_untracked(|me| me.as_ref().map(|me| me.id));
    let contact = &profile.contact;
    let is_me = me == Some(contact.person.id);
    let mut parts = vec![head(profile)];
    if !profile.about.is_empty() {
        parts.push(said_of_themselves(profile.about.clone()));
    }
    parts.push(if is_me {
        for_oneself(contact.person.id)
    } else {
        for_another(profile, desk)
    });
    parts.into_any()
}

/// Portrait, names, whether they are there, what they do.
fn head(profile: &Profile) -> AnyView {
    let texts = texts();
    let contact = profile.contact.clone();
    let present = is_present(contact.person.id);
    let marks: Vec<AnyView> = marks(profile)
        .into_iter()
        .map(|label| mark(say(label)))
        .collect();
    let own_name = contact
        .remark
        .is_some()
        .then(|| contact.person.name.clone());
    let user_name = contact.user_name.clone();
    let person = as_known(&contact);
    let status = (!profile.status.is_empty()).then(|| {
        let status = profile.status.clone();
        view! {
            <p class="profile__status" dir="auto" data-testid="profile-status">
                {status}
            </p>
        }
    });
    let facts = [
        own_name.flatten(),
        user_name.map(|user_name| format!("@{user_name}")),
    ];
    let facts: Vec<AnyView> = facts
        .into_iter()
        .flatten()
        .map(|fact| view! { <span class="truncate">{fact}</span> }.into_any())
        .collect();
    let online = part(move || {
        if !present.get() {
            return ().into_any();
        }
        view! {
            <span class="profile__online">
                <span class="header__dot" data-tone="present"></span>
                {say(|t| t.people().online)}
            </span>
        }
        .into_any()
    });
    view! {
        <div class="profile">
            <Portrait of=person />
            <div class="profile__text">
                <h3 class="profile__name" data-testid="profile-name" dir="auto">
                    {words(move || name_of(&contact, texts.get()))}
                </h3>
                <p class="profile__facts" data-testid="profile-facts">
                    {facts}
                    {online}
                </p>
                <p class="profile__marks">{marks}</p>
            </div>
        </div>
        {status}
    }
    .into_any()
}

/// What someone is here, and to the reader.
fn marks(profile: &Profile) -> Vec<Label> {
    let contact = &profile.contact;
    let mut marks: Vec<Label> = Vec::new();
    match profile.role {
        Some(role) if role > Role::Member => marks.push(role_label(role)),
        None if !contact.person.deleted => marks.push(|t| t.people().guest),
        _ => {}
    }
    if contact.blocked {
        marks.push(|t| t.people().is_blocked);
    }
    match contact.relation {
        Relation::Friend => marks.push(|t| t.people().friend),
        Relation::Outgoing => marks.push(|t| t.people().is_asked),
        Relation::Incoming => marks.push(|t| t.people().has_asked),
        Relation::None => {}
    }
    marks
}

fn said_of_themselves(about: String) -> AnyView {
    view! {
        <div class="profile__about">
            <h4 class="field__label">{say(|t| t.people().about)}</h4>
            <p dir="auto" data-testid="profile-about">
                {about}
            </p>
        </div>
    }
    .into_any()
}

fn for_oneself(id: UserId) -> AnyView {
    let form = Form::new();
    let buttons = vec![
        button("button", "notes", |t| t.people().notes, to_talk(id, form)),
        link(
            Route::Settings(Section::Profile),
            "button",
            "edit-profile",
            |t| t.people().edit_profile,
        ),
    ];
    view! {
        <div class="form__actions">{buttons}</div>
        {form.news()}
    }
    .into_any()
}

fn for_another(profile: &Profile, desk: Desk) -> AnyView {
    let texts = texts();
    let contact = profile.contact.clone();
    let form = Form::new();
    let name = name_of(&contact, texts.get_untracked());
    let is_renamed = RwSignal::new(false);
    let mut next = if profile.direct && contact.relation == Relation::Friend {
        vec![talk(
            "button button--primary",
            contact.person.id,
            &name,
            form,
        )]
    } else {
        deeds(&contact, &name, form, desk)
    };
    if !contact.person.deleted {
        next.push(button_about(
            "button",
            "remark",
            |t| t.people().remark,
            name.clone(),
            move || {
                is_renamed.set(true);
                dom::focus_soon("remark-name");
            },
        ));
    }
    let since = contact
        .since_ms
        .filter(|_| contact.relation == Relation::Friend);
    let since = since.map(|at_ms| {
        let when = move || {
            let texts = texts.get();
            (texts.account.people().friends_since)(&dates::short(at_ms, texts))
        };
        view! { <p class="profile__since">{words(when)}</p> }
    });
    let hard = hard_deeds(&contact, &name, form, desk);
    let hard = (!hard.is_empty()).then(|| {
        view! {
            <div class="profile__hard">
                <div class="form__actions">{hard}</div>
                {paragraph("profile__hint", |t| t.people().block_hint)}
            </div>
        }
    });
    let remark = part(move || {
        if is_renamed.get() {
            remark(&contact, is_renamed, desk)
        } else {
            ().into_any()
        }
    });
    view! {
        {since}
        <div class="form__actions profile__next">{next}</div>
        {remark}
        {form.news()}
        {hard}
    }
    .into_any()
}

/// The field for the name by which the reader knows someone.
fn remark(contact: &Contact, is_shown: RwSignal<bool>, desk: Desk) -> AnyView {
    let accounts = accounts();
    let id = contact.person.id;
    let value = RwSignal::new(contact.remark.clone().unwrap_or_default());
    let form = Form::new();
    let send = move || {
        let asked = SetRemark {
            remark: value.with_untracked(|value| value.trim().to_owned()),
        };
        if !asked.remark.is_empty()
            && let Err(refusal) = check_name(&asked.remark)
        {
            form.fail(Failure::Refused(refusal));
            return;
        }
        form.run(async move {
            accounts.set_remark(id, &asked).await?;
            is_shown.try_set(false);
            desk.say(Some(|t| t.saved));
            dom::focus_if_lost("person-title");
            Ok(None)
        });
    };
    let field = Field {
        id: "remark-name",
        label: |t| t.people().remark_label,
        hint: Some(|t| t.people().remark_hint),
        kind: Kind::Words,
        autocomplete: "off",
        value,
        blame: |r| {
            matches!(
                r,
                Refusal::NameBlank | Refusal::NameTooLong { .. } | Refusal::NameHasControl { .. }
            )
        },
    };
    form.view("remark-form", vec![field.of(form)], |t| t.save, false, send)
}
