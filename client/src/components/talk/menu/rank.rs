//! Whether the reader may erase what another wrote: whoever keeps order may, towards those who rank below them. It does not
//! know how anything is erased.

use leptos::prelude::*;
use leptos::task::spawn_local;
use parley_shared::ids::UserId;
use parley_shared::model::{Conversation, ConversationKind, Role, Standing};

use crate::account::accounts;
use crate::groups::groups;
use crate::state::Chat;

/// The rank of someone who keeps order in a conversation.
fn rank(conversation: &Conversation, standing: Option<&Standing>) -> Option<Role> {
    let role = match conversation.kind {
        ConversationKind::Group => conversation.role,
        ConversationKind::Lobby => standing.map(|account| account.role),
        _ => None,
    };
    role.filter(|role| *role > Role::Member)
}

/// Whether the reader may erase what this person wrote in what is shown. How they rank is asked first; where that is not
/// answered, the server decides.
pub(super) fn may_erase(chat: Chat, author: UserId) -> ReadSignal<bool> {
    let (may, set_may) = signal(false);
    let shown = untrack(|| chat.conversation());
    let mine = shown.as_ref().and_then(|shown| {
        chat.standing
            .with_untracked(|standing| rank(shown, standing.as_ref()))
    });
    if let (Some(shown), Some(mine)) = (shown, mine) {
        let (accounts, groups) = (accounts(), groups());
        spawn_local(async move {
            let theirs = match shown.kind {
                ConversationKind::Group => {
                    // Those who keep order stand first.
                    let found = groups.members(shown.id, "", None).await.ok();
                    let mut members = found.into_iter().flat_map(|found| found.members);
                    members
                        .find(|member| member.person.id == author)
                        .and_then(|member| member.role)
                }
                _ => accounts
                    .profile_of(author)
                    .await
                    .ok()
                    .and_then(|it| it.role),
            };
            set_may.try_set(theirs.is_none_or(|theirs| mine > theirs));
        });
    }
    may
}
