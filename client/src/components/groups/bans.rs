//! Those who are banned from a group, and letting them in again. It does not know why they were.

use leptos::prelude::*;
use parley_shared::api::groups::{Member, Members};

use super::frame::title;
use super::group::Desk;
use super::paged::{Entry, Page, Paged};
use super::row::{name_now, portrait, row, text};
use crate::account::Asked;
use crate::components::account::form::{Form, button, kept, part, say};
use crate::components::account::frame::paragraph;
use crate::components::account::listing::fact;
use crate::dates;
use crate::dom;
use crate::state::Chat;
use crate::text::texts;

/// The section of those who are banned.
pub fn bans(desk: Desk) -> AnyView {
    let form = Form::new();
    let paged = Paged::new(move |paged, _, after| -> Asked<Page> {
        let asked = desk.groups.bans(desk.id, after.as_deref());
        Box::pin(async move {
            let Members { members, next } = asked.await?;
            let entries = members.into_iter();
            let entries = entries.map(|member| entry(member, desk, form, paged));
            Ok((entries.collect(), next))
        })
    });
    let none = || view! { <p class="listing__none">{say(|t| t.groups().no_bans)}</p> }.into_any();
    let parts = vec![
        title(|t| t.groups().bans),
        paragraph("panel__intro", |t| t.groups().bans_intro),
        form.news(),
        paged.view(|t| t.groups().bans, none),
    ];
    parts.into_any()
}

fn entry(member: Member, desk: Desk, form: Form, paged: Paged) -> Entry {
    let id = member.person.id.to_string();
    let version = format!("{member:?}");
    Entry::new(id, version, move || one(&member, desk, form, paged))
}

fn one(member: &Member, desk: Desk, form: Form, paged: Paged) -> AnyView {
    let texts = texts();
    let chat = expect_context::<Chat>();
    let id = member.person.id;
    let since_ms = member.since_ms;
    let named = member.person.clone();
    let title = view! { <span>{move || name_now(chat, &named, texts.get())}</span> }.into_any();
    let since = fact(move || {
        let texts = texts.get();
        (texts.account.groups().banned_since)(&dates::short(since_ms, texts))
    });
    let lift = move || {
        form.run(async move {
            desk.groups.lift_ban(desk.id, id).await?;
            paged.remove(&id.to_string());
            dom::focus_soon("group-section");
            Ok(None)
        });
    };
    let is_archived = kept(move || desk.is_archived());
    let lift = part(move || {
        if is_archived.get() {
            ().into_any()
        } else {
            button("button", "lift-ban", |t| t.groups().lift, lift)
        }
    });
    let actions = view! { <div class="record__actions">{lift}</div> }.into_any();
    row(
        "banned",
        portrait(&member.person),
        text(title, vec![since]),
        actions,
    )
}
