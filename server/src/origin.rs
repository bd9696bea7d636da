//! Which pages may connect and ask. It does not know who the visitor is.
//!
//! A browser lets any page open a WebSocket to any server and sends the cookies along. So the page's
//! origin, which a browser always names and a page cannot forge, must be the server's own, or one
//! that the operator named. A program that is no browser names none, and brings no cookies that it
//! was not given.

use axum::http::{HeaderMap, header};

/// Whether the page that asks may connect.
#[must_use]
pub fn is_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    if allowed
        .iter()
        .any(|allowed| allowed == "*" || allowed.eq_ignore_ascii_case(origin))
    {
        return true;
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    match (origin.split_once("://"), host) {
        (Some((scheme, origin_host)), Some(host)) => {
            let default_port = match scheme {
                "https" => ":443",
                "http" => ":80",
                _ => return false,
            };
            // A browser leaves the default port out of both, but a proxy may write it.
            let bare = |host: &str| {
                host.strip_suffix(default_port)
                    .unwrap_or(host)
                    .to_ascii_lowercase()
            };
            bare(origin_host) == bare(host)
        }
        _ => false,
    }
}

/// Whether the page came over TLS, so that its cookie may be kept from plain connections.
#[must_use]
pub fn is_secure(headers: &HeaderMap) -> bool {
    headers
        .get(header::ORIGIN)
        .is_some_and(|origin| origin.as_bytes().starts_with(b"https://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(origin: Option<&str>, host: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_servers_own_page_and_programs_may_connect() {
        for (origin, host) in [
            (None, "chat.example.org"),
            (Some("https://chat.example.org"), "chat.example.org"),
            (Some("https://Chat.example.org"), "chat.example.org:443"),
            (Some("http://localhost:3000"), "localhost:3000"),
        ] {
            assert!(is_allowed(&headers(origin, host), &[]), "{origin:?} {host}");
        }
    }

    #[test]
    fn other_pages_may_not() {
        for (origin, host) in [
            ("https://evil.example", "chat.example.org"),
            ("https://chat.example.org.evil.example", "chat.example.org"),
            ("http://localhost:3001", "localhost:3000"),
            ("http://chat.example.org:443", "chat.example.org"),
            ("null", "chat.example.org"),
            ("", "chat.example.org"),
            ("file://chat.example.org", "chat.example.org"),
        ] {
            assert!(!is_allowed(&headers(Some(origin), host), &[]), "{origin}");
        }
    }

    #[test]
    fn named_pages_may_and_a_star_means_all() {
        let named = ["https://app.example".to_owned()];
        let from = |origin| headers(Some(origin), "chat.example.org");
        assert!(is_allowed(&from("https://app.example"), &named));
        assert!(!is_allowed(&from("https://other.example"), &named));
        assert!(is_allowed(
            &from("https://other.example"),
            &["*".to_owned()]
        ));
        assert!(is_allowed(&from("null"), &["*".to_owned()]));
    }
}
