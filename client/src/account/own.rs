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

use super::{Accounts, Failure};
use crate::api::Method;

impl Accounts {
    /// Changes the profile.
    pub async fn change_profile(self, asked: ChangeProfile) -> Result<(), Failure> {
        let me: Me = self.change(Method::Patch, "/me", &asked).await?;
        self.me.try_set(Some(me));
        Ok(())
    }

    /// Sets another password and signs out everywhere else.
    pub async fn change_password(self, asked: ChangePassword) -> Result<(), Failure> {
        self.tell(Method::Put, "/me/password", &asked).await
    }

    /// Deletes the account. The reader is nobody then.
    pub async fn delete_account(self, asked: Confirm) -> Result<(), Failure> {
        self.tell(Method::Delete, "/me", &asked).await?;
        self.left();
        Ok(())
    }

    /// Where one is signed in.
    pub async fn sessions(self) -> Result<Sessions, Failure> {
        self.get("/sessions").await
    }

    /// Signs out there.
    pub async fn end_session(self, id: SessionId) -> Result<(), Failure> {
        let address = format!("/sessions/{id}");
        self.ask(Method::Delete, &address, None).await.map(drop)
    }

    /// Signs out everywhere but here.
    pub async fn end_other_sessions(self) -> Result<(), Failure> {
        self.ask(Method::Delete, "/sessions", None).await.map(drop)
    }

    /// Makes a secret for an authenticator.
    pub async fn begin_second_factor(self, asked: Confirm) -> Result<SecondFactorBegun, Failure> {
        self.change(Method::Post, "/me/second-factor", &asked).await
    }

    /// Turns the second factor on.
    pub async fn enable_second_factor(
        self,
        asked: EnableSecondFactor,
    ) -> Result<RecoveryCodes, Failure> {
        self.change(Method::Put, "/me/second-factor", &asked).await
    }

    /// Turns it off.
    pub async fn disable_second_factor(self, asked: Confirm) -> Result<(), Failure> {
        self.tell(Method::Delete, "/me/second-factor", &asked).await
    }

    /// The tokens of one's programs.
    pub async fn tokens(self) -> Result<Tokens, Failure> {
        self.get("/tokens").await
    }

    /// Makes a token.
    pub async fn make_token(self, asked: MakeToken) -> Result<MadeToken, Failure> {
        self.change(Method::Post, "/tokens", &asked).await
    }

    /// Revokes a token.
    pub async fn revoke_token(self, id: TokenId) -> Result<(), Failure> {
        let address = format!("/tokens/{id}");
        self.ask(Method::Delete, &address, None).await.map(drop)
    }
}
