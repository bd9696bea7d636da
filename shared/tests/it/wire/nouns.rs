//! The bytes of the nouns inside what is told, with every field and with none that may be absent. It does not know which event has them.

use parley_shared::codec::decode_command;
use parley_shared::json::read;
use parley_shared::limits::SEQ_MAX;
use parley_shared::model::{Contact, Conversation, ConversationKind, Group, Person, Relation};
use parley_shared::protocol::{ClientCommand, ListPlace};

use super::{told, wire};
use crate::sample::{CLUB, alice, bob, club, contact, group, lobby_of_a_guest, picture_id};

#[test]
fn a_person_has_a_picture_or_none() {
    let pictured = Person {
        picture: Some(picture_id()),
        ..alice()
    };
    told(&[
        (
            pictured,
            r#"{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice","picture":"91c70000000000000000000000000001"}"#,
        ),
        (
            Person {
                deleted: true,
                ..bob()
            },
            r#"{"id":"b0b00000b0b00000b0b00000b0b00000","deleted":true}"#,
        ),
    ]);
    assert!(read::<Person>(r#"{"id":"b0b00000b0b00000b0b00000b0b00000","picture":"x"}"#).is_err());
}

#[test]
fn every_kind_of_conversation_has_its_name_and_a_newer_one_is_unknown() {
    told(&[
        (ConversationKind::Lobby, r#""lobby""#),
        (ConversationKind::Direct, r#""direct""#),
        (ConversationKind::Notes, r#""notes""#),
        (ConversationKind::Group, r#""group""#),
        (ConversationKind::Unknown, r#""unknown""#),
    ]);
    let newer = read::<ConversationKind>(r#""street""#).ok();
    assert_eq!(newer, Some(ConversationKind::Unknown));
    assert!(read::<ConversationKind>("7").is_err());
}

#[test]
fn a_conversation_without_what_it_needs_is_none() {
    let lobby = r#"{"id":"10bb1000000000000000000000000001","kind":"lobby","last":12,"active_ms":1700000000000,"read":0,"unread":0}"#;
    told(&[(lobby_of_a_guest(), lobby)]);
    for field in [
        r#","last":12"#,
        r#","active_ms":1700000000000"#,
        r#","read":0"#,
        r#","unread":0"#,
    ] {
        let without = lobby.replace(field, "");
        assert_ne!(without, lobby);
        assert!(read::<Conversation>(&without).is_err(), "{without}");
    }
}

#[test]
fn a_group_says_that_it_is_archived_only_when_it_is() {
    told(&[
        (
            group(),
            r#"{"name":"Tea","about":"","public":false,"members":3}"#,
        ),
        (
            Group {
                archived: true,
                ..group()
            },
            r#"{"name":"Tea","about":"","public":false,"members":3,"archived":true}"#,
        ),
    ]);
}

#[test]
fn a_contact_between_whom_there_is_nothing_has_no_time_of_it() {
    let stranger = Contact {
        relation: Relation::None,
        user_name: None,
        since_ms: None,
        blocked: true,
        remark: None,
        ..contact()
    };
    told(&[(
        stranger,
        r#"{"person":{"id":"b0b00000b0b00000b0b00000b0b00000"},"relation":"none","blocked":true}"#,
    )]);
}

#[test]
fn every_relation_has_its_name() {
    wire(&[
        (Relation::None, r#""none""#),
        (Relation::Outgoing, r#""outgoing""#),
        (Relation::Incoming, r#""incoming""#),
        (Relation::Friend, r#""friend""#),
    ]);
}

#[test]
fn a_place_in_the_list_that_was_told_can_be_said_again() {
    let place = ListPlace {
        active_ms: SEQ_MAX,
        conversation: club(),
    };
    let json = format!(r#"{{"active_ms":{SEQ_MAX},"conversation":"{CLUB}"}}"#);
    told(&[(place, &json)]);
    let newer = json.replace('{', r#"{"pinned":true,"#);
    assert_eq!(read::<ListPlace>(&newer).ok(), Some(place));

    let said =
        |place: &str| decode_command(&format!(r#"{{"type":"conversations","before":{place}}}"#));
    let before = Some(place);
    assert_eq!(
        said(&json),
        Ok(ClientCommand::Conversations {
            before,
            since: None
        })
    );
    assert!(said(&newer).is_err());
    let before = None;
    assert_eq!(
        said("null"),
        Ok(ClientCommand::Conversations {
            before,
            since: None
        })
    );
}
