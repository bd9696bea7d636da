//! The HTTP API as a test plays it: what is answered to what, and what was asked. It does not know why.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use parley_client::api::{Answer, Api, Ask, Body, Method};
use serde_json::{Value, json};

/// Answers as it is told to. Everything else is not found.
#[derive(Clone, Default)]
pub(crate) struct Desk {
    answers: Rc<RefCell<HashMap<String, Answer>>>,
    asked: Rc<RefCell<Vec<Ask>>>,
}

fn key(method: Method, address: &str) -> String {
    format!("{method:?} {address}")
}

impl Desk {
    /// A desk of a server with an owner, where guests may enter.
    pub(crate) fn claimed() -> Self {
        let desk = Self::default();
        desk.answers(
            Method::Get,
            "/server",
            200,
            &server(true, "invitation", true),
        );
        desk
    }

    /// The way to it.
    pub(crate) fn api(&self) -> Api {
        let desk = self.clone();
        Api::new(move |ask| {
            let answers = desk.answers.borrow();
            let not_found = || Answer {
                status: 404,
                body: json!({ "code": "not_found", "message": "" }).to_string(),
            };
            let answer = answers.get(&key(ask.method, &ask.address)).cloned();
            desk.asked.borrow_mut().push(ask);
            Box::pin(std::future::ready(Some(answer.unwrap_or_else(not_found))))
        })
    }

    /// Answers in this way from now on.
    pub(crate) fn answers(&self, method: Method, address: &str, status: u16, body: &Value) {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = Answer { status, body };
        self.answers
            .borrow_mut()
            .insert(key(method, address), answer);
    }

    /// Refuses in this way from now on.
    pub(crate) fn refuses(&self, method: Method, address: &str, status: u16, reason: &Value) {
        let mut problem = reason.clone();
        problem["message"] = "for people".into();
        self.answers(method, address, status, &problem);
    }

    /// What was asked in this way last, as JSON; fails when nothing was.
    pub(crate) fn asked(&self, method: Method, address: &str) -> Value {
        let asked = self.asked.borrow();
        let mut asked = asked.iter().rev();
        let found = asked.find(|ask| ask.method == method && ask.address == address);
        let found = found.unwrap_or_else(|| panic!("nobody asked {method:?} {address}"));
        match &found.body {
            Some(Body::Json(text)) => serde_json::from_str(text).unwrap(),
            Some(Body::File(_)) | None => Value::Null,
        }
    }

    /// How often this was asked.
    pub(crate) fn times(&self, method: Method, address: &str) -> usize {
        let asked = self.asked.borrow();
        let asked = asked.iter();
        asked
            .filter(|ask| ask.method == method && ask.address == address)
            .count()
    }
}

/// What a server says of itself.
pub(crate) fn server(claimed: bool, registration: &str, guests: bool) -> Value {
    json!({
        "name": "Parley", "version": "0.0.0", "protocol": 1, "claimed": claimed,
        "policy": { "registration": registration, "guests": guests },
        "limits": {
            "user_name_chars_min": 2, "user_name_chars_max": 32, "password_chars_min": 8,
            "password_bytes_max": 1024, "name_chars_max": 40, "about_chars_max": 500,
            "status_chars_max": 80, "text_bytes_max": 16384,
        },
    })
}

/// The reader with an account of this role.
pub(crate) fn me(role: &str) -> Value {
    json!({
        "person": { "id": "01".repeat(16), "name": "Ming" },
        "account": {
            "user_name": "ming", "role": role, "about": "", "status": "", "created_ms": 1,
            "second_factor": false, "recovery_codes_left": 0, "tells_read": true,
        },
    })
}
