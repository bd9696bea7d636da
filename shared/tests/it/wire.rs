//! The bytes of the wire: they never change by accident. It does not know who sends them.

use std::fmt::Debug;

use parley_shared::json::{self, FromJson};
use parley_shared::model::{Notice, Role};
use parley_shared::protocol::ChatMessage;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sample::{ALICE, BOB, notice, text, user};
use crate::variants::{Variants, without_example};

mod commands;
mod events;
mod nouns;
mod people;
mod receipts;
mod refusals;
mod refused;
mod tolerated;

/// Every value has exactly this JSON, and this JSON is exactly this value; no variant is left out.
pub(crate) fn wire<T>(table: &[(T, &str)])
where
    T: Variants + Serialize + DeserializeOwned + PartialEq + Debug,
{
    for (value, json) in table {
        let written = serde_json::to_string(value).expect("wire types can be written");
        assert_eq!(&written, json, "written from {value:?}");
        let read: T = serde_json::from_str(json).expect("what was written can be read");
        assert_eq!(&read, value, "read from {json}");
    }
    let missing = without_example(table.iter().map(|(value, _)| value));
    assert!(missing.is_empty(), "no golden JSON for {missing:?}");
}

/// What is told and never said: every value has exactly this JSON, and this JSON is exactly this value.
pub(crate) fn told<T>(table: &[(T, &str)])
where
    T: Serialize + FromJson + PartialEq + Debug,
{
    for (value, json) in table {
        let written = serde_json::to_string(value).expect("wire types can be written");
        assert_eq!(&written, json, "written from {value:?}");
        let read: T = json::read(json).expect("what was written can be read");
        assert_eq!(&read, value, "read from {json}");
    }
}

#[test]
fn every_body_has_its_json() {
    wire(&[
        (text("hello"), r#"{"type":"text","text":"hello"}"#),
        (
            notice(Notice::Renamed {
                name: "Tea".to_owned(),
            }),
            r#"{"type":"notice","notice":{"type":"renamed","name":"Tea"}}"#,
        ),
        (
            ChatMessage::Deleted {
                by: user(BOB),
                at_ms: 1_700_000_000_000,
            },
            r#"{"type":"deleted","by":"b0b00000b0b00000b0b00000b0b00000","at_ms":1700000000000}"#,
        ),
        (ChatMessage::Unknown, r#"{"type":"unknown"}"#),
    ]);
}

#[test]
fn every_notice_has_its_json() {
    let (person, name) = (user(BOB), "Tea".to_owned());
    #[rustfmt::skip]
    wire(&[
        (Notice::Created { name: name.clone() }, r#"{"type":"created","name":"Tea"}"#),
        (Notice::Joined, r#"{"type":"joined"}"#),
        (Notice::Added { people: vec![user(ALICE), person] }, r#"{"type":"added","people":["a11ce000a11ce000a11ce000a11ce000","b0b00000b0b00000b0b00000b0b00000"]}"#),
        (Notice::Left, r#"{"type":"left"}"#),
        (Notice::Removed { person }, r#"{"type":"removed","person":"b0b00000b0b00000b0b00000b0b00000"}"#),
        (Notice::Banned { person }, r#"{"type":"banned","person":"b0b00000b0b00000b0b00000b0b00000"}"#),
        (Notice::RoleChanged { person, role: Role::Administrator }, r#"{"type":"role_changed","person":"b0b00000b0b00000b0b00000b0b00000","role":"administrator"}"#),
        (Notice::Renamed { name }, r#"{"type":"renamed","name":"Tea"}"#),
        (Notice::Described, r#"{"type":"described"}"#),
        (Notice::PictureChanged, r#"{"type":"picture_changed"}"#),
        (Notice::VisibilityChanged { public: true }, r#"{"type":"visibility_changed","public":true}"#),
        (Notice::Archived, r#"{"type":"archived"}"#),
        (Notice::Restored, r#"{"type":"restored"}"#),
        (Notice::Unknown, r#"{"type":"unknown"}"#),
    ]);
}

#[test]
fn a_notice_names_those_whom_it_is_about_besides_its_author() {
    let person = user(BOB);
    let people = vec![user(ALICE), person];
    assert_eq!(
        Notice::Added {
            people: people.clone()
        }
        .people(),
        people
    );
    for notice in [
        Notice::Removed { person },
        Notice::Banned { person },
        Notice::RoleChanged {
            person,
            role: Role::Owner,
        },
    ] {
        assert_eq!(notice.people(), [person], "{notice:?}");
    }
    for notice in [
        Notice::Joined,
        Notice::Left,
        Notice::Archived,
        Notice::Unknown,
    ] {
        assert!(notice.people().is_empty(), "{notice:?}");
    }
}
