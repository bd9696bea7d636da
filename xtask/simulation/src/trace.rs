//! What happened in a play, line by line, in the same words whenever the same happens. It does not know what it means.
//!
//! Ids that the server mints are others each time. So a trace names people and conversations, and numbers whatever else looks
//! like an id in the order in which it comes up; and what the server tells in the order of ids, it tells in the order of names.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value;

/// Lists whose order is that of ids, or of times that may be the same.
const UNORDERED: [&str; 7] = [
    "people",
    "online",
    "offline",
    "conversations",
    "left",
    "receipts",
    "marks",
];

/// What happened.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    is_wanted: bool,
    text: String,
    names: HashMap<String, String>,
}

impl Trace {
    pub(crate) fn new(is_wanted: bool) -> Self {
        Self {
            is_wanted,
            ..Self::default()
        }
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// From now on this id is called so.
    pub(crate) fn name(&mut self, id: impl ToString, name: &str) {
        self.names.insert(id.to_string(), name.to_owned());
    }

    /// What an id is called, if it has a name.
    pub(crate) fn name_of(&self, id: impl ToString) -> Option<&str> {
        self.names.get(&id.to_string()).map(String::as_str)
    }

    /// Takes note of something that happened.
    pub(crate) fn note(&mut self, what: &str) {
        let line = self.named(what);
        writeln!(self.text, "{line}").expect("a text takes what is written to it");
    }

    /// Takes note of a frame that was said or heard.
    pub(crate) fn note_frame(&mut self, who: &str, does: &str, frame: &str) {
        let named = self.in_names(frame, false);
        let frame = serde_json::from_str::<Value>(&named).map_or(named, |mut value| {
            put_in_order(&mut value);
            value.to_string()
        });
        self.note(&format!("{who} {does} {frame}"));
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }

    /// The text with names in the place of ids.
    pub(crate) fn named(&mut self, text: &str) -> String {
        self.in_names(text, true)
    }

    /// The same; only with `all`, each that has none gets one.
    fn in_names(&mut self, text: &str, all: bool) -> String {
        let mut named = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(begin) = rest.find(|c: char| c.is_ascii_hexdigit()) {
            named.push_str(&rest[..begin]);
            rest = &rest[begin..];
            let end = rest.find(|c: char| !c.is_ascii_hexdigit());
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            if !matches!(word.len(), 32 | 64) {
                named.push_str(word);
            } else if let Some(name) = self.names.get(word) {
                named.push_str(name);
            } else if all {
                let name = format!("#{}", self.names.len());
                named.push_str(&name);
                self.names.insert(word.to_owned(), name);
            } else {
                named.push_str(word);
            }
        }
        named + rest
    }
}

fn put_in_order(value: &mut Value) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(put_in_order),
        Value::Object(fields) => {
            for (name, field) in fields {
                put_in_order(field);
                if let Value::Array(all) = field
                    && UNORDERED.contains(&name.as_str())
                {
                    all.sort_by_key(key);
                }
            }
        }
        _ => {}
    }
}

fn key(value: &Value) -> String {
    let named = ["id", "person"].iter().find_map(|name| value.get(name));
    named.unwrap_or(value).to_string()
}
