//! The second factor: six digits that change every half a minute (TOTP, RFC 6238). It keeps nothing.

use std::io;

use parley_shared::api::Secret;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use totp_rs::{Builder, Totp};

use crate::random;

/// What both sides know: 160 bits, as RFC 4226 recommends.
pub type Key = [u8; 20];

/// Seconds for which a code is shown.
const STEP_SECS: u64 = 30;

/// A fresh key.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn mint() -> io::Result<Key> {
    random::bytes()
}

/// The key in letters and digits, to type in.
pub fn letters(key: &Key) -> Secret {
    Secret(data_encoding::BASE32_NOPAD.encode(key))
}

/// The key as an address that authenticators read.
pub fn uri(key: &Key, server: &str, user_name: &str) -> Secret {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let (server, user_name) = (encode(server), encode(user_name));
    let secret = letters(key).0;
    Secret(format!(
        "otpauth://totp/{server}:{user_name}?secret={secret}&issuer={server}"
    ))
}

/// The step whose code this is, of those around now; clocks may be half a minute apart.
pub fn step_of(key: &Key, code: &str, now_ms: u64) -> Option<u64> {
    let code: String = code
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(8)
        .collect();
    totp(key).check(&code, now_ms / 1_000)
}

/// The code that an authenticator shows at a moment.
pub fn code_at(key: &Key, now_ms: u64) -> String {
    totp(key).generate(now_ms / 1_000).to_string()
}

fn totp(key: &Key) -> Totp {
    Builder::new()
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_SECS)
        .with_secret(*key)
        .build()
        .expect("these figures are those of the standard")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, cut to six digits.
        let key = *b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(&key, seconds * 1_000), code);
            assert_eq!(step_of(&key, code, seconds * 1_000), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_holds_around_its_moment_and_not_beyond() {
        let key = *b"12345678901234567890";
        let now_ms = 1_700_000_010_000;
        let code = code_at(&key, now_ms);
        let step = now_ms / 30_000;
        for (then_ms, found) in [
            (now_ms - 30_000, Some(step)),
            (now_ms + 30_000, Some(step)),
            (now_ms - 90_000, None),
            (now_ms + 90_000, None),
        ] {
            assert_eq!(step_of(&key, &code, then_ms), found);
        }
        for wrong in ["", "12345", "abcdef", "1234567890"] {
            assert_eq!(step_of(&key, wrong, now_ms), None, "{wrong}");
        }
    }

    #[test]
    fn the_address_names_server_and_person_safely() {
        let uri = uri(&[0; 20], "Parley", "小明&x").0;
        assert!(
            uri.starts_with("otpauth://totp/Parley:%E5%B0%8F%E6%98%8E%26x?secret="),
            "{uri}"
        );
    }
}
