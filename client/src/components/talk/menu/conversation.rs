//! What can be done about a conversation from the list. It does not know what was said in it.

use leptos::prelude::*;
use parley_shared::ids::ConversationId;

use super::draw::{Deed, list};
use super::menu;
use crate::actions::actions;
use crate::components::icon::Drawing;
use crate::state::Chat;

/// What can be done about a conversation.
pub(super) fn of_conversation(id: ConversationId) -> AnyView {
    let (actions, menu) = (actions(), menu());
    let chat = expect_context::<Chat>();
    let unread = chat
        .list
        .with_untracked(|list| list.get(id).map_or(0, |known| known.unread));
    let deed = if unread > 0 {
        Deed::new(
            "mark-read",
            Drawing::Check,
            |texts| texts.talk().mark_read,
            move || {
                menu.close();
                actions.mark_all_read(id);
            },
        )
    } else {
        Deed::new(
            "mark-unread",
            Drawing::Unread,
            |texts| texts.talk().mark_unread,
            move || {
                menu.close();
                actions.mark_unread(id, None);
            },
        )
    };
    list(vec![deed], ().into_any())
}
