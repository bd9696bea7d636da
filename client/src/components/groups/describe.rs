//! What a group is called, what it is about, who finds it, and whether it is archived. It does not know who is in it.

use leptos::prelude::*;
use parley_shared::api::groups::{ChangeGroup, GroupCard};
use parley_shared::model::Role;

use super::confirm::Confirm;
use super::emblem::emblem;
use super::frame::title;
use super::group::Desk;
use super::make::{VISIBILITIES, about_field, check, name_field};
use crate::account::{Asked, Failure};
use crate::components::account::choice::radios;
use crate::components::account::form::{Form, button, done, kept, part};
use crate::components::account::frame::paragraph;
use crate::components::account::listing::panel;
use crate::components::account::picture::{Pictured, picture_of};
use crate::text::texts;

/// The section of what it is called and more.
pub fn describe(desk: Desk) -> AnyView {
    let is_owner = kept(move || desk.is(Role::Owner));
    let is_archived = kept(move || desk.is_archived());
    part(move || {
        if is_archived.get() {
            return vec![title(|t| t.groups().restore), restore(desk)].into_any();
        }
        let mut parts = vec![
            title(|t| t.groups().describe),
            picture(desk),
            form(desk, is_owner.get()),
        ];
        if is_owner.get() {
            parts.push(panel(|t| t.groups().archive, vec![archive(desk)]));
        }
        parts.into_any()
    })
}

fn picture(desk: Desk) -> AnyView {
    let group = kept(move || desk.group());
    let face = move || {
        let group = group.get();
        group.map(|group| emblem(desk.id, &group, false)).into_any()
    };
    // What was answered is what the group is.
    let set = move |asked: Asked<GroupCard>| -> Asked<()> {
        Box::pin(async move {
            desk.set(asked.await?);
            Ok(())
        })
    };
    picture_of(Pictured {
        face: Box::new(face),
        has_picture: kept(move || group.get().is_some_and(|group| group.picture.is_some())),
        set: Box::new(move |file| set(desk.groups.set_picture(desk.id, file))),
        remove: Box::new(move || set(desk.groups.remove_picture(desk.id))),
        focus: "group-section",
    })
}

fn form(desk: Desk, is_owner: bool) -> AnyView {
    let group = untrack(|| desk.group());
    let (name, about, public) = group
        .map(|group| (group.name, group.about, group.public))
        .unwrap_or_default();
    let visibility = if public { "public" } else { "private" };
    let visibility = RwSignal::new(visibility.to_owned());
    let (name, about) = (RwSignal::new(name), RwSignal::new(about));
    let form = Form::new();
    let send = move || {
        let name = name.get_untracked().trim().to_owned();
        let about = about.get_untracked().trim().to_owned();
        if let Err(refusal) = check(&name, &about) {
            form.fail(Failure::Refused(refusal));
            return;
        }
        let public = visibility.with_untracked(|chosen| chosen == "public");
        // What is as it was is not asked: nobody is told that it changed.
        let group = untrack(|| desk.group());
        let asked = ChangeGroup {
            name: group
                .as_ref()
                .is_none_or(|g| g.name != name)
                .then_some(name),
            about: group
                .as_ref()
                .is_none_or(|g| g.about != about)
                .then_some(about),
            public: group
                .as_ref()
                .is_none_or(|g| g.public != public)
                .then_some(public)
                .filter(|_| is_owner),
            archived: None,
        };
        form.run(async move {
            let card = desk.groups.change(desk.id, &asked).await?;
            desk.set(card);
            done(|t| t.saved)
        });
    };
    let mut fields = vec![name_field(name).of(form), about_field(about).of(form)];
    if is_owner {
        fields.push(radios(
            "visibility",
            |t| t.groups().visibility,
            VISIBILITIES,
            visibility,
        ));
    }
    form.view("group-form", fields, |t| t.save, false, send)
}

/// Asks that the group be archived, or opened again.
fn set_archived(desk: Desk, form: Form, archived: bool) {
    let asked = ChangeGroup {
        archived: Some(archived),
        ..ChangeGroup::default()
    };
    form.run(async move {
        let card = desk.groups.change(desk.id, &asked).await?;
        desk.set(card);
        Ok(None)
    });
}

fn archive(desk: Desk) -> AnyView {
    let texts = texts();
    let form = Form::new();
    let confirm = Confirm {
        test_id: "archive-group",
        label: |t| t.groups().archive,
        class: "button button--danger",
        warning: Box::new(move || texts.get().account.groups().archive_warning.to_owned()),
    };
    let confirm = confirm.view(move || set_archived(desk, form, true));
    let confirm = view! { <div class="group__actions">{confirm}</div> };
    vec![
        paragraph("panel__intro", |t| t.groups().archive_intro),
        confirm.into_any(),
        form.news(),
    ]
    .into_any()
}

fn restore(desk: Desk) -> AnyView {
    let form = Form::new();
    let restore = button(
        "button button--primary",
        "restore-group",
        |t| t.groups().restore,
        move || set_archived(desk, form, false),
    );
    let restore = view! { <div class="group__actions">{restore}</div> };
    vec![
        paragraph("panel__intro", |t| t.groups().restore_intro),
        restore.into_any(),
        form.news(),
    ]
    .into_any()
}
