//! The members of a group, and bringing people in. It does not know what can be done with one of them.

use leptos::prelude::*;
use parley_shared::api::groups::Members;

use super::group::Desk;
use super::member;
use super::paged::{Page, Paged};
use super::picker::Picker;
use crate::account::Asked;
use crate::components::account::form::{Form, button, done, kept, part, say};
use crate::text::texts;

/// With more members than these there is a field that looks for one.
const AT_A_GLANCE: u32 = 8;

/// The section of members.
pub fn members(desk: Desk) -> AnyView {
    let paged = Paged::new(move |paged, name, after| -> Asked<Page> {
        let asked = desk.groups.members(desk.id, &name, after.as_deref());
        Box::pin(async move {
            let Members { members, next } = asked.await?;
            let entries = members.into_iter();
            let entries = entries.map(|member| member::entry(member, desk, paged));
            Ok((entries.collect(), next))
        })
    });
    // Whoever came or went is seen here too.
    let number = kept(move || desk.members());
    Effect::new(move |before: Option<u32>| {
        let number = number.get();
        if before.is_some_and(|before| before != number) {
            paged.refresh();
        }
        number
    });
    let is_many = kept(move || desk.members() > AT_A_GLANCE || !paged.name().is_empty());
    let search = part(move || {
        if is_many.get() {
            paged.search("find-member", |t| t.groups().find_members)
        } else {
            ().into_any()
        }
    });
    let none =
        || view! { <p class="listing__none">{say(|t| t.groups().nobody_found)}</p> }.into_any();
    let parts = vec![
        head(desk, paged),
        search,
        paged.view(|t| t.groups().members, none),
    ];
    parts.into_any()
}

/// The heading, with the way to bring people in.
fn head(desk: Desk, paged: Paged) -> AnyView {
    let texts = texts();
    let form = Form::new();
    let is_adding = RwSignal::new(false);
    let is_archived = kept(move || desk.is_archived());
    let add = part(move || {
        if is_archived.get() {
            return ().into_any();
        }
        view! {
            <button
                type="button"
                class="button"
                data-testid="add-people"
                aria-expanded=move || is_adding.get().to_string()
                on:click=move |_| is_adding.update(|adding| *adding = !*adding)
            >
                {say(|t| t.groups().add_people)}
            </button>
        }
        .into_any()
    });
    let adder = part(move || {
        if is_adding.get() && !is_archived.get() {
            adder(desk, paged, form, is_adding)
        } else {
            form.news()
        }
    });
    view! {
        <div class="sheet__head">
            <h2 class="panel__title" id="group-section" tabindex="-1">
                {move || (texts.get().account.groups().members_number)(desk.members())}
            </h2>
            {add}
        </div>
        {adder}
    }
    .into_any()
}

fn adder(desk: Desk, paged: Paged, form: Form, is_adding: RwSignal<bool>) -> AnyView {
    let picker = Picker::open();
    let send = move || {
        let people = picker.ids();
        if people.is_empty() {
            return;
        }
        form.run(async move {
            let card = desk.groups.add(desk.id, people).await?;
            desk.set(card);
            paged.reload();
            is_adding.try_set(false);
            done(|t| t.groups().added)
        });
    };
    let cancel = button(
        "button",
        "add-cancel",
        |t| t.cancel,
        move || {
            is_adding.set(false);
        },
    );
    let form = form.view(
        "add-form",
        vec![picker.view()],
        |t| t.groups().add,
        false,
        send,
    );
    view! { <div class="drawer-form">{form} {cancel}</div> }.into_any()
}
