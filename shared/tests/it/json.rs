//! The reader of what the server tells: what it passes over and what it does not. It does not know who sends it.

use parley_shared::codec::decode_event;
use parley_shared::ids::Seq;
use parley_shared::json::read;
use parley_shared::limits::SEQ_MAX;
use parley_shared::model::{Person, Presence};
use parley_shared::protocol::ServerEvent;

use crate::sample::{ALICE, LOBBY, MESSAGE, alice};

fn accepted(seq: &str) -> String {
    format!(
        r#"{{"type":"accepted","id":"{MESSAGE}","conversation":"{LOBBY}","seq":{seq},"sent_ms":1}}"#
    )
}

/// What is wrong with an event that cannot be read.
fn complaint(json: &str) -> String {
    let error = decode_event(json).expect_err("it is no event");
    error.to_string()
}

#[test]
fn what_is_wrong_is_said_with_the_name_of_the_innermost_field() {
    assert_eq!(
        complaint(r#"{"type":"going_away"}"#),
        "missing field `retry_after_ms`"
    );
    assert_eq!(
        complaint(r#"{"type":"people_changed","people":[{"id":"x"}]}"#),
        "field `id` cannot be \"x\""
    );
    assert_eq!(
        complaint(r#"{"type":"people_changed","people":[["id"]]}"#),
        "field `people` cannot be [\"id\"]"
    );
    assert_eq!(complaint("7"), "this cannot be 7");
    assert!(complaint(r#"{"type":"pong"}x"#).contains("trailing"));
}

#[test]
fn numbers_are_whole_and_within_their_type() {
    for wrong in ["-1", "1.0", "1e3", "\"1\"", "null", "true", "[1]"] {
        assert!(decode_event(&accepted(wrong)).is_err(), "{wrong}");
    }
    let Ok(ServerEvent::Accepted { seq, .. }) = decode_event(&accepted(&SEQ_MAX.to_string()))
    else {
        panic!("the largest number is one");
    };
    assert_eq!(seq, Seq(SEQ_MAX));
    assert!(decode_event(&accepted(&(SEQ_MAX + 1).to_string())).is_err());
    assert!(read::<Presence>(r#"{"online":4294967295}"#).is_ok());
    assert!(read::<Presence>(r#"{"online":4294967296}"#).is_err());
}

#[test]
fn what_may_be_absent_may_be_null_and_nothing_else() {
    let person = |name: &str| read::<Person>(&format!(r#"{{"id":"{ALICE}"{name}}}"#)).ok();
    let nameless = Person {
        name: None,
        ..alice()
    };
    assert_eq!(person(""), Some(nameless.clone()));
    assert_eq!(person(r#","name":null"#), Some(nameless));
    assert_eq!(person(r#","name":"Alice""#), Some(alice()));
    assert_eq!(person(r#","name":7"#), None);
}
