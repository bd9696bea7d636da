//! Someone at the HTTP API: a browser with its cookies, or a program with its token. Every answer is held
//! against the description that the server gives of itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::OnceLock;

use parley_shared::api::ROOT;
use serde_json::{Value, json};

use crate::client::{Door, handshake};
use crate::plain;
use crate::raw::Raw;
use crate::scene::TestApp;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A browser or program.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    pub(crate) address: SocketAddr,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) token: Option<String>,
    pub(crate) origin: Option<String>,
    pub(crate) user_agent: &'static str,
    /// What the proxy before the server, or the browser itself, says in `X-Forwarded-For`.
    pub(crate) forwarded_for: Option<String>,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) answer: plain::Answer,
}

impl Reply {
    /// The code of a problem; empty for a success.
    pub(crate) fn code(&self) -> &str {
        // What is made may have a code as well, which is another thing.
        let code = self.json["code"].as_str().filter(|_| self.status >= 400);
        code.unwrap_or_default()
    }

    /// What was asked for, when all went well.
    pub(crate) fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{self:?}");
        self.json
    }

    /// Asserts that it was refused, and how.
    pub(crate) fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{self:?}");
    }
}

impl Browser {
    /// A new visitor on the server's own page.
    pub(crate) fn at(app: &TestApp) -> Self {
        Self::at_address(app.address)
    }

    /// A new visitor on the page of a server anywhere.
    pub(crate) fn at_address(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: BTreeMap::new(),
            token: None,
            origin: Some(format!("http://{address}")),
            user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            forwarded_for: None,
        }
    }

    /// A program with a token.
    pub(crate) fn program(app: &TestApp, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            origin: None,
            user_agent: "bot/1.0",
            ..Self::at(app)
        }
    }

    /// Someone who has registered just now.
    pub(crate) async fn registered(app: &TestApp, user_name: &str) -> Self {
        let mut browser = Self::at(app);
        browser.register(user_name).await.ok();
        browser
    }

    /// Registers with the usual password.
    pub(crate) async fn register(&mut self, user_name: &str) -> Reply {
        let ask = json!({"user_name": user_name, "password": PASSWORD});
        self.post("/accounts", ask).await
    }

    /// Signs in with the usual password.
    pub(crate) async fn sign_in(&mut self, user_name: &str) -> Reply {
        let ask = json!({"user_name": user_name, "password": PASSWORD});
        self.post("/sessions", ask).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.ask("GET", path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Reply {
        self.ask("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&mut self, path: &str, body: Value) -> Reply {
        self.ask("PUT", path, Some(body)).await
    }

    pub(crate) async fn patch(&mut self, path: &str, body: Value) -> Reply {
        self.ask("PATCH", path, Some(body)).await
    }

    pub(crate) async fn delete(&mut self, path: &str) -> Reply {
        self.ask("DELETE", path, None).await
    }

    /// Asks, and keeps or forgets the cookies that the answer sets.
    pub(crate) async fn ask(&mut self, method: &str, path: &str, body: Option<Value>) -> Reply {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let json = (!body.is_empty()).then_some("application/json");
        self.ask_raw(method, path, json, body.as_bytes()).await
    }

    /// The same with any body.
    pub(crate) async fn ask_raw(
        &mut self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Reply {
        let cookies = self.cookie_header();
        let token = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let named = [
            ("cookie", (!cookies.is_empty()).then_some(cookies.as_str())),
            ("authorization", token.as_deref()),
            ("origin", self.origin.as_deref()),
            ("user-agent", Some(self.user_agent)),
            ("x-forwarded-for", self.forwarded_for.as_deref()),
            ("content-type", content_type),
        ];
        let headers: Vec<(&str, &str)> = named
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        let full = format!("{ROOT}{path}");
        let answer = plain::ask(self.address, method, &full, &headers, body).await;
        self.keep_cookies(&answer);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        let text = answer.text();
        let json = if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
        };
        let status = answer.status;
        let reply = Reply {
            status,
            json,
            answer,
        };
        check_against_description(self.address, method, path, &reply).await;
        reply
    }

    /// Connects to the conversation as whoever this is.
    pub(crate) async fn connect(&self) -> Result<Raw, String> {
        let (socket, _) = handshake(&self.door()).await?;
        Ok(Raw::welcomed(socket).await)
    }

    /// The same, and says since when it was away, as it stands in the address.
    pub(crate) async fn connect_since(&self, since: &str) -> Result<Raw, String> {
        let mut door = self.door();
        door.query = format!("?since={since}");
        let (socket, _) = handshake(&door).await?;
        Ok(Raw::welcomed(socket).await)
    }

    /// Where and as whom this connects.
    pub(crate) fn door(&self) -> Door {
        let mut door = Door::at(self.address);
        let cookies = self.cookie_header();
        door.cookie = (!cookies.is_empty()).then_some(cookies);
        door.origin.clone_from(&self.origin);
        door.token.clone_from(&self.token);
        door
    }

    /// Enters as a guest, who is known by the cookie from then on.
    pub(crate) async fn enter_as_guest(&mut self) -> Raw {
        let (socket, cookie) = handshake(&self.door()).await.expect("guests may enter");
        let cookie = cookie.expect("a guest gets a cookie");
        let (name, value) = cookie.split_once('=').expect("a cookie has a value");
        self.cookies.insert(name.to_owned(), value.to_owned());
        Raw::welcomed(socket).await
    }

    pub(crate) fn cookie_header(&self) -> String {
        let cookies = self.cookies.iter();
        let cookies: Vec<String> = cookies.map(|(n, v)| format!("{n}={v}")).collect();
        cookies.join("; ")
    }

    fn keep_cookies(&mut self, answer: &plain::Answer) {
        for cookie in answer.headers("set-cookie") {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie has a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// The description that the server gives of itself.
pub(crate) async fn description(address: SocketAddr) -> &'static Value {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    if let Some(description) = DESCRIPTION.get() {
        return description;
    }
    let answer = plain::get(address, &format!("{ROOT}/openapi.json")).await;
    assert_eq!(answer.status, 200);
    let read = serde_json::from_str(&answer.text()).expect("the description is JSON");
    DESCRIPTION.get_or_init(|| read)
}

/// Whether a path is one of a template such as `/sessions/{id}`.
fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let (mut parts, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), given.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part.starts_with('{') || part == given => {}
            _ => return false,
        }
    }
}

async fn check_against_description(address: SocketAddr, method: &str, path: &str, reply: &Reply) {
    let description = description(address).await;
    let paths = description["paths"].as_object().expect("there are paths");
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    // A path that is written out goes before one with a place for something.
    let template = paths
        .keys()
        .find(|template| *template == path)
        .or_else(|| paths.keys().find(|template| fits(template, path)));
    let operation = template.map(|template| &paths[template][method.to_lowercase()]);
    let told = operation.filter(|operation| operation.is_object());
    let schema = match told {
        Some(operation) if reply.status < 400 => {
            let response = &operation["responses"][reply.status.to_string()];
            assert!(response.is_object(), "{method} {path}: {reply:?}");
            response["content"]["application/json"]["schema"].clone()
        }
        _ => problem,
    };
    if schema.is_null() {
        assert!(reply.json.is_null(), "{method} {path}: {reply:?}");
        return;
    }
    let whole = json!({"allOf": [schema], "components": description["components"]});
    let validator = jsonschema::validator_for(&whole).expect("the schema is one");
    let errors: Vec<String> = validator
        .iter_errors(&reply.json)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{method} {path}: {errors:?} {reply:?}");
}
