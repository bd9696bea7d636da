//! Questions about one's own account: profile, password, devices. They know nobody else's.
//!
//! Each fails when the server refuses or is not reached.

use leptos::prelude::*;
use parley_shared::api::account::{ChangePassword, ChangeProfile, Confirm, Me, Sessions};
use parley_shared::ids::SessionId;

use super::{Accounts, Asked, Failure};
use crate::api::Method;

impl Accounts {
    /// Changes the profile.
    pub async fn change_profile(self, asked: ChangeProfile) -> Result<(), Failure> {
        let me: Me = self.change(Method::Patch, "/me", &asked).await?;
        self.me.try_set(Some(me));
        Ok(())
    }

    /// Sets another password and signs out everywhere else.
    pub fn change_password(self, asked: &ChangePassword) -> Asked<()> {
        self.tell(Method::Put, "/me/password", asked)
    }

    /// Deletes the account. The reader is nobody then.
    pub async fn delete_account(self, asked: Confirm) -> Result<(), Failure> {
        self.tell(Method::Delete, "/me", &asked).await?;
        self.left();
        Ok(())
    }

    /// Where one is signed in.
    pub fn sessions(self) -> Asked<Sessions> {
        self.get("/sessions")
    }

    /// Signs out there.
    pub fn end_session(self, id: SessionId) -> Asked<()> {
        let address = format!("/sessions/{id}");
        self.end(&address)
    }

    /// Signs out everywhere but here.
    pub fn end_other_sessions(self) -> Asked<()> {
        self.end("/sessions")
    }
}
