//! Questions of those who look after a server: policy, invitations, people. They know no password.
//!
//! Each fails when the server refuses or is not reached.

use leptos::prelude::*;
use parley_shared::api::people::{
    ChangeActive, ChangeRole, Invitations, MadeInvitation, MakeInvitation, People, Registered,
    ResetCode,
};
use parley_shared::api::server::Policy;
use parley_shared::ids::{InvitationId, UserId};

use super::{Accounts, Asked, Failure};
use crate::api::Method;

impl Accounts {
    /// Sets who may come in.
    pub async fn set_policy(self, asked: Policy) -> Result<(), Failure> {
        let policy: Policy = self.change(Method::Put, "/server/policy", &asked).await?;
        self.server.try_update(|server| {
            if let Some(server) = server {
                server.policy = policy;
            }
        });
        Ok(())
    }

    /// The invitations that hold.
    pub fn invitations(self) -> Asked<Invitations> {
        self.get("/invitations")
    }

    /// Makes an invitation.
    pub fn make_invitation(self, asked: &MakeInvitation) -> Asked<MadeInvitation> {
        self.change(Method::Post, "/invitations", asked)
    }

    /// Revokes an invitation.
    pub fn revoke_invitation(self, id: InvitationId) -> Asked<()> {
        let address = format!("/invitations/{id}");
        self.end(&address)
    }

    /// A page of those who have an account, after this user name.
    pub fn people(self, after: Option<String>) -> Asked<People> {
        match after {
            Some(after) => self.get(&format!("/people?after={}", escape(&after))),
            None => self.get("/people"),
        }
    }

    /// Gives someone another role.
    pub fn set_role(self, id: UserId, asked: &ChangeRole) -> Asked<Registered> {
        let address = format!("/people/{id}/role");
        self.change(Method::Put, &address, asked)
    }

    /// Deactivates someone's account, or lets it be used again.
    pub fn set_active(self, id: UserId, asked: &ChangeActive) -> Asked<Registered> {
        let address = format!("/people/{id}/active");
        self.change(Method::Put, &address, asked)
    }

    /// Makes a code with which someone sets a new password.
    pub fn make_reset_code(self, id: UserId) -> Asked<ResetCode> {
        let address = format!("/people/{id}/reset-code");
        super::reading(self.ask(Method::Post, &address, None))
    }
}

/// Writes a text as it stands in an address (RFC 3986, section 2.1).
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn a_name_in_an_address_is_only_what_may_stand_there() {
        assert_eq!(escape("ana.b-c_1"), "ana.b-c_1");
        assert_eq!(escape("a b&c=李"), "a%20b%26c%3D%E6%9D%8E");
    }
}
