//! Passwords: hashed with Argon2id, a few at a time. It does not know whose they are.
//!
//! The figures are those that OWASP names as the least (19 MiB, two passes, one lane). Each takes a
//! core for some ten milliseconds, so only a few are worked on at once and the others wait, but not
//! for long: whoever floods the server with passwords is refused, and the chat goes on meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher as _, PasswordVerifier as _};
use parley_shared::content::check_password;
use parley_shared::limits::{PASSWORD_BYTES_MAX, PASSWORD_WAIT_MAX_MS, PASSWORDS_AT_ONCE_MAX};
use parley_shared::protocol::Refusal;
use tokio::sync::{Semaphore, SemaphorePermit};
use unicode_normalization::UnicodeNormalization as _;

use crate::random;

/// Works on passwords. Cheap to share.
#[derive(Debug)]
pub struct Passwords {
    turns: Semaphore,
    /// The hash of a password that nobody has, so that there is always something to compare with.
    nobodys: Arc<str>,
    checked: AtomicU64,
}

/// What became of comparing a password with a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the password.
    Right {
        /// Whether it should be hashed anew: the hash was made with other figures than today's.
        outdated: bool,
    },
    /// It is not.
    Wrong,
}

impl Passwords {
    /// Ready to work. Takes the time of one password.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn new() -> std::io::Result<Self> {
        let unguessable: [u8; 32] = random::bytes()?;
        Ok(Self {
            turns: Semaphore::new(PASSWORDS_AT_ONCE_MAX),
            nobodys: hash(&unguessable)?.into(),
            checked: AtomicU64::new(0),
        })
    }

    /// Hashes a password that someone chose, as a PHC string.
    ///
    /// # Errors
    /// What [`check_password`] refuses, [`Refusal::Busy`], [`Refusal::Unavailable`].
    pub async fn hash(&self, chosen: &str) -> Result<String, Refusal> {
        let password = normal(chosen)?;
        check_password(&password)?;
        let turn = self.turn().await?;
        let hashed = tokio::task::spawn_blocking(move || hash(password.as_bytes()));
        let hashed = hashed.await;
        drop(turn);
        hashed
            .map_err(std::io::Error::other)
            .flatten()
            .map_err(|error| {
                tracing::error!(%error, "a password could not be hashed");
                Refusal::Unavailable
            })
    }

    /// Compares a password with a hash; without one, with nobody's, which takes as long.
    ///
    /// # Errors
    /// [`Refusal::Busy`], [`Refusal::Unavailable`].
    pub async fn check(&self, password: &str, hash: Option<&str>) -> Result<Verdict, Refusal> {
        // What is too long to have been chosen is wrong, and costs nothing to say so of anyone.
        let Ok(password) = normal(password) else {
            return Ok(Verdict::Wrong);
        };
        let known = hash.is_some();
        let hash: Arc<str> = hash.map_or_else(|| Arc::clone(&self.nobodys), Arc::from);
        let turn = self.turn().await?;
        self.checked.fetch_add(1, Ordering::Relaxed);
        let compared = tokio::task::spawn_blocking(move || compare(password.as_bytes(), &hash));
        let compared = compared.await;
        drop(turn);
        let verdict = compared.map_err(|error| {
            tracing::error!(%error, "a password could not be compared");
            Refusal::Unavailable
        })?;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    /// How many passwords were compared with a hash so far.
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    async fn turn(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        let wait = Duration::from_millis(PASSWORD_WAIT_MAX_MS);
        match tokio::time::timeout(wait, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Refusal::Busy {
                retry_after_ms: PASSWORD_WAIT_MAX_MS,
            }),
        }
    }
}

/// The same password is the same bytes, on whatever keyboard it was typed (NFC, as RFC 8265 has it).
fn normal(password: &str) -> Result<String, Refusal> {
    // Before anything is done with it: normalising a megabyte would be work as well.
    if password.len() > PASSWORD_BYTES_MAX {
        let limit_bytes = PASSWORD_BYTES_MAX as u64;
        return Err(Refusal::PasswordTooLong { limit_bytes });
    }
    Ok(password.nfc().collect())
}

fn hash(password: &[u8]) -> std::io::Result<String> {
    let salt: [u8; 16] = random::bytes()?;
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password, &salt)
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(hash.to_string())
}

fn compare(password: &[u8], hash: &str) -> Verdict {
    let Ok(hash) = PasswordHash::new(hash) else {
        tracing::error!("a password's hash is unreadable");
        return Verdict::Wrong;
    };
    match Argon2::default().verify_password(password, &hash) {
        Ok(()) => Verdict::Right {
            outdated: Params::try_from(&hash).ok().is_none_or(|found| {
                let now = Params::default();
                (found.m_cost(), found.t_cost(), found.p_cost())
                    != (now.m_cost(), now.t_cost(), now.p_cost())
            }),
        },
        Err(_) => Verdict::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_password_is_right_and_others_are_wrong() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("correct horse").await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let right = passwords.check("correct horse", Some(&hash)).await;
        assert_eq!(right, Ok(Verdict::Right { outdated: false }));
        for wrong in ["correct horsf", "", "Correct horse"] {
            let verdict = passwords.check(wrong, Some(&hash)).await;
            assert_eq!(verdict, Ok(Verdict::Wrong), "{wrong}");
        }
    }

    #[tokio::test]
    async fn without_a_hash_every_password_is_wrong_and_costs_as_much() {
        let passwords = Passwords::new().unwrap();
        assert_eq!(passwords.check("x", None).await, Ok(Verdict::Wrong));
        assert_eq!(passwords.checked(), 1);
    }

    #[tokio::test]
    async fn a_password_is_the_same_on_every_keyboard() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("caf\u{E9} au lait").await.unwrap();
        let verdict = passwords.check("cafe\u{301} au lait", Some(&hash)).await;
        assert_eq!(verdict, Ok(Verdict::Right { outdated: false }));
    }

    #[tokio::test]
    async fn a_hash_with_weaker_figures_is_to_be_made_anew() {
        let weak = Params::new(8 * 1024, 1, 1, None).unwrap();
        let weak = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, weak);
        let hash: PasswordHash = weak
            .hash_password_with_salt(b"correct horse", b"sixteen bytes ok")
            .unwrap();
        let passwords = Passwords::new().unwrap();
        let verdict = passwords
            .check("correct horse", Some(&hash.to_string()))
            .await;
        assert_eq!(verdict, Ok(Verdict::Right { outdated: true }));
    }

    #[tokio::test]
    async fn a_giant_password_is_refused_before_any_work() {
        let passwords = Passwords::new().unwrap();
        let giant = "x".repeat(PASSWORD_BYTES_MAX + 1);
        let limit_bytes = PASSWORD_BYTES_MAX as u64;
        let refused = passwords.hash(&giant).await;
        assert_eq!(refused, Err(Refusal::PasswordTooLong { limit_bytes }));
        assert_eq!(passwords.check(&giant, None).await, Ok(Verdict::Wrong));
        assert_eq!(passwords.checked(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_too_long_for_a_turn_is_told_so() {
        let passwords = Passwords::new().unwrap();
        let _all = passwords
            .turns
            .acquire_many(u32::try_from(PASSWORDS_AT_ONCE_MAX).unwrap())
            .await
            .unwrap();
        let refused = passwords.check("x", None).await;
        let retry_after_ms = PASSWORD_WAIT_MAX_MS;
        assert_eq!(refused, Err(Refusal::Busy { retry_after_ms }));
    }
}
