//! What a request shows to be somebody's: a token, a session's cookie, a guest's. It does not know whether it holds.

use axum::http::{HeaderMap, HeaderValue, header};
use parley_shared::api::Secret;
use parley_shared::ids::UserId;

use crate::account::secret::{self, Hash};
use crate::guest::Guests;

/// The cookie of a session over TLS: a browser takes it from nobody but this very host (RFC 6265bis, "__Host-").
pub const SECURE_COOKIE: &str = "__Host-parley_session";
/// The cookie of a session without TLS.
pub const COOKIE: &str = "parley_session";

/// How long a browser keeps the cookie, in days: the longest that browsers keep any. The session ends sooner.
const COOKIE_DAYS: i64 = 400;

/// What a request shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// The cookie of a guest, with our signature.
    Guest(UserId),
    /// The cookie of a session.
    Session(Hash),
    /// A token, or something else in the place of one.
    Token(Hash),
}

/// What a request shows: a token before a session, a session before a guest. Whoever shows one that
/// does not hold is not taken for less instead.
pub fn shown(headers: &HeaderMap, guests: &Guests) -> Shown {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        let token = authorization.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        return Shown::Token(secret::hash(token.unwrap_or_default()));
    }
    for name in [SECURE_COOKIE, COOKIE] {
        if let Some(value) = cookie(headers, name) {
            return Shown::Session(secret::hash(&value));
        }
    }
    guest(headers, guests).map_or(Shown::Nothing, Shown::Guest)
}

/// The guest whose cookie a request shows, whatever else it shows.
pub fn guest(headers: &HeaderMap, guests: &Guests) -> Option<UserId> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .find_map(|cookies| guests.recognise(cookies))
}

/// Has a browser keep a session's secret. `secure` when the page came over TLS.
pub fn keep_session(headers: &mut HeaderMap, secret: &Secret, secure: bool) {
    let name = if secure { SECURE_COOKIE } else { COOKIE };
    set(headers, name, &secret.0, secure, COOKIE_DAYS);
}

/// Has a browser forget the session it was in.
pub fn forget_session(headers: &mut HeaderMap) {
    set(headers, SECURE_COOKIE, "", true, 0);
    set(headers, COOKIE, "", false, 0);
}

/// Has a browser forget the guest it was.
pub fn forget_guest(headers: &mut HeaderMap) {
    append(headers, &Guests::forget_cookie());
}

fn set(headers: &mut HeaderMap, name: &str, value: &str, secure: bool, days: i64) {
    let cookie = cookie::Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(cookie::SameSite::Lax)
        .secure(secure)
        .max_age(cookie::time::Duration::days(days))
        .build();
    append(headers, &cookie.to_string());
}

fn append(headers: &mut HeaderMap, cookie: &str) {
    let value = HeaderValue::from_str(cookie).expect("our cookies are ASCII");
    headers.append(header::SET_COOKIE, value);
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(cookie::Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(named: &[(header::HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in named {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_token_goes_before_a_session_and_a_session_before_a_guest() {
        let guests = Guests::new([7; 32]);
        let id = guests.mint().unwrap();
        let guest = guests.set_cookie(id, false);
        let guest = guest.split(';').next().unwrap();
        let cookies = format!("parley_session=abc; {guest}");
        let all = headers(&[
            (header::AUTHORIZATION, "bearer xyz"),
            (header::COOKIE, &cookies),
        ]);
        assert_eq!(shown(&all, &guests), Shown::Token(secret::hash("xyz")));
        let session = headers(&[(header::COOKIE, &cookies)]);
        assert_eq!(
            shown(&session, &guests),
            Shown::Session(secret::hash("abc"))
        );
        let only_guest = headers(&[(header::COOKIE, guest)]);
        assert_eq!(shown(&only_guest, &guests), Shown::Guest(id));
        assert_eq!(shown(&HeaderMap::new(), &guests), Shown::Nothing);
        let other_scheme = headers(&[(header::AUTHORIZATION, "Basic eDp5")]);
        assert_eq!(
            shown(&other_scheme, &guests),
            Shown::Token(secret::hash(""))
        );
    }

    #[test]
    fn the_cookie_over_tls_has_the_name_that_browsers_guard() {
        for (secure, start) in [
            (true, "__Host-parley_session=s"),
            (false, "parley_session=s"),
        ] {
            let mut headers = HeaderMap::new();
            keep_session(&mut headers, &Secret::from("s"), secure);
            let cookie = headers[header::SET_COOKIE].to_str().unwrap();
            assert!(cookie.starts_with(start), "{cookie}");
            for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
                assert!(cookie.contains(attribute), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            assert_eq!(cookie.contains("Secure"), secure, "{cookie}");
        }
    }
}
