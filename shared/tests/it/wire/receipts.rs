//! The bytes of what is said and told of what has reached whom. It does not know who hears it.

use parley_shared::codec::decode_command;
use parley_shared::ids::Seq;
use parley_shared::model::Receipt;
use parley_shared::protocol::{ClientCommand, DeliveredMark, Refusal, ServerEvent};

use crate::sample::{ALICE, BOB, club, user};

pub(super) fn commands() -> Vec<(ClientCommand, &'static str)> {
    vec![
        (
            ClientCommand::Delivered { marks: vec![] },
            r#"{"type":"delivered","marks":[]}"#,
        ),
        (
            ClientCommand::Delivered {
                marks: vec![DeliveredMark {
                    conversation: club(),
                    through: Seq(12),
                }],
            },
            r#"{"type":"delivered","marks":[{"conversation":"c1b00000c1b00000c1b00000c1b00000","through":12}]}"#,
        ),
    ]
}

pub(super) fn events() -> Vec<(ServerEvent, &'static str)> {
    let receipt = |person, delivered, read| Receipt {
        person: user(person),
        delivered: Seq(delivered),
        read: Seq(read),
    };
    vec![(
        ServerEvent::ReceiptsChanged {
            conversation: club(),
            receipts: vec![receipt(ALICE, 12, 11), receipt(BOB, 12, 0)],
        },
        r#"{"type":"receipts_changed","conversation":"c1b00000c1b00000c1b00000c1b00000","receipts":[{"person":"a11ce000a11ce000a11ce000a11ce000","delivered":12,"read":11},{"person":"b0b00000b0b00000b0b00000b0b00000","delivered":12,"read":0}]}"#,
    )]
}

#[test]
fn marks_are_read_strictly() {
    let (_, good) = commands().pop().expect("there is one with a mark");
    assert!(decode_command(good).is_ok());
    for (from, to) in [
        (r#""through":12"#, r#""through":12,"read":12"#),
        (r#","through":12"#, ""),
        (r#""through":12"#, r#""through":-1"#),
        (r#""through":12"#, r#""through":9007199254740992"#),
        (r#""through":12"#, r#""through":12,"through":13"#),
        ("c1b00000c1b00000c1b00000c1b00000", "club"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        let refused = decode_command(&bad).expect_err("this is no mark");
        assert!(
            matches!(refused.reason, Refusal::Malformed { .. }),
            "{bad}: {refused:?}"
        );
        assert_eq!(refused.command.as_deref(), Some("delivered"), "{bad}");
    }
}
