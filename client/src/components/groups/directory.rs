//! The groups that are listed: looking for one, joining it, going to it. It does not know who is in them.

use leptos::prelude::*;
use parley_shared::api::groups::{GroupCard, Groups as Listed};

use super::emblem::{archived_mark, emblem};
use super::frame::{for_accounts, heading, sheet};
use super::paged::{Entry, Page, Paged};
use super::row::{row, text};
use crate::account::Asked;
use crate::components::account::form::{Form, button, say};
use crate::components::account::frame::{keep_title, link, paragraph};
use crate::components::account::listing::fact;
use crate::groups::groups;
use crate::route::{Route, pages};
use crate::text::texts;

/// The page of the groups that are listed.
pub fn directory() -> AnyView {
    keep_title(|t| t.groups().groups, "page-title");
    sheet("groups-page", for_accounts(list))
}

fn list() -> AnyView {
    let groups = groups();
    let form = Form::new();
    let paged = Paged::new(move |_, name, after| -> Asked<Page> {
        let asked = groups.listed(&name, after.as_deref());
        Box::pin(async move {
            let Listed { groups, next } = asked.await?;
            let entries = groups.into_iter().map(|card| entry(card, form));
            Ok((entries.collect(), next))
        })
    });
    let new = || {
        link(
            Route::NewGroup,
            "button button--primary",
            "to-new-group",
            |t| t.groups().new_group,
        )
    };
    let none = move || {
        if paged.name().trim().is_empty() {
            nothing_yet()
        } else {
            view! { <p class="listing__none">{say(|t| t.groups().none_found)}</p> }.into_any()
        }
    };
    let parts = vec![
        heading(|t| t.groups().groups, new()),
        paragraph("panel__intro", |t| t.groups().groups_intro),
        paged.search("find-group", |t| t.groups().find_groups),
        form.news(),
        paged.view(|t| t.groups().groups, none),
    ];
    parts.into_any()
}

fn nothing_yet() -> AnyView {
    view! {
        <div class="hollow" data-testid="no-groups">
            <p class="hollow__title">{say(|t| t.groups().none_listed)}</p>
            <p class="hollow__text">{say(|t| t.groups().none_listed_hint)}</p>
        </div>
    }
    .into_any()
}

fn entry(card: GroupCard, form: Form) -> Entry {
    let version = format!("{card:?}");
    Entry::new(card.id.to_string(), version, move || one(&card, form))
}

fn one(card: &GroupCard, form: Form) -> AnyView {
    let (groups, pages, texts) = (groups(), pages(), texts());
    let GroupCard { id, group, role } = card.clone();
    let members = group.members;
    let is_archived = group.archived;
    let name = group.name.clone();
    let title = view! {
        <a
            class="record__link"
            href=Route::Group(id).address()
            on:click=move |event| {
                if crate::dom::address::is_plain(&event) {
                    event.prevent_default();
                    pages.go(Route::Group(id));
                }
            }
        >
            {name}
        </a>
        {is_archived.then(archived_mark)}
    }
    .into_any();
    let mut facts = vec![fact(move || {
        (texts.get().account.groups().members_number)(members)
    })];
    if !group.about.is_empty() {
        let about = group.about.clone();
        facts.push(view! { <span class="record__about">{about}</span> }.into_any());
    }
    let join = move || {
        form.run(async move {
            groups.join(id).await?;
            pages.go(Route::Conversation(id));
            Ok(None)
        });
    };
    let action = match role {
        Some(_) => button(
            "button",
            "open-group",
            |t| t.groups().open,
            move || {
                pages.go(Route::Conversation(id));
            },
        ),
        None if is_archived => ().into_any(),
        None => button(
            "button button--primary",
            "join-group",
            |t| t.groups().join,
            join,
        ),
    };
    row(
        "group-row",
        emblem(id, &group, false),
        text(title, facts),
        beside(action),
    )
}

fn beside(action: AnyView) -> AnyView {
    view! { <div class="record__actions">{action}</div> }.into_any()
}
