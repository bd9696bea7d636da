//! What the HTTP API asks is read strictly, what it answers leniently, and each has its bytes. It does not know who asks.

use std::fmt::Debug;

use parley_shared::json::{self, FromJson};
use serde::Serialize;
use serde::de::DeserializeOwned;

mod contacts;
mod groups;
mod server;
mod versions;

/// Every answer has exactly this JSON, and is read out of JSON that has more fields at every depth as well.
fn answers<T>(table: &[(T, &str)])
where
    T: Serialize + FromJson + PartialEq + Debug,
{
    crate::wire::told(table);
    for (value, json) in table {
        let newer = json.replace('{', r#"{"newer":{"list":[1]},"#);
        assert_ne!(&newer, json);
        let read: T = json::read(&newer).expect("a newer server's answer is read");
        assert_eq!(&read, value, "read from {newer}");
    }
}

/// Every request has exactly this JSON, and is not read when it has a field that is not known, or one twice.
fn requests<T>(table: &[(T, &str)])
where
    T: Serialize + DeserializeOwned + PartialEq + Debug,
{
    for (value, json) in table {
        let written = serde_json::to_string(value).expect("requests can be written");
        assert_eq!(&written, json, "written from {value:?}");
        let read: T = serde_json::from_str(json).expect("what was written can be read");
        assert_eq!(&read, value, "read from {json}");
        let separator = if *json == "{}" { "" } else { "," };
        let surplus = json.replacen('{', &format!(r#"{{"newer":null{separator}"#), 1);
        assert!(asked::<T>(&surplus).is_none(), "read from {surplus}");
        if let Some(fields) = json.strip_prefix('{').filter(|fields| *fields != "}") {
            let doubled = json.replace('}', &format!(",{fields}"));
            assert!(asked::<T>(&doubled).is_none(), "read from {doubled}");
        }
    }
}

/// A request as a server reads it.
fn asked<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}
