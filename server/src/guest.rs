//! Guests: minting one, and knowing them again by their cookie. It does not know what a guest may do.
//!
//! A guest is 128 random bits. Those bits are public, for they stand beside every message, so the
//! cookie carries a signature besides: whoever copies an id cannot be its guest. Nothing about a
//! guest is stored until they write something, so visitors who only look cost nothing.

use hmac::{Hmac, KeyInit as _, Mac as _};
use parley_shared::ids::UserId;
use sha2::Sha256;

use crate::random;

/// The cookie's name.
pub const COOKIE: &str = "parley_guest";

/// How long a browser keeps the cookie, in days: the longest that browsers keep any.
const COOKIE_DAYS: i64 = 400;

/// Bytes of the signature: enough that nobody guesses one.
const SIGNATURE_BYTES: usize = 16;

/// Mints guests and knows them again.
#[derive(Clone)]
pub struct Guests {
    key: [u8; 32],
}

impl std::fmt::Debug for Guests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Guests")
    }
}

impl Guests {
    /// With the key that signs cookies; the same key knows the same guests.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A new guest.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn mint(&self) -> std::io::Result<UserId> {
        random::bytes().map(UserId::from_bytes)
    }

    /// The guest whom a `Cookie` header names, if its signature is ours.
    pub fn recognise(&self, cookie_header: &str) -> Option<UserId> {
        cookie::Cookie::split_parse(cookie_header)
            .filter_map(Result::ok)
            .filter(|cookie| cookie.name() == COOKIE)
            .find_map(|cookie| self.verify(cookie.value()))
    }

    /// The `Set-Cookie` header that makes a browser this guest. `secure` when the page came over TLS.
    pub fn set_cookie(&self, guest: UserId, secure: bool) -> String {
        let value = format!("{guest}.{}", hex(&self.signature(guest)));
        cookie::Cookie::build((COOKIE, value))
            .path("/")
            .http_only(true)
            .same_site(cookie::SameSite::Lax)
            .secure(secure)
            .max_age(cookie::time::Duration::days(COOKIE_DAYS))
            .build()
            .to_string()
    }

    /// The `Set-Cookie` header that makes a browser forget the guest it was.
    pub fn forget_cookie() -> String {
        cookie::Cookie::build((COOKIE, ""))
            .path("/")
            .http_only(true)
            .same_site(cookie::SameSite::Lax)
            .max_age(cookie::time::Duration::ZERO)
            .build()
            .to_string()
    }

    fn verify(&self, value: &str) -> Option<UserId> {
        let (id, signature) = value.split_once('.')?;
        let guest: UserId = id.parse().ok()?;
        let signature = unhex(signature)?;
        // The comparison takes the same time wherever the two differ.
        self.mac(guest).verify_truncated_left(&signature).ok()?;
        Some(guest)
    }

    fn signature(&self, guest: UserId) -> [u8; SIGNATURE_BYTES] {
        let full = self.mac(guest).finalize().into_bytes();
        std::array::from_fn(|index| full[index])
    }

    fn mac(&self, guest: UserId) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(b"parley guest\0");
        mac.update(guest.as_bytes());
        mac
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

fn unhex(text: &str) -> Option<[u8; SIGNATURE_BYTES]> {
    if text.len() != 2 * SIGNATURE_BYTES || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; SIGNATURE_BYTES];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie_of(header: &str) -> &str {
        header.split(';').next().unwrap()
    }

    #[test]
    fn a_guest_is_known_again_by_the_cookie() {
        let guests = Guests::new([7; 32]);
        let guest = guests.mint().unwrap();
        let header = guests.set_cookie(guest, true);
        assert_eq!(guests.recognise(cookie_of(&header)), Some(guest));
        let among_others = format!("theme=dark; {}; x=y", cookie_of(&header));
        assert_eq!(guests.recognise(&among_others), Some(guest));
        assert!(header.contains("HttpOnly") && header.contains("SameSite=Lax"));
        assert!(header.contains("Secure"));
    }

    #[test]
    fn an_id_without_its_signature_is_nobody() {
        let guests = Guests::new([7; 32]);
        let (alice, bob) = (guests.mint().unwrap(), guests.mint().unwrap());
        let header = guests.set_cookie(alice, false);
        let signature = cookie_of(&header).split_once('.').unwrap().1;
        for value in [
            alice.to_string(),
            format!("{bob}.{signature}"),
            format!("{alice}.{}", "0".repeat(32)),
            format!("{alice}.{}", &signature[..2]),
            format!("{alice}."),
            "é.é".to_owned(),
        ] {
            let header = format!("{COOKIE}={value}");
            assert_eq!(guests.recognise(&header), None, "{value}");
        }
        assert_eq!(Guests::new([8; 32]).recognise(cookie_of(&header)), None);
    }
}
