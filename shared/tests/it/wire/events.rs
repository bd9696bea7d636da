//! The bytes of what the server tells. It does not know who hears it.

use parley_shared::chain::Hex;
use parley_shared::codec;
use parley_shared::ids::{Seq, Stamp};
use parley_shared::model::{LedgerEntry, Presence, Role, Standing};
use parley_shared::protocol::{Refusal, ServerEvent};

use super::people::{events_between_people, events_of_the_list};
use super::wire;
use crate::sample::{
    alice, bob, club, club_of_a_member, deleted, edited, lobby, lobby_of_a_guest, message,
    message_id,
};

fn messages_that_changed() -> Vec<(ServerEvent, &'static str)> {
    vec![
        (
            ServerEvent::MessageChanged {
                message: message(),
                author: alice(),
            },
            r#"{"type":"message_changed","message":{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","author":"a11ce000a11ce000a11ce000a11ce000","seq":11,"changed":12,"sent_ms":1700000000000,"body":{"type":"text","text":"hello"}},"author":{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}}"#,
        ),
        (
            ServerEvent::MessageChanged {
                message: edited(),
                author: alice(),
            },
            r#"{"type":"message_changed","message":{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","author":"a11ce000a11ce000a11ce000a11ce000","seq":11,"changed":12,"sent_ms":1700000000000,"edited_ms":1700000060000,"salt":"5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a","body":{"type":"text","text":"hello"}},"author":{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}}"#,
        ),
        (
            ServerEvent::MessageChanged {
                message: deleted(),
                author: alice(),
            },
            r#"{"type":"message_changed","message":{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","author":"a11ce000a11ce000a11ce000a11ce000","seq":11,"changed":12,"sent_ms":1700000000000,"body":{"type":"deleted","by":"b0b00000b0b00000b0b00000b0b00000","at_ms":1700000060000}},"author":{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}}"#,
        ),
    ]
}

fn events_of_a_conversation() -> Vec<(ServerEvent, &'static str)> {
    vec![
        (
            ServerEvent::History {
                conversation: lobby(),
                before: None,
                messages: vec![],
                people: vec![],
                through: Seq::ZERO,
                more: false,
            },
            r#"{"type":"history","conversation":"10bb1000000000000000000000000001","messages":[],"people":[],"through":0,"more":false}"#,
        ),
        (
            ServerEvent::History {
                conversation: lobby(),
                before: Some(Seq(12)),
                messages: vec![message()],
                people: vec![alice()],
                through: Seq(12),
                more: true,
            },
            r#"{"type":"history","conversation":"10bb1000000000000000000000000001","before":12,"messages":[{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","author":"a11ce000a11ce000a11ce000a11ce000","seq":11,"changed":12,"sent_ms":1700000000000,"body":{"type":"text","text":"hello"}}],"people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}],"through":12,"more":true}"#,
        ),
        (
            ServerEvent::Changes {
                conversation: lobby(),
                since: Seq(10),
                messages: vec![message()],
                people: vec![bob()],
                through: Seq(12),
                more: false,
            },
            r#"{"type":"changes","conversation":"10bb1000000000000000000000000001","since":10,"messages":[{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","author":"a11ce000a11ce000a11ce000a11ce000","seq":11,"changed":12,"sent_ms":1700000000000,"body":{"type":"text","text":"hello"}}],"people":[{"id":"b0b00000b0b00000b0b00000b0b00000"}],"through":12,"more":false}"#,
        ),
        (
            ServerEvent::Entries {
                conversation: lobby(),
                after: Seq(10),
                head: Hex([0xab; 32]),
                entries: vec![LedgerEntry {
                    seq: Seq(11),
                    kind: 1,
                    message: message_id(),
                    author: alice().id,
                    at_ms: 1_700_000_000_000,
                    digest: Hex([0x0c; 32]),
                }],
                more: true,
            },
            r#"{"type":"entries","conversation":"10bb1000000000000000000000000001","after":10,"head":"abababababababababababababababababababababababababababababababab","entries":[{"seq":11,"kind":1,"message":"018f3b1e7a2c7d3e9f00112233445566","author":"a11ce000a11ce000a11ce000a11ce000","at_ms":1700000000000,"digest":"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c"}],"more":true}"#,
        ),
        (
            ServerEvent::PresenceChanged {
                conversation: lobby(),
                presence: Presence {
                    online: 2,
                    people: Some(vec![alice(), bob()]),
                },
            },
            r#"{"type":"presence_changed","conversation":"10bb1000000000000000000000000001","presence":{"online":2,"people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"},{"id":"b0b00000b0b00000b0b00000b0b00000"}]}}"#,
        ),
        (
            ServerEvent::TypingChanged {
                conversation: lobby(),
                people: vec![bob()],
            },
            r#"{"type":"typing_changed","conversation":"10bb1000000000000000000000000001","people":[{"id":"b0b00000b0b00000b0b00000b0b00000"}]}"#,
        ),
    ]
}

/// The welcome of someone who was away.
fn welcome_back() -> (ServerEvent, &'static str) {
    let welcome = ServerEvent::Welcome {
        since: Some(Stamp(5)),
        left: vec![club()],
        stamp: Stamp(7),
        protocol: 1,
        server: "0.1.0".to_owned(),
        me: bob(),
        account: None,
        conversations: vec![lobby_of_a_guest()],
        more: false,
        people: vec![alice()],
        presence: Presence::default(),
        requests: 0,
        remarks: false,
    };
    (
        welcome,
        r#"{"type":"welcome","protocol":1,"server":"0.1.0","me":{"id":"b0b00000b0b00000b0b00000b0b00000"},"conversations":[{"id":"10bb1000000000000000000000000001","kind":"lobby","last":12,"active_ms":1700000000000,"read":0,"unread":0}],"more":false,"since":5,"left":["c1b00000c1b00000c1b00000c1b00000"],"stamp":7,"people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}],"presence":{"online":0},"requests":0,"remarks":false}"#,
    )
}

fn welcomes() -> Vec<(ServerEvent, &'static str)> {
    vec![
        welcome_back(),
        (
            ServerEvent::Welcome {
                since: None,
                left: vec![],
                stamp: Stamp(7),
                protocol: 1,
                server: "0.1.0".to_owned(),
                me: bob(),
                account: None,
                conversations: vec![lobby_of_a_guest()],
                more: false,
                people: Vec::new(),
                presence: Presence {
                    online: 300,
                    people: None,
                },
                requests: 0,
                remarks: false,
            },
            r#"{"type":"welcome","protocol":1,"server":"0.1.0","me":{"id":"b0b00000b0b00000b0b00000b0b00000"},"conversations":[{"id":"10bb1000000000000000000000000001","kind":"lobby","last":12,"active_ms":1700000000000,"read":0,"unread":0}],"more":false,"left":[],"stamp":7,"people":[],"presence":{"online":300},"requests":0,"remarks":false}"#,
        ),
        (
            ServerEvent::Welcome {
                since: None,
                left: vec![],
                stamp: Stamp(7),
                protocol: 1,
                server: "0.1.0".to_owned(),
                me: alice(),
                account: Some(Standing {
                    user_name: "alice".to_owned(),
                    role: Role::Owner,
                }),
                conversations: vec![club_of_a_member()],
                more: true,
                people: vec![alice()],
                presence: Presence::default(),
                requests: 2,
                remarks: true,
            },
            r#"{"type":"welcome","protocol":1,"server":"0.1.0","me":{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"},"account":{"user_name":"alice","role":"owner"},"conversations":[{"id":"c1b00000c1b00000c1b00000c1b00000","kind":"group","last":12,"active_ms":1700000000000,"latest":{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"c1b00000c1b00000c1b00000c1b00000","author":"a11ce000a11ce000a11ce000a11ce000","seq":12,"changed":12,"sent_ms":1700000000000,"body":{"type":"notice","notice":{"type":"joined"}}},"read":5,"unread":2,"mentions":1,"group":{"name":"Tea","about":"","public":false,"members":3},"role":"member"}],"more":true,"left":[],"stamp":7,"people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}],"presence":{"online":0},"requests":2,"remarks":true}"#,
        ),
    ]
}

fn events_of_a_connection() -> Vec<(ServerEvent, &'static str)> {
    vec![
        (
            ServerEvent::PeopleChanged {
                people: vec![alice()],
            },
            r#"{"type":"people_changed","people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}]}"#,
        ),
        (
            ServerEvent::Accepted {
                id: message_id(),
                conversation: lobby(),
                seq: Seq(11),
                sent_ms: 1_700_000_000_000,
            },
            r#"{"type":"accepted","id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","seq":11,"sent_ms":1700000000000}"#,
        ),
        (
            ServerEvent::Refused {
                command: Some("send".to_owned()),
                id: Some(message_id()),
                reason: Refusal::TextBlank,
                message: Refusal::TextBlank.to_string(),
            },
            r#"{"type":"refused","command":"send","id":"018f3b1e7a2c7d3e9f00112233445566","reason":{"code":"text_blank"},"message":"a message needs something to read in it"}"#,
        ),
        (
            ServerEvent::Refused {
                command: None,
                id: None,
                reason: Refusal::Unavailable,
                message: Refusal::Unavailable.to_string(),
            },
            r#"{"type":"refused","reason":{"code":"unavailable"},"message":"the server could not do this now; try again"}"#,
        ),
        (ServerEvent::Pong { stamp: None }, r#"{"type":"pong"}"#),
        (
            ServerEvent::Pong {
                stamp: Some(Stamp(7)),
            },
            r#"{"type":"pong","stamp":7}"#,
        ),
        (
            ServerEvent::GoingAway {
                retry_after_ms: 1_500,
            },
            r#"{"type":"going_away","retry_after_ms":1500}"#,
        ),
        (ServerEvent::Unknown, r#"{"type":"unknown"}"#),
    ]
}

#[test]
fn every_event_has_its_json() {
    let mut table = welcomes();
    table.extend(events_of_a_connection());
    table.extend(messages_that_changed());
    table.extend(events_of_a_conversation());
    table.extend(events_of_the_list());
    table.extend(events_between_people());
    table.extend(super::receipts::events());
    wire(&table);
    for (event, json) in table {
        assert_eq!(codec::encode_event(&event), json);
        let read = codec::decode_event(json).expect("what was written can be read");
        assert_eq!(read, event);
    }
}
