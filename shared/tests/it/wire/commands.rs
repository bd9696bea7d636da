//! The bytes of what a client says. It does not know who says it.

use parley_shared::codec;
use parley_shared::ids::{Seq, Stamp};
use parley_shared::protocol::{ClientCommand, ListPlace};

use super::wire;
use crate::sample::{ALICE, BOB, club, lobby, message_id, nth_id, text, user};

fn commands() -> Vec<(ClientCommand, &'static str)> {
    vec![
        (
            ClientCommand::Hello { protocol: 1 },
            r#"{"type":"hello","protocol":1}"#,
        ),
        (
            ClientCommand::Send {
                id: message_id(),
                conversation: lobby(),
                body: text("h\u{e9}llo \"you\"\n\u{1F44B}"),
            },
            r#"{"type":"send","id":"018f3b1e7a2c7d3e9f00112233445566","conversation":"10bb1000000000000000000000000001","body":{"type":"text","text":"héllo \"you\"\n👋"}}"#,
        ),
        (
            ClientCommand::History {
                conversation: lobby(),
                before: None,
            },
            r#"{"type":"history","conversation":"10bb1000000000000000000000000001"}"#,
        ),
        (
            ClientCommand::History {
                conversation: lobby(),
                before: Some(Seq(11)),
            },
            r#"{"type":"history","conversation":"10bb1000000000000000000000000001","before":11}"#,
        ),
        (
            ClientCommand::Changes {
                conversation: lobby(),
                since: Seq(9_007_199_254_740_991),
            },
            r#"{"type":"changes","conversation":"10bb1000000000000000000000000001","since":9007199254740991}"#,
        ),
        (
            ClientCommand::Entries {
                conversation: lobby(),
                after: Seq(10),
            },
            r#"{"type":"entries","conversation":"10bb1000000000000000000000000001","after":10}"#,
        ),
        (
            ClientCommand::People {
                ids: vec![user(ALICE), user(BOB)],
            },
            r#"{"type":"people","ids":["a11ce000a11ce000a11ce000a11ce000","b0b00000b0b00000b0b00000b0b00000"]}"#,
        ),
        (
            ClientCommand::Rename {
                name: "Alice".to_owned(),
            },
            r#"{"type":"rename","name":"Alice"}"#,
        ),
        (
            ClientCommand::Typing {
                conversation: lobby(),
            },
            r#"{"type":"typing","conversation":"10bb1000000000000000000000000001"}"#,
        ),
        (ClientCommand::Ping, r#"{"type":"ping"}"#),
    ]
}

fn commands_that_change_messages() -> Vec<(ClientCommand, &'static str)> {
    vec![
        (
            ClientCommand::Edit {
                id: nth_id(7),
                conversation: lobby(),
                message: message_id(),
                body: text("hello, you"),
            },
            r#"{"type":"edit","id":"11111111111111110000000000000007","conversation":"10bb1000000000000000000000000001","message":"018f3b1e7a2c7d3e9f00112233445566","body":{"type":"text","text":"hello, you"}}"#,
        ),
        (
            ClientCommand::Delete {
                id: nth_id(8),
                conversation: lobby(),
                message: message_id(),
            },
            r#"{"type":"delete","id":"11111111111111110000000000000008","conversation":"10bb1000000000000000000000000001","message":"018f3b1e7a2c7d3e9f00112233445566"}"#,
        ),
    ]
}

fn commands_of_the_list_and_of_presence() -> Vec<(ClientCommand, &'static str)> {
    vec![
        (
            ClientCommand::Conversations {
                before: None,
                since: None,
            },
            r#"{"type":"conversations"}"#,
        ),
        (
            ClientCommand::Conversations {
                since: None,
                before: Some(ListPlace {
                    active_ms: 1_700_000_000_000,
                    conversation: club(),
                }),
            },
            r#"{"type":"conversations","before":{"active_ms":1700000000000,"conversation":"c1b00000c1b00000c1b00000c1b00000"}}"#,
        ),
        (
            ClientCommand::Conversations {
                before: None,
                since: Some(Stamp(7)),
            },
            r#"{"type":"conversations","since":7}"#,
        ),
        (
            ClientCommand::MarkUnread {
                conversation: club(),
                from: Seq(11),
            },
            r#"{"type":"mark_unread","conversation":"c1b00000c1b00000c1b00000c1b00000","from":11}"#,
        ),
        (
            ClientCommand::Conversation {
                conversation: club(),
            },
            r#"{"type":"conversation","conversation":"c1b00000c1b00000c1b00000c1b00000"}"#,
        ),
        (
            ClientCommand::Open {
                conversation: club(),
            },
            r#"{"type":"open","conversation":"c1b00000c1b00000c1b00000c1b00000"}"#,
        ),
        (
            ClientCommand::Watch { people: vec![] },
            r#"{"type":"watch","people":[]}"#,
        ),
        (
            ClientCommand::Watch {
                people: vec![user(ALICE), user(BOB)],
            },
            r#"{"type":"watch","people":["a11ce000a11ce000a11ce000a11ce000","b0b00000b0b00000b0b00000b0b00000"]}"#,
        ),
        (
            ClientCommand::Read {
                conversation: club(),
                through: Seq(12),
            },
            r#"{"type":"read","conversation":"c1b00000c1b00000c1b00000c1b00000","through":12}"#,
        ),
    ]
}

#[test]
fn every_command_has_its_json() {
    let mut table = commands();
    table.extend(commands_that_change_messages());
    table.extend(commands_of_the_list_and_of_presence());
    table.extend(super::receipts::commands());
    wire(&table);
    for (command, json) in table {
        assert_eq!(codec::encode_command(&command), json);
        assert_eq!(codec::decode_command(json), Ok(command));
    }
}
