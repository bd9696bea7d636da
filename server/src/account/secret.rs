//! Words that open something: minted here, kept as their hash only. It does not know what they open.
//!
//! Every secret has so much chance in it that nobody guesses one, so one round of SHA-256 is enough
//! to keep it; what people choose themselves is for [`super::password`].

use std::io;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use sha2::{Digest as _, Sha256};

use crate::random;

/// A secret as it is kept.
pub type Hash = [u8; 32];

/// What a token begins with, so that scanners of leaked secrets know it.
const TOKEN_PREFIX: &str = "parley_";

/// A secret that was minted just now: the only time that it is known.
#[derive(Debug)]
pub struct Minted {
    /// What its holder shows.
    pub secret: parley_shared::api::Secret,
    /// What is kept of it.
    pub hash: Hash,
}

/// The value of a session's cookie: 256 bits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn session() -> io::Result<Minted> {
    Ok(minted(HEXLOWER.encode(&random::bytes::<32>()?)))
}

/// A token for a program: 256 bits.
///
/// # Errors
/// As [`session`].
pub fn token() -> io::Result<Minted> {
    let digits = HEXLOWER.encode(&random::bytes::<32>()?);
    Ok(minted(format!("{TOKEN_PREFIX}{digits}")))
}

/// A code that stands in a link: 128 bits.
///
/// # Errors
/// As [`session`].
pub fn invitation() -> io::Result<Minted> {
    Ok(minted(HEXLOWER.encode(&random::bytes::<16>()?)))
}

/// A code that people read and type: 80 bits, in groups of four letters and digits.
///
/// # Errors
/// As [`session`].
pub fn code() -> io::Result<Minted> {
    let letters = BASE32_NOPAD
        .encode(&random::bytes::<10>()?)
        .to_ascii_lowercase();
    let groups: Vec<&str> = (0..letters.len())
        .step_by(4)
        .map(|at| &letters[at..at + 4])
        .collect();
    let text = groups.join("-");
    let hash = hash_of_code(&text);
    Ok(Minted {
        secret: parley_shared::api::Secret(text),
        hash,
    })
}

/// What is kept of a secret.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// What is kept of a code, however its reader typed it: case, spaces and hyphens do not count, and
/// the digits that a code never has are taken for the letters that they look like.
pub fn hash_of_code(code: &str) -> Hash {
    let plain: String = code
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .take(64)
        .map(|c| match c.to_ascii_lowercase() {
            '0' => 'o',
            '1' => 'l',
            c => c,
        })
        .collect();
    hash(&plain)
}

fn minted(secret: String) -> Minted {
    let hash = hash(&secret);
    Minted {
        secret: parley_shared::api::Secret(secret),
        hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_secrets_are_the_same_and_each_is_found_by_its_hash() {
        let minters: [fn() -> io::Result<Minted>; 3] = [session, token, invitation];
        for mint in minters {
            let (one, other) = (mint().unwrap(), mint().unwrap());
            assert_ne!(one.hash, other.hash);
            assert_eq!(hash(&one.secret.0), one.hash);
            assert!(one.secret.0.len() >= 32);
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = code().unwrap();
        let text = &code.secret.0;
        assert_eq!(text.len(), 19, "{text}");
        let shouted = text.to_uppercase().replace('-', " ");
        for typed in [
            text.clone(),
            shouted,
            text.replace('-', ""),
            text.replace('o', "0").replace('l', "1"),
        ] {
            assert_eq!(hash_of_code(&typed), code.hash, "{typed}");
        }
        assert_ne!(hash_of_code(&text[1..]), code.hash);
    }
}
