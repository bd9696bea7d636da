//! The portrait of a person or a group, and their names, as they are now. They do not know where they stand.

use std::collections::HashMap;

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, PictureId, UserId};
use parley_shared::model::{Group, Person};

use crate::actions::Actions;
use crate::dom::{self, Pressed};
use crate::portrait::{hue, hue_of, short_form, short_form_of_group};
use crate::state::Chat;

/// A person as they are named now: by the name that the reader knows them by, else by their own. Of one
/// of whom nothing is known there is only the id. Tracked.
pub fn person_now(chat: Chat, id: UserId) -> Person {
    person_among(&chat.people.read(), &chat.remarks.read(), id)
}

/// The same, of the people and the names by which the reader knows them.
pub fn person_among(
    people: &HashMap<UserId, Person>,
    remarks: &HashMap<UserId, String>,
    id: UserId,
) -> Person {
    let mut person = people.get(&id).cloned().unwrap_or(Person::unnamed(id));
    if let Some(remark) = remarks.get(&id) {
        person.name = Some(remark.clone());
    }
    person
}

/// What stands for a person or a group where there is little room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Face {
    hue: u8,
    letters: String,
    picture: Option<PictureId>,
    is_group: bool,
}

impl Face {
    /// A person's.
    pub fn of_person(person: &Person) -> Self {
        Self {
            hue: hue(person.id),
            letters: short_form(person),
            picture: person.picture,
            is_group: false,
        }
    }

    /// A group's.
    pub fn of_group(id: ConversationId, group: &Group) -> Self {
        Self {
            hue: hue_of(id.as_bytes()),
            letters: short_form_of_group(&group.name),
            picture: group.picture,
            is_group: true,
        }
    }
}

/// A face. Decoration: a name stands beside it. A picture that does not come leaves the letters.
pub fn face(face: Memo<Face>, class: &'static str, present: Signal<bool>) -> AnyView {
    let is_present = Memo::new(move |_| present.get());
    let img = |id: &PictureId| {
        view! {
            <img
                class="portrait__picture"
                src=format!("/api/v1/pictures/{id}")
                alt=""
                loading="lazy"
                decoding="async"
            />
        }
        .into_any()
    };
    view! {
        <span
            class=class
            data-shape=move || face.with(|face| face.is_group).then_some("group")
            data-hue=move || face.with(|face| face.hue).to_string()
            aria-hidden="true"
        >
            {move || {
                let (letters, picture) = face.with(|face| (face.letters.clone(), face.picture));
                (letters, picture.as_ref().map(img)).into_any()
            }}
            {move || {
                is_present.get().then(|| view! { <span class="portrait__present"></span> }.into_any())
            }}
        </span>
    }
    .into_any()
}

/// A person's hue and short form, or their picture.
#[component]
pub fn Portrait(
    #[prop(into)] of: Signal<Person>,
    /// Smaller, for lists.
    #[prop(optional)]
    small: bool,
    /// Whether to show that they are present.
    #[prop(optional, into)]
    present: Signal<bool>,
) -> impl IntoView {
    let class = if small {
        "portrait portrait--small"
    } else {
        "portrait"
    };
    let of = Memo::new(move |_| of.with(Face::of_person));
    face(of, class, present)
}

/// What is done when a portrait or a name is pressed: it is shown who it is. A guest sees nothing but names.
pub fn shows_person(chat: Chat, actions: Actions, id: impl Fn() -> UserId + 'static) -> Pressed {
    dom::pressed(move || {
        if chat.standing.with_untracked(Option::is_some) {
            actions.show_person(Some(id()));
        }
    })
}
