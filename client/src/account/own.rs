//! Questions about one's own account: profile, password, devices, second factor, tokens. They know nobody else's.
//!
//! Each fails when the server refuses or is not reached.

use leptos::prelude::*;
use parley_shared::api::account::{
    ChangePassword, ChangeProfile, Confirm, EnableSecondFactor, Me, RecoveryCodes,
    SecondFactorBegun, Sessions,
};
use parley_shared::api::program::{MadeToken, MakeToken, Tokens};
use parley_shared::ids::{SessionId, TokenId};

use super::{Accounts, Asked, Failure, reading};
use crate::api::{Body, File, Method};

impl Accounts {
    /// Changes the profile.
    pub async fn change_profile(self, asked: ChangeProfile) -> Result<(), Failure> {
        let me: Me = self.change(Method::Patch, "/me", &asked).await?;
        self.me.try_set(Some(me));
        Ok(())
    }

    /// Gives oneself another picture.
    pub async fn set_picture(self, file: File) -> Result<(), Failure> {
        let asked = self.ask_with(Method::Put, "/me/picture", Some(Body::File(file)));
        let me: Me = reading(asked).await?;
        self.me.try_set(Some(me));
        Ok(())
    }

    /// Takes one's picture away.
    pub async fn remove_picture(self) -> Result<(), Failure> {
        let me: Me = reading(self.ask(Method::Delete, "/me/picture", None)).await?;
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

    /// Makes a secret for an authenticator.
    pub fn begin_second_factor(self, asked: &Confirm) -> Asked<SecondFactorBegun> {
        self.change(Method::Post, "/me/second-factor", asked)
    }

    /// Turns the second factor on.
    pub fn enable_second_factor(self, asked: &EnableSecondFactor) -> Asked<RecoveryCodes> {
        self.change(Method::Put, "/me/second-factor", asked)
    }

    /// Turns it off.
    pub fn disable_second_factor(self, asked: &Confirm) -> Asked<()> {
        self.tell(Method::Delete, "/me/second-factor", asked)
    }

    /// The tokens of one's programs.
    pub fn tokens(self) -> Asked<Tokens> {
        self.get("/tokens")
    }

    /// Makes a token.
    pub fn make_token(self, asked: &MakeToken) -> Asked<MadeToken> {
        self.change(Method::Post, "/tokens", asked)
    }

    /// Revokes a token.
    pub fn revoke_token(self, id: TokenId) -> Asked<()> {
        let address = format!("/tokens/{id}");
        self.end(&address)
    }
}
