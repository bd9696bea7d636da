//! How a group is shown: its picture or its short form, its marks. It does not know where it stands.

use leptos::prelude::*;
use parley_shared::ids::{ConversationId, UserId};
use parley_shared::model::{Group, Person, Role};

use crate::components::account::form::{Label, say};
use crate::components::account::listing::mark;
use crate::components::person::Portrait;

/// What is drawn like a person's portrait, out of the group's own id and name.
fn as_person(id: ConversationId, group: &Group) -> Person {
    Person {
        picture: group.picture,
        name: Some(group.name.clone()),
        ..Person::unnamed(UserId::from_bytes(*id.as_bytes()))
    }
}

/// A group's picture, or what stands for it.
pub fn emblem(id: ConversationId, group: &Group, is_large: bool) -> AnyView {
    let of = as_person(id, group);
    let class = if is_large { "emblem emblem--large" } else { "emblem" };
    view! {
        <span class=class>
            <Portrait of=of />
        </span>
    }
    .into_any()
}

/// Whether it is listed, and whether it is archived.
pub fn marks(group: &Group) -> AnyView {
    let listed: Label = if group.public {
        |t| t.groups.public
    } else {
        |t| t.groups.private
    };
    let archived = group
        .archived
        .then(|| view! { <span class="tag tag--quiet">{say(|t| t.groups.archived)}</span> });
    view! {
        <span class="tag tag--quiet">{say(listed)}</span>
        {archived}
    }
    .into_any()
}

/// The role of someone who has more than that of a member.
pub fn role_mark(role: Role) -> Option<AnyView> {
    let label: Label = match role {
        Role::Member => return None,
        Role::Administrator => |t| t.groups.administrator,
        Role::Owner => |t| t.groups.owner,
    };
    Some(mark(say(label)))
}
