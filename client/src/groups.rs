//! What the reader can ask about groups: components call these. It does not know how a form looks, and no wire but the
//! API's addresses.
//!
//! Each fails when the server refuses or is not reached.

use parley_shared::api::Secret;
use parley_shared::api::groups::{
    AddMembers, ChangeGroup, GroupCard, Groups as Listed, MakeGroup, Member, Members,
};
use parley_shared::api::people::{
    ChangeRole, CheckInvitation, Invitations, MadeInvitation, MakeInvitation,
};
use parley_shared::ids::{ConversationId, InvitationId, UserId};
use parley_shared::model::{Conversation, Role};

use crate::account::{Accounts, Asked, accounts, done, escape, reading};
use crate::api::{Body, File, Method};

/// What the reader can ask about groups. Get it with [`groups`].
#[derive(Debug, Clone, Copy)]
pub struct Groups(Accounts);

/// What the reader can ask about groups, from context.
pub fn groups() -> Groups {
    Groups(accounts())
}

impl Groups {
    // ---- Groups ----

    /// A page of the groups that are listed and whose names begin so.
    pub fn listed(self, name: &str, after: Option<&str>) -> Asked<Listed> {
        self.0
            .get(&address("/groups", &[("name", name), after_of(after)]))
    }

    /// A group as it is shown to whoever may see it.
    pub fn card(self, id: ConversationId) -> Asked<GroupCard> {
        self.0.get(&format!("/groups/{id}"))
    }

    /// Makes a group.
    pub fn make(self, asked: &MakeGroup) -> Asked<Conversation> {
        self.0.change(Method::Post, "/groups", asked)
    }

    /// Changes what is named.
    pub fn change(self, id: ConversationId, asked: &ChangeGroup) -> Asked<GroupCard> {
        self.0
            .change(Method::Patch, &format!("/groups/{id}"), asked)
    }

    /// Gives a group another picture.
    pub fn set_picture(self, id: ConversationId, file: File) -> Asked<GroupCard> {
        let address = format!("/groups/{id}/picture");
        reading(
            self.0
                .ask_with(Method::Put, &address, Some(Body::File(file))),
        )
    }

    /// Takes a group's picture away.
    pub fn remove_picture(self, id: ConversationId) -> Asked<GroupCard> {
        let address = format!("/groups/{id}/picture");
        reading(self.0.ask(Method::Delete, &address, None))
    }

    /// Comes into a group that is listed.
    pub fn join(self, id: ConversationId) -> Asked<Conversation> {
        let address = format!("/groups/{id}/join");
        reading(self.0.ask(Method::Post, &address, None))
    }

    // ---- Who is in them ----

    /// A page of members whose names begin so.
    pub fn members(self, id: ConversationId, name: &str, after: Option<&str>) -> Asked<Members> {
        let path = format!("/groups/{id}/members");
        self.0
            .get(&address(&path, &[("name", name), after_of(after)]))
    }

    /// Brings people in.
    pub fn add(self, id: ConversationId, people: Vec<UserId>) -> Asked<GroupCard> {
        let address = format!("/groups/{id}/members");
        self.0
            .change(Method::Post, &address, &AddMembers { people })
    }

    /// Removes someone; with oneself, leaves.
    pub fn remove(self, id: ConversationId, person: UserId) -> Asked<()> {
        self.0.end(&format!("/groups/{id}/members/{person}"))
    }

    /// Gives someone another role.
    pub fn set_role(self, id: ConversationId, person: UserId, role: Role) -> Asked<Member> {
        let address = format!("/groups/{id}/members/{person}/role");
        self.0.change(Method::Put, &address, &ChangeRole { role })
    }

    /// A page of those who are banned.
    pub fn bans(self, id: ConversationId, after: Option<&str>) -> Asked<Members> {
        let path = format!("/groups/{id}/bans");
        self.0.get(&address(&path, &[after_of(after)]))
    }

    /// Removes someone for good.
    pub fn ban(self, id: ConversationId, person: UserId) -> Asked<()> {
        let address = format!("/groups/{id}/bans/{person}");
        done(self.0.ask(Method::Put, &address, None))
    }

    /// Lets someone in again who was banned.
    pub fn lift_ban(self, id: ConversationId, person: UserId) -> Asked<()> {
        self.0.end(&format!("/groups/{id}/bans/{person}"))
    }

    // ---- Invitations ----

    /// The invitations that hold.
    pub fn invitations(self, id: ConversationId) -> Asked<Invitations> {
        self.0.get(&format!("/groups/{id}/invitations"))
    }

    /// Makes an invitation.
    pub fn invite(self, id: ConversationId, asked: &MakeInvitation) -> Asked<MadeInvitation> {
        let address = format!("/groups/{id}/invitations");
        self.0.change(Method::Post, &address, asked)
    }

    /// Revokes an invitation.
    pub fn revoke(self, id: ConversationId, invitation: InvitationId) -> Asked<()> {
        self.0
            .end(&format!("/groups/{id}/invitations/{invitation}"))
    }

    /// The group into which an invitation leads.
    pub fn shown(self, code: String) -> Asked<GroupCard> {
        let code = Secret(code);
        let asked = CheckInvitation { code };
        self.0
            .change(Method::Post, "/group-invitations/shown", &asked)
    }

    /// Comes into a group with an invitation.
    pub fn accept(self, code: String) -> Asked<Conversation> {
        let code = Secret(code);
        let asked = CheckInvitation { code };
        self.0
            .change(Method::Post, "/group-invitations/accepted", &asked)
    }
}

fn after_of(after: Option<&str>) -> (&str, &str) {
    ("after", after.unwrap_or_default())
}

/// An address with what is asked beside it; what is empty is left out.
fn address(path: &str, asked: &[(&str, &str)]) -> String {
    let asked = asked.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = asked
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::{address, after_of};

    #[test]
    fn an_address_names_only_what_is_asked_and_nothing_in_it_breaks_out() {
        assert_eq!(
            address("/groups", &[("name", ""), after_of(None)]),
            "/groups"
        );
        assert_eq!(
            address("/groups", &[("name", "a&after=b"), after_of(Some("c"))]),
            "/groups?name=a%26after%3Db&after=c"
        );
    }
}
