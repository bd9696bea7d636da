//! The bytes of what the server tells about groups and between people. It does not know who hears it.

use parley_shared::ids::{Seq, Stamp};
use parley_shared::model::Group;
use parley_shared::protocol::{ListPlace, ServerEvent};

use crate::sample::{
    ALICE, BOB, alice, club, club_of_a_member, contact, group, pair, picture_id, user,
};

pub(super) fn events_of_the_list() -> Vec<(ServerEvent, &'static str)> {
    let place = ListPlace {
        active_ms: 1_700_000_000_001,
        conversation: club(),
    };
    vec![
        (
            ServerEvent::Conversations {
                since: None,
                before: None,
                conversations: vec![],
                people: vec![],
                more: false,
            },
            r#"{"type":"conversations","conversations":[],"people":[],"more":false}"#,
        ),
        (
            ServerEvent::Conversations {
                since: Some(Stamp(5)),
                before: None,
                conversations: vec![],
                people: vec![],
                more: false,
            },
            r#"{"type":"conversations","since":5,"conversations":[],"people":[],"more":false}"#,
        ),
        (
            ServerEvent::Conversations {
                since: None,
                before: Some(place),
                conversations: vec![pair()],
                people: vec![alice()],
                more: true,
            },
            r#"{"type":"conversations","before":{"active_ms":1700000000001,"conversation":"c1b00000c1b00000c1b00000c1b00000"},"conversations":[{"id":"d1ec7000d1ec7000d1ec7000d1ec7000","kind":"direct","last":7,"active_ms":1700000000000,"read":7,"unread":0,"with":{"id":"b0b00000b0b00000b0b00000b0b00000","deleted":true},"closed":true}],"people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}],"more":true}"#,
        ),
        (
            ServerEvent::ConversationChanged {
                conversation: club_of_a_member(),
                people: vec![alice()],
            },
            r#"{"type":"conversation_changed","conversation":{"id":"c1b00000c1b00000c1b00000c1b00000","kind":"group","last":12,"active_ms":1700000000000,"latest":{"id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"c1b00000c1b00000c1b00000c1b00000","author":"a11ce000a11ce000a11ce000a11ce000","seq":12,"changed":12,"sent_ms":1700000000000,"body":{"type":"notice","notice":{"type":"joined"}}},"read":5,"unread":2,"mentions":1,"group":{"name":"Tea","about":"","public":false,"members":3},"role":"member"},"people":[{"id":"a11ce000a11ce000a11ce000a11ce000","name":"Alice"}]}"#,
        ),
        (
            ServerEvent::ConversationLeft {
                conversation: club(),
            },
            r#"{"type":"conversation_left","conversation":"c1b00000c1b00000c1b00000c1b00000"}"#,
        ),
        (
            ServerEvent::GroupChanged {
                conversation: club(),
                group: Group {
                    about: "Black and green".to_owned(),
                    picture: Some(picture_id()),
                    archived: true,
                    ..group()
                },
            },
            r#"{"type":"group_changed","conversation":"c1b00000c1b00000c1b00000c1b00000","group":{"name":"Tea","about":"Black and green","picture":"91c70000000000000000000000000001","public":false,"members":3,"archived":true}}"#,
        ),
        (
            ServerEvent::ReadChanged {
                conversation: club(),
                through: Seq(12),
                unread: 3,
                mentions: 1,
            },
            r#"{"type":"read_changed","conversation":"c1b00000c1b00000c1b00000c1b00000","through":12,"unread":3,"mentions":1}"#,
        ),
    ]
}

pub(super) fn events_between_people() -> Vec<(ServerEvent, &'static str)> {
    vec![
        (
            ServerEvent::ContactChanged { contact: contact() },
            r#"{"type":"contact_changed","contact":{"person":{"id":"b0b00000b0b00000b0b00000b0b00000"},"user_name":"bob","relation":"friend","since_ms":1700000000000,"remark":"Bobby"}}"#,
        ),
        (
            ServerEvent::OnlineChanged {
                online: vec![user(ALICE)],
                offline: vec![user(BOB)],
            },
            r#"{"type":"online_changed","online":["a11ce000a11ce000a11ce000a11ce000"],"offline":["b0b00000b0b00000b0b00000b0b00000"]}"#,
        ),
    ]
}
