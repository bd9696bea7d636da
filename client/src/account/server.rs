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

use super::{Accounts, Failure};
use crate::api::{self, Method};

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
    pub async fn invitations(self) -> Result<Invitations, Failure> {
        self.get("/invitations").await
    }

    /// Makes an invitation.
    pub async fn make_invitation(self, asked: MakeInvitation) -> Result<MadeInvitation, Failure> {
        self.change(Method::Post, "/invitations", &asked).await
    }

    /// Revokes an invitation.
    pub async fn revoke_invitation(self, id: InvitationId) -> Result<(), Failure> {
        let address = format!("/invitations/{id}");
        self.ask(Method::Delete, &address, None).await.map(drop)
    }

    /// A page of those who have an account, after this user name.
    pub async fn people(self, after: Option<String>) -> Result<People, Failure> {
        match after {
            Some(after) => self.get(&format!("/people?after={}", escape(&after))).await,
            None => self.get("/people").await,
        }
    }

    /// Gives someone another role.
    pub async fn set_role(self, id: UserId, asked: ChangeRole) -> Result<Registered, Failure> {
        let address = format!("/people/{id}/role");
        self.change(Method::Put, &address, &asked).await
    }

    /// Deactivates someone's account, or lets it be used again.
    pub async fn set_active(self, id: UserId, asked: ChangeActive) -> Result<Registered, Failure> {
        let address = format!("/people/{id}/active");
        self.change(Method::Put, &address, &asked).await
    }

    /// Makes a code with which someone sets a new password.
    pub async fn make_reset_code(self, id: UserId) -> Result<ResetCode, Failure> {
        let address = format!("/people/{id}/reset-code");
        api::read(&self.ask(Method::Post, &address, None).await?)
    }
}

/// Writes a text as it stands in an address (RFC 3986, section 2.1).
fn escape(text: &str) -> String {
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
