//! The HTTP API as the page asks it: one question, one answer, every failure as a value. It does not know what is asked.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use parley_shared::api::ROOT;
use parley_shared::json::{self, FromJson};
use parley_shared::limits::{PICTURE_RECEIVED_WITHIN_MS, REQUEST_TIMEOUT_MS};
use parley_shared::refusal::Refusal;
use serde::Serialize;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestInit, Response};

pub use web_sys::File;

/// What a request does with what is at its address (RFC 9110, section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads it.
    Get,
    /// Adds to it.
    Post,
    /// Sets it.
    Put,
    /// Changes a part of it.
    Patch,
    /// Removes it.
    Delete,
}

impl Method {
    const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A question to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// What is to be done.
    pub method: Method,
    /// With what: an address below the root of the API, as in "/me".
    pub address: String,
    /// What is asked; most questions need nothing.
    pub body: Option<Body>,
}

/// What a question carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Words, as JSON.
    Json(String),
    /// A file as it is, which says itself of what type it is.
    File(File),
}

/// What the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status (RFC 9110, section 15).
    pub status: u16,
    /// What it says, as JSON; empty where there is nothing to say.
    pub body: String,
}

/// Why there is no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The server did not do it.
    Refused(Refusal),
    /// The server was not reached, or did not answer in time. It may have done it or not.
    NotReached,
}

/// An answer that is on its way; `None` when the server was not reached.
pub type Answering = Pin<Box<dyn Future<Output = Option<Answer>>>>;

/// The way to the server. Tests put something else in its place.
#[derive(Clone)]
pub struct Api(Rc<dyn Fn(Ask) -> Answering>);

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Api")
    }
}

impl Api {
    /// The server that this page came from.
    pub fn of_browser() -> Self {
        Self::new(|ask| Box::pin(fetch(ask)))
    }

    /// Whoever answers.
    pub fn new(answers: impl Fn(Ask) -> Answering + 'static) -> Self {
        Self(Rc::new(answers))
    }

    /// Asks, and gets the text of a successful answer.
    ///
    /// # Errors
    /// When the server refuses or is not reached.
    pub async fn ask(self, ask: Ask) -> Result<String, Failure> {
        let answer = (self.0)(ask).await.ok_or(Failure::NotReached)?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        // The refusal's fields stand beside the message, which is for other readers.
        Err(read::<Refusal>(&answer.body).map_or_else(
            // Something between page and server answered in its place.
            |_| match answer.status {
                500.. => Failure::NotReached,
                _ => Failure::Refused(Refusal::Unknown),
            },
            Failure::Refused,
        ))
    }
}

/// Writes what is asked.
pub fn write(asked: &impl Serialize) -> String {
    serde_json::to_string(asked).expect("its keys are strings")
}

/// Reads what was answered.
///
/// # Errors
/// [`Refusal::Unknown`] when this page cannot read it.
pub fn read<T: FromJson>(answer: &str) -> Result<T, Failure> {
    json::read(answer).map_err(|_| Failure::Refused(Refusal::Unknown))
}

/// Asks through the browser, which adds the cookie and the origin.
async fn fetch(ask: Ask) -> Option<Answer> {
    let options = RequestInit::new();
    options.set_method(ask.method.name());
    let is_file = matches!(ask.body, Some(Body::File(_)));
    let within_ms = if is_file {
        // As long as the server waits for one.
        PICTURE_RECEIVED_WITHIN_MS.try_into().unwrap_or(u32::MAX)
    } else {
        REQUEST_TIMEOUT_MS
    };
    options.set_signal(Some(&AbortSignal::timeout_with_u32(within_ms)));
    if ask.method != Method::Get && !is_file {
        let headers = Headers::new().ok()?;
        headers.set("content-type", "application/json").ok()?;
        options.set_headers(&headers);
    }
    match &ask.body {
        Some(Body::Json(text)) => options.set_body(&JsValue::from_str(text)),
        Some(Body::File(file)) => options.set_body(file),
        None => {}
    }
    let address = format!("{ROOT}{}", ask.address);
    let answering = web_sys::window()?.fetch_with_str_and_init(&address, &options);
    let answer: Response = JsFuture::from(answering).await.ok()?.dyn_into().ok()?;
    let body = JsFuture::from(answer.text().ok()?).await.ok()?;
    Some(Answer {
        status: answer.status(),
        body: body.as_string()?,
    })
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn answer_to(answer: Option<(u16, &'static str)>) -> Result<String, Failure> {
        let api = Api::new(move |_| {
            let answer = answer.map(|(status, body)| Answer {
                status,
                body: body.to_owned(),
            });
            Box::pin(std::future::ready(answer))
        });
        let ask = Ask {
            method: Method::Get,
            address: "/me".into(),
            body: None,
        };
        api.ask(ask).now_or_never().expect("nothing is waited for")
    }

    #[test]
    fn an_answer_is_told_and_so_is_every_failure() {
        assert_eq!(answer_to(Some((200, "{}"))), Ok("{}".to_owned()));
        assert_eq!(answer_to(Some((204, ""))), Ok(String::new()));
        let problem = r#"{"code":"name_too_long","limit_chars":40,"message":"a name is at most 40 characters"}"#;
        let reason = Refusal::NameTooLong { limit_chars: 40 };
        assert_eq!(
            answer_to(Some((422, problem))),
            Err(Failure::Refused(reason))
        );
        assert_eq!(answer_to(None), Err(Failure::NotReached));
    }

    #[test]
    fn a_refusal_that_is_newer_than_the_page_or_not_of_the_server_is_told_as_one() {
        let unknown = || Err(Failure::Refused(Refusal::Unknown));
        let newer = r#"{"code":"from_the_future","message":"not yet"}"#;
        assert_eq!(answer_to(Some((400, newer))), unknown());
        assert_eq!(answer_to(Some((403, "<html>"))), unknown());
        assert_eq!(answer_to(Some((502, "<html>"))), Err(Failure::NotReached));
    }

    #[test]
    fn what_cannot_be_read_is_a_failure_and_no_crash() {
        assert_eq!(read::<u64>("7"), Ok(7));
        assert_eq!(
            read::<u64>("seven"),
            Err(Failure::Refused(Refusal::Unknown))
        );
    }
}
