//! Making a group: what it is called, who finds it, who comes along. It does not know who may write to whom.

use leptos::prelude::*;
use parley_shared::api::groups::MakeGroup;
use parley_shared::content::{check_about, check_name};
use parley_shared::refusal::Refusal;

use super::frame::{for_accounts, heading, sheet};
use super::picker::Picker;
use crate::account::Failure;
use crate::components::account::choice::radios;
use crate::components::account::field::{Field, Kind};
use crate::components::account::form::{Form, Label, say};
use crate::components::account::frame::{keep_title, link, paragraph};
use crate::groups::groups;
use crate::route::{Route, pages};

/// Who finds a group.
pub(super) const VISIBILITIES: &[(&str, Label, Label)] = &[
    (
        "private",
        |t| t.groups().private,
        |t| t.groups().private_hint,
    ),
    ("public", |t| t.groups().public, |t| t.groups().public_hint),
];

/// The field for the name of a group.
pub(super) fn name_field(value: RwSignal<String>) -> Field {
    Field {
        id: "group-name",
        label: |t| t.groups().name,
        hint: None,
        kind: Kind::Words,
        autocomplete: "off",
        value,
        blame: |r| {
            matches!(
                r,
                Refusal::NameBlank | Refusal::NameTooLong { .. } | Refusal::NameHasControl { .. }
            )
        },
    }
}

/// The field for what a group is about.
pub(super) fn about_field(value: RwSignal<String>) -> Field {
    Field {
        id: "group-about",
        label: |t| t.groups().about,
        hint: Some(|t| t.groups().about_hint),
        kind: Kind::Lines,
        autocomplete: "off",
        value,
        blame: |r| {
            matches!(
                r,
                Refusal::AboutTooLong { .. } | Refusal::ProfileHasControl { .. }
            )
        },
    }
}

/// Checks name and text as the server will.
///
/// # Errors
/// What is wrong with them.
pub(super) fn check(name: &str, about: &str) -> Result<(), Refusal> {
    check_name(name)?;
    check_about(about).map(drop)
}

/// The page for making a group.
pub fn make() -> AnyView {
    keep_title(|t| t.groups().new_group, "page-title");
    sheet("new-group-page", for_accounts(form))
}

fn form() -> AnyView {
    let (groups, pages) = (groups(), pages());
    let name = RwSignal::new(String::new());
    let about = RwSignal::new(String::new());
    let visibility = RwSignal::new("private".to_owned());
    let picker = Picker::open();
    let form = Form::new();
    let send = move || {
        let asked = MakeGroup {
            name: name.get_untracked().trim().to_owned(),
            about: about.get_untracked().trim().to_owned(),
            public: visibility.with_untracked(|chosen| chosen == "public"),
            people: picker.ids(),
        };
        if let Err(refusal) = check(&asked.name, &asked.about) {
            form.fail(Failure::Refused(refusal));
            return;
        }
        form.run(async move {
            let made = groups.make(&asked).await?;
            pages.go_instead(Route::Conversation(made.id));
            Ok(None)
        });
    };
    let people = view! {
        <fieldset class="options">
            <legend class="field__label">{say(|t| t.groups().come_along)}</legend>
            {picker.view()}
        </fieldset>
    }
    .into_any();
    let fields = vec![
        name_field(name).of(form),
        about_field(about).of(form),
        radios(
            "visibility",
            |t| t.groups().visibility,
            VISIBILITIES,
            visibility,
        ),
        people,
    ];
    let to_listed = link(Route::Groups, "button", "to-groups", |t| {
        t.groups().public_groups
    });
    let parts = vec![
        heading(|t| t.groups().new_group, to_listed),
        paragraph("panel__intro", |t| t.groups().new_group_intro),
        form.view("new-group-form", fields, |t| t.groups().make, false, send),
    ];
    parts.into_any()
}
