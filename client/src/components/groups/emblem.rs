//! How a group is shown: its picture or its short form, its marks. It does not know where it stands.

use leptos::prelude::*;
use parley_shared::ids::ConversationId;
use parley_shared::model::{Group, Role};

use crate::components::account::form::{Label, say};
use crate::components::account::listing::mark;
use crate::components::person::{Face, face};

/// A group's picture, or what stands for it.
pub fn emblem(id: ConversationId, group: &Group, is_large: bool) -> AnyView {
    let of = Face::of_group(id, group);
    let class = if is_large {
        "portrait portrait--large"
    } else {
        "portrait"
    };
    let of = Memo::new(move |_| of.clone());
    face(of, class, Signal::stored(false))
}

/// Whether it is listed, and whether it is archived.
pub fn marks(group: &Group) -> AnyView {
    let listed: Label = if group.public {
        |t| t.groups().public
    } else {
        |t| t.groups().private
    };
    view! {
        <span class="tag tag--quiet">{say(listed)}</span>
        {group.archived.then(archived_mark)}
    }
    .into_any()
}

/// Says that nobody writes there any more.
pub fn archived_mark() -> AnyView {
    view! { <span class="tag tag--quiet">{say(|t| t.groups().archived)}</span> }.into_any()
}

/// The role of someone who has more than that of a member.
pub fn role_mark(role: Role) -> Option<AnyView> {
    let label: Label = match role {
        Role::Member => return None,
        Role::Administrator => |t| t.groups().administrator,
        Role::Owner => |t| t.groups().owner,
    };
    Some(mark(say(label)))
}
